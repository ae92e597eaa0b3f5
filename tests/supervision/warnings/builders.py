"""Words for tests of warnings: rules from the pack, an elder who lives alone and is watched, her signs of life."""

import datetime as dt
from pathlib import Path
from typing import Any

import yaml

from tests.people.builders import a_person
from yinling.kernel.actors import System
from yinling.kernel.clock import CITY_ZONE, civil_date, now
from yinling.people.models import Category, Consent, Person
from yinling.people.services import Sign, note_signs_of_life
from yinling.supervision.services import load_rules

BY = System("test")
FILE = Path(__file__).parents[3] / "packs" / "national" / "rules" / "register.yaml"
HABIT = ((7, "meal"), (12, "meal"), (18, "meal"), (20, "door"))
WEEKS = dt.timedelta(days=56)


def entries() -> list[dict[str, Any]]:
    """The rules of the national pack over the register."""
    found: list[dict[str, Any]] = yaml.safe_load(FILE.read_text(encoding="utf-8"))["rules"]
    return found


def the_rules() -> None:
    """Load them."""
    load_rules({"rules": entries()}, file=FILE.name, pack="national", by=BY)


def a_consent(person: Person, days_ago: int = 60) -> Consent:
    """She agreed to the silence watch."""
    return Consent.objects.create(
        person=person, purpose="silence_watch", items=["signs_of_life"], recipient="村级探访员", method="sign",
        given_by=person.name, valid_from=civil_date() - dt.timedelta(days=days_ago),
    )  # fmt: skip


def living_alone(person: Person) -> Person:
    """She lives alone."""
    Category.objects.create(person=person, category="living_alone", source="test", valid_from=dt.date(2020, 1, 1))
    return person


def a_watched_elder(silent_hours: float = 0, days_ago: int = 60, **entry: Any) -> Person:
    """An elder living alone, watched for some days, with four signs a day until so many hours ago."""
    person = living_alone(a_person(by=BY, **entry))
    a_consent(person, days_ago)
    signs_of(person, until=now() - dt.timedelta(hours=silent_hours))
    return person


def signs_of(person: Person, until: dt.datetime) -> None:
    """Her habit of eight weeks, up to an instant."""
    day, signs = (now() - WEEKS).astimezone(CITY_ZONE).date(), list[Sign]()
    while day <= until.astimezone(CITY_ZONE).date():
        for number, (hour, kind) in enumerate(HABIT):
            minute = (day.toordinal() * 7 + number * 13) % 50
            at = dt.datetime.combine(day, dt.time(hour, minute), CITY_ZONE)
            if at <= until:
                signs.append(Sign(person.pk, kind, at))
        day += dt.timedelta(days=1)
    note_signs_of_life(signs=signs, by=BY)
