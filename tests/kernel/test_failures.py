"""What failed is listed, tried again with its reason, and settled once it succeeds."""

from typing import Any
from uuid import uuid4

import pytest

from tests.conftest import a_user
from yinling.accounts.models import User
from yinling.kernel import changes, failures, jobs
from yinling.kernel.actors import System
from yinling.kernel.changes import deliver, record
from yinling.kernel.errors import NotAllowed, NotFound, Refused
from yinling.kernel.models import Change, DeadLetter, Job
from yinling.kernel.seals import seal_changes
from yinling.worklist.events import ItemOpened

pytestmark = pytest.mark.django_db
BY = System("test")


class Ear:
    """A listener that fails until it is mended."""

    def __init__(self) -> None:
        self.is_mended, self.heard = False, 0

    def __call__(self, change: Change) -> None:
        if not self.is_mended:
            raise ValueError("out of order")
        self.heard += 1


@pytest.fixture
def ear(monkeypatch: pytest.MonkeyPatch) -> Ear:
    found = Ear()
    monkeypatch.setattr(changes, "_listeners", {"worklist.opened": [("the ear", found)]})
    record(ItemOpened(uuid4()), by=BY)
    while seal_changes():
        pass
    deliver()
    return found


def test_a_letter_is_settled_once_its_listener_is_mended(ear: Ear):
    letter = failures.dead_letters().get()
    with pytest.raises(Refused, match="out of order"):
        failures.hear_again(letter.pk, by=BY)
    assert failures.dead_letters().count() == 1
    ear.is_mended = True
    failures.hear_again(letter.pk, by=BY)
    assert ear.heard == 1
    assert failures.dead_letters().count() == 0
    assert Change.objects.filter(type="kernel.letter_settled").count() == 1
    with pytest.raises(NotFound):
        failures.hear_again(letter.pk, by=BY)


def test_a_listener_that_is_gone_is_named(ear: Ear, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(changes, "_listeners", {})
    with pytest.raises(Refused, match="the ear"):
        failures.hear_again(failures.dead_letters().get().pk, by=BY)


def test_without_the_permission_nothing_is_tried(ear: Ear, county_clerk: User):
    ear.is_mended = True
    with pytest.raises(NotAllowed):
        failures.hear_again(DeadLetter.objects.get().pk, by=county_clerk)
    assert ear.heard == 0


def test_a_failed_job_of_somebody_else_is_queued_again(city: Any, monkeypatch: pytest.MonkeyPatch):
    outcomes = [ValueError("no disk"), None]

    def work(progress: jobs.Progress) -> None:
        if (error := outcomes.pop(0)) is not None:
            raise error

    monkeypatch.setattr(jobs, "_kinds", {"test.work": work})
    job = jobs.start("test.work", {}, by=BY)
    jobs.run_all()
    assert list(failures.failed_jobs()) == [job]
    failures.try_job_again(job.uid, by=a_user("system_administrator", city.key))
    jobs.run_all()
    job.refresh_from_db()
    assert job.state == Job.State.DONE
    assert not failures.failed_jobs()
    with pytest.raises(NotFound):
        failures.try_job_again(job.uid, by=BY)


def test_a_failure_that_a_later_run_has_made_good_is_not_shown(monkeypatch: pytest.MonkeyPatch):
    outcomes = [ValueError("no disk"), None]

    def work(progress: jobs.Progress) -> None:
        if (error := outcomes.pop(0)) is not None:
            raise error

    monkeypatch.setattr(jobs, "_kinds", {"test.work": work})
    for _ in range(2):
        jobs.start("test.work", {}, by=BY)
    jobs.run_all()
    assert Job.objects.filter(state=Job.State.FAILED).count() == 1
    assert not failures.failed_jobs()
