"""Reads of sync: whose phones, what lies on them, what was refused."""

from typing import Any

from django.db.models import Count, Q, QuerySet

from yinling.kernel.actors import Actor
from yinling.sync.models import Command, Phone
from yinling.sync.permissions import Sync


def phones_for(by: Actor, state: str = "") -> "QuerySet[Any]":
    """Phones of one's divisions (with the permission) and one's own, with the count of documents on each."""
    found = Phone.objects.visible_to(by, Sync.PHONES).select_related("user")
    found = found.annotate(documents=Count("holdings", filter=~Q(holdings__digest=""), distinct=True))
    return found.filter(state=state) if state in Phone.State.values else found


def refused(phone: Phone, limit: int = 20) -> list[Command]:
    """Commands of a phone that were refused, newest first."""
    found = Command.objects.filter(phone=phone, outcome=Command.Outcome.REFUSED)
    return list(found.order_by("-received_at")[:limit])
