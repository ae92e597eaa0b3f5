"""Jobs: done once, stopped when asked, taken up where a dead worker left them."""

import datetime as dt
import errno

import pytest
from django.db import OperationalError

from yinling.kernel import jobs
from yinling.kernel.actors import System
from yinling.kernel.clock import now
from yinling.kernel.errors import NotFound
from yinling.kernel.models import Job

pytestmark = pytest.mark.django_db


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    done: list[int] = []

    def count(progress: jobs.Progress) -> dict[str, int]:
        for number in range(progress.cursor or 0, progress.arguments["to"]):
            progress.stop_if_asked()
            if number == progress.arguments.get("die_at") and progress.job.attempts == 1:
                raise KeyboardInterrupt  # as a killed process would: nothing is written any more
            done.append(number)
            progress.reach(number + 1, progress.arguments["to"], cursor=number + 1)
        return {"counted": len(done)}

    monkeypatch.setitem(jobs._kinds, "tests.count", count)
    return done


def test_a_job_is_done_and_keeps_its_result(system: System, counted: list[int]) -> None:
    job = jobs.start("tests.count", {"to": 3}, by=system)
    assert jobs.run_all() == 1
    job.refresh_from_db()
    assert (job.state, job.result, job.done, job.total) == ("done", {"counted": 3}, 3, 3)


def test_the_same_key_is_queued_once(system: System, counted: list[int]) -> None:
    first = jobs.start("tests.count", {"to": 1}, by=system, key="today")
    assert jobs.start("tests.count", {"to": 1}, by=system, key="today") == first


def test_a_job_of_a_dead_worker_is_taken_up_at_its_cursor(system: System, counted: list[int]) -> None:
    job = jobs.start("tests.count", {"to": 4, "die_at": 2}, by=system)
    with pytest.raises(KeyboardInterrupt):
        jobs.run_one("first")
    assert not jobs.run_one("second")  # the lease still holds
    Job.objects.update(lease_until=now() - dt.timedelta(seconds=1))
    assert jobs.run_one("second")
    job.refresh_from_db()
    assert job.state == "done"
    assert counted == [0, 1, 2, 3]


def test_the_supervisor_gives_a_dead_runners_job_back_at_once(system: System, counted: list[int]) -> None:
    jobs.start("tests.count", {"to": 3, "die_at": 1}, by=system)
    with pytest.raises(KeyboardInterrupt):
        jobs.run_one("first")
    assert jobs.release("first") == 1
    assert jobs.run_one("second")
    assert counted == [0, 1, 2]


def test_a_queued_job_stops_at_once_and_can_be_taken_up_again(system: System, counted: list[int]) -> None:
    job = jobs.start("tests.count", {"to": 2}, by=system)
    jobs.cancel(job.uid, by=system)
    assert jobs.run_all() == 0
    jobs.resume(job.uid, by=system)
    assert jobs.run_all() == 1
    assert counted == [0, 1]


def test_nobody_stops_the_job_of_another(system: System, counted: list[int]) -> None:
    job = jobs.start("tests.count", {"to": 1}, by=system)
    stranger = System("stranger", uid="00000000-0000-7000-8000-000000000001")
    with pytest.raises(NotFound):
        jobs.cancel(job.uid, by=stranger)
    assert Job.objects.get().state == "queued"


@pytest.mark.parametrize("trouble", [OperationalError("database is locked"), OSError(errno.ENOSPC, "no space")])
def test_a_job_that_meets_a_locked_database_or_a_full_disk_is_tried_again_later(
    trouble: Exception, system: System, monkeypatch: pytest.MonkeyPatch
) -> None:
    def work(progress: jobs.Progress) -> dict[str, int]:
        if progress.job.attempts < 3:
            raise trouble
        return {"attempts": progress.job.attempts}

    monkeypatch.setitem(jobs._kinds, "tests.unlucky", work)
    job, waits = jobs.start("tests.unlucky", {}, by=system), []
    for _ in range(2):
        assert jobs.run_all() == 1  # it waits now: no runner turns round it
        job.refresh_from_db()
        assert job.state == "queued" and job.not_before
        waits.append(job.not_before - now())
        Job.objects.update(not_before=now())
    assert jobs.run_all() == 1
    job.refresh_from_db()
    assert (job.state, job.result) == ("done", {"attempts": 3})
    assert dt.timedelta(0) < waits[0] < waits[1] < dt.timedelta(minutes=5)


def test_a_job_whose_file_is_gone_fails_at_once(system: System, monkeypatch: pytest.MonkeyPatch) -> None:
    def work(progress: jobs.Progress) -> None:
        raise FileNotFoundError(errno.ENOENT, "no such file")

    monkeypatch.setitem(jobs._kinds, "tests.gone", work)
    job = jobs.start("tests.gone", {}, by=system)
    jobs.run_all()
    job.refresh_from_db()
    assert job.state == "failed"


def test_a_failing_job_says_why(system: System, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(jobs._kinds, "tests.fail", lambda progress: {}["missing"])
    job = jobs.start("tests.fail", {}, by=system)
    jobs.run_all()
    job.refresh_from_db()
    assert job.state == "failed"
    assert "KeyError" in job.error
