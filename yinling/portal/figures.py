"""Open figures: what the city counts and anybody may see, from the values kept by day, with the day they stand for."""

import datetime as dt
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from yinling.kernel.clock import civil_date
from yinling.kernel.measures import kept
from yinling.web import words
from yinling.web.pieces import Figure

# Measures offered by `people` and `institutions`; those that nobody has counted yet are left out.
KEYS = ("elders", "homes", "beds_set_up", "nursing_beds")
YEAR = dt.timedelta(days=400)


@dataclass(frozen=True)
class OpenFigures:
    """The figures of the newest day on which any was counted; no rows before the first count."""

    day: dt.date | None
    rows: list[Figure]


def open_figures(division_key: int) -> OpenFigures:
    """The city's figures. One statement."""
    series = kept(division_key, KEYS, civil_date() - YEAR)
    newest = max((points[-1][0] for points in series.values() if points), default=None)
    texts = _texts()
    values = {key: dict(points).get(newest) for key, points in series.items()} if newest else {}
    rows = [_figure(key, value, *texts[key]) for key, value in values.items() if value is not None]
    return OpenFigures(newest, rows)


def _texts() -> dict[str, tuple[str, str, str]]:
    """Label, unit, and the reason where rows cannot be opened."""
    return {
        "elders": (_("Residents aged 60 or older"), _("people"), _("A number only: nobody's file is public.")),
        "homes": (_("Homes for the elderly"), _("homes"), ""),
        "beds_set_up": (_("Beds in them"), _("beds"), ""),
        "nursing_beds": (_("of these for nursing"), _("beds"), ""),
    }  # fmt: skip


def _figure(key: str, value: int, label: str, unit: str, why: str) -> Figure:
    url = "" if why else f"{reverse('portal:care')}?need=live"
    return Figure(label=label, value=words.number(value), url=url, unit=unit, why=why)
