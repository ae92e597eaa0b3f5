"""The silence watch on the real tables: who is watched, what is raised, and how it ends."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.people.builders import a_person, a_village
from tests.supervision.warnings.builders import BY, a_consent, a_watched_elder, living_alone, signs_of
from yinling.accounts.models import User
from yinling.kernel import jobs
from yinling.kernel.changes import deliver
from yinling.kernel.clock import civil_date, now
from yinling.kernel.seals import seal_changes
from yinling.people.models import Consent, Person
from yinling.people.services import note_sign_of_life, withdraw_consent
from yinling.people.services.whereabouts import record_whereabouts
from yinling.supervision.models import Alert, Step
from yinling.supervision.warnings.jobs import WATCH_SILENCE
from yinling.supervision.warnings.rhythm import rhythm_of
from yinling.supervision.warnings.watching_silence import end_unconsented, watch_silence, who_is_watched

pytestmark = pytest.mark.usefixtures("rules")
LONG = 40  # hours: more than a night, two dinners and two breakfasts missing


def watch() -> int:
    return sum(raised for _done, _all, raised in watch_silence(at=now(), by=BY))


def others(count: int = 4) -> None:
    """Elders who are well: everybody's rhythm is learnt from them too."""
    for _ in range(count):
        a_watched_elder(document_number="", phone="")


def test_two_days_of_silence_raise_a_concern_once() -> None:
    others()
    her = a_watched_elder(silent_hours=LONG)
    assert watch() == 1
    assert watch() == 0
    alert = Alert.objects.get()
    assert (alert.person, alert.family) == (her, "silence")
    assert alert.level_name in ("blue", "yellow")


def test_when_nobody_is_heard_of_it_is_the_platform_that_is_deaf() -> None:
    a_watched_elder(silent_hours=4 * 24)
    assert watch() == 0


def test_a_usual_night_raises_nothing() -> None:
    others()
    assert watch() == 0


def test_nobody_is_watched_without_consent_or_with_company() -> None:
    with_company = a_person(by=BY)
    a_consent(with_company)
    without_consent = living_alone(a_person(by=BY, document_number="", phone=""))
    both = a_watched_elder(document_number="", phone="")
    assert set(who_is_watched(civil_date())) == {both.pk}
    assert without_consent.pk not in who_is_watched(civil_date())


def test_somebody_in_hospital_is_not_missed_at_home() -> None:
    her = a_watched_elder(silent_hours=LONG)
    record_whereabouts(person=her, kind="hospital", since=now() - dt.timedelta(hours=30))
    assert who_is_watched(civil_date()) == {}
    assert watch() == 0


def test_the_first_two_weeks_are_quiet() -> None:
    others()
    a_watched_elder(silent_hours=LONG, days_ago=13)
    assert watch() == 0


def withdraw(person: Person, by: User) -> None:
    consent = Consent.objects.get(person=person)
    withdraw_consent(uid=person.uid, consent_uid=consent.uid, on=civil_date(), reason="本人电话收回", by=by)


def test_withdrawing_the_consent_stops_the_watch_at_once(county_clerk: User) -> None:
    others()
    her = a_watched_elder(silent_hours=LONG)
    withdraw(her, county_clerk)
    assert her.pk not in who_is_watched(civil_date())
    assert watch() == 0
    assert rhythm_of(her, now()) is None


def test_what_was_raised_ends_with_the_consent(county_clerk: User) -> None:
    others()
    her = a_watched_elder(silent_hours=LONG)
    watch()
    withdraw(her, county_clerk)
    seal_changes()
    deliver()
    job = jobs.Job.objects.get(kind=WATCH_SILENCE)
    assert job.arguments == {"only": "consents"}
    jobs.Job.objects.filter(pk=job.pk).update(not_before=now())
    jobs.run_all()
    assert Alert.objects.get().state == "resolved"
    assert end_unconsented(by=BY) == 0


def test_a_visit_resolves_the_concern_and_a_door_is_only_noted() -> None:
    others()
    her, neighbour = (
        a_watched_elder(silent_hours=LONG),
        a_watched_elder(silent_hours=LONG, document_number="", phone=""),
    )
    assert watch() == 2
    note_sign_of_life(person=her, kind="visit", at=now() - dt.timedelta(minutes=9), by=BY)
    note_sign_of_life(person=neighbour, kind="door", at=now() - dt.timedelta(minutes=9), by=BY)
    watch()
    assert Alert.objects.get(person=her).state == "resolved"
    door = Alert.objects.get(person=neighbour)
    assert (door.is_waiting, door.last_signal) == (True, "cleared")
    assert Step.objects.filter(alert=door, verb=Step.Verb.CLEARED).count() == 1


def test_a_worker_gets_three_concerns_a_day_however_often_the_watch_runs() -> None:
    others(8)
    for _ in range(5):
        a_watched_elder(silent_hours=LONG, document_number="", phone="")
    assert watch() == 3
    assert watch() == 0


def test_the_budget_is_that_of_a_village() -> None:
    others(8)
    for place in (0, 1):
        for _ in range(4):
            a_watched_elder(silent_hours=LONG, document_number="", phone="", place_key=a_village(place=place))
    assert watch() == 6


def test_a_new_silence_after_a_resolved_one_is_a_new_concern() -> None:
    others()
    her = a_watched_elder(silent_hours=4 * 24)
    watch()
    assert Alert.objects.count() == 1
    signs_of(her, until=now() - dt.timedelta(hours=LONG))
    watch()
    assert sorted(Alert.objects.values_list("state", flat=True)) == ["raised", "resolved"]


def test_the_hourly_work_reports_what_it_raised() -> None:
    others()
    a_watched_elder(silent_hours=LONG)
    job = jobs.start(WATCH_SILENCE, {}, by=BY)
    jobs.run_all()
    job.refresh_from_db()
    assert (job.state, job.result) == ("done", {"raised": 1, "ended": 0})


def test_a_round_asks_the_same_number_of_statements_for_two_elders_and_for_six() -> None:
    others(1)
    watch()  # the first reads the parameters
    counts = []
    for count in (2, 4):
        others(count)
        with CaptureQueriesContext(connection) as queries:
            watch()
        counts.append(len(queries))
    assert counts[0] == counts[1]
