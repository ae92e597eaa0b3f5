"""Inquiries into abuse: opened and closed by those who may, known to nobody else while they are open."""

from typing import Any

from django.db import transaction

from yinling.kernel.actors import Actor, require
from yinling.kernel.changes import record
from yinling.kernel.clock import now
from yinling.kernel.crypto import seal
from yinling.kernel.errors import Refused
from yinling.kernel.uids import Uid, new_uid
from yinling.people.events import InquiryClosed, InquiryOpened
from yinling.people.models import Inquiry, Person
from yinling.people.models.inquiries import inquiry_where
from yinling.people.permissions import People
from yinling.people.queries import file_ids
from yinling.people.rules import why_not_explained

OUTCOMES = (Inquiry.CONFIRMED, Inquiry.NOT_CONFIRMED, Inquiry.HANDED_OVER)


@transaction.atomic
def open_inquiry(*, uid: Uid, why: str, by: Actor) -> Inquiry:
    """Begin to look into what was done to a person. From now on the actor's looks stay out of the access receipt."""
    person = Person.objects.visible_to(by).select_for_update().one(uid=uid)
    require(by, People.INQUIRE, person.place_key)
    if objection := why_not_explained(why):
        raise Refused(objection, field="why")
    if Inquiry.objects.open().filter(person__in=file_ids(person)).exists():
        raise Refused("An inquiry into this person is open already. Go on in that one.", field="why")
    inquiry_id = new_uid()
    inquiry = Inquiry.objects.create(
        uid=inquiry_id, person=person, why_sealed=seal(why, inquiry_where("why", inquiry_id)), opened_by=by.uid
    )
    _announce(InquiryOpened(uid=inquiry.uid), by, {"person": str(person.uid), "why": why})
    return inquiry


@transaction.atomic
def close_inquiry(*, uid: Uid, outcome: str, findings: str, by: Actor) -> Inquiry:
    """End an inquiry with what was found. The looks made under it stand in the access receipt from now on."""
    inquiry = Inquiry.objects.visible_to(by).select_for_update(of=("self",)).select_related("person").one(uid=uid)
    require(by, People.INQUIRE, inquiry.person.place_key)
    if inquiry.closed_at:
        raise Refused("This inquiry is closed already.")
    if outcome not in OUTCOMES:
        raise Refused("Choose what came of it.", field="outcome")
    if objection := why_not_explained(findings):
        raise Refused(objection, field="findings")
    inquiry.outcome, inquiry.findings_sealed = outcome, seal(findings, inquiry_where("findings", inquiry.uid))
    inquiry.closed_by, inquiry.closed_at = by.uid, now()
    inquiry.save()
    _announce(InquiryClosed(uid=inquiry.uid, outcome=outcome), by, {"findings": findings})
    return inquiry


def _announce(event: InquiryOpened | InquiryClosed, by: Actor, content: dict[str, Any]) -> None:
    """The change names the inquiry and no place: a line of time or of a county would give the person away."""
    record(event, by=by, content=content)


def inquiry_of(person: Person, by: Actor) -> str:
    """The open inquiry that a look of this actor at this person belongs to; "" for nearly every look."""
    if not by.may(People.INQUIRE, person.place_key):
        return ""
    held = Inquiry.objects.open().filter(person__in=file_ids(person)).values_list("uid", flat=True).first()
    return str(held or "")
