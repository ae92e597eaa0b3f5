"""Every page in a real browser: on a phone in Chinese, on a desk in English, asked by axe."""

from typing import Any

import pytest

from tests.browsing import axe_faults, check, enter
from tests.devices.builders import a_device, a_home, a_person, beds_in, in_home_of, in_house
from yinling.accounts.models import User
from yinling.devices import services
from yinling.web.assets import build


@pytest.mark.django_db(transaction=True)
def test_pages_of_devices_have_no_faults(browser_page: Any, live_server: Any, keeper: User) -> None:
    build()
    home, person = a_home(), a_person()
    beds_in(home, 2)
    camera, gateway, band = (
        in_house(home, "camera", "kitchen"),
        in_house(home, "gateway"),
        in_home_of(person, "wristband", "worn"),
    )
    services.hang_on(uid=in_house(home).uid, gateway_uid=gateway.uid, by=keeper)
    services.set_stream(uid=camera.uid, address="rtsp://10.0.0.8/1", by=keeper)
    services.rotate_token(uid=gateway.uid, by=keeper)
    services.record_maintenance(uid=gateway.uid, work="tested", by=keeper)
    look = services.look_at_camera(uid=camera.uid, reason="核实烟感报警", by=keeper)
    stored = a_device(by=keeper)
    label = services.print_labels(uids=[stored.uid], by=keeper)[0]
    enter(browser_page, live_server, keeper)
    paths = ["", "models", "new", "labels", "claim", f"claim/{label.code}", f"claim/{label.code}/{home.uid}",
             f"looks/{look.uid}", f"{camera.uid}/", f"{gateway.uid}/", f"{band.uid}/", f"{camera.uid}/look",
             f"{camera.uid}/stream", f"person/{person.uid}", f"institution/{home.uid}", f"{gateway.uid}/token",
             f"{gateway.uid}/revoke", f"{stored.uid}/place", f"{stored.uid}/place/{home.uid}", f"{band.uid}/change",
             f"{band.uid}/state", f"{band.uid}/gateway", f"{band.uid}/maintenance"]  # fmt: skip
    faults: dict[str, list[str]] = {}
    for path in paths:
        faults |= check(browser_page, live_server, f"/work/devices/{path}")
    assert not faults


@pytest.mark.django_db(transaction=True)
def test_a_sheet_of_labels_and_a_token_have_no_faults(browser_page: Any, live_server: Any, keeper: User) -> None:
    build()
    a_device(by=keeper)
    gateway = in_house(a_home(), "gateway")
    enter(browser_page, live_server, keeper)
    for path, button in (("labels", "form.panel button.main"), (f"{gateway.uid}/token", "form.panel button.main")):
        browser_page.goto(f"{live_server.url}/work/devices/{path}")
        browser_page.click(button)
        browser_page.wait_for_load_state("networkidle")
        assert not axe_faults(browser_page)
