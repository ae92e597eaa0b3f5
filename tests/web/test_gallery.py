"""The gallery in a real browser: no accessibility fault, no sideways scroll, by keyboard, panels that fail alone."""

from typing import Any

import pytest

from tests.browsing import axe_faults
from yinling.web.assets import build

pytestmark = [pytest.mark.browser, pytest.mark.urls("tests.web.addresses"), pytest.mark.django_db(transaction=True)]
FRAMES = ["public", "phone", "elder", "print", "plain", "board"]


@pytest.fixture(autouse=True)
def _shown(settings: Any) -> None:
    settings.DEBUG = True  # the gallery is for developers and staff
    settings.DEBUG_PROPAGATE_EXCEPTIONS = False
    build()


def open_page(page: Any, server: Any, path: str, language: str = "zh-hans", theme: str = "light") -> None:
    page.context.add_cookies([
        {"name": "django_language", "value": language, "url": server.url},
        {"name": "theme", "value": theme, "url": server.url},
    ])  # fmt: skip
    answer = page.goto(server.url + path)
    assert answer.status == 200
    page.wait_for_load_state("networkidle")


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize(("width", "theme"), [(390, "light"), (1280, "light"), (1280, "dark")])
def test_every_component_is_free_of_accessibility_axe_faults(
    browser_page: Any, live_server: Any, language: str, width: int, theme: str
) -> None:
    browser_page.set_viewport_size({"width": width, "height": 900})
    open_page(browser_page, live_server, "/look/", language, theme)
    assert axe_faults(browser_page) == []
    assert browser_page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("name", FRAMES)
def test_every_frame_is_free_of_accessibility_faults_on_a_phone(browser_page: Any, live_server: Any, name: str) -> None:
    browser_page.set_viewport_size({"width": 390, "height": 900})
    open_page(browser_page, live_server, f"/look/frame/{name}/")
    assert axe_faults(browser_page) == []
    assert browser_page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    browser_page.set_viewport_size({"width": 320, "height": 900})
    assert browser_page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_visitor_without_any_menu_gets_the_whole_width(
    browser_page: Any, live_server: Any, own_registry: Any
) -> None:
    own_registry.clear()
    open_page(browser_page, live_server, "/look/")
    assert browser_page.locator("main").bounding_box()["width"] > 1000


def test_panels_load_alone_and_fail_alone(browser_page: Any, live_server: Any) -> None:
    open_page(browser_page, live_server, "/look/")
    text = browser_page.inner_text("main")
    assert "收下的已生效" in text
    assert "签到处离登记住址 840 米，上限 300 米。" in text
    assert "没有读出来，其他内容不受影响" in text
    assert browser_page.locator("section[data-panel][aria-busy]").count() == 0


def test_no_network_leaves_a_sentence_and_a_way_to_try_again(browser_page: Any, live_server: Any) -> None:
    browser_page.route("**/look/panel/ready/", lambda route: route.abort())
    open_page(browser_page, live_server, "/look/")
    panel = browser_page.locator("#panel-ready")
    assert "探访没有读出来" in panel.inner_text()
    browser_page.unroute("**/look/panel/ready/")
    panel.get_by_text("再试一次").click()
    panel.wait_for(state="detached")
    assert "收下的已生效" in browser_page.inner_text("main")


def test_without_scripts_a_panel_is_a_link_to_a_whole_page(chromium: Any, live_server: Any) -> None:
    context = chromium.new_context(java_script_enabled=False, locale="zh-CN")
    page = context.new_page()
    page.goto(live_server.url + "/look/")
    page.get_by_role("link", name="打开探访").first.click()
    assert "<html" in page.content() and "收下的已生效" in page.inner_text("main")
    context.close()


def test_the_policy_against_inline_code_is_never_broken(browser_page: Any, live_server: Any) -> None:
    broken: list[str] = []
    browser_page.on("console", lambda line: broken.append(line.text) if "Content Security" in line.text else None)
    for path in ("/look/", *(f"/look/frame/{name}/" for name in FRAMES)):
        open_page(browser_page, live_server, path)
    assert broken == []


def test_the_first_tab_stop_skips_to_the_content(browser_page: Any, live_server: Any) -> None:
    open_page(browser_page, live_server, "/look/")
    browser_page.keyboard.press("Tab")
    assert browser_page.evaluate("document.activeElement.className") == "skip"
    browser_page.keyboard.press("Enter")
    assert browser_page.evaluate("document.activeElement.id") == "main"


def test_fingers_find_every_button_on_a_phone(browser_page: Any, live_server: Any) -> None:
    browser_page.set_viewport_size({"width": 390, "height": 900})
    open_page(browser_page, live_server, "/look/")
    low = browser_page.evaluate(
        "[...document.querySelectorAll('.btn, .box, .chips a')]"
        ".filter(e => e.offsetParent && e.offsetHeight < 44).map(e => e.outerHTML.slice(0, 80))"
    )
    assert low == []
