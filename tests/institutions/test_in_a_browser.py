"""Pages of institutions in a real browser: no accessibility fault, no sideways scroll, two widths, two languages."""

import datetime as dt
import os
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.urls import reverse

from tests.browsing import axe_faults, visit
from tests.institutions.builders import a_home, a_person, a_resident, beds_in, waiting
from tests.institutions.navigation import PANELS
from yinling.accounts.models import User
from yinling.institutions import services
from yinling.institutions.models import BedUse
from yinling.institutions.services.staffing import Paper
from yinling.kernel.actors import System
from yinling.kernel.clock import civil_date, now
from yinling.web.assets import build
from yinling.web.registry import registry

pytestmark = [
    pytest.mark.browser, pytest.mark.urls("tests.institutions.addresses"), pytest.mark.django_db(transaction=True),
]  # fmt: skip
BY = System("test")
SHOTS = os.environ.get("YINLING_SHOTS", "")  # a folder for pictures, when somebody wants to look


@pytest.fixture(autouse=True)
def _frame(monkeypatch: pytest.MonkeyPatch, db: None) -> Iterator[None]:
    """Built assets, this module's panels, and bed uses taken away afterwards: the database itself deletes none."""
    build()
    missing = [panel for panel in PANELS if panel.key not in registry.panels]
    monkeypatch.setattr(registry, "panels", {**registry.panels, **{panel.key: panel for panel in missing}})
    yield
    with connection.cursor() as cursor:
        cursor.execute("SELECT sql FROM sqlite_master WHERE name = 'bed_use_is_kept'")
        trigger = cursor.fetchone()[0]
        cursor.execute("DROP TRIGGER bed_use_is_kept")
        BedUse.objects.filter(corrects__isnull=False).delete()
        BedUse.objects.all().delete()
        cursor.execute(trigger)


@pytest.fixture
def furnished(city: Any, keeper: User, lists: None, ratios: None) -> dict[str, Any]:
    """A home with beds on two floors, a resident out on a slip, an application, licences, staff."""
    home = a_home(address="桔花园路 1 号", phone="0745-2312349", opened_on=dt.date(2018, 5, 1), area_m2=1200)
    beds_in(home, 6)
    beds = beds_in(home, 4, kind="nursing", floor=2)
    services.set_bed_state(bed_uid=beds[0].uid, state="under_repair", by=BY)
    stay = a_resident(home, days_ago=100)
    a_resident(home, a_person("向禾"), days_ago=40)
    leave = services.go_on_leave(
        stay_uid=stay.uid, kind="outing", due_back=now() + dt.timedelta(hours=5), by=BY, destination="县城"
    )
    application = waiting(home, a_person("瞿禾"))
    for kind, days in (("food", -3), ("fire_test", 20), ("registration", 900)):
        paper = Paper(kind, "99000001", expires_on=civil_date() + dt.timedelta(days=days))
        services.record_licence(uid=home.uid, paper=paper, by=BY)
    carer = services.hire(uid=home.uid, name="覃护理", post="carer", by=BY, certificates=(Paper("carer", grade=3),))
    services.reserve_bed(application_uid=application.uid, by=BY)
    return {
        "list": [], "institution": [home.uid], "occupancy": [], "waiting": [], "application": [application.uid],
        "stay": [stay.uid], "bed": [stay.uses.get().bed.uid], "slip": [leave.uid], "leave": [stay.uid],
        "apply": [home.uid], "person_panel": [stay.person.uid], "hire": [home.uid], "close": [home.uid],
        "staff_member": [carer.uid], "certificate": [carer.uid], "end_post": [carer.uid], "void": [stay.uid],
        "correct": [stay.uid], "panel_carers": [home.uid], "choose_home": [],
    }  # fmt: skip


@pytest.mark.parametrize(("width", "language"), [(390, "zh-hans"), (1280, "zh-hans"), (390, "en"), (1280, "en")])
def test_every_page_is_free_of_faults_and_fits(
    width: int, language: str, browser_page: Any, live_server: Any, keeper: User, furnished: dict[str, Any]
) -> None:
    client = Client()
    client.force_login(keeper)
    cookies = {
        settings.SESSION_COOKIE_NAME: client.cookies[settings.SESSION_COOKIE_NAME].value,
        "django_language": language,
    }
    browser_page.context.add_cookies([{"name": n, "value": v, "url": live_server.url} for n, v in cookies.items()])
    browser_page.set_viewport_size({"width": width, "height": 900})
    broken = {}
    for name, args in furnished.items():
        address = {
            "occupancy": "?place=431224000000", "list": "?place=431224000000&licence=expired&sort=-carers",
            "apply": "?who=%E8%88%92", "choose_home": f"?person={furnished['person_panel'][0]}",
        }.get(name, "")  # fmt: skip
        answer = visit(browser_page, live_server.url + reverse(f"institutions:{name}", args=args) + address)
        assert answer.status == 200, name
        if SHOTS and language == "zh-hans":
            browser_page.screenshot(path=f"{SHOTS}/{name}-{width}.png", full_page=True)
        if found := axe_faults(browser_page):
            broken[name] = found
        if not browser_page.evaluate("document.documentElement.scrollWidth <= innerWidth"):
            broken[f"{name} scrolls"] = ["sideways"]
    assert broken == {}
