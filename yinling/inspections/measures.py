"""What others may count of inspections and hazards, per place, on a day, as known at an instant."""

import datetime as dt
from collections.abc import Callable

from django.db.models import Count, Q
from django.utils.translation import gettext_noop as _

from yinling.inspections.models import Hazard, Inspection
from yinling.kernel.clock import CITY_ZONE, start_of
from yinling.kernel.measures import Measure, PerPlace


def _end(day: dt.date, known_at: dt.datetime) -> dt.datetime:
    return min(start_of(day + dt.timedelta(days=1)), known_at)


def _open(extra: Callable[[dt.date], Q]) -> Callable[[dt.date, dt.datetime], PerPlace]:
    def count(day: dt.date, known_at: dt.datetime) -> PerPlace:
        end = _end(day, known_at)
        found = Hazard.objects.counting().filter(Q(closed_at__isnull=True) | Q(closed_at__gte=end), extra(day))
        rows = found.filter(recorded_at__lt=end, found_on__lte=day).values_list("place_key")
        return dict(rows.annotate(count=Count("id")))

    return count


def count_inspected(day: dt.date, known_at: dt.datetime) -> PerPlace:
    """Inspections from outside signed since the beginning of the year."""
    first = dt.datetime(day.year, 1, 1, tzinfo=CITY_ZONE)
    done = Inspection.objects.done().exclude(kind="self_check")
    rows = done.filter(signed_at__gte=first, signed_at__lt=_end(day, known_at)).values_list("place_key")
    return dict(rows.annotate(count=Count("id")))


HAZARDS_URL = "inspections:hazards"
OPEN = Measure(
    "hazards_open", _("Open hazards"), _("hazards"), _open(lambda day: Q()), HAZARDS_URL, more_is_better=False
)
MAJOR = Measure(
    "hazards_major", _("Open major hazards"), _("hazards"), _open(lambda day: Q(level="major")), HAZARDS_URL,
    more_is_better=False,
)  # fmt: skip
OVERDUE = Measure(
    "hazards_overdue", _("Hazards past their deadline"), _("hazards"), _open(lambda day: Q(due_on__lt=day)),
    HAZARDS_URL, more_is_better=False,
)  # fmt: skip
INSPECTED = Measure(
    "inspections_done", _("Inspections this year"), _("inspections"), count_inspected, "inspections:list",
    more_is_better=True,
)  # fmt: skip
MEASURES = (OPEN, MAJOR, OVERDUE, INSPECTED)
