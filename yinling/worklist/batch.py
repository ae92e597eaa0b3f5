"""Several duties at once: the same verb for each, and what became of each."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from yinling.accounts.models import User
from yinling.kernel.errors import Refused
from yinling.kernel.reasons import Reason
from yinling.kernel.uids import uid_of
from yinling.worklist import services
from yinling.worklist.models import WorkItem
from yinling.worklist.queries import Duty, duties_of

MOST = 200  # a page shows far fewer; a larger batch belongs into a job


@dataclass(frozen=True)
class Outcome:
    """What became of one duty; `why_not` is None when it was done."""

    duty: Duty
    why_not: Reason | None


def chosen_duties(uids: Iterable[str], by: User) -> list[Duty]:
    """The duties ticked in a list, as far as they are the user's to see, in order of what is due.

    Raises Refused when none was ticked, or too many.
    """
    known = [uid for uid in dict.fromkeys(uids) if uid_of(uid)]
    if not known:
        raise Refused("No duty was ticked. Go back to the list and tick the duties first.")
    if len(known) > MOST:
        raise Refused("{count} duties were ticked; the limit is {limit}. Tick fewer.", count=len(known), limit=MOST)
    items = WorkItem.objects.visible_to(by).filter(uid__in=known).select_related("user")
    return duties_of(list(items.order_by("due_at", "id")), by)


def close_several(*, duties: Sequence[Duty], by: User, note: str) -> list[Outcome]:
    """Close each by hand with the same note; those that may not be closed say why, the others are closed."""
    return [_tried(duty, lambda uid: services.close_by_hand(uid=uid, by=by, note=note)) for duty in duties]


def hand_over_several(
    *, duties: Sequence[Duty], by: User, note: str, to_user: User | None = None, to_place: int | None = None
) -> list[Outcome]:
    """Hand each over with the same note; those that may not be say why."""

    def hand(uid: UUID) -> object:
        return services.hand_over(uid=uid, by=by, note=note, to_user=to_user, to_place=to_place)

    return [_tried(duty, hand) for duty in duties]


def _tried(duty: Duty, verb: Callable[[UUID], object]) -> Outcome:
    """Each duty in a transaction of its own: one that is refused spoils no other."""
    try:
        verb(duty.item.uid)
    except Refused as no:
        return Outcome(duty, no.reason)
    return Outcome(duty, None)
