"""Words for tests of assessments."""

import datetime as dt
from pathlib import Path
from typing import Any

import yaml

from yinling.accounts.models import Assignment, User
from yinling.assessments import queries, services
from yinling.assessments.models import Assessment
from yinling.assessments.permissions import Assessments
from yinling.assessments.rules import Entered
from yinling.assessments.services import Proof
from yinling.kernel.actors import System
from yinling.kernel.clock import CITY_ZONE
from yinling.people.models import Person
from yinling.people.rules import Entry
from yinling.people.services import register_person

PACK = Path(__file__).parents[2] / "packs" / "national" / "instruments"
XUPU, HECHENG, VILLAGE, FAR_VILLAGE = 431224000000, 431202000000, 431224100001, 431202001001
SYSTEM = System("test")
PASSWORD = "correct horse battery"
DOCTOR_FACTS = ("dementia_diagnosed", "mental_disorder_diagnosed")


def the_scales_are_loaded() -> list[str]:
    """The three scales of the national pack; what that changed."""
    found = []
    for path in sorted(PACK.glob("*.yaml")):
        found += is_loaded(yaml.safe_load(path.read_text(encoding="utf-8")), path.name)
    return found


def is_loaded(data: Any, file: str = "x.yaml") -> list[str]:
    """One scale from its data."""
    done = services.load_instrument(data, file=file, pack="national", by=SYSTEM)
    return [f"{difference.kind} {difference.key}" for difference in done]


def somebody(role: str, place_key: int, name: str) -> User:
    """A user with a password and one role."""
    user = User.objects.create_user(name, PASSWORD, name=name, place_key=place_key)
    Assignment.objects.create(user=user, role=role, place_id=place_key, valid_from=dt.date(2020, 1, 1))
    return user


def an_assessor(name: str = "wu", place_key: int = XUPU, *, certified: bool = True) -> User:
    """An assessor of a county, certified unless said otherwise."""
    user = somebody("assessor", place_key, name)
    if certified:
        services.register_certificate(
            user_uid=user.uid, number=f"HN-{name}", valid_from=dt.date(2020, 1, 1), valid_to=None, by=SYSTEM
        )
    return user


def a_person(name: str = "舒桂兰", place_key: int = VILLAGE, **given: Any) -> Person:
    """An elder on file."""
    entry = Entry(name=name, place_key=place_key, sex="2", birth_date=dt.date(1942, 3, 5), **given)
    return register_person(entry=entry, by=SYSTEM, is_new_for_sure=True)


def scale(key: str = "gbt_42195") -> Any:
    """A scale in force."""
    return queries.scale_of(queries.instrument(key))


def nothing_remarkable(**changed: Any) -> dict[str, Any]:
    """All circumstances answered, with no."""
    return {fact.key: 0 if fact.is_count else False for fact in scale().circumstances} | changed


def answers_adding_up_to(total: int, **fixed: int) -> dict[str, int]:
    """Points taken off from the first item on, until the total is reached."""
    answers = {item.key: item.highest for item in scale().items} | fixed
    excess = sum(answers.values()) - total
    for key in [key for key in answers if key not in fixed]:
        taken = min(answers[key], excess)
        answers[key], excess = answers[key] - taken, excess - taken
    return answers


def on(day: str, hour: int = 10) -> dt.datetime:
    """An hour of a civil day."""
    return dt.datetime.combine(dt.date.fromisoformat(day), dt.time(hour), CITY_ZONE)


def entered(total: int = 31, day: str = "2026-08-12", **changed: Any) -> Entered:
    """A complete form."""
    given: dict[str, Any] = {
        "answers": answers_adding_up_to(total),
        "circumstances": nothing_remarkable(),
        "happened_at": on(day),
        "informant_name": "张小妹",
        "informant_relation": "child",
        "notes": {"place": "卢峰镇敬老院"},
    }
    return Entered(**(given | changed))


def planned(person: Person, key: str = "gbt_42195", **given: Any) -> Assessment:
    """An assessment to be carried out."""
    return services.plan_assessment(person_uid=person.uid, instrument_key=key, reason="first", by=SYSTEM, **given)


def filled(person: Person, **given: Any) -> Assessment:
    """An assessment with a complete form."""
    return services.save_draft(uid=planned(person).uid, entered=entered(**given), by=SYSTEM)


def signs(user: User, found: Assessment, **given: Any) -> Assessment:
    """One signature by password."""
    fresh = Assessment.objects.select_related("person", "instrument").get(pk=found.pk)
    proof = given.pop("proof", Proof("password", PASSWORD))
    return services.sign(
        uid=found.uid, proof=proof, digest_seen=given.get("digest", services.digest_of(fresh)), by=user
    )


def signed(person: Person, first: User, second: User, **given: Any) -> Assessment:
    """An assessment that both have signed."""
    found = filled(person, **given)
    signs(first, found)
    return signs(second, found)


ALL = frozenset(Assessments)
