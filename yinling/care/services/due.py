"""The night: open the visits that fall due, void what is no longer needed, note what was missed. Set by set.

Visits are their own list and not duties one by one: duties are opened for what is late (one for each village) and for
what is due within hours. Running it again changes nothing: a visit is opened once for a person, a rule and a period.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from uuid import UUID, uuid5

import polars as pl
from django.db import transaction
from django.db.models import Count, Exists, OuterRef
from django.utils.translation import gettext_noop as _

from yinling.care import waiting
from yinling.care.events import VisitsOpened
from yinling.care.models import Visit
from yinling.care.queries import due as queries
from yinling.care.queries.late import overdue
from yinling.care.rules import due as rules
from yinling.care.rules.due_columns import due_columns
from yinling.care.services.asking import ask_for_visit
from yinling.kernel.actors import Actor
from yinling.kernel.changes import record
from yinling.kernel.clock import now
from yinling.kernel.database import bulk_insert
from yinling.kernel.uids import new_uid
from yinling.people.models import Person, Whereabouts
from yinling.worklist.models import Subject, WorkItem
from yinling.worklist.services import close_item

BATCH = 1000  # visits per transaction: about 50 ms on SQLite
BY_RULE = (rules.REGULAR, rules.COLD, rules.HEAT, rules.FESTIVAL)
GONE = _("Registered as dead, or in a home, in hospital or away.")
UNASKED = _("The rules ask for it no longer.")
NOTHING_LATE = _("Nothing is late there any more")
COLUMNS = (
    "uid", "person_id", "visitor_id", "rule", "key", "opens_on", "due_on", "origin_kind", "state", "way", "has_contact",
    "is_door_code_read", "far_reason", "remarks", "is_verified", "blocks", "found", "actions", "note_sealed", "signed",
    "source", "void_reason", "recorded_at",
)  # fmt: skip


def open_due_visits(*, on: dt.date, by: Actor) -> VisitsOpened:
    """The whole night's work for a day. Returns what was done."""
    held, read = queries.ruleset()
    asked = due_columns(read, queries.persons_frame(read, on), queries.categories_frame(read, on), queries.today(on))
    asked = asked.with_columns(key=pl.format("{}:{}:{}", "person", "rule", "period"))
    voided = _void_gone(on) + _void_unasked(asked, on)
    missed = _note_missed(on)
    known = queries.frame(
        Visit.objects.filter(due_on__gte=on).order_by().values_list("key"), {"key": pl.String}
    ).unique()  # fmt: skip
    fresh = asked.join(known, on="key", how="anti").join(queries.pairings_frame(on), on="person", how="left")
    _insert(fresh)
    event = VisitsOpened(held.uid, day=on.isoformat(), opened=fresh.height, voided=voided, missed=missed)
    if fresh.height or voided or missed:
        record(event, by=by)
    return event


def _insert(fresh: pl.DataFrame) -> None:
    at = now()
    rows = fresh.sort("person").select("person", "visitor", "rule", "key", "opens_on", "due_on").iter_rows()
    for part in _parts(rows):
        with transaction.atomic():
            bulk_insert(Visit, COLUMNS, [_row(one, at) for one in part])


def _parts(rows: Iterable[tuple[object, ...]]) -> Iterator[list[tuple[object, ...]]]:
    part: list[tuple[object, ...]] = []
    for row in rows:
        part.append(row)
        if len(part) == BATCH:
            yield part
            part = []
    if part:
        yield part


def _row(one: Sequence[object], at: dt.datetime) -> tuple[object, ...]:
    person, visitor, rule, key, opens_on, due_on = one
    return (
        new_uid(), person, visitor, rule, key, opens_on, due_on, "", Visit.State.DUE, "", False, False, "", [], False,
        {}, "", [], b"", "", "", "", at,
    )  # fmt: skip


def _void_gone(on: dt.date) -> int:
    """Nobody is at home to be visited: the dead, those merged away, those in homes, hospital or elsewhere."""
    away = Whereabouts.objects.filter(
        person=OuterRef("person_id"), valid_to__isnull=True, superseded_at__isnull=True
    ).exclude(kind="home")  # fmt: skip
    waiting_visits = Visit.objects.open().order_by()
    gone = set(waiting_visits.filter(person__life_status=Person.DEAD).values_list("pk", flat=True))
    gone |= set(waiting_visits.filter(person__canonical__isnull=False).values_list("pk", flat=True))
    gone |= set(waiting_visits.filter(Exists(away)).values_list("pk", flat=True))
    return _void(sorted(gone), GONE)


def _void_unasked(asked: pl.DataFrame, on: dt.date) -> int:
    """Open visits of a running period for which the rules ask no longer: another tier, a category that ended, a spell
    withdrawn. Those asked for again after one that came to nothing go by the same key before the stroke."""
    rows = Visit.objects.open().filter(rule__in=BY_RULE, opens_on__lte=on, due_on__gte=on).order_by()
    held = queries.frame(rows.values_list("pk", "key"), {"pk": pl.Int64, "key": pl.String})
    base = held.with_columns(key=pl.col("key").str.split("/").list.first())
    return _void(base.join(asked.select("key"), on="key", how="anti")["pk"].to_list(), UNASKED)


def _void(pks: Sequence[int], reason: str) -> int:
    for part in _chunks(pks):
        with transaction.atomic():
            Visit.objects.filter(pk__in=part).open().update(state=Visit.State.VOID, void_reason=reason)
    return len(pks)


def _chunks(pks: Sequence[int]) -> Iterator[Sequence[int]]:
    for start in range(0, len(pks), BATCH):
        yield pks[start : start + BATCH]


def _note_missed(on: dt.date) -> int:
    """Visits of a rule whose period is over. What somebody asked for, or promised, stays due until it is made."""
    late = Visit.objects.open().filter(due_on__lt=on, rule__in=BY_RULE).order_by("pk")
    pks = list(late.values_list("pk", flat=True))
    for part in _chunks(pks):
        with transaction.atomic():
            Visit.objects.filter(pk__in=part).open().update(state=Visit.State.MISSED)
    return len(pks)


def ask_about_overdue(*, on: dt.date, by: Actor) -> int:
    """One duty for each village with visits past their day; those of villages that caught up fall away."""
    late = overdue(on).order_by().values("person__place_key").annotate(count=Count("person", distinct=True))
    counts = dict(late.values_list("person__place_key", "count"))
    waiting_now = {one.subject_uid: one for one in WorkItem.objects.open().filter(kind=waiting.OVERDUE)}
    subjects = {village: waiting.village_subject(village) for village in counts}
    for uid in waiting_now.keys() - {one.uid for one in subjects.values()}:
        close_item(kind=waiting.OVERDUE, subject=waiting_now[uid].subject, by=by, result=NOTHING_LATE)
    fresh = [village for village in sorted(counts) if subjects[village].uid not in waiting_now]
    for village in fresh:
        waiting.ask_about_overdue(village, counts[village], subject=subjects[village], by=by)
    return len(fresh)


def ask_after_discharges(*, at: dt.datetime, by: Actor) -> int:
    """A visit within the rule's hours for whoever came home from hospital and is visited by the rules."""
    _, read = queries.ruleset()
    since = at - dt.timedelta(hours=read.events.get("discharge", 24))
    ended = Whereabouts.objects.filter(
        kind="hospital", valid_to__gte=since, valid_to__lte=at, superseded_at__isnull=True
    ).select_related("person")  # fmt: skip
    count = 0
    for stay in ended.order_by("valid_to", "pk"):
        assert stay.valid_to is not None
        if rules.why_none(read, queries.known_of(stay.person, at.date())) is None:
            origin = Subject("whereabouts", uuid5(UUID(int=0), f"whereabouts {stay.pk}"))
            before = Visit.objects.filter(origin_uid=origin.uid).exists()
            ask_for_visit(person=stay.person, rule="discharge", origin=origin, by=by, at=stay.valid_to)
            count += not before
    return count
