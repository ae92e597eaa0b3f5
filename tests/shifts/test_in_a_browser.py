"""The carer's day in a real browser: without a signal, without a fault, at two widths."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.urls import reverse

from tests.browsing import check, enter
from tests.shifts.builders import Floor, a_floor, a_medicine, a_point, a_turning_plan, given
from yinling.institutions.models import BedUse
from yinling.kernel.clock import now
from yinling.shifts import services
from yinling.shifts.models import CareRecord, Incident
from yinling.shifts.queries import span_at, span_before
from yinling.web.assets import build

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def _bed_uses_go(db: None) -> Iterator[None]:
    """Built assets; afterwards bed uses are taken away, which the database itself never deletes."""
    build()
    yield
    with connection.cursor() as cursor:
        cursor.execute("SELECT sql FROM sqlite_master WHERE name = 'bed_use_is_kept'")
        trigger = cursor.fetchone()[0]
        cursor.execute("DROP TRIGGER bed_use_is_kept")
        BedUse.objects.all().delete()
        cursor.execute(trigger)


@pytest.fixture
def floor(city: Any, lists: None) -> Floor:
    return a_floor()


def test_an_hour_without_signal_loses_nothing_and_counts_nothing_twice(
    browser_page: Any, live_server: Any, floor: Floor
) -> None:
    a_turning_plan(floor)
    page, day = browser_page, reverse("shifts:day", args=[floor.ward.uid])
    page.set_viewport_size({"width": 390, "height": 844})
    enter(page, live_server, floor.carer)
    page.goto(live_server.url + day)
    page.wait_for_load_state("networkidle")
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.reload()
    page.context.set_offline(True)
    page.reload()  # the page itself comes from the phone
    page.get_by_text("没信号，照常用。").wait_for()
    page.locator("form[data-queue] button.btn:visible", has_text="完成").first.click()
    page.get_by_text("待发送 1 条。").wait_for()
    page.get_by_text("已记在本机").first.wait_for()
    assert not CareRecord.objects.exists()
    page.reload()
    page.get_by_text("已记在本机").first.wait_for()  # and stays after the page was opened again
    page.context.set_offline(False)
    page.evaluate("window.dispatchEvent(new Event('online'))")
    page.get_by_text("已记录 1 项").wait_for()  # the page opened itself again, with the record
    assert CareRecord.objects.get().done_label == floor.carer.label


def test_an_incident_takes_two_taps(browser_page: Any, live_server: Any, floor: Floor) -> None:
    page = browser_page
    page.set_viewport_size({"width": 390, "height": 844})
    enter(page, live_server, floor.carer)
    page.goto(live_server.url + reverse("shifts:report", args=[floor.ward.uid]))
    page.get_by_label("跌倒", exact=True).check()
    page.get_by_role("button", name="舒禾").click()
    page.wait_for_url("**/incidents/**")
    assert Incident.objects.get().kind == "fall"


def test_every_page_is_free_of_faults_and_fits(browser_page: Any, live_server: Any, floor: Floor) -> None:
    a_turning_plan(floor)
    a_medicine(floor)
    a_point(floor)
    held = given(floor)
    report = services.Report("fall", now(), (floor.stay.uid,), "起夜滑倒", "扶起检查")
    incident = services.report_incident(institution_uid=floor.home.uid, report=report, by=floor.carer)
    before = span_before(span_at(now()))
    services.close_shift(ward=floor.ward, span=before, by=floor.manager)
    handed = services.hand_over(
        ward_uid=floor.ward.uid, day=before.day, shift=before.key, seen=floor.seen(), by=floor.colleague
    )
    services.assess_risks(stay_uid=floor.stay.uid, answers=["fall.gait"], measures=["fall.dry"], by=floor.manager)
    meal = int(next(task for task in floor.day().tasks if task.kind == "turn").slot_at.timestamp())
    point = floor.ward.points.get()
    enter(browser_page, live_server, floor.manager)
    ward, stay = floor.ward.uid, floor.stay.uid
    names: dict[str, list[Any]] = {
        "wards": [], "day": [ward], "hand_over": [ward], "report": [ward], "meal": [ward, meal], "scan": [],
        "patrol": [point.token], "check_by_pin": [held.uid], "take_back": [held.uid], "home": [floor.home.uid],
        "open_ward": [floor.home.uid], "ward": [ward], "add_point": [ward], "codes": [ward], "plans": [stay],
        "turning": [stay], "diet": [stay], "medicine": [stay], "assess": [stay], "incidents": [],
        "risks_panel": [floor.stay.person.uid], "incident": [incident.uid], "complete": [incident.uid],
        "review": [incident.uid], "print_incident": [incident.uid], "undone": [], "print_hand_over": [handed.uid],
        "print_patrols": [ward],
    }  # fmt: skip
    found: dict[str, list[str]] = {}
    for name, args in names.items():
        found |= check(browser_page, live_server, reverse(f"shifts:{name}", args=args))
    assert not found, "\n".join(f"{where}: {what}" for where, whats in found.items() for what in whats)
