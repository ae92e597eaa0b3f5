"""Several days: patterns and known carers, then each day."""

from dataclasses import replace
from itertools import product

import numpy as np
import pytest

from tests.engines.planning.builders import CARE, NURSING, a_carer, a_visit
from yinling.engines.planning.checking import faults_of
from yinling.engines.planning.days import OVERLOAD, Assignment, Chosen, Need, assign, patterns_for, problems_by_day
from yinling.engines.planning.problem import Carer
from yinling.engines.planning.solving import Until, solve

AT = np.arange(6.0)
ROAD = {"car": 10 * abs(AT[:, None] - AT[None, :])}
LI, WANG = a_carer("li", CARE, shift_end=100), a_carer("wang", at=5, shift_end=100)


def a_need(uid: str, place: int, times: int = 1, days: int = 2, **more) -> Need:
    return Need(a_visit(uid, place, **more), patterns_for(times, days))


def test_patterns_keep_the_days_between() -> None:
    assert patterns_for(2, 5, apart=3) == ((0, 3), (0, 4), (1, 4))
    assert patterns_for(3, 7, apart=2)[0] == (0, 2, 4)
    assert patterns_for(2, 1) == ()


def test_every_door_has_one_face_the_nearest() -> None:
    found = assign([a_need("west", 1, times=2), a_need("east", 4, times=2)], [[LI, WANG]] * 2, ROAD)
    assert found.chosen == {"west": Chosen((0, 1), "li"), "east": Chosen((0, 1), "wang")}
    assert found.cost == found.bound == 20
    assert found.overload_minutes == 0


def test_work_is_spread_over_the_days_and_over_carers() -> None:
    needs = [a_need(f"n{n}", 1, lasting=40) for n in range(4)]
    found = assign(needs, [[LI, WANG]] * 2, ROAD)
    assert found.overload_minutes == 0
    assert sorted(chosen.days for chosen in found.chosen.values()) == [(0,), (0,), (1,), (1,)]


def test_who_lacks_the_skill_or_is_unwanted_is_not_named() -> None:
    needs = [a_need("wound", 0, needing=NURSING), a_need("quarrel", 0, forbidden=frozenset({"li"}))]
    assert {chosen.carer for chosen in assign(needs, [[LI, WANG]] * 2, ROAD).chosen.values()} == {"wang"}


def test_a_need_that_nobody_can_meet_has_days_and_no_name() -> None:
    found = assign([a_need("rare", 0, needing="dentistry")], [[LI, WANG]] * 2, ROAD)
    assert found.chosen["rare"].carer is None
    assert found.cost == 0


def test_who_is_off_duty_is_not_counted_on() -> None:
    found = assign([a_need("west", 1, times=1)], [[WANG], [LI, WANG]], ROAD)
    assert found.chosen["west"] == Chosen((1,), "li")


def test_a_need_without_any_pattern_is_refused() -> None:
    with pytest.raises(ValueError, match="The need n has no pattern of days"):
        assign([Need(a_visit("n"), ())], [[LI]], ROAD)


def test_without_needs_nothing_is_chosen() -> None:
    assert assign([], [[LI]], ROAD) == Assignment({}, 0.0, 0.0, 0.0)


def the_best(needs: list[Need], roster: list[list[Carer]]) -> float:
    """By trying every pattern with every carer."""
    carers = {carer.uid: carer for day in roster for carer in day}
    options = [
        [(p, k) for p in need.patterns for k in carers if need.visit.tasks[0].service in carers[k].services]
        for need in needs
    ]
    best = float("inf")
    for choice in product(*options):
        load = {(k, day): 0.0 for k in carers for day in range(len(roster))}
        cost = 0.0
        for need, (pattern, k) in zip(needs, choice, strict=True):
            cost += len(pattern) * 0.5 * float(ROAD["car"][carers[k].start_place, need.visit.place])
            for day in pattern:
                load[k, day] += need.visit.tasks[0].minutes + 10
        on_duty = {(carer.uid, day) for day, found in enumerate(roster) for carer in found}
        over = sum(max(0.0, minutes - (100 if at in on_duty else 0)) for at, minutes in load.items())
        best = min(best, cost + OVERLOAD * over)
    return best


@pytest.mark.parametrize("seed", range(6))
def test_the_bound_lies_below_the_best_and_the_choice_close_above(seed: int) -> None:
    draw = np.random.default_rng(seed)
    needs = [
        a_need(f"n{n}", int(draw.integers(0, 6)), times=int(draw.integers(1, 3)), lasting=float(draw.integers(20, 60)))
        for n in range(5)
    ]
    roster = [[LI, replace(WANG, services=LI.services)]] * 2
    found, best = assign(needs, roster, ROAD), the_best(needs, roster)
    assert found.bound <= best + 1e-6
    assert best - 1e-6 <= found.cost <= best * 1.15 + 10


@pytest.mark.heavy
@pytest.mark.xdist_group("planning")
def test_each_day_sends_the_known_face_where_it_costs_little() -> None:
    needs = [a_need("west", 2, times=2), a_need("east", 3, times=2)]
    roster = [[LI, WANG], [replace(LI, start_place=5, end_place=5), replace(WANG, start_place=0, end_place=0)]]
    for problem in problems_by_day(needs, assign(needs, roster, ROAD), roster, ROAD, loyalty=60.0):
        plan = solve(problem, Until(moves=3_000))
        assert faults_of(problem, plan) == []
        assert {stop.visit: uid for uid, route in plan.routes.items() for stop in route} == {
            "west": "li",
            "east": "wang",
        }


def test_a_day_names_nobody_who_is_off() -> None:
    need = Need(a_visit("west", 1, liking={"li": -5.0, "wang": 3.0}, forbidden=frozenset({"li"})), ((0,),))
    found = problems_by_day([need], Assignment({"west": Chosen((0,), "li")}, 0, 0, 0), [[WANG], [LI]], ROAD)
    assert (found[0].visits[0].liking, found[0].visits[0].forbidden) == ({"wang": 3.0}, frozenset())
    assert found[1].visits == []
