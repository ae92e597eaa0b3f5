"""Pages of rosters: what they show, to whom, with how many statements; and in a real browser."""

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.browsing import axe_faults, enter
from yinling.accounts.models import User
from yinling.kernel.clock import civil_date
from yinling.rosters.models import Roster, Shift, Swap, Turn
from yinling.rosters.services import offer_swap
from yinling.web.assets import build

from .builders import DIZHUANG, HECHENG, LUFENG, a_home, a_roster, a_shift, on, somebody

pytestmark = [pytest.mark.urls("tests.rosters.addresses"), pytest.mark.django_db, pytest.mark.usefixtures("city")]


@pytest.fixture
def clerk(city: Any) -> User:
    return somebody("舒禾", role="township_clerk")


@pytest.fixture
def page(client: Client, clerk: User) -> Client:
    client.force_login(clerk)
    return client


def text(client: Client, name: str, *args: Any, **address: Any) -> str:
    answer = client.get(reverse(f"rosters:{name}", args=args), address)
    assert answer.status_code == 200
    return answer.content.decode()


def month_of_tomorrow() -> str:
    return f"{civil_date() + dt.timedelta(days=1):%Y-%m}"


def test_the_list_says_who_is_on_duty_now(page: Client):
    a_roster(DIZHUANG)
    on(a_roster(), somebody("向军"), "00:00", "00:00", days=0)
    a_roster(organisation=a_home(), post="night_watch")
    shown = text(page, "rosters")
    assert "向军" in shown and "卢峰镇敬老院" in shown and "无人" in shown
    assert "低庄镇" not in shown
    assert "敬老院" not in text(page, "rosters", post="hotline")


def test_statements_do_not_grow_with_rosters(page: Client):
    on(a_roster(), somebody("向军"), "00:00", "00:00", days=0)
    text(page, "rosters")
    with CaptureQueriesContext(connection) as few:
        text(page, "rosters")
    for post in ("hotline", "night_watch", "emergency"):
        on(a_roster(post=post), somebody(post), "00:00", "00:00", days=0)
    with CaptureQueriesContext(connection) as many:
        text(page, "rosters")
    assert len(many) == len(few) <= 8


def test_a_roster_of_another_township_reads_as_not_found(page: Client):
    elsewhere = a_roster(DIZHUANG)
    turn = on(elsewhere, somebody("远", DIZHUANG))
    for name, uid in (("roster", elsewhere.uid), ("print", elsewhere.uid), ("plan", elsewhere.uid), ("turn", turn.uid)):
        assert page.get(reverse(f"rosters:{name}", args=[uid])).status_code == 404


def test_a_roster_is_opened_gets_a_shift_and_is_planned(page: Client):
    somebody("向军")
    asked = {"post": "duty_officer", "place_key": LUFENG, "name": "干部值班", "organisation": ""}
    assert page.post(reverse("rosters:open"), asked).status_code == 302
    roster = Roster.objects.get()
    shift = {"name": "夜班", "starts": "20:00", "ends": "08:00", "days": "every", "needed": 1}
    page.post(reverse("rosters:shifts", args=[roster.uid]), shift)
    assert Shift.objects.get().ends_minute == 1920
    assert "次日 08:00" in text(page, "shifts", roster.uid)
    first = civil_date() + dt.timedelta(days=1)
    uids = [str(user.uid) for user in User.objects.filter(name__in=["向军", "舒禾"])]
    plan = {"shift": Shift.objects.get().uid, "first": first, "last": first + dt.timedelta(days=3), "users": uids}
    assert page.post(reverse("rosters:plan", args=[roster.uid]), plan).status_code == 302
    assert Turn.objects.count() == 4
    assert "已排 4 班" in text(page, "roster", roster.uid, month=month_of_tomorrow())
    assert "向军" in text(page, "print", roster.uid, month=month_of_tomorrow())


def test_a_second_roster_of_a_post_is_refused_in_words(page: Client):
    a_roster()
    asked = {"post": "duty_officer", "place_key": LUFENG, "name": "又一张", "organisation": ""}
    answer = page.post(reverse("rosters:open"), asked)
    assert answer.status_code == 422
    assert "已管这个岗位" in answer.content.decode()


def test_an_organisation_out_of_scope_is_not_found(page: Client):
    a_home(HECHENG)
    asked = {"post": "night_watch", "place_key": LUFENG, "name": "夜班", "organisation": "卢峰镇敬老院"}
    answer = page.post(reverse("rosters:open"), asked)
    assert answer.status_code == 422
    assert not Roster.objects.exists()


def test_missing_places_are_told_and_lead_to_putting_on(page: Client):
    roster = a_roster()
    a_shift(roster, needed=2)
    shown = text(page, "roster", roster.uid, month=month_of_tomorrow())
    tomorrow = civil_date() + dt.timedelta(days=1)
    assert "缺 2 人" in shown and f"?day={tomorrow}" in shown
    user = somebody("向军")
    put = {"user": user.uid, "day": tomorrow, "starts": "08:00", "ends": "18:00", "shift": ""}
    assert page.post(reverse("rosters:put_on", args=[roster.uid]), put).status_code == 302
    again = page.post(reverse("rosters:put_on", args=[roster.uid]), put)
    assert again.status_code == 422 and "已在“值班干部表”值班" in again.content.decode()


def test_the_present_month_begins_with_today_until_all_days_are_asked_for(
    page: Client, monkeypatch: pytest.MonkeyPatch
):
    for module in ("presenting", "queries"):
        monkeypatch.setattr(f"yinling.rosters.{module}.civil_date", lambda: dt.date(2026, 11, 20))
    roster = a_roster()
    a_shift(roster)
    cut, whole = (text(page, "roster", roster.uid, month="2026-11", **more) for more in ({}, {"days": "all"}))
    assert "11月19日" not in cut and "11月20日" in cut and "11月1日" in whole
    assert '<th scope="row">1 日' in text(page, "print", roster.uid, month="2026-11")


def test_a_month_that_makes_no_sense_is_this_month(page: Client):
    roster = a_roster()
    a_shift(roster)
    assert f"{civil_date():%Y}年{civil_date().month}月" in text(page, "roster", roster.uid, month="2026-99")


def test_a_swap_through_the_pages(client: Client):
    giver, taker = somebody("向军"), somebody("周梅")
    turn = on(a_roster(), giver)
    client.force_login(giver)
    client.post(reverse("rosters:offer", args=[turn.uid]), {"offer-note": "孩子生病"})
    assert "还没人接" in text(client, "mine")
    client.force_login(taker)
    assert "孩子生病" in text(client, "mine")
    assert "我来接这班" in text(client, "turn", turn.uid)
    client.post(reverse("rosters:take", args=[Swap.objects.get().uid]))
    client.force_login(giver)
    assert "周梅 已接班" in text(client, "mine")
    assert "已与同事换班" in text(client, "turn", turn.uid)
    client.post(reverse("rosters:receive", args=[Swap.objects.get().uid]))
    assert Swap.objects.get().received_at


def test_a_carer_sees_own_turns_and_cannot_plan(client: Client):
    carer = somebody("护", role="carer")
    turn = on(a_roster(post="night_watch", organisation=a_home()), carer)
    client.force_login(carer)
    assert "值班干部表" in text(client, "mine")
    assert client.get(reverse("rosters:plan", args=[turn.roster.uid])).status_code == 403
    assert client.get(reverse("rosters:open")).status_code == 403


def test_taking_off_through_the_page_needs_a_reason(page: Client):
    turn = on(a_roster(), somebody("向军"))
    url = reverse("rosters:take_off", args=[turn.uid])
    assert page.post(url, {"off-reason": ""}).status_code == 422
    assert page.post(url, {"off-reason": "住院"}).status_code == 302
    assert "已撤班" in text(page, "turn", turn.uid)


def test_without_log_in_there_is_no_roster(client: Client):
    assert client.get(reverse("rosters:rosters")).status_code == 302


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_the_pages_have_no_accessibility_fault_and_do_not_scroll_sideways(
    browser_page: Any, live_server: Any, clerk: User
):
    build()
    roster, user = a_roster(), somebody("向军")
    a_shift(roster, needed=2)
    a_shift(roster, "18:00", "08:00", "夜班")
    turn = on(roster, user)
    offer_swap(turn_uid=turn.uid, by=user)
    mine = on(a_roster(post="hotline"), clerk)
    enter(browser_page, live_server, clerk)
    pages = [reverse("rosters:rosters"), reverse("rosters:mine"), reverse("rosters:open")]
    pages += [reverse(f"rosters:{name}", args=[roster.uid]) for name in ("roster", "print", "shifts", "plan", "put_on")]
    pages += [reverse("rosters:turn", args=[one.uid]) for one in (turn, mine)]
    for width in (390, 1280):
        browser_page.set_viewport_size({"width": width, "height": 900})
        for address in pages:
            browser_page.goto(live_server.url + address)
            assert (address, axe_faults(browser_page)) == (address, [])
            assert browser_page.evaluate("document.documentElement.scrollWidth <= innerWidth"), address
