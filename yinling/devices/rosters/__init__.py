"""What an imported roster of devices means: each row states one device, and where it stands if it says so."""

from yinling.devices.rosters.devices import DEVICES

REGISTERS = (DEVICES,)

__all__ = ["REGISTERS"]
