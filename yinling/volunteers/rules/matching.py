"""Which volunteer suits a request: by place, time, skill and wish, each answer with its reasons."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from yinling.kernel.reasons import Reason

VILLAGE, TOWNSHIP = 10**3, 10**6  # digits below a township, below a county
POINTS = {"wished": 100, "village": 40, "township": 20, "offered": 15, "language": 10, "sex": 10, "known": 5}


@dataclass(frozen=True)
class Wanted:
    """A request: the member's village, the service and when, the wishes ("" and 0: none)."""

    member: int
    place_key: int
    service: str
    starts_at: dt.datetime
    minutes: int
    skill: str = ""
    speaks: str = ""
    sex: str = ""
    wished: int = 0
    household: int = 0

    @property
    def ends_at(self) -> dt.datetime:
        """When it ends."""
        return self.starts_at + dt.timedelta(minutes=self.minutes)


@dataclass(frozen=True)
class Slot:
    """Weekdays (0 Monday) and hours at which somebody has time; `services` empty: any."""

    days: frozenset[int]
    from_hour: int
    until_hour: int
    services: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Candidate:
    """A volunteer: where from, what they can, when they have time, when they are taken, whom they served before."""

    volunteer: int
    member: int
    place_key: int
    skills: frozenset[str]
    speaks: frozenset[str]
    sex: str
    slots: Sequence[Slot]
    household: int = 0
    taken: Sequence[tuple[dt.datetime, dt.datetime]] = ()
    served: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Match:
    """A volunteer who suits, with points and the reasons for them."""

    volunteer: int
    points: int
    reasons: tuple[Reason, ...]


def why_no_match(wanted: Wanted, who: Candidate) -> Reason | None:
    """Why a volunteer does not suit at all; None when they do. Times are civil times of the city."""
    if who.member == wanted.member or (who.household and who.household == wanted.household):
        return Reason("The same person, or the same household")
    if who.place_key // TOWNSHIP != wanted.place_key // TOWNSHIP:
        return Reason("From another county")
    if wanted.skill and wanted.skill not in who.skills:
        return Reason("Has not the skill that is needed")
    if not any(_fits(slot, wanted) for slot in who.slots):
        return Reason("Has no time on that day or at that hour")
    if any(begin < wanted.ends_at and wanted.starts_at < end for begin, end in who.taken):
        return Reason("Serves somebody else at that time")
    return None


def _fits(slot: Slot, wanted: Wanted) -> bool:
    begin, end = wanted.starts_at, wanted.ends_at
    until = end.hour + end.minute / 60 if end.date() == begin.date() else 24.0
    of_day = begin.weekday() in slot.days and slot.from_hour <= begin.hour + begin.minute / 60
    return of_day and until <= slot.until_hour and (not slot.services or wanted.service in slot.services)


def match(wanted: Wanted, who: Candidate) -> Match | None:
    """How well a volunteer suits; None when not at all."""
    if why_no_match(wanted, who):
        return None
    kept = [
        ("wished", who.volunteer == wanted.wished, Reason("Wished for by name")),
        ("village", who.place_key == wanted.place_key, Reason("From the same village")),
        ("township", who.place_key // VILLAGE == wanted.place_key // VILLAGE, Reason("From the same township")),
        ("offered", any(wanted.service in slot.services for slot in who.slots), Reason("Offers this service")),
        ("language", bool(wanted.speaks) and wanted.speaks in who.speaks, Reason("Speaks the language")),
        ("sex", bool(wanted.sex) and wanted.sex == who.sex, Reason("Of the sex wished for")),
        ("known", wanted.member in who.served, Reason("Has served here before")),
    ]
    good = [(POINTS[key], reason) for key, holds, reason in kept if holds]
    return Match(who.volunteer, sum(points for points, _ in good), tuple(reason for _, reason in good))


def matches(wanted: Wanted, among: Iterable[Candidate], most: int = 10) -> list[Match]:
    """Those who suit, the best first; equal ones by their number, so that asking again answers the same."""
    found = [one for who in among if (one := match(wanted, who)) is not None]
    return sorted(found, key=lambda one: (-one.points, one.volunteer))[:most]
