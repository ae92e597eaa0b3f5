"""Long work: queued, leased, resumable, stoppable, its progress shown.

`start` queues; a runner process (`run_one`) takes a lease that a heartbeat extends while the process lives; work
reports through `Progress`, which saves a cursor and hears a wish to stop. When a worker dies its lease ends, and
the next runner takes the job up from the cursor. Why not the queue of django-tasks: docs/decisions/0003.
"""

import datetime as dt
import errno
import logging
import threading
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, InterfaceError, OperationalError, connection, transaction
from django.db.models import Q

from yinling.kernel.actors import Actor
from yinling.kernel.clock import now
from yinling.kernel.database import insert, is_postgresql
from yinling.kernel.errors import NotFound
from yinling.kernel.models import Job
from yinling.kernel.uids import Uid

log = logging.getLogger(__name__)
LEASE = dt.timedelta(seconds=20)
HEARTBEAT_S = 5
MOST_ATTEMPTS = 20
LONGEST_PAUSE_S = 300
FULL = {errno.ENOSPC, errno.EDQUOT}
Work = Callable[["Progress"], dict[str, Any] | None]
_kinds: dict[str, Work] = {}


class Cancelled(Exception):
    """Somebody asked the job to stop; what was done so far is kept."""


@dataclass
class Progress:
    """What running work holds: its job, where it left off, and how to say how far it is."""

    job: Job

    @property
    def arguments(self) -> dict[str, Any]:
        """What the job was started with."""
        return dict(self.job.arguments)

    @property
    def cursor(self) -> Any:
        """Where an earlier attempt left off, or None."""
        return self.job.cursor

    def reach(self, done: int, total: int | None = None, cursor: Any = None) -> None:
        """Save how far the work is. Call in the transaction of the work itself. Raises Cancelled if asked to stop."""
        self.job.done, self.job.total = done, total if total is not None else self.job.total
        self.job.cursor = cursor if cursor is not None else self.job.cursor
        self.job.lease_until = now() + LEASE
        mine = Job.objects.filter(pk=self.job.pk, worker=self.job.worker, state=Job.State.RUNNING)
        if not mine.update(done=done, total=self.job.total, cursor=self.job.cursor, lease_until=self.job.lease_until):
            raise Cancelled("the job was taken over by another worker")

    def stop_if_asked(self) -> None:
        """Raise Cancelled when somebody pressed stop. Call between batches, outside their transactions."""
        if Job.objects.filter(pk=self.job.pk, cancel_asked=True).exists():
            raise Cancelled("asked to stop")


def kind(name: str) -> Callable[[Work], Work]:
    """Register the work that jobs of this kind do."""

    def register(work: Work) -> Work:
        _kinds[name] = work
        return work

    return register


def start(
    name: str,
    arguments: dict[str, Any],
    *,
    by: Actor,
    key: str | None = None,
    place_key: int = 0,
    not_before: dt.datetime | None = None,
) -> Job:
    """Queue work. With a `key`, the same work queued twice is the same job."""
    fields: dict[str, Any] = {
        "kind": name, "arguments": arguments, "actor_uid": by.uid, "place_key": place_key,
        "not_before": not_before or now(),
    }  # fmt: skip
    if key is None:
        return insert(Job(**fields))
    same = Job.objects.filter(key=key)
    if not same.exists():
        try:
            with transaction.atomic():
                return insert(Job(key=key, **fields))
        except IntegrityError:  # somebody else queued it in this instant
            pass
    return same.get()


def cancel(uid: Uid, *, by: Actor) -> Job:
    """Ask a job of one's own to stop. A queued one stops at once."""
    with transaction.atomic():
        job = Job.objects.filter(uid=uid, actor_uid=by.uid).first()
        if job is None:
            raise NotFound("job")
        if job.state == Job.State.QUEUED:
            job.state, job.ended_at = Job.State.CANCELLED, now()
        job.cancel_asked = True
        job.save(update_fields=["state", "ended_at", "cancel_asked"])
    return job


def resume(uid: Uid, *, by: Actor) -> Job:
    """Take a stopped or failed job of one's own up again from where it left off."""
    with transaction.atomic():
        job = Job.objects.filter(uid=uid, actor_uid=by.uid).first()
        if job is None:
            raise NotFound("job")
        if job.state in (Job.State.CANCELLED, Job.State.FAILED):
            job.state, job.cancel_asked, job.error, job.attempts = Job.State.QUEUED, False, "", 0
            job.ended_at, job.not_before = None, now()
            job.save()
    return job


def claim(worker: str) -> Job | None:
    """Take the oldest job that waits, or whose worker has died."""
    waiting = Q(state=Job.State.QUEUED, not_before__lte=now())
    orphaned = Q(state=Job.State.RUNNING, lease_until__lt=now())
    if not Job.objects.filter(waiting | orphaned).exists():
        return None  # asked without a write lock: an idle runner disturbs nobody
    with transaction.atomic():
        jobs = Job.objects.filter(waiting | orphaned).order_by("id")
        job = (jobs.select_for_update(skip_locked=True) if is_postgresql() else jobs).first()
        if job is None:
            return None
        job.state, job.worker, job.lease_until = Job.State.RUNNING, worker, now() + LEASE
        job.attempts += 1
        job.save(update_fields=["state", "worker", "lease_until", "attempts"])
    return job


def release(worker: str) -> int:
    """Give back every job a dead worker held. The supervisor calls this at once when a runner dies."""
    held = Job.objects.filter(worker=worker, state=Job.State.RUNNING)
    return held.update(state=Job.State.QUEUED, worker="", lease_until=None)


def run_one(worker: str) -> bool:
    """Do one job if there is one. Returns whether there was."""
    job = claim(worker)
    if job is None:
        return False
    if job.attempts > MOST_ATTEMPTS:
        _end(job, Job.State.FAILED, error=f"gave up after {MOST_ATTEMPTS} attempts")
        return True
    with _heartbeat(job):
        _run(job)
    return True


def run_all(worker: str = "inline") -> int:
    """Do every job that waits, here and now (tests, command line). Returns how many."""
    count = 0
    while run_one(worker):
        count += 1
    return count


def _run(job: Job) -> None:
    try:
        result = _kinds[job.kind](Progress(job))
    except Cancelled as stop:
        _end(job, Job.State.CANCELLED, error=str(stop))
    except Exception as error:
        if _is_passing(error):
            _try_again(job, error)
        else:
            log.exception("job %s (%s) failed", job.uid, job.kind)
            _end(job, Job.State.FAILED, error=traceback.format_exc(limit=-3))
    else:
        _end(job, Job.State.DONE, result=result)


def _is_passing(error: Exception) -> bool:
    """Whether it is the database (locked, gone) or the disk (full) that refused, and not the job that is wrong."""
    if isinstance(error, OSError):
        return error.errno in FULL
    return isinstance(error, OperationalError | InterfaceError)


def _try_again(job: Job, trouble: Exception) -> None:
    """Somebody must still be told: later each time, for more than an hour until `MOST_ATTEMPTS`."""
    log.warning("job %s (%s) is tried again: %s", job.uid, job.kind, trouble)
    pause = dt.timedelta(seconds=min(2**job.attempts, LONGEST_PAUSE_S))
    mine = Job.objects.filter(pk=job.pk, worker=job.worker, state=Job.State.RUNNING)
    mine.update(state=Job.State.QUEUED, worker="", lease_until=None, not_before=now() + pause)


def _end(job: Job, state: Job.State, result: dict[str, Any] | None = None, error: str = "") -> None:
    mine = Job.objects.filter(pk=job.pk, worker=job.worker, state=Job.State.RUNNING)
    mine.update(state=state, result=result, error=error, ended_at=now(), lease_until=None)


@contextmanager
def _heartbeat(job: Job) -> Iterator[None]:
    """Extend the lease from a thread for as long as this process lives and the work runs."""
    if connection.in_atomic_block:  # inside a test's transaction another connection could not see the job
        yield
        return
    ended = threading.Event()
    thread = threading.Thread(target=_beat, args=(job.pk, job.worker, ended), daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


def _beat(job_id: int, worker: str, ended: threading.Event) -> None:
    while not ended.wait(HEARTBEAT_S):
        Job.objects.filter(pk=job_id, worker=worker, state=Job.State.RUNNING).update(lease_until=now() + LEASE)
    connection.close()
