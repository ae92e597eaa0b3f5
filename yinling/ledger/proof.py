"""The proof of books and seals, run as a job: asked for from the page or by night, its result kept with the job.

A result is `{"postings", "changes", "count", "faults": [{"kind", "where", "what"}]}`; `what` is a Reason as data.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from yinling.kernel import jobs
from yinling.kernel.actors import Actor, require
from yinling.kernel.changes import record
from yinling.kernel.clock import now
from yinling.kernel.models import Change, Job
from yinling.kernel.reasons import Reason
from yinling.kernel.seals import verify as broken_seals
from yinling.ledger.checks import Tell
from yinling.ledger.events import BooksProved
from yinling.ledger.models import Posting
from yinling.ledger.permissions import Ledger
from yinling.ledger.queries import verify_books

JOB = "ledger.proof"
MOST_KEPT = 200  # faults named in the result; all are counted
BOOKS, SEALS = "books", "seals"
GOING = (Job.State.QUEUED, Job.State.RUNNING)


@dataclass(frozen=True)
class Fault:
    """One thing that is broken: in the books (uid of an account or transfer, key of a book) or a sealed change."""

    kind: str
    where: str
    what: Reason

    def as_data(self) -> dict[str, Any]:
        """As kept with the job."""
        return {"kind": self.kind, "where": self.where, "what": self.what.as_data()}


@dataclass(frozen=True)
class Proof:
    """A proof that has ended: when, how much was read, what is broken (the first ones named)."""

    ended_at: dt.datetime
    postings: int
    changes: int
    count: int
    faults: list[Fault]


def ask_for_proof(*, by: Actor) -> Job:
    """Have the books proved now; the proof that is under way, when there is one. Raises NotAllowed."""
    require(by, Ledger.PROVE)
    going = under_way()
    return going or jobs.start(JOB, {}, by=by, key=f"{JOB} {now().isoformat(timespec='seconds')}")


def under_way() -> Job | None:
    """The proof that waits or runs."""
    return Job.objects.filter(kind=JOB, state__in=GOING, not_before__lte=now()).order_by("-id").first()


def latest_proof() -> Proof | None:
    """The newest proof that went to its end; None before the first."""
    job = Job.objects.filter(kind=JOB, state=Job.State.DONE).order_by("-ended_at", "-id").first()
    if job is None or job.result is None or job.ended_at is None:
        return None
    kept = [Fault(one["kind"], one["where"], Reason.from_data(one["what"])) for one in job.result["faults"]]
    return Proof(job.ended_at, job.result["postings"], job.result["changes"], job.result["count"], kept)


def failed_since(proof: Proof | None) -> Job | None:
    """A newer proof that did not come to its end: its job says why."""
    failed = Job.objects.filter(kind=JOB, state=Job.State.FAILED)
    return (failed.filter(ended_at__gt=proof.ended_at) if proof else failed).order_by("-id").first()


def prove(progress: jobs.Progress, *, by: Actor) -> dict[str, Any]:
    """Read every posting twice and every sealed change once; the result names what is broken."""
    postings, changes = Posting.objects.count(), Change.objects.filter(number__isnull=False).count()
    read = 0

    def tell(rows: int) -> None:
        nonlocal read
        read += rows
        progress.reach(min(read, 2 * postings), 2 * postings + changes)
        progress.stop_if_asked()

    tell(0)
    faults = _faults(tell)
    named = list(islice(faults, MOST_KEPT))
    count = len(named) + sum(1 for _ in faults)
    progress.reach(2 * postings + changes, 2 * postings + changes)
    record(BooksProved(progress.job.uid, faults=count), by=by)
    return {"postings": postings, "changes": changes, "count": count, "faults": [one.as_data() for one in named]}


def _faults(tell: Tell) -> Iterator[Fault]:
    for broken in verify_books(tell):
        yield Fault(BOOKS, broken.where, broken.what)
    for seal in broken_seals():
        yield Fault(SEALS, str(seal.number), Reason(seal.what))
