"""What pages show: codes in words, beds with state and holder, months of occupancy. Names stay masked."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yinling.institutions import parameters
from yinling.institutions.beds_free import bed_words, free_beds
from yinling.institutions.models import Bed, BedUse, Institution
from yinling.institutions.models.rooms import CLOSED, USABLE
from yinling.institutions.models.sites import HOMES, PUBLIC_MODELS
from yinling.institutions.occupancy import Beds
from yinling.institutions.queries import (
    Filters,
    beds_of,
    first_ends,
    institutions_for,
    licence_state,
    staffing_of,
)
from yinling.institutions.ratios import Norm
from yinling.institutions.rules import Staffing, last_day_of_offer
from yinling.kernel.actors import Actor
from yinling.kernel.clock import civil_date
from yinling.kernel.names import mask_name
from yinling.kernel.reasons import Reason
from yinling.people.models import Person
from yinling.places.queries import tree
from yinling.reference.queries import choices, label
from yinling.web import words
from yinling.web.pieces import Chip, Crumb

MEDICAL_KINDS = {
    "rehabilitation_hospital": gettext_lazy("Rehabilitation hospital in the house"),
    "nursing_home": gettext_lazy("Nursing hospital in the house"),
    "clinic": gettext_lazy("Clinic in the house"),
    "own": gettext_lazy("Medical unit in the house"),
}
LICENCE_STATES = {
    "expired": gettext_lazy("Papers expired"), "expiring": gettext_lazy("Papers running out"),
    "valid": gettext_lazy("Papers valid"), "none": gettext_lazy("No papers on file"),
}  # fmt: skip


@dataclass(frozen=True)
class HomeRow:
    """One line of the list: `features` are its models, plaque and medical unit in words."""

    home: Institution
    kind: str
    model: str
    place: str
    beds: Beds
    has_beds: bool
    staffing: Staffing | None
    licence: str  # expired, expiring, valid, none
    licence_words: str
    licence_ends: dt.date | None
    features: tuple[str, ...]


def home_rows(homes: Iterable[Institution]) -> list[HomeRow]:
    """Lines of the list, with beds, carers and papers as they stand now. Five statements."""
    homes = list(homes)
    beds, staffing, ends = beds_of(homes), staffing_of(homes), first_ends([home.pk for home in homes])
    rows = []
    for home in homes:
        state = licence_state(home.pk in ends, ends.get(home.pk), civil_date())
        rows.append(
            HomeRow(
                home, label("institution_kind", home.kind), label("operator_model", home.operator_model),
                tree().path(home.place_key), beds.get(home.pk, Beds()), home.pk in beds, staffing.get(home.pk),
                state, str(LICENCE_STATES[state]), ends.get(home.pk), features_of(home),
            )
        )  # fmt: skip
    return rows


def features_of(home: Institution) -> tuple[str, ...]:
    """What sets a site apart, in words."""
    coded = (("mutual_aid_model", home.mutual_aid_model), ("combination_model", home.combination))
    found = [label(list_key, code) for list_key, code in coded if code]
    if home.medical_kind:
        found.append(medical_words(home.medical_kind))
    return (*found, _("charity canteen")) if home.has_canteen_plaque else tuple(found)


def medical_words(code: str) -> str:
    """The medical unit in the house, in words."""
    return str(MEDICAL_KINDS.get(code, code))


def list_context(filters: Filters, by: Actor) -> dict[str, Any]:
    """Filters of the list, as chips and divisions below."""
    places = tree()
    return {
        "filters": filters,
        "kinds": kind_chips(),
        "division": places.name(filters.place_key) if filters.place_key else "",
        "children": places.children(filters.place_key) if filters.place_key else [],
    }


def kind_chips() -> list[Chip]:
    """The kinds of institution as filters."""
    return [Chip(code, text) for code, text in choices("institution_kind")]


def kinds_in_words(kinds: dict[str, Beds]) -> list[tuple[str, str, Beds]]:
    """Beds by kind, with the kind in words."""
    return [(label("institution_kind", kind), kind, beds) for kind, beds in kinds.items()]


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
    rows: list[tuple[dt.date, Beds]]


def trend_of(days: list[dt.date], beds: list[Beds]) -> Trend:
    """A year of occupied beds, drawn and as a table."""
    rows = list(zip(days, beds, strict=True))
    columns = [(f"{day.month}", float(one.occupied), words.number(one.occupied)) for day, one in rows]
    sentence = _("Occupied beds at the end of each month: from {first} to {last}.").format(
        first=rows[0][1].occupied, last=rows[-1][1].occupied
    )
    return Trend(columns, sentence, rows)


@dataclass(frozen=True)
class TargetLine:
    """A share beside its target, both from 0 to 1, and where the target is written."""

    words: str
    share: float
    goal: float
    source: str
    is_verified: bool

    @property
    def is_reached(self) -> bool:
        """Whether the share has come up to the target."""
        return self.share >= self.goal


def target_lines(total: Beds, public: Beds, day: dt.date) -> list[TargetLine]:
    """Occupancy of public homes and nursing beds beside their targets, where a pack states them and beds stand."""
    wanted = (
        (_("Residents of set up, public homes"), public.rate_of_set_up, parameters.occupancy_target(day)),
        (_("Nursing beds of set up"), total.nursing_share, parameters.nursing_target(day)),
    )
    return [
        TargetLine(name, share, int(fact.value) / 100, fact.source, fact.verified)
        for name, share, fact in wanted
        if share is not None and fact is not None
    ]


@dataclass(frozen=True)
class Group:
    """Residents of one degree of need, how many one carer looks after, and where that is written."""

    words: str
    residents: int
    norm: Norm


def groups_of(staffing: Staffing, stated: tuple[Norm, Norm, Norm]) -> list[Group]:
    """Residents by degree of need beside the norm of each."""
    names = (_("Care for themselves"), _("Need some care (levels 1, 2)"), _("Need full care (levels 3, 4)"))
    return [Group(*one) for one in zip(names, staffing.groups, stated, strict=True)]


def reasons_of(stored: list[Any]) -> list[Reason]:
    """Stored sentences."""
    return [Reason.from_data(data) for data in stored]


def is_public(home: Institution) -> bool:
    """Whether classes of admission apply."""
    return home.operator_model in PUBLIC_MODELS and home.kind in HOMES


def bed_choices(home: Institution) -> list[tuple[str, str]]:
    """The free beds of a home, for a form. One statement."""
    beds = free_beds(home).select_related("room").order_by("id")[:300]
    return [(str(bed.uid), f"{bed_words(bed)} · {label('bed_kind', bed.kind)}") for bed in beds]


def kept_until(reserved: BedUse | None) -> dt.date | None:
    """The last day on which a bed is kept for an answer; None where no offer lapses."""
    days = parameters.offer_days()
    if reserved is None or days is None:
        return None
    return last_day_of_offer(civil_date(reserved.valid_from), days)


def home_choices(by: Actor) -> list[tuple[str, str]]:
    """The open homes the actor sees, with their free beds, for a form. Three statements."""
    open_now = institutions_for(by, Filters()).filter(kind__in=HOMES)
    homes = list(open_now.order_by("place_key", "id")[:300])
    beds, places = beds_of(homes), tree()
    return [
        (
            str(home.uid),
            _("{home} · {count} beds free · {place}").format(
                home=home.name, place=places.path(home.place_key), count=beds.get(home.pk, Beds()).free
            ),
        )
        for home in homes
    ]


def person_words(person: Person) -> str:
    """Somebody as a line: name masked, sex, birth date, where they live."""
    born = person.birth_date.isoformat() if person.birth_date else ""
    place = tree().path(person.place_key)
    return " · ".join(filter(None, (mask_name(person.name), label("sex", person.sex), born, place)))
