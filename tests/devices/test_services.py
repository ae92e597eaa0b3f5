"""Registering, placing, states: what each verb refuses, writes and keeps."""

import datetime as dt
from typing import Any

import pytest
import yaml
from django.db import IntegrityError, transaction

from tests.conftest import HECHENG, LUFENG, QIAOJIANG
from tests.devices.builders import BY, a_device, a_home, a_person, beds_in, in_home_of, in_house, standing
from tests.devices.conftest import NATIONAL
from yinling.accounts.models import User
from yinling.devices import services
from yinling.devices.models import CareScope, Device, Maintenance, Metric, Placement, Profile
from yinling.devices.services import Facts, Health, Spot, Standing
from yinling.kernel.actors import System
from yinling.kernel.clock import civil_date, now
from yinling.kernel.errors import NotAllowed, NotFound, Refused
from yinling.kernel.models import Change
from yinling.kernel.uids import new_uid
from yinling.people.services import move_person

pytestmark = pytest.mark.django_db


def test_a_device_gets_a_dense_number_and_one_that_people_read(keeper: User) -> None:
    first, second = a_device(by=keeper), a_device(by=keeper)
    assert second.number == first.number + 1
    assert first.register_number == f"SB431224-{civil_date().year}-00001"
    assert first.state == Device.State.IN_STORE and first.where == ""


def test_a_serial_number_of_a_maker_is_taken_once_whatever_its_spaces(keeper: User) -> None:
    held = a_device(serial="AB 12", by=keeper)
    with pytest.raises(Refused, match=held.register_number):
        a_device(serial="ab12", by=keeper)
    assert Device.objects.count() == 1


@pytest.mark.parametrize(
    "facts",
    [Facts(maker="安心", serial=" "), Facts(maker="安心", serial="X1", bought_on=dt.date(2099, 1, 1))],
)
def test_a_device_without_a_number_or_from_the_future_is_refused(keeper: User, facts: Facts) -> None:
    with pytest.raises(Refused):
        services.register_device(profile_key="smoke_detector", place_key=LUFENG, facts=facts, by=keeper)
    assert not Device.objects.exists()


def test_an_unknown_model_and_another_county_are_refused(keeper: User) -> None:
    with pytest.raises(Refused, match="teapot"):
        a_device("teapot", by=keeper)
    with pytest.raises(NotAllowed):
        a_device(place_key=HECHENG, by=keeper)
    assert not Device.objects.exists()


def test_what_is_on_file_is_corrected_and_the_change_names_the_fields(keeper: User) -> None:
    device = a_device(by=keeper)
    services.change_device(uid=device.uid, facts=Facts(maker="平安", serial=device.serial), by=keeper)
    assert Change.objects.get(type="devices.changed").data["fields"] == ["maker"]
    services.change_device(uid=device.uid, facts=Facts(maker="平安", serial=device.serial), by=keeper)
    assert Change.objects.filter(type="devices.changed").count() == 1


def test_a_placement_is_dated_and_the_device_follows_it(keeper: User) -> None:
    home, person = a_home(), a_person()
    device = standing(a_device(by=keeper), Spot(home, spot="corridor"), keeper)
    assert (device.state, device.institution, device.place_key) == (Device.State.CLAIMED, home, home.place_key)
    device = standing(device, Spot(person=person, spot="kitchen"), keeper)
    assert (device.institution, device.person, device.place_key) == (None, person, person.place_key)
    first, second = Placement.objects.order_by("id")
    assert first.taken_down_at and first.taken_down_at <= second.placed_at and second.taken_down_at is None


def test_the_database_itself_knows_one_open_placement(keeper: User) -> None:
    placed = Placement.objects.get(device=in_house(a_home()))
    placed.pk, placed.uid = None, new_uid()
    with pytest.raises(IntegrityError), transaction.atomic():
        placed.save(force_insert=True)


def test_everything_of_a_house_shares_a_care_scope_and_so_does_a_household(keeper: User) -> None:
    home, person = a_home(), a_person()
    assert in_house(home).care_scope_id == in_house(home, "gas_detector", "kitchen").care_scope_id
    assert in_home_of(person).care_scope_id == in_home_of(person, "door_sensor").care_scope_id
    assert CareScope.objects.count() == 2


def test_a_camera_in_a_room_with_beds_is_refused_and_nothing_is_written(keeper: User) -> None:
    home = a_home()
    room = beds_in(home, 2)[0].room
    camera = a_device("camera", by=keeper)
    for spot in (Spot(home, room, spot="activity_room"), Spot(home, spot="toilet"), Spot(person=a_person())):
        with pytest.raises(Refused, match="camera"):
            services.place_device(uid=camera.uid, spot=spot, by=keeper)
    camera.refresh_from_db()
    assert not Placement.objects.exists() and camera.state == Device.State.IN_STORE
    assert standing(camera, Spot(home, spot="kitchen"), keeper).where == "institution"


def test_a_room_of_another_house_is_refused(keeper: User) -> None:
    room = beds_in(a_home("别家敬老院"), 1)[0].room
    with pytest.raises(Refused, match="does not belong"):
        services.place_device(uid=a_device(by=keeper).uid, spot=Spot(a_home(), room), by=keeper)
    assert not Placement.objects.exists()


def test_nobody_places_a_device_in_another_county(keeper: User) -> None:
    far = a_home("鹤城敬老院", HECHENG)
    with pytest.raises(NotAllowed):
        services.place_device(uid=a_device(by=keeper).uid, spot=Spot(far, spot="corridor"), by=keeper)
    with pytest.raises(NotFound):
        services.place_device(uid=in_house(far).uid, spot=Spot(a_home(), spot="corridor"), by=keeper)


def test_taking_down_empties_the_place_and_what_hung_on_it_hangs_on_nothing(keeper: User) -> None:
    home = a_home()
    gateway, child = in_house(home, "gateway"), in_house(home)
    services.hang_on(uid=child.uid, gateway_uid=gateway.uid, by=keeper)
    with pytest.raises(Refused, match="why"):
        services.take_down(uid=gateway.uid, why="", by=keeper)
    services.take_down(uid=gateway.uid, why="更换新型号", by=keeper)
    gateway.refresh_from_db()
    child.refresh_from_db()
    assert (gateway.where, gateway.state, child.gateway) == ("", Device.State.IN_STORE, None)
    with pytest.raises(Refused, match="nowhere"):
        services.take_down(uid=gateway.uid, why="更换新型号", by=keeper)


def test_a_device_hangs_on_a_gateway_of_its_own_house_only(keeper: User) -> None:
    elsewhere, child = in_house(a_home("别家敬老院", QIAOJIANG), "gateway"), in_house(a_home())
    with pytest.raises(Refused, match="elsewhere"):
        services.hang_on(uid=child.uid, gateway_uid=elsewhere.uid, by=keeper)
    with pytest.raises(Refused, match="Only a gateway"):
        services.hang_on(uid=child.uid, gateway_uid=child.uid, by=keeper)
    child.refresh_from_db()
    assert child.gateway is None


def test_out_of_use_takes_a_device_down_and_ends_its_tokens(keeper: User) -> None:
    device = in_house(a_home())
    services.rotate_token(uid=device.uid, by=keeper)
    with pytest.raises(Refused, match="cannot go"):
        services.set_state(uid=device.uid, state="out_of_use", why="报废处理", by=keeper)
    services.set_state(uid=device.uid, state="faulty", why="自检不通过", by=keeper)
    services.set_state(uid=device.uid, state="out_of_use", why="报废处理", by=keeper)
    device.refresh_from_db()
    assert (device.state, device.where) == ("out_of_use", "")
    assert not device.credentials.filter(revoked_at__isnull=True).exists()


def test_maintenance_is_recorded_with_its_next_day_and_not_ahead_of_time(keeper: User) -> None:
    device = a_device(by=keeper)
    given: dict[str, Any] = {"uid": device.uid, "work": "battery", "by": keeper}
    for wrong in ({"done_on": dt.date(2099, 1, 1)}, {"next_on": civil_date()}):
        with pytest.raises(Refused):
            services.record_maintenance(**given, **wrong)
    assert not Maintenance.objects.exists()
    made = services.record_maintenance(**given, next_on=civil_date() + dt.timedelta(days=365))
    assert made.by_label == keeper.label


def test_the_first_reading_puts_a_claimed_device_into_use(keeper: User) -> None:
    device = in_house(a_home())
    at = now()
    assert services.note_health([Health(device.number, at, 180)], by=System("ingest")) == 1
    services.note_health([Health(device.number, at - dt.timedelta(hours=1))], by=System("ingest"))
    device.refresh_from_db()
    assert (device.state, device.last_seen_at, device.battery_percent) == ("active", at, 100)


def test_devices_of_a_person_who_moves_are_seen_from_the_new_place(keeper: User) -> None:
    device = in_home_of(a_person())
    move_person(uid=device.person.uid, to_key=QIAOJIANG, on=civil_date(), by=BY)
    assert services.follow_person(person_uid=device.person.uid, by=BY) == 1
    assert services.follow_person(person_uid=device.person.uid, by=BY) == 0
    device.refresh_from_db()
    assert device.place_key == QIAOJIANG


def test_the_same_pack_changes_nothing_and_a_number_is_never_given_again(keeper: User) -> None:
    data = yaml.safe_load((NATIONAL / "devices.yaml").read_text())
    assert services.load_profiles(data, file="devices.yaml", pack="national", by=BY) == []
    data["profiles"][0]["zh"] = "新名称"
    assert [one.kind for one in services.load_profiles(data, file="f", pack="national", by=BY)] == ["changed"]
    data["metrics"][0]["key"], data["profiles"] = "fog", []
    with pytest.raises(Refused, match="given otherwise"):
        services.load_profiles(data, file="f", pack="national", by=BY)
    assert Metric.objects.get(number=1).key == "smoke" and Profile.objects.get(key="smoke_detector").zh == "新名称"


def test_the_bulk_door_loads_devices_with_their_places_and_gateways(keeper: User) -> None:
    home, person = a_home(), a_person()
    rows = [
        Standing("gateway", "安心", "G1", home.place_key, now(), "corridor", institution_id=home.pk),
        Standing("smoke_detector", "安心", "S1", home.place_key, now(), "corridor", institution_id=home.pk, gateway=0),
        Standing("sos_button", "安心", "B1", person.place_key, now(), "bedroom", person_id=person.pk),
    ]
    assert services.load_devices(rows, by=BY) == [1, 2, 3]
    hung = Device.objects.get(serial="S1")
    assert hung.gateway and hung.gateway.serial == "G1" and hung.care_scope_id == hung.gateway.care_scope_id
    assert a_device().number == 4 and Placement.objects.count() == 3
    camera = Standing("camera", "安心", "C1", home.place_key, now(), "toilet", institution_id=home.pk)
    with pytest.raises(Refused, match="camera"):
        services.load_devices([camera], by=BY)


def test_reading_is_not_editing(reader: User) -> None:
    device = in_house(a_home())
    with pytest.raises(NotAllowed):
        services.set_state(uid=device.uid, state="faulty", why="自检不通过", by=reader)
    with pytest.raises(NotAllowed):
        services.rotate_token(uid=device.uid, by=reader)
    with pytest.raises(NotAllowed):
        services.record_maintenance(uid=device.uid, work="tested", by=reader)
    assert not device.credentials.exists() and not Maintenance.objects.exists()
