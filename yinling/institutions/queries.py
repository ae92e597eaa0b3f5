"""Reads: institutions, beds, stays, the waiting list, occupancy at any level for any past day."""

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Prefetch, Q, QuerySet

from yinling.institutions import rules
from yinling.institutions.models import (
    Application,
    Bed,
    BedState,
    BedUse,
    Certificate,
    Institution,
    Leave,
    Licence,
    Staff,
    Stay,
)  # fmt: skip
from yinling.institutions.models.sites import PUBLIC_MODELS
from yinling.institutions.occupancy import Beds, by_institution, end_of
from yinling.kernel.actors import Actor
from yinling.kernel.clock import civil_date, now
from yinling.kernel.names import normalise_name
from yinling.kernel.scope import within
from yinling.people.models import Person
from yinling.people.queries import file_ids
from yinling.places.queries import ancestors, key_ranges
from yinling.web.paging import Page, keyset_page

MARGIN = dt.timedelta(minutes=5)  # figures are asked as known a little past: no transaction lasts longer
OPEN_USE = Prefetch(
    "uses", BedUse.objects.open().select_related("stay__person", "application__person"), to_attr="open_uses"
)
PRESENT_STATE = Prefetch("states", BedState.objects.current().filter(valid_to__isnull=True), to_attr="present_states")


@dataclass(frozen=True)
class Filters:
    """What a list is narrowed to. Empty means: any."""

    text: str = ""
    kind: str = ""
    model: str = ""
    place_key: int = 0
    with_closed: bool = False

    @classmethod
    def from_address(cls, address: Mapping[str, str]) -> "Filters":
        """The filters in an address; what makes no sense is left out."""
        place = address.get("place", "")
        return cls(
            text=address.get("q", "")[:60],
            kind=address.get("kind", ""),
            model=address.get("model", ""),
            place_key=int(place) if place.isascii() and place.isdigit() and len(place) == 12 else 0,
            with_closed=address.get("closed") == "1",
        )


def institutions_for(by: Actor, filters: Filters) -> QuerySet[Institution]:
    """Institutions the actor sees that match every filter. Unordered."""
    found = Institution.objects.visible_to(by)
    if filters.place_key:
        found = found.filter(within(key_ranges([filters.place_key])))
    if filters.kind:
        found = found.filter(kind=filters.kind)
    if filters.model:
        found = found.filter(operator_model=filters.model)
    if not filters.with_closed:
        found = found.filter(closed_on__isnull=True)
    if text := normalise_name(filters.text):
        found = found.filter(Q(name__contains=text) | Q(initials__startswith=text.lower()) | Q(filing_number=text))
    return found


def institution_page(by: Actor, filters: Filters, address: Mapping[str, str], size: int = 50) -> Page[Institution]:
    """One page of the list, in order of place."""
    return keyset_page(institutions_for(by, filters), order=("place_key", "id"), address=address, size=size)


def institution(uid: object, by: Actor) -> Institution:
    """One institution the actor sees. Raises NotFound."""
    return Institution.objects.visible_to(by).select_related("organisation", "operator").one(uid=uid)


def beds_of(
    homes: list[Institution], day: dt.date | None = None, known_at: dt.datetime | None = None
) -> dict[int, Beds]:
    """Beds of these institutions at the end of a day (default: as it stands now), by primary key. Two statements."""
    only = Q(bed__institution__in=[home.pk for home in homes])
    return by_institution(day or civil_date(), known_at or now(), institutions=only)


@dataclass(frozen=True)
class Division:
    """Beds of one division; None as key stands for the sum."""

    key: int
    beds: Beds


def occupancy(
    by: Actor,
    *,
    division: int,
    day: dt.date,
    known_at: dt.datetime | None = None,
    kind: str = "",
    model: str = "",
    only_public: bool = False,
) -> tuple[Beds, dict[int, Beds]]:
    """(the sum, per division directly below) of the homes the actor sees under a division. Three statements."""
    filters = Filters(kind=kind, model=model, place_key=division, with_closed=True)
    homes = institutions_for(by, filters)
    if only_public:
        homes = homes.filter(
            operator_model__in=PUBLIC_MODELS, kind__in=("city_centre", "county_centre", "regional_home")
        )
    places = dict(homes.values_list("pk", "place_key"))
    prefix = Q(bed__institution__in=homes.values("pk"))
    beds = by_institution(day, known_at or _known(day), institutions=prefix)
    lines, total = ancestors(), Beds()
    below: dict[int, Beds] = defaultdict(Beds)
    for home, found in beds.items():
        line = lines.get(places.get(home, 0), ())
        total += found
        below[_just_below(line, division)] += found
    return total, dict(below)


def _known(day: dt.date) -> dt.datetime:
    """Today is shown as it stands; a past day's figure must be the same when it is asked again."""
    return now() if day >= civil_date() else now() - MARGIN


def _just_below(line: tuple[int, ...], division: int) -> int:
    """The division of the line that lies directly under `division`; itself when nothing does."""
    if division not in line:
        return line[-1] if line else division
    at = line.index(division)
    return line[at - 1] if at else division


def occupancy_by_kind(
    by: Actor, *, division: int, day: dt.date, known_at: dt.datetime | None = None
) -> dict[str, Beds]:
    """Beds by kind of institution under a division. Three statements."""
    homes = institutions_for(by, Filters(place_key=division, with_closed=True))
    kinds = dict(homes.values_list("pk", "kind"))
    beds = by_institution(day, known_at or _known(day), institutions=Q(bed__institution__in=homes.values("pk")))
    found: dict[str, Beds] = defaultdict(Beds)
    for home, values in beds.items():
        found[kinds[home]] += values
    return dict(found)


def occupied_over_time(home: Institution, days: list[dt.date]) -> list[int]:
    """How many beds of a home were occupied at the end of each day, as known today. One statement."""
    rows = BedUse.objects.current().filter(bed__institution=home).values_list("kind", "valid_from", "valid_to")
    return rules.held_at([rules.Held(*row) for row in rows], [end_of(day) for day in days])


def bed_plan(home: Institution) -> list[Bed]:
    """Every bed of a home with its room, state and present holder, in order of buildings, floors and rooms."""
    beds = Bed.objects.filter(institution=home).select_related("room__floor__building")
    return list(
        beds.prefetch_related(OPEN_USE, PRESENT_STATE).order_by(
            "room__floor__building__name", "room__floor__number", "room__number", "label", "id"
        )
    )


def bed(uid: object, by: Actor) -> Bed:
    """One bed with its holder and history. Raises NotFound."""
    beds = Bed.objects.visible_to(by).select_related("institution", "room__floor__building")
    return beds.prefetch_related(OPEN_USE, PRESENT_STATE).one(uid=uid)


def uses_of(found: Bed, limit: int = 30) -> list[BedUse]:
    """Who held a bed, newest first, as known today."""
    uses = BedUse.objects.current().filter(bed=found).select_related("stay__person", "application__person")
    return list(uses.order_by("-valid_from", "-id")[:limit])


def residents(home: Institution) -> QuerySet[Stay]:
    """Stays of today, with persons and beds."""
    uses = Prefetch("uses", BedUse.objects.open().select_related("bed__room"), to_attr="open_uses")
    out = Prefetch("leaves", Leave.objects.filter(back_at__isnull=True), to_attr="open_leaves")
    return Stay.objects.present().filter(institution=home).select_related("person").prefetch_related(uses, out)


def stay(uid: object, by: Actor) -> Stay:
    """One stay. Raises NotFound."""
    return Stay.objects.visible_to(by).select_related("person", "institution", "application").one(uid=uid)


def stays_of(person: Person) -> list[Stay]:
    """All stays of a person, merged files included, newest first. The caller has seen the person."""
    stays = Stay.objects.counting().filter(person_id__in=file_ids(person)).select_related("institution")
    return list(stays.order_by("-admitted_at", "-id"))


def applications_of(person: Person) -> list[Application]:
    """Applications of a person that are still open."""
    found = Application.objects.filter(person_id__in=file_ids(person), state__in=["submitted", "waiting"])
    return list(found.select_related("institution").order_by("-id"))


def application(uid: object, by: Actor) -> Application:
    """One application. Raises NotFound."""
    return Application.objects.visible_to(by).select_related("person", "institution").one(uid=uid)


def waiting_list(by: Actor, home_uid: UUID | None = None, limit: int = 200) -> list[Application]:
    """Open applications: to be reviewed first, then the waiting list in its order."""
    scope = Application.objects.visible_to(by).select_related("person", "institution")
    if home_uid is not None:
        scope = scope.filter(institution__uid=home_uid)
    submitted = list(scope.filter(state="submitted").order_by("submitted_at", "id")[:limit])
    return submitted + list(scope.waiting()[:limit])


def licences_of(home: Institution) -> list[Licence]:
    """What the institution holds today, what ends first on top."""
    rows = Licence.objects.current().filter(institution=home)
    return sorted(rows, key=lambda licence: (licence.expires_on or dt.date.max, licence.kind))


def staff_of(home: Institution) -> list[Staff]:
    """Who works there today, with certificates."""
    papers = Prefetch("certificates", Certificate.objects.current().order_by("kind"), to_attr="present_certificates")
    return list(home.staff.filter(left_on__isnull=True).prefetch_related(papers).order_by("post", "id"))


def leave(uid: object, by: Actor) -> Leave:
    """One slip. Raises NotFound."""
    return Leave.objects.visible_to(by).select_related("stay__person", "stay__institution").one(uid=uid)


def leaves_of(found: Stay, limit: int = 20) -> list[Leave]:
    """Slips of a stay, newest first."""
    return list(Leave.objects.filter(stay=found).order_by("-out_at", "-id")[:limit])


def labels(uids: list[UUID], by: Actor) -> dict[UUID, Any]:
    """Institutions by uid, for whoever shows many at once. One statement."""
    return {home.uid: home for home in Institution.objects.visible_to(by).filter(uid__in=uids)}
