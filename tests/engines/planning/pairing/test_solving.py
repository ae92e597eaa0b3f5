"""Against every possible assignment, on small worlds; the judge against its own tricks."""

import dataclasses
import itertools
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yinling.engines.planning.pairing import checking
from yinling.engines.planning.pairing.offering import offers_for
from yinling.engines.planning.pairing.problem import Elder, Limits, Problem, Solution, Visitor, Weights
from yinling.engines.planning.pairing.solving import solve

LIMITS = Limits(helper_load=4)


def a_small_world(seed: int, visits: tuple[int, ...] = (1,), loads: int = 3) -> Problem:
    draw = random.Random(seed)

    def tongues() -> frozenset[str]:
        return frozenset(draw.sample(["mandarin", "miao", "dong"], draw.randint(0, 2)))

    def place() -> dict[str, float]:
        return {"x_m": draw.uniform(0, 6000), "y_m": draw.uniform(0, 3000)} if draw.random() < 0.9 else {}

    visitors = [
        Visitor(f"v{n}", draw.randint(0, 2), draw.randint(0, loads), **place(), speaks=tongues(), sex=draw.choice("12"),
                household=draw.choice(["", "h"]), reach=draw.choice([100, 200]))
        for n in range(draw.randint(0, 3))
    ]  # fmt: skip
    elders = [
        Elder(f"e{n}", draw.randint(0, 2), draw.choice(visits), **place(), speaks=tongues(),
              sex=draw.choice(["", "1", "2"]), household=draw.choice(["", "h"]),
              visitor=draw.choice(["", "", "v0", "gone"]), forbidden=frozenset(draw.sample(["v0", "v1"], 1)))
        for n in range(draw.randint(1, 5))
    ]  # fmt: skip
    return Problem(elders, visitors, limits=LIMITS)


def everything(problem: Problem) -> dict[tuple[tuple[int, int], ...], int]:
    """Helpers by village -> the least cost with exactly so many, over every assignment there is."""
    best: dict[tuple[tuple[int, int], ...], int] = {}
    choices = [
        [None, *(v for v in problem.visitors if checking.why_not(e, v, problem.limits) is None)] for e in problem.elders
    ]
    for chosen in itertools.product(*choices):
        pairs = {e.key: v.key for e, v in zip(problem.elders, chosen, strict=True) if v}
        helped = {e.key: e.village for e in problem.elders if e.key not in pairs}
        made: dict[str, int] = {}
        for e in problem.elders:
            if e.key in pairs:
                made[pairs[e.key]] = made.get(pairs[e.key], 0) + e.visits
        if any(made.get(v.key, 0) > v.load for v in problem.visitors):
            continue
        villages = sorted(set(helped.values()))
        needed = tuple(
            (one, checking.bins([e.visits for e in problem.elders if helped.get(e.key) == one], LIMITS.helper_load))
            for one in villages
        )
        cost = sum(checking.parts_of(problem, Solution(pairs, helped, [], 0, 0, 0, {})).values())
        best[needed] = min(cost, best.get(needed, cost))
    return best


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 100_000))
def test_with_equal_visits_the_solution_is_the_best_there_is(seed: int) -> None:
    problem = a_small_world(seed)
    solution = solve(problem)
    everywhere = everything(problem)
    assert solution.helpers == min(sum(n for _, n in needed) for needed in everywhere) == solution.least_helpers
    placed = {one.village: one.helpers for one in solution.villages}
    within = [cost for needed, cost in everywhere.items() if all(n <= placed.get(one, 0) for one, n in needed)]
    assert solution.cost == min(within) == solution.bound


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 100_000))
def test_with_unequal_visits_the_bounds_hold(seed: int) -> None:
    problem = a_small_world(seed, visits=(1, 2, 4), loads=6)
    solution = solve(problem)
    everywhere = everything(problem)
    assert solution.least_helpers <= min(sum(n for _, n in needed) for needed in everywhere) <= solution.helpers
    placed = {one.village: one.helpers for one in solution.villages}
    within = [cost for needed, cost in everywhere.items() if all(n <= placed.get(one, 0) for one, n in needed)]
    assert solution.bound <= min(within) <= solution.cost
    for one in solution.villages:
        assert all(dict(needed).get(one.village, 0) >= one.least_helpers for needed in everywhere)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 100_000), st.integers(0, 100_000))
def test_any_prices_give_a_true_bound(seed: int, other: int) -> None:
    problem = a_small_world(seed)
    solution = solve(problem)
    draw = random.Random(other)
    guessed = dataclasses.replace(
        solution,
        prices={v.key: draw.randint(-50, 500) for v in problem.visitors},
        helper_prices={one.village: draw.randint(0, 500) for one in solution.villages},
    )
    assert checking.bound(problem, guessed) <= solution.cost


def test_the_same_problem_gives_the_same_solution() -> None:
    assert solve(a_small_world(7)) == solve(a_small_world(7))


def test_the_judge_finds_what_is_wrong() -> None:
    problem = Problem([Elder("e", 1, 2, household="h")], [Visitor("v", 1, 1, household="h")])
    faults = checking.faults_of(problem, Solution({"e": "v"}, {}, [], 0, 0, 0, {}))
    assert faults == ["e cannot be visited by v: household", "v makes 2 of 1"]
    assert checking.faults_of(problem, Solution({}, {}, [], 0, 0, 0, {})) == ["e has nobody"]
    assert checking.faults_of(problem, Solution({}, {"e": 1}, [], 0, 0, 0, {})) == ["1 needs 1 helpers and has 0"]


def test_stopping_is_heard_between_batches() -> None:
    def stop(_done: int, _total: int) -> None:
        raise InterruptedError

    with pytest.raises(InterruptedError):
        solve(a_small_world(1), stop)


@pytest.mark.parametrize(
    ("problem", "words"),
    [
        (Problem([Elder("e", 1), Elder("e", 1)], []), "elder e is there twice"),
        (Problem([Elder("e", 1, 0)], []), "elder e needs at least one visit"),
        (Problem([], [Visitor("v", 1, -1)]), "visitor v has a load below nothing"),
        (Problem([Elder("e", 1, 13)], []), "a helper could not visit one elder"),
        (Problem([], [], Weights(sex=-1)), "weights are not negative"),
    ],
)
def test_nonsense_is_refused_in_words(problem: Problem, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        solve(problem)


def test_offers_put_those_who_may_first_and_say_why_others_may_not() -> None:
    elder = Elder("e", 1, 2, 0.0, 0.0, frozenset({"miao"}), visitor="now")
    visitors = [
        Visitor("full", 1, 2), Visitor("far", 2, 9, 9000.0, 0.0), Visitor("now", 1, 4, 500.0, 0.0),
        Visitor("miao", 1, 8, 100.0, 0.0, frozenset({"miao"})),
    ]  # fmt: skip
    offers = offers_for(elder, visitors, {"full": 1, "now": 4}, Weights(), Limits())
    assert [(one.visitor, one.refusal, one.free) for one in offers] == [
        ("miao", None, 8), ("now", None, 2), ("full", "load", 1), ("far", "distance", 9),
    ]  # fmt: skip
    assert {name: points for name, points in offers[0].parts.items() if points} == {"distance": 5, "change": 60}
