"""Alerts for programs: scope, shape, acknowledging, number of statements."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.api.builders import asking
from tests.supervision.builders import FAR_VILLAGE, an_alert
from yinling.accounts.models import User
from yinling.supervision.models import Alert
from yinling.supervision.permissions import Supervision

pytestmark = pytest.mark.django_db


def test_alerts_are_those_of_ones_own_divisions(watcher: User) -> None:
    mine = an_alert("gas", 3)
    an_alert("gas", 3, place_key=FAR_VILLAGE)
    said = asking(watcher, Supervision.READ).get("/alerts").json()
    assert [one["uid"] for one in said["items"]] == [str(mine.uid)]
    assert said["items"][0]["level"] == "red" and said["items"][0]["state"] == "raised"


def test_alerts_are_filtered_by_level_and_rule(watcher: User) -> None:
    an_alert("gas", 3)
    blue = an_alert("battery", 0)
    program = asking(watcher, Supervision.READ)
    for filters in ({"level": "blue"}, {"rule": "battery"}, {"level": "blue", "open": "true"}):
        assert [one["uid"] for one in program.get("/alerts", **filters).json()["items"]] == [str(blue.uid)]


def test_one_alert_comes_with_its_steps(watcher: User) -> None:
    alert = an_alert("gas", 3)
    said = asking(watcher, Supervision.READ).get(f"/alerts/{alert.uid}").json()
    assert [step["verb"] for step in said["steps"]] == ["raised"]


def test_another_countys_alert_reads_as_not_found(watcher: User) -> None:
    far = an_alert("gas", 3, place_key=FAR_VILLAGE)
    program = asking(watcher, Supervision.READ, Supervision.ANSWER)
    assert program.get(f"/alerts/{far.uid}").status_code == 404
    assert program.post(f"/alerts/{far.uid}/acknowledge").status_code == 404
    assert Alert.objects.get(pk=far.pk).state == "raised"


def test_a_program_acknowledges_once_and_a_colleague_is_refused(watcher: User, colleague: User) -> None:
    alert = an_alert("gas", 3)
    program = asking(watcher, Supervision.ANSWER)
    assert program.post(f"/alerts/{alert.uid}/acknowledge", note="值班已接听").json()["state"] == "acknowledged"
    assert program.post(f"/alerts/{alert.uid}/acknowledge").status_code == 200
    assert asking(colleague, Supervision.ANSWER).post(f"/alerts/{alert.uid}/acknowledge").status_code == 422


def test_the_number_of_statements_does_not_grow(watcher: User) -> None:
    program = asking(watcher, Supervision.READ)
    counts = []
    for many in (1, 12):
        for _ in range(many):
            an_alert("battery", 0)
        with CaptureQueriesContext(connection) as caught:
            program.get("/alerts")
        counts.append(len(caught))
    assert counts[1] <= counts[0]
