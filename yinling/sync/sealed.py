"""The sealed columns of sync, for the rotation of keys."""

from yinling.kernel.rotation import Sealed
from yinling.sync.models import Command, Phone, key_where, payload_where

TABLES = (
    Sealed(Phone, {"key_sealed": lambda phone: key_where(phone.uid)}),
    Sealed(Command, {"payload_sealed": lambda command: payload_where(command.uid)}),
)
