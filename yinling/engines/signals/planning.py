"""Lays rules over a register: one pass over the rules, whole columns at a time."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from math import inf
from typing import Any

import numpy as np

from yinling.engines.signals.atoms import AtomTable
from yinling.engines.signals.columns import Index, Int64, ordered_by
from yinling.engines.signals.conditions import Atom, Band, Composite, Joint, Measure, Measured, Side
from yinling.engines.signals.fences import east_m_per_degree
from yinling.engines.signals.plan import BASELINE, CHANGES, FENCE, KINDS, RATE, VALUE, Lanes, Node, Plan
from yinling.engines.signals.register import Register
from yinling.engines.signals.rules import LevelRule, Rule, Scope
from yinling.engines.signals.windows import timetable

LANE_TYPES: dict[str, Any] = {
    "atom": np.int16, "channel": np.int32, "slot": np.int32, "level": np.int8, "leaf": np.int32, "mark": np.int32,
    "target": np.int32, "extra": np.int32, "silent": np.bool_, "vital": np.bool_, "scheduled": np.bool_,
    "consent": np.int8, "identity": np.uint64,
}  # fmt: skip
DEFAULTS: dict[str, Any] = {
    "leaf": -1,
    "mark": -1,
    "target": -1,
    "extra": -1,
    "channel": -1,
    "silent": False,
    "vital": False,
}


@dataclass
class _Draft:
    """Columns as they grow. `outcomes` holds the lanes that come after all the others."""

    register: Register
    atoms: AtomTable
    lanes: list[dict[str, Any]] = field(default_factory=list)
    outcomes: list[dict[str, Any]] = field(default_factory=list)
    nodes: list[Node] = field(default_factory=list)
    slot_rule: list[Index] = field(default_factory=list)
    slot_subject: list[Int64] = field(default_factory=list)
    slot_base: list[int] = field(default_factory=lambda: [0])
    consents: list[str] = field(default_factory=list)
    rows: dict[int, int] = field(default_factory=lambda: dict.fromkeys(range(len(KINDS)), 0))
    vital_rows: int = 0
    mark_rows: int = 0
    lane_count: int = 0
    leaf_count: int = 0
    outcome_count: int = 0
    fence_rows: list[tuple[int, Index]] = field(default_factory=list)


@dataclass(frozen=True)
class _Place:
    """Where an atom's lanes go: the rule's number, its slots, the level, and the leaf they feed."""

    rule: Rule
    number: int
    level: int
    ids: Int64
    first_slot: int
    consent: int
    leaf: int = -1  # first row of the leaf
    part: int = -1  # which leaf
    counted: bool = False


def plan_for(rules: Sequence[Rule], register: Register) -> Plan:
    """The plan of these rules (those about areas are left to `areas`) for this register."""
    chosen = tuple(rule for rule in rules if rule.scope is not Scope.AREA)
    draft = _Draft(register, AtomTable())
    for number, rule in enumerate(chosen):
        _add_rule(draft, number, rule)
    return _finished(draft, chosen)


def _add_rule(draft: _Draft, number: int, rule: Rule) -> None:
    register = draft.register
    subject_of = register.subject_ids(rule.scope)[register.channel_device]
    found = [_matching(register, atom, subject_of) for atom in rule.atoms]
    ids = np.unique(np.concatenate([subject_of[channels] for channels in found] or [np.empty(0, np.int64)]))
    first = draft.slot_base[-1]
    draft.slot_base.append(first + len(ids))
    draft.slot_rule.append(np.full(len(ids), number))
    draft.slot_subject.append(ids)
    consent = -1
    if rule.consent is not None:
        draft.consents = list(dict.fromkeys([*draft.consents, rule.consent]))
        consent = draft.consents.index(rule.consent)
    schedule = draft.atoms.schedule(rule.schedule)
    for level in rule.levels:
        place = _Place(rule, number, int(level.level), ids, first, consent)
        if isinstance(level.condition, Atom):
            _add_lanes(draft, place, level.condition, subject_of, schedule)
        elif isinstance(level.condition, Composite):
            _add_node(draft, place, level, subject_of, schedule)


def _matching(register: Register, atom: Atom, subject_of: Int64) -> Index:
    channels = register.channels(atom.metric, atom.devices)
    return channels[subject_of[channels] >= 0]


def _add_lanes(draft: _Draft, place: _Place, atom: Atom, subject_of: Int64, schedule: int) -> tuple[Index, Index]:
    """One lane per matching channel, and one more per lane that watches its gaps. (subject, mark) by lane."""
    rule, channels = place.rule, _matching(draft.register, atom, subject_of)
    local = np.searchsorted(place.ids, subject_of[channels])
    size, first = len(channels), draft.lane_count
    number = draft.atoms.add(atom, schedule, rule.gap)
    kind = int(draft.atoms.kind[number])
    vital = rule.never_suppressed
    marks = draft.mark_rows + np.arange(size) if place.counted else np.full(size, -1)
    draft.mark_rows += size if place.counted else 0
    named = f"{rule.key}/{rule.scope}/{place.level}/{place.part}/{atom}/{rule.gap}/{rule.schedule}"
    common = {"slot": place.first_slot + local, "level": place.level, "channel": channels, "consent": place.consent}
    _append(draft, size, common | {
        "atom": number, "leaf": place.leaf + local if place.leaf >= 0 else -1, "mark": marks, "vital": vital,
        "silent": atom.measured.kind is Measure.SILENCE, "scheduled": schedule >= 0,
        "extra": _extra(draft, kind, vital, size), "identity": _identity(draft.register, named, channels),
    })  # fmt: skip
    if kind == FENCE:
        draft.fence_rows.append((number, channels))
    if rule.gap is not None and atom.measured.kind is not Measure.SILENCE:
        silence = Measured(Measure.SILENCE, over_ms=rule.gap.after_ms)
        watch = Atom(
            atom.metric, atom.devices, silence, Side(Band(inf, inf), lasting_ms=rule.gap.after_ms), Side(Band())
        )
        gap = draft.atoms.add_gap(watch, rule.gap)
        named = f"gap of {named}"
        _append(draft, size, common | {
            "atom": gap, "silent": True, "scheduled": False, "target": first + np.arange(size),
            "identity": _identity(draft.register, named, channels),
        })  # fmt: skip
    return local, marks


def _extra(draft: _Draft, kind: int, vital: bool, size: int) -> Index | int:
    """Rows in the table that the measure keeps; those of vital lanes remember the last raises."""
    if kind in (RATE, FENCE, BASELINE, CHANGES):
        first = draft.rows[kind]
        draft.rows[kind] += size
        return first + np.arange(size)
    if kind == VALUE and vital:
        draft.vital_rows += size
        return draft.vital_rows - size + np.arange(size)
    return -1


def _append(draft: _Draft, size: int, columns: dict[str, Any]) -> None:
    full = DEFAULTS | columns
    draft.lanes.append({name: np.broadcast_to(full[name], size).astype(kind) for name, kind in LANE_TYPES.items()})
    draft.lane_count += size


def _identity(register: Register, named: str, channels: Index) -> np.ndarray:
    """A 64-bit name for (rule, level, test, device, metric) that the next plan gives again."""
    seed = np.uint64(int.from_bytes(hashlib.blake2b(named.encode(), digest_size=8).digest(), "big"))
    device = register.device_id[register.channel_device[channels]].astype(np.uint64)
    return _mixed(seed ^ _mixed(device))


def _mixed(x: np.ndarray) -> np.ndarray:
    """The finisher of splitmix64: neighbouring numbers end far apart."""
    with np.errstate(over="ignore"):
        x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return x ^ (x >> np.uint64(31))


def _add_node(draft: _Draft, place: _Place, level: LevelRule, subject_of: Int64, schedule: int) -> None:
    """The leaves' lanes, the node, and the lanes of its outcomes."""
    condition = level.condition
    assert isinstance(condition, Composite)
    size, leaf_base = len(place.ids), draft.leaf_count
    counted = condition.joint is Joint.COUNT and condition.within_ms > 0
    held: list[tuple[Index, Index]] = []
    for j, atom in enumerate(condition.atoms):
        at = replace(place, leaf=leaf_base + j * size, part=j, counted=counted)
        held.append(_add_lanes(draft, at, atom, subject_of, -1))
    local, marks = held[0]
    order = ordered_by(local)
    total = np.bincount(local, minlength=size)
    need = np.maximum(condition.at_least, np.ceil(condition.share * total)).astype(np.int32)
    bounds = np.concatenate([[0], np.cumsum(total)])
    members = marks[order].astype(np.int32)
    leaves = len(condition.atoms)
    draft.nodes.append(
        Node(condition, place.number, draft.outcome_count, size, leaf_base, leaves, need, bounds, members)
    )
    draft.leaf_count += leaves * size
    draft.outcome_count += size
    outcome = Atom("", (), Measured(Measure.VALUE), condition.raising, condition.clearing)
    named = f"{place.rule.key}/{place.rule.scope}/{place.level}/{condition}/{place.rule.schedule}"
    seed = np.uint64(int.from_bytes(hashlib.blake2b(named.encode(), digest_size=8).digest(), "big"))
    full = DEFAULTS | {
        "atom": draft.atoms.add(outcome, schedule, None), "slot": place.first_slot + np.arange(size),
        "level": place.level, "scheduled": schedule >= 0, "consent": place.consent,
        "identity": _mixed(seed ^ _mixed(place.ids.astype(np.uint64))),
    }  # fmt: skip
    draft.outcomes.append({name: np.broadcast_to(full[name], size).astype(kind) for name, kind in LANE_TYPES.items()})


def _finished(draft: _Draft, rules: tuple[Rule, ...]) -> Plan:
    parts = [*draft.lanes, *draft.outcomes]
    columns: dict[str, Any] = {
        name: np.concatenate([part[name] for part in parts] or [np.empty(0)]).astype(kind)
        for name, kind in LANE_TYPES.items()
    }
    lanes = Lanes(split=draft.lane_count, **columns)
    register, atoms = draft.register, draft.atoms.finished()
    on_channel = lanes.channel[: lanes.split]
    channels = len(register.channel_device)
    lowest, highest = _quiet(draft, lanes, channels)
    silent = lanes.silent[: lanes.split]
    first_lane, lane_of = _by_channel(np.flatnonzero(~silent), on_channel, channels)
    first_watch, watch_of = _by_channel(np.flatnonzero(silent), on_channel, channels)
    vital = np.zeros(channels, dtype=bool)
    vital[on_channel[lanes.vital[: lanes.split]]] = True
    return Plan(
        rules=rules,
        register=register,
        atoms=atoms,
        lanes=lanes,
        nodes=tuple(draft.nodes),
        first_lane=first_lane,
        lane_of=lane_of,
        first_watch=first_watch,
        watch_of=watch_of,
        quiet_lowest=lowest,
        quiet_highest=highest,
        channel_vital=vital,
        timetable=timetable(draft.atoms.schedules, register.utc_offset),
        slot_rule=np.concatenate(draft.slot_rule or [np.empty(0, np.intp)]).astype(np.int16),
        slot_subject=np.concatenate(draft.slot_subject or [np.empty(0, np.int64)]).astype(np.int64),
        slot_base=np.array(draft.slot_base),
        remind_ms=np.array([rule.remind_ms for rule in rules], dtype=np.int64),
        consents=tuple(draft.consents),
        sizes=tuple(draft.rows.values()),
        vital_rows=draft.vital_rows,
        mark_rows=draft.mark_rows,
        fence_points=_fence_points(draft),
        special=tuple(
            sorted({int(kind) for kind in atoms.kind} & {RATE, FENCE, BASELINE, CHANGES, KINDS.index("clock")})
        ),
    )


def _by_channel(lane: Index, on_channel: np.ndarray, channels: int) -> tuple[Int64, Index]:
    """These lanes in order of channel, and the range of each channel."""
    channel = on_channel[lane]
    return np.concatenate([[0], np.cumsum(np.bincount(channel, minlength=channels))]), lane[ordered_by(channel)]


def _quiet(draft: _Draft, lanes: Lanes, channels: int) -> tuple[np.ndarray, np.ndarray]:
    """By channel, the values that change nothing while all its lanes are idle."""
    lowest, highest = np.full(channels, -inf), np.full(channels, inf)
    first = 0
    for part in draft.lanes:
        size = len(part["atom"])
        where = lanes.channel[first : first + size]
        if size:
            low, high = draft.atoms.quiet(int(lanes.atom[first]))
            lowest[where] = np.maximum(lowest[where], low)
            highest[where] = np.minimum(highest[where], high)
        first += size
    return lowest, highest


def _fence_points(draft: _Draft) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The centre that each fence lane is measured from: the rule's, or the device's own point."""
    latitude, longitude = [np.empty(0)], [np.empty(0)]
    for number, channels in draft.fence_rows:
        fence, device = draft.atoms.fences[number], draft.register.channel_device[channels]
        centre = None if fence is None else fence.centre
        own = draft.register
        latitude.append(own.latitude[device] if centre is None else np.full(len(channels), centre[0]))
        longitude.append(own.longitude[device] if centre is None else np.full(len(channels), centre[1]))
    north = np.concatenate(latitude)
    return north, np.concatenate(longitude), east_m_per_degree(north)
