"""Figures of a division, from the values kept by day: present value, change since last month, a year's line."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from yinling.kernel.measures import Measure, Ratio, kept, offered
from yinling.web import words
from yinling.web.pieces import Figure

YEAR = dt.timedelta(days=400)
Series = list[tuple[dt.date, int]]


@dataclass(frozen=True)
class Chosen:
    """What a desk shows: measures by key, and shares of one over another."""

    measures: tuple[str, ...] = ()
    ratios: tuple[Ratio, ...] = ()


_chosen = Chosen()


def choose(measures: Sequence[str], ratios: Sequence[Ratio] = ()) -> None:
    """Say which figures the desk shows, in order. Called by the roof at start."""
    global _chosen
    _chosen = Chosen(tuple(measures), tuple(ratios))


def desk_measures() -> tuple[str, ...]:
    """Keys of the measures a desk shows, in order."""
    return _chosen.measures


def figures_of(division_key: int, today: dt.date, language: str) -> list[Figure]:
    """The chosen figures of one division. One query."""
    known = offered()
    keys = [*_chosen.measures, *(m.key for r in _chosen.ratios for m in (r.over, r.under))]
    series = kept(division_key, dict.fromkeys(keys), today - YEAR)
    counts = [_count(known[key], series[key], division_key) for key in _chosen.measures if series.get(key)]
    shares = [_share(r, series[r.over.key], series[r.under.key], division_key, language) for r in _chosen.ratios]
    return counts + [share for share in shares if share]


def _count(measure: Measure, series: Series, division_key: int) -> Figure:
    value, before = series[-1][1], _month_before(series)
    change = value - before if before is not None else None
    return Figure(
        label=_(measure.title),
        value=words.number(value),
        url=_rows(measure.rows_url, division_key, measure.key),
        unit=_(measure.unit),
        change=words.change(change) if change is not None else "",
        direction=_direction(change),
        is_good=None if measure.more_is_better is None or not change else (change > 0) == measure.more_is_better,
        history=[v for _day, v in series[-12:]],
    )


def _share(ratio: Ratio, over: Series, under: Series, division_key: int, language: str) -> Figure | None:
    below = dict(under)
    points = [(day, value / below[day]) for day, value in over if below.get(day)]
    if not points:
        return None
    value = points[-1][1]
    change = value - points[-2][1] if len(points) > 1 else None
    return Figure(
        label=_(ratio.title),
        value=words.number(value * 100, 1),
        url=_rows(ratio.rows_url, division_key, ratio.key),
        unit="%",
        change=words.points(change, language=language) if change is not None else "",
        direction=_direction(change),
        is_good=None if ratio.more_is_better is None or not change else (change > 0) == ratio.more_is_better,
        history=[share for _day, share in points[-12:]],
    )


def _month_before(series: Series) -> int | None:
    """The value about a month before the last one: the newest that is at least 25 days older."""
    last = series[-1][0]
    older = [value for day, value in series if (last - day).days >= 25]
    return older[-1] if older else None


def _direction(change: float | None) -> str:
    if not change:
        return ""
    return "up" if change > 0 else "down"


def _rows(url_name: str, division_key: int, key: str) -> str:
    if not url_name:
        return ""
    category = f"&category={key}" if url_name == "people:list" and key != "elders" else ""
    age = "&age_from=60" if key == "elders" else ""
    return f"{reverse(url_name)}?place={division_key}{category}{age}"


def as_of(division_key: int, today: dt.date) -> dt.date | None:
    """The day the figures stand for."""
    series = kept(division_key, list(_chosen.measures)[:1], today - YEAR)
    days = [points[-1][0] for points in series.values() if points]
    return days[0] if days else None
