"""Rounds without a database: the problem from plain values, the simple plan, a sensible order, what changed."""

import numpy as np
import pytest

from yinling.care.rules.rounds import (
    Door,
    Given,
    Hand,
    Roads,
    differences,
    given_of,
    minutes_between,
    problem_of,
    simple_plan,
    why_not_move,
)
from yinling.engines.planning.checking import faults_of
from yinling.engines.planning.ordering import in_order, way

ROADS = Roads({"foot": 4.0, "motorbike": 25.0}, 1.5)


def a_door(uid: str, longitude: float = 110.6, **more: object) -> Door:
    facts: dict[str, object] = {"minutes": 30.0, "opens": 480.0, "closes": 1000.0} | more
    return Door(uid, "visit", longitude, 27.9, **facts)  # type: ignore[arg-type]


def a_hand(uid: str, **more: object) -> Hand:
    facts: dict[str, object] = {"mode": "motorbike", "starts": 480.0, "ends": 1050.0} | more
    return Hand(uid, 110.6, 27.9, **facts)  # type: ignore[arg-type]


def test_the_road_is_the_great_circle_times_the_detour_at_the_speed_of_the_mode() -> None:
    road = minutes_between([(110.0, 27.0), (110.0, 28.0)], 25.0, 1.5)
    assert road[0, 1] == pytest.approx(111.19 * 1.5 / 25 * 60, rel=0.001)
    assert road[0, 0] == 0


def test_values_survive_being_kept_as_json() -> None:
    given = Given((a_door("a", liking={"li": -20.0}, forbidden=("wang",)),), (a_hand("li"),), ROADS)
    assert given_of(given.as_data()) == given


def test_whoever_has_no_known_position_is_taken_to_be_in_the_middle() -> None:
    given = Given((Door("a", "visit", 0.0, 0.0, 30.0, 480.0, 1000.0),), (a_hand("li"),), ROADS).settled()
    assert (given.doors[0].longitude, given.doors[0].latitude) == (110.6, 27.9)


def test_a_matrix_may_be_given_instead_of_positions() -> None:
    road = np.array([[0.0, 7.0], [7.0, 0.0]])
    problem = problem_of(Given((a_door("a"),), (a_hand("li"),), ROADS), {"motorbike": road})
    assert problem.travel["motorbike"][0, 1] == 7


def test_a_simple_plan_can_be_carried_out_and_keeps_the_known_face() -> None:
    doors = tuple(a_door(f"d{n}", 110.6 + n / 200, liking={"wang": -20.0}) for n in range(6))
    problem = problem_of(Given(doors, (a_hand("li"), a_hand("wang")), ROADS))
    plan = simple_plan(problem)
    assert not faults_of(problem, plan)
    assert len(plan.routes["wang"]) == 6


def test_a_door_nobody_may_go_to_is_left_out_and_the_plan_still_holds() -> None:
    problem = problem_of(Given((a_door("a", needs=("nursing",)),), (a_hand("li"),), ROADS))
    plan = simple_plan(problem)
    assert plan.left_out == ("a",)
    assert not faults_of(problem, plan)


def test_a_visit_by_two_gets_two_hands_at_the_same_time() -> None:
    problem = problem_of(Given((a_door("a", needs=("visit", "visit")),), (a_hand("li"), a_hand("wang")), ROADS))
    plan = simple_plan(problem)
    assert not faults_of(problem, plan)
    assert [len(route) for route in plan.routes.values()] == [1, 1]


def test_a_village_list_goes_the_short_way_round_and_what_is_overdue_first() -> None:
    at = np.array([0.0, 3.0, 1.0, 2.0])
    road = abs(at[:, None] - at[None, :])
    assert in_order(road, 0, [1, 2, 3]) == [2, 3, 1]
    assert in_order(road, 0, [1, 2, 3], first=[1]) == [1, 3, 2]
    assert way(road, 0, [2, 3, 1]) == 3


def test_another_face_is_told_before_another_time() -> None:
    found = differences({"a": ("li", 500), "b": ("li", 540)}, {"a": ("li", 510), "b": ("wang", 540), "c": ("li", 600)})
    assert [(one.door, one.is_another_face) for one in found] == [("b", True), ("c", True), ("a", False)]


def test_what_is_begun_or_promised_is_not_moved() -> None:
    assert why_not_move(False, False) is None
    assert "begun" in str(why_not_move(False, True))
    assert "promised" in str(why_not_move(True, False))
