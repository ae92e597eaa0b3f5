"""Homes and beds for programs: find, one, its occupancy on a day, which have free beds."""

import datetime as dt
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from ninja import Query, Schema

from yinling.institutions import queries
from yinling.institutions.models import Institution
from yinling.institutions.occupancy import Beds
from yinling.institutions.permissions import Institutions
from yinling.kernel.actors import Actor, require
from yinling.kernel.clock import civil_date
from yinling.kernel.errors import NotFound, Refused
from yinling.places.queries import tree
from yinling.web.api.frame import Answered, ApiRequest, Asked, Code, Paged, PlaceKey, Word, router, told

institutions = router(_("Homes and beds"))


class BedsOut(Schema):
    """Beds at the end of a day. `occupied` over `usable` is the occupancy; `reserved` counts residents in hospital."""

    set_up: int
    usable: int
    occupied: int
    reserved: int
    free: int
    residents: int
    nursing: int
    nursing_held: int


class InstitutionOut(Schema):
    """A site of care with its beds as they stand now. Codes are those of the code lists."""

    uid: UUID
    name: str
    kind: str
    operator_model: str
    level: int | None
    place_key: int
    place: str
    address: str
    phone: str
    longitude: float | None
    latitude: float | None
    opened_on: dt.date | None
    closed_on: dt.date | None
    beds: BedsOut


class InstitutionFile(InstitutionOut):
    """One site with what else is on file. Fees in fen a month."""

    filing_number: str | None
    credit_code: str | None
    fees: dict[str, Any]
    area_m2: int | None
    floor_area_m2: int | None
    services: list[str]
    mutual_aid_model: str
    combination: str
    medical_kind: str
    has_canteen_plaque: bool


class InstitutionsAsked(Paged):
    """Part of a name or initials, kind, operator model, division; closed ones on request."""

    q: Word = ""
    kind: Code = ""
    model: Code = ""
    place: PlaceKey | None = None
    with_closed: bool = False

    def filters(self) -> queries.Filters:
        """As the list of the pages reads them."""
        return queries.Filters(self.q, self.kind, self.model, self.place or 0, self.with_closed)


class BedsFreeAsked(Paged):
    """Kind of home and division."""

    kind: Code = ""
    place: PlaceKey | None = None


class DayAsked(Asked):
    """A day up to today; none: as it stands now."""

    on: dt.date | None = None

    def day(self) -> dt.date:
        """The day asked for. Raises Refused for one to come."""
        today = civil_date()
        if self.on is not None and self.on > today:
            raise Refused(
                "{on} is still to come; the last day is {today}. Ask for a day that has begun.",
                field="on", on=self.on, today=today,
            )  # fmt: skip
        return self.on or today


class DivisionBeds(Schema):
    """Beds of a division."""

    division: int
    name: str
    beds: BedsOut


class Occupancy(Schema):
    """Beds at the end of a day: the sum, and the divisions directly below."""

    on: dt.date
    total: BedsOut
    below: list[DivisionBeds]


class OccupancyOfHome(Schema):
    """Beds of one site at the end of a day."""

    on: dt.date
    beds: BedsOut


def _beds(beds: Beds) -> BedsOut:
    return BedsOut(
        set_up=beds.set_up, usable=beds.usable, occupied=beds.occupied, reserved=beds.reserved, free=beds.free,
        residents=beds.residents, nursing=beds.nursing, nursing_held=beds.nursing_held,
    )  # fmt: skip


def _home(home: Institution, beds: Beds) -> dict[str, Any]:
    return {
        "uid": home.uid, "name": home.name, "kind": home.kind, "operator_model": home.operator_model,
        "level": home.level, "place_key": home.place_key, "place": tree().path(home.place_key),
        "address": home.address, "phone": home.phone, "longitude": home.longitude, "latitude": home.latitude,
        "opened_on": home.opened_on, "closed_on": home.closed_on, "beds": _beds(beds),
    }  # fmt: skip


@institutions.get("/institutions", response=Answered[InstitutionOut], **told(_("Find homes"), Institutions.READ))
def find_institutions(request: ApiRequest, asked: Query[InstitutionsAsked]) -> Answered[InstitutionOut]:
    """Homes and other sites of the token's divisions, in order of place."""
    require(request.auth, Institutions.READ)
    page = queries.institution_page(request.auth, asked.filters(), asked.address, asked.size)
    asked.refuse_damaged(page)
    return Answered(items=_with_beds(page.rows), next=page.next)


def _with_beds(homes: Any) -> list[InstitutionOut]:
    beds = queries.beds_of(list(homes))
    return [InstitutionOut(**_home(home, beds.get(home.pk, Beds()))) for home in homes]


@institutions.get("/beds-free", response=Answered[InstitutionOut], **told(_("Homes with free beds"), Institutions.READ))
def beds_free(request: ApiRequest, asked: Query[BedsFreeAsked]) -> Answered[InstitutionOut]:
    """Homes where a usable bed is held by nobody now. A page may hold fewer than `size`; go on while `next` is set."""
    require(request.auth, Institutions.READ)
    filters = queries.Filters(kind=asked.kind, place_key=asked.place or 0)
    page = queries.institution_page(request.auth, filters, asked.address, asked.size)
    asked.refuse_damaged(page)
    return Answered(items=[one for one in _with_beds(page.rows) if one.beds.free], next=page.next)


@institutions.get("/institutions/{uuid:uid}", response=InstitutionFile, **told(_("One home"), Institutions.READ))
def one_institution(request: ApiRequest, uid: UUID) -> InstitutionFile:
    """What is on file, with its beds as they stand now."""
    require(request.auth, Institutions.READ)
    home = queries.institution(uid, request.auth)
    return InstitutionFile(
        **_home(home, queries.beds_of([home]).get(home.pk, Beds())), filing_number=home.filing_number,
        credit_code=home.organisation.uscc if home.organisation else None, fees=home.fees, area_m2=home.area_m2,
        floor_area_m2=home.floor_area_m2, services=home.services, mutual_aid_model=home.mutual_aid_model,
        combination=home.combination, medical_kind=home.medical_kind, has_canteen_plaque=home.has_canteen_plaque,
    )  # fmt: skip


@institutions.get(
    "/institutions/{uuid:uid}/occupancy",
    response=OccupancyOfHome,
    **told(_("Occupancy of a home on a day"), Institutions.READ),
)
def occupancy_of_home(request: ApiRequest, uid: UUID, asked: Query[DayAsked]) -> OccupancyOfHome:
    """Beds at the end of a past day, as known now; today as it stands."""
    require(request.auth, Institutions.READ)
    home, day = queries.institution(uid, request.auth), asked.day()
    return OccupancyOfHome(on=day, beds=_beds(queries.beds_of([home], day).get(home.pk, Beds())))


@institutions.get(
    "/divisions/{int:key}/occupancy",
    response=Occupancy,
    **told(_("Occupancy of a division on a day"), Institutions.READ),
)
def occupancy_of_division(request: ApiRequest, key: PlaceKey, asked: Query[DayAsked]) -> Occupancy:
    """Beds of every home below, with the denominators stated."""
    require(request.auth, Institutions.READ)
    _refuse_others(key, request.auth)
    day, places = asked.day(), tree()
    total, below = queries.occupancy(request.auth, division=key, day=day)
    rows = [DivisionBeds(division=one, name=places.name(one), beds=_beds(below[one])) for one in sorted(below)]
    return Occupancy(on=day, total=_beds(total), below=rows)


def _refuse_others(key: int, by: Actor) -> None:
    """Not yours reads as not found."""
    if not any(low <= key <= high for low, high in by.key_ranges()):
        raise NotFound("place")
