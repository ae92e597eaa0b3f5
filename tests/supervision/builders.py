"""Words for tests of supervision."""

import datetime as dt
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import yaml

from tests.conftest import LUFENG, a_user
from yinling.accounts.models import User
from yinling.institutions.models import Institution
from yinling.institutions.services import Facts, hire, register_institution
from yinling.kernel.actors import System
from yinling.kernel.clock import now
from yinling.people.models import Person
from yinling.people.rules import Entry
from yinling.people.services import register_person
from yinling.reference.services import load_code_lists
from yinling.supervision import services
from yinling.supervision.models import Alert
from yinling.supervision.services import Finding

BY = System("test")
NATIONAL = Path(__file__).parents[2] / "packs" / "national"
VILLAGE = 431224100001  # in Lufeng, Xupu
FAR_VILLAGE = 431202001001  # in Hecheng
ONSET = dt.datetime(2026, 11, 23, 5, 52, tzinfo=dt.UTC)


def the_rules_are_loaded() -> None:
    """Rules of the national pack, and the causes of false alarms."""
    for file in sorted((NATIONAL / "rules").glob("*.yaml")):
        data = yaml.safe_load(file.read_text(encoding="utf-8"))
        services.load_rules(data, file=file.name, pack="national", by=BY)
    whole = yaml.safe_load((NATIONAL / "codelists.yaml").read_text(encoding="utf-8"))
    ours = [one for one in whole["lists"] if one["key"] in ("alert_false_cause", "alert_level")]
    load_code_lists({**whole, "lists": ours}, file="codelists.yaml", pack="national", layer=0, by=BY)


def a_home(name: str = "青松敬老院", place_key: int = LUFENG) -> Institution:
    """A home in Lufeng."""
    facts = Facts(name=name, kind="regional_home", operator_model="public", fees={})
    return register_institution(place_key=place_key, facts=facts, by=BY)


def a_manager(home: Institution, username: str = "manager") -> User:
    """A user who manages the home."""
    user = a_user("at_home", home.place_key, username)
    hire(uid=home.uid, name="向院长", post="manager", user=user, by=BY)
    return user


def a_person(name: str = "舒禾", place_key: int = VILLAGE) -> Person:
    """Somebody on file."""
    entry = Entry(name=name, place_key=place_key, sex="2", birth_date=dt.date(1940, 3, 1))
    return register_person(entry=entry, by=BY, is_new_for_sure=True)


def found(rule: str = "stove", level: int = 2, device: UUID | None = None, **more: Any) -> Finding:
    """A finding about a device in a village of Lufeng."""
    given: dict[str, Any] = {
        "subject_kind": "device", "subject_uid": device or uuid4(), "place_key": VILLAGE, "onset": now(),
    } | more  # fmt: skip
    return Finding(rule=rule, level=level, **given)


def an_alert(rule: str = "stove", level: int = 2, **more: Any) -> Alert:
    """A raised alert."""
    alert = services.raise_alert(finding=found(rule, level, **more), by=BY)
    assert alert is not None
    return alert


def resolved(by: User, rule: str = "stove", **more: Any) -> Alert:
    """An alert that `by` went to and resolved."""
    alert = an_alert(rule, **more)
    services.arrive(uid=alert.uid, by=by)
    return services.resolve_alert(uid=alert.uid, by=by, note="灶已关，老人无碍。")


def minutes(count: float) -> dt.timedelta:
    """A length of time."""
    return dt.timedelta(minutes=count)
