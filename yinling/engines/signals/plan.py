"""Rules laid over a register, as columns. Built when either changes; `step` only reads it.

An *atom* is one test of one rule; a *lane* is an atom on one channel (or, after all the others, the outcome of a
composite for one subject); a *slot* is a rule about one subject and holds its alert; a *node* is one composite.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from yinling.engines.signals.columns import NEVER, Bools, Floats, Index, Int32, Int64
from yinling.engines.signals.conditions import Composite, Fence
from yinling.engines.signals.register import Register
from yinling.engines.signals.rules import Rule
from yinling.engines.signals.windows import Timetable

KINDS = ("value", "rate", "fence", "baseline", "changes", "clock", "silence")
VALUE, RATE, FENCE, BASELINE, CHANGES, CLOCK, SILENCE = range(len(KINDS))


@dataclass(frozen=True)
class Atoms:
    """Settings by atom (a,); those of a side at 2 * atom (raising) and 2 * atom + 1 (clearing)."""

    kind: NDArray[np.int8]
    schedule: NDArray[np.int16]  # row of the timetable, -1 always
    over_ms: Int64
    per_ms: Int64
    count: Int32
    quiet_start: Int32
    memory: Int32
    floor: Floats
    fences: tuple[Fence | None, ...]
    reset_after: Int64  # a gap of this length starts the counting anew; NEVER
    gap_policy: NDArray[np.int8]  # of a gap's own atom: 0 hold, 1 reset, 2 raise
    lowest: Floats
    highest: Floats
    outside: Bools
    need: NDArray[np.uint8]
    mask: NDArray[np.uint32]
    lasting: Int64

    def hits(self, side: Index, x: Floats) -> Bools:
        """Does each number lie in the band of its side? NaN lies in none, and outside of every one."""
        return ((x >= self.lowest.take(side)) & (x <= self.highest.take(side))) != self.outside.take(side)


@dataclass(frozen=True)
class Lanes:
    """Columns by lane. The first `split` lanes stand on channels, the others on nodes' outcomes."""

    split: int
    atom: NDArray[np.int16]
    channel: Int32  # -1 for an outcome
    slot: Int32
    level: NDArray[np.int8]
    leaf: Int32  # where a composite counts this lane; -1 for a lane that is an alert itself
    mark: Int32  # row of the times at which a counted device fired; -1
    target: Int32  # the lane whose gap this lane watches; -1
    extra: Int32  # row in the table of its measure
    silent: Bools  # lit by ticks alone: absence and gaps
    vital: Bools  # never suppressed
    scheduled: Bools
    consent: NDArray[np.int8]  # row of `Plan.consents`, -1 none needed
    identity: NDArray[np.uint64]  # the same in the next plan, if rule and channel are


@dataclass(frozen=True)
class Node:
    """One composite of one level of one rule, over the `size` slots of the rule.

    Leaf j of subject i is row `leaf_base + j * size + i`; the outcome of subject i is row `base + i`.
    """

    condition: Composite
    rule: int
    base: int
    size: int
    leaf_base: int
    leaves: int
    need: Int32  # (size,) devices that a COUNT needs
    first_member: Int64  # (size + 1,) ranges in `members`: rows of marks, by subject (COUNT within a time)
    members: Int32


@dataclass(frozen=True)
class Plan:
    """Everything `step` needs to know about rules and register."""

    rules: tuple[Rule, ...]
    register: Register
    atoms: Atoms
    lanes: Lanes
    nodes: tuple[Node, ...]
    first_lane: Int64  # (c + 1,) ranges in `lane_of`, by channel: lanes that test readings
    lane_of: Index
    first_watch: Int64  # (c + 1,) ranges in `watch_of`, by channel: lanes that watch silence
    watch_of: Index
    quiet_lowest: Floats  # (c,) a value between these changes nothing on an idle channel
    quiet_highest: Floats
    channel_vital: Bools
    timetable: Timetable
    slot_rule: NDArray[np.int16]
    slot_subject: Int64
    slot_base: Int64  # (rules + 1,) ranges of slots, by rule
    remind_ms: Int64  # by rule
    consents: tuple[str, ...]
    sizes: tuple[int, ...]  # rows of the tables by kind of measure
    vital_rows: int
    mark_rows: int
    fence_points: tuple[Floats, Floats, Floats]  # latitude, longitude, metres per degree east; by fence row
    ahead_ms: int = 120_000  # a reading further ahead of the clock is dated at its arrival
    special: tuple[int, ...] = ()  # kinds of measure in use that are not the plain value

    @cached_property
    def first_reset(self) -> int:
        """The shortest gap after which any counting starts anew, NEVER where none does."""
        return int(self.atoms.reset_after.min(initial=NEVER))

    @property
    def outcomes(self) -> int:
        """How many composites times subjects there are."""
        return len(self.lanes.atom) - self.lanes.split

    @property
    def leaf_rows(self) -> int:
        return sum(node.leaves * node.size for node in self.nodes)
