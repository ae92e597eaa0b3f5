"""Pages of visits: what they show, to whom, with how many statements."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.care.builders import (
    BY,
    FAR_VILLAGE,
    VILLAGE,
    a_due_visit,
    a_person,
    a_report,
    a_visitor,
    nobody,
    pairs,
    the_rules,
)
from tests.conftest import LUFENG, a_user, client_of
from yinling.accounts.models import User
from yinling.care.models import Doubt, Spell, Visit
from yinling.care.rules.sheets import code_of
from yinling.care.services import visiting
from yinling.care.services.visits import make_visit
from yinling.kernel.clock import CITY_ZONE, civil_date, now
from yinling.people.services.whereabouts import record_whereabouts

pytestmark = pytest.mark.usefixtures("city", "lists")
DAY = dt.timedelta(days=1)
LISTS = ["care:visits", "care:coverage", "care:doubts", "care:sheets", "care:enter", "care:visit_rules"]


def typed(**given: str) -> dict[str, str]:
    """A report as the form sends it."""
    begins = (now() - dt.timedelta(minutes=30)).astimezone(CITY_ZONE)
    facts = {"way": "door", "started_at": f"{begins:%Y-%m-%dT%H:%M}", "minutes": "15", "has_contact": "yes",
             "found": "normal"}  # fmt: skip
    return facts | given


@pytest.mark.parametrize("page", LISTS)
def test_lists_are_for_staff_and_cost_the_same_however_long(page: str, township_clerk: User) -> None:
    the_rules()
    visitor = a_visitor()
    client = client_of(township_clerk)

    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(reverse(page)).status_code == 200
        return len(queries)

    a_due_visit(a_person(), visitor)
    cost()
    few = cost()
    for given in "明华强丽芳英":
        a_due_visit(a_person(f"舒{given}"), a_visitor(f"向{given}"))
    assert cost() == few


@pytest.mark.parametrize("page", LISTS)
def test_a_carer_of_a_home_may_not_open_them(page: str) -> None:
    the_rules()
    assert client_of(a_user("carer", LUFENG)).get(reverse(page)).status_code == 403


def test_a_visitor_sees_the_own_list_with_why_and_where() -> None:
    helper = a_user("volunteer", VILLAGE)
    visitor, person = a_visitor(user=helper), a_person()
    pairs(visitor, person)
    a_due_visit(person, visitor)
    a_due_visit(a_person("向荣"), a_visitor("别人"))
    page = client_of(helper).get(reverse("care:my_visits")).content.decode()
    assert (page.count('class="visit"') == 1 and "Granny 舒" in page) or "舒奶奶" in page
    assert "舒禾" not in page


def test_a_visitor_fills_the_form_in_and_it_is_recorded() -> None:
    helper = a_user("volunteer", VILLAGE)
    visitor, person = a_visitor(user=helper), a_person()
    pairs(visitor, person)
    visit = a_due_visit(person, visitor)
    client, to = client_of(helper), reverse("care:record_visit", args=[visit.uid])
    assert client.get(to).status_code == 200
    given = typed(found="watch", note="热水器不热") | {"health": ["medicine"], "safety": ["ok"], "actions": ["advice"]}
    assert client.post(to, given).status_code == 302
    visit.refresh_from_db()
    assert visit.has_contact and visit.blocks == {"health": ["medicine"], "safety": []} and visit.note() == "热水器不热"
    assert client.get(reverse("care:visit", args=[visit.uid])).status_code == 200


def test_what_is_wrong_stands_on_the_form_and_nothing_is_written() -> None:
    helper = a_user("volunteer", VILLAGE)
    visit = a_due_visit(a_person(), a_visitor(user=helper))
    answer = client_of(helper).post(reverse("care:record_visit", args=[visit.uid]), typed(found="help"))
    assert answer.status_code == 422 and Visit.objects.get().state == "due"


def test_nobody_answering_leads_to_the_ladder() -> None:
    helper = a_user("volunteer", VILLAGE)
    visit = a_due_visit(a_person(), a_visitor(user=helper))
    client = client_of(helper)
    answer = client.post(reverse("care:record_visit", args=[visit.uid]), typed(has_contact="no", found=""))
    assert answer.headers["Location"] == reverse("care:attempt", args=[visit.uid])
    assert client.get(answer.headers["Location"]).status_code == 200


def test_the_visit_of_another_division_is_not_found(township_clerk: User) -> None:
    visit = a_due_visit(a_person(place_key=FAR_VILLAGE), a_visitor(place_key=FAR_VILLAGE))
    for name in ("care:visit", "care:record_visit", "care:attempt", "care:void_visit", "care:take_back"):
        assert client_of(township_clerk).get(reverse(name, args=[visit.uid])).status_code == 404


def test_the_code_at_the_door_leads_to_the_visit_that_is_due(township_clerk: User) -> None:
    helper = a_user("volunteer", VILLAGE)
    visitor, person = a_visitor(user=helper), a_person()
    pairs(visitor, person)
    visit = a_due_visit(person, visitor)
    assert client_of(township_clerk).get(reverse("care:door_card", args=[person.uid])).status_code == 200
    token = visiting.make_door_code(person_uid=person.uid, by=township_clerk).token
    answer = client_of(helper).get(reverse("care:door", args=[token]))
    assert answer.headers["Location"] == reverse("care:record_visit", args=[visit.uid]) + f"?door={token}"
    assert client_of(a_user("volunteer", FAR_VILLAGE, "x")).get(reverse("care:door", args=[token])).status_code == 404


def test_coverage_counts_persons_and_opens_into_visits(township_clerk: User) -> None:
    visitor, met, missed = a_visitor(), a_person(), a_person("向荣")
    for person in (met, missed):
        a_due_visit(person, visitor, due_on=civil_date())
    a_due_visit(met, visitor, due_on=civil_date())
    for visit in Visit.objects.filter(person=met):
        make_visit(visit_uid=visit.uid, report=a_report(), by=township_clerk)
    make_visit(visit_uid=Visit.objects.get(person=missed).uid, report=nobody(), by=township_clerk)
    page = client_of(township_clerk).get(reverse("care:coverage"))
    assert page.context["total"].due == 2 and page.context["total"].met == 1
    rows = client_of(township_clerk).get(reverse("care:visits") + "?state=done&place=" + str(VILLAGE))
    assert len(rows.context["lines"]) == 3


def test_a_spell_is_declared_and_withdrawn_on_its_page(township_clerk: User) -> None:
    the_rules()
    client, today = client_of(township_clerk), civil_date()
    given = {"kind": "cold", "place": LUFENG, "first_on": today.isoformat(), "last_on": (today + 3 * DAY).isoformat()}
    assert client.post(reverse("care:declare_spell"), given).status_code == 302
    spell = Spell.objects.get()
    client.post(reverse("care:withdraw_spell", args=[spell.uid]))
    spell.refresh_from_db()
    assert spell.withdrawn_at is not None


def test_a_sheet_is_printed_with_codes_and_entered_by_them(township_clerk: User) -> None:
    visitor = a_visitor()
    first, second = a_due_visit(a_person(), visitor), a_due_visit(a_person("向荣"), visitor)
    client = client_of(township_clerk)
    assert code_of(first.pk) in client.get(reverse("care:sheet", args=[visitor.uid])).content.decode()
    prefilled = client.get(reverse("care:enter") + f"?visitor={visitor.uid}").content.decode()
    assert code_of(first.pk) in prefilled and code_of(second.pk) in prefilled
    day = str(civil_date().day)
    given = {"code-0": code_of(first.pk), "day-0": day, "start-0": "0001", "minutes-0": "1",
             "code-1": code_of(second.pk), "day-1": "x", "start-1": "0002"}  # fmt: skip
    answer = client.post(reverse("care:enter"), given)
    assert answer.status_code == 422 and not Visit.objects.filter(state="done")
    assert 'id="no-1"' in answer.content.decode() and 'id="no-0"' not in answer.content.decode()
    answer = client.post(reverse("care:enter"), given | {"day-1": "", "minutes-1": "1"})
    assert answer.status_code == 302 and Visit.objects.filter(state="done").count() == 2


def test_a_doubt_shows_its_evidence_and_is_settled(township_clerk: User) -> None:
    helper = a_user("volunteer", VILLAGE)
    person = a_person()
    record_whereabouts(person=person, kind="hospital", since=now() - DAY)
    visit = a_due_visit(person, a_visitor(user=helper))
    make_visit(visit_uid=visit.uid, report=a_report(), by=helper)
    doubt, client = Doubt.objects.get(), client_of(township_clerk)
    page = client.get(reverse("care:doubt", args=[doubt.uid]))
    assert page.status_code == 200 and "<svg" in page.content.decode()
    given = {"is_confirmed": "no", "finding": "那天请假回家了"}
    assert client.post(reverse("care:doubt", args=[doubt.uid]), given).status_code == 302
    assert Doubt.objects.get().state == "explained"
    assert client.get(reverse("care:doubts")).status_code == 200


def test_the_panel_of_a_person_says_why_they_are_visited(township_clerk: User) -> None:
    the_rules()
    person = a_person()
    a_due_visit(person, a_visitor())
    page = client_of(township_clerk).get(reverse("care:visits_panel", args=[person.uid]))
    assert page.status_code == 200 and reverse("care:visit", args=[Visit.objects.get().uid]) in page.content.decode()
    assert client_of(township_clerk).get(reverse("care:tier", args=[person.uid])).status_code == 200


def test_forms_of_a_visit_are_taken_back_and_called_off(township_clerk: User) -> None:
    visitor = a_visitor()
    first, second = a_due_visit(a_person(), visitor), a_due_visit(a_person("向荣"), visitor)
    client = client_of(township_clerk)
    assert client.post(reverse("care:void_visit", args=[second.uid]), {"reason": "搬去儿子家了"}).status_code == 302
    make_visit(visit_uid=first.uid, report=a_report(), by=BY)
    assert client.post(reverse("care:take_back", args=[first.uid]), {"reason": "记错人了"}).status_code == 302
    assert set(Visit.objects.filter(pk__in=[first.pk, second.pk]).values_list("state", flat=True)) == {"void"}
