"""Who plays: homes of elders who live alone and some institutions, with devices, consents and tokens."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count

from yinling.city.live.planting import Played
from yinling.devices.models import Device
from yinling.devices.services import Standing, load_devices, rotate_token
from yinling.institutions.models import Institution, Room
from yinling.kernel.actors import System
from yinling.kernel.clock import now
from yinling.people.models import Consent, Person
from yinling.people.services import give_consent

BY = System("the demonstration's day")
MAKER = "演示设备"
ROOMS_PER_HOME = 12
PURPOSES = ("position", "vital_signs", "baseline")
AT_HOME = (
    ("gateway", "living_room"), ("smoke_detector", "kitchen"), ("gas_detector", "kitchen"),
    ("door_sensor", "living_room"), ("bed_mat", "bedroom"), ("sos_button", "bedroom"), ("stove_monitor", "kitchen"),
    ("water_meter", "kitchen"), ("fall_radar", "living_room"), ("wristband", "living_room"),
)  # fmt: skip
IN_ROOM = ("smoke_detector", "sos_button")
IN_HALL = ("gateway", "power_monitor", "door_sensor", "gas_detector")


@dataclass(frozen=True)
class Cast:
    """Devices that play, and the tokens of the gateways that send for them, by the gateway's number."""

    devices: list[Played]
    tokens: dict[int, str]


def call(homes: int, institutions: int) -> Cast:
    """The cast, made at the first call. Tokens are new each time: the old ones were shown once."""
    if not Device.objects.filter(maker=MAKER).exists():
        _engage(homes, institutions)
    related = ("profile", "gateway", "person__household", "institution")
    devices = list(Device.objects.in_use().filter(maker=MAKER).select_related(*related).order_by("number"))
    gateways = [device for device in devices if device.profile.kind == "gateway"]
    tokens = {device.number: rotate_token(uid=device.uid, by=BY).token for device in gateways}
    return Cast([_played(device) for device in devices], tokens)


def _engage(homes: int, institutions: int) -> None:
    alone = Person.objects.current().living().filter(living_arrangement="alone", latitude__isnull=False)
    elders = list(alone.order_by("id")[:homes])
    rows: list[Standing] = []
    for elder in elders:
        rows += _at_home(elder, len(rows))
        _agree(elder)
    rooms = Count("buildings__floors__rooms")
    for home in (
        Institution.objects.annotate(rooms=rooms).filter(rooms__gte=ROOMS_PER_HOME).order_by("id")[:institutions]
    ):
        rows += _in_institution(home, len(rows))
    load_devices(rows, by=BY)


def _at_home(elder: Person, first: int) -> list[Standing]:
    return [
        Standing(
            profile=profile, maker=MAKER, serial=f"L{elder.pk}-{number}", spot=spot, placed_at=_before(),
            place_key=elder.place_key, person_id=elder.pk, household_id=elder.household_id,
            gateway=first if number else None,
        )
        for number, (profile, spot) in enumerate(AT_HOME)
    ]  # fmt: skip


def _in_institution(home: Institution, first: int) -> list[Standing]:
    rooms = list(Room.objects.filter(floor__building__institution=home).order_by("id")[:ROOMS_PER_HOME])
    places: list[tuple[str, Room | None]] = [(profile, None) for profile in IN_HALL]
    places += [(profile, room) for room in rooms for profile in IN_ROOM]
    return [
        Standing(
            profile=profile, maker=MAKER, serial=f"H{home.pk}-{number}", place_key=home.place_key, placed_at=_before(),
            spot="bedroom" if room else "corridor", institution_id=home.pk, room_id=room.pk if room else None,
            gateway=first if number else None,
        )
        for number, (profile, room) in enumerate(places)
    ]  # fmt: skip


def _before() -> dt.datetime:
    return now() - dt.timedelta(days=30)


def _agree(elder: Person) -> None:
    """A demonstration's elder has agreed to be watched."""
    held = set(Consent.objects.filter(person=elder, withdrawn_at__isnull=True).values_list("purpose", flat=True))
    for purpose in PURPOSES:
        if purpose not in held:
            give_consent(
                uid=elder.uid,
                purpose=purpose,
                items=["readings"],
                recipient="演示",
                method="tick",
                given_by="本人",
                by=BY,
            )


def _played(device: Device) -> Played:
    person, home = device.person, device.institution
    about: Sequence[tuple[str, object]] = (
        ("device", device.uid),
        ("person", person.uid if person else None),
        ("household", person.household.uid if person and person.household else None),
        ("institution", home.uid if home else None),
    )
    place = home if home else person
    return Played(
        number=device.number, kind=device.profile.kind, name=f"d{device.number}", home=f"{device.care_scope_id}",
        gateway=device.gateway.number if device.gateway else device.number,
        latitude=(place.latitude if place else None) or 0.0, longitude=(place.longitude if place else None) or 0.0,
        is_at_home=home is None, about=tuple(f"{kind}:{uid}" for kind, uid in about if uid),
    )  # fmt: skip
