"""What every step shares: find the alert, write the step down, announce it. Private to the services."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from yinling.institutions.models import Staff
from yinling.kernel.actors import Actor, require
from yinling.kernel.changes import record
from yinling.kernel.crypto import seal
from yinling.kernel.database import insert
from yinling.supervision import events
from yinling.supervision.models import Alert, Step
from yinling.supervision.permissions import Supervision

WITH = ("rule", "institution__organisation", "person")


@dataclass(frozen=True)
class Point:
    """Where the phone was (WGS84 degrees)."""

    longitude: float
    latitude: float


def note_place(uid: UUID) -> str:
    """What the sealed note of a step is bound to."""
    return f"supervision.step.note:{uid}"


def locked(uid: object, by: Actor, permission: str) -> Alert:
    """The alert, locked, that `by` sees and may act on: at its place, or as staff of its home. Raises NotFound."""
    found = Alert.objects.visible_to(by).select_related(*WITH).select_for_update(of=("self",)).one(uid=uid)
    at_work = (
        found.institution_id is not None
        and Staff.objects.filter(institution=found.institution_id, user__uid=by.uid, left_on__isnull=True).exists()
    )
    require(by, permission, None if at_work and permission == Supervision.ANSWER else found.place_key)
    return found


def enter(alert: Alert, verb: Step.Verb, by: Actor, note: str = "", at: Point | None = None, **data: Any) -> Step:
    """Write a step down, once and for all."""
    step = Step(
        alert=alert, verb=verb, actor_uid=by.uid, actor_label=by.label[:60], data=data,
        longitude=at.longitude if at else None, latitude=at.latitude if at else None,
    )  # fmt: skip
    step.note = seal(note.strip()[:600], note_place(step.uid)) if note.strip() else b""
    return insert(step)


def announce(event: type[events.AlertEvent], alert: Alert, by: Actor, **values: Any) -> None:
    """Record what happened."""
    fact = event(
        alert.uid, rule=alert.rule_key, level=alert.level_name, about_kind=alert.subject_kind,
        about_uid=str(alert.subject_uid or ""), **values,
    )  # fmt: skip
    record(fact, by=by, place_key=alert.place_key)
