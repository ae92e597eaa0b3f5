"""What others may count of alerts, per place, on a day, as known at an instant."""

import datetime as dt
from collections.abc import Callable

from django.db.models import Count, Q
from django.utils.translation import gettext_noop as _

from yinling.kernel.clock import CITY_ZONE, start_of
from yinling.kernel.measures import Measure, PerPlace, Ratio
from yinling.supervision.models import Alert

LIST = "supervision:alerts"


def _end(day: dt.date, known_at: dt.datetime) -> dt.datetime:
    return min(start_of(day + dt.timedelta(days=1)), known_at)


def _open(level: int) -> Callable[[dt.date, dt.datetime], PerPlace]:
    """Alerts of a level that were raised and not yet resolved at the end of the day."""

    def count(day: dt.date, known_at: dt.datetime) -> PerPlace:
        end = _end(day, known_at)
        alive = Q(resolved_at__isnull=True) | Q(resolved_at__gte=end)
        rows = Alert.objects.filter(alive, level=level, detected_at__lt=end).values_list("place_key")
        return dict(rows.annotate(count=Count("id")))

    return count


def _this_year(condition: Q) -> Callable[[dt.date, dt.datetime], PerPlace]:
    """Alerts raised since the beginning of the year."""

    def count(day: dt.date, known_at: dt.datetime) -> PerPlace:
        first = dt.datetime(day.year, 1, 1, tzinfo=CITY_ZONE)
        found = Alert.objects.filter(condition, detected_at__gte=first, detected_at__lt=_end(day, known_at))
        return dict(found.values_list("place_key").annotate(count=Count("id")))

    return count


def _measure(key: str, title: str, count: Callable[[dt.date, dt.datetime], PerPlace], better: bool | None) -> Measure:
    return Measure(key, title, _("alerts"), count, LIST, more_is_better=better)


BLUE = _measure("alerts_open_blue", _("Open blue alerts"), _open(0), False)
YELLOW = _measure("alerts_open_yellow", _("Open yellow alerts"), _open(1), False)
ORANGE = _measure("alerts_open_orange", _("Open orange alerts"), _open(2), False)
RED = _measure("alerts_open_red", _("Open red alerts"), _open(3), False)
RAISED = _measure("alerts_raised", _("Alerts raised this year"), _this_year(Q()), None)
ANSWERED = _measure(
    "alerts_answered", _("Alerts acknowledged this year"), _this_year(Q(acknowledged_at__isnull=False)), None
)
IN_TIME = _measure(
    "alerts_in_time", _("Alerts acknowledged in time this year"), _this_year(Q(acknowledged_in_time=True)), True
)
VERIFIED = _measure("alerts_verified", _("Alerts verified this year"), _this_year(Q(verified_at__isnull=False)), None)
RIGHT = _measure(
    "alerts_right", _("Alerts verified as true this year"), _this_year(Q(verified_at__isnull=False, is_false=False)),
    True,
)  # fmt: skip
MEASURES = (BLUE, YELLOW, ORANGE, RED, RAISED, ANSWERED, IN_TIME, VERIFIED, RIGHT)
RATIOS = (
    Ratio("alerts_answered_in_time", _("Acknowledged in time, of all acknowledged"), IN_TIME, ANSWERED, LIST),
    Ratio("alerts_precision", _("Verified true, of all verified"), RIGHT, VERIFIED, LIST),
)
