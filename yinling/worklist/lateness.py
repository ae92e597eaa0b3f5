"""Who is late, by worker and duty by duty: what a supervisor opens below the divisions."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Count, Min, QuerySet

from yinling.accounts.models import User
from yinling.kernel.actors import Actor, require
from yinling.kernel.clock import now
from yinling.kernel.scope import within
from yinling.places.queries import key_ranges
from yinling.worklist.models import WorkItem
from yinling.worklist.permissions import Worklist
from yinling.worklist.queries import Duty, duties_of
from yinling.worklist.telling import Holders, holders_today

MOST = 200  # duties listed; a supervisor opens a smaller division beyond


@dataclass(frozen=True)
class Worker:
    """Who does a duty: one user, or a role that several hold, or nobody (`holders` 0)."""

    user: User | None
    role: str
    holders: int

    @property
    def key(self) -> str:
        """How the address names the worker."""
        return f"user:{self.user.uid}" if self.user else f"role:{self.role}"


@dataclass(frozen=True)
class LateWorker:
    """A worker with late duties: how many, and since when."""

    worker: Worker
    count: int
    oldest_due: dt.datetime


def _late_in(user: Actor, division: int, at: dt.datetime | None) -> QuerySet[WorkItem]:
    require(user, Worklist.SUPERVISE, division)
    return WorkItem.objects.running().filter(within(key_ranges([division])), due_at__lt=at or now())


def _worker(holders: Holders, user: User | None, role: str, place_key: int) -> Worker:
    """The one who holds the role there, when it is one; else the role."""
    if user is not None:
        return Worker(user, role, 1)
    held = {one.pk: one for one in holders.of(role, place_key)}
    return Worker(next(iter(held.values())), role, 1) if len(held) == 1 else Worker(None, role, len(held))


def late_workers(user: Actor, division: int, at: dt.datetime | None = None) -> list[LateWorker]:
    """Workers with late duties in a division, longest late first. Three statements. Raises NotAllowed."""
    rows = _late_in(user, division, at).values_list("user_id", "role", "place_key")
    groups = list(rows.annotate(count=Count("id"), oldest=Min("due_at")))
    named = User.objects.in_bulk({row[0] for row in groups if row[0]})
    holders = holders_today({row[1] for row in groups if not row[0]})
    found: dict[str, LateWorker] = {}
    for user_id, role, place_key, count, oldest in groups:
        worker = _worker(holders, named.get(user_id), role, place_key)
        before = found.get(worker.key)
        known = before or LateWorker(worker, 0, oldest)
        found[worker.key] = LateWorker(known.worker, known.count + count, min(known.oldest_due, oldest))
    return sorted(found.values(), key=lambda late: (late.oldest_due, late.worker.key))


def late_duties(
    user: Actor, division: int, worker: str = "", at: dt.datetime | None = None
) -> list[tuple[Worker, Duty]]:
    """The late duties of a division (of one worker, when one is named), longest late first. Raises NotAllowed."""
    items = list(_late_in(user, division, at).select_related("user").order_by("due_at", "id")[: MOST * 10])
    holders = holders_today({item.role for item in items if item.user_id is None})
    doing = [(_worker(holders, item.user, item.role, item.place_key), item) for item in items]
    chosen = [(who, item) for who, item in doing if worker in ("", who.key)][:MOST]
    duties = duties_of([item for _, item in chosen], user)
    return [(who, duty) for (who, _), duty in zip(chosen, duties, strict=True)]
