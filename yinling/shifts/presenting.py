"""What pages show of a ward's day: one line per task, meals of the ward together."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import pgettext

from yinling.reference.queries import label
from yinling.shifts import parameters
from yinling.shifts.models import CareRecord, Kind
from yinling.shifts.queries import Resident, WardDay
from yinling.shifts.rules.due import Task

ICONS = {Kind.TURN: "refresh", Kind.MEAL: "tools-kitchen-2", Kind.MEDICINE: "pill", Kind.PATROL: "walk"}
SOON = dt.timedelta(minutes=60)


@dataclass(frozen=True)
class Line:
    """One thing due: what, for whom, by when, how late. `count`: residents of a meal."""

    kind: str
    words: str
    icon: str
    key: str
    slot: str
    due_at: dt.datetime
    late: int
    who: str = ""
    bed: str = ""
    what: str = ""
    count: int = 0

    @property
    def late_words(self) -> str:
        """How late, in words."""
        return duration_words(self.late)

    @property
    def epoch(self) -> int:
        """The slot as seconds, for an address."""
        return int(dt.datetime.fromisoformat(self.slot).timestamp())


@dataclass(frozen=True)
class DoneLine:
    """One thing done, and whether it waits for a second person."""

    record: CareRecord
    words: str
    who: str
    bed: str
    what: str
    is_own: bool
    waits: bool


@dataclass(frozen=True)
class Eater:
    """A resident at a meal: tags in words, and what was recorded."""

    uid: UUID
    name: str
    bed: str
    tags: tuple[str, ...]
    allergy: str
    result: str


def lines(day: WardDay, now: dt.datetime) -> tuple[list[Line], list[Line]]:
    """(late or due within the hour, later): what is still open, soonest due first."""
    grace = parameters.grace_minutes(day.span.day)
    found = list(_lines(day, now, grace))
    return [one for one in found if one.due_at <= now + SOON], [one for one in found if one.due_at > now + SOON]


def _lines(day: WardDay, now: dt.datetime, grace: dict[str, int]) -> Iterable[Line]:
    meals: dict[dt.datetime, int] = {}
    waiting = day.open_tasks()
    for task in waiting:
        if task.kind == Kind.MEAL:
            meals[task.slot_at] = meals.get(task.slot_at, 0) + 1
    for task in waiting:
        if task.kind == Kind.MEAL and (count := meals.pop(task.slot_at, 0)):
            yield _line(day, task, now, grace, count)
        elif task.kind != Kind.MEAL:
            yield _line(day, task, now, grace)


def _line(day: WardDay, task: Task, now: dt.datetime, grace: dict[str, int], count: int = 0) -> Line:
    who, bed, what = "", "", ""
    if task.kind == Kind.PATROL:
        what = day.points[task.uid].name
    elif not count:
        who, bed, what = _about(day, task)
    return Line(
        task.kind, str(Kind(task.kind).label), ICONS[Kind(task.kind)], task.key, task.slot_at.isoformat(), task.due_at,
        task.late_minutes(now, grace.get(task.kind, 0)), who, bed, what, count,
    )  # fmt: skip


def _about(day: WardDay, task: Task) -> tuple[str, str, str]:
    one = day.residents[task.stay] if task.stay else None
    if one is None:
        return "", "", ""
    order = day.orders.get(task.uid)
    what = f"{order.plain('medicine')} {order.plain('dose')}" if order and task.kind == Kind.MEDICINE else ""
    return one.stay.person.name, one.bed, what


def done_lines(day: WardDay, by_uid: object) -> list[DoneLine]:
    """What was recorded in the shift, the last first; a meal is one line per resident who did not just eat."""
    by_key = {task.key: task for task in day.tasks}
    found = []
    for record in sorted(day.records.values(), key=lambda one: one.done_at, reverse=True):
        if record.kind == Kind.MEAL and record.result == CareRecord.Result.DONE:
            continue
        task = by_key[record.task]
        who, bed, what = _about(day, task)
        waits = record.kind == Kind.MEDICINE and record.result == CareRecord.Result.DONE and record.checked_at is None
        if record.kind == Kind.PATROL:
            what = day.points[task.uid].name
        is_own = str(record.done_by) == str(by_uid)
        found.append(DoneLine(record, str(Kind(record.kind).label), who, bed, what, is_own, waits))
    return found


def eaters(day: WardDay, slot_at: dt.datetime) -> list[Eater]:
    """Who eats at a meal, in order of beds."""
    here = {task.uid: task.key for task in day.tasks if task.kind == Kind.MEAL and task.slot_at == slot_at}
    return [
        Eater(
            uid, one.stay.person.name, one.bed, tag_words(one), one.diet.allergy() if one.diet else "",
            day.records[here[uid]].result if here[uid] in day.records else "",
        )
        for uid, one in day.residents.items()
        if uid in here
    ]  # fmt: skip


def tag_words(one: Resident) -> tuple[str, ...]:
    """Diet tags in words."""
    return tuple(label("diet_tag", tag) for tag in one.tags)


def shift_words(key: str) -> str:
    """A kind of shift in words."""
    return label("shift_kind", key)


def duration_words(minutes: int) -> str:
    """1 h 5 min late."""
    hours, rest = divmod(minutes, 60)
    if hours:
        return pgettext("late by", "{hours} h {minutes} min late").format(hours=hours, minutes=rest)
    return pgettext("late by", "{minutes} min late").format(minutes=rest)
