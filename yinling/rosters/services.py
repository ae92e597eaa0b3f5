"""Writes of rosters: open one, set its shifts, plan turns, put on and take off, swap.

Whoever is put on must hold `rosters.swap` at the roster's division. A swapped turn passes in one transaction: nobody
is off duty before somebody else is on.
"""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_noop as _

from yinling.accounts.models import User
from yinling.kernel.actors import Actor, require
from yinling.kernel.changes import record
from yinling.kernel.clock import CITY_ZONE, civil_date, now
from yinling.kernel.errors import Refused
from yinling.kernel.reasons import Reason
from yinling.organisations.models import Organisation
from yinling.places.queries import place_named
from yinling.reference.queries import doubt_about, is_working_day
from yinling.rosters import events, rules
from yinling.rosters.models import Post, Roster, Shift, Swap, Turn
from yinling.rosters.permissions import Rosters

SWAPPED = _("Swapped with a colleague")
DAY_MINUTES = 24 * 60


@transaction.atomic
def open_roster(*, post: str, name: str, place_key: int, by: Actor, organisation: Organisation | None = None) -> Roster:
    """Keep a post of a division (or of an organisation, in its division). Raises Refused when it is kept already."""
    place = place_named(organisation.place_key if organisation else place_key)
    require(by, Rosters.PLAN, place.key)
    if post not in Post.values:
        raise Refused("There is no post {post}. Choose one of the list.", field="post", post=post)
    if not name.strip():
        raise Refused("A roster needs a name. Write what its users are on duty for.", field="name")
    whose = {"organisation": organisation} if organisation else {"place_key": place.key, "organisation": None}
    known = Roster.objects.filter(post=post, **whose).first()
    if known is not None:
        raise Refused("{name} keeps this post already. Add its shifts there.", field="post", name=known.name)
    roster = Roster.objects.create(place_key=place.key, organisation=organisation, post=post, name=name.strip())
    fact = events.RosterOpened(roster.uid, post=post, organisation_uid=str(organisation.uid) if organisation else "")
    record(fact, by=by, place_key=roster.place_key)
    return roster


def _planned_by(uid: object, by: Actor) -> Roster:
    """The roster `by` sees and may plan, locked: two planners of one roster wait for each other."""
    roster = Roster.objects.visible_to(by).select_for_update(of=("self",)).one(uid=uid)
    require(by, Rosters.PLAN, roster.place_key)
    return roster


@transaction.atomic
def add_shift(
    *, roster_uid: object, name: str, starts: dt.time, ends: dt.time, by: Actor, days: str = "every", needed: int = 1
) -> Shift:
    """A pattern to plan by. An end that is not after the start lies on the next day."""
    roster = _planned_by(roster_uid, by)
    if roster.shifts.in_use().filter(name=name.strip()).exists():
        raise Refused("There is a shift {name} already. End it first, or choose another name.", field="name", name=name)
    first, last = starts.hour * 60 + starts.minute, ends.hour * 60 + ends.minute
    shift = Shift.objects.create(
        roster=roster, name=name.strip(), starts_minute=first, days=days, needed=needed,
        ends_minute=last if last > first else last + DAY_MINUTES,
    )  # fmt: skip
    record(events.ShiftAdded(roster.uid, shift_uid=str(shift.uid)), by=by, place_key=roster.place_key)
    return shift


@transaction.atomic
def end_shift(*, shift_uid: object, by: Actor) -> Shift:
    """Plan a pattern no more; turns made from it stay. Again changes nothing."""
    shift = Shift.objects.visible_to(by).select_related("roster").one(uid=shift_uid)
    require(by, Rosters.PLAN, shift.roster.place_key)
    if shift.ended_at is None:
        shift.ended_at = now()
        shift.save(update_fields=["ended_at"])
        fact = events.ShiftEnded(shift.roster.uid, shift_uid=str(shift.uid))
        record(fact, by=by, place_key=shift.roster.place_key)
    return shift


@dataclass(frozen=True)
class Plan:
    """What planning made: turns, spans for which nobody was free, and why working days may be miscounted."""

    turns: list[Turn]
    open_slots: list[rules.Span]
    doubt: Reason | None


@transaction.atomic
def plan_turns(*, shift_uid: object, first: dt.date, last: dt.date, users: Sequence[User], by: Actor) -> Plan:
    """Fill a shift over days (both included): users serve in their order, whoever is on duty elsewhere is passed over.

    Days that have turns of this shift are left as they are, so planning again changes nothing. Holidays come from
    `reference`. Raises Refused.
    """
    shift = Shift.objects.visible_to(by).in_use().select_related("roster").one(uid=shift_uid)
    roster = _planned_by(shift.roster.uid, by)
    if reason := rules.why_no_plan(first, last, civil_date(), [user.pk for user in users]):
        raise Refused(reason)
    for user in users:
        _check_may_serve(user, roster)
    spans = _spans_to_fill(shift, first, last)
    slots = rules.fill_in_turn(spans, shift.needed, [u.pk for u in users], _busy(users, spans), _last_of(shift, spans))
    turns = [_turn(roster, shift, slot.user, slot.span) for slot in slots if slot.user is not None]
    _insert(lambda: Turn.objects.bulk_create(turns))
    gaps = [slot.span for slot in slots if slot.user is None]
    fact = events.TurnsPlanned(
        roster.uid, shift_uid=str(shift.uid), first=str(first), last=str(last), count=len(turns), open_slots=len(gaps)
    )
    record(fact, by=by, place_key=roster.place_key)
    return Plan(turns, gaps, doubt_about(first, last) if shift.days != Shift.Days.EVERY else None)


def _spans_to_fill(shift: Shift, first: dt.date, last: dt.date) -> list[rules.Span]:
    pattern = rules.Pattern(shift.starts_minute, shift.ends_minute, shift.days, shift.needed)
    days = rules.days_of(pattern, first, last, is_working_day)
    spans = [rules.span_of(pattern, day, CITY_ZONE) for day in days]
    known = set(Turn.objects.standing().filter(shift=shift).values_list("starts_at", flat=True))
    return [span for span in spans if span.starts_at not in known]


def _busy(users: Sequence[User], spans: Sequence[rules.Span]) -> dict[int, list[rules.Span]]:
    """When these users are on duty already, on any roster, while the spans last and shortly before and after."""
    busy: dict[int, list[rules.Span]] = {}
    if spans:
        first, last = spans[0].with_rest(), spans[-1].with_rest()
        around = Turn.objects.overlapping(first.starts_at, last.ends_at).filter(user__in=users)
        for user, starts_at, ends_at in around.values_list("user_id", "starts_at", "ends_at"):
            busy.setdefault(user, []).append(rules.Span(starts_at, ends_at))
    return busy


def _last_of(shift: Shift, spans: Sequence[rules.Span]) -> int | None:
    """Who served this shift last before the plan begins."""
    before = Turn.objects.standing().filter(shift=shift)
    if spans:
        before = before.filter(starts_at__lt=spans[0].starts_at)
    return before.order_by("-starts_at", "-id").values_list("user_id", flat=True).first()


def _turn(roster: Roster, shift: Shift | None, user_id: int, span: rules.Span) -> Turn:
    return Turn(roster=roster, shift=shift, user_id=user_id, starts_at=span.starts_at, ends_at=span.ends_at)


def _insert(write: Callable[[], object]) -> None:
    """Write turns; what the database refuses because somebody else was quicker is said in words."""
    try:
        with transaction.atomic():
            write()
    except IntegrityError as no:
        raise Refused("Somebody put one of these users on duty just now. Look at the roster and plan again.") from no


def _check_may_serve(user: User, roster: Roster) -> None:
    """Refuse a user who could not be on duty there."""
    if not user.is_active or not user.may(Rosters.SWAP, roster.place_key):
        raise Refused(
            "{name} holds no role for duty at {place}. Choose somebody who works there.",
            field="users", name=user.label, place=place_named(roster.place_key).name,
        )  # fmt: skip


@transaction.atomic
def put_on(
    *, roster_uid: object, user: User, starts_at: dt.datetime, ends_at: dt.datetime, by: Actor,
    shift: Shift | None = None,
) -> Turn:  # fmt: skip
    """One user is on duty. Past duty may be put on too: rosters are often written afterwards. Raises Refused."""
    roster = _planned_by(roster_uid, by)
    _check_may_serve(user, roster)
    span = rules.Span(starts_at, ends_at)
    if reason := rules.why_not_on(span, _busy_at(user, span)):
        raise Refused(reason, field="user")
    turn = _turn(roster, shift, user.pk, span)
    _insert(turn.save)
    _announce_on(turn, roster, user, by)
    return turn


def _busy_at(user: User, span: rules.Span) -> str:
    """The name of the roster on which a user serves while the span lasts; "" when free."""
    same = Turn.objects.overlapping(span.starts_at, span.ends_at).filter(user=user).select_related("roster").first()
    return same.roster.name if same else ""


def _announce_on(turn: Turn, roster: Roster, user: User, by: Actor) -> None:
    fact = events.PutOn(
        turn.uid, roster_uid=str(roster.uid), user_uid=str(user.uid),
        starts_at=turn.starts_at.isoformat(), ends_at=turn.ends_at.isoformat(),
    )  # fmt: skip
    record(fact, by=by, place_key=roster.place_key)


def _locked_turn(uid: object, by: Actor) -> Turn:
    turns = Turn.objects.visible_to(by).select_related("roster", "user")
    return turns.select_for_update(of=("self",)).one(uid=uid)


@transaction.atomic
def take_off(*, turn_uid: object, reason: str, by: Actor) -> Turn:
    """A turn does not take place. Needs a reason; what was served stays. Raises Refused."""
    turn = _locked_turn(turn_uid, by)
    require(by, Rosters.PLAN, turn.roster.place_key)
    if no := rules.why_not_off(turn.voided_at is not None, turn.ends_at, now()):
        raise Refused(no)
    if not reason.strip():
        raise Refused("Taking a turn off needs a reason. Write why.", field="reason")
    _void(turn, reason.strip())
    Swap.objects.open().filter(turn=turn).update(withdrawn_at=now())
    fact = events.TakenOff(turn.uid, roster_uid=str(turn.roster.uid), user_uid=str(turn.user.uid))
    record(fact, by=by, place_key=turn.roster.place_key, reason=reason)
    return turn


def _void(turn: Turn, reason: str) -> None:
    turn.voided_at, turn.void_reason = now(), reason[:300]
    turn.save(update_fields=["voided_at", "void_reason"])


@transaction.atomic
def offer_swap(*, turn_uid: object, by: User, note: str = "") -> Swap:
    """Offer an own turn that has not begun; one stays on duty until a colleague takes it. Again changes nothing."""
    turn = _locked_turn(turn_uid, by)
    if no := rules.why_not_offered(turn.user_id == by.pk, turn.voided_at is not None, turn.starts_at, now()):
        raise Refused(no)
    if (known := Swap.objects.open().filter(turn=turn).first()) is not None:
        return known
    swap = Swap.objects.create(turn=turn, offered_by=by, note=note.strip()[:200])
    fact = events.SwapOffered(swap.uid, turn_uid=str(turn.uid), user_uid=str(by.uid))
    record(fact, by=by, place_key=turn.roster.place_key)
    return swap


def _locked_swap(uid: object, by: Actor) -> Swap:
    swaps = Swap.objects.visible_to(by).select_related("turn__roster", "turn__user", "offered_by", "taken_by")
    return swaps.select_for_update(of=("self",)).one(uid=uid)


@transaction.atomic
def withdraw_swap(*, swap_uid: object, by: User) -> Swap:
    """Keep the turn after all. Raises Refused when it was taken meanwhile."""
    swap = _locked_swap(swap_uid, by)
    if swap.offered_by_id != by.pk:
        raise Refused("This is a colleague's offer. Only whoever offered a turn withdraws it.")
    if swap.taken_at is not None:
        raise Refused("{name} has taken this turn already. Call and agree.", name=_taker(swap))
    if swap.withdrawn_at is None:
        swap.withdrawn_at = now()
        swap.save(update_fields=["withdrawn_at"])
        record(events.SwapWithdrawn(swap.uid), by=by, place_key=swap.turn.roster.place_key)
    return swap


def _taker(swap: Swap) -> str:
    return swap.taken_by.label if swap.taken_by else ""


@transaction.atomic
def take_swap(*, swap_uid: object, by: User) -> Turn:
    """Take a colleague's turn: theirs is voided and replaced by one of `by`. Raises Refused."""
    swap = _locked_swap(swap_uid, by)
    old = swap.turn
    _check_may_serve(by, old.roster)
    is_open = swap.withdrawn_at is None and old.voided_at is None
    if no := rules.why_not_taken(swap.offered_by_id == by.pk, is_open, _taker(swap), old.starts_at, now()):
        raise Refused(no)
    span = rules.Span(old.starts_at, old.ends_at)
    if no := rules.why_not_on(span, _busy_at(by, span)):
        raise Refused(no)
    _void(old, SWAPPED)
    new = _turn(old.roster, old.shift, by.pk, span)
    new.replaces = old
    _insert(new.save)
    swap.taken_by, swap.taken_at = by, now()
    swap.save(update_fields=["taken_by", "taken_at"])
    fact = events.SwapTaken(swap.uid, turn_uid=str(new.uid), user_uid=str(by.uid))
    record(fact, by=by, place_key=old.roster.place_key)
    return new


@transaction.atomic
def receive_swap(*, swap_uid: object, by: User) -> Swap:
    """The receipt: whoever offered the turn, or plans the roster, has seen who took it. Again changes nothing."""
    swap = _locked_swap(swap_uid, by)
    if swap.taken_at is None:
        raise Refused("Nobody has taken this turn yet. The receipt comes after the taking.")
    if swap.taken_by_id == by.pk:
        raise Refused("You took this turn yourself. The receipt is the other side's.")
    if swap.offered_by_id != by.pk:
        require(by, Rosters.PLAN, swap.turn.roster.place_key)
    if swap.received_at is None:
        swap.received_by, swap.received_at = by, now()
        swap.save(update_fields=["received_by", "received_at"])
        record(events.SwapReceived(swap.uid), by=by, place_key=swap.turn.roster.place_key)
    return swap
