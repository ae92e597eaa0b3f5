"""Figures of the past year, kept as the nightly job would have kept them, so that every desk shows a line."""

from __future__ import annotations

from datetime import date, timedelta

from yinling.kernel.measures import keep
from yinling.places.models import Level
from yinling.places.queries import tree

_MONTHS = 13


def keep_figures(today: date, *, in_full: int) -> int:
    """Count every measure for the last day of each of the last months, and for today. Returns the number of days.

    The past of single villages is kept for one division only (`in_full`): three thousand villages times a year of every
    measure would be most of a small database, and the nightly job fills them from now on.
    """
    places = tree()
    above = {
        key: line if in_full in line else tuple(k for k in line if places.divisions[k].level != Level.VILLAGE)
        for key, line in places.lines.items()
    }
    days = month_ends(today)
    for day in days[:-1]:
        keep(day, above)
    keep(today, places.lines)
    return len(days)


def month_ends(today: date) -> list[date]:
    """The last days of the thirteen months before this one, oldest first, and today."""
    days = [today]
    for _ in range(_MONTHS):
        days.append(days[-1].replace(day=1) - timedelta(days=1))
    return days[::-1]
