"""Writes of the worklist: open, close, void, pause, hand over, assign; climb what is late.

Opening and closing twice is harmless: a duty is open once per kind, subject and key, and closing finds nothing the
second time. Modules that own a duty close it by kind and subject; people close it by its uid (`close_by_hand`).
"""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_noop as _

from yinling.accounts.models import User
from yinling.kernel.actors import Actor, require
from yinling.kernel.changes import record
from yinling.kernel.clock import now
from yinling.kernel.crypto import seal
from yinling.kernel.database import insert, is_postgresql
from yinling.kernel.errors import Refused
from yinling.kernel.reasons import Reason
from yinling.places.queries import place_named
from yinling.worklist import events, rules
from yinling.worklist.kinds import kind as kind_named
from yinling.worklist.ladders import calendar, ladder, ladders
from yinling.worklist.models import Entry, HandOver, NextStep, Subject, Telling, WorkItem, note_where
from yinling.worklist.permissions import Worklist

BATCH = 50  # duties per transaction of the climbing job: well under 50 ms on SQLite
DONE, FELL_AWAY = _("Done"), _("No longer needed")


@transaction.atomic
def open_item(
    *,
    kind: str,
    subject: Subject,
    title: Reason,
    place_key: int,
    by: Actor,
    role: str = "",
    user: User | None = None,
    why: Reason | None = None,
    ladder_key: str = "ordinary",
    due_at: dt.datetime | None = None,
    next_step: NextStep | None = None,
    origin: Subject | None = None,
    key: str = "",
) -> WorkItem:
    """Have somebody do something by a time; the open duty itself when it exists already.

    `role` (held in a division that contains `place_key`) or `user` does it. Without `due_at` the ladder says when.
    Title and reason carry ids and plain values only. No permission is asked: the caller's own service has decided.
    """
    same = WorkItem.objects.open().filter(kind=kind, key=key).about(subject)
    if same.exists() and (known := same.first()) is not None:  # to ask for a row costs three times as much as whether
        return known
    clock, steps, opened = calendar(), ladder(ladder_key), now()
    level = ladders().level_of(role)
    due = due_at or rules.later(opened, steps.due, clock)
    item = WorkItem(
        kind=kind, subject_kind=subject.kind, subject_uid=subject.uid, key=key, title=title.as_data(),
        why=why.as_data() if why else None, place_key=place_key, role=role, user=user, level=level, ladder=ladder_key,
        opened_at=opened, due_at=due, climbs_at=rules.climb_at(steps, level, 0, due, clock),
        next_label=next_step.label if next_step else "", next_url_name=next_step.url_name if next_step else "",
        next_args=[str(a) for a in next_step.args] if next_step else [],
        origin_kind=origin.kind if origin else "", origin_uid=origin.uid if origin else None,
    )  # fmt: skip
    try:
        with transaction.atomic():
            insert(item)
    except IntegrityError:
        if (known := same.first()) is not None:  # somebody else opened it in this instant
            return known
        raise
    _enter(item, Entry.Verb.OPENED, by)
    _announce(events.ItemOpened, item, by, due_at=due.isoformat())
    return item


@transaction.atomic
def close_item(*, kind: str, subject: Subject, by: Actor, result: str = DONE, key: str | None = None) -> int:
    """The owner's word that a duty is done. Closes what is open of this kind about the subject; returns how many."""
    return _end(_open_about(subject, kind, key), WorkItem.State.DONE, by, result)


@transaction.atomic
def void_item(
    *, subject: Subject, by: Actor, kind: str | None = None, result: str = FELL_AWAY, key: str | None = None
) -> int:
    """Take duties about a subject away (all kinds, when none is named: a death, a withdrawal). Returns how many."""
    return _end(_open_about(subject, kind, key), WorkItem.State.VOID, by, result)


def _open_about(subject: Subject, kind: str | None, key: str | None) -> list[WorkItem]:
    waiting = WorkItem.objects.open().about(subject)
    if kind is not None:
        waiting = waiting.filter(kind=kind)
    if key is not None:
        waiting = waiting.filter(key=key)
    return list(waiting.select_for_update().order_by("id"))


def _end(items: Iterable[WorkItem], state: WorkItem.State, by: Actor, result: str, note: str = "") -> int:
    count, ended = 0, now()
    for item in items:
        late = max(int((ended - item.due_at).total_seconds() // 60), 0)
        item.state, item.result, item.closed_by, item.closed_at = state, result, by.uid, ended
        item.climbs_at = item.paused_at = None
        item.save(update_fields=["state", "result", "closed_by", "closed_at", "climbs_at", "paused_at"])
        if state == WorkItem.State.DONE:
            _enter(item, Entry.Verb.CLOSED, by, note, result=result)
            _announce(events.ItemClosed, item, by, result=result, minutes_late=late)
        else:
            _enter(item, Entry.Verb.VOIDED, by, note, result=result)
            _announce(events.ItemVoided, item, by, result=result)
        count += 1
    return count


@transaction.atomic
def close_by_hand(*, uid: object, by: Actor, note: str) -> WorkItem:
    """Close a duty from its page. Raises Refused for kinds that only their owner closes, and without a note."""
    item = _mine(uid, by)
    if reason := rules.why_not_closed_by_hand(kind_named(item.kind).closes_by_hand, item.next_label):
        raise Refused(reason)
    if not note.strip():
        raise Refused("Closing a duty needs a note. Write what was done.", field="note")
    _end([item], WorkItem.State.DONE, by, DONE, note)
    return item


@transaction.atomic
def pause_item(*, uid: object, by: Actor, note: str) -> WorkItem:
    """Stop the clock; `note` says what the duty waits for."""
    item = _mine(uid, by)
    if reason := rules.why_not_paused(item.paused_at is not None, note):
        raise Refused(reason, field="note")
    item.paused_at, item.climbs_at = now(), None
    item.save(update_fields=["paused_at", "climbs_at"])
    _enter(item, Entry.Verb.PAUSED, by, note)
    _announce(events.ItemPaused, item, by)
    return item


@transaction.atomic
def resume_item(*, uid: object, by: Actor) -> WorkItem:
    """Let the clock run again; the due time moves by as much of the duty's own clock as the pause took."""
    item = _mine(uid, by)
    if item.paused_at is None:
        return item
    clock, steps = calendar(), ladder(item.ladder)
    item.due_at = rules.due_after_pause(item.due_at, item.paused_at, now(), steps, clock)
    item.paused_at, item.climbs_at = None, rules.climb_at(steps, item.level, item.step, item.due_at, clock)
    item.save(update_fields=["due_at", "paused_at", "climbs_at"])
    _enter(item, Entry.Verb.RESUMED, by, due_at=item.due_at.isoformat())
    _announce(events.ItemResumed, item, by, due_at=item.due_at.isoformat())
    return item


@transaction.atomic
def assign(*, uid: object, to: User | None, by: Actor) -> WorkItem:
    """Name the user who does it (None: whoever holds the role again). One's own role's duties may be taken freely."""
    item = _mine(uid, by)
    if to is None or to.uid != by.uid:
        require(by, Worklist.ASSIGN, item.place_key)
    _check_holder(to, item.place_key)
    item.user = to
    if to is None and not item.role:
        item.role = ladders().roles[item.level]
    item.save(update_fields=["user", "role"])
    _enter(item, Entry.Verb.ASSIGNED, by, to=to.label if to else "")
    _announce(events.ItemAssigned, item, by, user_uid=str(to.uid) if to else "")
    return item


@transaction.atomic
def hand_over(
    *, uid: object, by: Actor, note: str, to_user: User | None = None, to_place: int | None = None
) -> HandOver:
    """Give a duty to another user or division; the other side's receipt is asked for. The due time stays."""
    item = _mine(uid, by)
    target = to_place or item.place_key
    if to_user is None and target == item.place_key:
        raise Refused("Choose another user or another division to hand the duty over to.", field="to_place")
    if not note.strip():
        raise Refused("A hand-over needs a note. Write what has been done and what is left.", field="note")
    division = place_named(target)
    if to_user is not None:
        _check_holder(to_user, target)
    HandOver.objects.filter(item=item, received_at=None).update(received_at=now(), received_by=by.uid)
    over = HandOver.objects.create(
        item=item, from_place=item.place_key, from_user=item.user, to_place=target, to_user=to_user, handed_by=by.uid
    )
    item.user = to_user
    if to_place is not None:
        item.place_key, item.level = target, division.level
        item.role = ladders().roles[division.level]
    item.save(update_fields=["user", "place_key", "level", "role"])
    _enter(item, Entry.Verb.HANDED_OVER, by, note, to_place=target, to=to_user.label if to_user else "")
    _announce(
        events.ItemHandedOver, item, by, from_place=over.from_place, to_place=target,
        user_uid=str(to_user.uid) if to_user else "",
    )  # fmt: skip
    return over


@transaction.atomic
def choose_telling(*, way: str, by: User) -> Telling:
    """Say how one wants to hear of duties that fall due. The same choice again changes nothing."""
    chosen, is_new = Telling.objects.get_or_create(user=by, defaults={"way": Telling.Way(way)})
    if is_new or chosen.way != way:
        chosen.way = Telling.Way(way)
        chosen.save(update_fields=["way"])
        record(events.TellingChosen(by.uid, way=way), by=by, place_key=by.place_key)
    return chosen


@transaction.atomic
def receive(*, uid: object, by: Actor) -> WorkItem:
    """The receipt of a hand-over: the other side has seen the duty and takes it. Again changes nothing."""
    item = _mine(uid, by)
    waiting = HandOver.objects.filter(item=item, received_at=None).first()
    if waiting is None:
        return item
    if str(waiting.handed_by) == str(by.uid):
        raise Refused("You handed this duty over yourself. The receipt is the other side's.")
    waiting.received_at, waiting.received_by = now(), by.uid
    waiting.save(update_fields=["received_at", "received_by"])
    _enter(item, Entry.Verb.RECEIVED, by)
    _announce(events.HandOverReceived, item, by)
    return item


def _mine(uid: object, by: Actor) -> WorkItem:
    """The open duty, locked, that `by` may handle: by name, or by permission at its place."""
    item = WorkItem.objects.visible_to(by).select_for_update(of=("self",)).one(uid=uid)
    if reason := rules.why_not_open(item.state, item.result):
        raise Refused(reason)
    if item.user_id is not None and item.user_id == getattr(by, "pk", None):
        return item
    require(by, Worklist.HANDLE, item.place_key)
    return item


def _check_holder(to: User | None, place_key: int) -> None:
    """Refuse a user who could not do the duty there."""
    if to is not None and not to.may(Worklist.HANDLE, place_key):
        raise Refused(
            "{name} holds no role at {place}. Choose somebody who works there.",
            field="to_user", name=to.label, place=place_named(place_key).name,
        )  # fmt: skip


def _enter(item: WorkItem, verb: Entry.Verb, by: Actor, note: str = "", **data: Any) -> None:
    entry = Entry(item=item, verb=verb, actor_uid=by.uid, actor_label=by.label[:60], data=data)
    entry.note = seal(note.strip(), note_where(entry.uid))
    insert(entry)


def _announce(event: type[events.ItemEvent], item: WorkItem, by: Actor, **values: Any) -> None:
    fact = event(item.uid, item_kind=item.kind, about_kind=item.subject_kind, about_uid=str(item.subject_uid), **values)
    record(fact, by=by, place_key=item.place_key)


def escalate_due(*, by: Actor, at: dt.datetime | None = None, limit: int = 2000) -> int:
    """Raise what is late to its next rung, in short transactions. Returns how many climbed. Again changes nothing."""
    moment, count = at or now(), 0
    clock = calendar()
    while count < limit:
        raised = _escalate_batch(by, moment, clock)
        if raised == 0:
            break
        count += raised
    return count


@transaction.atomic
def _escalate_batch(by: Actor, moment: dt.datetime, clock: rules.Calendar) -> int:
    waiting = WorkItem.objects.running().filter(climbs_at__lte=moment).order_by("climbs_at")
    if is_postgresql():
        waiting = waiting.select_for_update(skip_locked=True)
    items = list(waiting[:BATCH])
    for item in items:
        _raise(item, by, moment, clock)
    return len(items)


def _raise(item: WorkItem, by: Actor, moment: dt.datetime, clock: rules.Calendar) -> None:
    steps = ladder(item.ladder)
    reached = rules.climb(steps, item.level, item.step, item.due_at, moment, clock)
    if reached is None:  # the ladder was shortened since: only the next time to look changes
        item.climbs_at = rules.climb_at(steps, item.level, item.step, item.due_at, clock)
        item.save(update_fields=["climbs_at"])
        return
    item.step, item.raised_to, item.climbs_at = reached.number, reached.step.role, reached.next_at
    item.save(update_fields=["step", "raised_to", "climbs_at"])
    _enter(item, Entry.Verb.RAISED, by, level=reached.step.level, role=reached.step.role)
    _announce(events.ItemRaised, item, by, level=reached.step.level, role=reached.step.role, step=reached.number)
