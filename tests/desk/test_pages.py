"""The desk and the pages of divisions: scope, figures that open, a constant number of statements."""

import datetime as dt
from typing import Any

import pytest

from tests.conftest import a_user, client_of
from tests.people.builders import a_person
from yinling.accounts.models import User
from yinling.kernel import measures
from yinling.kernel.clock import now
from yinling.kernel.models import Change
from yinling.people.models import Category, Person, Residence
from yinling.places.queries import ancestors

pytestmark = pytest.mark.django_db
XUPU, HECHENG, CITY = 431224000000, 431202000000, 431200000000


def counted(*days: dt.date) -> None:
    """Everything on file is long known; figures are kept for these days."""
    past = now() - dt.timedelta(days=400)
    for table in (Residence, Category):
        table.objects.update(recorded_at=past, valid_from=past.date())
    Person.objects.update(created_at=past)
    for day in days:
        measures.keep(day, ancestors())


def test_the_desk_shows_my_divisions_figures_as_doors(county_clerk: User, django_assert_max_num_queries: Any) -> None:
    a_person(by=county_clerk)
    counted(dt.date(2026, 10, 31), dt.date(2026, 11, 23))
    client = client_of(county_clerk)
    client.get("/work/")
    with django_assert_max_num_queries(14):  # session, user, list with its counts, figures, who is late
        text = client.get("/work/").content.decode()
    assert f"/work/people/?place={XUPU}&amp;age_from=60" in text


def test_a_figure_counts_what_was_known_then(county_clerk: User) -> None:
    a_person(by=county_clerk)
    counted(dt.date(2026, 11, 23))
    assert measures.kept(XUPU, ["elders"], dt.date(2026, 1, 1))["elders"] == [(dt.date(2026, 11, 23), 1)]
    a_person(by=county_clerk, name="向玉莲", born=dt.date(1940, 1, 2), phone="")  # recorded only now
    measures.keep(dt.date(2026, 11, 23), ancestors())
    assert measures.kept(XUPU, ["elders"], dt.date(2026, 1, 1))["elders"] == [(dt.date(2026, 11, 23), 1)]


def test_the_city_compares_its_counties(city_officer: User, county_clerk: User) -> None:
    a_person(by=county_clerk)
    counted(dt.date(2026, 11, 23))
    text = client_of(city_officer).get(f"/work/division/{CITY}").content.decode()
    assert f"/work/division/{XUPU}" in text and f"/work/division/{HECHENG}" in text


def test_another_countys_page_reads_as_not_found(county_clerk: User) -> None:
    assert client_of(county_clerk).get(f"/work/division/{HECHENG}").status_code == 404
    assert client_of(county_clerk).get("/work/division/999999999999").status_code == 404


def test_an_administrator_has_a_desk_without_people(city: Any) -> None:
    response = client_of(a_user("system_administrator", CITY)).get("/work/")
    assert response.status_code == 200
    assert "/work/people/" not in response.content.decode()


@pytest.mark.parametrize("what", ["duties", "organisations"])
def test_lists_of_modules_below_export_with_a_reason(county_clerk: User, what: str) -> None:
    client = client_of(county_clerk)
    assert client.post(f"/work/export/{what}", {"reason": "a"}).status_code == 422
    response = client.post(f"/work/export/{what}", {"reason": "月底核对"})
    assert response.status_code == 200, response.content.decode()
    assert b"".join(response.streaming_content)[:2] == b"PK"
    assert Change.objects.get(type="desk.list_taken").reason == "月底核对"


def test_an_unknown_list_reads_as_not_found(county_clerk: User) -> None:
    assert client_of(county_clerk).get("/work/export/secrets").status_code == 404
