"""When things are due: shifts of a day, slots in a shift, tasks of a ward. Times in, times out. Pure.

A task is never stored. Its key (kind, what it is about, slot) is the same whoever computes it, so the record of it
has a natural key: done twice, it is one.
"""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

TURN, MEAL, MEDICINE, PATROL = "turn", "meal", "medicine", "patrol"
DAY_MINUTES = 24 * 60


@dataclass(frozen=True)
class ShiftKind:
    """A shift of every day: from minute to minute after midnight; an end at or before the start is tomorrow's."""

    key: str
    starts_minute: int
    ends_minute: int


@dataclass(frozen=True)
class Span:
    """One shift of one day."""

    day: dt.date
    key: str
    starts_at: dt.datetime
    ends_at: dt.datetime

    def holds(self, moment: dt.datetime) -> bool:
        """Whether an instant lies in it."""
        return self.starts_at <= moment < self.ends_at


@dataclass(frozen=True)
class Slot:
    """A time something belongs to (`at`, which names it) and by when it is due."""

    at: dt.datetime
    due_at: dt.datetime


@dataclass(frozen=True)
class Plan:
    """What is due again and again, and while it held. `stay`: whose; None for a patrol point."""

    kind: str
    uid: UUID
    stay: UUID | None
    slots: tuple[Slot, ...]
    begins_at: dt.datetime
    ended_at: dt.datetime | None = None


@dataclass(frozen=True)
class Presence:
    """When a resident was in the home: from, until, and the leaves between."""

    since: dt.datetime
    until: dt.datetime | None = None
    leaves: tuple[tuple[dt.datetime, dt.datetime | None], ...] = field(default=())

    def is_here(self, moment: dt.datetime) -> bool:
        """Whether the resident was in the home at an instant."""
        if moment < self.since or (self.until is not None and moment >= self.until):
            return False
        return not any(out <= moment and (back is None or moment < back) for out, back in self.leaves)


@dataclass(frozen=True)
class Task:
    """Something due at a time. `uid`: the stay, order or point it is about."""

    kind: str
    uid: UUID
    stay: UUID | None
    slot_at: dt.datetime
    due_at: dt.datetime

    @property
    def key(self) -> str:
        """Its natural key."""
        return f"{self.kind}:{self.uid}:{int(self.slot_at.timestamp())}"

    def late_minutes(self, now: dt.datetime, grace_minutes: int) -> int:
        """Minutes past due; 0 while the grace lasts."""
        minutes = int((now - self.due_at).total_seconds() // 60)
        return minutes if minutes > grace_minutes else 0


def clock_minute(text: str) -> int:
    """Minutes after midnight of "08:30"; ValueError for anything else."""
    at = dt.time.fromisoformat(text.strip())
    return at.hour * 60 + at.minute


def shift_kinds(rows: Sequence[Sequence[str]]) -> tuple[ShiftKind, ...]:
    """The shifts that data state as [key, from, until], in order of the day."""
    kinds = [ShiftKind(str(key), clock_minute(start), clock_minute(end)) for key, start, end in rows]
    return tuple(sorted(kinds, key=lambda kind: kind.starts_minute))


def span_of(kind: ShiftKind, day: dt.date, midnight: dt.datetime) -> Span:
    """The shift of a kind on a day that begins at `midnight`."""
    length = (kind.ends_minute - kind.starts_minute) % DAY_MINUTES or DAY_MINUTES
    starts = midnight + dt.timedelta(minutes=kind.starts_minute)
    return Span(day, kind.key, starts, starts + dt.timedelta(minutes=length))


def every(span: Span, midnight: dt.datetime, minutes: int) -> tuple[Slot, ...]:
    """Slots every so many minutes after midnight that lie in the shift."""
    step, first = dt.timedelta(minutes=minutes), span.starts_at - midnight
    at = midnight + -(-first // step) * step
    found = []
    while at < span.ends_at:
        found.append(Slot(at, at))
        at += step
    return tuple(found)


def at_times(span: Span, midnight: dt.datetime, times: Sequence[str]) -> tuple[Slot, ...]:
    """Slots at times of day that lie in the shift, also those after the midnight inside it."""
    minutes = [clock_minute(one) + day * DAY_MINUTES for one in times for day in (0, 1)]
    moments = sorted(midnight + dt.timedelta(minutes=one) for one in minutes)
    return tuple(Slot(at, at) for at in moments if span.holds(at))


def rounds(span: Span, count: int) -> tuple[Slot, ...]:
    """The shift in so many equal parts: a round belongs to its part and is due at its end."""
    if count <= 0:
        return ()
    part = (span.ends_at - span.starts_at) / count
    return tuple(Slot(span.starts_at + n * part, span.starts_at + (n + 1) * part) for n in range(count))


def tasks_of(plans: Sequence[Plan], presence: Mapping[UUID, Presence]) -> list[Task]:
    """What is due by these plans for whoever is in the home, soonest first."""
    return sorted(_tasks(plans, presence), key=lambda task: (task.due_at, task.kind, str(task.uid)))


def _tasks(plans: Sequence[Plan], presence: Mapping[UUID, Presence]) -> Iterator[Task]:
    for plan in plans:
        for slot in plan.slots:
            ended = plan.ended_at is not None and slot.at >= plan.ended_at
            if ended or slot.at < plan.begins_at:
                continue
            if plan.stay is None or (plan.stay in presence and presence[plan.stay].is_here(slot.at)):
                yield Task(plan.kind, plan.uid, plan.stay, slot.at, slot.due_at)


def task_at(tasks: Sequence[Task], span: Span, moment: dt.datetime) -> Task | None:
    """Of one point's rounds the one that an instant belongs to."""
    if not span.holds(moment):
        return None
    return next((task for task in reversed(tasks) if task.slot_at <= moment < task.due_at), None)
