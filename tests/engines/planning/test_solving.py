"""What the search finds: each wish of a problem in a plan of its own, then random problems against the judge."""

import time

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.engines.planning.builders import (
    CARE,
    NURSING,
    a_carer,
    a_visit,
    a_visit_by_two,
    least_cost,
    on_a_road,
    problems,
)  # fmt: skip
from yinling.engines.planning.asking import Unplannable
from yinling.engines.planning.checking import faults_of, parts_of, times_for
from yinling.engines.planning.problem import Plan, Problem, Weights
from yinling.engines.planning.solving import Params, Progress, Search, Until, solve

# Compiling the search anew takes half a minute, so only one worker of the suite does it.
pytestmark = [pytest.mark.heavy, pytest.mark.xdist_group("planning")]
BRIEFLY = Until(moves=4_000)


def order(plan: Plan, carer: str) -> list[str]:
    return [stop.visit for stop in plan.routes[carer]]


def test_one_carer_goes_along_the_road_and_home() -> None:
    problem = on_a_road(a_visit("far", 2), a_visit("near", 1), carers=(a_carer("li"),))
    plan = solve(problem, BRIEFLY)
    assert plan.parts.travel == 40
    assert faults_of(problem, plan) == []


def test_a_skill_that_one_carer_lacks_sends_the_other() -> None:
    problem = on_a_road(
        a_visit("wound", needing=NURSING), a_visit("meal", needing=CARE),
        carers=(a_carer("nurse", NURSING), a_carer("aide", CARE)),
    )  # fmt: skip
    plan = solve(problem, BRIEFLY)
    assert (order(plan, "nurse"), order(plan, "aide")) == (["wound"], ["meal"])


def test_a_visit_by_two_begins_together() -> None:
    problem = on_a_road(a_visit_by_two("lift"), carers=(a_carer("li"), a_carer("wang")))
    plan = solve(problem, BRIEFLY)
    assert [stop.start for route in plan.routes.values() for stop in route] == [10, 10]
    assert faults_of(problem, plan) == []


def test_the_second_of_two_comes_within_the_gap() -> None:
    problem = on_a_road(a_visit_by_two("drip", gap=(60, 70)), carers=(a_carer("li"), a_carer("wang")))
    stops = sorted(stop.start for route in solve(problem, BRIEFLY).routes.values() for stop in route)
    assert 60 <= stops[1] - stops[0] <= 70


def test_a_break_is_taken_after_the_stop_that_ends_when_it_is_due() -> None:
    carer = a_carer("li", break_from=40, break_minutes=30)
    problem = on_a_road(a_visit("first", closes=15), a_visit("second"), carers=(carer,))
    plan = solve(problem, BRIEFLY)
    assert [(stop.visit, stop.start) for stop in plan.routes["li"]] == [("first", 10), ("second", 70)]


def test_overtime_is_avoided_where_another_carer_has_time() -> None:
    carers = (a_carer("short", shift_end=50), a_carer("long"))
    problem = on_a_road(a_visit("one", lasting=30), a_visit("two", lasting=60), carers=carers)
    plan = solve(problem, BRIEFLY)
    assert order(plan, "long") == ["two"] or len(order(plan, "long")) == 2
    assert plan.parts.overtime == 0


def test_overtime_is_counted_where_nobody_has_time() -> None:
    problem = on_a_road(a_visit("one", lasting=60), carers=(a_carer("li", shift_end=50),))
    assert solve(problem, BRIEFLY).parts.overtime == 30


def test_each_carer_goes_by_her_own_means() -> None:
    far = np.array([[0.0, 50.0], [50.0, 0.0]])
    carers = (a_carer("on_foot", mode="foot"), a_carer("riding", mode="motorbike"))
    problem = Problem([a_visit("far")], carers, {"foot": far, "motorbike": far / 5})
    plan = solve(problem, BRIEFLY)
    assert order(plan, "riding") == ["far"]
    assert plan.parts.travel == 20


def test_a_visit_that_may_be_left_out_is_worth_its_prize_and_no_more() -> None:
    poor, rich = a_visit("poor", 3, prize=5.0), a_visit("rich", 3, prize=100.0)
    assert solve(on_a_road(poor, carers=(a_carer("li"),)), BRIEFLY).left_out == ("poor",)
    assert solve(on_a_road(rich, carers=(a_carer("li"),)), BRIEFLY).left_out == ()


def test_a_welcome_face_is_sent_and_a_forbidden_one_is_not() -> None:
    carers = (a_carer("li"), a_carer("wang"))
    liked = on_a_road(a_visit("v", liking={"wang": -5.0}), carers=carers)
    assert order(solve(liked, BRIEFLY), "wang") == ["v"]
    forbidden = on_a_road(a_visit("v", liking={"wang": -5.0}, forbidden=frozenset({"wang"})), carers=carers)
    assert order(solve(forbidden, BRIEFLY), "li") == ["v"]


def test_who_weighs_more_when_late_is_seen_first() -> None:
    visits = (a_visit("calm", closes=10), a_visit("urgent", closes=10, late_weight=9.0))
    problem = on_a_road(*visits, carers=(a_carer("li"),))
    assert order(solve(problem, BRIEFLY), "li") == ["urgent", "calm"]


def test_a_visit_that_nobody_may_make_is_left_out_and_the_judge_says_so() -> None:
    problem = on_a_road(a_visit("wound", needing=NURSING), a_visit("meal"), carers=(a_carer("aide", CARE),))
    plan = solve(problem, BRIEFLY)
    assert plan.left_out == ("wound",)
    assert faults_of(problem, plan) == ["Visit wound is left out; it must be made."]


@pytest.mark.parametrize("carers", [(), (a_carer("li"),)])
def test_without_carers_or_visits_nobody_goes(carers: tuple) -> None:
    visits = () if carers else (a_visit("v", prize=3.0),)
    plan = solve(on_a_road(*visits, carers=carers), BRIEFLY)
    assert not any(plan.routes.values())
    assert plan.parts.cost == (0 if carers else 3)


def test_nonsense_is_refused_with_every_fault() -> None:
    visits = (a_visit("v", opens=50, closes=20, forbidden=frozenset({"ghost"})), a_visit("v"))
    problem = on_a_road(*visits, carers=(a_carer("li", mode="boat"),))
    with pytest.raises(Unplannable) as refused:
        solve(problem, BRIEFLY)
    assert refused.value.faults == [
        "There are 2 visits named v; names must differ.",
        "Carer li goes by boat; there is no travel matrix for it.",
        "The window of visit v is 50 to 20; give two minutes, in order.",
        "Visit v names carer ghost, who is not there.",
    ]


def test_a_search_needs_an_end_and_seconds_need_a_clock() -> None:
    with pytest.raises(ValueError, match="never ends"):
        Until()
    with pytest.raises(ValueError, match="clock"):
        Until(seconds=1)


def test_seconds_of_the_given_clock_end_the_search() -> None:
    problem = on_a_road(a_visit("v"), carers=(a_carer("li"),))
    plan = solve(problem, Until(seconds=0.05, clock=time.process_time), params=Params(stretch=1_000))
    assert plan.moves > 0 and plan.moves % 1_000 == 0


def test_whoever_watches_may_end_the_search() -> None:
    seen: list[Progress] = []
    problem = on_a_road(a_visit("v"), carers=(a_carer("li"),))
    stop = Until(moves=50_000, go_on=lambda progress: seen.append(progress) or len(seen) < 2)
    assert solve(problem, stop, params=Params(stretch=1_000)).moves == 2_000
    assert [progress.moves for progress in seen] == [1_000, 2_000]


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(problems(), st.integers(0, 5))
def test_any_plan_can_be_carried_out_and_costs_what_it_says(problem: Problem, seed: int) -> None:
    plan = solve(problem, Until(moves=2_000), seed)
    must = {visit.uid for visit in problem.visits if visit.prize is None}
    expected = [f"Visit {uid} is left out; it must be made." for uid in plan.left_out if uid in must]
    assert faults_of(problem, plan) == expected
    judged = parts_of(problem, plan)
    assert vars(judged) == pytest.approx(vars(plan.parts), abs=1e-6)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(problems(breaks=False))
def test_nobody_waits_longer_than_the_routes_ask(problem: Problem) -> None:
    plan = solve(problem, Until(moves=1_000))
    least = times_for(problem, {uid: [(stop.visit, stop.task) for stop in route] for uid, route in plan.routes.items()})
    assert least is not None
    for uid, route in plan.routes.items():
        assert [stop.start for stop in route] == pytest.approx([stop.start for stop in least[uid]], abs=1e-6)


@settings(max_examples=20, deadline=None)
@given(problems(), st.integers(0, 5))
def test_the_same_seed_and_number_of_moves_give_the_same_plan(problem: Problem, seed: int) -> None:
    params = Params(stretch=700, starts=2)
    assert solve(problem, Until(moves=3_000), seed, params) == solve(problem, Until(moves=3_000), seed, params)


def a_small_world(seed: int) -> Problem:
    """Four visits by one and one by two, two carers, a square of roads."""
    draw = np.random.default_rng(seed)
    opens = draw.integers(0, 100, 5)
    visits = [
        a_visit(f"v{n}", n + 1, float(opens[n]), float(opens[n] + 40), prize=[None, 60.0][n % 2]) for n in range(4)
    ]
    visits.append(a_visit_by_two("pair", 5, opens=float(opens[4]), closes=float(opens[4] + 30), liking={"wang": 4.0}))
    carers = (a_carer("li", shift_end=150), a_carer("wang", at=3))
    return Problem(visits, carers, {"car": draw.integers(5, 40, (6, 6)).astype(float)}, Weights(1, 1, 1, 0.5))


@pytest.mark.parametrize("seed", range(3))
def test_of_all_plans_for_six_tasks_the_best_is_found(seed: int) -> None:
    problem = a_small_world(seed)
    assert solve(problem, Until(moves=20_000)).parts.cost == pytest.approx(least_cost(problem))


@settings(max_examples=30, deadline=None)
@given(problems(), st.integers(0, 5))
def test_a_move_that_is_refused_leaves_no_trace(problem: Problem, seed: int) -> None:
    search = Search(problem, seed, Params(stretch=500))
    search.fill()
    search.anneal(Until(moves=500))
    search.params = Params(stretch=1)
    search.anneal(Until(moves=0))
    kept = {name: getattr(search.board, name).copy() for name in ("node", "visit", "sums")}
    best = search.best
    # A temperature below zero asks for more than any move can save, so each is tried and taken back.
    search.params = Params(hot=-1e7, cold=-1e7, stretch=400)
    routes = search.routes.copy()
    search.anneal(Until(moves=400))
    assert search.best == best
    np.testing.assert_array_equal(routes, search.routes)
    for name in ("before", "after", "carer", "start", "leave"):
        made = kept["node"]["carer"] >= 0
        np.testing.assert_array_equal(kept["node"][name][made], search.board.node[name][made])
    np.testing.assert_array_equal(kept["sums"], search.board.sums)
