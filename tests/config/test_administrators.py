"""What waits for the three administrators and the auditor: opened once, taken away when its cause is gone."""

import datetime as dt
from typing import Any
from uuid import uuid4

import pytest

from tests.conftest import XUPU, a_user
from yinling.accounts.models import Assignment, User
from yinling.config.flows import administrators
from yinling.kernel import jobs
from yinling.kernel.clock import civil_date
from yinling.kernel.models import Chain, Change, DayRoot, DeadLetter, Job
from yinling.ledger.proof import JOB
from yinling.worklist.models import WorkItem
from yinling.worklist.queries import duties_of

pytestmark = pytest.mark.django_db
BY, TODAY = administrators.BY, civil_date()


def waiting_for(user: User, kind: str = "") -> list[WorkItem]:
    found = WorkItem.objects.open().held_by(user).order_by("id")
    return list(found.filter(kind=kind) if kind else found)


def a_role_ending(days: int) -> Assignment:
    user = a_user("county_clerk", XUPU, f"ends-in-{days}")
    held: Assignment = user.assignments.get()
    held.valid_to = TODAY + dt.timedelta(days=days)
    held.save(update_fields=["valid_to"])
    return held


def test_a_role_that_ends_within_a_fortnight_waits_for_the_security_administrator(city: Any):
    security = a_user("security_administrator", city.key)
    soon = a_role_ending(9)
    a_role_ending(40)
    for _ in range(2):
        administrators.ask_about_roles(TODAY, BY)
    (item,) = waiting_for(security)
    assert item.subject_uid == soon.uid
    assert duties_of([item], security)[0].label.text == "ends-in-9"


def test_the_duty_falls_away_when_the_role_has_ended_or_was_given_anew(city: Any):
    security = a_user("security_administrator", city.key)
    ended, renewed = a_role_ending(5), a_role_ending(6)
    administrators.ask_about_roles(TODAY, BY)
    ended.ended_at = administrators.start_of(TODAY)
    ended.save(update_fields=["ended_at"])
    Assignment.objects.create(user=renewed.user, role=renewed.role, place=renewed.place, valid_from=renewed.valid_to)
    administrators.ask_about_roles(TODAY, BY)
    assert waiting_for(security) == []
    assert set(WorkItem.objects.values_list("state", flat=True)) == {"void"}


def test_failures_wait_for_the_system_administrator_until_they_are_mended(city: Any):
    system = a_user("system_administrator", city.key)
    administrators.ask_about_failures(BY)
    assert waiting_for(system) == []
    change = Change.objects.create(type="people.died", actor_uid=uuid4(), number=1)
    letter = DeadLetter.objects.create(listener="somebody", change=change, error="x")
    for _ in range(2):
        administrators.ask_about_failures(BY)
    assert [item.next_url_name for item in waiting_for(system)] == ["desk:failures"]
    letter.settled_at = administrators.start_of(TODAY)
    letter.save(update_fields=["settled_at"])
    administrators.ask_about_failures(BY)
    assert waiting_for(system) == []


def test_the_log_is_read_once_a_week_also_when_it_was_read_already(city: Any):
    audit = a_user("audit_administrator", city.key)
    administrators.ask_for_the_week(TODAY, BY)
    (item,) = waiting_for(audit)
    administrators.close_item(kind=item.kind, subject=item.subject, by=BY)
    administrators.ask_for_the_week(TODAY, BY)
    assert waiting_for(audit) == []
    administrators.ask_for_the_week(TODAY + dt.timedelta(days=7), BY)
    assert len(waiting_for(audit)) == 1


def test_a_day_without_a_root_waits_for_the_audit_administrator(city: Any):
    audit = a_user("audit_administrator", city.key)
    Change.objects.filter(number=None).delete()
    old = TODAY - dt.timedelta(days=4)
    Chain.objects.create(day=old, county_key=0, last_hash=b"x", length=1)
    administrators.ask_about_seals(TODAY, BY)
    assert len(waiting_for(audit)) == 1
    DayRoot.objects.create(day=old, root=b"x", last_number=1)
    administrators.ask_about_seals(TODAY, BY)
    assert waiting_for(audit) == []


def test_books_that_do_not_hold_wait_for_the_auditor_until_a_proof_is_clean(city: Any):
    auditor = a_user("auditor", city.key)

    def proved(count: int) -> None:
        result = {"postings": 2, "changes": 2, "count": count, "faults": []}
        Job.objects.create(
            kind=JOB, actor_uid=uuid4(), state=Job.State.DONE, result=result, ended_at=administrators.start_of(TODAY)
        )
        administrators.ask_about_books(TODAY, BY)

    proved(3)
    assert len(waiting_for(auditor, administrators.FAULTS)) == 1
    proved(0)
    assert waiting_for(auditor, administrators.FAULTS) == []
    assert len(waiting_for(auditor, administrators.MONTH)) == 1


def test_the_nightly_job_opens_them_all_once(city: Any):
    a_role_ending(3)
    counts = []
    for _ in range(2):
        job = jobs.start("nightly.administrators", {"day": str(TODAY)}, by=BY)
        jobs.run_one("test")
        job.refresh_from_db()
        counts.append(job.result)
    assert counts == [{"opened": 3}, {"opened": 0}]
