"""Where devices may stand, which states follow which, what a pack may say. No database."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from yinling.devices.rules import placing
from yinling.devices.rules.placing import Asked
from yinling.devices.rules.profiles import FaultyProfiles, metrics_from, profiles_from

PACK = yaml.safe_load((Path(__file__).parents[2] / "packs/national/devices.yaml").read_text(encoding="utf-8"))
PURPOSES = ("position", "vital_signs", "baseline", "silence_watch")
CAMERA: dict[str, Any] = {"stands": ["institution", "public"], "never": ["bedroom", "toilet", "bathroom"]}
ANYWHERE: dict[str, Any] = {"stands": ["institution", "home", "public"]}


def refused(kind: str, profile: dict[str, Any], asked: Asked, state: str = "in_store") -> str:
    return str(placing.why_not_placed(kind, profile, state, asked) or "")


@pytest.mark.parametrize("spot", ["bedroom", "toilet", "bathroom"])
def test_a_camera_never_watches_where_people_sleep_or_wash_even_if_its_profile_forgets_it(spot: str) -> None:
    forgetful = {"stands": ["institution", "home", "public"]}
    assert "may not watch a bedroom" in refused("camera", forgetful, Asked("institution", spot))


def test_a_camera_in_a_room_with_beds_is_refused_whatever_the_spot_is_called() -> None:
    assert "bedroom" in refused("camera", CAMERA, Asked("institution", "activity_room", is_bedroom=True))
    assert "bedroom" in refused("camera", CAMERA, Asked("institution", "corridor", is_bed=True))


def test_a_camera_stands_in_kitchens_and_public_parts_and_in_nobodys_home() -> None:
    assert refused("camera", CAMERA, Asked("institution", "kitchen")) == ""
    assert refused("camera", CAMERA, Asked("public", "entrance")) == ""
    assert "anybody's home" in refused("camera", CAMERA, Asked("home", "yard", has_person=True))


def test_a_worn_device_needs_its_wearer_and_a_device_in_a_home_its_person() -> None:
    worn = {**ANYWHERE, "is_worn": True}
    assert "worn" in refused("wearable", worn, Asked("institution", "worn"))
    assert refused("wearable", worn, Asked("institution", "worn", has_person=True)) == ""
    assert "belongs to a person" in refused("smoke", ANYWHERE, Asked("home", "kitchen"))


@pytest.mark.parametrize("state", ["faulty", "out_of_use"])
def test_what_does_not_work_is_placed_nowhere(state: str) -> None:
    assert "faulty or out of use" in refused("smoke", ANYWHERE, Asked("public", "yard"), state)


def test_devices_hang_on_gateways_of_their_own_house_only() -> None:
    assert placing.why_not_hung(is_gateway=True, hung_is_gateway=False, same_place=True) is None
    assert "Only a gateway" in str(placing.why_not_hung(False, False, True))
    assert "another one" in str(placing.why_not_hung(True, True, True))
    assert "elsewhere" in str(placing.why_not_hung(True, False, False))


def test_states_follow_one_another_and_trouble_has_a_reason() -> None:
    assert placing.why_not_state("active", "faulty", "进水") is not None  # two letters say nothing
    assert placing.why_not_state("active", "faulty", "外壳进水") is None
    assert placing.why_not_state("faulty", "active", "") is None
    assert "cannot go" in str(placing.why_not_state("out_of_use", "active", "修好了的"))


def test_a_label_claims_once_and_only_what_is_in_store() -> None:
    assert placing.why_not_claimed(is_claimed=False, is_replaced=False, state="in_store") is None
    assert "used already" in str(placing.why_not_claimed(True, False, "active"))
    assert "newer label" in str(placing.why_not_claimed(False, True, "in_store"))
    assert "not in store" in str(placing.why_not_claimed(False, False, "active"))


def test_silence_is_longer_than_the_model_allows_and_never_judged_of_what_never_spoke() -> None:
    assert placing.is_silent(601, 600) and not placing.is_silent(600, 600)
    assert not placing.is_silent(None, 600)


def test_the_national_pack_is_sound_and_consents_cover_position_vital_signs_and_habits() -> None:
    metrics = metrics_from(PACK["metrics"], PURPOSES)
    profiles = profiles_from(PACK["profiles"], [one.key for one in metrics])
    purposes = {one.key: one.purpose for one in metrics}
    assert {purposes[key] for key in ("latitude", "longitude")} == {"position"}
    assert {purposes[key] for key in ("heart_rate", "breath_rate", "blood_oxygen")} == {"vital_signs"}
    assert {purposes[key] for key in ("smoke", "gas", "fall", "sos", "battery")} == {""}
    assert {one.kind for one in profiles} == {
        "smoke", "gas", "water", "electricity", "kitchen", "door", "bed_mat", "fall_radar", "sos", "wearable",
        "camera", "gateway",
    }  # fmt: skip


def changed(rows: list[dict[str, Any]], **values: Any) -> list[dict[str, Any]]:
    return [{**rows[0], **values}, *rows[1:]]


@pytest.mark.parametrize(
    ("values", "what"),
    [
        ({"number": 0}, "outside"), ({"number": 2}, "twice"), ({"lowest": 5, "highest": 1}, "no sense"),
        ({"purpose": "curiosity"}, "no consent"), ({"retention_days": "for ever"}, "smoke"),
    ],
)  # fmt: skip
def test_a_faulty_metric_is_named(values: dict[str, Any], what: str) -> None:
    with pytest.raises(FaultyProfiles, match=what):
        metrics_from(changed(PACK["metrics"], **values), PURPOSES)


@pytest.mark.parametrize(
    ("values", "what"),
    [
        ({"metrics": {"luck": 60}}, "luck"), ({"stands": ["anywhere"]}, "stands"), ({"silent_after_s": 0}, "whole"),
        ({"key": "camera"}, "twice"), ({"metrics": None}, "smoke_detector"),
    ],
)  # fmt: skip
def test_a_faulty_profile_is_named(values: dict[str, Any], what: str) -> None:
    keys = [one["key"] for one in PACK["metrics"]]
    with pytest.raises(FaultyProfiles, match=what):
        profiles_from(changed(PACK["profiles"], **values), keys)
