"""What may be done to devices."""

from enum import StrEnum


class Devices(StrEnum):
    """Permissions of the module."""

    READ = "devices.read"
    EDIT = "devices.edit"  # register, place, repair, take out of use
    CLAIM = "devices.claim"  # take a device into use by the code on its label
    TOKENS = "devices.tokens"  # labels, tokens: what devices prove themselves with
    LOOK = "devices.look"  # at a camera, with a reason
    IMPORT = "devices.import"
    EXPORT = "devices.export"
