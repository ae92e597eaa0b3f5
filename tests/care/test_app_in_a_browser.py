"""The visitor's app in a real browser, with a real service worker: a day without a signal, then everything is there."""

from collections.abc import Callable
from typing import Any
from unittest.mock import ANY

import pytest

from tests.browsing import axe_faults, enter
from tests.conftest import XUPU, a_user
from tests.inspections.builders import a_planned_inspection, the_lists_are_loaded
from tests.institutions.builders import a_home
from tests.sync.builders import a_person, a_visit_due, a_visiting_user
from tests.sync.conftest import form_lists as form_lists
from yinling.care.models import Visit
from yinling.inspections.models import Finding
from yinling.sync import services
from yinling.sync.models import Command, Phone
from yinling.web.assets import build

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PIN = "407152"


@pytest.fixture(autouse=True)
def _built() -> None:
    build()


def opened(page: Any, server: Any, user: Any) -> None:
    """Logged in, a PIN chosen, the list on the phone, the worker at work."""
    page.set_viewport_size({"width": 360, "height": 740})
    enter(page, server, user)
    page.goto(f"{server.url}/my/visits/")
    page.get_by_label("6").fill(PIN)
    page.locator("[data-pin] button").click()
    page.locator(".visit [data-begin]").first.wait_for()
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.reload()
    page.locator(".visit [data-begin]").first.wait_for()


def lying(shelf: str) -> str:
    """A script that reads what lies on a shelf of the phone's database, as text."""
    return (
        "new Promise(g => { const r = indexedDB.open('yinling-visits'); r.onsuccess = () => {"
        f" const q = r.result.transaction('{shelf}').objectStore('{shelf}').getAll();"
        " q.onsuccess = () => g(q.result.map(d => new TextDecoder().decode(d.box))) } })"
    )


def until(page: Any, is_so: Callable[[], bool]) -> None:
    """Wait for something, for as long as a busy machine may take."""
    for _look in range(300):
        if is_so():
            return
        page.wait_for_timeout(100)
    raise AssertionError("it did not come about")


def tapped(page: Any) -> None:
    """A visit in taps."""
    page.locator(".visit [data-begin]").first.click()
    page.locator('input[name="contact"][value="yes"]').check(force=True)
    page.locator('input[name="d-health"][value="care"]').check(force=True)
    page.locator('input[name="c-health"]').first.check(force=True)
    for block in ("money", "family", "safety", "needs"):
        page.locator(f'input[name="d-{block}"][value="ok"]').check(force=True)
    page.locator('input[name="found"][value="watch"]').check(force=True)


def test_a_visit_made_without_a_signal_is_kept_through_a_restart_and_sent(
    browser_page: Any, live_server: Any, city: Any, form_lists: None
) -> None:
    user, page = a_visiting_user(), browser_page
    visit = a_visit_due(user, a_person("舒禾"))
    opened(page, live_server, user)
    assert not axe_faults(page)
    page.context.set_offline(True)
    page.reload()  # the shell comes from the phone
    page.locator("[data-pin] #pin").fill("111111")
    page.locator("[data-pin] button").click()
    page.locator("[data-error]:not([hidden])").wait_for()
    page.locator("[data-pin] #pin").fill(PIN)
    page.locator("[data-pin] button").click()
    tapped(page)
    assert not axe_faults(page)
    assert not page.evaluate("document.documentElement.scrollWidth > innerWidth")
    page.reload()  # every tap was kept
    page.locator("[data-pin] #pin").fill(PIN)
    page.locator("[data-pin] button").click()
    page.locator('input[name="found"][value="watch"]:checked').wait_for(state="attached")
    page.locator("[data-keep]").click()
    page.locator(".visit.done").wait_for()
    visit.refresh_from_db()
    assert visit.state == Visit.State.DUE
    page.context.set_offline(False)
    page.evaluate("window.dispatchEvent(new Event('online'))")
    until(page, lambda: Command.objects.exists() and not page.evaluate(lying("queue")))
    said = Command.objects.get()
    assert (said.outcome, said.answer["words"]) == ("done", ANY)
    visit.refresh_from_db()
    assert (visit.state, visit.found, visit.blocks["health"]) == (Visit.State.DONE, "watch", ["medicine"])


def test_nothing_readable_lies_on_the_phone_and_a_lost_one_is_wiped(
    browser_page: Any, live_server: Any, city: Any, form_lists: None
) -> None:
    user, page = a_visiting_user(), browser_page
    visit = a_visit_due(user, a_person("舒禾"))
    opened(page, live_server, user)
    rows = lying("documents")
    held = page.evaluate(rows)
    assert len(held) == 3 and not [text for text in held if visit.person.name[0] in text]
    services.lose_phone(uid=Phone.objects.get().uid, reason="丢在路上", by=user)
    page.reload()
    until(page, lambda: not page.evaluate(rows))
    assert not page.locator(".visit").count()


def test_a_checklist_answered_without_a_signal_is_kept_as_a_draft_and_sent(
    browser_page: Any, live_server: Any, city: Any
) -> None:
    the_lists_are_loaded()
    user, page = a_user("county_clerk", XUPU, "舒检查"), browser_page
    found = a_planned_inspection(a_home(), user)
    page.set_viewport_size({"width": 360, "height": 740})
    enter(page, live_server, user)
    page.goto(f"{live_server.url}/my/visits/")
    page.get_by_label("6").fill(PIN)
    page.locator("[data-pin] button").click()
    page.locator("[data-open]").wait_for()
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.reload()
    page.locator("[data-open]").wait_for()
    assert not axe_faults(page)
    page.context.set_offline(True)
    page.locator("[data-open]").click()
    page.locator("[data-checklist]").wait_for()
    page.locator('input[name="fire.1"][value="no"]').check(force=True)
    page.locator("textarea:visible").fill("安全出口上锁")
    page.locator('input[name="fire.2"][value="yes"]').check(force=True)
    assert not axe_faults(page) and not page.evaluate("document.documentElement.scrollWidth > innerWidth")
    page.goto(f"{live_server.url}/my/visits/#today")
    page.goto(f"{live_server.url}/my/visits/#inspection/{found.uid}")  # the draft is there
    page.locator('input[name="fire.2"][value="yes"]:checked').wait_for(state="attached")
    page.locator("[data-keep]").click()
    page.locator("[data-open]").wait_for()
    assert not Finding.objects.exists()
    page.context.set_offline(False)
    page.evaluate("window.dispatchEvent(new Event('online'))")
    until(page, lambda: Command.objects.exists() and not page.evaluate(lying("queue")))
    kept = {one.item: (one.answer, one.note) for one in Finding.objects.filter(inspection=found)}
    assert kept == {"fire.1": ("no", "安全出口上锁"), "fire.2": ("yes", "")}
