"""Devices in words: where they stand, how they are, what a list shows."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from yinling.devices.charts import vital_signs_of
from yinling.devices.models import Device, Placement
from yinling.devices.models.devices import Where
from yinling.devices.queries.lists import devices_on, low_percent
from yinling.devices.rules.placing import is_silent
from yinling.devices.services import Fix
from yinling.engines.codes.coordinates import distance_m
from yinling.kernel.clock import now
from yinling.kernel.names import mask_name
from yinling.people.models import Person
from yinling.places.queries import tree
from yinling.reference.queries import choices, label
from yinling.web.pieces import Chip, Crumb

OLD_FIX = dt.timedelta(minutes=20)
TONES = {"active": "ok", "faulty": "bad", "claimed": "doubt"}


@dataclass(frozen=True)
class Row:
    """One device of a list."""

    device: Device
    kind: str
    where: str
    place: str
    tone: str
    trouble: str  # in words; empty when all is well


def rows_of(devices: Iterable[Device]) -> list[Row]:
    """Rows of a list. No statement of its own beyond one parameter."""
    low, at = low_percent(), now()
    return [
        Row(
            one, label("device_kind", one.profile.kind), where_words(one), tree().name(one.place_key),
            TONES.get(one.state, ""), trouble_of(one, low, at),
        )
        for one in devices
    ]  # fmt: skip


def where_words(row: Device | Placement) -> str:
    """Where a device stands: home, room and bed, or whose home (masked), and the spot."""
    spot = " · ".join(part for part in (label("device_spot", row.spot) if row.spot else "", row.spot_words) if part)
    parts: list[str] = []
    if row.institution is not None:
        parts.append(row.institution.name)
        room = row.bed.room if row.bed is not None else row.room
        parts += [str(room)] if room is not None else []
        parts += [row.bed.label] if row.bed is not None else []
    if row.person is not None:
        name = mask_name(row.person.name)
        text = _("worn by {name}") if row.institution is not None else _("home of {name}")
        parts.append(text.format(name=name))
    if row.where == Where.PUBLIC:
        parts.append(tree().name(row.place_key))
    return " · ".join(part for part in (*parts, spot) if part)


def trouble_of(device: Device, low: int, at: dt.datetime) -> str:
    """What is wrong with a device in use, in a word or two."""
    if device.state not in (Device.State.ACTIVE, Device.State.CLAIMED):
        return ""
    seconds = (at - device.last_seen_at).total_seconds() if device.last_seen_at else None
    if is_silent(seconds, device.profile.silent_after_s):
        return pgettext("device", "silent")
    if device.battery_percent is not None and device.battery_percent < low:
        return _("battery {percent} %").format(percent=device.battery_percent)
    return ""


def crumbs(device: Device, *more: Crumb) -> list[Crumb]:
    """The way to a device: the list, what it belongs to, itself."""
    url = reverse("devices:device", args=[device.uid]) if more else ""
    way = [Crumb(_("Devices"), reverse("devices:list"))]
    if device.institution is not None:
        way.append(Crumb(device.institution.name, reverse("institutions:institution", args=[device.institution.uid])))
    return [*way, Crumb(device.register_number, url), *more]


def kind_chips() -> list[Chip]:
    """Kinds of devices as filters."""
    return [Chip(code, words, None) for code, words in choices("device_kind")]


def trouble_choices() -> Sequence[tuple[str, str]]:
    """What may be wrong, as filters."""
    return (
        ("silent", _("Silent for too long")), ("low", _("Battery low")), ("never", _("Never heard of")),
    )  # fmt: skip


def metric_words(metrics: Iterable[object]) -> str:
    """Metrics in one line."""
    return "、".join(str(metric) for metric in metrics)


@dataclass(frozen=True)
class Whereabouts:
    """A position as a page shows it. `from_home_m` None where the home has no point on file."""

    fix: Fix
    latitude: str
    longitude: str
    from_home_m: float | None
    is_old: bool


def vital_signs_context(person: Person) -> dict[str, Any]:
    """What the page of opened vital signs shows."""
    drawn = [(one, vital_signs_of(one)) for one in devices_on(person)]
    return {"person": person, "groups": [(one, channels) for one, channels in drawn if channels]}


def position_context(person: Person, fixes: Iterable[Fix]) -> dict[str, Any]:
    """What the page of an opened position shows."""
    places = [
        Whereabouts(
            one, f"{one.latitude:.5f}", f"{one.longitude:.5f}", _from_home_m(person, one), now() - one.at > OLD_FIX
        )
        for one in fixes
    ]
    return {"person": person, "places": places}


def _from_home_m(person: Person, fix: Fix) -> float | None:
    home = fix.device.institution
    at: Any = home if home is not None and home.latitude is not None else person
    if at.latitude is None or at.longitude is None:
        return None
    return distance_m((at.longitude, at.latitude), (fix.longitude, fix.latitude))
