"""Reads of draws: for staff, and for everybody."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from yinling.accounts.models import User
from yinling.inspections.models import Draw
from yinling.inspections.queries.inspections import inspectors_around
from yinling.inspections.rules import drawing
from yinling.kernel.actors import Actor
from yinling.kernel.clock import CITY_ZONE
from yinling.kernel.errors import NotFound
from yinling.places.queries import tree


def draws_for(by: Actor) -> "QuerySet[Draw]":
    """Draws the actor sees. Unordered."""
    return Draw.objects.visible_to(by).select_related("checklist")


def draw(uid: object, by: Actor) -> Draw:
    """One draw the actor sees. Raises NotFound."""
    return Draw.objects.visible_to(by).select_related("checklist").one(uid=uid)


def public_draws(limit: int = 50) -> list[Draw]:
    """The newest draws, for everybody: that a draw was opened, or abandoned, is nobody's secret."""
    return list(Draw.objects.order_by("-id")[:limit])


def public_draw(uid: UUID) -> Draw:
    """One draw for everybody; show of it only `record_of(..., is_whole=False)`. Raises NotFound."""
    found = Draw.objects.filter(uid=uid).first()
    if found is None:
        raise NotFound("draw")
    return found


def possible_inspectors(found: Draw) -> list[User]:
    """Who may be put on the list of a draw: all who may inspect in its division, or somewhere in it."""
    return inspectors_around(found.place_key)


def record_of(found: Draw, *, is_whole: bool) -> dict[str, Any]:
    """The record of a draw: what everybody may have; whole: every slip in plain, for auditors (it tells grades)."""
    stated = {
        "number": found.number, "title": found.title, "division": tree().name(found.place_key),
        "state": found.state, "commitment": found.commitment, "list_digest": found.list_digest,
        "opened_at": _moment(found.opened_at), "closed_at": _moment(found.closed_at),
        "revealed_at": _moment(found.revealed_at), "abandoned_at": _moment(found.abandoned_at),
        "abandon_reason": found.abandon_reason,
        "inspectors": found.closed["names"] if found.closed else {},
    }  # fmt: skip
    shown = dict(found.revealed) if found.revealed else None
    if shown and is_whole and found.closed:
        shown |= {"opened": found.closed["slips"], "weights": found.closed["weights"], "grades": found.closed["grades"]}
    return drawing.record(stated, found.closed["list"] if found.closed else None, shown)


def _moment(at: Any) -> str | None:
    return at.astimezone(CITY_ZONE).isoformat(timespec="seconds") if at else None
