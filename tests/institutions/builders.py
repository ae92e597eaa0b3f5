"""Words for tests of institutions."""

import datetime as dt
from typing import Any

from tests.conftest import LUFENG, a_user
from yinling.accounts.models import User
from yinling.institutions import services
from yinling.institutions.models import Application, Bed, Institution, Stay
from yinling.institutions.services import BedLot, Facts
from yinling.kernel.actors import System
from yinling.kernel.clock import now
from yinling.people.models import Person
from yinling.people.rules import Entry
from yinling.people.services import register_person
from yinling.reference.services import set_parameter

VILLAGE = 431224100001  # in Lufeng township, Xupu county
FAR_VILLAGE = 431202001001  # in Hecheng district
BY = System("test")
LONG_AGO = dt.date(2020, 1, 1)


def a_home(name: str = "卢峰镇敬老院", place_key: int = LUFENG, **facts: Any) -> Institution:
    """A home: public and in Lufeng unless told otherwise."""
    given = {"name": name, "kind": "regional_home", "operator_model": "public", "fees": {"low_fen": 180_000}} | facts
    return services.register_institution(place_key=place_key, facts=Facts(**given), by=BY)


def the_ratios_are_set() -> None:
    """Residents per carer: 15 who care for themselves, 6 who need some care, 3 who need full care."""
    for key, value in (("self_caring", 15), ("semi", 6), ("full", 3)):
        set_parameter(key=f"staff.ratio_{key}", value=value, valid_from=LONG_AGO, source="test of the source", by=BY)


def beds_in(home: Institution, count: int, kind: str = "ordinary", on: dt.date = LONG_AGO, floor: int = 1) -> list[Bed]:
    """Usable beds, two to a room."""
    lots = [BedLot("1号楼", floor, f"{floor}{at // 2 + 1:02d}", f"{at % 2 + 1}床", kind) for at in range(count)]
    return services.add_beds(uid=home.uid, lots=lots, by=BY, on=on)


def a_person(name: str = "舒禾", place_key: int = VILLAGE, born: dt.date = dt.date(1942, 3, 1), **entry: Any) -> Person:
    """Somebody on file."""
    stated = Entry(name=name, place_key=place_key, sex="2", birth_date=born, **entry)
    return register_person(entry=stated, by=BY, is_new_for_sure=True)


def waiting(home: Institution, person: Person | None = None, **given: Any) -> Application:
    """An accepted application."""
    made = services.apply_for_admission(person_uid=(person or a_person()).uid, institution_uid=home.uid, by=BY, **given)
    return services.review(application_uid=made.uid, decision="waiting", by=BY)


def a_resident(home: Institution, person: Person | None = None, days_ago: float = 10, **given: Any) -> Stay:
    """Somebody who moved in some days ago."""
    application = waiting(home, person)
    at = now() - dt.timedelta(days=days_ago)
    return services.admit(application_uid=application.uid, by=BY, at=at, **given).stay


def ago(days: float) -> dt.datetime:
    """An instant in the past."""
    return now() - dt.timedelta(days=days)


def a_manager(home: Institution, username: str = "manager") -> User:
    """A user who manages the home, under the role `home_manager` of the tests."""
    user = a_user("home_manager", home.place_key, username)
    services.hire(uid=home.uid, name="向院长", post="manager", user=user, by=BY)
    return user
