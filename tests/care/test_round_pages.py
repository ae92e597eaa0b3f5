"""Pages of rounds: who sees them, how many statements they cost, without a script and with one."""

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.browsing import check, enter
from tests.care.builders import a_round
from tests.conftest import client_of
from yinling.accounts.models import User
from yinling.care.models import DayPlan, Stop
from yinling.care.queries import rounds as queries
from yinling.web.assets import build

MOST_QUERIES = 40


def _cost(user: User, address: str) -> int:
    client = client_of(user)
    client.get(address)
    with CaptureQueriesContext(
        connection,
    ) as seen:
        assert client.get(address).status_code == 200
    return len(seen)


def test_the_planners_page_costs_the_same_for_two_stops_and_for_six(city: Any, lists: None, county_clerk: User) -> None:
    few = reverse("care:day_plan", args=[a_round(2).uid])
    many = reverse(
        "care:day_plan", args=[a_round(6, tag="二", day=queries.DayPlan.objects.get().day + dt.timedelta(days=9)).uid]
    )
    assert _cost(county_clerk, few) == _cost(county_clerk, many)


def test_the_pages_open_and_other_counties_find_nothing(
    city: Any, lists: None, county_clerk: User, other_county_clerk: User, village_visitor: User
) -> None:
    made = a_round()
    visitor = queries.stops_of(made)[0].visitor
    pages = [reverse("care:day_plan", args=[made.uid]), reverse("care:round_print", args=[made.uid, visitor.uid])]
    for page in pages:
        assert client_of(county_clerk).get(page).status_code == 200
        assert client_of(other_county_clerk).get(page).status_code == 404
        assert client_of(village_visitor).get(page).status_code == 403
    assert client_of(county_clerk).get(reverse("care:rounds")).status_code == 200
    assert client_of(visitor.user).get(reverse("care:my_round")).status_code == 200


def test_publishing_and_comparing_by_forms_alone(city: Any, lists: None, county_clerk: User) -> None:
    made = a_round()
    client = client_of(county_clerk)
    client.post(reverse("care:rounds_publish", args=[made.uid]))
    assert DayPlan.objects.get().state == DayPlan.State.PUBLISHED
    answer = client.get(reverse("care:rounds_compare", args=[made.uid]), {"with": str(made.uid)})
    assert answer.status_code == 200
    assert client.post(reverse("care:rounds"), {"place_key": made.place_key, "day": "2020-01-01"}).status_code == 422


@pytest.mark.heavy
@pytest.mark.xdist_group("planning")
def test_a_stop_is_explained_and_moved_by_forms_alone(city: Any, lists: None, county_clerk: User) -> None:
    made = a_round(publish=True)
    stop = queries.stops_of(made)[0]
    client = client_of(county_clerk)
    page = client.get(reverse("care:round_stop", args=[stop.uid]))
    offered = [uid for uid, name, _adds in page.context["offers"] if name != stop.visitor.name]
    address = reverse("care:round_move", args=[stop.uid])
    assert client.get(address, {"to": offered[0]}).status_code == 200
    client.post(address, {"to": offered[0]})
    assert Stop.objects.get(day_plan__version=2, visit=stop.visit).visitor != stop.visitor
    news = reverse("care:rounds_news", args=[made.uid])
    assert client.get(news, {"sick": str(stop.visitor.uid)}).context["is_tried"]
    assert client.get(reverse("care:round_costs", args=[stop.uid])).json()[offered[0]] is not None


@pytest.mark.heavy
@pytest.mark.xdist_group("planning")
@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_dragging_shows_the_cost_and_asks_before_it_moves(
    browser_page: Any, live_server: Any, city: Any, lists: None, county_clerk: User
) -> None:
    build()
    made = a_round()
    stop = queries.stops_of(made)[0]
    enter(browser_page, live_server, county_clerk)
    page = browser_page
    assert not check(page, live_server, reverse("care:rounds"))
    assert not check(page, live_server, reverse("care:day_plan", args=[made.uid]))
    assert not check(page, live_server, reverse("care:round_stop", args=[stop.uid]))
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto(live_server.url + reverse("care:day_plan", args=[made.uid]))
    block = page.locator(f"a[data-move*='{stop.uid}']")
    block.scroll_into_view_if_needed()
    lane = page.locator(f"g[data-carer]:not([data-carer='{stop.visitor.uid}']) [data-ground]")
    begun, there = block.bounding_box(), lane.bounding_box()
    page.mouse.move(begun["x"] + 5, begun["y"] + 5)
    page.mouse.down()
    page.mouse.move(begun["x"] + 5, there["y"] + 20, steps=4)
    page.wait_for_function("[...document.querySelectorAll('[data-cost]')].some(one => one.textContent)")
    page.mouse.up()
    page.wait_for_url("**/move?to=*")
    page.locator("main form button.main").click()
    page.wait_for_url("**/rounds/*-*/")
    assert Stop.objects.get(day_plan__version=2, visit=stop.visit).visitor != stop.visitor
