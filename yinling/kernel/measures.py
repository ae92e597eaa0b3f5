"""Figures with a name: what a module lets others count, and the values kept per division and day.

A measure counts rows per place for a day (`valid_on`) as known at an instant (`known_at`); sums over a division's
key ranges give every level. `keep` stores a day's values so that pages need no count over a million rows.
"""

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.db import transaction

from yinling.kernel.clock import now
from yinling.kernel.database import bulk_insert
from yinling.kernel.models import Figure

PerPlace = dict[int, int]
Count = Callable[[dt.date, dt.datetime], PerPlace]
MARGIN = dt.timedelta(minutes=5)  # a figure's known_at is at least this far past: no transaction lasts longer


@dataclass(frozen=True)
class Measure:
    """One figure. `rows_url` is the name of the page that shows its rows; `unit` an English msgid (person, bed)."""

    key: str
    title: str
    unit: str
    count: Count
    rows_url: str = ""
    more_is_better: bool | None = None


@dataclass(frozen=True)
class Ratio:
    """A share: one measure over another, its denominator stated in the title."""

    key: str
    title: str
    over: Measure
    under: Measure
    rows_url: str = ""
    more_is_better: bool | None = True


_measures: dict[str, Measure] = {}


def offer(*measures: Measure) -> None:
    """Make measures known by name."""
    _measures.update({measure.key: measure for measure in measures})


def offered() -> dict[str, Measure]:
    """All measures known, by key."""
    return dict(_measures)


def keep(day: dt.date, ancestors: dict[int, tuple[int, ...]], keys: Iterable[str] | None = None) -> int:
    """Count measures for `day` and store them for every division. `ancestors`: place -> itself and those above.

    Returns the number of figures stored. Running it again replaces the values of that day.
    """
    known_at = now() - MARGIN
    stored = 0
    for key in keys or _measures:
        per_division: PerPlace = dict.fromkeys({k for line in ancestors.values() for k in line}, 0)
        for place, value in _measures[key].count(day, known_at).items():
            for division in ancestors.get(place, ()):
                per_division[division] += value
        stored += _store(key, day, per_division, known_at)
    return stored


def _store(key: str, day: dt.date, values: PerPlace, known_at: dt.datetime) -> int:
    rows = ((key, division, day, value, known_at) for division, value in values.items())
    with transaction.atomic():
        Figure.objects.filter(measure=key, day=day).delete()
        bulk_insert(Figure, ("measure", "division_key", "day", "value", "known_at"), rows)
    return len(values)


def kept(division_key: int, keys: Iterable[str], since: dt.date) -> dict[str, list[tuple[dt.date, int]]]:
    """Stored values of a division since a day, oldest first, by measure. One query."""
    rows = Figure.objects.filter(division_key=division_key, measure__in=list(keys), day__gte=since)
    series: dict[str, list[tuple[dt.date, int]]] = {key: [] for key in keys}
    for measure, day, value in rows.order_by("day").values_list("measure", "day", "value"):
        series[measure].append((day, value))
    return series
