"""What people and the register change in a running state: closing alerts, consent, outages, new rules and devices."""

import numpy as np

from yinling.engines.signals.alerting import STOPPED, Alerts, no_alerts, reset_slots
from yinling.engines.signals.columns import NEVER, NONE, Bools, Index, Int64
from yinling.engines.signals.lanes import matures
from yinling.engines.signals.plan import BASELINE, CHANGES, RATE, Plan
from yinling.engines.signals.state import State, mark_busy, new_state, set_due

BY_LANE = ("on", "bits", "since")
BY_SLOT = ("onset", "told_at", "gap_at")
BY_OUTCOME = ("truth", "done_at", "judged_at")
BY_LEAF = ("lit_at", "start_at")
BY_MEASURE = {
    RATE: ("rate_value", "rate_at"),
    CHANGES: ("last_value", "changed_at", "changed_next"),
    BASELINE: ("habit", "spread", "learnt"),
}


def release(plan: Plan, state: State, slot: Index, now: int) -> State:
    """People have closed these alerts: what raised them may raise again, with an onset of its own."""
    closed = np.zeros(len(plan.slot_rule), np.bool_)
    closed[slot] = True
    own = closed[plan.lanes.slot] & (plan.lanes.leaf < 0) & (plan.lanes.target < 0)
    _put_out(plan, state, np.flatnonzero(own), now)
    reset_slots(state, slot)
    return state


def consent(plan: Plan, state: State, name: str, device: Index, given: Bools, now: int) -> tuple[State, Alerts]:
    """Consent `name` given or withdrawn for some devices (rows of the register).

    Withdrawn, evaluation ends at once: what was learnt is forgotten, and alerts with no other cause are stopped.
    """
    if name not in plan.consents:
        return state, no_alerts()
    on_device = np.full(len(plan.register.device_id), -1, np.int8)
    on_device[device] = given
    lanes = np.flatnonzero((plan.lanes.consent == plan.consents.index(name)) & (plan.lanes.channel >= 0))
    wanted = on_device[plan.register.channel_device[plan.lanes.channel[lanes]]]
    state, stopped = _end(plan, state, lanes[wanted == 0], now)
    begins = lanes[wanted == 1]
    state.live[begins] = 1
    waking = begins[plan.lanes.silent[begins]]
    state.since[waking] = np.maximum(state.since[waking], now)
    set_due(state, waking, matures(plan, waking, state.since[waking]))
    return state, stopped


def withdraw(plan: Plan, state: State, name: str, device: Index, channel: Index, now: int) -> tuple[State, Alerts]:
    """Consent `name` withdrawn for devices (rows of the register), without which these channels of theirs may not be
    judged by any rule. As `consent`, for whatever hangs on either."""
    lanes = plan.lanes
    ends = np.isin(lanes.channel[: lanes.split], channel)
    if name in plan.consents:
        row, on_device = plan.consents.index(name), np.zeros(len(plan.register.device_id), np.bool_)
        on_device[device] = True
        own = on_device[plan.register.channel_device[lanes.channel[: lanes.split]]]
        ends |= (lanes.consent[: lanes.split] == row) & own
    return _end(plan, state, np.flatnonzero(ends), now)


def _end(plan: Plan, state: State, ends: Index, now: int) -> tuple[State, Alerts]:
    """These lanes are judged no more; what they learnt is forgotten, alerts with no other cause are stopped."""
    before = state.held.any(axis=1)
    _put_out(plan, state, ends, now)
    _forget_outcomes(plan, state, ends, now)
    state.live[ends] = 0
    set_due(state, ends, np.full(len(ends), NEVER))
    _forget(plan, state, ends)
    return state, _stopped(state, np.flatnonzero(before & ~state.held.any(axis=1)), now)


def listen_from(state: State, at: int) -> State:
    """After an outage in which readings were lost: silence is counted from `at` at the earliest."""
    state.listening[0] = max(int(state.listening[0]), at)
    return state


def carry(old: Plan, state: State, new: Plan, now: int) -> tuple[State, Alerts]:
    """The state under changed rules or a changed register: whatever is unchanged goes on as it was.

    Alerts of what is no longer watched are stopped; their slots are those of the old plan.
    """
    fresh = new_state(new, now)
    lane, was = _same(new.lanes.identity, old.lanes.identity)
    for name in BY_LANE:
        getattr(fresh, name)[lane] = getattr(state, name)[was]
    dead = fresh.live[lane] == 0
    unknown = np.ones(len(new.lanes.atom), np.bool_)
    unknown[lane] = False
    fresh.since[unknown & new.lanes.silent] = now
    set_due(fresh, lane, np.where(dead, NEVER, state.due[was]))
    _carry_tables(old, state, new, fresh, lane, was)
    _carry_channels(old, state, new, fresh)
    _carry_outcomes(old, state, new, fresh, lane, was)
    fresh.listening[:], fresh.counts[:] = state.listening, state.counts
    gone = lane[dead & (fresh.on[lane] != 0)]
    fresh.on[gone], fresh.bits[gone], fresh.since[gone] = 0, 0, NONE
    _count_again(new, fresh)
    kept, slot = _carry_slots(old, state, new, fresh)
    mark_busy(new, fresh, np.arange(len(new.lanes.atom)))
    lost = np.logical_or.reduce(state.held != 0, axis=1)
    lost[slot[fresh.held[kept].any(axis=1)]] = False
    return fresh, _stopped(state, np.flatnonzero(lost), now)


def _put_out(plan: Plan, state: State, lane: Index, now: int) -> None:
    """These lanes are off and have seen nothing."""
    lit = lane[state.on[lane] != 0]
    told = lit[(plan.lanes.leaf[lit] < 0) & (plan.lanes.target[lit] < 0)]
    parts = lit[plan.lanes.leaf[lit] >= 0]
    np.subtract.at(state.held, (plan.lanes.slot[told], plan.lanes.level[told]), 1)
    np.subtract.at(state.lit, plan.lanes.leaf[parts], 1)
    silent = plan.lanes.silent[lane]
    state.on[lane], state.bits[lane] = 0, 0
    state.since[lane] = np.where(silent, now, NONE)
    set_due(state, lane, np.where(silent, matures(plan, lane, np.full(len(lane), now)), NEVER))


def _forget(plan: Plan, state: State, lane: Index) -> None:
    """Habits and anchors of these lanes."""
    kind, row = plan.atoms.kind[plan.lanes.atom[lane]], plan.lanes.extra[lane]
    habits = row[kind == BASELINE]
    state.habit[habits], state.spread[habits], state.learnt[habits] = 0.0, 0.0, 0
    state.rate_at[row[kind == RATE]] = NONE
    state.last_value[row[kind == CHANGES]] = np.nan
    state.changed_at[row[kind == CHANGES]] = NONE


def _forget_outcomes(plan: Plan, state: State, lane: Index, now: int) -> None:
    """Composites that these lanes were part of are not true any more."""
    touched = np.zeros(len(plan.slot_rule), np.bool_)
    touched[plan.lanes.slot[lane]] = True
    outcome = np.flatnonzero(touched[plan.lanes.slot[plan.lanes.split :]])
    _put_out(plan, state, outcome + plan.lanes.split, now)
    state.truth[outcome], state.done_at[outcome] = 0, NONE


def _same(new: np.ndarray, old: np.ndarray) -> tuple[Index, Index]:
    """Rows of the new column and rows of the old one that hold the same name."""
    _, here, there = np.intersect1d(new, old, return_indices=True)
    return here, there


def _carry_tables(old: Plan, state: State, new: Plan, fresh: State, lane: Index, was: Index) -> None:
    row, before = new.lanes.extra[lane], old.lanes.extra[was]
    kind = new.atoms.kind[new.lanes.atom[lane]]
    for measure, names in BY_MEASURE.items():
        own = kind == measure
        for name in names:
            getattr(fresh, name)[row[own]] = getattr(state, name)[before[own]]
    vital = new.lanes.vital[lane] & old.lanes.vital[was]
    fresh.raised_at[row[vital]] = state.raised_at[before[vital]]
    mark, marked = new.lanes.mark[lane], old.lanes.mark[was]
    counted = (mark >= 0) & (marked >= 0)
    fresh.fired_at[mark[counted]] = state.fired_at[marked[counted]]


def _carry_channels(old: Plan, state: State, new: Plan, fresh: State) -> None:
    metrics = {name: i for i, name in enumerate(dict.fromkeys([*old.register.metrics, *new.register.metrics]))}

    def named(plan: Plan) -> Int64:
        register = plan.register
        number = np.array([metrics[name] for name in register.metrics], np.int64)
        device = register.device_id[register.channel_device]
        return device * len(metrics) + number[register.channel_metric]

    here, there = _same(named(new), named(old))
    fresh.seen[here] = state.seen[there]


def _carry_outcomes(old: Plan, state: State, new: Plan, fresh: State, lane: Index, was: Index) -> None:
    outcome = np.flatnonzero(lane >= new.lanes.split)
    row, before = lane[outcome] - new.lanes.split, was[outcome] - old.lanes.split
    for name in BY_OUTCOME:
        getattr(fresh, name)[row] = getattr(state, name)[before]
    for node in new.nodes:
        own = np.flatnonzero((row >= node.base) & (row < node.base + node.size))
        for other in old.nodes:
            same = own[(before[own] >= other.base) & (before[own] < other.base + other.size)]
            for j in range(node.leaves if len(same) else 0):
                here = node.leaf_base + j * node.size + row[same] - node.base
                there = other.leaf_base + j * other.size + before[same] - other.base
                for name in BY_LEAF:
                    getattr(fresh, name)[here] = getattr(state, name)[there]


def _count_again(plan: Plan, state: State) -> None:
    """Lit leaves and held levels, from the lanes that are on."""
    lit = np.flatnonzero(state.on)
    part = plan.lanes.leaf[lit]
    np.add.at(state.lit, part[part >= 0], 1)
    told = lit[(part < 0) & (plan.lanes.target[lit] < 0)]
    np.add.at(state.held, (plan.lanes.slot[told], plan.lanes.level[told]), 1)


def _carry_slots(old: Plan, state: State, new: Plan, fresh: State) -> tuple[Index, Index]:
    """Copies what is known of alerts; (new slots, old slots) of the same rule and subject."""
    kept, were = [np.empty(0, np.intp)], [np.empty(0, np.intp)]
    scopes = {rule.key: (number, rule.scope) for number, rule in enumerate(old.rules)}
    for number, rule in enumerate(new.rules):
        before, scope = scopes.get(rule.key, (-1, None))
        if scope is not rule.scope:
            continue
        first, first_before = new.slot_base[number], old.slot_base[before]
        subjects = new.slot_subject[first : new.slot_base[number + 1]]
        here, there = _same(subjects, old.slot_subject[first_before : old.slot_base[before + 1]])
        kept.append(here + first)
        were.append(there + first_before)
    slot, was = np.concatenate(kept), np.concatenate(were)
    for name in BY_SLOT:
        getattr(fresh, name)[slot] = getattr(state, name)[was]
    return slot, was


def _stopped(state: State, slot: Index, now: int) -> Alerts:
    size = len(slot)
    level = np.where(state.held[slot].any(axis=1), 3 - np.argmax(state.held[slot][:, ::-1] > 0, axis=1), 0)
    return Alerts(
        np.full(size, STOPPED, np.int8),
        slot.astype(np.int32),
        level.astype(np.int8),
        np.full(size, now, np.int64),
        state.onset[slot],
        np.full(size, -1, np.int32),
        np.full(size, np.nan),
        np.zeros(size, np.bool_),
    )
