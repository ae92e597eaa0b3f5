"""Alerts of the demonstration: those of 2025 and since, dealt with and closed, and what stands open today.

How often each rule raises, how often it was right and what set it off falsely are invented, so that pages of rules have
something to say: smoke over steam is the noisy one. Today's alerts are raised by the service that watchers use.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import cycle
from typing import Any
from uuid import UUID

import numpy as np
from django.db.models import F

from yinling.accounts.models import User
from yinling.city.draws import draws_for
from yinling.devices.models import Device
from yinling.institutions.models import Institution
from yinling.institutions.models.sites import HOMES
from yinling.kernel.actors import Actor
from yinling.kernel.clock import now, start_of
from yinling.people.models import Person
from yinling.supervision import services
from yinling.supervision.models import Alert
from yinling.supervision.services import Finding
from yinling.supervision.services.bulk import PastAlert
from yinling.worklist.models import WorkItem

PUSHED, FEWEST = 8_213, 160  # in 2025 in the whole city; a small demonstration still fills a page
YEAR = 2025
_SETTLED_DAYS = 25  # by then every alert of the past was closed


@dataclass(frozen=True)
class _Habit:
    """How a rule behaves: its share of all, its level, how often it is false, of what, the kind of device."""

    rule: str
    weight: float
    level: int
    false: float
    causes: tuple[str, ...]
    kind: str = ""


_HABITS = (
    _Habit("smoke", 0.14, 3, 0.62, ("cooking", "cooking", "incense", "test", "fault"), "smoke"),
    _Habit("gas", 0.06, 3, 0.28, ("cooking", "fault", "test"), "gas"),
    _Habit("sos", 0.12, 3, 0.41, ("pressed", "pressed", "test"), "sos"),
    _Habit("fall", 0.12, 3, 0.38, ("sat_down", "sat_down", "moved"), "fall_radar"),
    _Habit("stove", 0.11, 1, 0.22, ("rule", "cooking"), "kitchen"),
    _Habit("heart_rate", 0.09, 1, 0.33, ("moved", "fault", "rule"), "bed_mat"),
    _Habit("out_of_bed", 0.08, 1, 0.35, ("rule", "moved"), "bed_mat"),
    _Habit("wandering", 0.03, 2, 0.3, ("known_outing",), "wearable"),
    _Habit("door.night", 0.05, 1, 0.3, ("known_outing", "fault"), "door"),
    _Habit("battery", 0.1, 0, 0.04, ("fault",), "sos"),
    _Habit("no_data", 0.08, 0, 0.12, ("moved", "fault"), "smoke"),
    _Habit("water.leak", 0.02, 1, 0.2, ("fault",), "water"),
)
# rule, level, minutes ago, what has been done since: nothing, acknowledged, sent, there, resolved
_TODAY = (
    ("gas", 3, 16, "nothing"), ("fall", 3, 24, "there"), ("wandering", 2, 23, "acknowledged"),
    ("stove", 2, 32, "nothing"),
    ("heart_rate", 2, 41, "sent"), ("power.cut", 2, 66, "acknowledged"), ("door.night", 2, 180, "resolved"),
    ("gateway.silent", 1, 80, "nothing"), ("water.leak", 1, 150, "acknowledged"), ("out_of_bed", 1, 340, "resolved"),
    ("heart_rate", 1, 70, "nothing"), ("stove", 1, 55, "there"), ("heart_rate.own", 1, 130, "nothing"),
    ("battery", 0, 600, "nothing"), ("battery", 0, 900, "acknowledged"), ("no_data", 0, 400, "nothing"),
    ("no_data", 0, 1300, "nothing"), ("battery", 0, 2000, "nothing"), ("flapping", 0, 800, "nothing"),
)  # fmt: skip
_GAS = (2.1, 2.4, 2.9, 2.2, 1.6, 2.0, None, None, 2.8, 3.2, 6.1, 10.4, 13.9, 15.6, 16.8, 17.5, 17.9, 18.3, 18.2, 18.6)


@dataclass(frozen=True)
class _Spot:
    """Where something can happen: a device, or a person or home without one."""

    subject_kind: str
    uid: UUID
    place_key: int
    person_id: int | None
    institution_id: int | None


def load_alerts(users: dict[str, User], *, seed: int, scale: float, today: date, by: Actor) -> tuple[int, int]:
    """Write the alerts of 2025 and since, and raise those of today. Returns how many of each."""
    spots = _spots()
    count = max(round(PUSHED * scale), FEWEST)
    past = _past(spots, users, seed, count, date(YEAR, 1, 1), 365)
    since = date(today.year, 1, 1)
    days = (today - since).days
    if since.year > YEAR and days > _SETTLED_DAYS:
        past += _past(spots, users, seed, count * days // 365, since, days)
    written = services.load_alerts(past=past, by=by)
    return written, _raise_today(spots, users, by)


def _spots() -> dict[str, list[_Spot]]:
    """Devices by kind; homes and persons where a city has no devices of a kind."""
    found: dict[str, list[_Spot]] = {"": []}
    rows = Device.objects.order_by("pk").values_list("profile__kind", "uid", "place_key", "person_id", "institution_id")
    for kind, uid, place_key, person, home in rows.iterator():
        found.setdefault(kind, []).append(_Spot("device", uid, place_key, person, home))
    homes = Institution.objects.filter(kind__in=HOMES, closed_on__isnull=True).order_by("pk")
    for pk, uid, place_key in homes.values_list("pk", "uid", "place_key"):
        found[""].append(_Spot("institution", uid, place_key, None, pk))
    alone = Person.objects.living().filter(living_arrangement="alone").order_by("pk")
    for pk, uid, place_key in alone.values_list("pk", "uid", "place_key")[:4000]:
        found[""].append(_Spot("person", uid, place_key, pk, None))
    return found


def _past(
    spots: dict[str, list[_Spot]], users: dict[str, User], seed: int, count: int, first: date, days: int
) -> list[PastAlert]:
    """Alerts of some days, in no order of time but each with its own; the last days are left to settle."""
    draws = draws_for(seed, f"alerts {first.year}", np.arange(count))
    habit = draws.choice("rule", [one.weight for one in _HABITS])
    minute = draws.below("minute", (days - _SETTLED_DAYS) * 24 * 60)
    answer = np.exp(draws.normal("answer") * 0.8)
    where, is_false, cause = draws.unit("where"), draws.unit("false"), draws.below("cause", 60)
    begin = start_of(first)
    resolver, verifier = users["township_clerk"].uid, users["county_clerk"].uid
    made = []
    for n in range(count):
        one = _HABITS[habit[n]]
        among = spots.get(one.kind) or spots[""]
        spot = among[int(where[n] * len(among))]
        onset = begin + timedelta(minutes=int(minute[n]))
        false = is_false[n] < one.false
        why = one.causes[cause[n] % len(one.causes)] if false else ""
        made.append(_dealt_with(one, spot, onset, float(answer[n]), why, UUID(str(resolver)), UUID(str(verifier))))
    return made


def _dealt_with(
    habit: _Habit, spot: _Spot, onset: datetime, slow: float, cause: str, resolver: UUID, verifier: UUID
) -> PastAlert:
    """One alert of the past, answered in time or not: `slow` is 1 for the usual pace."""
    usual, allowed = ((900, 4320), (95, 240), (14, 30), (2.4, 5))[habit.level]
    detected = onset + timedelta(seconds=20)
    acknowledged = detected + timedelta(minutes=usual * slow)
    there = acknowledged + timedelta(minutes=(700, 200, 40, 14)[habit.level] * slow)
    solved = there + timedelta(minutes=25 + 20 * slow)
    return PastAlert(
        rule=habit.rule, level=habit.level, subject_kind=spot.subject_kind, subject_uid=spot.uid,
        place_key=spot.place_key, onset=onset, detected_at=detected, acknowledged_at=acknowledged,
        in_time=usual * slow <= allowed, on_site_at=None if cause and habit.level < 2 else there, resolved_at=solved,
        closed_at=solved + timedelta(hours=20), resolver=resolver, verifier=verifier, cause=cause,
        person_id=spot.person_id, institution_id=spot.institution_id,
    )  # fmt: skip


def _raise_today(spots: dict[str, list[_Spot]], users: dict[str, User], by: Actor) -> int:
    """Raise, answer, and date back to when it happened, so that some are late."""
    kinds = {habit.rule: habit.kind for habit in _HABITS}
    homes, people = ([one for one in spots[""] if one.subject_kind == k] for k in ("institution", "person"))
    steps = cycle((7, 31, 113, 257))
    for n, (rule, level, minutes, done) in enumerate(_TODAY):
        among = spots.get(kinds.get(rule, "")) or (homes if n % 2 == 0 else people) or homes
        spot = among[(n * next(steps)) % len(among)]
        onset = now() - timedelta(minutes=minutes)
        alert = services.raise_alert(finding=_finding(rule, level, spot, onset), by=by)
        if alert is not None:
            _answer(alert, done, users, by)
            _date_back(alert, timedelta(minutes=minutes))
    return Alert.objects.unclosed().count()


def _finding(rule: str, level: int, spot: _Spot, onset: datetime) -> Finding:
    persons = Person.objects.filter(pk=spot.person_id or 0)
    homes = Institution.objects.filter(pk=spot.institution_id or 0)
    person, home = (found.values_list("uid", flat=True).first() for found in (persons, homes))
    return Finding(
        rule=rule, level=level, subject_kind=spot.subject_kind, subject_uid=spot.uid, place_key=spot.place_key,
        onset=onset, at=onset, person_uid=person, institution_uid=home,
        evidence=tuple(_gas_readings(onset)) if rule == "gas" else (),
    )  # fmt: skip


def _gas_readings(onset: datetime) -> list[dict[str, Any]]:
    """A minute apart, with a gap, the onset at the first value above the limit."""
    first = next(n for n, value in enumerate(_GAS) if value is not None and value >= 10)
    return [
        {"metric": "gas", "unit": "%LEL", "value": value, "at": (onset + timedelta(minutes=n - first)).isoformat()}
        for n, value in enumerate(_GAS)
        if value is not None
    ]


def _answer(alert: Alert, done: str, users: dict[str, User], by: Actor) -> None:
    """What has been done about it so far."""
    if done == "acknowledged":
        services.acknowledge_alert(uid=alert.uid, by=by)
    elif done == "sent":
        services.dispatch_alert(uid=alert.uid, by=by, note="村医已出发")
    elif done in ("there", "resolved"):
        services.arrive(uid=alert.uid, by=by)
        if done == "resolved":
            services.resolve_alert(uid=alert.uid, by=by, note="已到场查看，老人平安。")


def _date_back(alert: Alert, ago: timedelta) -> None:
    """It was raised when it happened, and its clock has run since."""
    Alert.objects.filter(pk=alert.pk).update(
        detected_at=F("detected_at") - ago, due_at=F("due_at") - ago, acknowledged_at=F("acknowledged_at") - ago / 2
    )
    alert.steps.update(at=F("at") - ago)
    waiting = WorkItem.objects.open().filter(subject_kind="alert", subject_uid=alert.uid)
    waiting.update(opened_at=F("opened_at") - ago, due_at=F("due_at") - ago, climbs_at=F("climbs_at") - ago)
