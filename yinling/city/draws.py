"""Random numbers by name: the n-th person of a village draws the same value however much of the city is built.

An ordinary generator hands out numbers in order, so one more person in the first village changes everybody after.
Here a number is a hash of (key of the row, name of the draw): no order, no state, whole columns at once.
The mixer is the finaliser of SplitMix64 (Steele, Lea and Flood, 2014).
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

Keys = NDArray[np.uint64]
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Draws:
    """One key per row; every method returns one value per row."""

    keys: Keys

    def unit(self, name: str) -> Floats:
        """Uniform on [0, 1)."""
        return (self._bits(name) >> np.uint64(11)).astype(np.float64) * 2.0**-53

    def chance(self, name: str, probability: float | Floats) -> Flags:
        """True with the given probability."""
        return self.unit(name) < probability

    def below(self, name: str, limit: int | Ints) -> Ints:
        """A whole number from 0 up to, but not including, `limit`."""
        return (self.unit(name) * limit).astype(np.int64)

    def between(self, name: str, low: Any, high: Any) -> Ints:
        """A whole number from `low` to `high`, both included; either may be a column."""
        return low + self.below(name, high - low + 1)

    def normal(self, name: str) -> Floats:
        """Standard normal (Box and Muller)."""
        radius = np.sqrt(-2.0 * np.log1p(-self.unit(name + "/r")))
        return radius * np.cos(2.0 * np.pi * self.unit(name + "/a"))

    def exponential(self, name: str) -> Floats:
        """Exponential with mean 1."""
        return -np.log1p(-self.unit(name))

    def choice(self, name: str, weights: Sequence[float] | Floats) -> Ints:
        """The index of a weight, in proportion to the weights."""
        return np.searchsorted(_cumulative(weights), self.unit(name), side="right")

    def choice_by_group(self, name: str, weights_by_group: Sequence[Sequence[float]], group: Ints) -> Ints:
        """As `choice`, each row with the weights of its group."""
        drawn, chosen = self.unit(name), np.zeros(len(self.keys), dtype=np.int64)
        for number, weights in enumerate(weights_by_group):
            rows = np.flatnonzero(group == number)
            chosen[rows] = np.searchsorted(_cumulative(weights), drawn[rows], side="right")
        return chosen

    def __getitem__(self, rows: Any) -> Draws:
        return Draws(self.keys[rows])

    def _bits(self, name: str) -> Keys:
        return _mix(self.keys ^ _name_key(name))


def draws_for(seed: int, *parts: str | Ints) -> Draws:
    """Draws keyed by the seed and the parts: names (for a kind of row) and whole-number columns, equally long."""
    keys: Keys = np.array([np.uint64(seed & 0xFFFFFFFFFFFFFFFF)], dtype=np.uint64)
    for part in parts:
        code = _name_key(part) if isinstance(part, str) else part.astype(np.uint64)
        with np.errstate(over="ignore"):
            keys = _mix(keys * np.uint64(0x9E3779B97F4A7C15) + code)
    return Draws(keys)


def _cumulative(weights: Sequence[float] | Floats) -> Floats:
    cumulative = np.cumsum(np.asarray(weights, dtype=np.float64))
    return (cumulative / cumulative[-1])[:-1]


@cache
def _name_key(name: str) -> np.uint64:
    return np.uint64(int.from_bytes(hashlib.blake2b(name.encode(), digest_size=8).digest(), "big"))


def _mix(keys: Keys) -> Keys:
    with np.errstate(over="ignore"):
        keys = keys + np.uint64(0x9E3779B97F4A7C15)
        keys = (keys ^ (keys >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        keys = (keys ^ (keys >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        return keys ^ (keys >> np.uint64(31))
