"""The list of devices as it may be taken out. Whose home it is stays masked."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext_noop as _

from yinling.devices.permissions import Devices
from yinling.devices.presenting import rows_of
from yinling.devices.queries.lists import Filters, devices_for
from yinling.kernel.actors import Actor
from yinling.kernel.clock import CITY_ZONE
from yinling.kernel.listings import Heading, Listing

BATCH, MOST = 1000, 200_000


def _devices(by: Actor, address: Mapping[str, str]) -> Iterator[tuple[Any, ...]]:
    found = devices_for(by, Filters.from_address(address)).order_by("place_key", "id")
    related = found.select_related("profile", "institution", "room", "bed__room", "person", "gateway", "owner")[:MOST]
    for row in rows_of(related.iterator(BATCH)):
        one = row.device
        seen = one.last_seen_at.astimezone(CITY_ZONE).replace(tzinfo=None) if one.last_seen_at else None
        yield (
            one.register_number, row.kind, str(one.profile), one.maker, one.serial, one.get_state_display(), row.place,
            row.where, one.gateway.register_number if one.gateway else "", one.owner.name if one.owner else "",
            seen, one.battery_percent, row.trouble, one.bought_on,
        )  # fmt: skip


LISTINGS = (
    Listing(
        "devices", _("Devices"),
        (
            Heading(_("Number"), 22, is_identifier=True), Heading(_("Kind"), 12), Heading(_("Model"), 20),
            Heading(_("Maker"), 16), Heading(_("Serial number"), 20, is_identifier=True), Heading(_("State"), 12),
            Heading(_("Place"), 30), Heading(_("Where it stands"), 40), Heading(_("Gateway"), 22, is_identifier=True),
            Heading(_("Owner of the device"), 24), Heading(_("Last seen"), 18), Heading(_("Battery"), 8),
            Heading(_("Trouble"), 14), Heading(_("Bought on"), 12),
        ),
        _devices, (Devices.EXPORT,),
    ),
)  # fmt: skip
