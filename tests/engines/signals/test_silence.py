"""A rhythm of her own: nights weigh little, bunches count once, and a worker gets no more than the budget."""

import numpy as np
import pytest

from yinling.benches.signals_silence import compare, recall_at
from yinling.engines.signals.silence import HOUR_MS, Rhythms, concerns, learn

MONDAY = 1_767_542_400_000  # 5 January 2026, 00:00 in the city
WEEKS, DAY_H = 8, 24


def signs(hours: list[int], every_days: int = 1) -> np.ndarray:
    """Signs at these hours of every n-th day."""
    days = np.arange(0, WEEKS * 7, every_days)
    return MONDAY + (days[:, None] * DAY_H + np.array(hours)).ravel() * HOUR_MS


def learnt(*elders: np.ndarray) -> Rhythms:
    who = np.concatenate([np.full(len(times), number) for number, times in enumerate(elders)])
    begin = np.full(len(elders), MONDAY)
    return learn(who, np.concatenate(elders), len(elders), begin, MONDAY + WEEKS * 168 * HOUR_MS)


def score(rhythms: Rhythms, elder: int, since_h: float, until_h: float) -> float:
    begin = MONDAY + WEEKS * 168 * HOUR_MS
    since, until = (np.array([begin + round(hour * HOUR_MS)]) for hour in (since_h, until_h))
    return float(rhythms.scores(np.array([elder]), since, until)[0])


def test_twelve_hours_of_a_day_weigh_more_than_twelve_of_a_night() -> None:
    rhythms = learnt(signs([7, 9, 12, 15, 18, 20]))
    assert score(rhythms, 0, 8, 20) > 3 * score(rhythms, 0, 20, 31)


def test_a_day_of_silence_is_unusual_for_the_busy_elder_not_for_the_quiet_one() -> None:
    rhythms = learnt(signs([7, 9, 12, 15, 18, 20]), signs([10], every_days=3))
    assert score(rhythms, 0, 0, 24) > 4 * score(rhythms, 1, 0, 24)


def test_five_doors_in_one_hour_are_hardly_more_than_one_sign() -> None:
    steady = signs([8, 12, 16, 20])
    bunched = np.sort(np.concatenate([steady + minute * 60_000 for minute in (0, 3, 6, 9, 12)]))
    rhythms = learnt(steady, bunched)
    assert rhythms.bunching[1] > 2 * rhythms.bunching[0]
    assert score(rhythms, 1, 0, 24) < 2.5 * score(rhythms, 0, 0, 24)


def test_an_elder_of_whom_nothing_is_known_is_taken_to_be_like_the_others() -> None:
    rhythms = learnt(signs([8, 12, 18]), np.empty(0, np.int64))
    assert 0 < score(rhythms, 1, 0, 24) < score(rhythms, 0, 0, 24)


def test_a_worker_is_asked_about_no_more_than_the_budget_and_the_most_unusual_first() -> None:
    scores = np.array([9.0, 5.0, 7.0, 8.0, 6.0, 2.0])
    worker = np.array([0, 0, 0, 1, 1, 1])
    known = np.array([False, False, False, True, False, False])
    assert concerns(scores, worker, known, least=4.0, budget=2).tolist() == [0, 2, 4]


@pytest.mark.heavy
def test_at_twenty_alarms_a_thousand_days_it_recalls_far_more_than_a_fixed_number_of_days() -> None:
    points = compare(600, 7)
    assert recall_at(points, "silence watch", 20) > 2 * recall_at(points, "fixed days", 20)
