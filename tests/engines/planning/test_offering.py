"""What a visit costs with each carer, and why this one."""

from dataclasses import replace

import pytest

from tests.engines.planning.builders import CARE, NURSING, a_carer, a_visit, a_visit_by_two, on_a_road
from yinling.engines.planning.checking import faults_of, parts_of
from yinling.engines.planning.offering import moved, offers, why
from yinling.engines.planning.problem import Problem
from yinling.engines.planning.solving import Until, solve

pytestmark = [pytest.mark.heavy, pytest.mark.xdist_group("planning")]
BRIEFLY = Until(moves=4_000)
ROAD = on_a_road(a_visit("one", 1), a_visit("two", 3), carers=(a_carer("li"), a_carer("wang", at=4)))


def said(problem: Problem, visit: str) -> list[str]:
    return [str(reason) for reason in why(problem, solve(problem, BRIEFLY), visit)]


def test_every_carer_who_may_has_a_price_and_the_cheapest_comes_first() -> None:
    found = offers(ROAD, solve(ROAD, BRIEFLY), "two")
    assert [(offer.carer, offer.adds) for offer in found] == [("wang", 20), ("li", 40)]


def test_a_price_is_what_the_plan_costs_more() -> None:
    plan = solve(ROAD, BRIEFLY)
    for offer in offers(ROAD, plan, "two"):
        made = moved(ROAD, plan, "two", offer.carer)
        without = replace(ROAD, visits=[ROAD.visits[0]])
        assert made.after.cost - solve(without, BRIEFLY).parts.cost == pytest.approx(offer.adds)
        assert faults_of(ROAD, made.plan) == []
        assert parts_of(ROAD, made.plan).cost == pytest.approx(made.after.cost)
        assert made.before == plan.parts


def test_a_visit_dragged_to_somebody_who_may_not_is_left_out() -> None:
    problem = on_a_road(a_visit("wound", needing=NURSING), carers=(a_carer("nurse", NURSING), a_carer("aide", CARE)))
    assert moved(problem, solve(problem, BRIEFLY), "wound", "aide").plan.left_out == ("wound",)


def test_one_of_two_is_moved_and_the_other_finds_a_partner() -> None:
    problem = on_a_road(a_visit_by_two("lift"), carers=(a_carer("li"), a_carer("wang"), a_carer("zhao", at=1)))
    made = moved(problem, solve(problem, BRIEFLY), "lift", "wang", task=1)
    assert faults_of(problem, made.plan) == []
    assert [stop.task for stop in made.plan.routes["wang"]] == [1]


def test_why_this_one_tells_price_next_best_and_who_may_not() -> None:
    problem = replace(ROAD, carers=(*ROAD.carers, a_carer("new", "none"), a_carer("ex")))
    problem = replace(problem, visits=[ROAD.visits[0], replace(ROAD.visits[1], forbidden=frozenset({"ex"}))])
    assert said(problem, "two") == [
        "With wang the visit adds 20.0 weighted minutes to the plan.",
        "The next best is li, at 20.0 minutes more.",
        "new lacks the skill care.",
        "ex is not to be sent here.",
    ]


def test_why_left_out_tells_the_price_and_the_prize() -> None:
    poor = on_a_road(a_visit("poor", 3, prize=5.0), carers=(a_carer("li"),))
    assert said(poor, "poor") == ["Left out: it would add 60.0 minutes and is worth 5.0."]
    nobody = on_a_road(a_visit("wound", needing=NURSING), carers=(a_carer("aide", CARE),))
    assert said(nobody, "wound")[0].startswith("Left out: nobody may make this visit.")


def test_a_cheaper_carer_is_named_where_somebody_moved_the_visit_by_hand() -> None:
    dragged = moved(ROAD, solve(ROAD, BRIEFLY), "two", "li").plan
    assert "wang would cost 20.0 minutes less. Move the visit, or plan again." in [
        str(reason) for reason in why(ROAD, dragged, "two")
    ]
