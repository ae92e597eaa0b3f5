"""The judge: each fault it can find in a plan, and what a plan costs."""

from dataclasses import replace

import pytest

from tests.engines.planning.builders import CARE, NURSING, a_carer, a_visit, a_visit_by_two, on_a_road
from yinling.engines.planning.checking import faults_of, parts_of, times_for
from yinling.engines.planning.problem import Parts, Plan, Problem, Stop, Weights

LI, WANG = a_carer("li"), a_carer("wang")


def a_stop(uid: str, start: float, task: int = 0, service: str = CARE, lasting: float = 30) -> Stop:
    return Stop(uid, task, service, start, start + lasting)


def a_plan(*left_out: str, **routes: tuple[Stop, ...]) -> Plan:
    return Plan(routes, left_out)


ONE = on_a_road(a_visit("v", opens=20), carers=(LI, WANG))
PAIR = on_a_road(a_visit_by_two("v", gap=(10, 20)), carers=(LI, WANG))


def test_a_plan_in_order_has_no_fault() -> None:
    assert faults_of(ONE, a_plan(li=(a_stop("v", 20),))) == []
    assert faults_of(PAIR, a_plan(li=(a_stop("v", 10),), wang=(a_stop("v", 25, task=1),))) == []


@pytest.mark.parametrize(
    ("plan", "fault"),
    [
        (a_plan(li=(a_stop("v", 15),)), "Visit v starts at 15.00, before 20.00, when it may begin."),
        (a_plan(li=(a_stop("v", 5),)), "Carer li cannot be at v at 5.00; the earliest is 10.00."),
        (a_plan(li=(a_stop("v", 20, lasting=5),)), "care at v takes 30 minutes, not 5."),
        (a_plan("v"), "Visit v is left out; it must be made."),
        (a_plan(), "Visit v needs care; the plan does nothing."),
        (a_plan(li=(a_stop("v", 20), a_stop("v", 50))), "Visit v needs care; the plan does care, care."),
        (a_plan(ghost=(), li=(a_stop("v", 20),)), "There is no carer ghost."),
        (a_plan(li=(a_stop("v", 20), a_stop("x", 90))), "Carer li goes to x, which is no visit."),
    ],
)
def test_each_fault_is_told_in_a_sentence(plan: Plan, fault: str) -> None:
    assert fault in faults_of(ONE, plan)


def test_a_visit_both_made_and_left_out_is_told() -> None:
    problem = on_a_road(replace(ONE.visits[0], prize=1.0), carers=(LI, WANG))
    assert faults_of(problem, a_plan("v", li=(a_stop("v", 20),))) == ["Visit v is both made and left out."]


def test_a_carer_without_the_skill_or_unwanted_is_told() -> None:
    problem = on_a_road(a_visit("v", needing=NURSING, forbidden=frozenset({"li"})), carers=(a_carer("li", CARE),))
    assert faults_of(problem, a_plan(li=(a_stop("v", 20, service=NURSING),))) == [
        "Carer li may not do nursing at v.",
        "Carer li is not to be sent to v.",
    ]


def test_two_tasks_too_far_apart_or_by_one_carer_are_told() -> None:
    apart = a_plan(li=(a_stop("v", 10),), wang=(a_stop("v", 60, task=1),))
    assert faults_of(PAIR, apart) == ["The two tasks of v start 50.00 minutes apart, not 10 to 20."]
    assert "Visit v needs two carers; the plan sends one." in faults_of(
        PAIR, a_plan(li=(a_stop("v", 10), a_stop("v", 40, task=1)))
    )


def test_a_stop_during_the_break_is_told() -> None:
    problem = on_a_road(a_visit("v"), a_visit("w"), carers=(a_carer("li", break_from=30, break_minutes=30),))
    early = a_plan(li=(a_stop("v", 10), a_stop("w", 40)))
    assert faults_of(problem, early) == ["Carer li cannot be at w at 40.00; the earliest is 70.00."]


def test_every_part_of_the_cost_is_counted() -> None:
    visits = (
        a_visit("late", closes=5, late_weight=2.0, liking={"li": 7.0}),
        a_visit("out", prize=40.0),
    )
    problem = on_a_road(*visits, carers=(a_carer("li", shift_end=45),), weights=Weights(1, 2, 3, 4))
    plan = a_plan("out", li=(a_stop("late", 10),))
    cost = 20 + 2 * 10 + 3 * 5 + 4 * 5 + 7 + 40
    assert parts_of(problem, plan) == Parts(travel=20, late=10, latest=5, overtime=5, liking=7, skipped=40, cost=cost)


def a_knot() -> Problem:
    return on_a_road(a_visit_by_two("a"), a_visit_by_two("b"), carers=(LI, WANG))


def test_routes_that_wait_for_each_other_have_no_times() -> None:
    crosswise = {"li": [("a", 0), ("b", 0)], "wang": [("b", 1), ("a", 1)]}
    assert times_for(a_knot(), crosswise) is None


def test_who_comes_early_waits_for_the_other() -> None:
    problem = on_a_road(a_visit("first", 3), a_visit_by_two("pair"), carers=(LI, WANG))
    times = times_for(problem, {"li": [("first", 0), ("pair", 0)], "wang": [("pair", 1)]})
    assert times is not None
    assert [times["li"][1].start, times["wang"][0].start] == [80, 80]
