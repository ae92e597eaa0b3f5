"""Where devices stand: placing, taking down, hanging on a gateway."""

from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from yinling.devices.events import DeviceChanged, DevicePlaced, DeviceTakenDown
from yinling.devices.models import CareScope, Device, Placement
from yinling.devices.models.devices import Where
from yinling.devices.permissions import Devices
from yinling.devices.rules import placing as rules
from yinling.devices.services.registering import editable
from yinling.institutions.models import Bed, Institution, Room
from yinling.kernel.actors import Actor, require
from yinling.kernel.changes import record
from yinling.kernel.clock import now
from yinling.kernel.errors import Refused
from yinling.kernel.uids import Uid
from yinling.people.models import Person
from yinling.places.queries import tree

State = Device.State
PLACE_FIELDS = ("where", "institution_id", "room_id", "bed_id", "person_id", "spot", "spot_words")


@dataclass(frozen=True)
class Spot:
    """Where a device is to stand. One of `institution`, `person` (a home; with an institution: who wears it) and
    `place_key` (a public place) says what kind of place it is; `spot` is a code of the list device_spot."""

    institution: Institution | None = None
    room: Room | None = None
    bed: Bed | None = None
    person: Person | None = None
    place_key: int = 0
    spot: str = ""
    words: str = ""

    @property
    def where(self) -> str:
        """The kind of place."""
        return Where.INSTITUTION if self.institution else Where.HOME if self.person else Where.PUBLIC

    @property
    def key(self) -> int:
        """The key of the division it lies in."""
        return self.institution.place_key if self.institution else self.person.place_key if self.person else (
            self.place_key
        )  # fmt: skip


@transaction.atomic
def place_device(*, uid: Uid, spot: Spot, by: Actor) -> Placement:
    """Stand a device somewhere from now on; where it stood before ends. Raises Refused where it may not stand."""
    device = editable(uid, by)
    require(by, Devices.EDIT, spot.key)
    return stand(device, spot, by)


def stand(device: Device, spot: Spot, by: Actor, *, is_claim: bool = False) -> Placement:
    """What placing and claiming share. The caller has seen the device and holds it."""
    check(device, spot)
    _end_placement(device, by, "placed elsewhere")
    at, scope = now(), scope_of(spot)
    made = Placement.objects.create(
        device=device, where=spot.where, institution=spot.institution, room=spot.room, bed=spot.bed,
        person=spot.person, spot=spot.spot, spot_words=spot.words, place_key=spot.key, care_scope=scope,
        placed_at=at, placed_by=UUID(str(by.uid)),
    )  # fmt: skip
    for name in PLACE_FIELDS:
        setattr(device, name, getattr(made, name))
    leaves_gateway = device.gateway is not None and device.gateway.care_scope_id != scope.pk
    device.gateway = None if leaves_gateway else device.gateway
    device.care_scope, device.place_key = scope, made.place_key
    device.state = State.CLAIMED if device.state == State.IN_STORE else device.state
    device.save(update_fields=[*PLACE_FIELDS, "care_scope", "place_key", "state", "gateway"])
    event = DevicePlaced(device.uid, where=made.where, spot=made.spot, care_scope=scope.pk, is_claim=is_claim)
    record(event, by=by, place_key=made.place_key)
    return made


def check(device: Device, spot: Spot) -> None:
    """Raises Refused where the device may not stand, or where the parts of the place do not belong together."""
    room = spot.room or (spot.bed.room if spot.bed else None)
    if spot.bed and spot.room and spot.bed.room_id != spot.room.pk:
        raise Refused("This bed does not stand in that room. Choose the bed alone.", field="bed")
    if room and (spot.institution is None or room.floor.building.institution_id != spot.institution.pk):
        raise Refused("This room does not belong to that institution. Choose the room again.", field="room")
    if spot.where == Where.PUBLIC and spot.place_key not in tree().divisions:
        raise Refused("No place has the code {key}.", key=spot.place_key, field="place_key")
    if spot.person is not None and spot.person.life_status == Person.DEAD:
        raise Refused("This person is registered as dead. Choose another person.", field="person")
    is_bedroom = room is not None and room.beds.exists()
    asked = rules.Asked(spot.where, spot.spot, spot.bed is not None, is_bedroom, spot.person is not None)
    if reason := rules.why_not_placed(device.profile.kind, device.profile.data, device.state, asked):
        raise Refused(reason, field="spot")


def scope_of(spot: Spot) -> CareScope:
    """What the place is judged with: the institution, the household or the person, the division. Made when new."""
    if spot.institution is not None:
        return CareScope.objects.get_or_create(institution=spot.institution.pk)[0]
    if spot.person is None:
        return CareScope.objects.get_or_create(division=spot.place_key)[0]
    if spot.person.household_id:
        return CareScope.objects.get_or_create(household=spot.person.household_id)[0]
    return CareScope.objects.get_or_create(person=spot.person.canonical_id or spot.person.pk)[0]


def _end_placement(device: Device, by: Actor, why: str) -> None:
    Placement.objects.filter(device=device, taken_down_at__isnull=True).update(
        taken_down_at=now(), taken_down_by=UUID(str(by.uid)), why_taken_down=why[:200]
    )


@transaction.atomic
def take_down(*, uid: Uid, why: str, by: Actor) -> Device:
    """Take a device from its place back into store. What hangs on it hangs on nothing any more."""
    device = editable(uid, by)
    if not device.where:
        raise Refused("This device stands nowhere. There is nothing to take down.")
    if len(why.strip()) < rules.SHORTEST_REASON:
        raise Refused("Say why the device is taken down, in a few words.", field="why")
    lift(device, by, why)
    if device.state != State.FAULTY:
        device.state = State.IN_STORE
        device.save(update_fields=["state"])
    return device


def lift(device: Device, by: Actor, why: str) -> None:
    """End the placement and empty what is cached of it; the caller sets the state."""
    _end_placement(device, by, why)
    scope = device.care_scope_id or 0
    device.where, device.institution, device.room, device.bed, device.person = "", None, None, None, None
    device.spot, device.spot_words, device.care_scope, device.gateway = "", "", None, None
    if device.state in (State.CLAIMED, State.ACTIVE):
        device.state = State.IN_STORE
    device.save(update_fields=[*PLACE_FIELDS, "care_scope", "gateway", "state"])
    Device.objects.filter(gateway=device).update(gateway=None)
    record(DeviceTakenDown(device.uid, care_scope=scope), by=by, place_key=device.place_key, reason=why)


@transaction.atomic
def hang_on(*, uid: Uid, gateway_uid: Uid | None, by: Actor) -> Device:
    """Say through which gateway a device reports; None: through none."""
    device = editable(uid, by)
    gateway = None
    if gateway_uid is not None:
        gateway = Device.objects.visible_to(by).select_related("profile").one(uid=gateway_uid)
        is_near = gateway.care_scope_id is not None and gateway.care_scope_id == device.care_scope_id
        hung_is_gateway = device.profile.kind == "gateway"
        if reason := rules.why_not_hung(gateway.profile.kind == "gateway", hung_is_gateway, is_near):
            raise Refused(reason, field="gateway")
    device.gateway = gateway
    device.save(update_fields=["gateway"])
    record(DeviceChanged(device.uid, fields=("gateway",)), by=by, place_key=device.place_key)
    return device


@transaction.atomic
def follow_person(*, person_uid: Uid, by: Actor) -> int:
    """Devices about a person are seen where the person lives now. Idempotent. Returns how many changed."""
    person = Person.objects.filter(uid=person_uid).first()
    if person is None:
        return 0
    moved = Device.objects.filter(person=person, where=Where.HOME).exclude(place_key=person.place_key)
    uids = list(moved.values_list("uid", flat=True))
    moved.update(place_key=person.place_key)
    for uid in uids:
        record(DeviceChanged(uid, fields=("place_key",)), by=by, place_key=person.place_key)
    return len(uids)
