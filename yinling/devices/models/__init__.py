"""Tables of the module, by subject: profiles and metrics, devices and where they stand, what they are kept with."""

from yinling.devices.models.devices import CareScope, Device, Placement
from yinling.devices.models.keeping import CameraLook, ClaimCode, Credential, Maintenance
from yinling.devices.models.profiles import Metric, Profile

__all__ = [
    "CameraLook", "CareScope", "ClaimCode", "Credential", "Device", "Maintenance", "Metric", "Placement", "Profile",
]  # fmt: skip
