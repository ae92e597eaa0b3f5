"""The plan per child: a programme of another city, in a scope of its own, without a line of code in `care`."""

from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from tests.care.builders import BY, a_person, at_night, consents
from tests.conftest import a_user, client_of
from yinling.accounts.models import User
from yinling.care.models import Goal, Line, Partner, Plan, Session, Visit
from yinling.care.services import plans as services
from yinling.city import children
from yinling.config import wiring
from yinling.kernel.actors import System
from yinling.kernel.clock import civil_date, now
from yinling.kernel.errors import NotFound, Refused
from yinling.packs.services import load_pack
from yinling.people.models import Consent, Grant, Person
from yinling.places.models import Place
from yinling.places.queries import city
from yinling.portal.finding import counties
from yinling.supervision.models import Alert
from yinling.worklist.models import WorkItem

ZHUZHOU, FEW, SESSIONS = 430200000000, 6, 300
ROOT = Path(__file__).parents[2]


@pytest.fixture
def programme(city: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """Six children, one hospital, three schools, beside an elder of Huaihua."""
    monkeypatch.setattr(children, "CHILDREN", FEW)
    monkeypatch.setattr(children, "SESSIONS", SESSIONS)
    load_pack(Path(settings.PACKS_DIR) / "national", by=BY)
    a_person("舒禾")
    assert children.load_children(seed=1, today=civil_date(), by=System("test")) == (FEW, SESSIONS)


def the(name: str) -> User:
    return User.objects.get(username=f"demo.zhuzhou_{name}")


def children_seen(user: User) -> set[int]:
    return {person.place_key // 10**8 for person in Person.objects.visible_to(user)}


def test_the_programme_needs_no_code_of_its_own_in_care() -> None:
    words = ["zhuzhou", "株洲", "child_plan", "child_rehab", "孩子", "儿童"]
    found = [
        path for path in (ROOT / "yinling" / "care").rglob("*.*")
        if path.suffix in (".py", ".html") and any(word in path.read_text(encoding="utf-8").lower() for word in words)
    ]  # fmt: skip
    assert not found


@pytest.mark.usefixtures("programme")
def test_huaihua_sees_no_child_and_zhuzhou_no_elder(city_officer: User, county_clerk: User) -> None:
    for officer in (city_officer, county_clerk):
        assert children_seen(officer) == {4312}
        for table in (Plan, Partner, Goal, Line, Session):
            assert not table.objects.visible_to(officer).exists()
    federation = the("federation")
    assert children_seen(federation) == {4302} and Person.objects.visible_to(federation).count() == FEW
    assert Plan.objects.visible_to(the("education")).count() == FEW
    plan, client = Plan.objects.all()[0], client_of(city_officer)
    assert client.get(reverse("care:plan", args=[plan.uid])).status_code == 404
    assert client.get(reverse("people:person", args=[plan.person.uid])).status_code == 404


@pytest.mark.usefixtures("programme")
def test_the_platforms_city_is_still_huaihua_and_the_public_pages_list_its_counties() -> None:
    assert city().name == "怀化市" and {one.parent for one in counties()} == {city().key}
    assert Client().get(reverse("portal:home")).status_code == 200


@pytest.mark.usefixtures("programme")
def test_a_school_sees_its_own_children_and_goals_of_education_alone() -> None:
    school, hospital = the("school"), the("hospital")
    assert Plan.objects.visible_to(school).count() == FEW // 3 == Person.objects.visible_to(school).count()
    assert {one.partner.part for one in Goal.objects.visible_to(school)} == {"education"}
    assert Plan.objects.visible_to(hospital).count() == FEW
    assert {one.line.partner.part for one in Session.objects.visible_to(hospital)} == {"rehabilitation"}
    plan: Any = Plan.objects.visible_to(school)[0]
    text = client_of(school).get(reverse("care:plan", args=[plan.uid])).content.decode()
    assert "认识常用字" in text and "独立行走" not in text and "康复医院" not in text
    others = Plan.objects.exclude(pk__in=Plan.objects.visible_to(school))[0]
    assert client_of(school).get(reverse("care:plan", args=[others.uid])).status_code == 404


@pytest.mark.usefixtures("programme")
def test_the_sessions_follow_term_and_holidays() -> None:
    terms = Plan.objects.all()[0].template.reading.terms
    for days, inside in (("term", True), ("holiday", False)):
        planned = Session.objects.filter(line__days=days).values_list("planned_on", flat=True)
        assert planned and all(any(a <= day <= b for a, b in terms) is inside for day in planned)


@pytest.mark.usefixtures("programme")
def test_without_the_guardians_separate_consent_no_plan_is_agreed() -> None:
    person = Person.objects.filter(place_key__gte=ZHUZHOU, place_key__lt=ZHUZHOU + 10**8)[0]
    services.end_plan(uid=Plan.objects.get(person=person).uid, reason="重新制定", by=BY)
    Consent.objects.filter(person=person).update(withdrawn_at=now())
    plan = services.write_plan(
        person_uid=person.uid, template=children.TEMPLATE, begins_on=civil_date(), by=the("federation"),
        partners={one.part: one.organisation.uid for one in Partner.objects.all()[:2]},
    )  # fmt: skip
    consents(person, "child_plan")
    with pytest.raises(Refused, match="guardian"):
        services.agree_plan(uid=plan.uid, agreed_by="家长", by=the("federation"))
    assert not Grant.objects.filter(person=person, ended_at__isnull=True).exists()


@pytest.mark.usefixtures("programme")
def test_the_family_report_says_what_was_done_and_draws_the_measures() -> None:
    plan = Plan.objects.order_by("id")[0]
    text = client_of(the("federation")).get(reverse("care:plan_report", args=[plan.uid])).content.decode()
    assert text.count("<polyline") == 4 and "个别教学" in text
    assert client_of(the("hospital")).get(reverse("care:plan_report", args=[plan.uid])).status_code == 403


@pytest.mark.usefixtures("programme")
def test_no_rule_screens_children_in_the_work_of_a_night() -> None:
    """Nobody in Zhuzhou has asked for it: no category, warning, alert or duty comes of a rule running over children."""
    before = {one.uid for one in WorkItem.objects.all()}
    for name in wiring.NIGHTLY:
        if name not in ("nightly.figures", "nightly.seals", "ledger.proof"):
            at_night(name, civil_date())
    in_zhuzhou = {"place_key__gte": ZHUZHOU, "place_key__lt": ZHUZHOU + 10**8}
    assert not WorkItem.objects.filter(**in_zhuzhou).exclude(uid__in=before).exclude(kind="care.review").exists()
    assert not Alert.objects.filter(**in_zhuzhou).exists()
    assert not Visit.objects.filter(person__place_key__lt=ZHUZHOU + 10**8).exists()
    persons = Person.objects.filter(**in_zhuzhou)
    assert not any(person.categories.exists() for person in persons) and persons.count() == FEW


@pytest.mark.usefixtures("programme")
def test_a_city_officer_of_zhuzhou_finds_no_plan_of_huaihua_by_its_number(county_clerk: User) -> None:
    elder = Person.objects.get(name="舒禾")
    mine = services.write_plan(person_uid=elder.uid, template="", begins_on=civil_date(), by=county_clerk)
    officer = a_user("city_officer", ZHUZHOU, "officer")
    with pytest.raises(NotFound):
        services.end_plan(uid=mine.uid, reason="不再需要", by=officer)
    assert client_of(officer).get(reverse("care:plan", args=[mine.uid])).status_code == 404
