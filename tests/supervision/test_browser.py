"""The board and the phone's alert in a browser: axe, both widths, both languages; the board draws itself anew."""

from typing import Any

import pytest
from django.urls import reverse

from tests.browsing import check, enter
from tests.supervision.builders import an_alert, minutes
from yinling.accounts.models import User
from yinling.kernel.clock import now
from yinling.web.assets import build

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("browser")]


def readings() -> tuple[dict[str, object], ...]:
    return tuple(
        {"metric": "gas", "at": (now() + minutes(n - 20)).isoformat(), "value": 4.0 + n}
        for n in (0, 1, 2, 3, 9, 10, 11)
    )


def test_the_board_the_alert_and_the_rules_have_no_faults(browser_page: Any, live_server: Any, watcher: User) -> None:
    build()
    alert = an_alert("gas", 3, evidence=readings())
    an_alert("battery", 0)
    enter(browser_page, live_server, watcher)
    paths = [
        reverse("supervision:board"), reverse("supervision:phone", args=[alert.uid]),
        reverse("supervision:alert", args=[alert.uid]), reverse("supervision:alerts"), reverse("supervision:rules"),
        reverse("supervision:rule", args=["gas"]), reverse("supervision:false_alarm", args=[alert.uid]),
    ]  # fmt: skip
    browser_page.route("**/stream", lambda route: route.fulfill(status=204))  # an open stream is never idle
    found: dict[str, list[str]] = {}
    for path in paths:
        found |= check(browser_page, live_server, path)
    assert not found


def test_the_board_shows_a_new_alert_by_itself(browser_page: Any, live_server: Any, watcher: User) -> None:
    build()
    enter(browser_page, live_server, watcher)
    browser_page.goto(live_server.url + reverse("supervision:board"))
    browser_page.wait_for_timeout(500)
    assert browser_page.get_by_text("烟雾报警").count() == 0
    an_alert("smoke", 3)
    browser_page.get_by_text("烟雾报警").first.wait_for(timeout=15_000)


def test_the_board_polls_where_there_is_no_stream(browser_page: Any, live_server: Any, watcher: User) -> None:
    build()
    enter(browser_page, live_server, watcher)
    browser_page.route("**/stream", lambda route: route.fulfill(status=204))
    browser_page.goto(live_server.url + reverse("supervision:board"))
    an_alert("smoke", 3)
    browser_page.get_by_text("烟雾报警").first.wait_for(timeout=15_000)


def test_three_buttons_lead_from_red_to_resolved_on_a_phone(browser_page: Any, live_server: Any, watcher: User) -> None:
    build()
    alert = an_alert("gas", 3)
    enter(browser_page, live_server, watcher)
    browser_page.set_viewport_size({"width": 390, "height": 844})
    browser_page.goto(live_server.url + reverse("supervision:phone", args=[alert.uid]))
    browser_page.get_by_role("button", name="确认收到").click()
    browser_page.get_by_role("button", name="我已到场").click()
    browser_page.get_by_role("link", name="处置", exact=True).click()
    browser_page.fill("#id_note", "关阀通风，老人平安。")
    browser_page.get_by_role("button", name="已处置，保存").click()
    browser_page.wait_for_url("**/phone")
    alert.refresh_from_db()
    assert alert.state == "resolved" and alert.on_site_at is not None
