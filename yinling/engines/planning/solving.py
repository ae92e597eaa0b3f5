"""`solve`: from a problem to a plan. The loop between two looks at the clock; all else is compiled."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from yinling.engines.planning.annealing import ANNEAL, FILL, PLACE, RESTORE, work
from yinling.engines.planning.asking import refuse_nonsense
from yinling.engines.planning.board import TRAVEL, Board, board_of
from yinling.engines.planning.checking import parts_of
from yinling.engines.planning.problem import Parts, Plan, Problem
from yinling.engines.planning.routes import chain_of, routes_of

MOST_STARTS, WORTH_ONE_SEARCH = 6, 300  # visits from which all the time goes into one search


@dataclass(frozen=True)
class Progress:
    """Where a search stands: moves tried, share of its time (0..1), the best cost so far of the start it is at."""

    moves: int
    share: float
    best: float


@dataclass(frozen=True)
class Until:
    """When to stop: after so many moves, or so many seconds of the caller's `clock`, whichever comes first.

    With moves alone the same seed gives the same plan. `go_on` is asked after each stretch; False ends the search.
    """

    moves: int | None = None
    seconds: float | None = None
    clock: Callable[[], float] | None = None
    go_on: Callable[[Progress], bool] | None = None

    def __post_init__(self) -> None:
        if self.moves is None and self.seconds is None:
            raise ValueError("Give moves or seconds, or the search never ends.")
        if self.seconds is not None and self.clock is None:
            raise ValueError("Seconds need a clock, for instance time.process_time; the engine has none of its own.")


@dataclass(frozen=True)
class Params:
    """How to search. `hot`, `cold`: first and last temperature, times the mean weighted road per visit.

    `free`: share of places tried anywhere, not beside a neighbour; `shares`: see `moves.any_move`; `stretch`: moves
    between two looks at the clock; `neighbours`: per task; `starts`: searches from nothing among which the stop is
    shared out, the best one counts (None: several for few visits, where one may end in a dead end, one for many).
    """

    hot: float = 1.2
    cold: float = 0.005
    free: float = 0.3
    shares: tuple[float, float, float, float] = (0.45, 0.7, 0.8, 0.88)
    stretch: int = 20_000
    neighbours: int = 24
    starts: int | None = None

    def starts_for(self, visits: int) -> int:
        """Among how many searches the stop is shared out."""
        return self.starts or max(1, min(MOST_STARTS, WORTH_ONE_SEARCH // max(visits, 1)))


def solve(problem: Problem, stop: Until, seed: int = 1, params: Params | None = None) -> Plan:
    """The best plan found until `stop`. Raises Unplannable, with sentences, for a problem that contradicts itself."""
    params = params or Params()
    refuse_nonsense(problem)
    if not problem.visits or not problem.carers:
        return _nobody_goes(problem)
    starts = params.starts_for(len(problem.visits))
    best: Plan | None = None
    moves = 0
    for n in range(starts):
        search = Search(problem, seed + 1_000_003 * n, params)
        search.fill()
        search.anneal(_part(stop, n, starts, moves))
        plan = search.plan()
        moves += plan.moves
        if best is None or plan.parts.cost < best.parts.cost:
            best = plan
        if search.is_ended:
            break
    assert best is not None
    return replace(best, moves=moves)


def _part(stop: Until, n: int, of: int, before: int) -> Until:
    """The n-th of so many equal parts of a stop; whoever watches is told of the whole."""

    def go_on(part: Progress) -> bool:
        whole = Progress(before + part.moves, (n + part.share) / of, part.best)
        return stop.go_on is None or stop.go_on(whole)

    moves = None if stop.moves is None else stop.moves // of
    return replace(stop, moves=moves, seconds=None if stop.seconds is None else stop.seconds / of, go_on=go_on)


def _nobody_goes(problem: Problem) -> Plan:
    plan = Plan({carer.uid: () for carer in problem.carers}, tuple(visit.uid for visit in problem.visits))
    return replace(plan, parts=parts_of(problem, plan))


class Search:
    """A board, the best plan so far, and what the compiled part writes into. `begin_with` or `fill` comes first."""

    def __init__(self, problem: Problem, seed: int, params: Params) -> None:
        self.problem, self.params = problem, params
        self.board: Board = board_of(problem, seed, params.neighbours)
        self.routes = np.zeros((len(self.board.node), 2), np.int64)
        self.keys = np.zeros(len(problem.visits))
        self.costs = np.full((2, len(problem.carers)), np.inf)
        self.index = {visit.uid: v for v, visit in enumerate(problem.visits)}
        self.best = math.inf
        self.moves = 0
        self.is_ended = False

    def fill(self) -> None:
        """Give out every visit that nobody makes, the earliest to close first; what may be left out comes last."""
        visits = self.problem.visits
        order = sorted(range(len(visits)), key=lambda v: (visits[v].prize is not None, visits[v].closes))
        self._work(FILL, np.array(order, dtype=np.int64))

    def begin_with(self, plan: Plan) -> None:
        """Stand on this plan. What the search cannot hold (visits that wait for each other crosswise) is left out."""
        self.routes, self.keys = chain_of(self.problem, self.board, plan)
        self._work(RESTORE, self._by_key())

    def place(self, uids: Sequence[str]) -> np.ndarray:
        """Each visit to its best place. Returns the plan's least cost per task and carer for the last of them."""
        for uid in uids:
            self._work(PLACE, np.array([self.index[uid]], dtype=np.int64))
        return self.costs.copy()

    def only(self, uid: str, task: int, carer: int) -> None:
        """From now on nobody else may do this task; whoever does it keeps it until it is placed anew."""
        node = self.board.visit["first"][self.index[uid]] + task
        may = bool(self.board.may[node, carer])
        self.board.may[node] = False
        self.board.may[node, carer] = may
        self.board.able[node, 0], self.board.node["ables"][node] = carer, int(may)

    def left_out(self) -> list[str]:
        """The visits nobody makes, as the board stands."""
        first = self.board.visit["first"][: len(self.keys)]
        return [
            visit.uid
            for visit, node in zip(self.problem.visits, first, strict=True)
            if self.board.node["carer"][node] < 0
        ]

    def anneal(self, stop: Until, hot: float | None = None) -> None:
        """Search until `stop`, from `hot` (None: the parameters') down to the parameters' cold."""
        params = self.params
        road = self.board.sums[TRAVEL] * self.board.weights[TRAVEL] / len(self.problem.visits)
        scale = max(float(road), 1e-3)
        first, last = scale * (params.hot if hot is None else hot), scale * params.cold
        begun = stop.clock() if stop.clock else 0.0
        done = 0
        while (share := _share(stop, done, begun)) < 1.0:
            moves = params.stretch if stop.moves is None else min(params.stretch, stop.moves - done)
            order = np.argsort(self.board.visit["key"][: len(self.keys)], kind="stable")
            self._work(ANNEAL, order, first * (last / first) ** share, moves)
            done += moves
            if stop.go_on and not stop.go_on(Progress(done, share, self.best)):
                self.is_ended = True
                break
        self.moves += done
        self._work(RESTORE, self._by_key())

    def plan(self) -> Plan:
        """The best plan so far."""
        routes, left_out = routes_of(self.problem, self.board)
        return Plan(routes, left_out, Parts(*[*self.board.sums.tolist(), self.best]), self.moves)

    def _by_key(self) -> np.ndarray:
        return np.argsort(self.keys, kind="stable")

    def _work(self, job: int, order: np.ndarray, heat: float = 1.0, moves: int = 0) -> None:
        params = self.params
        _, self.best = work(
            self.board, job, order, heat, moves, params.free, np.array(params.shares), self.best, self.routes,
            self.keys, self.costs,
        )  # fmt: skip


def _share(stop: Until, done: int, begun: float) -> float:
    """How much of the way to its end a search has gone, by moves or by seconds."""
    by_moves = 0.0 if stop.moves is None else (1.0 if stop.moves <= done else done / stop.moves)
    if stop.seconds is None or stop.clock is None:
        return by_moves
    spent = stop.clock() - begun
    return max(by_moves, 1.0 if spent >= stop.seconds else spent / stop.seconds)
