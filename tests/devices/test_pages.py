"""Pages of devices: status, scope, forms, numbers of queries."""

from typing import Any

import pytest
from django.test import Client

from tests.conftest import HECHENG, a_user, client_of
from tests.devices.builders import BY, a_device, a_home, a_person, agreed, beds_in, in_home_of, in_house
from tests.institutions.builders import a_manager
from yinling.accounts.models import User
from yinling.devices import services
from yinling.devices.exports import LISTINGS
from yinling.devices.models import CameraLook, Device, Maintenance
from yinling.devices.services import Spot

pytestmark = pytest.mark.django_db


PAGES = ("", "change", "place", "take-down", "gateway", "state", "maintenance", "token", "revoke",
         "panel/placements", "panel/maintenance")  # fmt: skip


@pytest.mark.parametrize("page", PAGES)
def test_each_page_opens_for_its_county_and_does_not_exist_for_another(keeper: User, page: str) -> None:
    path = f"/work/devices/{in_house(a_home()).uid}/{page}"
    assert client_of(keeper).get(path).status_code == 200
    assert client_of(a_user("keeper", HECHENG, "far")).get(path).status_code == 404
    assert Client().get(path).status_code == 302


def test_the_manager_sees_the_devices_of_the_own_home_and_no_others(keeper: User) -> None:
    home, other = a_home(), a_home("别家敬老院", HECHENG)
    mine, theirs = in_house(home), in_house(other)
    manager = a_manager(home, "yuanzhang")
    manager.assignments.update(role="reader")
    client = client_of(manager)
    assert client.get(f"/work/devices/{mine.uid}/").status_code == 200
    assert client.get(f"/work/devices/{theirs.uid}/").status_code == 404


def test_the_list_is_filtered_by_kind_state_place_and_trouble_in_the_address(keeper: User) -> None:
    home = a_home()
    smoke, gateway, stored = in_house(home), in_house(home, "gateway"), a_device("camera")
    Device.objects.filter(pk=smoke.pk).update(battery_percent=5)
    client = client_of(keeper)

    def shown(query: str) -> set[str]:
        page = client.get(f"/work/devices/?{query}").content.decode()
        return {one.register_number for one in (smoke, gateway, stored) if one.register_number in page}

    every = {smoke.register_number, gateway.register_number, stored.register_number}
    assert shown("") == every
    assert shown("kind=gateway") == {gateway.register_number}
    assert shown("state=in_store") == {stored.register_number}
    assert shown("trouble=low") == {smoke.register_number}
    assert shown("trouble=never") == every - {stored.register_number}
    assert shown("trouble=silent") == set()
    assert shown(f"home={home.uid}") == every - {stored.register_number}
    assert shown("place=431202000000") == set() and shown("where=home") == set()
    assert shown(f"q={stored.serial}") == {stored.register_number}
    assert shown("state=nonsense&trouble=x&place=9&home=zz") == every


def test_a_silent_device_is_one_that_spoke_and_stopped(keeper: User) -> None:
    device = in_house(a_home(), "gateway")
    old = device.created_at.replace(year=device.created_at.year - 1)
    Device.objects.filter(pk=device.pk).update(last_seen_at=old)
    page = client_of(keeper).get("/work/devices/?trouble=silent").content.decode()
    assert device.register_number in page


def test_the_list_asks_a_constant_number_of_queries(keeper: User, django_assert_max_num_queries: Any) -> None:
    home, client = a_home(), client_of(keeper)
    client.get("/work/devices/")
    for _ in range(12):
        in_house(home)
        in_home_of(a_person())
    with django_assert_max_num_queries(12):
        assert client.get("/work/devices/").status_code == 200


def test_a_device_is_registered_placed_and_maintained_by_its_forms(keeper: User) -> None:
    client, home = client_of(keeper), a_home()
    bed = beds_in(home, 1)[0]
    given = {"profile": "bed_mat", "maker": "安枕", "serial": "m1", "place_key": 431224100000}
    assert client.post("/work/devices/new", {**given, "owner_uscc": "91431200MA4L000000"}).status_code == 422
    assert client.post("/work/devices/new", given).status_code == 302
    device = Device.objects.get(serial="M1")
    assert client.post("/work/devices/new", given).status_code == 422
    path = f"/work/devices/{device.uid}"
    assert client.get(f"{path}/place").status_code == 200
    assert client.post(f"{path}/place", {"spot": "bedroom"}).status_code == 422
    placed = client.post(f"{path}/place/{home.uid}", {"bed": str(bed.uid), "spot": "bedroom"})
    assert placed.status_code == 302
    device.refresh_from_db()
    assert device.bed == bed and device.room == bed.room
    assert client.post(f"{path}/maintenance", {"work": "tested", "done_on": "2026-01-02"}).status_code == 302
    assert Maintenance.objects.get().device == device
    assert client.post(f"{path}/state", {"state": "faulty", "why": ""}).status_code == 422
    assert client.post(f"{path}/state", {"state": "faulty", "why": "进水不能用"}).status_code == 302
    assert client.post(f"{path}/take-down", {"why": "送修"}).status_code == 422
    assert client.post(f"{path}/take-down", {"why": "拆下送修"}).status_code == 302


def test_a_camera_for_a_bedroom_is_refused_on_the_page_with_the_reason(keeper: User) -> None:
    home = a_home()
    room, camera = beds_in(home, 1)[0].room, a_device("camera")
    answer = client_of(keeper).post(
        f"/work/devices/{camera.uid}/place/{home.uid}", {"room": str(room.pk), "spot": "corridor"}
    )
    assert answer.status_code == 422
    camera.refresh_from_db()
    assert camera.where == ""


def test_a_token_is_shown_once_and_never_on_a_get(keeper: User) -> None:
    device, client = in_house(a_home()), client_of(keeper)
    path = f"/work/devices/{device.uid}/token"
    client.get(path)
    assert not device.credentials.exists()
    page = client.post(path)
    assert "no-store" in page["Cache-Control"] and f"d{device.number}" in page.content.decode()
    hint = device.credentials.get().hint
    assert hint in client.get(f"/work/devices/{device.uid}/").content.decode()
    assert client.post(f"/work/devices/{device.uid}/revoke", {"why": "标签被盗"}).status_code == 302


def test_labels_are_printed_with_codes_that_open_the_phone_page_and_claim_once(keeper: User, reader: User) -> None:
    device, home = a_device(by=keeper), a_home()
    sheet = client_of(keeper).post("/work/devices/labels", {"device": [str(device.uid)]})
    code = sheet.context["labels"][0]["code"]
    assert "<path" in sheet.content.decode() and code in sheet.content.decode()
    client, path = client_of(reader), f"/work/devices/claim/{code.replace('-', '')}"
    assert client.post("/work/devices/claim", {"code": code}).headers["Location"] == path
    assert device.register_number in client.get(path).content.decode()
    done = client.post(f"{path}/{home.uid}", {"spot": "corridor", "words": "一楼东侧"})
    assert done.status_code == 200 and done.context["done"].issued
    assert client.get(path).status_code == 422
    assert client_of(keeper).get("/work/devices/claim/WRONGCODE123").status_code == 404


def test_claiming_in_a_home_asks_for_one_person_of_the_own_divisions(keeper: User, reader: User) -> None:
    label = services.print_labels(uids=[a_device("sos_button", by=keeper).uid], by=keeper)[0]
    a_person("舒桂香"), a_person("舒桂香")
    client, path = client_of(reader), f"/work/devices/claim/{label.code}"
    assert client.post(path, {"who": "舒桂香", "spot": "bedroom"}).status_code == 422
    assert client.post(path, {"spot": "bedroom"}).status_code == 422
    a_person("向小英")
    assert client.post(path, {"who": "向小英", "spot": "bedroom"}).status_code == 200
    assert Device.objects.get(pk=label.device.pk).person.name == "向小英"


def test_a_look_at_a_camera_goes_through_a_reason_and_shows_on_its_page(keeper: User, reader: User) -> None:
    camera = in_house(a_home(), "camera", "kitchen")
    client, path = client_of(keeper), f"/work/devices/{camera.uid}"
    assert client.post(f"{path}/look", {"reason": "核实烟感报警"}).status_code == 422  # no address yet
    assert client.post(f"{path}/stream", {"address": "rtsp://10.0.0.8/1"}).status_code == 302
    assert "10.0.0.8" not in client.get(f"{path}/stream").content.decode()
    opened = client.post(f"{path}/look", {"reason": "核实烟感报警"})
    assert "rtsp://10.0.0.8/1" in client.get(opened.headers["Location"]).content.decode()
    assert "核实烟感报警" in client_of(reader).get(f"{path}/").content.decode()
    assert client_of(reader).get(f"{path}/look").status_code == 403
    assert client_of(reader).get(opened.headers["Location"]).status_code == 404
    assert (
        CameraLook.objects.count() == 1
        and client.get(f"/work/devices/{in_house(a_home('二')).uid}/look").status_code == 404
    )


def test_panels_of_persons_and_homes_show_their_devices_and_what_is_agreed(keeper: User) -> None:
    home, person = a_home(), a_person()
    in_house(home)
    band = in_home_of(person, "wristband", "worn")
    client = client_of(keeper)
    panel = client.get(f"/work/devices/person/{person.uid}").content.decode()
    assert band.register_number in panel
    agreed(person, "position")
    assert client.get(f"/work/devices/person/{person.uid}").content.decode() != panel
    assert client.get(f"/work/devices/institution/{home.uid}").status_code == 200
    assert client_of(a_user("keeper", HECHENG, "far")).get(f"/work/devices/person/{person.uid}").status_code == 404


def test_the_list_is_taken_out_filtered_as_its_page_is_and_homes_stay_masked(keeper: User) -> None:
    in_home_of(a_person("舒桂香"))
    in_house(a_home(), "camera", "kitchen")
    listing = LISTINGS[0]
    every = list(listing.rows(keeper, {}))
    assert len(every) == 2 and "舒桂香" not in str(every) and len(every[0]) == len(listing.columns)
    assert len(list(listing.rows(keeper, {"kind": "camera"}))) == 1
    assert not list(listing.rows(a_user("keeper", HECHENG, "far"), {}))


def test_a_gateway_shows_what_hangs_on_it_and_is_chosen_among_those_near(keeper: User) -> None:
    home = a_home()
    gateway, child = in_house(home, "gateway"), in_house(home)
    client = client_of(keeper)
    assert client.post(f"/work/devices/{child.uid}/gateway", {"gateway": str(gateway.uid)}).status_code == 302
    assert child.register_number in client.get(f"/work/devices/{gateway.uid}/").content.decode()
    assert client.post(f"/work/devices/{child.uid}/gateway", {"gateway": ""}).status_code == 302
    services.place_device(uid=child.uid, spot=Spot(person=a_person(), spot="kitchen"), by=BY)
    assert client.post(f"/work/devices/{child.uid}/gateway", {"gateway": str(gateway.uid)}).status_code == 422


def test_the_models_are_explained(keeper: User) -> None:
    assert "定位手环" in client_of(keeper).get("/work/devices/models").content.decode()
