"""The list of phones as a workbook."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext_noop as _

from yinling.kernel.actors import Actor
from yinling.kernel.clock import CITY_ZONE
from yinling.kernel.listings import Heading, Listing
from yinling.sync import queries
from yinling.sync.permissions import Sync

MOST = 20_000


def _phones(by: Actor, address: Mapping[str, str]) -> Iterator[tuple[Any, ...]]:
    """One row per phone."""
    for one in queries.phones_for(by, address.get("state", "")).order_by("-contact_at", "-id")[:MOST]:
        yield (
            one.user.name, one.user.username, one.label, one.get_state_display(), one.documents, one.app,
            one.opened_at.astimezone(CITY_ZONE), one.contact_at.astimezone(CITY_ZONE), round(one.offset_ms / 1000),
        )  # fmt: skip


LISTINGS = (
    Listing(
        "phones", _("Telephones that hold data"),
        (Heading(_("User"), 16), Heading(_("User name"), 18), Heading(_("Telephone in use"), 30),
         Heading(_("State"), 12), Heading(_("Documents on it"), 12), Heading(_("Version of the app"), 10),
         Heading(_("In use since"), 18),
         Heading(_("Last contact"), 18), Heading(_("Clock off by, seconds"), 12)),
        _phones, (Sync.PHONES,),
    ),
)  # fmt: skip
