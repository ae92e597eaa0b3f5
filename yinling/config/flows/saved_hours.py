"""A volunteer's saved hours on the telephone of visits: the balance of the time bank, as its page says it."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from yinling.accounts.models import User
from yinling.kernel.clock import civil_date
from yinling.sync.registry import Feed
from yinling.volunteers.queries import books
from yinling.volunteers.queries.members import own_member
from yinling.volunteers.services.accounts import MEMBER


def _own(user: User) -> Sequence[UUID]:
    member = own_member(user)
    return [member.uid] if member else []


def _hours(uids: Sequence[UUID], user: User) -> Mapping[UUID, dict[str, Any]]:
    saved = books.held_by(MEMBER, list(uids), "saved")
    return {uid: {"minutes": saved.get(uid, 0), "on": str(civil_date())} for uid in uids}


FEEDS = (Feed("hours", 1, _own, _hours),)
