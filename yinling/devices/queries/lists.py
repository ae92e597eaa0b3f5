"""The list of devices: what it may be narrowed to; and reads of one device and of what hangs on it."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from yinling.devices.models import CameraLook, Credential, Device, Maintenance, Placement, Profile
from yinling.institutions.models import BedUse, Institution
from yinling.kernel.actors import Actor
from yinling.kernel.clock import now
from yinling.kernel.errors import NotFound
from yinling.kernel.scope import within
from yinling.kernel.uids import uid_of
from yinling.people.models import Person
from yinling.people.queries import file_ids
from yinling.places.queries import key_ranges
from yinling.reference.queries import parameter_or
from yinling.web.paging import Page, keyset_page

SILENT, LOW, NEVER = "silent", "low", "never"
LOW_PERCENT = 20  # while no pack states devices.battery_low_percent
MOST_ON_A_PAGE = 30


@dataclass(frozen=True)
class Filters:
    """What a list is narrowed to. Empty means: any."""

    text: str = ""
    kind: str = ""
    state: str = ""
    where: str = ""
    trouble: str = ""  # silent, low (battery), never (heard of)
    place_key: int = 0
    institution: UUID | None = None

    @classmethod
    def from_address(cls, address: Mapping[str, str]) -> "Filters":
        """The filters in an address; what makes no sense is left out."""
        place, state, trouble = address.get("place", ""), address.get("state", ""), address.get("trouble", "")
        return cls(
            text=address.get("q", "").strip()[:60],
            kind=address.get("kind", "")[:20],
            state=state if state in Device.State.values else "",
            where=address.get("where", "")[:12],
            trouble=trouble if trouble in (SILENT, LOW, NEVER) else "",
            place_key=int(place) if place.isascii() and place.isdigit() and len(place) == 12 else 0,
            institution=uid_of(address.get("home", "")),
        )


def devices_for(by: Actor, filters: Filters) -> QuerySet[Device]:
    """Devices the actor sees that match every filter. Unordered. One statement of its own, for silence."""
    found: QuerySet[Device] = Device.objects.visible_to(by)
    if filters.text:
        word = filters.text.upper()
        found = found.filter(Q(register_number__startswith=word) | Q(serial__startswith=word))
    if filters.kind:
        found = found.filter(profile__kind=filters.kind)
    if filters.state:
        found = found.filter(state=filters.state)
    if filters.where:
        found = found.filter(where=filters.where)
    if filters.place_key:
        found = found.filter(within(key_ranges([filters.place_key])))
    if filters.institution:
        found = found.filter(institution__uid=filters.institution)
    return found.filter(_troubled(filters.trouble)) if filters.trouble else found


def _troubled(trouble: str) -> Q:
    used = Q(state__in=[Device.State.CLAIMED, Device.State.ACTIVE])
    if trouble == LOW:
        return used & Q(battery_percent__lt=low_percent())
    if trouble == NEVER:
        return used & Q(last_seen_at__isnull=True)
    silent = Q(pk__in=[])
    for pk, seconds in Profile.objects.values_list("pk", "silent_after_s"):
        silent |= Q(profile=pk, last_seen_at__lt=now() - dt.timedelta(seconds=seconds))
    return used & silent


def low_percent() -> int:
    """Below which a battery counts as low."""
    return int(parameter_or("devices.battery_low_percent", LOW_PERCENT))


def device_page(by: Actor, filters: Filters, address: Mapping[str, str]) -> Page[Device]:
    """One page of the list, by place."""
    found = devices_for(by, filters).select_related("profile", "institution", "room", "bed", "person")
    return keyset_page(found, order=("place_key", "id"), address=address)


def device(uid: object, by: Actor) -> Device:
    """One device with where it stands. Raises NotFound."""
    related = ("profile", "institution", "room", "bed__room", "person", "gateway", "owner")
    found: Device = Device.objects.visible_to(by).select_related(*related).one(uid=uid)
    return found


def placements_of(found: Device) -> list[Placement]:
    """Where a device stood, newest first."""
    places = Placement.objects.filter(device=found).select_related("institution", "room", "bed__room", "person")
    return list(places.order_by("-placed_at", "-id")[:MOST_ON_A_PAGE])


def maintenance_of(found: Device) -> list[Maintenance]:
    """Work done on a device, newest first."""
    return list(Maintenance.objects.filter(device=found).order_by("-done_on", "-id")[:MOST_ON_A_PAGE])


def tokens_of(found: Device) -> list[Credential]:
    """Tokens of a device that open now, newest first."""
    return list(Credential.objects.filter(device=found).in_force(now()).order_by("-issued_at", "-id"))


def looks_of(found: Device) -> list[CameraLook]:
    """Who looked at a camera, newest first."""
    return list(CameraLook.objects.filter(device=found).order_by("-opened_at", "-id")[:MOST_ON_A_PAGE])


def children_of(found: Device) -> list[Device]:
    """What hangs on a gateway."""
    return list(found.children.select_related("profile").order_by("number")[:MOST_ON_A_PAGE])


def gateways_near(found: Device) -> list[Device]:
    """Gateways of the same care scope."""
    if found.care_scope_id is None:
        return []
    near = Device.objects.in_use().filter(care_scope_id=found.care_scope_id, profile__kind="gateway")
    return list(near.exclude(pk=found.pk).select_related("profile").order_by("number")[:MOST_ON_A_PAGE])


def devices_about(person: Person, by: Actor) -> list[Device]:
    """Devices worn by a person or standing in the person's home, merged files included."""
    found = Device.objects.visible_to(by).filter(person_id__in=file_ids(person))
    return list(found.select_related("profile", "institution", "room", "bed__room", "person").order_by("number"))


def devices_on(person: Person) -> list[Device]:
    """Devices that tell about a person: worn, in the person's home, or in the bed where the person lies today. For
    whoever may see the person's readings already."""
    beds = BedUse.objects.open().filter(kind=BedUse.OCCUPIED, stay__person_id__in=file_ids(person)).values("bed")
    found = Device.objects.in_use().filter(Q(person_id__in=file_ids(person)) | Q(bed__in=beds))
    return list(found.select_related("profile", "institution", "room", "bed__room", "person").order_by("number"))


def counts_in(home: Institution, by: Actor) -> dict[str, dict[str, int]]:
    """Devices of an institution by kind: all, silent, low battery. Four statements."""
    found: dict[str, dict[str, int]] = {}
    for key in ("", SILENT, LOW):
        devices: Any = devices_for(by, Filters(institution=home.uid, trouble=key))
        for kind in devices.values_list("profile__kind", flat=True):
            row = found.setdefault(kind, {"": 0, SILENT: 0, LOW: 0})
            row[key] += 1
    return found


def camera(uid: object, by: Actor) -> Device:
    """One camera. Raises NotFound for anything else."""
    found = device(uid, by)
    if found.profile.kind != "camera":
        raise NotFound("camera")
    return found
