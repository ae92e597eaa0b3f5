"""The sealed columns of the module, for the rotation of keys."""

from yinling.kernel.rotation import Sealed
from yinling.volunteers.models import Member, Order
from yinling.volunteers.models.branches import member_where
from yinling.volunteers.models.orders import dispute_where

TABLES = (
    Sealed(Member, {"phone_sealed": lambda member: member_where(member.uid)}),
    Sealed(Order, {"dispute_sealed": lambda order: dispute_where(order.uid)}),
)
