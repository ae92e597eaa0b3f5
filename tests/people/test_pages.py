"""Pages of the register: status, scope, a constant number of statements, what is masked."""

import datetime as dt
from typing import Any

import pytest
from django.test import Client

from tests.conftest import client_of
from tests.people.builders import a_person
from yinling.accounts.models import User

pytestmark = pytest.mark.django_db
MOST = 8 + 2  # the page's own statements, and the session with its user
PAGES = [
    "", "show", "receipt", "panel/card", "correct", "move", "death", "transfer", "kin", "photo", "photo/change",
    "photo/remove", "household", "guardian", "consent", "merge", "unmerge",
]  # fmt: skip


def test_a_list_shows_masked_lines_and_costs_the_same_for_any_number(
    county_clerk: User, django_assert_max_num_queries: Any
) -> None:
    client = client_of(county_clerk)
    first = a_person(by=county_clerk)
    for number in range(12):
        a_person(by=county_clerk, name="向玉莲", born=dt.date(1940, 1, 1 + number), phone="")
    client.get("/work/people/?place=431224000000")
    with django_assert_max_num_queries(MOST):
        response = client.get("/work/people/?place=431224000000")
    text = response.content.decode()
    assert "舒**" in text and "舒桂香" not in text
    assert first.document_number() not in text


@pytest.mark.parametrize("panel", ["", "panel/card", "panel/kin", "panel/consents", "panel/looks", "panel/history"])
def test_a_person_page_and_each_panel_cost_few_statements(
    county_clerk: User, panel: str, django_assert_max_num_queries: Any
) -> None:
    person, client = a_person(by=county_clerk), client_of(county_clerk)
    client.get(f"/work/people/{person.uid}/{panel}")
    with django_assert_max_num_queries(MOST):
        response = client.get(f"/work/people/{person.uid}/{panel}")
    assert response.status_code == 200
    assert "13900000417" not in response.content.decode()


@pytest.mark.parametrize("path", PAGES)
def test_another_countys_person_reads_as_not_found(county_clerk: User, other_county_clerk: User, path: str) -> None:
    person = a_person(by=county_clerk)
    assert client_of(other_county_clerk).get(f"/work/people/{person.uid}/{path}").status_code == 404


def test_showing_details_asks_why_and_shows_them_once(county_clerk: User) -> None:
    person, client = a_person(by=county_clerk), client_of(county_clerk)
    refused = client.post(f"/work/people/{person.uid}/show", {"items": ["phone"], "reason": "a"})
    assert refused.status_code == 422
    assert "13900000417" not in refused.content.decode()
    shown = client.post(f"/work/people/{person.uid}/show", {"items": ["phone"], "reason": "上门探访前核对"})
    assert "13900000417" in shown.content.decode()
    assert shown["Cache-Control"] == "no-store"
    assert "上门探访前核对" in client.get(f"/work/people/{person.uid}/panel/looks").content.decode()


def test_an_export_leaves_masked_text_and_a_line(county_clerk: User) -> None:
    person, client = a_person(by=county_clerk), client_of(county_clerk)
    response = client.post("/work/people/export?place=431224000000", {"reason": "月底核对"})
    assert response["Content-Type"].startswith("application/vnd.openxmlformats")
    assert person.document_number().encode() not in b"".join(response.streaming_content)


def test_a_visitor_may_not_export(village_visitor: User) -> None:
    assert client_of(village_visitor).get("/work/people/export?sex=2").status_code == 403


def test_nobody_sees_the_register_without_logging_in(city: Any) -> None:
    assert Client().get("/work/people/").status_code == 302
