"""Coverage: distinct persons with a valid contact in a month, of the persons who were due in it, by division."""

import datetime as dt
from calendar import monthrange
from collections import defaultdict
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef

from yinling.care.models import Visit
from yinling.care.models.visits import VisitQuerySet
from yinling.care.permissions import Care
from yinling.care.rules.due import OWN
from yinling.kernel.actors import Actor, require
from yinling.kernel.clock import start_of
from yinling.kernel.measures import PerPlace
from yinling.kernel.scope import within
from yinling.places.queries import Division, ancestors, key_ranges, tree


@dataclass(frozen=True)
class Covered:
    """Persons due and persons met, somewhere."""

    due: int = 0
    met: int = 0

    @property
    def share(self) -> float | None:
        """The share met; None where nobody was due."""
        return self.met / self.due if self.due else None

    def __add__(self, other: "Covered") -> "Covered":
        return Covered(self.due + other.due, self.met + other.met)


@dataclass(frozen=True)
class Row:
    """A division of the table, with its coverage."""

    division: Division
    covered: Covered

    @property
    def missing(self) -> int:
        """Persons due who were not met yet."""
        return self.covered.due - self.covered.met


def month_of(day: dt.date) -> tuple[dt.date, dt.date]:
    """The first and the last day of the month that a day lies in."""
    return day.replace(day=1), day.replace(day=monthrange(day.year, day.month)[1])


def due_in(day: dt.date) -> VisitQuerySet:
    """Visits that make persons due in the month of a day: by a rule, not of one's own accord."""
    return Visit.objects.due_between(*month_of(day)).exclude(state=Visit.State.VOID).exclude(rule=OWN)


def met_in(day: dt.date, known_at: dt.datetime | None = None) -> Exists:
    """Whether the person of a visit was met in the month of a day."""
    first, last = month_of(day)
    contact = Visit.objects.with_contact().filter(
        person=OuterRef("person_id"), started_at__gte=start_of(first),
        started_at__lt=start_of(last + dt.timedelta(days=1)),
    )  # fmt: skip
    return Exists(contact.filter(made_recorded_at__lte=known_at) if known_at else contact)


def per_place(day: dt.date, visits: VisitQuerySet) -> dict[int, Covered]:
    """Coverage of each village. Two statements: persons due, and of those the met."""

    def counted(rows: VisitQuerySet) -> PerPlace:
        grouped = rows.order_by().values("person__place_key").annotate(count=Count("person", distinct=True))
        return dict(grouped.values_list("person__place_key", "count"))

    due, met = counted(visits), counted(visits.filter(met_in(day)))
    return {place: Covered(count, met.get(place, 0)) for place, count in due.items()}


def coverage(by: Actor, division: int, day: dt.date) -> tuple[Covered, list[Row]]:
    """A division's coverage in the month of a day, and that of each division below it."""
    require(by, Care.READ)
    mine = due_in(day).visible_to(by, Care.READ).filter(within(key_ranges([division]), "person__place_key"))
    lines = ancestors()
    found: dict[int, Covered] = defaultdict(Covered)
    for place, covered in per_place(day, mine).items():
        line = lines.get(place, ())
        at = line.index(division) if division in line else 0
        below = line[at - 1] if at else place
        found[below] += covered
    children = tree().children(division) or [tree().divisions[division]]
    rows = [Row(child, found.get(child.key, Covered())) for child in children]
    return sum(found.values(), Covered()), rows


def persons_due(day: dt.date, known_at: dt.datetime) -> PerPlace:
    """Persons due in the month, per place."""
    rows = due_in(day).filter(recorded_at__lte=known_at).order_by()
    return dict(rows.values_list("person__place_key").annotate(count=Count("person", distinct=True)))


def persons_met(day: dt.date, known_at: dt.datetime) -> PerPlace:
    """Of the persons due in the month those who were met, per place."""
    rows = due_in(day).filter(met_in(day, known_at), recorded_at__lte=known_at).order_by()
    return dict(rows.values_list("person__place_key").annotate(count=Count("person", distinct=True)))


def own_divisions(by: Actor) -> list[Division]:
    """The highest divisions whose visits the actor sees."""
    places = tree()
    mine = [key for key in places.keys if any(low <= key <= high for low, high in by.key_ranges(Care.READ))]
    inside = set(mine)
    return [places.divisions[key] for key in mine if not inside.intersection(places.lines[key][1:])]
