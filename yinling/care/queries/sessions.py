"""Reads of sessions: the list of a carer or partner, and of a plan."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from yinling.care.models import Session
from yinling.kernel.actors import Actor
from yinling.kernel.clock import civil_date

WEEK = dt.timedelta(days=6)


@dataclass(frozen=True)
class SessionFilters:
    """What a list of sessions is narrowed to: days, state, one's own, an organisation's, one plan's."""

    first: dt.date
    last: dt.date
    state: str = ""
    mine: bool = False
    plan: str = ""

    @classmethod
    def from_address(cls, address: Mapping[str, str]) -> "SessionFilters":
        """The filters in an address; this week where it names no days."""
        today = civil_date()
        monday = today - dt.timedelta(days=today.weekday())
        first = _day(address.get("first", ""), monday)
        last = _day(address.get("last", ""), first + WEEK)
        state, plan = address.get("state", ""), address.get("plan", "")
        return cls(
            first, max(first, last), state if state in Session.State.values else "", address.get("mine") == "yes",
            plan if _is_uid(plan) else "",
        )  # fmt: skip


def _day(text: str, otherwise: dt.date) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return otherwise


def _is_uid(text: str) -> bool:
    try:
        return bool(UUID(text))
    except ValueError:
        return False


def sessions_for(by: Actor, asked: SessionFilters) -> QuerySet[Session]:
    """Sessions the actor sees, with person and partner. Unordered."""
    found: Any = Session.objects.visible_to(by).filter(planned_on__range=(asked.first, asked.last))
    if asked.state:
        found = found.filter(state=asked.state)
    if asked.mine:
        found = found.filter(line__carer__user__uid=by.uid)
    if asked.plan:
        found = found.filter(line__plan__uid=asked.plan)
    return found.select_related("line__plan__person", "line__partner__organisation", "line__carer", "held_by")


def session(uid: object, by: Actor) -> Session:
    """One session the actor sees. Raises NotFound."""
    found: Any = Session.objects.visible_to(by).select_related(
        "line__plan__person", "line__partner__organisation", "line__carer", "held_by"
    )
    return found.one(uid=uid)
