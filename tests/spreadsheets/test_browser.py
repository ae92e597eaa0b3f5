"""Imports in a real browser, on a phone and on a desk: no accessibility fault, no sideways scroll, no script needed."""

from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse

from tests.browsing import axe_faults, enter
from tests.spreadsheets.rosters import a_roster, a_row, as_csv, imported, rows, uploaded
from yinling.accounts.models import User
from yinling.kernel import jobs
from yinling.spreadsheets import services
from yinling.web.assets import build

pytestmark = [
    pytest.mark.browser,
    pytest.mark.urls("tests.spreadsheets.addresses"),
    pytest.mark.django_db(transaction=True),
]
WIDE = """[...document.querySelectorAll('main *')].filter(e => e.getBoundingClientRect().right > innerWidth)
    .map(e => e.outerHTML.slice(0, 160))"""


@pytest.fixture(autouse=True)
def _built() -> None:
    build()


def check(page: Any, server: Any, address: str) -> None:
    for width in (390, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        page.goto(server.url + address)
        page.wait_for_load_state("load")
        assert axe_faults(page) == []
        wide = page.evaluate(WIDE) if page.evaluate("document.documentElement.scrollWidth > innerWidth") else []
        assert not wide, f"{address} scrolls at {width}"


def damaged(count: int) -> bytes:
    return as_csv([*rows(count), {**a_row(900), "身份证号码": "4.33E+17"}, {**a_row(901), "姓名": "舒桂香（已迁出）"}])


def test_every_page_of_imports_is_clean_at_both_widths(browser_page: Any, live_server: Any, county_clerk: User) -> None:
    enter(browser_page, live_server, county_clerk)
    done, waiting = imported(damaged(60), county_clerk), uploaded(damaged(5), county_clerk)
    running = uploaded(damaged(5), county_clerk)
    services.start(uid=running.uid, by=county_clerk)
    for name in ("imports", "upload"):
        check(browser_page, live_server, reverse(f"spreadsheets:{name}"))
    for name, found in (("mapping", waiting), ("import", running), ("import", done)):
        check(browser_page, live_server, reverse(f"spreadsheets:{name}", args=[found.uid]))


def test_a_clerk_uploads_a_file_and_watches_it_come_in(
    browser_page: Any, live_server: Any, county_clerk: User, tmp_path: Path
) -> None:
    enter(browser_page, live_server, county_clerk)
    browser_page.goto(live_server.url + reverse("spreadsheets:upload"))
    browser_page.set_input_files("input[type=file]", str(a_roster(tmp_path, rows(8))))
    browser_page.click("main .btn.main")
    browser_page.click("main .btn.main")
    browser_page.wait_for_selector("progress")
    jobs.run_all()
    browser_page.wait_for_selector("text=8 行已收下")
