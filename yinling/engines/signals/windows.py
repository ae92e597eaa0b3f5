"""Schedule windows in local civil time as tables by minute of the week, and the one question asked of them.

A table row is one schedule over 10,080 minutes from Monday 00:00. Windows that touch are one window.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from yinling.engines.signals.rules import Window

Int64 = NDArray[np.int64]
DAY, WEEK = 1440, 10_080
MINUTE_MS = 60_000
EPOCH_WEEKDAY = 3  # 1 January 1970 was a Thursday


@dataclass(frozen=True)
class Timetable:
    """Tables of shape (schedules, 10,080), in minutes; `utc_offset` is the city's, minutes east of UTC.

    since: into the current window, -1 outside. left: to its end, 0 outside. ahead: to the next beginning.
    """

    since: NDArray[np.int32]
    left: NDArray[np.int32]
    ahead: NDArray[np.int32]
    utc_offset: int

    def minute(self, at: Int64) -> Int64:
        """Local minutes since the epoch."""
        return at // MINUTE_MS + self.utc_offset

    def instant(self, minute: Int64) -> Int64:
        """The epoch milliseconds at which a local minute begins."""
        return (minute - self.utc_offset) * MINUTE_MS

    def ends(self, schedule: NDArray[np.integer], at: Int64) -> Int64:
        """When the window about `at` ends; outside, the next one."""
        minute = self.minute(at)
        week = _of_week(minute)
        outside = np.where(self.since[schedule, week] < 0, self.ahead[schedule, week], 0)
        minute = minute + outside
        return self.instant(minute + self.left[schedule, _of_week(minute)])

    def matures(self, schedule: NDArray[np.integer], since: Int64, lasting: Int64) -> Int64:
        """When something true from `since` on has lasted `lasting` ms within one window."""
        minute = self.minute(since)
        week = _of_week(minute)
        end = self.instant(minute + self.left[schedule, week])
        within = (self.since[schedule, week] >= 0) & (since + lasting < end)
        later = self.instant(minute + self.ahead[schedule, week]) + lasting
        return np.where(within, since + lasting, later)


def timetable(schedules: Sequence[tuple[Window, ...]], utc_offset: int) -> Timetable:
    """One row per schedule."""
    rows = [_row(minutes_open(windows)) for windows in schedules] or [_row(np.ones(WEEK, bool))]
    since, left, ahead = (np.array(column, dtype=np.int32) for column in zip(*rows, strict=True))
    return Timetable(since, left, ahead, utc_offset)


def minutes_open(windows: Sequence[Window]) -> NDArray[np.bool_]:
    """Which minutes of the week lie in one of the windows."""
    is_open = np.zeros(WEEK, dtype=bool)
    for window in windows:
        length = (window.ends - window.begins) % DAY or DAY
        for day in window.days:
            is_open[(day * DAY + window.begins + np.arange(length)) % WEEK] = True
    return is_open


def shortest_window(windows: Sequence[Window]) -> int:
    """Minutes of the shortest window of the week; 0 where they leave nothing out or hold nothing."""
    is_open = minutes_open(windows)
    if is_open.all() or not is_open.any():
        return 0
    since, _, _ = _row(is_open)
    ends = np.flatnonzero(is_open & ~np.roll(is_open, -1))
    return int(since[ends].min()) + 1


def _row(is_open: NDArray[np.bool_]) -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.int32]]:
    """since, left and ahead for one week. A week without an end has a window that never ends."""
    twice = np.concatenate([is_open, is_open, is_open])
    position = np.arange(3 * WEEK)
    begins = twice & ~np.concatenate([[twice[-1]], twice[:-1]])
    last_begin = np.maximum.accumulate(np.where(begins, position, -1))
    next_shut = np.minimum.accumulate(np.where(~twice, position, 4 * WEEK)[::-1])[::-1]
    next_begin = np.minimum.accumulate(np.where(begins, position, 4 * WEEK)[::-1])[::-1]
    middle = slice(WEEK, 2 * WEEK)
    here = position[middle]
    since = np.where(is_open, here - last_begin[middle], -1)
    left = np.where(is_open, next_shut[middle] - here, 0)
    ahead = next_begin[WEEK + 1 : 2 * WEEK + 1] - here
    return since.astype(np.int32), left.astype(np.int32), ahead.astype(np.int32)


def _of_week(minute: Int64) -> Int64:
    return (minute + EPOCH_WEEKDAY * DAY) % WEEK
