"""Tables of the module, by subject: branches and members, volunteers, services given, receipts."""

from yinling.volunteers.models.branches import Branch, Group, Member
from yinling.volunteers.models.orders import EarnedDay, Offer, Order, Request
from yinling.volunteers.models.receipts import Receipt
from yinling.volunteers.models.volunteers import Check, Honour, Insurance, Training, Volunteer

__all__ = [
    "Branch", "Check", "EarnedDay", "Group", "Honour", "Insurance", "Member", "Offer", "Order", "Receipt", "Request",
    "Training", "Volunteer",
]  # fmt: skip
