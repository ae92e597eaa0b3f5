"""The sealed columns of messages, for the rotation of keys."""

from yinling.kernel.rotation import Sealed
from yinling.messages.models import Message, Reach, message_where, reach_where

TABLES = (
    Sealed(Message, {"phone": lambda message: message_where(message.uid)}),
    Sealed(Reach, {"address_sealed": lambda reach: reach_where(reach.uid)}),
)
