"""Reads of messages."""

from collections.abc import Mapping

from django.db.models import QuerySet
from django.urls import NoReverseMatch, reverse

from yinling.accounts.models import User
from yinling.kernel.actors import Actor, require
from yinling.messages.models import Message
from yinling.messages.permissions import Messages
from yinling.messages.reaching import addresses_of, reachable
from yinling.web.paging import Page, keyset_page

__all__ = ["addresses_of", "dead_letters", "inbox", "link_of", "reachable", "unread_count"]


def inbox(user: User, address: Mapping[str, str], *, size: int = 30) -> Page[Message]:
    """A page of the user's messages, newest first; `only=unread` in the address leaves out what was read."""
    mine = Message.objects.inbox_of(user)
    if address.get("only") == "unread":
        mine = mine.filter(read_at__isnull=True)
    return keyset_page(mine, order=("-id",), address=address, size=size)


def unread_count(user: User) -> int:
    """How many messages the user has not read. One statement over a partial index."""
    return Message.objects.inbox_of(user).filter(read_at__isnull=True).count()


def dead_letters(user: Actor) -> QuerySet[Message]:
    """What did not go out, newest first. Raises NotAllowed."""
    require(user, Messages.READ_DEAD)
    return Message.objects.filter(state=Message.State.DEAD).order_by("-id")


def link_of(message: Message) -> str:
    """The page a message leads to; "" when there is none, or none any more."""
    try:
        return reverse(message.url_name, args=message.url_args) if message.url_name else ""
    except NoReverseMatch:
        return ""
