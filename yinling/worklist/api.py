"""Duties for programs: the list of the token's user, and closing one with a note."""

import datetime as dt
from typing import Annotated
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from ninja import Query, Schema
from pydantic import StringConstraints

from yinling.kernel.actors import require
from yinling.web.api.frame import Answered, ApiRequest, Asked, Code, Paged, router, told
from yinling.web.sentences import sentence
from yinling.worklist import services
from yinling.worklist.models import WorkItem
from yinling.worklist.permissions import Worklist
from yinling.worklist.queries import Duty, items_for
from yinling.worklist.rules import Group

worklist = router(_("Duties"))


class DutyOut(Schema):
    """A duty. `label`: whom or what it is about, masked; empty when the user may not see them."""

    uid: UUID
    kind: str
    title: str
    why: str
    label: str
    place_key: int
    place: str
    subject_kind: str
    subject_uid: UUID
    due_at: dt.datetime
    group: Group
    is_paused: bool


class DutiesAsked(Paged):
    """One kind; one group by due time; those whose clock stands."""

    kind: Code = ""
    group: Group | None = None
    paused: bool = False


class ClosingIn(Asked):
    """What was done."""

    note: Annotated[str, StringConstraints(min_length=1, max_length=500, pattern=r"^[^\x00-\x08\x0e-\x1f\x7f]*$")]


class Closed(Schema):
    """A duty that is over."""

    uid: UUID
    state: WorkItem.State
    closed_at: dt.datetime | None


@worklist.get("/work-items", response=Answered[DutyOut], **told(_("Duties of the token's user"), Worklist.HANDLE))
def my_items(request: ApiRequest, asked: Query[DutiesAsked]) -> Answered[DutyOut]:
    """Open duties held by name or by role, what is due first on top."""
    require(request.auth, Worklist.HANDLE)
    state, group = "paused" if asked.paused else "", asked.group.value if asked.group else ""
    address = {**asked.address, "kind": asked.kind, "state": state, "group": group}
    found = items_for(request.auth, address, size=asked.size)
    asked.refuse_damaged(found.page)
    return Answered(items=[_duty(duty) for _group, duties in found.groups for duty in duties], next=found.page.next)


def _duty(duty: Duty) -> DutyOut:
    item: WorkItem = duty.item
    return DutyOut(
        uid=item.uid, kind=item.kind, title=sentence(duty.title), why=sentence(duty.why) if duty.why else "",
        label=duty.label.text, place_key=item.place_key, place=duty.label.place, subject_kind=item.subject_kind,
        subject_uid=item.subject_uid, due_at=item.due_at, group=duty.group, is_paused=item.paused_at is not None,
    )  # fmt: skip


@worklist.post("/work-items/{uuid:uid}/close", response=Closed, **told(_("Close a duty"), Worklist.HANDLE))
def close(request: ApiRequest, uid: UUID, said: ClosingIn) -> Closed:
    """Say that it is done. Duties that end by what they ask for (an assessment by its signature) are refused."""
    require(request.auth, Worklist.HANDLE)
    item = services.close_by_hand(uid=uid, by=request.auth, note=said.note)
    return Closed(uid=item.uid, state=WorkItem.State(item.state), closed_at=item.closed_at)
