"""One test on one channel, and one watch over its silence."""

import math

from yinling.engines.signals.conditions import Side
from yinling.engines.signals.oracle.meters import Clockwork, Meter, holds

Flip = tuple[int, str, float | None, bool]  # at, kind, value, late


class Lane:
    """One test on one channel (or on a composite's outcome)."""

    def __init__(self, raising: Side, clearing: Side, clock: Clockwork | None, reset_after: int | None, vital: bool):
        self.raising, self.clearing, self.clock = raising, clearing, clock
        self.reset_after, self.vital = reset_after, vital
        self.meter: Meter | None = None
        self.on = False
        self.tests: list[bool] = []
        self.since: int | None = None
        self.window_end: int | None = None
        self.raises: list[int] = []
        self.flips: list[Flip] = []

    @property
    def side(self) -> Side:
        return self.clearing if self.on else self.raising

    def due(self) -> int | None:
        """When time alone changes this lane."""
        if self.on:
            clears = None if self.since is None else self.since + self.clearing.lasting_ms
            both = [at for at in (clears, self.window_end) if at is not None]
            return min(both) if both else None
        if self.since is None:
            return None
        lasting = self.raising.lasting_ms
        return self.clock.matures(self.since, lasting) if self.clock else self.since + lasting

    def advance(self, until: int) -> None:
        while (due := self.due()) is not None and due <= until:
            self.flip_by_time(due)

    def flip_by_time(self, at: int) -> None:
        if not self.on:
            self.turn_on(at)
        elif self.since is not None and self.since + self.clearing.lasting_ms <= at:
            self.turn_off(at)
        else:
            still_true = self.since is None
            self.turn_off(at)
            if still_true:
                self.tests, self.since = [True] * self.raising.of, at

    def turn_on(self, at: int, value: float | None = None, late: bool = False) -> None:
        self.on, self.tests, self.since = True, [], None
        self.window_end = self.clock.end(at) if self.clock else None
        self.flips.append((at, "on", value, late))

    def turn_off(self, at: int, value: float | None = None) -> None:
        self.on, self.tests, self.since, self.window_end = False, [], None, None
        self.flips.append((at, "off", value, False))

    def begin_anew(self, at: int) -> None:
        self.tests, self.since = [], None
        if self.on and self.clock:
            self.window_end = self.clock.end(at)
        if self.meter:
            self.meter.anchor = None

    def read(self, at: int, before: int | None, value: float, second: float | None = None, ahead_ms: int = 0) -> None:
        if before is not None and self.reset_after is not None and at - before >= self.reset_after:
            self.advance(before + self.reset_after)
            self.begin_anew(before + self.reset_after)
        self.advance(at)
        x = self.meter.measure(at, value, second, ahead_ms) if self.meter else value
        if x is None:
            return
        if self.vital and holds(self.raising.band, x):
            self.raises = [at, *self.raises][:4]
            if self.on:
                self.flips.append((at, "again", value, False))
        if self.on and self.clock:
            self.window_end = self.clock.end(at)
        side = self.side
        self.tests = [*self.tests, holds(side.band, x)][-side.of :]
        if sum(self.tests) < side.times:
            self.since = None
            return
        if self.since is None:
            self.since = at
        due = self.due()
        if due is not None and due <= at and self.on:
            self.turn_off(at, value)
        elif due is not None and due <= at:
            self.turn_on(at, value)

    def read_late(self, at: int, value: float) -> None:
        if not self.vital or not holds(self.raising.band, value) or at in self.raises:
            return
        self.raises = [at, *self.raises][:4]
        if self.on:
            self.flips.append((at, "again", value, True))
        else:
            self.turn_on(at, value, late=True)


class Silence:
    """No reading of a channel for a time. Lit by ticks alone, put out by any reading."""

    def __init__(self, limit: int, clock: Clockwork | None) -> None:
        self.limit, self.clock = limit, clock
        self.on, self.from_ = False, -math.inf
        self.window_end: int | None = None
        self.flips: list[Flip] = []

    def read(self, at: int, value: float) -> None:
        if self.on:
            self.off(at, value)

    def off(self, at: int, value: float | None) -> None:
        self.on, self.from_ = False, at
        self.flips.append((at, "off", value, False))

    def tick(self, seen: int | None, listening: int, until: int) -> int | None:
        """Goes on and off up to `until`; the last time that it came on, if it did."""
        came = None
        while True:
            if self.on:
                if self.window_end is None or self.window_end > until:
                    return came
                self.off(self.window_end, None)
            heard = int(max(listening, self.from_, -math.inf if seen is None else seen))
            due = self.clock.matures(heard, self.limit) if self.clock else heard + self.limit
            if due > until:
                return came
            self.on, came = True, due
            self.window_end = self.clock.end(due) if self.clock else None
            self.flips.append((due, "on", None, False))
