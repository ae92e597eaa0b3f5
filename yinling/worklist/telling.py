"""Who hears of what: a duty that climbed its ladder, duties due today or soon, one digest a day for who wants it.

Every message has a key of its own, so a listener or a job that runs twice says nothing twice. Nothing here is called
inside the transaction that closes, opens or raises a duty: a message that fails holds nobody up.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.utils.translation import gettext_noop as _

from yinling.accounts.models import Assignment, User
from yinling.accounts.roles import role as role_named
from yinling.kernel.actors import System
from yinling.kernel.clock import civil_date, start_of
from yinling.kernel.reasons import Reason
from yinling.messages.models import Channel
from yinling.messages.services import send
from yinling.places.queries import Tree, tree
from yinling.reference.queries import add_working_days, is_working_day, parameter_or
from yinling.worklist.ladders import ladder
from yinling.worklist.models import Telling, WorkItem
from yinling.worklist.queries import Counts, counts_for
from yinling.worklist.rules import Group, climbs

BY = System("worklist.telling")
NOBODY = _("nobody in particular")
ONE_DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class Holders:
    """Who holds which role in which division today, asked once for many duties."""

    by_role: dict[tuple[str, int], list[User]]
    places: Tree

    def of(self, role: str, place_key: int) -> list[User]:
        """Users who hold the role in a division that contains the place, the nearest division first."""
        line = (division.key for division in self.places.line(place_key))
        return [user for key in line for user in self.by_role.get((role, key), [])]

    def doers(self, item: WorkItem) -> list[User]:
        """Whoever does the duty: by name, or everybody who holds its role there."""
        return [item.user] if item.user is not None else self.of(item.role, item.place_key)


def holders_today(roles: Iterable[str] | None = None) -> Holders:
    """Everybody who holds a role today (one of `roles`, when they are named). One statement."""
    held = Assignment.objects.in_force(civil_date()).filter(user__is_active=True).select_related("user").order_by("id")
    found: dict[tuple[str, int], list[User]] = defaultdict(list)
    for one in held if roles is None else held.filter(role__in=list(roles)):
        found[one.role, one.place_id].append(one.user)
    return Holders(dict(found), tree())


def tell_of_rise(item: WorkItem, step: int) -> int:
    """A duty was raised to rung `step`: tell who answers now, and who had it before. Returns to how many."""
    if not item.is_open or item.step != step:
        return 0  # it was done, or has climbed on, before this was heard
    before = _rung_before(item, step)
    holders = holders_today([name for name in (item.role, item.raised_to, before) if name])
    answering = holders.of(item.raised_to, item.place_key)
    earlier = [*holders.doers(item), *(holders.of(before, item.place_key) if before else [])]
    now_yours = Reason("A duty is late and was put before you: {duty}", duty=item.title_reason)
    role = role_named(item.raised_to)
    no_longer = Reason(
        "A duty is late and was put before the {role} too: {duty}",
        role=Reason(role.title if role else NOBODY), duty=item.title_reason,
    )  # fmt: skip
    told = {user.pk: (user, now_yours) for user in answering}
    told = {user.pk: (user, no_longer) for user in earlier} | told
    for user, title in told.values():
        _say(user, title, f"raised:{item.uid}:{step}:{user.uid}", item)
    return len(told)


def _rung_before(item: WorkItem, step: int) -> str:
    steps = climbs(ladder(item.ladder), item.level)
    return steps[step - 2].role if 2 <= step <= len(steps) + 1 else ""


def remind_of_today(*, day: dt.date, after: int, size: int) -> tuple[int, int | None]:
    """Tell doers of the duties that fall due on a day, one batch of duties beyond id `after`.

    Returns (messages, last id looked at, None when there is no more). Whoever asked for a digest, or for nothing, is
    left out. Again sends nothing.
    """

    def words(item: WorkItem) -> tuple[Reason, str]:
        return Reason("Due today: {duty}", duty=item.title_reason), f"due:{item.uid}:{day}"

    return _tell_of_due(day, day + ONE_DAY, words, after, size)


def remind_ahead(*, day: dt.date, after: int, size: int) -> tuple[int, int | None]:
    """The same for duties that fall due some working days after a day (parameter worklist.remind_working_days).

    What falls due on days off is told of with the working day before them, so nothing is left out.
    """
    days = _days_ahead(day)
    if days == 0:
        return 0, None
    first = add_working_days(day, days)
    beyond = first + ONE_DAY
    while not is_working_day(beyond):
        beyond += ONE_DAY

    def words(item: WorkItem) -> tuple[Reason, str]:
        due = civil_date(item.due_at)
        return Reason("Due on {day}: {duty}", day=due, duty=item.title_reason), f"ahead:{item.uid}:{due}"

    return _tell_of_due(first, beyond, words, after, size)


def _days_ahead(day: dt.date) -> int:
    return int(parameter_or("worklist.remind_working_days", 0, day))


def _tell_of_due(
    first: dt.date, beyond: dt.date, words: Callable[[WorkItem], tuple[Reason, str]], after: int, size: int
) -> tuple[int, int | None]:
    """Tell of what falls due from one day to another (not included); `words` say the title and the message's key."""
    due = WorkItem.objects.running().filter(due_at__gte=start_of(first), due_at__lt=start_of(beyond))
    batch = list(due.filter(pk__gt=after).select_related("user").order_by("pk")[:size])
    otherwise = set(Telling.objects.exclude(way=Telling.Way.EACH).values_list("user_id", flat=True))
    holders = holders_today({item.role for item in batch if item.user_id is None})
    count = 0
    for item in batch:
        for user in holders.doers(item):
            if user.pk not in otherwise and user.is_active:
                title, key = words(item)
                _say(user, title, f"{key}:{user.uid}", item)
                count += 1
    return count, batch[-1].pk if len(batch) == size else None


def send_digests(*, day: dt.date) -> int:
    """One message to everybody who asked for a digest and has something to do. Again sends nothing."""
    count = 0
    for chosen in Telling.objects.filter(way=Telling.Way.DIGEST, user__is_active=True).select_related("user"):
        if (said := _digest(counts_for(chosen.user))) is not None:
            send(
                key=f"digest:{chosen.user.uid}:{day}", channel=Channel.IN_APP, title=said, by=BY, user=chosen.user,
                url_name="worklist:mine", place_key=chosen.user.place_key,
            )  # fmt: skip
            count += 1
    return count


def _digest(counts: Counts) -> Reason | None:
    late, today, week = (counts.by_group.get(group, 0) for group in (Group.LATE, Group.TODAY, Group.WEEK))
    if not (late or today or week):
        return None
    return Reason("Your duties: {late} late, {today} due today, {week} this week", late=late, today=today, week=week)


def _say(user: User, title: Reason, key: str, item: WorkItem) -> None:
    send(
        key=key, channel=Channel.IN_APP, title=title, by=BY, user=user, url_name="worklist:item",
        url_args=(str(item.uid),), about=("work_item", item.uid), place_key=item.place_key,
    )  # fmt: skip
