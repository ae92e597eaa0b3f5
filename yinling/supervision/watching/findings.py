"""From what the engine says to alerts: who it is about, in words and uids, and the readings behind it."""

import datetime as dt
import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid5

import numpy as np

from yinling.devices.models import CareScope, Device
from yinling.engines.signals.alerting import CLEARED, NO_DATA, RAISED, STOPPED, UPDATED
from yinling.engines.signals.areas import AreaAlert
from yinling.engines.signals.conditions import Measure
from yinling.engines.signals.plan import Plan
from yinling.engines.signals.rules import Rule, Scope
from yinling.institutions.models import Institution, Room
from yinling.kernel.actors import System
from yinling.kernel.clock import instant_of
from yinling.people.models import Household, Person
from yinling.supervision.services import Finding, note_signal, raise_alert
from yinling.supervision.watching.judging import Said

BY = System("watching")
ROOMS = UUID("5f1b2a4e-6a0f-5d3c-9b1e-2f7c80d4a611")  # rooms have numbers only: their uids are made from these
SIGNALS = {CLEARED: "cleared", NO_DATA: "no_data", STOPPED: "stopped"}
SAID_OF_A_DEVICE = ("uid", "place_key", "spot_words", "institution__uid", "room__number", "person__uid")
AREA_EVENTS = {"raised": RAISED, "updated": UPDATED, "cleared": CLEARED}


@dataclass(frozen=True)
class About:
    """The subject of an alert."""

    kind: str
    uid: UUID | None
    place_key: int
    person_uid: UUID | None = None
    institution_uid: UUID | None = None
    spot: str = ""

    @property
    def scope(self) -> str:
        """As alerts name it."""
        return f"{self.kind}:{self.uid or self.place_key}"


@dataclass(frozen=True)
class Word:
    """One event, with everything that is needed to write it down once."""

    event: int
    rule: str
    level: int
    about: About
    at: dt.datetime
    onset: dt.datetime
    is_late: bool = False
    evidence: tuple[dict[str, Any], ...] = ()
    why: str = ""

    @property
    def key(self) -> str:
        """No two events share it, and the same event judged again has the same."""
        times = f"{self.onset.timestamp():.3f}/{self.at.timestamp():.3f}"
        return f"{self.about.scope}|{self.rule}|{self.event}|{self.level}|{times}"


def write(word: Word) -> None:
    """Have `supervision` raise, update or note it. Writing it twice is harmless."""
    about = word.about
    if word.event in (RAISED, UPDATED):
        finding = Finding(
            rule=word.rule, level=word.level, subject_kind=about.kind, subject_uid=about.uid,
            place_key=about.place_key, onset=word.onset, at=word.at, evidence=word.evidence, is_late=word.is_late,
            person_uid=about.person_uid, institution_uid=about.institution_uid, spot=about.spot,
        )  # fmt: skip
        raise_alert(finding=finding, by=BY)
    elif word.event in SIGNALS:
        note_signal(scope=about.scope, rule=word.rule, signal=SIGNALS[word.event], at=word.at, by=BY, why=word.why)


def words_of(said: Said) -> Iterator[Word]:
    """Events in order. A stopped one says why nobody is watching any more; the alert stays a duty."""
    plan, alerts = said.plan, said.alerts
    for row in range(len(alerts)):
        event = int(alerts.event[row])
        slot, channel = int(alerts.slot[row]), int(alerts.channel[row])
        rule = plan.rules[plan.slot_rule[slot]]
        device = _device(plan, channel if channel >= 0 else _a_channel(plan, slot))
        about = _about(rule.scope, int(plan.slot_subject[slot]), device)
        if about is None:
            continue  # whoever it was about has left the register since
        at, value = int(alerts.at[row]), float(alerts.value[row])
        yield Word(
            event, rule.key, int(alerts.level[row]), about, instant_of(at), instant_of(int(alerts.onset[row])),
            bool(alerts.late[row]), _evidence(plan, rule, channel, device, at, value),
            said.why[row] if said.why else "",
        )  # fmt: skip
    yield from map(_area_word, said.areas)


def _area_word(alert: AreaAlert) -> Word:
    evidence = ({"subjects": alert.subjects, "at": instant_of(alert.at).isoformat()},)
    return Word(
        AREA_EVENTS[alert.event], alert.rule, alert.level, About("area", None, alert.area), instant_of(alert.at),
        instant_of(alert.onset), evidence=evidence,
    )  # fmt: skip


def room_uid(room: int) -> UUID:
    """The uid that stands for a room."""
    return uuid5(ROOMS, str(room))


def _a_channel(plan: Plan, slot: int) -> int:
    """One of the channels that feed a slot: where it is, when several devices speak together."""
    lanes = np.flatnonzero(plan.lanes.slot[: plan.lanes.split] == slot)
    return int(plan.lanes.channel[lanes[0]]) if len(lanes) else -1


def _device(plan: Plan, channel: int) -> Device | None:
    if channel < 0:
        return None
    number = int(plan.register.device_id[plan.register.channel_device[channel]])
    devices = Device.objects.select_related("institution", "room", "person").only(*SAID_OF_A_DEVICE)
    return devices.filter(number=number).first()


def _about(scope: Scope, subject: int, device: Device | None) -> About | None:
    """Who or what it is about, and whose page shows it."""
    if device is None:
        return None
    home, person = device.institution, device.person
    shown: dict[str, Any] = {
        "place_key": device.place_key, "spot": _spot(device), "institution_uid": home.uid if home else None,
        "person_uid": person.uid if person else None,
    }  # fmt: skip
    kind, uid = _subject(scope, subject, device)
    if kind == Scope.PERSON:
        shown["person_uid"] = uid
    return About(str(kind), uid, **shown) if uid else None


def _subject(scope: Scope, subject: int, device: Device) -> tuple[Scope, UUID | None]:
    """Kind and uid. A household of which nothing is on file but the person is that person."""
    if scope is Scope.HOUSEHOLD:
        cared = CareScope.objects.filter(pk=subject).first()
        if cared is None or cared.household is None:
            return Scope.PERSON, _uid(Person, cared.person if cared else None)
        return scope, _uid(Household, cared.household)
    if scope is Scope.ROOM:
        return scope, room_uid(subject) if Room.objects.filter(pk=subject).exists() else None
    if scope is Scope.DEVICE:
        return scope, device.uid
    return scope, _uid(Person if scope is Scope.PERSON else Institution, subject)


def _uid(table: Any, pk: int | None) -> UUID | None:
    found: UUID | None = table.objects.filter(pk=pk).values_list("uid", flat=True).first()
    return found


def _spot(device: Device) -> str:
    """Where to go: room and words of the device's place, without a name."""
    room = device.room.number if device.room else ""
    return " ".join(part for part in (room, device.spot_words) if part)


def _evidence(
    plan: Plan, rule: Rule, channel: int, device: Device | None, at: int, value: float
) -> tuple[dict[str, Any], ...]:
    if channel < 0 or device is None:
        return ()
    metric = plan.register.metrics[plan.register.channel_metric[channel]]
    limits = [atom for atom in rule.atoms if atom.metric == metric and atom.measured.kind is Measure.VALUE]
    row = {
        "device": str(device.uid), "metric": metric, "at": instant_of(at).isoformat(),
        "value": None if math.isnan(value) else value, "limit": _limit(limits[0].raising.band) if limits else None,
    }  # fmt: skip
    return (row,)


def _limit(band: Any) -> float | None:
    """The bound that a value passed, where there is one."""
    bounds = [bound for bound in (band.lowest, band.highest) if math.isfinite(bound)]
    return float(bounds[0]) if bounds else None
