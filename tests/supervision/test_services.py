"""Raising and answering alerts."""

import datetime as dt
from uuid import uuid4

import pytest

from tests.conftest import LUFENG
from tests.supervision.builders import (
    BY,
    FAR_VILLAGE,
    ONSET,
    VILLAGE,
    a_home,
    a_person,
    an_alert,
    found,
    minutes,
    resolved,
)
from yinling.accounts.models import User
from yinling.files.models import StoredFile
from yinling.kernel.clock import now
from yinling.kernel.errors import NotAllowed, NotFound, Refused
from yinling.kernel.models import Change
from yinling.supervision import queries, services
from yinling.supervision.models import Alert, Rule, Silence, Step, Switch
from yinling.supervision.services import Finding
from yinling.supervision.services.steps import Point
from yinling.worklist.models import WorkItem

pytestmark = pytest.mark.django_db


def open_duties(alert: Alert) -> list[WorkItem]:
    return list(WorkItem.objects.open().filter(kind="supervision.alert", subject_uid=alert.uid))


def verbs(alert: Alert) -> list[str]:
    return list(Step.objects.filter(alert=alert).order_by("id").values_list("verb", flat=True))


def test_a_finding_raises_an_alert_with_a_clock_and_announces_it() -> None:
    alert = an_alert("stove", 2)
    assert alert.state == "raised" and alert.due_at is not None and alert.next_ask_at is not None
    (duty,) = open_duties(alert)
    assert duty.key == "acknowledge" and duty.ladder == "alert_orange" and duty.role == "village_visitor"
    assert Change.objects.filter(type="supervision.alert_raised", subject_uid=alert.uid).count() == 1


def test_the_same_finding_again_changes_nothing() -> None:
    finding = found(onset=ONSET, at=ONSET)
    first = services.raise_alert(finding=finding, by=BY)
    again = services.raise_alert(finding=finding, by=BY)
    assert first and again and first.pk == again.pk
    assert Alert.objects.count() == 1 and again.count == 1 and Step.objects.count() == 1
    assert Change.objects.filter(type="supervision.alert_raised").count() == 1


def test_what_comes_again_updates_the_open_alert() -> None:
    device = uuid4()
    alert = an_alert("stove", 1, device=device, onset=ONSET)
    again = services.raise_alert(finding=found("stove", 2, device, onset=ONSET + minutes(70)), by=BY)
    assert again and again.pk == alert.pk and again.count == 2 and again.level == 2
    assert "grew" in verbs(again) and Alert.objects.count() == 1


def test_a_closed_alert_does_not_swallow_the_next_one(watcher: User, colleague: User) -> None:
    device = uuid4()
    old = resolved(watcher, device=device, onset=ONSET)
    services.verify_alert(uid=old.uid, is_right=True, by=colleague)
    services.close_alert(uid=old.uid, by=colleague)
    fresh = an_alert(device=device, onset=ONSET + minutes(200))
    assert fresh.pk != old.pk and Alert.objects.count() == 2


def test_a_late_smoke_alarm_is_raised_and_marked_late() -> None:
    alert = an_alert("smoke", 3, onset=now() - minutes(120), is_late=True)
    assert alert.is_late and alert.state == "raised"


def test_a_rule_that_no_pack_brought_is_a_bug() -> None:
    with pytest.raises(LookupError, match="no rule"):
        services.raise_alert(finding=found("moon"), by=BY)


def test_a_switched_off_rule_raises_nothing_there_and_elsewhere_it_does(watcher: User) -> None:
    services.switch_rule(rule="stove", place_key=LUFENG, is_on=False, reason="灶具改造", by=watcher)
    assert services.raise_alert(finding=found(), by=BY) is None
    assert services.raise_alert(finding=found(place_key=FAR_VILLAGE), by=BY) is not None
    services.switch_rule(rule="stove", place_key=LUFENG, is_on=True, reason="改造完成", by=watcher)
    assert services.raise_alert(finding=found(), by=BY) is not None


def test_a_silence_keeps_back_and_counts_what_it_kept(watcher: User) -> None:
    device = uuid4()
    old = an_alert(device=device, onset=ONSET)
    services.mark_false_alarm(uid=old.uid, cause="cooking", by=watcher)
    until = now() + minutes(60)
    made = services.silence(scope=old.scope, rule="stove", until=until, reason="在炸年货", by=watcher)
    assert services.raise_alert(finding=found(device=device, onset=ONSET + minutes(90)), by=BY) is None
    assert Silence.objects.get(pk=made.pk).held == 1
    services.end_silence(uid=made.uid, by=watcher)
    assert services.raise_alert(finding=found(device=device, onset=ONSET + minutes(95)), by=BY) is not None


def test_smoke_is_neither_silenced_nor_switched_off(watcher: User) -> None:
    alert = an_alert("smoke", 3)
    with pytest.raises(Refused, match="never silenced"):
        services.silence(scope=alert.scope, rule="smoke", until=now() + minutes(9), reason="x", by=watcher)
    with pytest.raises(Refused, match="cannot be switched off"):
        services.switch_rule(rule="smoke", place_key=LUFENG, is_on=False, reason="x", by=watcher)
    assert not Silence.objects.exists() and not Switch.objects.exists()


def test_nobody_silences_what_is_not_theirs(watcher: User) -> None:
    far = an_alert(place_key=FAR_VILLAGE)
    with pytest.raises(NotFound):
        services.silence(scope=far.scope, rule="stove", until=now() + minutes(9), reason="x", by=watcher)


def test_children_of_a_dead_gateway_are_held_back_and_smoke_is_not() -> None:
    home = a_home()
    gateway = an_alert("gateway.silent", 1, institution_uid=home.uid)
    child = an_alert("no_data", 0, institution_uid=home.uid)
    smoke = an_alert("smoke", 3, institution_uid=home.uid)
    assert child.held_back_by == gateway and not open_duties(child) and child.next_ask_at is None
    assert smoke.held_back_by is None and open_duties(smoke)
    assert child not in Alert.objects.standing()


def test_children_that_fell_silent_moments_before_the_gateway_are_held_back_too() -> None:
    home = a_home()
    child = an_alert("no_data", 0, institution_uid=home.uid)
    gateway = an_alert("gateway.silent", 1, institution_uid=home.uid)
    child.refresh_from_db()
    assert child.held_back_by == gateway and not open_duties(child)


def test_when_the_gateway_is_closed_what_is_normal_closes_and_what_is_not_is_told(
    watcher: User, colleague: User
) -> None:
    home = a_home()
    gateway = an_alert("gateway.silent", 1, institution_uid=home.uid)
    back, still = (an_alert("no_data", 0, institution_uid=home.uid) for _ in range(2))
    services.note_signal(scope=back.scope, rule="no_data", signal="cleared", at=now(), by=BY)
    services.arrive(uid=gateway.uid, by=watcher)
    services.resolve_alert(uid=gateway.uid, by=watcher, note="重启网关")
    services.verify_alert(uid=gateway.uid, is_right=True, by=colleague)
    services.close_alert(uid=gateway.uid, by=colleague)
    back.refresh_from_db()
    still.refresh_from_db()
    assert back.state == "closed" and still.state == "raised"
    assert still.held_back_by is None and open_duties(still)


def test_cleared_and_no_data_are_noted_and_resolve_nothing(watcher: User) -> None:
    alert = an_alert()
    services.note_signal(scope=alert.scope, rule="stove", signal="no_data", at=now(), by=BY)
    services.note_signal(scope=alert.scope, rule="stove", signal="no_data", at=now(), by=BY)
    assert verbs(alert).count("no_data") == 1
    services.acknowledge_alert(uid=alert.uid, by=watcher)
    with pytest.raises(Refused, match="no data is not over"):
        services.resolve_alert(uid=alert.uid, by=watcher, note="看起来没事")
    assert Alert.objects.get(pk=alert.pk).state == "acknowledged"


def test_the_whole_life_of_an_alert(watcher: User, colleague: User) -> None:
    alert = an_alert("gas", 3)
    services.acknowledge_alert(uid=alert.uid, by=watcher)
    services.dispatch_alert(uid=alert.uid, by=watcher, note="村医老向")
    services.arrive(uid=alert.uid, by=watcher)
    services.resolve_alert(uid=alert.uid, by=watcher, note="关阀通风")
    services.verify_alert(uid=alert.uid, is_right=True, by=colleague)
    done = services.close_alert(uid=alert.uid, by=colleague)
    assert done.state == "closed" and done.acknowledged_in_time and not done.is_false and not open_duties(done)
    assert verbs(done) == ["raised", "acknowledged", "dispatched", "arrived", "resolved", "verified", "closed"]
    assert Change.objects.filter(type="supervision.alert_closed", subject_uid=alert.uid).count() == 1


def test_each_step_has_a_clock_of_its_own(watcher: User) -> None:
    alert = an_alert("gas", 3)
    keys = [open_duties(alert)[0].key]
    for step in (services.acknowledge_alert, services.arrive):
        step(uid=alert.uid, by=watcher)
        keys.append(open_duties(alert)[0].key)
    services.resolve_alert(uid=alert.uid, by=watcher, note="关阀通风")
    keys.append(open_duties(alert)[0].key)
    assert keys == ["acknowledge", "on_site", "resolve", "verify"]


def test_pressing_acknowledge_twice_is_harmless_and_a_colleague_is_told(watcher: User, colleague: User) -> None:
    alert = an_alert()
    services.acknowledge_alert(uid=alert.uid, by=watcher)
    services.acknowledge_alert(uid=alert.uid, by=watcher)
    with pytest.raises(Refused, match="has answered this alert"):
        services.acknowledge_alert(uid=alert.uid, by=colleague)
    assert verbs(alert).count("acknowledged") == 1


def test_sending_nobody_is_refused(watcher: User) -> None:
    alert = an_alert()
    with pytest.raises(Refused, match="Who goes there"):
        services.dispatch_alert(uid=alert.uid, by=watcher)
    assert Alert.objects.get(pk=alert.pk).state == "raised"


def test_somebody_who_cannot_see_the_alert_is_not_sent(watcher: User, other_county_clerk: User) -> None:
    alert = an_alert()
    with pytest.raises(Refused, match="does not work there"):
        services.dispatch_alert(uid=alert.uid, by=watcher, to=other_county_clerk)
    assert Alert.objects.get(pk=alert.pk).state == "raised"


def test_red_is_not_resolved_from_afar(watcher: User) -> None:
    alert = an_alert("smoke", 3)
    services.acknowledge_alert(uid=alert.uid, by=watcher)
    with pytest.raises(Refused, match="on the spot only"):
        services.resolve_alert(uid=alert.uid, by=watcher, note="电话里说没事")
    assert Alert.objects.get(pk=alert.pk).resolved_at is None


def test_a_false_alarm_without_a_cause_of_the_list_is_refused(watcher: User) -> None:
    alert = an_alert("smoke", 3)
    for cause in ("", "ghosts"):
        with pytest.raises(Refused):
            services.mark_false_alarm(uid=alert.uid, cause=cause, by=watcher)
    assert not Alert.objects.get(pk=alert.pk).is_false
    done = services.mark_false_alarm(uid=alert.uid, cause="incense", by=watcher)
    assert done.is_false and done.state == "resolved"


def test_nobody_verifies_the_own_work_and_nothing_is_written(watcher: User) -> None:
    alert = resolved(watcher)
    with pytest.raises(Refused, match="Somebody other than you"):
        services.verify_alert(uid=alert.uid, is_right=True, by=watcher)
    assert Alert.objects.get(pk=alert.pk).verified_at is None


def test_what_is_given_back_starts_anew(watcher: User, colleague: User) -> None:
    alert = resolved(watcher)
    services.verify_alert(uid=alert.uid, is_right=False, note="灶还热着", by=colleague)
    alert.refresh_from_db()
    assert alert.state == "reopened" and alert.next_ask_at and [d.key for d in open_duties(alert)] == ["acknowledge"]


def test_closing_before_verifying_is_refused(watcher: User, colleague: User) -> None:
    alert = resolved(watcher)
    with pytest.raises(Refused, match="after somebody other"):
        services.close_alert(uid=alert.uid, by=colleague)


def test_a_closed_alert_opens_again_unless_a_newer_one_is_open(watcher: User, colleague: User) -> None:
    device = uuid4()
    alert = resolved(watcher, device=device, onset=ONSET)
    services.verify_alert(uid=alert.uid, is_right=True, by=colleague)
    services.close_alert(uid=alert.uid, by=colleague)
    newer = an_alert(device=device, onset=ONSET + minutes(99))
    with pytest.raises(Refused, match="A newer alert"):
        services.reopen_alert(uid=alert.uid, note="又开了", by=colleague)
    services.mark_false_alarm(uid=newer.uid, cause="other", by=watcher)
    assert services.reopen_alert(uid=alert.uid, note="又开了", by=colleague).state == "reopened"


def test_readers_and_other_counties_do_nothing(other_county_clerk: User) -> None:
    alert = an_alert()
    with pytest.raises(NotFound):
        services.acknowledge_alert(uid=alert.uid, by=other_county_clerk)
    assert Alert.objects.get(pk=alert.pk).state == "raised"


def test_reading_is_not_answering(city: object) -> None:
    from_county = _reader()
    alert = an_alert()
    with pytest.raises(NotAllowed):
        services.acknowledge_alert(uid=alert.uid, by=from_county)


def _reader() -> User:
    from tests.conftest import XUPU, a_user  # noqa: PLC0415

    return a_user("reader", XUPU, "reader")


def test_a_note_and_a_photo_stay_with_the_alert(watcher: User) -> None:
    alert = an_alert()
    services.note_alert(uid=alert.uid, by=watcher, note="敲门无人应")
    assert queries.history_of(alert)[-1].note == "敲门无人应"
    with pytest.raises(Refused):
        services.note_alert(uid=alert.uid, by=watcher, note="  ")
    assert not StoredFile.objects.exists()


def test_loading_the_rules_again_changes_nothing() -> None:
    before = Rule.objects.count()
    from tests.supervision.builders import the_rules_are_loaded  # noqa: PLC0415

    the_rules_are_loaded()
    assert Rule.objects.count() == before


def test_a_faulty_rule_is_refused_with_its_file() -> None:
    bad = {"rules": [{"key": "x", "version": 1, "title": {"zh": "甲", "en": "A"}, "scope": "device", "source": "s",
                      "verified": False,
                      "levels": {"red": {"raise": {"metric": "smoke", "over_the_moon": 1}}}}]}  # fmt: skip
    with pytest.raises(Refused, match="cannot be read"):
        services.load_rules(bad, file="bad.yaml", pack="national", by=BY)


def test_precision_counts_verified_alerts_only(watcher: User, colleague: User) -> None:
    for cause in ("cooking", "", ""):
        alert = an_alert()
        services.arrive(uid=alert.uid, by=watcher)
        if cause:
            services.mark_false_alarm(uid=alert.uid, cause=cause, by=watcher)
        else:
            services.resolve_alert(uid=alert.uid, note="已处置", by=watcher)
        services.verify_alert(uid=alert.uid, is_right=True, by=colleague)
    an_alert()
    record = queries.record_of("stove", watcher)
    assert (record.verified, record.right, record.raised) == (3, 2, 4)
    assert queries.causes_of("stove", watcher) == [("cooking", 1)]


def test_an_alert_about_a_person_is_seen_with_the_person() -> None:
    person = a_person()
    finding = Finding("heart_rate", 2, "person", person.uid, VILLAGE, ONSET)
    alert = services.raise_alert(finding=finding, by=BY)
    assert alert and alert.person == person
    assert queries.alerts_about_person(person, BY) == [alert]


def test_whoever_was_sent_answers_as_well(watcher: User, colleague: User) -> None:
    person = a_person()
    alert = services.raise_alert(finding=Finding("wandering", 2, "person", person.uid, VILLAGE, ONSET), by=BY)
    assert alert
    services.dispatch_alert(uid=alert.uid, to=colleague, by=watcher)
    assert queries.answers_for(person, colleague)


def test_whoever_answers_an_open_alert_may_be_shown_the_position(watcher: User, colleague: User) -> None:
    person = a_person()
    alert = services.raise_alert(finding=Finding("wandering", 2, "person", person.uid, VILLAGE, ONSET), by=BY)
    assert alert
    services.acknowledge_alert(uid=alert.uid, by=watcher)
    assert queries.answers_for(person, watcher) and not queries.answers_for(person, colleague)
    services.mark_false_alarm(uid=alert.uid, cause="known_outing", by=watcher)
    assert not queries.answers_for(person, watcher)


def test_a_step_may_carry_where_it_was_taken(watcher: User) -> None:
    alert = an_alert()
    services.arrive(uid=alert.uid, by=watcher, at=Point(110.59, 27.91))
    step = Step.objects.get(alert=alert, verb="arrived")
    assert (step.longitude, step.latitude) == (110.59, 27.91)
    assert step.at - alert.detected_at < dt.timedelta(minutes=1)
