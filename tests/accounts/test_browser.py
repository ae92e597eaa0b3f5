"""The door and the pages of accounts in a real browser: no accessibility fault, no sideways scroll, two taps."""

from pathlib import Path
from typing import Any

import pytest

from tests.browsing import check
from yinling.accounts import proofs
from yinling.accounts.models import LogIn, User
from yinling.places.models import Place
from yinling.web.assets import build

from .builders import CITY, HECHENG, LUFENG, PASSWORD, XUPU, holding, someone

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def _assets() -> None:
    build()


def log_in(page: Any, server: Any, username: str) -> None:
    page.goto(f"{server.url}/accounts/login/?next=/work/accounts/me/")
    page.fill("#id_login", username)
    page.fill("#id_password", PASSWORD)
    page.press("#id_password", "Enter")
    page.wait_for_url("**/work/accounts/me/")


def test_the_log_in_page_has_no_fault_and_logs_in_by_keyboard_and_by_one_tap(
    browser_page: Any, live_server: Any, city: Place, settings: Any, tmp_path: Path
) -> None:
    settings.HOME = tmp_path
    demo = someone("demo.clerk", XUPU, "county_clerk")
    someone("demo.city", CITY, "city_officer")
    someone("clerk", XUPU, "county_clerk")
    demo.password = proofs.hashed(proofs.demo_password(), username="demo.clerk", name="某")
    demo.save()
    assert check(browser_page, live_server, "/accounts/login/") == {}
    log_in(browser_page, live_server, "clerk")
    browser_page.context.clear_cookies()
    browser_page.goto(f"{live_server.url}/accounts/login/?next=/work/accounts/me/")
    browser_page.click("table button >> nth=0")
    browser_page.wait_for_url("**/work/accounts/me/")
    assert LogIn.objects.filter(user=demo, succeeded=True).count() == 1


def test_pages_of_the_administrators_have_no_fault(browser_page: Any, live_server: Any, city: Place) -> None:
    someone("secadmin", CITY, "security_administrator")
    worker = someone("worker", LUFENG, "township_clerk")
    log_in(browser_page, live_server, "secadmin")
    paths = ["", "roles/", f"users/{worker.uid}/"]
    assert [check(browser_page, live_server, f"/work/accounts/{path}") for path in paths] == [{}, {}, {}]


def test_everybody_s_own_pages_have_no_fault(browser_page: Any, live_server: Any, clerk: User) -> None:
    holding(clerk, "assessor", HECHENG)
    log_in(browser_page, live_server, "clerk")
    paths = ["me/", "loans/", "moves/"]
    assert [check(browser_page, live_server, f"/work/accounts/{path}") for path in paths] == [{}, {}, {}]
    assert check(browser_page, live_server, "/accounts/password/change/") == {}


def test_the_pages_of_the_second_factor_have_no_fault(browser_page: Any, live_server: Any, clerk: User) -> None:
    log_in(browser_page, live_server, "clerk")
    assert check(browser_page, live_server, "/accounts/reauthenticate/") == {}
    browser_page.fill("#id_password", PASSWORD)
    browser_page.press("#id_password", "Enter")
    assert check(browser_page, live_server, "/accounts/2fa/") == {}
    assert check(browser_page, live_server, "/accounts/2fa/totp/activate/") == {}
    picture = browser_page.locator("img[alt]")
    assert picture.evaluate("image => image.naturalWidth") > 0


def test_two_taps_and_a_pin_hand_a_phone_over(browser_page: Any, live_server: Any, clerk: User) -> None:
    visitor = someone("visitor", LUFENG, "village_visitor")
    for user in (clerk, visitor):
        proofs.set_pin(user=user, pin="407152")
        log_in(browser_page, live_server, user.username)
        browser_page.click("form[action$='/me/here/'] button")
        browser_page.wait_for_load_state("networkidle")
        browser_page.goto(f"{live_server.url}/work/accounts/switch/")
        browser_page.click("form[action='/accounts/logout/'] button")
        browser_page.wait_for_url("**/accounts/login/")
    browser_page.set_viewport_size({"width": 390, "height": 800})
    assert check(browser_page, live_server, "/work/accounts/switch/") == {}
    browser_page.locator("label", has_text=clerk.name).click()
    browser_page.fill("#pin", "407152")
    browser_page.click("button.main")
    browser_page.wait_for_url("**/work/")
    browser_page.goto(f"{live_server.url}/work/accounts/me/")
    assert browser_page.locator("dd", has_text="clerk").count() == 1
