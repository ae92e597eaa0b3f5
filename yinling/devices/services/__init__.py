"""Writes, by subject. One function per verb: see, decide, save, record."""

from yinling.devices.services.bulk import Standing, load_devices
from yinling.devices.services.looking import (
    Fix,
    look_at_camera,
    look_at_position,
    look_at_vital_signs,
    picture_of,
    share_position,
)
from yinling.devices.services.placing import Spot, follow_person, hang_on, place_device, take_down
from yinling.devices.services.profiles import load_profiles, profile_differences
from yinling.devices.services.registering import Facts, change_device, register_device, set_stream
from yinling.devices.services.states import Health, note_health, record_maintenance, set_state
from yinling.devices.services.tokens import (
    Claimed,
    Issued,
    Label,
    claim_device,
    label_of,
    print_labels,
    revoke_tokens,
    rotate_token,
)

__all__ = [
    "Claimed", "Facts", "Fix", "Health", "Issued", "Label", "Spot", "Standing", "change_device", "claim_device",
    "follow_person", "hang_on", "label_of", "load_devices", "load_profiles", "look_at_camera",
    "look_at_position", "look_at_vital_signs", "note_health",
    "picture_of", "place_device", "print_labels", "profile_differences", "record_maintenance", "register_device",
    "revoke_tokens", "rotate_token", "set_state", "set_stream", "share_position", "take_down",
]  # fmt: skip
