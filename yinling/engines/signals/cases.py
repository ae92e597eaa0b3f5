"""The tests beside a rule: readings in, alerts out, in words that a policy officer can read.

    tests:
      - case: open for ten minutes at night
        devices: {front: {kind: door, household: 1}}   # default: one device `it`, kind `device`, 1 for every scope
        readings: [{at: "22:20", open: 1}, {at: "22:50", from: front, open: 0}]
        until: "23:30"
        expect: [{at: "22:40", event: raised, level: yellow}, {at: "22:50", event: cleared}]

Times are local, "22:20" or "22:20:30", on Monday 1 June 2026; "+1 06:00" is the day after. `arrives` delays a reading.
A position is `position: [latitude, longitude]`; `home: [latitude, longitude]` of a device is the person's own point.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from yinling.engines.signals.planning import plan_for
from yinling.engines.signals.register import Readings, Register
from yinling.engines.signals.rules import Rule, Scope
from yinling.engines.signals.state import new_state
from yinling.engines.signals.stepping import step
from yinling.engines.signals.trying import Told, told

MONDAY = 1_780_243_200_000  # 1 June 2026, 00:00 in the city
MINUTE, DAY = 60_000, 86_400_000
OWN_WORDS = ("at", "arrives", "from")


def why_case_fails(rule: Rule, case: Mapping[str, Any]) -> str | None:
    """What the case expects and what the rule does instead; None where they agree. `expect` may leave words out."""
    happened = run_case(rule, case)
    expected = [dict(each) for each in case.get("expect", ())]
    found = [_in_words(event) for event in happened]
    agrees = len(found) == len(expected) and all(
        all(_plain(word, value) == have.get(word) for word, value in each.items())
        for each, have in zip(expected, found, strict=True)
    )
    if agrees:
        return None
    return f"{rule.key}, {case.get('case', 'unnamed case')}: expected {expected or 'nothing'}, got {found or 'nothing'}"


def run_case(rule: Rule, case: Mapping[str, Any]) -> list[Told]:
    """The events of one case, with a tick every ten seconds."""
    devices: Mapping[str, Any] = case.get("devices") or {"it": {}}
    register = _register(rule, devices)
    rows = sorted(_rows(register, list(devices), case.get("readings", ())), key=lambda row: row[0])
    plan = plan_for((rule,), register)
    begin = min([row[0] for row in rows], default=MONDAY) - MINUTE
    end = instant(case["until"]) if "until" in case else max([row[0] for row in rows], default=MONDAY) + MINUTE
    state, events = new_state(plan, begin), []
    for now in range(begin, end + 1, 10_000):
        arrived = [row for row in rows if now - 10_000 < row[0] <= now]
        state, alerts = step(state, _batch(arrived), plan, now)
        events += told(plan, alerts)
    return events


def instant(words: object) -> int:
    """Epoch ms of "22:20", "22:20:30" or "+1 06:00"."""
    day, _, clock = str(words).rpartition(" ")
    parts = [int(part) for part in clock.split(":")]
    if len(parts) == 1:  # YAML reads an unquoted 22:20 as 1340
        parts = [parts[0] // 60, parts[0] % 60]
    hour, minute, second = (*parts, 0)[:3]
    return MONDAY + int(day or 0) * DAY + (hour * 3600 + minute * 60 + second) * 1000


def _register(rule: Rule, devices: Mapping[str, Any]) -> Register:
    metrics = tuple(sorted(rule.metrics))
    kinds = tuple(sorted({str(words.get("kind", _kind_for(rule))) for words in devices.values()}))
    size, many = len(devices), len(metrics)
    homes = [words.get("home", (np.nan, np.nan)) for words in devices.values()]
    given = [words.get("consent", True) for words in devices.values()]
    return Register(
        device_id=np.arange(size) + 1,
        device_kind=np.array([kinds.index(str(w.get("kind", _kind_for(rule)))) for w in devices.values()], np.int16),
        kinds=kinds,
        metrics=metrics,
        channel_device=np.repeat(np.arange(size, dtype=np.int32), many),
        channel_metric=np.tile(np.arange(many, dtype=np.int16), size),
        subjects={
            scope: np.array([words.get(str(scope), 1) for words in devices.values()], np.int64)
            for scope in Scope
            if scope is not Scope.DEVICE
        },
        latitude=np.array([home[0] for home in homes], np.float64),
        longitude=np.array([home[1] for home in homes], np.float64),
        consents={} if rule.consent is None else {rule.consent: np.array(given, np.bool_)},
    )


def _kind_for(rule: Rule) -> str:
    return next((kind for atom in rule.atoms for kind in atom.devices), "device")


def _rows(
    register: Register, names: list[str], readings: Sequence[Mapping[str, Any]]
) -> list[tuple[int, int, int, float, float]]:
    """(arrival, channel, time, value, second) of every value of every reading."""
    rows = []
    for reading in readings:
        at, device = instant(reading["at"]), names.index(reading.get("from", names[0]))
        arrives = instant(reading["arrives"]) if "arrives" in reading else at
        for word, value in reading.items():
            if word not in OWN_WORDS:
                channel = device * len(register.metrics) + register.metrics.index(word)
                first, second = value if isinstance(value, list) else (value, np.nan)
                rows.append((arrives, channel, at, float(first), float(second)))
    return rows


def _batch(rows: list[tuple[int, int, int, float, float]]) -> Readings:
    columns: list[Any] = list(zip(*rows, strict=True)) if rows else [()] * 5
    return Readings(
        np.array(columns[1], np.int32),
        np.array(columns[2], np.int64),
        np.array(columns[3], np.float64),
        np.array(columns[4], np.float64),
    )


def _in_words(event: Told) -> dict[str, Any]:
    return {
        "at": event.at, "event": event.event, "level": event.level.name.lower(), "subject": event.subject,
        "late": event.late, "onset": event.onset,
    }  # fmt: skip


def _plain(word: str, value: Any) -> Any:
    return instant(value) if word in ("at", "onset") else value
