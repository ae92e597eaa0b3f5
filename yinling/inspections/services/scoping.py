"""Who stands where: staff of a home, declared interests, readable numbers. Private to the services."""

import datetime as dt
from dataclasses import dataclass

from yinling.engines.codes.coordinates import distance_m
from yinling.inspections.models import Inspection, Interest, Seat
from yinling.inspections.permissions import Inspections
from yinling.institutions.models import Institution, Staff
from yinling.kernel.actors import Actor, require
from yinling.kernel.clock import civil_date
from yinling.kernel.models import next_number
from yinling.places.queries import tree


def works_in(home: Institution, user: Actor) -> bool:
    """Whether a user is on the staff of a home today."""
    return Staff.objects.filter(institution=home, user__uid=user.uid, left_on__isnull=True).exists()


def interest_of(user: Actor, home: Institution) -> str:
    """The interest a user declared in a home; "" for none."""
    found = Interest.objects.standing().filter(user__uid=user.uid, institution=home).first()
    return found.why if found else ""


@dataclass(frozen=True)
class Point:
    """Where a phone was (WGS84 degrees)."""

    longitude: float
    latitude: float


def metres_from(home: Institution, at: Point | None) -> int | None:
    """How far a point is from a home; None where either is not known."""
    if at is None or home.longitude is None or home.latitude is None:
        return None
    return round(distance_m((home.longitude, home.latitude), (at.longitude, at.latitude)))


def require_inspector(by: Actor, found: Inspection) -> None:
    """Whoever was sent may inspect anywhere; others where their role lies; a self-check is the home's own."""
    if found.kind == Inspection.Kind.SELF_CHECK:
        require(by, Inspections.SELF_CHECK, found.place_key)
        return
    is_sent = Seat.objects.filter(inspection=found, user__uid=by.uid).exists()
    require(by, Inspections.INSPECT, None if is_sent else found.place_key)


def number_for(letter: str, place_key: int, on: dt.date | None = None) -> str:
    """A readable number per county and year: J431224-2025-0007. Call inside the transaction."""
    county, year = tree().above(place_key, "county"), (on or civil_date()).year
    code = f"{county.key if county else place_key}"[:6]
    series = f"{letter}{code}-{year}"
    return f"{series}-{next_number('inspections.' + series):04d}"
