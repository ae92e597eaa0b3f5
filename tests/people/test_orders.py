"""Lists in another order: by name, birth date and place, page by page, and never the whole register sorted."""

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.people.builders import a_person, a_village
from yinling.accounts.models import User
from yinling.people import orders, queries
from yinling.people.models import Person
from yinling.people.orders import sorted_persons
from yinling.people.queries import Filters

pytestmark = pytest.mark.django_db
XUPU = 431224000000


def several(by: User) -> None:
    for name, year, place in (("张秀英", 1950, 1), ("向玉莲", 1938, 0), ("舒桂香", 1944, 1), ("安小妹", 1941, 0)):
        a_person(by=by, name=name, born=dt.date(year, 3, 5), place_key=a_village(place=place), phone="")


def names(by: User, order: str, filters: Filters | None = None, **address: str) -> list[str]:
    found = sorted_persons(filters or Filters(place_key=XUPU), order, by=by, address=address)
    assert found is not None
    return [person.name for person in found.rows]


def test_a_short_list_is_sorted_by_reading_birth_or_place(county_clerk: User) -> None:
    several(county_clerk)
    assert names(county_clerk, "name") == ["安小妹", "舒桂香", "向玉莲", "张秀英"]
    assert names(county_clerk, "born") == ["向玉莲", "安小妹", "舒桂香", "张秀英"]
    assert names(county_clerk, "-born") == ["张秀英", "舒桂香", "安小妹", "向玉莲"]
    assert names(county_clerk, "place") == ["向玉莲", "安小妹", "张秀英", "舒桂香"]
    assert names(county_clerk, "-place") == ["舒桂香", "张秀英", "安小妹", "向玉莲"]


def test_who_has_no_birth_date_stands_last(county_clerk: User) -> None:
    several(county_clerk)
    Person.objects.filter(name="向玉莲").update(birth_date=None)
    assert names(county_clerk, "born")[-1] == "向玉莲"


@pytest.mark.parametrize("order", ["name", "place", "-place"])
def test_pages_follow_each_other_without_gap_both_ways(
    county_clerk: User, order: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    several(county_clerk)
    whole = names(county_clerk, order)
    monkeypatch.setattr(orders, "PAGE", 2)
    first = sorted_persons(Filters(place_key=XUPU), order, by=county_clerk, address={})
    assert first is not None
    second = sorted_persons(Filters(place_key=XUPU), order, by=county_clerk, address={"after": first.next})
    assert second is not None
    assert [p.name for p in (*first.rows, *second.rows)] == whole
    address = {"before": second.previous}
    again = sorted_persons(Filters(place_key=XUPU), order, by=county_clerk, address=address)
    assert again is not None
    assert [p.name for p in again.rows] == whole[:2]
    assert (first.previous, second.next) == ("", "")


def test_a_list_that_is_too_long_is_not_sorted(county_clerk: User, monkeypatch: pytest.MonkeyPatch) -> None:
    several(county_clerk)
    monkeypatch.setattr(orders, "MOST_SORTED", 3)
    whole = Filters(place_key=XUPU)
    assert sorted_persons(whole, "born", by=county_clerk, address={}) is None
    assert sorted_persons(whole, "place", by=county_clerk, address={}) is not None
    assert sorted_persons(Filters(text="香"), "born", by=county_clerk, address={}) is not None
    assert sorted_persons(whole, "nonsense", by=county_clerk, address={}) is None


def test_a_number_typed_is_found_whatever_the_order(county_clerk: User) -> None:
    several(county_clerk)
    number = Person.objects.first().document_number()  # type: ignore[union-attr]
    assert sorted_persons(Filters(text=number), "name", by=county_clerk, address={}) is None


def test_another_countys_persons_are_in_no_order(county_clerk: User, other_county_clerk: User) -> None:
    several(county_clerk)
    for order in ("name", "born", "place"):
        assert names(other_county_clerk, order) == []
        assert names(other_county_clerk, order, Filters(sex="2")) == []


def test_merged_and_dead_persons_are_left_out_along_the_index_too(county_clerk: User) -> None:
    several(county_clerk)
    Person.objects.filter(name="向玉莲").update(life_status="dead")
    Person.objects.filter(name="安小妹").update(canonical=Person.objects.get(name="张秀英"))
    assert names(county_clerk, "place") == ["张秀英", "舒桂香"]


def test_the_order_by_place_walks_its_index_and_sorts_nothing(county_clerk: User) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("the plan is read from SQLite")
    several(county_clerk)
    with CaptureQueriesContext(connection) as captured:
        names(county_clerk, "place")
    sql = next(q["sql"] for q in captured if "people_person" in q["sql"] and "ORDER BY" in q["sql"])
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {sql}")
        plan = " ".join(row[3] for row in cursor.fetchall())
    assert "person_by_place" in plan
    assert "TEMP B-TREE" not in plan


@pytest.mark.parametrize("order", ["name", "born", "-place"])
def test_a_sorted_list_costs_no_more_statements_than_a_page_may(
    county_clerk: User, order: str, django_assert_max_num_queries: Any
) -> None:
    several(county_clerk)
    queries.find_persons(Filters(place_key=XUPU), by=county_clerk)
    with django_assert_max_num_queries(4):
        names(county_clerk, order)
