"""Where a user is reached, by channel: what the user has entered, and which gateways the settings name."""

from collections.abc import Iterable

from yinling.accounts.models import User
from yinling.kernel.crypto import unseal
from yinling.messages.channels import gateway
from yinling.messages.models import Channel, Reach, reach_where

WAY_OF = {
    Channel.SMS: Reach.Way.PHONE, Channel.VOICE: Reach.Way.PHONE, Channel.WECOM: Reach.Way.WECOM,
    Channel.MINI_APP: Reach.Way.MINI_APP,
}  # fmt: skip


def addresses_of(user: User) -> dict[str, str]:
    """The plain addresses of a user by way. One statement."""
    found = Reach.objects.filter(user=user)
    return {one.way: unseal(one.address_sealed, reach_where(one.uid)) for one in found}


def address_of(user: User | None, channel: str) -> str:
    """The address of a user for a channel, "" when the user has entered none."""
    way = WAY_OF.get(Channel(channel))
    return addresses_of(user).get(way, "") if user is not None and way else ""


def reachable(user: User, channels: Iterable[str]) -> list[str]:
    """Of these channels those through which the user can be reached now: a gateway is set up, an address is known."""
    wanted = [one for one in channels if one in WAY_OF and gateway(one) is not None]
    held = addresses_of(user) if wanted else {}
    return [one for one in wanted if held.get(WAY_OF[Channel(one)])]
