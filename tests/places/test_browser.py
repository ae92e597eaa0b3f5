"""Pages of divisions and of programs in a real browser: no accessibility fault, no sideways scroll."""

from typing import Any

import pytest

from tests.api.builders import a_token
from tests.browsing import check, enter
from tests.conftest import LUFENG, XUPU, a_user
from yinling.accounts.models import User
from yinling.places.models import Place
from yinling.web.assets import build

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def _assets() -> None:
    build()


def test_pages_of_divisions_have_no_fault(browser_page: Any, live_server: Any, city: Place) -> None:
    enter(browser_page, live_server, a_user("system_administrator", city.key))
    for path in ("", "?q=lf", f"{XUPU}/", f"{LUFENG}/?on=2025-01-01", f"{LUFENG}/merge/", f"{LUFENG}/change/"):
        assert check(browser_page, live_server, f"/work/places/{path}") == {}


def test_a_merger_is_previewed_and_made_by_keyboard(browser_page: Any, live_server: Any, city: Place) -> None:
    enter(browser_page, live_server, a_user("system_administrator", city.key))
    browser_page.goto(f"{live_server.url}/work/places/{LUFENG}/change/")
    browser_page.fill("#id_name", "卢峰街道")
    browser_page.fill("#id_on", "2026-01-01")
    browser_page.fill("#id_source", "批文")
    browser_page.press("#id_source", "Enter")
    browser_page.focus("button[name=confirmed]")
    browser_page.keyboard.press("Enter")
    browser_page.wait_for_url(f"**/work/places/{LUFENG}/")
    assert browser_page.inner_text("h1") == "卢峰街道"


def test_pages_of_programs_have_no_fault(browser_page: Any, live_server: Any, county_clerk: User) -> None:
    a_token(county_clerk)
    assert check(browser_page, live_server, "/api/v1/") == {}
    enter(browser_page, live_server, county_clerk)
    assert check(browser_page, live_server, "/work/accounts/me/tokens/") == {}
    enter(browser_page, live_server, a_user("security_administrator", 431200000000))
    for path in ("tokens/", f"users/{county_clerk.uid}/token/"):
        assert check(browser_page, live_server, f"/work/accounts/{path}") == {}
