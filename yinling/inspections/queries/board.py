"""The supervisors' board: hazards per division or home, how long they took, and who of the supervisors was late."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, Q

from yinling.inspections import parameters
from yinling.inspections.models import Hazard, Inspection, Submission
from yinling.inspections.permissions import Inspections
from yinling.inspections.rules import hazards as hazard_rules
from yinling.inspections.rules.risk import Closed, Summary, summary
from yinling.institutions.models import Institution
from yinling.institutions.models.sites import HOMES
from yinling.kernel.actors import Actor
from yinling.kernel.clock import CITY_ZONE, civil_date, now
from yinling.kernel.scope import within
from yinling.places.models import Level
from yinling.places.queries import Division, ancestors, key_ranges, tree

FIELDS = ("place_key", "institution_id", "level", "state", "found_on", "due_on", "closed_at", "repeats_id")


@dataclass(frozen=True)
class Row:
    """One division below, or one home: its hazards since a day, and its inspections of the year."""

    key: Any
    name: str
    summary: Summary
    homes: int
    inspected: int


def supervised(by: Actor) -> list[Division]:
    """The biggest divisions in which the actor supervises: where the board begins."""
    places, ranges = tree(), by.key_ranges(Inspections.SUPERVISE)
    mine = {key for key in places.keys if any(low <= key <= high for low, high in ranges)}
    return [places.divisions[key] for key in sorted(mine) if places.divisions[key].parent not in mine]


def board(by: Actor, division: int, since: dt.date) -> tuple[Summary, list[Row]]:
    """Hazards found since a day under a division: all together, and by division directly below (by home in a township).

    Three statements, whatever the number of divisions.
    """
    seen, today = within(key_ranges([division])), civil_date()
    hazards = list(Hazard.objects.visible_to(by).counting().filter(seen, found_on__gte=since).values_list(*FIELDS))
    homes = Institution.objects.visible_to(by).open_on(today).filter(seen, kind__in=HOMES)
    year = dt.datetime(today.year, 1, 1, tzinfo=CITY_ZONE)
    visits = Count("inspections", Q(inspections__signed_at__gte=year) & ~Q(inspections__kind="self_check"))
    known = list(homes.annotate(visits=visits).values_list("pk", "uid", "name", "place_key", "visits"))
    by_home = tree().divisions[division].level in (Level.TOWNSHIP, Level.VILLAGE)
    below = {pk: pk for pk, *_rest in known} if by_home else _below(division)
    grouped: dict[Any, list[Closed]] = defaultdict(list)
    for place_key, home, *rest in hazards:
        grouped[below.get(home if by_home else place_key)].append(_closed(rest, today))
    needed = parameters.visits_a_year()
    counts: dict[Any, list[int]] = defaultdict(lambda: [0, 0])
    for pk, _uid, _name, place_key, visits_made in known:
        at = counts[below.get(pk if by_home else place_key)]
        at[0], at[1] = at[0] + 1, at[1] + (visits_made >= needed)
    names = {pk: (uid, name) for pk, uid, name, *_rest in known} if by_home else _names(division)
    rows = [Row(uid, name, summary(grouped[key]), *counts[key]) for key, (uid, name) in names.items() if key in counts]
    return summary([one for some in grouped.values() for one in some]), rows


def _below(division: int) -> dict[int, int]:
    """Every place under a division -> the division directly below it."""
    found = {}
    for place, line in ancestors().items():
        if division in line and place != division:
            found[place] = line[line.index(division) - 1]
    return found


def _names(division: int) -> dict[int, tuple[int, str]]:
    return {one.key: (one.key, one.name) for one in tree().children(division)}


def _closed(rest: Iterable[Any], today: dt.date) -> Closed:
    level, state, found_on, due_on, closed_at, repeats = rest
    closed_on = civil_date(closed_at) if closed_at else None
    days = (closed_on - found_on).days if closed_on else None
    late = hazard_rules.is_overdue(state, due_on, closed_on, today)
    return Closed(level, days, repeats is not None, late)


def hazards_of_home(home: Institution, since: dt.date) -> Summary:
    """What the hazards of one home found since a day say. One statement."""
    rows = Hazard.objects.counting().filter(institution=home, found_on__gte=since).values_list(*FIELDS[2:])
    return summary([_closed(row, civil_date()) for row in rows])


@dataclass(frozen=True)
class Punctuality:
    """What supervisors themselves owed since a day, and how much of it was late: by what, done, late, waiting late."""

    what: str
    done: int
    late: int
    waiting_late: int

    @property
    def on_time(self) -> float | None:
        """The share done in time; None where nothing was due."""
        whole = self.done + self.waiting_late
        return (self.done - self.late) / whole if whole else None


def punctuality(by: Actor, division: int, since: dt.date) -> list[Punctuality]:
    """Supervisors' own clocks: notices within five days, re-checks within their term, inspections by their day."""
    seen, moment, today = within(key_ranges([division])), now(), civil_date()
    hazards = Hazard.objects.visible_to(by).counting().filter(seen, found_on__gte=since)
    started = now() - dt.timedelta(days=NOTICE_DAYS)
    issued = hazards.filter(notice__isnull=False)
    late_notice = Q(notice__issued_at__gt=F("recorded_at") + dt.timedelta(days=NOTICE_DAYS))
    looks = Submission.objects.filter(hazard__in=hazards)
    visits = Inspection.objects.visible_to(by).filter(seen, planned_on__gte=since).exclude(kind="self_check")
    return [
        Punctuality("notices", **_counted(
            issued, late_notice, hazards.filter(state="found", recorded_at__lt=started))),
        Punctuality("rechecks", **_counted(
            looks.filter(rechecked_at__isnull=False), Q(rechecked_at__gt=F("recheck_due_at")),
            looks.filter(rechecked_at__isnull=True, recheck_due_at__lt=moment))),
        Punctuality("inspections", **_counted(
            visits.done(), Q(signed_at__date__gt=F("planned_on")), visits.open().filter(planned_on__lt=today))),
    ]  # fmt: skip


NOTICE_DAYS = 7  # a hazard without notice for a week is late: the ladder `ordinary` says five working days


def _counted(done: Any, late: Q, waiting: Any) -> dict[str, int]:
    counted = done.aggregate(done=Count("pk"), late=Count("pk", late))
    return {"done": counted["done"], "late": counted["late"], "waiting_late": waiting.count()}
