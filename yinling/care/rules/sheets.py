"""Paper sheets: a short code for each line, and one typed line read as a report. Pure.

A code is the visit's number in 28 letters and digits that nobody mixes up (no 0 O 1 I L U and no vowels), and a last
character that finds every single mistake and every swap of neighbours. A scanner reads the same text as a QR code.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from yinling.care.rules.visits import DOOR, VisitReport
from yinling.kernel.reasons import Reason

SIGNS = "23456789BCDFGHJKMNPQRSTVWXYZ#"  # 29 of them, a prime; the last one only ever checks
BASE, PRIME = 28, 29
FOUND = {"1": "normal", "2": "watch", "3": "help", "4": "urgent"}
WAYS = {"": DOOR, "1": DOOR, "2": "phone", "3": "video"}


def code_of(number: int) -> str:
    """The code of a visit's number (1 and more), such as 3BK7Q."""
    digits, rest = [], number
    while rest:
        rest, digit = divmod(rest, BASE)
        digits.append(digit)
    digits = [0] * (4 - len(digits)) + digits[::-1]
    return "".join(SIGNS[digit] for digit in digits) + SIGNS[_check(digits)]


def number_of(code: str) -> int | None:
    """The number that a code names; None for one that cannot be right."""
    text = code.strip().upper().replace("-", "").replace(" ", "")
    if len(text) < 5 or any(sign not in SIGNS for sign in text) or SIGNS[-1] in text[:-1]:
        return None
    digits = [SIGNS.index(sign) for sign in text[:-1]]
    if SIGNS[_check(digits)] != text[-1]:
        return None
    number = 0
    for digit in digits:
        number = number * BASE + digit
    return number


def _check(digits: list[int]) -> int:
    """Weighted by place, modulo a prime larger than any place: finds single mistakes and swaps."""
    return sum((place + 1) * (digit + 1) for place, digit in enumerate(reversed(digits))) % PRIME


@dataclass(frozen=True)
class Typed:
    """What stands in the fields of one line, as typed."""

    code: str = ""
    day: str = ""
    start: str = ""
    minutes: str = ""
    contact: str = ""
    found: str = ""
    actions: str = ""
    way: str = ""

    @property
    def is_empty(self) -> bool:
        """Whether nobody filled the line in. A code that was printed into it is not typed."""
        return not (self.day or self.start or self.minutes or self.contact or self.found or self.actions)


def report_of(
    typed: Typed, day_before: dt.date | None, actions: Mapping[str, str], zone: dt.tzinfo, today: dt.date
) -> VisitReport | Reason:
    """The report that a line makes; a reason where a field cannot be read. `actions`: digit -> code of the list.

    An empty day is that of the line above, empty minutes are 15, an empty contact is yes, an empty finding is normal.
    """
    day = _day(typed.day, today) if typed.day.strip() else day_before
    if day is None:
        return Reason("Day {text}: type it as 5 or 1105 (month and day).", text=typed.day or "?")
    start = _time(typed.start)
    if start is None:
        return Reason("Begin {text}: type it as 0930.", text=typed.start or "?")
    if not (typed.minutes or "15").isdigit() or not 1 <= int(typed.minutes or "15") <= 480:
        return Reason("Minutes {text}: a number from 1 to 480.", text=typed.minutes)
    has_contact = typed.contact.strip().lower() not in ("0", "n", "x", "×", "否")
    found = FOUND.get(typed.found.strip() or "1")
    if found is None:
        return Reason("Found {text}: 1 normal, 2 watch, 3 help, 4 urgent.", text=typed.found)
    ticked = tuple(actions.get(digit, "") for digit in typed.actions.replace(" ", ""))
    if "" in ticked:
        return Reason("Done {text}: digits from 1 to {most}.", text=typed.actions, most=len(actions))
    way = WAYS.get(typed.way.strip())
    if way is None:
        return Reason("Way {text}: 1 at the door, 2 telephone, 3 video.", text=typed.way)
    begins = dt.datetime.combine(day, start, zone)
    return VisitReport(
        way=way, started_at=begins, ended_at=begins + dt.timedelta(minutes=int(typed.minutes or "15")),
        has_contact=has_contact, source="paper", found=found if has_contact else "", actions=ticked,
    )  # fmt: skip


def _day(text: str, today: dt.date) -> dt.date | None:
    """5: the fifth of this month, or of the last one while it lies ahead; 1105: of this year or the last."""
    bare = text.strip().replace("-", "").replace("/", "").replace(".", "")
    if not bare.isdigit() or len(bare) > 4:
        return None
    month, day = (int(bare[:-2]), int(bare[-2:])) if len(bare) > 2 else (today.month, int(bare))
    try:
        found = today.replace(month=month, day=day)
    except ValueError:
        return None
    if found <= today:
        return found
    if len(bare) > 2:
        return found.replace(year=found.year - 1)
    return (today.replace(day=1) - dt.timedelta(days=1)).replace(day=day) if day <= 28 else None


def _time(text: str) -> dt.time | None:
    bare = text.strip().replace(":", "").replace("：", "")
    if not bare.isdigit() or not 1 <= len(bare) <= 4:
        return None
    hours, minutes = (int(bare), 0) if len(bare) <= 2 else (int(bare[:-2]), int(bare[-2:]))
    return dt.time(hours, minutes) if hours < 24 and minutes < 60 else None
