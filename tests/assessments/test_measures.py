"""Figures: persons by level per place, for any day, as known at any instant."""

import datetime as dt

import pytest

from yinling.assessments import measures, services
from yinling.kernel.clock import now

from .builders import SYSTEM, VILLAGE, a_person, an_assessor, signed

pytestmark = pytest.mark.django_db
DAY = dt.date(2026, 9, 1)


def test_persons_are_counted_by_level_and_place_and_a_past_figure_stays():
    pair = an_assessor("wu"), an_assessor("xiang")
    other_village = 431224100002
    signed(a_person(), *pair, total=31)
    wrong = signed(a_person("周桂英"), *pair, total=31)
    signed(a_person("吴玉珍", other_village), *pair, total=90)
    then = now()
    severe, intact = measures.AT_LEVEL[3], measures.AT_LEVEL[0]
    assert severe.count(DAY, then) == {VILLAGE: 2}
    assert intact.count(DAY, then) == {other_village: 1}
    assert severe.count(dt.date(2026, 8, 11), then) == {}
    services.void_assessment(uid=wrong.uid, reason="评错了人", by=SYSTEM)
    assert severe.count(DAY, now()) == {VILLAGE: 1}
    assert severe.count(DAY, then) == {VILLAGE: 2}
    assert measures.ASSESSED.count(DAY, now()) == {VILLAGE: 1, other_village: 1}
