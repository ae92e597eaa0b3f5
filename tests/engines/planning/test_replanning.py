"""The day goes otherwise: what is begun stays, what is promised is kept or named."""

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.engines.planning.builders import CARE, a_carer, a_visit, a_visit_by_two, on_a_road, problems
from yinling.engines.planning.asking import Unplannable
from yinling.engines.planning.checking import faults_of
from yinling.engines.planning.problem import Problem
from yinling.engines.planning.promising import Promise
from yinling.engines.planning.replanning import News, Replanned, Standing, replan
from yinling.engines.planning.solving import Until, solve

pytestmark = [pytest.mark.heavy, pytest.mark.xdist_group("planning")]
BRIEFLY = Until(moves=2_000)
LI, WANG = a_carer("li"), a_carer("wang", at=3)


def a_standing(problem: Problem, now: float = -1, *promised: str, tolerance: float = 15) -> Standing:
    plan = solve(problem, Until(moves=4_000))
    promises = tuple(
        Promise(stop.visit, uid, stop.start, tolerance, stop.task)
        for uid, route in plan.routes.items()
        for stop in route
        if stop.visit in promised
    )
    return Standing(problem, plan, now, promises)


def whose(replanned: Replanned, visit: str) -> list[str]:
    return [uid for uid, route in replanned.plan.routes.items() for stop in route if stop.visit == visit]


TWO = on_a_road(a_visit("near", 1), a_visit("far", 3), carers=(LI, WANG))


def test_what_has_begun_stays_as_it_was() -> None:
    standing = a_standing(TWO, 15)
    found = replan(standing, News(urgent=(a_visit("now", 2, opens=15),)), BRIEFLY)
    assert found.plan.routes["li"][0] == standing.plan.routes["li"][0]
    assert faults_of(found.problem, found.plan) == []
    assert len(whose(found, "now")) == 1


def test_the_visits_of_a_sick_carer_go_to_others_and_each_promise_is_named() -> None:
    found = replan(a_standing(TWO, -1, "near", "far"), News(sick=frozenset({"wang"})), BRIEFLY)
    assert whose(found, "far") == ["li"]
    assert [(broken.promise.visit, broken.carer, str(broken.reason)) for broken in found.broken] == [
        ("far", "li", "wang cannot come; li comes instead.")
    ]


def test_a_promise_stands_though_another_carer_would_now_be_cheaper() -> None:
    standing = a_standing(TWO, -1, "near", "far", tolerance=60)
    near_li = replace(TWO, carers=(LI, replace(WANG, start_place=0, end_place=0)))
    found = replan(replace(standing, problem=near_li), News(), BRIEFLY)
    assert (whose(found, "far"), found.broken) == (["wang"], ())


def test_without_news_nothing_changes_even_for_who_is_on_her_way() -> None:
    long_road = on_a_road(a_visit("near", 1), a_visit("far", 9), carers=(LI,))
    standing = a_standing(long_road, 70)
    found = replan(standing, News(), BRIEFLY)
    assert found.plan.routes == standing.plan.routes
    assert found.moved == ()


def test_an_urgent_visit_goes_round_the_promised_ones_where_it_can() -> None:
    found = replan(a_standing(TWO, -1, "near", "far"), News(urgent=(a_visit("now", 1, closes=60),)), BRIEFLY)
    assert found.broken == ()
    assert found.plan.parts.late == 0


def test_a_promise_that_an_urgent_visit_delays_says_so() -> None:
    alone = on_a_road(a_visit("near", 1, opens=10, closes=10), carers=(LI,))
    urgent = replace(a_visit("now", 1, closes=10), late_weight=500.0)
    found = replan(a_standing(alone, -1, "near", tolerance=5), News(urgent=(urgent,)), BRIEFLY)
    assert [str(broken.reason) for broken in found.broken] == [
        "now is urgent and comes first; li comes 30 minutes later."
    ]


def test_a_carer_who_is_held_up_is_late_and_says_so() -> None:
    alone = on_a_road(a_visit("near", 1, opens=10, closes=10), carers=(LI,))
    found = replan(a_standing(alone, -1, "near", tolerance=5), News(held_up={"li": 60}), BRIEFLY)
    assert found.plan.routes["li"][0].start == 70
    assert [str(broken.reason) for broken in found.broken] == ["li is held up and comes 60 minutes later."]


def test_where_nobody_can_come_the_promise_says_so_and_the_judge_too() -> None:
    alone = on_a_road(a_visit("near", 1), carers=(LI,))
    found = replan(a_standing(alone, -1, "near"), News(sick=frozenset({"li"})), BRIEFLY)
    assert found.plan.left_out == ("near",)
    assert [str(broken.reason) for broken in found.broken] == [
        "li cannot come and nobody else may. Ask for help from outside."
    ]


def test_what_is_called_off_is_gone_unless_it_has_begun() -> None:
    both = News(called_off=frozenset({"near", "far"}))
    begun = replan(a_standing(TWO, 15), both, BRIEFLY)
    assert {stop.visit for route in begun.plan.routes.values() for stop in route} >= {"near"}
    before = replan(a_standing(TWO, -1, "near"), both, BRIEFLY)
    assert not any(before.plan.routes.values())
    assert before.broken == ()


def test_the_second_of_two_still_comes_within_the_gap() -> None:
    problem = on_a_road(a_visit_by_two("drip", gap=(60, 70)), a_visit("other", 2), carers=(LI, WANG))
    standing = a_standing(problem, 20)
    found = replan(standing, News(urgent=(a_visit("now", 2, opens=20),)), BRIEFLY)
    assert faults_of(found.problem, found.plan) == []


def test_a_break_that_was_due_before_the_news_is_still_taken() -> None:
    carer = a_carer("li", break_from=20, break_minutes=30)
    standing = a_standing(on_a_road(a_visit("v", 1), a_visit("w", 1), carers=(carer,)), 25)
    found = replan(standing, News(held_up={"li": 90}), BRIEFLY)
    assert [stop.start for stop in found.plan.routes["li"]] == [10, 90]
    assert faults_of(found.problem, found.plan) == []


def test_names_that_are_not_there_are_refused() -> None:
    with pytest.raises(Unplannable, match="There is no carer ghost to be sick or held up"):
        replan(a_standing(TWO), News(sick=frozenset({"ghost"}), called_off=frozenset({"nothing"})), BRIEFLY)


def test_one_visit_finds_its_place_without_any_search() -> None:
    found = replan(a_standing(TWO), News(urgent=(a_visit("now", 2),)), Until(moves=0))
    assert len(whose(found, "now")) == 1
    assert found.plan.moves == 0


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(problems(), st.integers(0, 200), st.data())
def test_any_day_that_goes_otherwise_can_be_carried_out(problem: Problem, now: int, data: st.DataObject) -> None:
    names = [visit.uid for visit in problem.visits]
    promised = data.draw(st.sets(st.sampled_from(names)))
    standing = a_standing(problem, float(now), *promised)
    carers = st.sampled_from([carer.uid for carer in problem.carers])
    news = News(
        urgent=(a_visit("urgent", opens=float(now), closes=float(now) + 30, needing=CARE, lasting=20),),
        sick=frozenset(data.draw(st.sets(carers, max_size=1))),
        held_up=dict.fromkeys(data.draw(st.sets(carers, max_size=1)), float(now) + 25),
    )
    found = replan(standing, news, BRIEFLY)
    half = {stop.visit for route in standing.plan.routes.values() for stop in route if stop.start <= now}
    forgiven = (
        "is left out; it must be made",
        *(f"{uid} start" for uid in half),
        *(f"Visit {uid} needs" for uid in half),
    )
    assert [
        fault for fault in faults_of(found.problem, found.plan) if not any(text in fault for text in forgiven)
    ] == []
    named = {(broken.promise.visit, broken.promise.task) for broken in found.broken}
    kept = {(stop.visit, stop.task): (uid, stop.start) for uid, route in found.plan.routes.items() for stop in route}
    for promise in standing.promises:
        uid, start = kept.get((promise.visit, promise.task), ("nobody", 0.0))
        is_kept = uid == promise.carer and abs(start - promise.start) <= promise.tolerance + 1e-6
        assert is_kept != ((promise.visit, promise.task) in named)
