"""Reads of rosters: who is on duty, what comes next for a user, a month as a grid."""

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet

from yinling.accounts.models import Assignment, User
from yinling.accounts.roles import all_roles
from yinling.kernel.actors import Actor
from yinling.kernel.clock import CITY_ZONE, civil_date, now, start_of
from yinling.organisations.models import Organisation
from yinling.places.queries import ancestors
from yinling.reference.queries import is_working_day
from yinling.rosters.models import Roster, Shift, Swap, Turn
from yinling.rosters.permissions import Rosters

DAY = dt.timedelta(days=1)
WITH_NAMES = ("turn__roster", "turn__shift", "offered_by", "taken_by", "received_by")  # what a swap is shown with


def on_duty(where: int | UUID, post: str, at: dt.datetime | None = None) -> list[User]:
    """Users on duty for a post at an instant (default: now), nearest roster first; empty when nobody is anywhere.

    `where`: a place key, or the uid of an organisation. The organisation's own roster is asked first, then those of
    its township, county and city, until one has somebody on duty. For services that must tell somebody: no scope is
    asked, because a township's night alarm may have to reach the county. Two statements for a place.
    """
    moment = at or now()
    organisation = None if isinstance(where, int) else Organisation.objects.filter(uid=where).first()
    place_key = where if isinstance(where, int) else organisation.place_key if organisation else 0
    line = ancestors().get(place_key, ())
    serving = Turn.objects.standing().filter(roster__post=post, starts_at__lte=moment, ends_at__gt=moment)
    serving = serving.order_by("starts_at", "id")
    if organisation is not None:
        own = [turn.user for turn in serving.filter(roster__organisation=organisation).select_related("user")]
        if own:
            return own
    by_place: dict[int, list[int]] = defaultdict(list)
    there = serving.filter(roster__organisation=None, roster__place_key__in=line)
    for place, user in there.values_list("roster__place_key", "user"):
        by_place[place].append(user)
    nearest = next((by_place[key] for key in line if key in by_place), [])
    users = User.objects.in_bulk(nearest) if nearest else {}
    return [users[user] for user in nearest]


def turns_between(organisation: UUID, post: str, starts_at: dt.datetime, ends_at: dt.datetime) -> list[Turn]:
    """Turns of an organisation's own roster that touch a time, for whoever works there. One statement."""
    turns = Turn.objects.standing().overlapping(starts_at, ends_at)
    mine = turns.filter(roster__organisation__uid=organisation, roster__post=post)
    return list(mine.select_related("user").order_by("starts_at", "id"))


def next_turns(user: User, at: dt.datetime | None = None, limit: int = 40) -> list[Turn]:
    """The turns a user serves now or will, soonest first. One statement."""
    turns = Turn.objects.standing().filter(user=user, ends_at__gt=at or now())
    return list(turns.select_related("roster", "shift").order_by("starts_at", "id")[:limit])


def rosters_for(by: Actor, post: str = "") -> QuerySet[Roster]:
    """Rosters the actor sees. Unordered."""
    found = Roster.objects.visible_to(by).select_related("organisation")
    return found.filter(post=post) if post else found


def roster(uid: object, by: Actor) -> Roster:
    """One roster the actor sees. Raises NotFound."""
    return Roster.objects.visible_to(by).select_related("organisation").one(uid=uid)


def turn(uid: object, by: Actor) -> Turn:
    """One turn the actor sees. Raises NotFound."""
    return Turn.objects.visible_to(by).select_related("roster", "shift", "user").one(uid=uid)


def serving_now(rosters: Sequence[Roster], at: dt.datetime | None = None) -> dict[int, list[Turn]]:
    """Turns being served, by roster. One statement."""
    moment = at or now()
    turns = Turn.objects.standing().filter(roster__in=rosters, starts_at__lte=moment, ends_at__gt=moment)
    found: dict[int, list[Turn]] = defaultdict(list)
    for one in turns.select_related("user").order_by("starts_at", "id"):
        found[one.roster_id].append(one)
    return found


@dataclass(frozen=True)
class Cell:
    """One shift on one day: who serves, and how many are missing (0 on days without this shift, and in the past)."""

    shift: Shift | None
    turns: list[Turn]
    missing: int
    is_served: bool


@dataclass(frozen=True)
class DayRow:
    """One day of the grid: a cell per shift, and turns that follow no shift."""

    day: dt.date
    is_working: bool
    is_today: bool
    cells: list[Cell]


@dataclass(frozen=True)
class Month:
    """A month of a roster. `shifts` are the columns; `has_others` adds one for turns without shift."""

    first: dt.date
    shifts: list[Shift]
    rows: list[DayRow]
    has_others: bool
    missing: int

    @property
    def next(self) -> dt.date:
        """The first of the month after."""
        return (self.first + 32 * DAY).replace(day=1)

    @property
    def previous(self) -> dt.date:
        """The first of the month before."""
        return (self.first - DAY).replace(day=1)


def month(found: Roster, first: dt.date) -> Month:
    """Who serves when in the month that begins with `first`. A turn stands on the day it starts. Two statements."""
    after = (first + 32 * DAY).replace(day=1)
    turns = Turn.objects.standing().filter(roster=found, starts_at__gte=start_of(first), starts_at__lt=start_of(after))
    by_slot: dict[tuple[dt.date, int | None], list[Turn]] = defaultdict(list)
    for one in turns.select_related("user").order_by("starts_at", "id"):
        by_slot[one.starts_at.astimezone(CITY_ZONE).date(), one.shift_id].append(one)
    used = {shift_id for _day, shift_id in by_slot}
    every = Shift.objects.filter(roster=found).order_by("starts_minute", "id")
    shifts = [shift for shift in every if shift.ended_at is None or shift.pk in used]
    days = [first + n * DAY for n in range((after - first).days)]
    rows = [_row(day, shifts, by_slot, None in used) for day in days]
    return Month(first, shifts, rows, None in used, sum(cell.missing for row in rows for cell in row.cells))


def _row(
    day: dt.date, shifts: list[Shift], by_slot: dict[tuple[dt.date, int | None], list[Turn]], has_others: bool
) -> DayRow:
    working, today = is_working_day(day), civil_date()
    cells = [_cell(shift, day, by_slot.get((day, shift.pk), []), working, today) for shift in shifts]
    if has_others:
        others = by_slot.get((day, None), [])
        cells.append(Cell(None, others, 0, bool(others)))
    return DayRow(day, working, day == today, cells)


def _cell(shift: Shift, day: dt.date, turns: list[Turn], working: bool, today: dt.date) -> Cell:
    is_served = shift.days == Shift.Days.EVERY or working == (shift.days == Shift.Days.WORKING)
    is_due = is_served and shift.ended_at is None and day >= today
    return Cell(shift, turns, max(shift.needed - len(turns), 0) if is_due else 0, is_served)


def possible_users(found: Roster) -> list[User]:
    """Users who may serve on a roster today: a role with duty, held in its division or above; nearest first."""
    line = ancestors().get(found.place_key, (found.place_key,))
    roles = [role.key for role in all_roles() if Rosters.SWAP in role.permissions]
    held = Assignment.objects.in_force(civil_date()).filter(place_id__in=line, role__in=roles, user__is_active=True)
    nearest: dict[int, tuple[int, str]] = {}
    users: dict[int, User] = {}
    for one in held.select_related("user"):
        users[one.user_id] = one.user
        rank = (line.index(one.place_id), one.user.label)
        nearest[one.user_id] = min(rank, nearest.get(one.user_id, rank))
    return [users[pk] for pk in sorted(users, key=lambda pk: (nearest[pk], pk))]


def offers_to(user: User, at: dt.datetime | None = None) -> list[Swap]:
    """Turns that colleagues offer and `user` might take, soonest first. One statement."""
    seen = Swap.objects.visible_to(user, Rosters.SWAP).open().exclude(offered_by=user)
    ahead = seen.filter(turn__voided_at=None, turn__starts_at__gt=at or now()).select_related(*WITH_NAMES)
    return list(ahead.order_by("turn__starts_at", "id")[:40])


def own_offers(user: User, at: dt.datetime | None = None) -> list[Swap]:
    """What a user offered: still waiting, or taken and without receipt. One statement."""
    mine = Swap.objects.select_related(*WITH_NAMES).filter(offered_by=user, withdrawn_at=None, received_at=None)
    waiting = mine.filter(taken_at=None, turn__voided_at=None, turn__starts_at__gt=at or now())
    return list((waiting | mine.filter(taken_at__isnull=False)).order_by("turn__starts_at", "id"))


def swaps_to_receive(found: Roster) -> list[Swap]:
    """Swaps of a roster that were taken and wait for a receipt."""
    taken = Swap.objects.select_related(*WITH_NAMES).filter(
        turn__roster=found, taken_at__isnull=False, received_at=None
    )
    return list(taken.order_by("turn__starts_at", "id"))


def swap_of(found: Turn) -> Swap | None:
    """The standing offer of a turn, taken or not."""
    return Swap.objects.select_related(*WITH_NAMES).filter(turn=found, withdrawn_at=None).first()
