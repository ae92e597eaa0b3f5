"""Public pages in a real browser: no accessibility fault, light enough for a slow line, usable without scripts."""

from typing import Any

import pytest

from tests.browsing import axe_faults
from yinling.web.assets import build

from .builders import HECHENG, a_place, counted

pytestmark = [
    pytest.mark.browser,
    pytest.mark.urls("tests.portal.addresses"),
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("city"),
]
PAGES = ("/", "/care/", "/care/?q=nobody", "/about/", "/accessibility/")
MOST_BYTES = 150_000
SMALL = """[...document.querySelectorAll('.btn, .doors a, .chips a, select, input[type=search]')]
    .filter(e => e.offsetParent && e.offsetHeight < 44).map(e => e.outerHTML.slice(0, 80))"""


@pytest.fixture(autouse=True)
def a_small_town() -> None:
    build()
    counted(1, homes=62, beds_set_up=12345, nursing_beds=3620, elders=207318)
    a_place("松柏养老院", fees={"low_fen": 168000, "high_fen": 320000}, address="城中路 1 号", operator_model="public")
    a_place("迎丰食堂", "canteen", HECHENG)


@pytest.mark.parametrize("language", ["zh-CN", "en"])
@pytest.mark.parametrize("width", [320, 390, 1280])
def test_no_fault_no_sideways_scroll_and_large_targets(chromium: Any, live_server: Any, language: str, width: int):
    context = chromium.new_context(viewport={"width": width, "height": 900}, locale=language)
    page = context.new_page()
    for address in PAGES:
        page.goto(live_server.url + address)
        assert page.get_attribute("html", "lang") == ("en" if language == "en" else "zh-Hans")
        assert (address, axe_faults(page)) == (address, [])
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), address
        assert page.evaluate(SMALL) == []
    context.close()


def test_the_home_page_comes_over_a_slow_line(browser_page: Any, live_server: Any):
    sizes: dict[str, int] = {}
    browser_page.on("response", lambda answer: sizes.update({answer.url: len(answer.body())}))
    browser_page.goto(live_server.url + "/")
    browser_page.wait_for_load_state("networkidle")
    assert sum(sizes.values()) < MOST_BYTES, sizes
    assert all(url.startswith(live_server.url) for url in sizes)


def test_everything_works_without_scripts(chromium: Any, live_server: Any):
    context = chromium.new_context(java_script_enabled=False, locale="zh-CN")
    page = context.new_page()
    page.goto(live_server.url + "/")
    page.get_by_role("button", name="字大些").click()
    assert "larger" in (page.get_attribute("body", "class") or "")
    page.get_by_role("button", name="English").click()
    assert page.get_by_role("heading", level=1).inner_text().startswith("Care for the elderly")
    page.locator(".doors a.eat").click()
    assert "迎丰食堂" in page.inner_text("main")
    page.select_option("select[name=place]", "431224000000")
    page.locator("form[role=search] button").click()
    assert "迎丰食堂" not in page.inner_text("main") and "need=eat" in page.url
    context.close()
