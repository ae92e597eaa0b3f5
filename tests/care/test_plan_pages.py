"""Pages of plans: what they show, to whom, in how many statements; and that a partner sees its own part on each."""

import datetime as dt

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.care.builders import a_person, a_plan, an_organisation, consents, two_partners
from tests.conftest import client_of
from yinling.accounts.models import User
from yinling.care.exports import PLAN_LISTINGS
from yinling.care.models import Goal, Plan, Session
from yinling.kernel.clock import CITY_ZONE, civil_date, now
from yinling.kernel.models import Change

pytestmark = pytest.mark.usefixtures("city", "templates")
OTHERS = ("血压稳定", "收缩压", "县人民医院", "上门护理")  # what concerns the hospital alone


def page(client: Client, name: str, *args: object, **query: str) -> str:
    answer = client.get(reverse(f"care:{name}", args=args), query)
    assert answer.status_code == 200, answer.content
    return answer.content.decode()


def status(client: Client, name: str, *args: object) -> int:
    return client.get(reverse(f"care:{name}", args=args)).status_code


def test_a_planner_sees_the_whole_plan_drawn_and_as_a_list(township_clerk: User) -> None:
    two = two_partners()
    text = page(client_of(township_clerk), "plan", two.plan.uid)
    for words in (*OTHERS, "在协助下洗澡、穿衣", "康乐服务中心", "<svg", "plan-rows"):
        assert words in text


def test_a_partner_sees_its_own_part_on_the_plans_page_and_none_of_the_others() -> None:
    two = two_partners()
    text = page(client_of(two.carer), "plan", two.plan.uid)
    assert "在协助下洗澡、穿衣" in text and "康乐服务中心" in text
    assert not [words for words in OTHERS if words in text]
    text = page(client_of(two.nurse), "plan", two.plan.uid)
    assert "血压稳定" in text and "洗澡" not in text and "康乐服务中心" not in text


def test_a_partners_lists_and_workbooks_hold_its_own_rows_alone() -> None:
    two, span = two_partners(), {"first": str(civil_date()), "last": str(civil_date() + dt.timedelta(days=28))}
    other = two_partners(a_person("向禾"), tag="乙")
    text = page(client_of(two.carer), "sessions", **span)
    assert "上门照料" in text and "上门护理" not in text and "向禾" not in text and "县人民医院" not in text
    assert str(other.plan.uid) not in page(client_of(two.carer), "plans")
    rows = list(PLAN_LISTINGS[1].rows(two.carer, span))
    assert rows and {row[2] for row in rows} <= {"上门照料", "上门家务"}


def test_every_page_of_the_other_part_and_of_the_whole_is_shut_to_a_partner() -> None:
    two = two_partners()
    client = client_of(two.carer)
    theirs = Session.objects.filter(line__partner__part="health")[0]
    for name, uid in (
        ("goal_measure", two.goal("health").uid), ("session_hold", theirs.uid), ("session_miss", theirs.uid),
        ("session_cancel", theirs.uid), ("session_back", theirs.uid),
    ):  # fmt: skip
        assert status(client, name, uid) == 404
        assert client.post(reverse(f"care:{name}", args=[uid]), {"why": "没有人在", "value": "1"}).status_code == 404
    for name in (
        "plan_agree",
        "plan_review",
        "plan_end",
        "plan_print",
        "plan_report",
        "goal_add",
        "line_add",
        "part_add",
    ):
        assert status(client, name, two.plan.uid) == 403
    person = two.plan.person.uid
    for name in ("people:person", "people:panel_consents", "care:plans_panel", "care:bed_panel", "care:plan_write"):
        assert client.get(reverse(name, args=[person])).status_code == 403
    assert client.get(reverse("people:list")).status_code == 403
    assert Goal.objects.filter(ended_on__isnull=False).count() == 0


def test_a_partner_of_nothing_finds_nothing_and_a_stranger_may_not_enter(volunteer: User) -> None:
    two = two_partners()
    other = two_partners(a_person("向禾"), tag="乙")
    assert status(client_of(other.carer), "plan", two.plan.uid) == 404
    assert status(client_of(volunteer), "plans") == 403


def test_another_county_finds_nothing_and_its_list_is_empty(other_county_clerk: User) -> None:
    two = two_partners()
    client = client_of(other_county_clerk)
    for name in ("plan", "plan_print", "plan_report", "plan_agree", "plan_end"):
        assert status(client, name, two.plan.uid) == 404
    assert str(two.plan.uid) not in page(client, "plans")


def test_a_plan_is_written_agreed_held_measured_and_reviewed_by_forms_alone(township_clerk: User) -> None:
    person, care, health = a_person(), an_organisation("康乐服务中心"), an_organisation("县人民医院")
    client = client_of(township_clerk)
    given = {"template": "elder_medium", "begins_on": str(civil_date()), "lead": care.name}
    assert client.post(reverse("care:plan_write", args=[person.uid]), given).status_code == 302
    plan = Plan.objects.get()
    for part, who in (("care", care), ("health", health)):
        address = reverse("care:part_give", args=[plan.partners.get(part=part).uid])
        assert client.post(address, {"organisation": who.name}).status_code == 302
    refused = client.post(reverse("care:plan_agree", args=[plan.uid]), {"agreed_by": "舒禾"})
    assert refused.status_code == 422 and "form" in refused.content.decode()
    consents(person)
    assert client.post(reverse("care:plan_agree", args=[plan.uid]), {"agreed_by": "舒禾"}).status_code == 302
    session = Session.objects.order_by("planned_on")[0]
    Session.objects.filter(pk=session.pk).update(planned_on=civil_date(), number=9)
    at = now().astimezone(CITY_ZONE).strftime("%Y-%m-%dT%H:%M")
    held = client.post(reverse("care:session_hold", args=[session.uid]), {"held_at": at, "minutes": "50"})
    assert held.status_code == 302 and Session.objects.get(pk=session.pk).state == "held"
    goal = plan.goals.order_by("id")[0]
    value = {"on": str(civil_date()), "value": "1.5"}
    assert client.post(reverse("care:goal_measure", args=[goal.uid]), value).status_code == 302
    words = {"cause": "wish", "result": "goes_on", "words": "家属满意"}
    assert client.post(reverse("care:plan_review", args=[plan.uid]), words).status_code == 302


def test_an_unknown_organisation_is_named_beside_its_field(township_clerk: User) -> None:
    plan = a_plan(a_person())
    address = reverse("care:part_give", args=[plan.partners.get(part="care").uid])
    answer = client_of(township_clerk).post(address, {"organisation": "没有这家"})
    assert answer.status_code == 422 and "没有这家" in answer.content.decode()


def test_the_print_and_the_familys_report_leave_a_line(township_clerk: User) -> None:
    two = two_partners()
    client = client_of(township_clerk)
    assert "血压稳定" in page(client, "plan_print", two.plan.uid)
    assert "<polyline" in page(client, "plan_report", two.plan.uid)
    assert Change.objects.filter(type="people.looked", subject_uid=two.plan.person.uid).count() == 2


def test_the_persons_panel_lists_plans_and_offers_to_write_one(township_clerk: User) -> None:
    two = two_partners()
    text = page(client_of(township_clerk), "plans_panel", two.plan.person.uid)
    assert str(two.plan.uid) in text and reverse("care:plan_write", args=[two.plan.person.uid]) in text


def statements(client: Client, name: str, *args: object, **query: str) -> int:
    page(client, name, *args, **query)
    with CaptureQueriesContext(connection) as caught:
        page(client, name, *args, **query)
    return len(caught)


def test_pages_cost_as_many_statements_with_five_plans_as_with_one(township_clerk: User) -> None:
    two, client = two_partners(), client_of(township_clerk)
    span = {"first": str(civil_date()), "last": str(civil_date() + dt.timedelta(days=20))}
    before = (
        statements(client, "plans"),
        statements(client, "sessions", **span),
        statements(client, "plan", two.plan.uid),
    )
    for number in range(4):
        two_partners(a_person(f"舒{'一二三四'[number]}"), tag=str(number))
    after = (
        statements(client, "plans"),
        statements(client, "sessions", **span),
        statements(client, "plan", two.plan.uid),
    )
    assert after == before and max(after) <= 32


@pytest.fixture
def volunteer(city: object) -> User:
    """Somebody without anything to do with plans."""
    return User.objects.create_user("stranger", "correct horse battery", name="生人")
