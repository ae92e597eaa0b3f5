"""Visits that can hardly be true together: pure rules over rows in columns. They say what to look into, never who lied.

Rows come as `Made` values of one or many visitors. Every finding carries its evidence as figures.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from yinling.engines.codes.coordinates import distance_m

TOO_FAST, SAME_PHOTO, CROWDED, DEAD, ELSEWHERE = "too_fast", "same_photo", "crowded", "dead", "elsewhere"
LEAST_METRES = 1000  # closer than this, two telephones' errors explain everything
LEAST_ACCURACY_M = 1000  # a position worse than this proves nothing
DOOR = "door"


@dataclass(frozen=True)
class Suspicion:
    """From where on something is looked into."""

    fastest_kmh: float = 90
    crowd: int = 10
    crowd_minutes: int = 10
    likeness_bits: int = 6


@dataclass(frozen=True)
class Made:
    """One visit that was made: its row, whose, when, where, and what is known of the person then."""

    visit: int
    visitor: int
    person: int
    started_at: dt.datetime
    ended_at: dt.datetime
    way: str = DOOR
    has_contact: bool = True
    longitude: float | None = None
    latitude: float | None = None
    accuracy_m: int | None = None
    died_on: dt.date | None = None


@dataclass(frozen=True)
class Picture:
    """A photograph of a visit: its digest, and 64 bits that say how it looks (None: nothing)."""

    visit: int
    visitor: int
    digest: str
    bits: int | None = None


@dataclass(frozen=True)
class Away:
    """A person was in hospital, in a home or away (primary key, kind, from, until)."""

    person: int
    kind: str
    since: dt.datetime
    until: dt.datetime | None = None


@dataclass(frozen=True)
class Finding:
    """What was found: its kind, the visits it is about, figures. `visits` in order of time."""

    kind: str
    visitor: int
    visits: tuple[int, ...]
    evidence: dict[str, Any] = field(default_factory=dict)

    @property
    def key(self) -> str:
        """Makes finding it twice harmless: of a crowd its first visit, of the others all that it is about."""
        named = self.visits[:1] if self.kind == CROWDED else self.visits
        return f"{self.kind}:{self.visitor}:" + ".".join(map(str, sorted(named)))


def findings(made: Sequence[Made], away: Iterable[Away], limits: Suspicion, day_of: Any) -> list[Finding]:
    """All that the visits themselves show. `day_of`: instant -> civil date."""
    found: list[Finding] = []
    for rows in _by_visitor(made).values():
        found += too_fast(rows, limits)
        found += crowded(rows, limits)
    return [*found, *after_death(made, day_of), *while_away(made, away)]


def _by_visitor(made: Iterable[Made]) -> dict[int, list[Made]]:
    found: dict[int, list[Made]] = defaultdict(list)
    for one in sorted(made, key=lambda row: (row.started_at, row.visit)):
        found[one.visitor].append(one)
    return found


def too_fast(rows: Sequence[Made], limits: Suspicion) -> list[Finding]:
    """Two positions of one visitor, one after the other, that nobody travels between in the time."""
    placed = [row for row in rows if row.longitude is not None and (row.accuracy_m or 0) <= LEAST_ACCURACY_M]
    found = []
    for one, other in pairwise(placed):
        metres = _metres(one, other)
        minutes = max((other.started_at - one.ended_at).total_seconds() / 60, 0.0)
        slack = (one.accuracy_m or 0) + (other.accuracy_m or 0)
        needed = (metres - slack) / 1000 / limits.fastest_kmh * 60
        if metres >= LEAST_METRES and needed > minutes:
            figures = {"metres": round(metres), "minutes": round(minutes, 1), "needed": round(needed, 1)}
            found.append(Finding(TOO_FAST, one.visitor, (one.visit, other.visit), figures))
    return found


def _metres(one: Made, other: Made) -> float:
    assert one.longitude is not None and one.latitude is not None
    assert other.longitude is not None and other.latitude is not None
    return distance_m((one.longitude, one.latitude), (other.longitude, other.latitude))


def crowded(rows: Sequence[Made], limits: Suspicion) -> list[Finding]:
    """So many visits at doors within so few minutes; one finding for each crowd, with all of it."""
    doors = [row for row in rows if row.way == DOOR and row.has_contact]
    span = dt.timedelta(minutes=limits.crowd_minutes)
    found, at = [], 0
    while at + limits.crowd <= len(doors):
        if doors[at + limits.crowd - 1].started_at - doors[at].started_at > span:
            at += 1
            continue
        end = at + limits.crowd
        while end < len(doors) and doors[end].started_at - doors[end - limits.crowd + 1].started_at <= span:
            end += 1
        crowd = doors[at:end]
        minutes = (crowd[-1].started_at - crowd[0].started_at).total_seconds() / 60
        figures = {"visits": len(crowd), "minutes": round(minutes, 1)}
        found.append(Finding(CROWDED, crowd[0].visitor, tuple(row.visit for row in crowd), figures))
        at = end
    return found


def after_death(made: Iterable[Made], day_of: Any) -> Iterator[Finding]:
    """Contact with somebody who had died on an earlier day."""
    for row in made:
        if row.has_contact and row.died_on is not None and day_of(row.started_at) > row.died_on:
            days = (day_of(row.started_at) - row.died_on).days
            yield Finding(DEAD, row.visitor, (row.visit,), {"died_on": row.died_on.isoformat(), "days": days})


def while_away(made: Iterable[Made], away: Iterable[Away]) -> Iterator[Finding]:
    """Met at the door of the home while in hospital, in a home or away."""
    by_person: dict[int, list[Away]] = defaultdict(list)
    for one in away:
        by_person[one.person].append(one)
    for row in made:
        if row.way != DOOR or not row.has_contact:
            continue
        for span in by_person.get(row.person, ()):
            if span.since < row.started_at and (span.until is None or row.ended_at < span.until):
                figures = {"where": span.kind, "since": span.since.isoformat(),
                           "until": span.until.isoformat() if span.until else ""}  # fmt: skip
                yield Finding(ELSEWHERE, row.visitor, (row.visit,), figures)
                break


def same_photos(pictures: Sequence[Picture], against: Sequence[Picture], limits: Suspicion) -> list[Finding]:
    """Photographs of different visits that are the same file or the same picture."""
    by_digest: dict[str, list[Picture]] = defaultdict(list)
    for one in against:
        by_digest[one.digest].append(one)
    found: dict[str, Finding] = {}
    for new in pictures:
        twins = [old for old in by_digest[new.digest] if old.visit != new.visit]
        alike = [old for old in against if old.visit != new.visit and _is_alike(new, old, limits)]
        for old in [*twins, *alike][:5]:
            bits = 0 if old.digest == new.digest else ((new.bits or 0) ^ (old.bits or 0)).bit_count()
            visits = tuple(sorted((old.visit, new.visit)))
            finding = Finding(SAME_PHOTO, max(new, old, key=lambda p: p.visit).visitor, visits, {"bits": bits})
            found.setdefault(finding.key, finding)
    return list(found.values())


def _is_alike(one: Picture, other: Picture, limits: Suspicion) -> bool:
    if one.bits is None or other.bits is None or is_flat(one.bits):
        return False
    return (one.bits ^ other.bits).bit_count() <= limits.likeness_bits


def is_flat(bits: int) -> bool:
    """Whether a picture is so even (a covered lens) that its hash says nothing."""
    return bits.bit_count() < 4 or bits.bit_count() > 60


def difference_hash(grey: Sequence[int]) -> int:
    """64 bits from 9 by 8 brightnesses, row by row (dHash, N. Krawetz, 2013). ValueError for other sizes."""
    if len(grey) != 72:
        raise ValueError(f"{len(grey)} points; 9 by 8 are needed")
    bits = 0
    for row in range(8):
        for column in range(8):
            bits = bits << 1 | (grey[row * 9 + column] > grey[row * 9 + column + 1])
    return bits
