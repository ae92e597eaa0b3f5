"""Devices of the demonstration: in homes and sites, and in the homes of elders who live alone, with their consents.

No figure of the city's devices is published, so how many there are is invented and says so: every room of a home has
a smoke detector, every bed a button; of those who live alone, a share has a box, and most of these agree to it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

import numpy as np

from yinling.city.draws import Draws, draws_for
from yinling.devices.models import Profile
from yinling.devices.services import Facts, Standing, load_devices, register_device
from yinling.institutions.models import Bed, BedUse, Institution
from yinling.institutions.models.sites import HOMES
from yinling.kernel.actors import Actor
from yinling.kernel.clock import CITY_ZONE, now
from yinling.people.models import Category, Person
from yinling.people.services import give_consent
from yinling.places.queries import city, tree

MAKERS = {
    "gateway": "沅水物联", "camera": "沅水物联", "power_monitor": "武陵电气", "bed_mat": "安枕科技",
    "fall_radar": "安枕科技", "wristband": "安枕科技", "stove_monitor": "雪峰安防",
}  # fmt: skip
OTHER_MAKER = "雪峰安防"
MOST_ALONE = 4000  # a consent is a service call each; more boxes would say no more
ALONE_WITH_BOX = 0.3
PER_LOAD = 5000
ALWAYS = ("city_centre", "county_centre")
PURPOSES = {"bed_mat": "vital_signs", "wristband": "position", "door_sensor": "silence_watch"}
IN_STORE = (("sos_button", 6), ("smoke_detector", 8), ("gateway", 2), ("camera", 1))


@dataclass(frozen=True)
class Lot:
    """One device of a place, before it has a serial number. `chance` is for this one."""

    profile: str
    spot: str
    chance: float = 1.0
    room: int | None = None
    bed: int | None = None
    words: str = ""


AT_HOME = (
    Lot("gateway", "living_room"), Lot("smoke_detector", "kitchen"), Lot("sos_button", "bedroom"),
    Lot("door_sensor", "entrance", 0.6), Lot("gas_detector", "kitchen", 0.4), Lot("power_monitor", "living_room", 0.2),
    Lot("bed_mat", "bedroom", 0.15), Lot("wristband", "worn", 0.08), Lot("stove_monitor", "kitchen", 0.1),
)  # fmt: skip
IN_SITE = (
    Lot("gateway", "plant_room"), Lot("smoke_detector", "activity_room"), Lot("gas_detector", "kitchen", 0.7),
    Lot("power_monitor", "plant_room", 0.4),
)  # fmt: skip
IN_HOUSE = (
    Lot("gateway", "plant_room"), Lot("gas_detector", "kitchen"), Lot("stove_monitor", "kitchen", 0.6),
    Lot("power_monitor", "plant_room"), Lot("water_meter", "plant_room", 0.5), Lot("door_sensor", "entrance"),
    Lot("camera", "entrance"), Lot("camera", "dining_room"), Lot("camera", "corridor", 0.8, words="一楼走廊"),
    Lot("camera", "kitchen", 0.7), Lot("smoke_detector", "kitchen"), Lot("smoke_detector", "dining_room"),
    Lot("smoke_detector", "corridor"),
)  # fmt: skip


def load_city_devices(*, seed: int, scale: float, today: date, by: Actor) -> tuple[int, int]:
    """Write the devices. Returns how many stand somewhere, and how many consents to be watched were given.

    Sites are all there at any scale, so in a small city only some are equipped: it is built in a minute.
    """
    rows = [*_in_institutions(seed, scale, today), *_at_homes(people := _alone(seed), seed, today)]
    count = 0
    for part in _parts(rows):
        count += len(load_devices(part, by=by))
    _in_store(seed, by)
    return count, _consents(people, rows, seed, by) + _of_residents(seed, by)


def _parts(rows: list[list[Standing]]) -> Iterator[list[Standing]]:
    """Whole places together, some thousand devices at a time; a gateway is named by its position in the part."""
    part: list[Standing] = []
    for place in rows:
        start = len(part)
        part += [one if one.gateway is None else replace(one, gateway=start) for one in place]
        if len(part) >= PER_LOAD:
            yield part
            part = []
    if part:
        yield part


def _in_institutions(seed: int, scale: float, today: date) -> Iterator[list[Standing]]:
    """One list per institution, its gateway first."""
    beds: dict[int, list[Bed]] = defaultdict(list)
    for bed in Bed.objects.order_by("institution_id", "id"):
        beds[bed.institution_id].append(bed)
    sites = list(Institution.objects.filter(closed_on__isnull=True).order_by("pk"))
    drawn = draws_for(seed, "equipped", np.array([site.pk for site in sites])).chance("equipped", 0.1 + 10 * scale)
    for site in (site for at, site in enumerate(sites) if drawn[at] or site.kind in ALWAYS):
        lots = [*IN_HOUSE, *_by_beds(beds[site.pk])] if site.kind in HOMES else list(IN_SITE)
        base = Standing("", "", "", site.place_key, now(), institution_id=site.pk, owner_id=site.organisation_id)
        yield _standing(lots, base, draws_for(seed, "device of a site", _keys(site.pk, len(lots))), today)


def _by_beds(beds: list[Bed]) -> list[Lot]:
    """A smoke detector per room, a button per bed; bed mats and radars where somebody needs more care."""
    rooms = [Lot("smoke_detector", "bedroom", room=room) for room in dict.fromkeys(bed.room_id for bed in beds)]
    buttons = [Lot("sos_button", "bedroom", room=bed.room_id, bed=bed.pk) for bed in beds]
    nursing = [bed for bed in beds if bed.kind in ("nursing", "dementia")]
    mats = [Lot("bed_mat", "bedroom", 0.25, bed.room_id, bed.pk) for bed in nursing]
    radars = [Lot("fall_radar", "bedroom", 0.15, bed.room_id, bed.pk) for bed in nursing]
    return [*rooms, *buttons, *mats, *radars]


def _alone(seed: int) -> list[Person]:
    """Elders who live alone and have a box, in order of place."""
    members = Category.objects.filter(category="living_alone", valid_to__isnull=True, superseded_at__isnull=True)
    living = Person.objects.living().current().filter(pk__in=members.values("person_id"))
    people = list(living.order_by("place_key", "id"))
    chosen = draws_for(seed, "has a box", np.arange(len(people))).chance("box", ALONE_WITH_BOX)
    return [people[at] for at in np.flatnonzero(chosen)][:MOST_ALONE]


def _at_homes(people: list[Person], seed: int, today: date) -> Iterator[list[Standing]]:
    for at, person in enumerate(people):
        base = Standing(
            "", "", "", person.place_key, now(), person_id=person.pk, household_id=person.household_id
        )  # fmt: skip
        yield _standing(AT_HOME, base, draws_for(seed, "device of a person", _keys(at, len(AT_HOME))), today)


def _keys(place: int, count: int) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    return place * 4096 + np.arange(count, dtype=np.int64)


def _standing(lots: Iterable[Lot], base: Standing, draws: Draws, today: date) -> list[Standing]:
    """The devices of one place that are there, the first of them the gateway the others hang on."""
    wanted = list(lots)
    drawn, age = draws.unit("there"), draws.between("age", 20, 900)
    battery, state, serial = draws.between("battery", 8, 100), draws.unit("state"), draws.keys
    quiet = draws.chance("quiet", 0.015)
    batteries = _with_battery()
    found: list[Standing] = []
    for at, lot in enumerate(wanted):
        if drawn[at] > lot.chance:
            continue
        placed = datetime.combine(today - timedelta(days=int(age[at])), time(10), CITY_ZONE)
        seen = now() - (timedelta(days=4) if quiet[at] else timedelta(minutes=int(battery[at]) // 4))
        is_faulty = state[at] < 0.006
        found.append(
            replace(
                base,
                profile=lot.profile,
                maker=MAKERS.get(lot.profile, OTHER_MAKER),
                serial=f"{lot.profile[:2].upper()}{int(serial[at]):016X}",
                placed_at=placed,
                spot=lot.spot,
                words=lot.words,
                room_id=lot.room,
                bed_id=lot.bed,
                gateway=0 if found else None,
                state="faulty" if is_faulty else "active",
                last_seen_at=seen,
                battery_percent=int(battery[at]) if lot.profile in batteries else None,
            )
        )
    return found


def _with_battery() -> frozenset[str]:
    return frozenset(Profile.objects.filter(has_battery=True).values_list("key", flat=True))


def _in_store(seed: int, by: Actor) -> None:
    """A few devices in the store of each county, waiting for a label and a claim."""
    for county in tree().children(city().key):
        for profile, count in IN_STORE:
            for number in range(count):
                serial = f"ST{county.code[:6]}{profile[:2].upper()}{number:03d}"
                facts = Facts(maker=MAKERS.get(profile, OTHER_MAKER), serial=serial)
                register_device(profile_key=profile, place_key=county.key, facts=facts, by=by)


def _consents(people: list[Person], rows: list[list[Standing]], seed: int, by: Actor) -> int:
    """Of those with a box, most agree to what their devices are for; some do not, and are not watched."""
    wanted: dict[int, set[str]] = defaultdict(set)
    for place in rows:
        for one in place:
            if one.person_id and one.profile in PURPOSES:
                wanted[one.person_id].add(PURPOSES[one.profile])
    agrees = draws_for(seed, "agrees", np.arange(len(people))).chance("agrees", 0.8)
    count = 0
    for at, person in enumerate(people):
        for purpose in sorted(wanted[person.pk]) if agrees[at] else ():
            _give(person, purpose, by)
            count += 1
    return count


def _of_residents(seed: int, by: Actor) -> int:
    """Residents with a bed mat: most agree that heart and breath are watched."""
    uses = BedUse.objects.open().filter(kind=BedUse.OCCUPIED, bed__devices__profile__key="bed_mat")
    people = [use.stay.person for use in uses.select_related("stay__person").order_by("id") if use.stay]
    agrees = draws_for(seed, "resident agrees", np.arange(len(people))).chance("agrees", 0.75)
    chosen = [people[at] for at in np.flatnonzero(agrees)]
    for person in chosen:
        _give(person, "vital_signs", by)
    return len(chosen)


def _give(person: Person, purpose: str, by: Actor) -> None:
    give_consent(
        uid=person.uid, purpose=purpose, items=[purpose], recipient="村（社区）、养老机构", method="sign",
        given_by="本人", by=by,
    )  # fmt: skip
