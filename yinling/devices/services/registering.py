"""Devices enter the register, and what is on file about them changes."""

import datetime as dt
from dataclasses import dataclass, replace

from django.db import transaction

from yinling.devices.events import DeviceChanged, DeviceRegistered
from yinling.devices.models import Device, Profile
from yinling.devices.permissions import Devices
from yinling.kernel.actors import Actor, require
from yinling.kernel.changes import record
from yinling.kernel.clock import civil_date
from yinling.kernel.crypto import seal, unseal
from yinling.kernel.errors import NotFound, Refused
from yinling.kernel.models import next_number
from yinling.kernel.uids import Uid
from yinling.organisations.models import Organisation
from yinling.places.queries import tree

NUMBERS = "devices.number"
STREAMS = ("https://", "http://", "rtsp://", "rtsps://")


@dataclass(frozen=True)
class Facts:
    """What is on file of a device besides where it stands."""

    maker: str
    serial: str
    owner: Organisation | None = None
    bought_on: dt.date | None = None


def stream_where(device: Device) -> str:
    """What a camera's sealed address is bound to."""
    return f"devices.device.stream:{device.uid}"


def series_of(place_key: int) -> str:
    """The series of readable numbers of a place: per county and year, SB431224-2026."""
    county = tree().above(place_key, "county")
    return f"SB{str(county.key if county else place_key)[:6]}-{civil_date().year}"


@transaction.atomic
def register_device(*, profile_key: str, place_key: int, facts: Facts, by: Actor) -> Device:
    """Put a device on file, in store at a division. Raises Refused when the maker's serial number is on file."""
    require(by, Devices.EDIT, place_key)
    stated = _checked(facts)
    profile = profile_named(profile_key)
    if tree().divisions.get(place_key) is None:
        raise Refused("No place has the code {key}.", key=place_key, field="place_key")
    _only_one(stated)
    series = series_of(place_key)
    device = Device.objects.create(
        number=next_number(NUMBERS), register_number=f"{series}-{next_number('devices.' + series):05d}",
        maker=stated.maker, serial=stated.serial, profile=profile, owner=stated.owner, bought_on=stated.bought_on,
        place_key=place_key,
    )  # fmt: skip
    event = DeviceRegistered(device.uid, profile=profile.key, number=device.number)
    record(event, by=by, place_key=place_key, content={"maker": stated.maker, "serial": stated.serial})
    return device


def profile_named(key: str) -> Profile:
    """The profile of this key. Raises Refused when no pack has brought it."""
    found = Profile.objects.filter(key=key).first()
    if found is None:
        raise Refused("No model of device is called {key}. Load the pack that describes it.", key=key, field="profile")
    return found


def _checked(facts: Facts) -> Facts:
    """Maker and serial number put in order. Raises Refused."""
    stated = replace(facts, maker=" ".join(facts.maker.split()), serial="".join(facts.serial.split()).upper())
    if not stated.serial:
        raise Refused("A device has a serial number. It stands on its type plate.", field="serial")
    if stated.bought_on and stated.bought_on > civil_date():
        raise Refused("The day of purchase {day} lies in the future.", field="bought_on", day=stated.bought_on)
    return stated


def _only_one(facts: Facts, but: Device | None = None) -> None:
    known = Device.objects.filter(maker=facts.maker, serial=facts.serial).exclude(pk=but.pk if but else None).first()
    if known is not None:
        raise Refused(
            "The serial number {serial} of this maker is on file already, as {number}.",
            field="serial", serial=facts.serial, number=known.register_number,
        )  # fmt: skip


def editable(uid: Uid, by: Actor, permission: str = Devices.EDIT) -> Device:
    """The device, if the actor sees it and may change it; held until the transaction ends."""
    devices = Device.objects.visible_to(by).select_for_update(of=("self",))
    device: Device = devices.select_related("profile").one(uid=uid)
    require(by, permission, device.place_key)
    return device


@transaction.atomic
def change_device(*, uid: Uid, facts: Facts, by: Actor) -> Device:
    """Correct what is on file: maker, serial number, owner, day of purchase."""
    device = editable(uid, by)
    stated = _checked(facts)
    _only_one(stated, but=device)
    given = {"maker": stated.maker, "serial": stated.serial, "owner": stated.owner, "bought_on": stated.bought_on}
    changed = tuple(name for name, value in given.items() if getattr(device, name) != value)
    if changed:
        for name in changed:
            setattr(device, name, given[name])
        device.save(update_fields=changed)
        record(DeviceChanged(device.uid, fields=changed), by=by, place_key=device.place_key)
    return device


@transaction.atomic
def set_stream(*, uid: Uid, address: str, by: Actor) -> Device:
    """Where a camera's picture is fetched from. Kept sealed, because such addresses carry passwords."""
    device = editable(uid, by, Devices.TOKENS)
    if device.profile.kind != "camera":
        raise NotFound("camera")
    if address and not address.startswith(STREAMS):
        raise Refused("The address begins with {ways}.", ways=", ".join(STREAMS), field="address")
    device.stream_sealed = seal(address, stream_where(device))
    device.save(update_fields=["stream_sealed"])
    record(DeviceChanged(device.uid, fields=("stream",)), by=by, place_key=device.place_key)
    return device


def stream_of(device: Device) -> str:
    """The plain address of a camera's picture. Only a look that is on record may show it."""
    return unseal(device.stream_sealed, stream_where(device))
