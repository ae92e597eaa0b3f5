"""Alerts for programs: what stands open, one with its steps, acknowledge it."""

import datetime as dt
from typing import Annotated, Literal
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from ninja import Query, Schema
from pydantic import StringConstraints

from yinling.kernel.actors import require
from yinling.supervision import queries, services
from yinling.supervision.models import Alert
from yinling.supervision.permissions import Supervision
from yinling.supervision.rules import LEVELS
from yinling.web.api.frame import Answered, ApiRequest, Asked, Code, Paged, PlaceKey, router, told
from yinling.web.paging import keyset_page
from yinling.web.sentences import sentence

supervision = router(_("Alerts"))
LevelWord = Literal["blue", "yellow", "orange", "red"]


class AlertOut(Schema):
    """An alert. `subject_uid` is none for an area. `due_at`: of the step that is next. No names."""

    uid: UUID
    rule: str
    title: str
    level: LevelWord
    state: Alert.State
    subject_kind: str
    subject_uid: UUID | None
    place_key: int
    onset: dt.datetime
    detected_at: dt.datetime
    last_seen_at: dt.datetime
    count: int
    is_late: bool
    is_false: bool
    due_at: dt.datetime | None


class StepOut(Schema):
    """One thing that happened; what was written beside it is not handed out."""

    verb: str
    at: dt.datetime


class AlertWithSteps(AlertOut):
    """An alert and what was done, oldest first."""

    steps: list[StepOut]


class AlertsAsked(Paged):
    """Not closed only; one level; one rule; below a division."""

    open: bool = False
    level: LevelWord | None = None
    rule: Code = ""
    place: PlaceKey | None = None


class AcknowledgeIn(Asked):
    """What is said beside it."""

    note: Annotated[str, StringConstraints(max_length=500, pattern=r"^[^\x00-\x08\x0e-\x1f\x7f]*$")] = ""


def _values(one: Alert) -> dict[str, object]:
    return {
        "uid": one.uid, "rule": one.rule_key, "title": sentence(one.rule.title), "level": LEVELS[one.level],
        "state": one.state, "subject_kind": one.subject_kind, "subject_uid": one.subject_uid,
        "place_key": one.place_key, "onset": one.onset, "detected_at": one.detected_at,
        "last_seen_at": one.last_seen_at, "count": one.count, "is_late": one.is_late, "is_false": one.is_false,
        "due_at": one.due_at,
    }  # fmt: skip


@supervision.get("/alerts", response=Answered[AlertOut], **told(_("Alerts"), Supervision.READ))
def alerts(request: ApiRequest, asked: Query[AlertsAsked]) -> Answered[AlertOut]:
    """Newest first, in the scope of the token's user."""
    require(request.auth, Supervision.READ)
    filters = queries.Filters(
        state="open" if asked.open else "", level=asked.level or "", rule=asked.rule, place_key=asked.place
    )
    found = queries.alerts_for(request.auth, filters)
    page = keyset_page(found, order=("-id",), address=asked.address, size=asked.size)
    asked.refuse_damaged(page)
    return Answered(items=[AlertOut.model_validate(_values(one)) for one in page], next=page.next)


@supervision.get("/alerts/{uuid:uid}", response=AlertWithSteps, **told(_("One alert"), Supervision.READ))
def alert(request: ApiRequest, uid: UUID) -> AlertWithSteps:
    """With its steps."""
    require(request.auth, Supervision.READ)
    return _with_steps(queries.alert(uid, request.auth))


@supervision.post(
    "/alerts/{uuid:uid}/acknowledge", response=AlertWithSteps, **told(_("Acknowledge an alert"), Supervision.ANSWER)
)
def acknowledge(request: ApiRequest, uid: UUID, said: AcknowledgeIn) -> AlertWithSteps:
    """Say that somebody answers for it. One's own second time changes nothing; a colleague's is refused."""
    require(request.auth, Supervision.ANSWER)
    return _with_steps(services.acknowledge_alert(uid=uid, note=said.note, by=request.auth))


def _with_steps(found: Alert) -> AlertWithSteps:
    steps = [{"verb": line.step.verb, "at": line.step.at} for line in queries.history_of(found)]
    return AlertWithSteps.model_validate({**_values(found), "steps": steps})
