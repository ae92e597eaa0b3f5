"""What failed: changes that a listener could not handle, jobs that ended in an error. Read, and tried again.

For the system administrator: kinds, numbers and the error's last lines, never what a change or a job is about.
"""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from yinling.kernel.actors import Actor, require
from yinling.kernel.changes import handler_named, record
from yinling.kernel.clock import now
from yinling.kernel.errors import NotFound, Refused
from yinling.kernel.events import Event
from yinling.kernel.models import DeadLetter, Job
from yinling.kernel.permissions import Kernel
from yinling.kernel.uids import Uid


@dataclass(frozen=True)
class LetterSettled(Event):
    """A change that a listener had failed at was handled at last. Subject: whom the change is about."""

    kind: ClassVar[str] = "kernel.letter_settled"
    subject: ClassVar[str] = "dead_letter"
    listener: str = ""
    number: int = 0


@dataclass(frozen=True)
class JobTriedAgain(Event):
    """A failed job was queued once more."""

    kind: ClassVar[str] = "kernel.job_tried_again"
    subject: ClassVar[str] = "job"
    job_kind: str = ""


def dead_letters() -> QuerySet[DeadLetter]:
    """Changes that a listener could not handle and that nobody has settled, newest first."""
    return DeadLetter.objects.filter(settled_at__isnull=True).select_related("change").order_by("-id")


def failed_jobs() -> QuerySet[Job]:
    """Jobs that ended in an error and whose kind has not succeeded since, newest first."""
    later = Job.objects.filter(kind=OuterRef("kind"), state=Job.State.DONE, ended_at__gt=OuterRef("ended_at"))
    return Job.objects.filter(~Exists(later), state=Job.State.FAILED).order_by("-id")


def hear_again(letter_id: int, *, by: Actor) -> DeadLetter:
    """Hand a change to the listener that failed at it once more. Refused, with the error, when it fails again."""
    require(by, Kernel.READ_JOBS)
    letter = dead_letters().filter(pk=letter_id).first()
    if letter is None:
        raise NotFound("dead letter")
    handler = handler_named(letter.listener)
    if handler is None:
        raise Refused("Nobody listens under the name {name} any more. Tell the developers.", name=letter.listener)
    try:
        with transaction.atomic():
            handler(letter.change)
            _settle(letter, by)
    except Exception as error:
        letter.error, letter.failed_at = f"{type(error).__name__}: {error}", now()
        letter.save(update_fields=["error", "failed_at"])
        raise Refused("It failed again: {error}. The cause must be mended first.", error=letter.error[:200]) from error
    return letter


def _settle(letter: DeadLetter, by: Actor) -> None:
    letter.settled_at = now()
    letter.save(update_fields=["settled_at"])
    about = letter.change.subject_uid or UUID(int=0)
    fact = LetterSettled(about, listener=letter.listener, number=letter.change.number or 0)
    record(fact, by=by, place_key=letter.change.place_key)


@transaction.atomic
def try_job_again(uid: Uid, *, by: Actor) -> Job:
    """Queue a failed job once more, whoever started it; it goes on from where it left off."""
    require(by, Kernel.READ_JOBS)
    job = Job.objects.select_for_update().filter(uid=uid, state=Job.State.FAILED).first()
    if job is None:
        raise NotFound("job")
    job.state, job.error, job.attempts, job.ended_at, job.not_before = Job.State.QUEUED, "", 0, None, now()
    job.save(update_fields=["state", "error", "attempts", "ended_at", "not_before"])
    record(JobTriedAgain(job.uid, job_kind=job.kind), by=by, place_key=job.place_key)
    return job
