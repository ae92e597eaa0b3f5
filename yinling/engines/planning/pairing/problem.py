"""The words as values. Points are whole numbers, metres too; positions are metres on a plane."""

from collections.abc import Iterable
from dataclasses import dataclass, field

PARTS = ("distance", "language", "sex", "skill", "change", "helper")  # of a pair; `uneven` is of a visitor


@dataclass(frozen=True)
class Elder:
    """Somebody who is visited. `x_m`, `y_m`: where, or None: then only the village counts. Empty: no wish."""

    key: str
    village: int
    visits: int = 1
    x_m: float | None = None
    y_m: float | None = None
    speaks: frozenset[str] = frozenset()
    sex: str = ""
    skills: frozenset[str] = frozenset()
    household: str = ""
    visitor: str = ""  # who visits now
    forbidden: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Visitor:
    """Somebody who visits. `load`: visits a month at most. `reach`: how much farther than on foot, in percent."""

    key: str
    village: int
    load: int
    x_m: float | None = None
    y_m: float | None = None
    speaks: frozenset[str] = frozenset()
    sex: str = ""
    skills: frozenset[str] = frozenset()
    household: str = ""
    reach: int = 100


@dataclass(frozen=True)
class Weights:
    """Points: distance for each kilometre and visit; language, skill and helper for each visit; sex and change for the
    pair; uneven for each visit beyond half of a load, twice beyond three quarters."""

    distance: int = 20
    language: int = 40
    sex: int = 25
    skill: int = 15
    change: int = 60
    uneven: int = 10
    helper: int = 100


@dataclass(frozen=True)
class Limits:
    """How far a visitor goes on foot, how much longer roads are than the bird's way, what a helper could carry."""

    most_m: int = 4_000
    detour: int = 140  # percent
    helper_load: int = 12
    home_m: int = 500  # within a village, where a position is not known


@dataclass(frozen=True)
class Problem:
    """Elders and visitors, each key once."""

    elders: list[Elder]
    visitors: list[Visitor]
    weights: Weights = Weights()
    limits: Limits = Limits()


@dataclass(frozen=True)
class Village:
    """What a village lacks: visits that find no room whatever is done, helpers needed at least, helpers proposed."""

    village: int
    visits_short: int
    least_helpers: int
    helpers: int
    elders: int  # whom the visits short concern: so many elders
    visitors: int  # and so many visitors can reach them
    room: int  # with room for so many visits


@dataclass(frozen=True)
class Solution:
    """Who visits whom. `pairs`: elder's key to visitor's; elders of helpers are in `helped` with the village."""

    pairs: dict[str, str]
    helped: dict[str, int]
    villages: list[Village]
    least_helpers: int  # proven for the whole
    cost: int
    bound: int
    parts: dict[str, int]
    prices: dict[str, int] = field(repr=False, default_factory=dict)  # of visitors, in 1 / `scale` points a visit
    helper_prices: dict[int, int] = field(repr=False, default_factory=dict)
    scale: int = 1

    @property
    def helpers(self) -> int:
        """Helpers proposed in all."""
        return sum(one.helpers for one in self.villages)

    @property
    def gap(self) -> float:
        """How far the cost may lie above the best, as a share of the bound."""
        return (self.cost - self.bound) / self.bound if self.bound > 0 else float(self.cost > self.bound)


def refuse_nonsense(problem: Problem) -> None:
    """Raise ValueError for what is not a problem: a key twice, a load below nothing, an elder without visits."""
    for what, keys in (("elder", [e.key for e in problem.elders]), ("visitor", [v.key for v in problem.visitors])):
        if (twice := _first_twice(keys)) is not None:
            raise ValueError(f"{what} {twice} is there twice")
    if wrong := [e.key for e in problem.elders if e.visits < 1]:
        raise ValueError(f"elder {wrong[0]} needs at least one visit a month")
    if wrong := [v.key for v in problem.visitors if v.load < 0]:
        raise ValueError(f"visitor {wrong[0]} has a load below nothing")
    if problem.limits.helper_load < max((e.visits for e in problem.elders), default=1):
        raise ValueError("a helper could not visit one elder as often as needed")
    if min(vars(problem.weights).values()) < 0:
        raise ValueError("weights are not negative")


def _first_twice(keys: Iterable[str]) -> str | None:
    seen: set[str] = set()
    for key in keys:
        if key in seen:
            return key
        seen.add(key)
    return None
