"""Messages as workbooks hold them: one's own, and those that did not go out."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext_noop as _

from yinling.accounts.models import User
from yinling.kernel.actors import Actor
from yinling.kernel.clock import CITY_ZONE
from yinling.kernel.listings import Heading, Listing
from yinling.messages import queries
from yinling.messages.models import Message
from yinling.messages.permissions import Messages
from yinling.web.sentences import sentence

BATCH = 500


def _inbox(by: User, address: Mapping[str, str]) -> Iterator[tuple[Any, ...]]:
    mine = Message.objects.inbox_of(by)
    if address.get("only") == "unread":
        mine = mine.filter(read_at__isnull=True)
    for one in mine.order_by("-id").iterator(BATCH):
        body = sentence(one.body_reason) if one.body_reason else ""
        read = one.read_at.astimezone(CITY_ZONE) if one.read_at else None
        yield one.created_at.astimezone(CITY_ZONE), sentence(one.title_reason), body, read


def _dead(by: Actor, address: Mapping[str, str]) -> Iterator[tuple[Any, ...]]:
    for one in queries.dead_letters(by).iterator(BATCH):
        yield one.channel, one.error, one.attempts, one.created_at.astimezone(CITY_ZONE)


LISTINGS = (
    Listing(
        "messages", _("Messages"),
        (Heading(_("When"), 18), Heading(_("Message"), 50), Heading(_("More of it"), 60), Heading(_("Read at"), 18)),
        _inbox,
    ),
    Listing(
        "dead_messages", _("Messages that did not go out"),
        (Heading(_("Channel"), 12), Heading(_("Cause"), 50), Heading(_("Tries"), 8), Heading(_("When"), 18)),
        _dead, (Messages.READ_DEAD,),
    ),
)  # fmt: skip
