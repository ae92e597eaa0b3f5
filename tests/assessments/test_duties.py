"""What assessments put on people's lists, and what the night does."""

import datetime as dt
from pathlib import Path

import pytest
import yaml

from yinling.accounts.models import User
from yinling.assessments import duties, services
from yinling.assessments.jobs import remind_of_expiry
from yinling.assessments.models import Assessment, ConditionReport
from yinling.assessments.rules import months_after
from yinling.kernel import jobs
from yinling.kernel.clock import civil_date
from yinling.kernel.errors import Refused
from yinling.kernel.models import Change, Job
from yinling.kernel.reasons import Reason
from yinling.people.models import Person
from yinling.people.services import join_category, register_death
from yinling.reference.services import set_parameter
from yinling.worklist.models import WorkItem

from .builders import SYSTEM, a_person, an_assessor, on, planned, signed

pytestmark = pytest.mark.django_db
PARAMETERS = Path(__file__).parents[2] / "packs" / "national" / "parameters.yaml"


@pytest.fixture
def pair() -> tuple[User, User]:
    return an_assessor("wu"), an_assessor("xiang")


def open_duties(kind: str) -> list[str]:
    return [str(Reason.from_data(item.title)) for item in WorkItem.objects.open().filter(kind=kind).order_by("id")]


def remind(day: str) -> int:
    return services.remind(on=dt.date.fromisoformat(day), after=0, size=100, by=SYSTEM)[0]


def test_a_plan_is_a_duty_of_the_assessors_until_both_have_signed(elder: Person, pair: tuple[User, User]):
    found = planned(elder, planned_on=dt.date(2026, 12, 1))
    item = WorkItem.objects.open().get(kind=duties.ASSESS)
    assert (item.role, item.next_url_name, item.due_at) == ("assessor", "assessments:entry", on("2026-12-02", 0))
    services.void_assessment(uid=found.uid, reason="家人不同意", by=SYSTEM)
    assert not open_duties(duties.ASSESS)
    signed(elder, *pair)
    assert not open_duties(duties.ASSESS)


def test_a_result_asks_for_the_next_one_30_days_ahead_and_once(elder: Person, pair: tuple[User, User]):
    found = signed(elder, *pair, day="2026-08-12")
    assert found.valid_to == dt.date(2027, 8, 12)
    assert remind("2027-07-12") == 0
    assert remind("2027-07-13") == 1
    assert remind("2027-07-14") == 0
    (title,) = open_duties(duties.ENDING)
    assert "counts until" in title
    assert WorkItem.objects.get(kind=duties.ENDING).due_at == on("2027-08-12", 0)


def test_on_the_last_day_a_duty_still_open_just_gets_late_and_a_closed_one_opens_again(
    elder: Person, pair: tuple[User, User]
):
    signed(elder, *pair, day="2026-08-12")
    remind("2027-07-13")
    assert remind("2027-08-12") == 0
    assert len(open_duties(duties.ENDING)) == 1


def test_a_duty_closed_by_hand_without_a_new_assessment_opens_again_at_the_end(elder: Person, pair: tuple[User, User]):
    signed(elder, *pair, day="2026-08-12")
    remind("2027-07-13")
    services_close(elder)
    assert remind("2027-08-12") == 1
    services_close(elder)
    assert remind("2027-08-13") == 0


def services_close(elder: Person) -> None:
    duties.close_item(kind=duties.ENDING, subject=duties.about(elder.uid), by=SYSTEM)


def test_a_new_assessment_closes_what_asked_for_it(elder: Person, pair: tuple[User, User]):
    signed(elder, *pair, day="2025-06-12")
    remind("2026-06-12")
    services.report_change_of_condition(person_uid=elder.uid, note="摔倒后卧床", by=SYSTEM)
    new = signed(elder, *pair, day="2026-08-12")
    assert not open_duties(duties.ENDING) + open_duties(duties.CONDITION)
    assert ConditionReport.objects.get().settled_by == new
    assert remind("2026-08-13") == 0


def test_nobody_is_reminded_of_the_dead(elder: Person, pair: tuple[User, User]):
    signed(elder, *pair, day="2025-06-12")
    register_death(uid=elder.uid, died_on=dt.date(2026, 1, 1), by=SYSTEM, source="test")
    assert remind("2026-06-12") == 0


def test_months_of_validity_come_from_the_packs(elder: Person, pair: tuple[User, User]):
    given = next(p for p in yaml.safe_load(PARAMETERS.read_text("utf-8"))["parameters"] if "validity" in p["key"])
    assert given["verified"] is False
    set_parameter(key=given["key"], value=24, valid_from=dt.date(2021, 1, 1), by=SYSTEM)
    assert signed(elder, *pair, day="2026-08-12").valid_to == dt.date(2028, 8, 12)


def test_the_nightly_job_does_it_in_batches_and_again_changes_nothing(
    elder: Person, pair: tuple[User, User], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("yinling.assessments.jobs.BATCH", 1)
    almost_a_year_ago = months_after(civil_date(), -12) + dt.timedelta(days=10)
    for name in ("周桂英", "吴玉珍"):
        signed(a_person(name), *pair, day=almost_a_year_ago.isoformat())
    signed(a_person("向玉莲"), *pair, day="2021-06-12")  # history
    for _ in range(2):
        job = jobs.start("assessments.expiry", {}, by=SYSTEM)
        jobs.run_all()
        assert Job.objects.get(pk=job.pk).state == Job.State.DONE, Job.objects.get(pk=job.pk).error
    assert len(open_duties(duties.ENDING)) == 2
    assert remind_of_expiry


def test_a_change_of_a_destitute_persons_ability_is_assessed_within_ten_working_days(elder: Person):
    join_category(uid=elder.uid, category="destitute", on=dt.date(2024, 1, 1), by=SYSTEM, source="test")
    report = services.report_change_of_condition(person_uid=elder.uid, note="摔倒后卧床", by=SYSTEM)
    item = WorkItem.objects.open().get(kind=duties.CONDITION)
    assert (item.ladder, item.role) == ("change_of_ability", "county_clerk")
    assert "10 working days" in str(item.why_reason)
    assert report.note() == "摔倒后卧床"
    assert "卧床" not in str(item.title) + str(
        Change.objects.filter(subject_uid=elder.uid).values_list("data", "reason")
    )


def test_a_report_without_words_is_refused(elder: Person):
    with pytest.raises(Refused, match="Say why"):
        services.report_change_of_condition(person_uid=elder.uid, note="?", by=SYSTEM)
    assert not ConditionReport.objects.exists()
    assert not Assessment.objects.exists()
