"""The entry form in a real browser at 390 px: no accessibility fault, no sideways scroll, large targets, no script
needed."""

from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse

from tests.browsing import axe_faults, enter
from yinling.assessments import services
from yinling.assessments.models import Assessment, Evidence, Signature
from yinling.web.assets import build

from .builders import PASSWORD, a_person, an_assessor, filled, planned, signed

pytestmark = [
    pytest.mark.browser,
    pytest.mark.urls("tests.assessments.addresses"),
    pytest.mark.django_db(transaction=True),
]
SMALL = """[...document.querySelectorAll('main .btn, main .box, main .pick span')]
    .filter(e => e.offsetParent && e.offsetHeight < 44).map(e => e.outerHTML.slice(0, 80))"""


@pytest.fixture(autouse=True)
def _built(settings: Any, tmp_path: Path) -> None:
    settings.FILES_DIR = tmp_path
    build()


def check(page: Any, server: Any, address: str, width: int = 390) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(server.url + address)
    page.wait_for_load_state("networkidle")
    page.evaluate("document.querySelectorAll('details:not(.menu)').forEach(d => d.open = true)")
    assert axe_faults(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert width > 768 or page.evaluate(SMALL) == []


def test_the_form_is_filled_in_on_a_phone(browser_page: Any, live_server: Any):
    wu = an_assessor("wu")
    found = planned(a_person())
    enter(browser_page, live_server, wu)
    address = reverse("assessments:entry", args=[found.uid])
    check(browser_page, live_server, address)
    for key in ("B2.1", "B2.2", "B2.3", "B2.4"):
        browser_page.locator(f"#{key.replace('.', chr(92) + '.')} label").nth(1).click()
    browser_page.get_by_role("button", name="保存", exact=True).click()
    browser_page.get_by_text("已保存，还差").wait_for()
    assert "11 分，满分 15 分" in browser_page.inner_text("main")
    assert Assessment.objects.get().answers == {"B2.1": 3, "B2.2": 3, "B2.3": 3, "B2.4": 2}
    check(browser_page, live_server, address)


def test_sign_report_list_and_panel_are_free_of_axe_faults(browser_page: Any, live_server: Any):
    wu, xiang = an_assessor("wu"), an_assessor("xiang")
    elder = a_person()
    signed(elder, wu, xiang, total=70, day="2024-09-01")
    done = signed(elder, wu, xiang, total=31)
    open_one = filled(a_person("周桂英"))
    enter(browser_page, live_server, wu)
    for name, uid in (("sign", open_one.uid), ("report", done.uid), ("panel", elder.uid), ("of_person", elder.uid)):
        check(browser_page, live_server, reverse(f"assessments:{name}", args=[uid]))
    for width in (390, 1280):
        check(browser_page, live_server, reverse("assessments:list"), width)
        for name in ("plan", "condition"):
            check(browser_page, live_server, reverse(f"assessments:{name}", args=[elder.uid]), width)


def test_the_form_works_without_scripts(chromium: Any, live_server: Any):
    found = planned(a_person())
    context = chromium.new_context(java_script_enabled=False, locale="zh-CN")
    page = context.new_page()
    enter(page, live_server, an_assessor("wu"))
    page.goto(live_server.url + reverse("assessments:entry", args=[found.uid]))
    page.locator("input[name='item-B1.1'][value='4']").check(force=True)
    page.get_by_role("button", name="保存", exact=True).click()
    assert "已保存" in page.inner_text("main")
    assert page.locator("input[name='item-B1.1'][value='4']").is_checked()
    context.close()


def draw(page: Any, pad: Any) -> None:
    """Two strokes on a pad, as a finger makes them."""
    pad.scroll_into_view_if_needed()
    box = pad.bounding_box()
    for top in (0.3, 0.6):
        page.mouse.move(box["x"] + 30, box["y"] + box["height"] * top)
        page.mouse.down()
        page.mouse.move(box["x"] + box["width"] - 30, box["y"] + box["height"] * (top + 0.1), steps=8)
        page.mouse.up()


def test_informant_and_assessor_sign_by_drawing_on_a_phone(browser_page: Any, live_server: Any):
    wu = an_assessor("wu")
    found = filled(a_person())
    enter(browser_page, live_server, wu)
    check(browser_page, live_server, reverse("assessments:sign", args=[found.uid]))
    pads = browser_page.locator("canvas.pad")
    assert pads.count() == 2
    draw(browser_page, pads.nth(0))
    browser_page.get_by_role("button", name="信息提供者签名", exact=True).click()
    browser_page.get_by_text("信息提供者已签名").first.wait_for()
    draw(browser_page, pads.nth(0))
    assert browser_page.locator("input[name=way][value=drawn]").is_checked()
    browser_page.get_by_role("button", name="签字", exact=True).click()
    browser_page.get_by_text("已签名，请第二位").or_(browser_page.get_by_text("HN-wu")).first.wait_for()
    signature = Signature.objects.get()
    drawn = [Evidence.objects.get().file_uid, signature.drawing_uid]
    files = [services.open_evidence(uid=found.uid, file_uid=uid, by=wu) for uid in drawn]
    assert signature.way == "drawn"
    assert all(file.file.media_type == "image/png" and len(file.content()) > 1000 for file in files)


def test_a_drawing_can_be_taken_back_and_a_keyboard_needs_none(browser_page: Any, live_server: Any):
    wu = an_assessor("wu")
    found = filled(a_person())
    enter(browser_page, live_server, wu)
    browser_page.goto(live_server.url + reverse("assessments:sign", args=[found.uid]))
    draw(browser_page, browser_page.locator("canvas.pad").nth(1))
    held = "document.querySelector('input[name=drawing]').files.length"
    assert browser_page.evaluate(held) == 1
    browser_page.get_by_role("button", name="擦掉重写").nth(1).click()
    assert browser_page.evaluate(held) == 0
    browser_page.locator("input[name=way][value=password]").check(force=True)
    browser_page.locator("input[name=secret]").fill(PASSWORD)
    browser_page.locator("input[name=secret]").press("Enter")
    browser_page.wait_for_url(f"**{reverse('assessments:report', args=[found.uid])}")
    assert Signature.objects.get().way == "password"
