"""Writes of shifts: each refusal leaves nothing behind, and a second sending changes nothing."""

import datetime as dt
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from tests.conftest import HECHENG, LUFENG, a_user
from tests.institutions.builders import a_home
from tests.shifts.builders import BY, HOUR, Floor, a_floor, a_medicine, a_point, a_turning_plan, given
from yinling.accounts.models import User
from yinling.institutions import services as institutions
from yinling.kernel.clock import now, start_of
from yinling.kernel.errors import NotAllowed, NotFound, Refused
from yinling.kernel.models import Change
from yinling.shifts import facts, handlers, services
from yinling.shifts.models import CareRecord, HandOver, HeadCount, Incident, MissedTask, RiskAssessment
from yinling.shifts.queries import span_at, span_before
from yinling.worklist.models import WorkItem

pytestmark = pytest.mark.django_db


def test_a_turn_is_recorded_once_however_often_it_is_sent(floor: Floor) -> None:
    a_turning_plan(floor)
    task, sent = floor.task("turn"), services.Sent(uuid4(), now())
    rows = [
        services.record_care(ward_uid=floor.ward.uid, task=task.key, slot_at=task.slot_at, by=floor.carer, sent=sent)
        for _ in range(3)
    ]
    assert len({row.pk for row in rows}) == 1 and task.key in floor.day().records
    again = services.record_care(ward_uid=floor.ward.uid, task=task.key, slot_at=task.slot_at, by=floor.colleague)
    assert again.pk == rows[0].pk and Change.objects.filter(type="shifts.care_recorded").count() == 1


def test_a_medicine_given_by_two_is_refused_to_the_second(floor: Floor) -> None:
    a_medicine(floor)
    task = floor.task("medicine")
    given(floor)
    with pytest.raises(Refused, match="report an incident"):
        services.record_care(ward_uid=floor.ward.uid, task=task.key, slot_at=task.slot_at, by=floor.colleague)
    assert CareRecord.objects.count() == 1


def test_a_made_up_task_is_not_found(floor: Floor) -> None:
    with pytest.raises(NotFound):
        services.record_care(ward_uid=floor.ward.uid, task="turn:x:1", slot_at=now(), by=floor.carer)
    assert not CareRecord.objects.exists()


def test_the_same_person_cannot_check_a_medicine_twice_over(floor: Floor) -> None:
    a_medicine(floor)
    held = given(floor)
    with pytest.raises(Refused, match="colleague"):
        services.check_medicine(uid=held.uid, by=floor.carer)
    held.refresh_from_db()
    assert held.checked_at is None
    with pytest.raises(IntegrityError), transaction.atomic():
        CareRecord.objects.filter(pk=held.pk).update(checked_by=held.done_by, checked_at=now())
    services.check_medicine(uid=held.uid, by=floor.colleague)
    held.refresh_from_db()
    assert held.checked_label == floor.colleague.label


def test_a_colleague_confirms_with_the_pin_and_a_wrong_pin_is_counted(floor: Floor, settings: object) -> None:
    from django.contrib.auth.hashers import make_password  # noqa: PLC0415

    a_medicine(floor)
    held = given(floor)
    User.objects.filter(pk=floor.colleague.pk).update(pin_hash=make_password("846203"))
    with pytest.raises(Refused, match="not the PIN"):
        services.check_by_pin(uid=held.uid, colleague_uid=floor.colleague.uid, pin="111111", by=floor.carer)
    assert Change.objects.filter(type="shifts.check_refused", subject_uid=floor.colleague.uid).count() == 1
    with pytest.raises(Refused, match="yourself"):
        services.check_by_pin(uid=held.uid, colleague_uid=floor.carer.uid, pin="846203", by=floor.carer)
    done = services.check_by_pin(uid=held.uid, colleague_uid=floor.colleague.uid, pin="846203", by=floor.carer)
    assert str(done.checked_by) == str(floor.colleague.uid)


def test_a_record_is_taken_back_by_its_author_alone_and_is_due_again(floor: Floor) -> None:
    a_medicine(floor)
    held = given(floor)
    with pytest.raises(Refused, match="whoever recorded"):
        services.take_back(uid=held.uid, reason="点错了", by=floor.colleague)
    services.take_back(uid=held.uid, reason="点错了", by=floor.carer)
    assert floor.task("medicine").key == held.task


def test_a_meal_is_recorded_for_the_ward_at_once_and_again_adds_nothing(floor: Floor) -> None:
    meals = [task for task in floor.day().tasks if task.kind == "meal"]
    slot = meals[0].slot_at if meals else None
    if slot is None:  # the night shift eats nothing before 07:30
        pytest.skip("no meal in this shift")
    results = {floor.stay.uid: "done", floor.other.uid: "refused"}
    at = services.Sent(uuid4(), min(now(), max(slot, now() - HOUR)))
    if slot - now() > HOUR:
        with pytest.raises(Refused, match="from 60 minutes before"):
            services.record_meal(ward_uid=floor.ward.uid, slot_at=slot, results=results, by=floor.carer)
        return
    assert services.record_meal(ward_uid=floor.ward.uid, slot_at=slot, results=results, by=floor.carer, sent=at) == 2
    assert services.record_meal(ward_uid=floor.ward.uid, slot_at=slot, results=results, by=floor.carer, sent=at) == 0


def test_a_patrol_point_is_passed_once_a_round_and_an_old_code_opens_nothing(floor: Floor) -> None:
    point = a_point(floor)
    first = services.patrol(token=point.token, by=floor.carer)
    assert services.patrol(token=point.token, by=floor.colleague).pk == first.pk
    services.replace_point(uid=point.uid, by=floor.manager)
    with pytest.raises(NotFound):
        services.patrol(token=point.token, by=floor.carer)
    assert CareRecord.objects.count() == 1


def hand_over(floor: Floor, seen: dict, **more: object) -> HandOver:
    span = span_at(now())
    return services.hand_over(ward_uid=floor.ward.uid, day=span.day, shift=span.key, seen=seen, by=floor.carer, **more)  # type: ignore[arg-type]


def test_a_hand_over_without_head_count_is_refused(floor: Floor) -> None:
    with pytest.raises(Refused, match="Count every resident"):
        hand_over(floor, {})
    with pytest.raises(Refused, match="nobody said where"):
        hand_over(floor, floor.seen(floor.stay))
    assert not HandOver.objects.exists() and not Incident.objects.exists()


def test_a_resident_nobody_has_seen_becomes_an_incident_and_is_found_at_the_next_count(floor: Floor) -> None:
    made = hand_over(floor, floor.seen(floor.stay, word="午饭后没见人"))
    incident = Incident.objects.get()
    assert (made.seen, made.expected, incident.kind) == (1, 2, "not_seen") and incident.origin_uid == made.uid
    day = made.day
    assert facts.resident_not_seen(day, now()).count() == 1
    before = span_before(span_at(now()))
    services.hand_over(ward_uid=floor.ward.uid, day=before.day, shift=before.key, seen=floor.seen(), by=floor.carer)
    assert HeadCount.objects.get(state="not_seen").found_at is not None
    assert Change.objects.filter(type="shifts.resident_not_seen").count() == 1


def test_a_resident_with_a_slip_is_out_and_not_missing(floor: Floor) -> None:
    institutions.go_on_leave(stay_uid=floor.stay.uid, kind="outing", due_back=now() + HOUR, by=BY)
    made = hand_over(floor, floor.seen(floor.stay))
    assert (made.seen, made.out) == (1, 1) and not Incident.objects.exists()


def test_a_shift_is_handed_over_once_and_taken_over_by_somebody_else(floor: Floor) -> None:
    made = hand_over(floor, floor.seen())
    assert hand_over(floor, floor.seen(floor.stay)).pk == made.pk
    with pytest.raises(Refused, match="comes after you"):
        services.take_over(uid=made.uid, by=floor.carer)
    services.take_over(uid=made.uid, by=floor.colleague)
    made.refresh_from_db()
    assert made.taken_label == floor.colleague.label


def test_what_was_not_done_is_written_down_once_and_made_up_by_a_late_record(floor: Floor) -> None:
    a_turning_plan(floor, every=60)
    before = span_before(span_at(now()))
    count = services.close_shift(ward=floor.ward, span=before, by=BY)
    assert count >= 1 and services.close_shift(ward=floor.ward, span=before, by=BY) == 0
    turns = facts.turn_missing(before.day, now()).count()
    late = MissedTask.objects.filter(kind="turn").order_by("-due_at").first()
    assert late is not None
    at = services.Sent(uuid4(), min(late.due_at, now()))
    services.record_care(ward_uid=floor.ward.uid, task=late.task, slot_at=late.due_at, by=floor.carer, sent=at)
    assert facts.turn_missing(before.day, now()).count() == turns - 1


def test_a_medicine_without_second_check_is_a_fact_after_its_grace(floor: Floor) -> None:
    a_medicine(floor)
    held = given(floor)
    assert not facts.medicine_without_second_check(held.day, now()).exists()
    assert facts.medicine_without_second_check(held.day, now() + HOUR).count() == 1


def test_two_taps_report_an_incident_and_the_same_tap_again_is_the_same(floor: Floor) -> None:
    sent = services.Sent(uuid4(), now())
    report = services.Report("fall", now(), (floor.stay.uid,))
    one = services.report_incident(institution_uid=floor.home.uid, report=report, by=floor.carer, sent=sent)
    two = services.report_incident(institution_uid=floor.home.uid, report=report, by=floor.carer, sent=sent)
    assert one.pk == two.pk and not one.is_late
    duty = WorkItem.objects.get(kind="shifts.complete")
    assert duty.user == floor.carer and abs(duty.due_at - (one.happened_at + HOUR)) < dt.timedelta(seconds=5)
    change = Change.objects.get(type="shifts.incident_reported")
    assert change.data["persons"] == [str(floor.stay.person.uid)]


def test_an_incident_reported_after_the_hour_is_marked_late(floor: Floor) -> None:
    report = services.Report("fall", now() - 2 * HOUR, (floor.stay.uid,))
    made = services.report_incident(institution_uid=floor.home.uid, report=report, by=floor.carer)
    assert made.is_late and facts.incident_reported_late(made.happened_at.date(), now()).count() <= 1


def test_an_incident_goes_from_report_to_review_to_somebody_outside(floor: Floor, township_clerk: User) -> None:
    report = services.Report("fall", now(), (floor.stay.uid,))
    made = services.report_incident(institution_uid=floor.home.uid, report=report, by=floor.carer)
    with pytest.raises(Refused, match="does not yet say"):
        services.review_incident(uid=made.uid, cause="地面湿滑", measures="放置标识", by=floor.manager)
    words = services.Words("起夜时滑倒", "扶起检查，未见外伤")
    services.complete_incident(uid=made.uid, words=words, by=floor.carer)
    services.review_incident(uid=made.uid, cause="地面湿滑", measures="放置标识", by=floor.manager)
    with pytest.raises(NotAllowed):
        services.close_incident(uid=made.uid, by=floor.manager)
    services.return_incident(uid=made.uid, why="措施没有责任人", by=township_clerk)
    services.review_incident(uid=made.uid, cause="地面湿滑", measures="王某负责放置标识", by=floor.manager)
    closed = services.close_incident(uid=made.uid, by=township_clerk)
    assert closed.state == "closed" and not WorkItem.objects.open().filter(kind__startswith="shifts.").exists()
    assert "滑倒" not in bytes(closed.what_sealed).decode("latin-1") and closed.plain("what") == "起夜时滑倒"


def test_risks_are_graded_and_a_high_one_needs_a_measure(floor: Floor) -> None:
    with pytest.raises(Refused, match="needs a measure"):
        services.assess_risks(stay_uid=floor.stay.uid, answers=["fall.happened"], measures=[], by=floor.manager)
    assert not RiskAssessment.objects.exists()
    made = services.assess_risks(
        stay_uid=floor.stay.uid, answers=["fall.happened"], measures=["fall.help"], by=floor.manager
    )
    grades = dict(made.findings.values_list("risk", "grade"))
    assert grades["fall"] == "high" and grades["lost"] == "low" and len(grades) == 9


def test_admission_asks_for_the_nine_risks_and_the_assessment_closes_the_duty(floor: Floor) -> None:
    change = Change.objects.filter(type="institutions.admitted").order_by("id").first()
    assert change is not None
    handlers.on_admission(change)
    handlers.on_admission(change)
    duty = WorkItem.objects.open().get(kind="shifts.risks")
    assert duty.user == floor.manager and duty.subject_uid == floor.stay.uid
    services.assess_risks(stay_uid=floor.stay.uid, answers=[], measures=[], by=floor.manager)
    assert not WorkItem.objects.open().filter(kind="shifts.risks").exists()
    assert services.ask_for_risks(by=BY) == 1  # the other resident


def test_a_year_later_the_risks_are_asked_for_again(floor: Floor) -> None:
    for stay in (floor.stay, floor.other):
        services.assess_risks(stay_uid=stay.uid, answers=[], measures=[], by=floor.manager)
    assert services.ask_for_risks(by=BY) == 0
    RiskAssessment.objects.filter(stay=floor.stay).update(assessed_on=dt.date.today() - dt.timedelta(days=370))
    assert services.ask_for_risks(by=BY) == 1


def test_medicines_need_an_agreement_and_readable_times(floor: Floor) -> None:
    def order(times: tuple[str, ...], agreement: str) -> None:
        given = services.Order("药", "1片", "张医生", times, agreement)
        services.order_medicine(stay_uid=floor.stay.uid, order=given, by=floor.manager)

    with pytest.raises(Refused, match="agreement"):
        order(("08:00",), "")
    with pytest.raises(Refused, match="times of day"):
        order(("早上",), "FY-1")
    assert not floor.stay.medicine_orders.exists()


def test_an_allergy_is_ticked_and_said(floor: Floor) -> None:
    with pytest.raises(Refused, match="one without the other"):
        services.set_diet(stay_uid=floor.stay.uid, tags=["allergy"], by=floor.manager)
    services.set_diet(stay_uid=floor.stay.uid, tags=["soft", "allergy"], allergy="花生", by=floor.manager)
    services.set_diet(stay_uid=floor.stay.uid, tags=["soft"], by=floor.manager)
    assert floor.stay.diets.count() == 2 and floor.stay.diets.filter(ended_at=None).get().tags == ["soft"]


def test_the_manager_of_one_home_does_nothing_in_the_next(floor: Floor) -> None:
    other = a_floor("卢峰镇第二敬老院", "甲")
    with pytest.raises(NotFound):
        services.add_point(ward_uid=floor.ward.uid, name="大门", by=other.manager)
    with pytest.raises(NotFound):
        services.plan_turning(stay_uid=floor.stay.uid, every_minutes=120, by=other.manager)
    with pytest.raises((NotAllowed, NotFound)):
        services.report_incident(institution_uid=floor.home.uid, report=services.Report("fall", now()), by=other.carer)


def test_wards_of_a_home_do_not_overlap(floor: Floor) -> None:
    with pytest.raises(Refused, match="belong to a ward already"):
        services.open_ward(institution_uid=floor.home.uid, name="二楼", by=floor.manager)


def test_a_clerk_of_another_county_sees_no_ward(floor: Floor) -> None:
    with pytest.raises(NotFound):
        services.take_over(uid=uuid4(), by=a_user("county_clerk", HECHENG))
    assert a_home("别处", LUFENG) and start_of(dt.date(2026, 1, 1))
