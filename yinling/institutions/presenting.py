"""What pages show: codes in words, beds with state and holder, months of occupancy. Names stay masked."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from yinling.institutions.models import Bed, BedUse, Institution
from yinling.institutions.models.rooms import CLOSED, USABLE
from yinling.institutions.models.sites import HOMES, PUBLIC_MODELS
from yinling.institutions.occupancy import Beds
from yinling.institutions.queries import Filters, beds_of, occupied_over_time
from yinling.kernel.actors import Actor
from yinling.kernel.names import mask_name
from yinling.kernel.reasons import Reason
from yinling.places.queries import tree
from yinling.reference.queries import choices, label
from yinling.web import words
from yinling.web.pieces import Chip, Crumb

PUBLIC_KINDS = ("city_centre", "county_centre", "regional_home")


@dataclass(frozen=True)
class HomeRow:
    """One line of the list."""

    home: Institution
    kind: str
    model: str
    place: str
    beds: Beds
    has_beds: bool


def home_rows(homes: Iterable[Institution]) -> list[HomeRow]:
    """Lines of the list, with beds as they stand now. Two statements."""
    homes = list(homes)
    beds, places = beds_of(homes), tree()
    return [
        HomeRow(
            home, label("institution_kind", home.kind), label("operator_model", home.operator_model),
            places.path(home.place_key), beds.get(home.pk, Beds()), home.pk in beds,
        )
        for home in homes
    ]  # fmt: skip


def list_context(filters: Filters, by: Actor) -> dict[str, Any]:
    """Filters of the list, as chips and divisions below."""
    places = tree()
    return {
        "filters": filters,
        "kinds": [Chip(code, text) for code, text in choices("institution_kind")],
        "models": [Chip(code, text) for code, text in choices("operator_model")],
        "division": places.name(filters.place_key) if filters.place_key else "",
        "children": places.children(filters.place_key) if filters.place_key else [],
    }


def crumbs(home: Institution, *more: Crumb) -> list[Crumb]:
    """The way to an institution: the list, its county, itself."""
    here = Crumb(home.name, reverse("institutions:institution", args=[home.uid]) if more else "")
    county = tree().above(home.place_key, "county")
    first = [Crumb(_("Institutions"), reverse("institutions:list"))]
    if county is not None:
        first.append(Crumb(county.name, f"{reverse('institutions:list')}?place={county.key}"))
    return [*first, here, *more]


@dataclass(frozen=True)
class BedCell:
    """One bed of the plan: state in words, icon, and who is in it (masked)."""

    bed: Bed
    kind: str
    state: str
    words: str
    icon: str
    who: str


STATE_ICONS = {
    "occupied": "user", "reserved": "clock", "free": "check", "under_repair": "tool", "closed": "x",
}  # fmt: skip


def bed_cell(bed: Bed) -> BedCell:
    """A bed with what holds today (needs `queries.bed_plan` or `queries.bed`)."""
    use: BedUse | None = next(iter(getattr(bed, "open_uses", ())), None)
    present = next(iter(getattr(bed, "present_states", ())), None)
    state = use.kind if use else _standing(present.state if present else CLOSED)
    texts = {
        "occupied": _("occupied"), "reserved": _("reserved"), "free": _("free"), "under_repair": _("under repair"),
        "closed": _("closed"),
    }  # fmt: skip
    person = (use.stay.person if use.stay else use.application.person if use.application else None) if use else None
    who = mask_name(person.name) if person else ""
    return BedCell(bed, label("bed_kind", bed.kind), state, texts[state], STATE_ICONS[state], who)


def _standing(state: str) -> str:
    return "free" if state == USABLE else state


@dataclass(frozen=True)
class FloorPlan:
    """A floor with its rooms, each a list of beds."""

    building: str
    floor: int
    rooms: list[tuple[str, list[BedCell]]]
    free: int
    count: int


def floor_plans(beds: list[Bed]) -> list[FloorPlan]:
    """The plan of a home, floor by floor. `beds` in the order of `queries.bed_plan`."""
    plans = []
    for (building, floor), on_floor in groupby(beds, lambda b: (b.room.floor.building.name, b.room.floor.number)):
        cells = [bed_cell(bed) for bed in on_floor]
        rooms: dict[str, list[BedCell]] = defaultdict(list)
        for cell in cells:
            rooms[cell.bed.room.number].append(cell)
        free = sum(cell.state == "free" for cell in cells)
        plans.append(FloorPlan(building, floor, list(rooms.items()), free, len(cells)))
    return plans


def plan_counts(beds: list[Bed]) -> list[tuple[str, str, int]]:
    """How many beds of each standing: icon, words, count."""
    counts: dict[str, int] = defaultdict(int)
    texts: dict[str, str] = {}
    for cell in map(bed_cell, beds):
        counts[cell.state] += 1
        texts[cell.state] = cell.words
    return [(STATE_ICONS[state], texts[state], counts[state]) for state in STATE_ICONS if state in counts]


def month_ends(today: dt.date, count: int = 12) -> list[dt.date]:
    """The last days of the months before this one, oldest first, and today."""
    ends = []
    day = today.replace(day=1) - dt.timedelta(days=1)
    for _number in range(count - 1):
        ends.append(day)
        day = day.replace(day=1) - dt.timedelta(days=1)
    return [*reversed(ends), today]


@dataclass(frozen=True)
class Trend:
    """Occupied beds at the ends of months: columns, the whole as a sentence, and the rows of the table."""

    columns: list[tuple[str, float, str]]
    sentence: str
    rows: list[tuple[dt.date, int]]


def trend_of(home: Institution, today: dt.date) -> Trend:
    """A year of occupied beds. One statement."""
    days = month_ends(today)
    rows = list(zip(days, occupied_over_time(home, days), strict=True))
    columns = [(f"{day.month}", float(count), words.number(count)) for day, count in rows]
    sentence = _("Occupied beds at the end of each month: from {first} to {last}.").format(
        first=rows[0][1], last=rows[-1][1]
    )
    return Trend(columns, sentence, rows)


def reasons_of(stored: list[Any]) -> list[Reason]:
    """Stored sentences."""
    return [Reason.from_data(data) for data in stored]


def is_public(home: Institution) -> bool:
    """Whether classes of admission apply."""
    return home.operator_model in PUBLIC_MODELS and home.kind in HOMES
