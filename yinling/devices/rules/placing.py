"""Where a device may stand, and which states follow which."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from yinling.kernel.reasons import Reason

PRIVATE = ("bedroom", "toilet", "bathroom")  # no camera, whatever a profile says
NEXT = {
    "in_store": ("out_of_use",),
    "claimed": ("active", "faulty"),
    "active": ("faulty",),
    "faulty": ("active", "in_store", "out_of_use"),
    "out_of_use": ("in_store",),
}
SHORTEST_REASON = 4
NO_CAMERA = Reason(
    "A camera may not watch a bedroom, toilet or bathroom. Choose a public part of the house or the kitchen."
)


@dataclass(frozen=True)
class Asked:
    """What is asked of a place: its kind, the spot, whether a bed, or a room with beds, is meant; who it is about."""

    where: str
    spot: str
    is_bed: bool = False
    is_bedroom: bool = False
    has_person: bool = False


def why_not_placed(kind: str, profile: Mapping[str, Any], state: str, asked: Asked) -> Reason | None:
    """A device stands only where its profile lets it; a camera never where people sleep, wash or undress.

    Source of the second: Civil Code article 1033 (no filming of private spaces and private parts of the body).
    """
    if state in ("out_of_use", "faulty"):
        return Reason("This device is faulty or out of use. Put it right before it is placed anywhere.")
    if asked.where not in profile["stands"]:
        return _wrong_place(kind)
    spot = "bedroom" if asked.is_bed or asked.is_bedroom else asked.spot
    if kind == "camera" and spot in PRIVATE:
        return NO_CAMERA
    if spot in profile.get("never", ()):
        return Reason("Devices of this model may not stand in this spot. Choose another.")
    if asked.where == "home" and not asked.has_person:
        return Reason("A device in a home belongs to a person. Choose whose home it is.")
    if profile.get("is_worn") and not asked.has_person:
        return Reason("This device is worn. Choose the person who wears it.")
    return None


def _wrong_place(kind: str) -> Reason:
    if kind == "camera":
        return Reason("A camera may not stand in anybody's home. Use a sensor without a picture there.")
    return Reason("Devices of this model may not stand in this kind of place. Choose another kind or another model.")


def why_not_hung(is_gateway: bool, hung_is_gateway: bool, same_place: bool) -> Reason | None:
    """Devices hang on gateways of their own care scope; gateways hang on nothing."""
    if not is_gateway:
        return Reason("Only a gateway can carry other devices. Choose a gateway.")
    if hung_is_gateway:
        return Reason("A gateway does not hang on another one. Leave the field empty.")
    if not same_place:
        return Reason("The gateway stands elsewhere. Choose one of the same house or home.")
    return None


def why_not_state(before: str, after: str, why: str) -> Reason | None:
    """States follow one another; anything but going back to work has a reason."""
    if after not in NEXT[before]:
        return Reason("This device cannot go from this state to that one. Take it down, or place it, first.")
    if after != "active" and len(why.strip()) < SHORTEST_REASON:
        return Reason("Say what is wrong, or why it is no longer used, in a few words.")
    return None


def why_not_claimed(is_claimed: bool, is_replaced: bool, state: str) -> Reason | None:
    """A label claims its device once."""
    if is_claimed:
        return Reason("This label has been used already. The device's page says by whom and where.")
    if is_replaced:
        return Reason("A newer label was printed for this device. Use that one.")
    if state != "in_store":
        return Reason("This device is not in store, so nobody can take it into use by its label.")
    return None


def why_not_looked(kind: str, state: str, where: str, reason: str, has_stream: bool) -> Reason | None:
    """A look at a camera asks for a reason, and for a camera that has a picture to show."""
    if kind != "camera":
        return Reason("Only cameras have a picture.")
    if state not in ("claimed", "active") or not where:
        return Reason("This camera is not in use. There is no picture to look at.")
    if len(reason.strip()) < SHORTEST_REASON:
        return Reason("Say why you need to look, in a few words. The home and the auditor can read it.")
    if not has_stream:
        return Reason("No address of a picture is on file for this camera. Enter it on the device's page first.")
    return None


def why_not_opened(reason: str) -> Reason | None:
    """Vital signs are opened with a reason, unless an open alert gives it."""
    if len(reason.strip()) < SHORTEST_REASON:
        return Reason("Say why you need to look, in a few words. The person and the auditor can read it.")
    return None


def is_silent(seconds_since: float | None, silent_after_s: int) -> bool:
    """Whether a device that has reported before says nothing for longer than its model allows."""
    return seconds_since is not None and seconds_since > silent_after_s
