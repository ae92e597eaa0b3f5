"""What a report of a visit must be, what it counts for, and what is tried when nobody answers. Pure.

`VisitReport` is what every door hands in: the visitor's page, the telephone that was off line, the paper sheet.
"""

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from uuid import UUID

from yinling.kernel.reasons import Reason

N_ = str  # marks a msgid for the catalogue
DOOR, PHONE, VIDEO, DEVICE = "door", "phone", "video", "device"
WAYS = (DOOR, PHONE, VIDEO, DEVICE)
NORMAL, WATCH, HELP, URGENT = "normal", "watch", "help", "urgent"
FOUND = (NORMAL, WATCH, HELP, URGENT)
BLOCKS = ("health", "money", "family", "safety", "needs")
SOURCES = ("app", "page", "paper")
RUNGS = ("call", "neighbour", "cadre", "police")
CALLS = 2  # so often somebody is called before a neighbour is asked
FAR, SHORT, NO_POSITION, NOT_AT_DOOR = "far", "short", "no_position", "not_at_door"
REMARKS = {
    FAR: N_("Checked in {metres} m from the address on file; the limit is {limit} m. Have the address checked."),
    SHORT: N_("Lasted {minutes} min; {limit} min and more are taken as a visit without a question."),
    NO_POSITION: N_("Neither a position nor the code at the door is on record."),
    NOT_AT_DOOR: N_("Not at the door, so the place is not proved."),
}
LONGEST = dt.timedelta(hours=12)
OLDEST = dt.timedelta(days=62)  # a telephone in a drawer; older reports come on paper, with the township
CLOCK_SLACK = dt.timedelta(minutes=10)  # clocks of telephones
LONGEST_AHEAD = dt.timedelta(days=366)


@dataclass(frozen=True)
class Position:
    """Where a telephone was (WGS84 degrees), and how well it knows (metres; None: it does not say)."""

    longitude: float
    latitude: float
    accuracy_m: int | None = None


@dataclass(frozen=True)
class VisitReport:
    """What came of a visit, in plain values.

    `person_uid`: only where nobody asked for the visit, so that `visit_uid` is the telephone's own.
    `visitor_uid`: whose visit it was, where a clerk enters it; None: the visitor of whoever reports.
    `blocks`: block -> codes found (code lists visit_health ... visit_needs); an empty tuple: asked, and all in order.
    """

    way: str
    started_at: dt.datetime
    ended_at: dt.datetime
    has_contact: bool
    source: str = "app"
    person_uid: UUID | None = None
    visitor_uid: UUID | None = None
    found: str = ""
    blocks: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    actions: tuple[str, ...] = ()
    note: str = ""
    signed: str = ""  # code list visit_sign
    next_on: dt.date | None = None
    position: Position | None = None
    door_token: str = ""
    far_reason: str = ""  # code list visit_far_reason


@dataclass(frozen=True)
class Limits:
    """The dated limits a visit is measured by."""

    shortest_minutes: int = 3
    check_in_metres: int = 300


@dataclass(frozen=True)
class Codes:
    """What may be ticked, from the code lists."""

    blocks: Mapping[str, Collection[str]]
    actions: Collection[str]
    signs: Collection[str]
    far_reasons: Collection[str]


def why_not_made(state: str, given: VisitReport, at: dt.datetime) -> Reason | None:
    """Why a report cannot be kept, whatever it says."""
    if state == "void":
        return Reason("This visit is no longer needed. Report the visit as one of your own.")
    if given.way not in WAYS or given.source not in SOURCES:
        return Reason("Say how the visit was made: at the door, by telephone, by video or through a device.")
    if given.ended_at < given.started_at:
        return Reason("The visit ended at {end}, before it began at {begin}. Correct one of them.",
                      end=given.ended_at, begin=given.started_at)  # fmt: skip
    if given.ended_at - given.started_at > LONGEST:
        return Reason("A visit of more than {hours} hours is a mistake. Correct begin or end.", hours=12)
    if given.ended_at > at + CLOCK_SLACK:
        return Reason("The visit ends at {end}, and it is {now} now. Check the clock of the telephone.",
                      end=given.ended_at, now=at)  # fmt: skip
    if at - given.ended_at > OLDEST:
        return Reason("The visit was on {day}; reports are taken for {days} days. Ask the township.",
                      day=given.ended_at.date(), days=OLDEST.days)  # fmt: skip
    return _why_not_told(given)


def _why_not_told(given: VisitReport) -> Reason | None:
    if not given.has_contact:
        return None
    if given.found not in FOUND:
        return Reason("Say how you found the person: normal, to be watched, needs help, or urgent.")
    if given.found in (HELP, URGENT) and not given.actions:
        return Reason("You found a need. Say what was done about it.")
    if given.next_on and not given.ended_at.date() <= given.next_on <= given.ended_at.date() + LONGEST_AHEAD:
        return Reason("The next visit is on {day}; choose a day within a year after this one.", day=given.next_on)
    return None


def why_no_code(given: VisitReport, codes: Codes) -> Reason | None:
    """A code that no list knows."""
    ticked = [(block, code) for block, found in given.blocks.items() for code in found]
    unknown = [code for block, code in ticked if code not in codes.blocks.get(block, ())]
    unknown += [code for code in given.actions if code not in codes.actions]
    unknown += [given.signed] if given.signed and given.signed not in codes.signs else []
    unknown += [given.far_reason] if given.far_reason and given.far_reason not in codes.far_reasons else []
    unknown += [block for block in given.blocks if block not in BLOCKS]
    return Reason("The list does not know {code}. Reload the page.", code=unknown[0]) if unknown else None


def why_far_unsaid(given: VisitReport, distance_m: int | None, is_at_door: bool, limits: Limits) -> Reason | None:
    """A check-in far from the address says why. Never refused for the distance itself."""
    if given.way != DOOR or is_at_door or distance_m is None or given.far_reason or given.source == "app":
        return None  # what a telephone wrote off line is kept, with the remark
    if distance_m <= limits.check_in_metres:
        return None
    return Reason(
        "Checked in {metres} m from the address on file; the limit is {limit} m. Say why, or have the township "
        "check the address.", metres=distance_m, limit=limits.check_in_metres,
    )  # fmt: skip


def minutes_of(given: VisitReport) -> int:
    """Whole minutes of a visit."""
    return int((given.ended_at - given.started_at).total_seconds() // 60)


def remarks(given: VisitReport, distance_m: int | None, is_at_door: bool, limits: Limits) -> list[str]:
    """What speaks against taking the visit as proved, as codes of `REMARKS`."""
    found = [SHORT] if minutes_of(given) < limits.shortest_minutes else []
    if given.way != DOOR:
        return [*found, NOT_AT_DOOR]
    if is_at_door:
        return found
    if distance_m is None:
        return [*found, NO_POSITION]
    return [*found, FAR] if distance_m > limits.check_in_metres else found


def is_verified(given: VisitReport, noted: Collection[str]) -> bool:
    """Whether hours may be credited from it: somebody was met, and nothing speaks against it."""
    return given.has_contact and not noted


def remark_words(code: str, *, metres: int | None, minutes: int, limits: Limits) -> Reason:
    """A remark as a sentence."""
    if code == FAR:
        return Reason(REMARKS[FAR], metres=metres or 0, limit=limits.check_in_metres)
    if code == SHORT:
        return Reason(REMARKS[SHORT], minutes=minutes, limit=limits.shortest_minutes)
    return Reason(REMARKS[code])


def next_rung(tried: Collection[str]) -> str:
    """What is tried next when nobody answers; "" when everything was."""
    calls = sum(1 for rung in tried if rung == RUNGS[0])
    if calls < CALLS and not set(tried) & set(RUNGS[1:]):
        return RUNGS[0]
    return next((rung for rung in RUNGS[1:] if rung not in tried and not _is_past(rung, tried)), "")


def _is_past(rung: str, tried: Collection[str]) -> bool:
    return any(RUNGS.index(one) > RUNGS.index(rung) for one in tried)


def why_not_taken_back(state: str, reason: str) -> Reason | None:
    """Why a visit cannot be taken back."""
    if state != "done":
        return Reason("Only a visit that was made can be taken back.")
    return why_no_reason(reason)


def why_not_voided(state: str, reason: str) -> Reason | None:
    """Why a visit cannot be called off."""
    if state != "due":
        return Reason("Only a visit that is still to be made can be called off.")
    return why_no_reason(reason)


def why_no_reason(reason: str) -> Reason | None:
    """Why a stated reason is none."""
    if len(reason.strip()) < 4:
        return Reason("Say why, in {least} characters or more. The reason stays on record.", least=4)
    return None
