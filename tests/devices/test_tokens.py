"""Tokens shown once, labels that claim once, looks at cameras."""

import datetime as dt
import time

import pytest

from tests.conftest import HECHENG, a_user
from tests.devices.builders import BY, a_device, a_home, in_house, standing
from yinling.accounts.models import User
from yinling.devices import queries, services
from yinling.devices.models import CameraLook, ClaimCode, Credential, Device
from yinling.devices.services import Spot
from yinling.kernel.clock import now
from yinling.kernel.errors import NotAllowed, NotFound, Refused
from yinling.kernel.models import Change

pytestmark = pytest.mark.django_db
DAY_S = 86_400


def test_a_token_opens_its_device_and_is_stored_nowhere(keeper: User) -> None:
    device = in_house(a_home())
    issued = services.rotate_token(uid=device.uid, by=keeper)
    passes = queries.credentials()
    assert passes.number_for(issued.token, time.time(), issued.username) == device.number
    assert passes.number_for(issued.token, time.time()) == device.number  # the token as user name
    assert passes.number_for(issued.token, time.time(), "d0") is None
    assert passes.number_for("guessed", time.time()) is None
    stored = str(Credential.objects.values().get()) + str(list(Change.objects.values_list("data", flat=True)))
    assert issued.token not in stored


def test_a_new_token_and_the_old_one_overlap_and_then_the_old_one_ends(keeper: User) -> None:
    device = in_house(a_home())
    old, new = (services.rotate_token(uid=device.uid, by=keeper) for _ in range(2))
    passes = queries.credentials()
    assert {passes.number_for(one.token, time.time()) for one in (old, new)} == {device.number}
    later = time.time() + DAY_S + 60
    assert passes.number_for(old.token, later) is None and passes.number_for(new.token, later) == device.number


def test_revoked_tokens_open_nothing_at_once(keeper: User) -> None:
    device = in_house(a_home())
    issued = services.rotate_token(uid=device.uid, by=keeper)
    held = queries.mark()
    with pytest.raises(Refused, match="why"):
        services.revoke_tokens(uid=device.uid, why="", by=keeper)
    assert services.revoke_tokens(uid=device.uid, why="标签被盗", by=keeper) == 1
    assert queries.is_behind(held) and queries.credentials().number_for(issued.token, time.time()) is None
    with pytest.raises(Refused, match="No token"):
        services.revoke_tokens(uid=device.uid, why="标签被盗", by=keeper)


def a_label(keeper: User, profile: str = "smoke_detector") -> services.Label:
    return services.print_labels(uids=[a_device(profile, by=keeper).uid], by=keeper)[0]


def test_a_label_claims_its_device_once_and_says_by_whom_and_where(keeper: User, reader: User) -> None:
    label, home = a_label(keeper), a_home()
    done = services.claim_device(code=label.code.lower(), spot=Spot(home, spot="corridor"), by=reader)
    assert done.device.state == Device.State.CLAIMED and done.issued is not None
    code = ClaimCode.objects.get()
    assert (code.claimed_by_label, code.claimed_place_key) == (reader.label, home.place_key)
    with pytest.raises(Refused, match="used already"):
        services.claim_device(code=label.code, spot=Spot(home, spot="kitchen"), by=reader)
    assert done.device.placements.count() == 1


def test_a_label_printed_anew_makes_the_old_one_worthless(keeper: User) -> None:
    label = a_label(keeper)
    services.print_labels(uids=[label.device.uid], by=keeper)
    with pytest.raises(Refused, match="newer label"):
        services.label_of(label.code)
    with pytest.raises(NotFound):
        services.label_of("ABCD-EFGH-JKMN")


def test_a_claim_in_another_county_or_where_the_device_may_not_stand_leaves_the_label_unused(
    keeper: User, reader: User
) -> None:
    label = a_label(keeper, "camera")
    with pytest.raises(NotAllowed):
        services.claim_device(code=label.code, spot=Spot(a_home("鹤城敬老院", HECHENG), spot="kitchen"), by=reader)
    with pytest.raises(Refused, match="camera"):
        services.claim_device(code=label.code, spot=Spot(a_home(), spot="bathroom"), by=reader)
    assert ClaimCode.objects.get().claimed_at is None and not Credential.objects.exists()


def test_labels_are_for_devices_in_store_of_ones_own_divisions(keeper: User) -> None:
    far = a_user("keeper", HECHENG, "far")
    for uids, by in (([in_house(a_home()).uid], keeper), ([a_device().uid], far)):
        with pytest.raises(Refused, match="in store"):
            services.print_labels(uids=uids, by=by)
    assert not ClaimCode.objects.exists()


def a_camera(keeper: User) -> Device:
    camera = standing(a_device("camera"), Spot(a_home(), spot="kitchen"))
    services.set_stream(uid=camera.uid, address="rtsp://user:pw@10.0.0.8/1", by=keeper)
    return camera


def test_a_look_asks_for_a_reason_leaves_a_line_and_expires(keeper: User) -> None:
    camera = a_camera(keeper)
    with pytest.raises(Refused, match="why you need"):
        services.look_at_camera(uid=camera.uid, reason="", by=keeper)
    assert not CameraLook.objects.exists()
    look = services.look_at_camera(uid=camera.uid, reason="烟感报警，核实现场", by=keeper)
    assert services.picture_of(look.uid, keeper)[1] == "rtsp://user:pw@10.0.0.8/1"
    assert Change.objects.get(type="devices.camera_looked").reason == "烟感报警，核实现场"
    past = now() - dt.timedelta(hours=1)
    CameraLook.objects.filter(pk=look.pk).update(opened_at=past, expires_at=past + dt.timedelta(minutes=10))
    assert services.picture_of(look.uid, keeper)[1] == ""


def test_a_look_belongs_to_whoever_opened_it_and_ends_when_the_camera_is_taken_down(keeper: User) -> None:
    camera = a_camera(keeper)
    look = services.look_at_camera(uid=camera.uid, reason="烟感报警，核实现场", by=keeper)
    with pytest.raises(NotFound):
        services.picture_of(look.uid, a_user("keeper", camera.place_key, "colleague"))
    services.take_down(uid=camera.uid, why="换到食堂", by=keeper)
    assert services.picture_of(look.uid, keeper)[1] == ""


def test_only_cameras_have_a_picture_and_only_with_an_address(keeper: User, reader: User) -> None:
    smoke, blind = in_house(a_home()), standing(a_device("camera"), Spot(a_home("二号院"), spot="kitchen"))
    for device, why in ((smoke, "Only cameras"), (blind, "No address")):
        with pytest.raises(Refused, match=why):
            services.look_at_camera(uid=device.uid, reason="核实现场情况", by=keeper)
    with pytest.raises(NotAllowed):
        services.look_at_camera(uid=blind.uid, reason="核实现场情况", by=reader)
    with pytest.raises(Refused, match="begins with"):
        services.set_stream(uid=blind.uid, address="file:///etc/passwd", by=BY)
