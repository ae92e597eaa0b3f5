"""From a reading to the number that is tested. Lanes are distinct within a call; NaN means no verdict."""

import numpy as np
from numpy.typing import NDArray

from yinling.engines.signals.columns import NONE, Floats, Index
from yinling.engines.signals.fences import beyond_circle, beyond_polygon
from yinling.engines.signals.intake import Round
from yinling.engines.signals.plan import BASELINE, CHANGES, CLOCK, RATE, Plan
from yinling.engines.signals.state import HOURS, State

HOUR_MS = 3_600_000
MOST_DEVIATIONS = 3.0  # a reading further away moves the habit only as far as this


def measured(plan: Plan, state: State, r: Round, atom: Index) -> Floats:
    """The tested number of each reading, by the measure of its lane."""
    kind = plan.atoms.kind[atom]
    if not plan.special or not kind.any():
        return r.value
    x = r.value.copy()
    for special in plan.special:
        rows = np.flatnonzero(kind == special)
        if len(rows):
            x[rows] = _special(plan, state, special, r.rows(rows), atom[rows])
    return x


def _special(plan: Plan, state: State, kind: int, r: Round, atom: Index) -> Floats:
    """One measure for all of its readings."""
    if kind == RATE:
        return _rate(plan, state, r, atom)
    if kind == BASELINE:
        return _baseline(plan, state, r, atom)
    if kind == CHANGES:
        return _changes(plan, state, r, atom)
    taken = r.taken
    if kind == CLOCK:
        ahead = None if taken is None or taken.ahead_ms is None else taken.ahead_ms[taken.source[r.of]]
        return np.zeros(len(r.at)) if ahead is None else ahead / 1000
    if taken is None or taken.second is None:
        return np.full(len(r.at), np.nan)
    return _fence(plan, r.lane, atom, r.value, taken.second[taken.source[r.of]])


def _rate(plan: Plan, state: State, r: Round, atom: Index) -> Floats:
    """Change per `per_ms` since the anchor; a reading `over_ms` or more after the anchor is the next anchor."""
    row, at, value = plan.lanes.extra[r.lane], r.at, r.value
    anchor_at = state.rate_at[row]
    passed = at - anchor_at
    ripe = passed >= plan.atoms.over_ms[atom]
    x = (value - state.rate_value[row]) / passed * plan.atoms.per_ms[atom]
    state.rate_value[row[ripe]] = value[ripe]
    state.rate_at[row[ripe]] = at[ripe]
    return np.where(ripe & (anchor_at != NONE), x, np.nan)


def _baseline(plan: Plan, state: State, r: Round, atom: Index) -> Floats:
    """Signed distance from the habit of this hour, in mean deviations; then the habit learns, little from far away."""
    row, at, value = plan.lanes.extra[r.lane], r.at, r.value
    hour = (at + plan.register.utc_offset * 60_000) // HOUR_MS % 24
    place = row * HOURS + hour
    habits, spreads, counts = state.habit.reshape(-1), state.spread.reshape(-1), state.learnt.reshape(-1)
    habit, spread, learnt = habits.take(place), spreads.take(place), counts.take(place)
    unit = np.maximum(spread, plan.atoms.floor[atom])
    known = learnt >= plan.atoms.quiet_start[atom]
    pull = value - habit
    x = np.where(known, pull / unit, np.nan)
    pull = np.where(known, np.clip(pull, -MOST_DEVIATIONS * unit, MOST_DEVIATIONS * unit), pull)
    share = 1.0 / (np.minimum(learnt, plan.atoms.memory[atom] - 1) + 1.0)
    habits[place] = habit + share * pull
    spreads[place] = np.where(learnt == 0, 0.0, spread + share * (np.abs(pull) - spread))
    counts[place] = learnt + 1
    return x


def _changes(plan: Plan, state: State, r: Round, atom: Index) -> Floats:
    """1 where the last `count` changes lie within `over_ms`, this reading's included."""
    row, at, value = plan.lanes.extra[r.lane], r.at, r.value
    last = state.last_value[row]
    changed = np.flatnonzero((last == last) & (last != value))
    state.last_value[row] = value
    many, changed_row = plan.atoms.count[atom], row[changed]
    place = state.changed_next[changed_row]
    state.changed_at[changed_row, place] = at[changed]
    state.changed_next[changed_row] = (place + 1) % many[changed]
    oldest = state.changed_at[row, state.changed_next[row]]
    return (at - oldest <= plan.atoms.over_ms[atom]).astype(np.float64)


def _fence(plan: Plan, lane: Index, atom: Index, latitude: Floats, longitude: Floats) -> Floats:
    """Metres beyond the fence of each lane."""
    row = plan.lanes.extra[lane]
    north, east, east_m = (column[row] for column in plan.fence_points)
    radius = np.array([0.0 if fence is None else fence.radius_m for fence in plan.atoms.fences])
    x = beyond_circle(latitude, longitude, (north, east), east_m, radius[atom])
    for number in np.unique(atom):
        fence = plan.atoms.fences[number]
        if fence is not None and fence.corners:
            own: NDArray[np.bool_] = atom == number
            x[own] = beyond_polygon(latitude[own], longitude[own], fence)
    return x
