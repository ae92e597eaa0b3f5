"""What others may count of duties, per place."""

import datetime as dt

from django.db.models import Count, Q
from django.utils.translation import gettext_noop as _

from yinling.kernel.clock import start_of
from yinling.kernel.measures import Measure, PerPlace
from yinling.worklist.models import WorkItem


def _open_on(valid_on: dt.date, known_at: dt.datetime) -> Q:
    end = min(start_of(valid_on + dt.timedelta(days=1)), known_at)
    return Q(opened_at__lt=end) & (Q(closed_at__isnull=True) | Q(closed_at__gte=end))


def count_open(valid_on: dt.date, known_at: dt.datetime) -> PerPlace:
    """Duties open at the end of a day, per place."""
    rows = WorkItem.objects.filter(_open_on(valid_on, known_at)).values_list("place_key")
    return dict(rows.annotate(count=Count("id")))


def count_late(valid_on: dt.date, known_at: dt.datetime) -> PerPlace:
    """Duties open and past their time at the end of a day, per place."""
    end = min(start_of(valid_on + dt.timedelta(days=1)), known_at)
    rows = WorkItem.objects.filter(_open_on(valid_on, known_at), due_at__lt=end).values_list("place_key")
    return dict(rows.annotate(count=Count("id")))


OPEN = Measure("worklist.open", _("Open duties"), _("duty"), count_open, "worklist:mine", more_is_better=False)
LATE = Measure("worklist.late", _("Late duties"), _("duty"), count_late, "worklist:late", more_is_better=False)
