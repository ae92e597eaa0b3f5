"""Words for tests of devices."""

import datetime as dt
from typing import Any

from tests.conftest import LUFENG
from tests.institutions.builders import VILLAGE, a_home, a_person, beds_in
from yinling.devices import services
from yinling.devices.models import Device
from yinling.devices.services import Facts, Spot
from yinling.institutions.models import Institution
from yinling.kernel.actors import System
from yinling.people import services as people
from yinling.people.models import Consent, Person

BY = System("test")
_serials = iter(range(1, 100_000))


def a_device(profile: str = "smoke_detector", place_key: int = LUFENG, serial: str = "", by: Any = BY) -> Device:
    """A device in store."""
    facts = Facts(maker="安心", serial=serial or f"SN{next(_serials):06d}")
    return services.register_device(profile_key=profile, place_key=place_key, facts=facts, by=by)


def standing(device: Device, spot: Spot, by: Any = BY) -> Device:
    """The device, placed."""
    services.place_device(uid=device.uid, spot=spot, by=by)
    device.refresh_from_db()
    return device


def in_home_of(person: Person, profile: str = "smoke_detector", spot: str = "living_room") -> Device:
    """A device in somebody's home."""
    return standing(a_device(profile, person.place_key), Spot(person=person, spot=spot))


def in_house(home: Institution, profile: str = "smoke_detector", spot: str = "corridor") -> Device:
    """A device in an institution, in no room."""
    return standing(a_device(profile, home.place_key), Spot(home, spot=spot))


def agreed(person: Person, purpose: str, **changes: Any) -> Consent:
    """A consent of the person to be watched for a purpose."""
    facts = {
        "items": [purpose], "recipient": "村委会", "method": "sign", "given_by": "本人", "purpose": purpose, "by": BY,
    }  # fmt: skip
    return people.give_consent(uid=person.uid, **{**facts, **changes})


def took_back(consent: Consent, on: dt.date) -> None:
    """The consent is withdrawn."""
    people.withdraw_consent(
        uid=consent.person.uid, consent_uid=consent.uid, on=on, reason="本人口头告知村干部", by=BY
    )  # fmt: skip


__all__ = [
    "BY", "LUFENG", "VILLAGE", "a_device", "a_home", "a_person", "agreed", "beds_in", "in_home_of", "in_house",
    "standing", "took_back",
]  # fmt: skip
