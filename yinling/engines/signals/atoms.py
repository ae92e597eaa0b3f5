"""The table of atoms while a plan is made, and the band of values in which an atom has nothing to say."""

from dataclasses import dataclass, field
from math import inf, nextafter

import numpy as np

from yinling.engines.signals.columns import NEVER
from yinling.engines.signals.conditions import Atom, Band, Fence, Measure, Measured, Side
from yinling.engines.signals.plan import CLOCK, KINDS, SILENCE, VALUE, Atoms
from yinling.engines.signals.rules import Gap, GapPolicy, Window

POLICIES = (GapPolicy.HOLD, GapPolicy.RESET, GapPolicy.RAISE)


@dataclass
class AtomTable:
    """Rows in order of number."""

    kind: list[int] = field(default_factory=list)
    measured: list[Measured] = field(default_factory=list)
    sides: list[Side] = field(default_factory=list)
    scheduled: list[int] = field(default_factory=list)
    reset_after: list[int] = field(default_factory=list)
    gap_policy: list[int] = field(default_factory=list)
    schedules: list[tuple[Window, ...]] = field(default_factory=list)

    @property
    def fences(self) -> tuple[Fence | None, ...]:
        return tuple(measured.fence for measured in self.measured)

    def schedule(self, windows: tuple[Window, ...]) -> int:
        """The row of these windows in the timetable, -1 where there are none."""
        if not windows:
            return -1
        if windows not in self.schedules:
            self.schedules.append(windows)
        return self.schedules.index(windows)

    def add(self, atom: Atom, schedule: int, gap: Gap | None) -> int:
        """One more row; its number."""
        self.kind.append(KINDS.index(atom.measured.kind))
        self.measured.append(atom.measured)
        self.sides += [atom.raising, atom.clearing]
        self.scheduled.append(schedule)
        counts = atom.measured.kind is not Measure.SILENCE
        resets = gap is not None and gap.policy is GapPolicy.RESET and counts
        self.reset_after.append(gap.after_ms if gap is not None and resets else NEVER)
        self.gap_policy.append(0)
        return len(self.kind) - 1

    def add_gap(self, atom: Atom, gap: Gap) -> int:
        """The row of a lane that watches another's gaps."""
        number = self.add(atom, -1, None)
        self.gap_policy[number] = POLICIES.index(gap.policy)
        return number

    def quiet(self, number: int) -> tuple[float, float]:
        """The values, lowest and highest, that an idle lane of this atom need not see."""
        kind, band = self.kind[number], self.sides[2 * number].band
        if kind in (SILENCE, CLOCK):  # a clock ahead is handed over whatever its value
            return -inf, inf
        return quiet_band(band) if kind == VALUE else (inf, -inf)

    def finished(self) -> Atoms:
        sides = self.sides
        return Atoms(
            kind=np.array(self.kind, np.int8),
            schedule=np.array(self.scheduled, np.int16),
            over_ms=np.array([m.over_ms for m in self.measured], np.int64),
            per_ms=np.array([m.per_ms for m in self.measured], np.int64),
            count=np.array([m.count for m in self.measured], np.int32),
            quiet_start=np.array([m.quiet_start for m in self.measured], np.int32),
            memory=np.array([m.memory for m in self.measured], np.int32),
            floor=np.array([m.floor for m in self.measured], np.float64),
            fences=self.fences,
            reset_after=np.array(self.reset_after, np.int64),
            gap_policy=np.array(self.gap_policy, np.int8),
            lowest=np.array([side.band.lowest for side in sides], np.float64),
            highest=np.array([side.band.highest for side in sides], np.float64),
            outside=np.array([side.band.outside for side in sides], np.bool_),
            need=np.array([side.times for side in sides], np.uint8),
            mask=np.array([(1 << side.of) - 1 for side in sides], np.uint32),
            lasting=np.array([side.lasting_ms for side in sides], np.int64),
        )


def quiet_band(band: Band) -> tuple[float, float]:
    """A closed range of values that do not lie in `band`; of two such ranges, the one with 0 or nearer to it."""
    if band.outside:
        return band.lowest, band.highest
    below, above = (-inf, nextafter(band.lowest, -inf)), (nextafter(band.highest, inf), inf)
    if band.lowest == -inf:
        return above if band.highest < inf else (inf, -inf)
    return above if band.highest < inf and band.lowest <= 0 else below
