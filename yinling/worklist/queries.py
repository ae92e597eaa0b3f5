"""Reads of the worklist: one user's list, its counts, who is late in a division, a duty's history."""

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.db.models import Case, Count, Min, Q, QuerySet, Value, When
from django.urls import NoReverseMatch, reverse

from yinling.accounts.models import Assignment, User
from yinling.kernel.actors import Actor, require
from yinling.kernel.clock import CITY_ZONE, civil_date, now, start_of
from yinling.kernel.crypto import unseal
from yinling.kernel.reasons import Reason
from yinling.kernel.scope import within
from yinling.places.queries import Tree, key_ranges, tree
from yinling.web.paging import Page, keyset_page
from yinling.worklist.kinds import Kind, kind
from yinling.worklist.models import Entry, HandOver, Subject, WorkItem, note_where
from yinling.worklist.permissions import Worklist
from yinling.worklist.rules import Group, end_of_week, group_of
from yinling.worklist.subjects import Label, labels

ORDER = ("due_at", "id")
PAGE_SIZE = 30


@dataclass(frozen=True)
class Duty:
    """One row of a list, ready to draw."""

    item: WorkItem
    kind: Kind
    title: Reason
    why: Reason | None
    label: Label
    group: Group
    next_label: str
    next_url: str


@dataclass(frozen=True)
class Counts:
    """How many duties wait: by kind, and by group of the chosen kind; paused ones apart."""

    by_kind: dict[str, int] = field(default_factory=dict)
    by_group: dict[Group, int] = field(default_factory=dict)
    paused: int = 0

    @property
    def every(self) -> int:
        """All kinds."""
        return sum(self.by_kind.values())


@dataclass(frozen=True)
class WorkPage:
    """A page of one list, its groups in order with their duties, and the counts of the whole."""

    groups: list[tuple[Group, list[Duty]]]
    page: Page[WorkItem]
    counts: Counts


def open_for(user: Actor) -> QuerySet[WorkItem]:
    """Open duties a user holds, by name or by role; those raised to the user's roles too."""
    return WorkItem.objects.held_by(user).open()


def counts_for(user: Actor, chosen: str = "", at: dt.datetime | None = None) -> Counts:
    """Counts of a user's list by kind and group. One statement."""
    moment = at or now()
    rows = (
        open_for(user)
        .annotate(part=_group_case(moment))
        .values_list("kind", "part")
        .annotate(count=Count("id"))
        .order_by("kind")
    )
    by_kind: dict[str, int] = defaultdict(int)
    by_group: dict[Group, int] = defaultdict(int)
    paused = 0
    for name, part, count in rows:
        if part == "paused":
            paused += count
            continue
        by_kind[name] += count
        if chosen in ("", name):
            by_group[Group(part)] += count
    return Counts(dict(by_kind), dict(by_group), paused)


def _group_case(moment: dt.datetime) -> Case:
    today = civil_date(moment)
    tomorrow, monday = start_of(today + dt.timedelta(days=1)), start_of(end_of_week(today) + dt.timedelta(days=1))
    return Case(
        When(paused_at__isnull=False, then=Value("paused")),
        When(due_at__lt=moment, then=Value(Group.LATE.value)),
        When(due_at__lt=tomorrow, then=Value(Group.TODAY.value)),
        When(due_at__lt=monday, then=Value(Group.WEEK.value)),
        default=Value(Group.LATER.value),
    )


def items_for(
    user: Actor, address: Mapping[str, str] | None = None, *, size: int = PAGE_SIZE, at: dt.datetime | None = None
) -> WorkPage:
    """One user's list, ordered by what is due. Filters are in the address: kind, group, state=paused, after, before.

    Four statements whatever the size, and one per kind of subject on the page.
    """
    asked, moment = address or {}, at or now()
    chosen = asked.get("kind", "")
    rows = open_for(user).filter(paused_at__isnull=asked.get("state") != "paused")
    if chosen:
        rows = rows.filter(kind=chosen)
    if asked.get("group", "") in Group.__members__.values():
        rows = rows.annotate(part=_group_case(moment)).filter(part=asked["group"])
    page = keyset_page(rows, order=ORDER, address=asked, size=size)
    duties = duties_of(page.rows, user, moment)
    groups = [(group, [d for d in duties if d.group == group]) for group in Group]
    return WorkPage([(g, found) for g, found in groups if found], page, counts_for(user, chosen, moment))


def duties_of(items: Sequence[WorkItem], user: Actor, at: dt.datetime | None = None) -> list[Duty]:
    """Rows with their labels, asked for all at once."""
    moment, places = at or now(), tree()
    known = labels({item.subject for item in items}, user)
    return [_duty(item, known, places, moment) for item in items]


def _duty(item: WorkItem, known: dict[Subject, Label], places: Tree, moment: dt.datetime) -> Duty:
    return Duty(
        item=item,
        kind=kind(item.kind),
        title=item.title_reason,
        why=item.why_reason,
        label=known.get(item.subject) or Label(places.name(item.place_key)),
        group=group_of(item.due_at, moment, CITY_ZONE),
        next_label=item.next_label,
        next_url=next_url(item),
    )


def next_url(item: WorkItem) -> str:
    """Where the button leads; the duty's own page when its owner's address no longer exists."""
    try:
        return reverse(item.next_url_name, args=item.next_args) if item.next_url_name else own_url(item)
    except NoReverseMatch:
        return own_url(item)


def own_url(item: WorkItem) -> str:
    """The page of the duty itself."""
    return reverse("worklist:item", args=[item.uid])


@dataclass(frozen=True)
class LateDivision:
    """A division below with late duties: how many, since when, and what the oldest is."""

    key: int
    name: str
    count: int
    oldest_due: dt.datetime
    kind: str


def who_is_late(user: Actor, division: int, at: dt.datetime | None = None) -> list[LateDivision]:
    """Divisions directly below with late duties, longest late first. One statement. Raises NotAllowed."""
    require(user, Worklist.SUPERVISE, division)
    moment, places = at or now(), tree()
    rows = (
        WorkItem.objects.running()
        .filter(within(key_ranges([division])), due_at__lt=moment)
        .values_list("place_key", "kind")
        .annotate(count=Count("id"), oldest=Min("due_at"))
    )
    found: dict[int, LateDivision] = {}
    for place_key, name, count, oldest in rows:
        key = _child_of(places, division, place_key)
        before = found.get(key)
        older = before is None or oldest < before.oldest_due
        found[key] = LateDivision(
            key=key,
            name=places.name(key),
            count=count + (before.count if before else 0),
            oldest_due=oldest if older or before is None else before.oldest_due,
            kind=name if older or before is None else before.kind,
        )
    return sorted(found.values(), key=lambda late: (late.oldest_due, late.key))


def _child_of(places: Tree, division: int, place_key: int) -> int:
    """The division directly below `division` that holds the place; itself for what lies at its own level."""
    line = [d.key for d in places.line(place_key)]
    if division not in line:
        return division
    place = line.index(division)
    return line[place - 1] if place else division


def possible_holders(item: WorkItem) -> QuerySet[User]:
    """Users who hold the duty's role in a division that contains its place, today."""
    above = [d.key for d in tree().line(item.place_key)]
    roles = [name for name in (item.role, item.raised_to) if name]
    held = Assignment.objects.in_force(civil_date()).filter(place_id__in=above)
    held = held.filter(role__in=roles) if roles else held
    return User.objects.filter(pk__in=held.values("user_id"), is_active=True).order_by("name")


@dataclass(frozen=True)
class Line:
    """One line of a duty's history; `note` is what a person wrote beside it."""

    verb: str
    at: dt.datetime
    who: str
    note: str
    data: dict[str, str]


def history_of(item: WorkItem) -> list[Line]:
    """What happened to a duty, oldest first. One statement."""
    return [
        Line(e.verb, e.at, e.actor_label, unseal(e.note, note_where(e.uid)), e.data)
        for e in Entry.objects.filter(item=item).order_by("id")
    ]


def waiting_hand_over(item: WorkItem) -> HandOver | None:
    """The hand-over that still waits for its receipt."""
    return HandOver.objects.filter(item=item, received_at__isnull=True).first()


def sent_without_receipt(user: Actor) -> QuerySet[HandOver]:
    """Hand-overs that left the user's divisions and were not received yet."""
    seen = HandOver.objects.visible_to(user).filter(received_at__isnull=True)
    return seen.filter(Q(handed_by=user.uid) | within(user.key_ranges(Worklist.HANDLE), "from_place")).order_by("-at")
