"""Who may look: protected data is opened with a reason and leaves a line; grants open one file to one user."""

import datetime as dt
from uuid import UUID

from django.db import transaction

from yinling.kernel.actors import Actor, require
from yinling.kernel.changes import record
from yinling.kernel.clock import now
from yinling.kernel.errors import NotFound, Refused
from yinling.kernel.uids import Uid
from yinling.people.events import GrantClosed, GrantOpened, NamesShown, ProtectedLooked
from yinling.people.models import Grant, Kin, Person
from yinling.people.permissions import People
from yinling.people.queries import file_ids
from yinling.people.rules import why_not_revealed
from yinling.people.services.inquiries import inquiry_of

OPENABLE = ("document", "phone", "address", "contacts")
NAMES_SHOWN = dt.timedelta(minutes=15)


@transaction.atomic
def reveal(*, uid: Uid, items: tuple[str, ...], reason: str, by: Actor) -> dict[str, str]:
    """Open protected items of a person (document, phone, address, contacts) and leave a line. Returns item -> text."""
    person = Person.objects.visible_to(by).one(uid=uid)
    require(by, People.REVEAL)
    if objection := why_not_revealed(reason):
        raise Refused(objection, field="reason")
    opened = {item: _opened(person, item) for item in items if item in OPENABLE}
    look(person=person, items=tuple(opened), by=by, reason=reason)
    return opened


def _opened(person: Person, item: str) -> str:
    if item == "contacts":
        kin = Kin.objects.filter(person__in=file_ids(person), ended_at__isnull=True).order_by("-is_emergency", "id")
        return "\n".join(f"{one.name} {one.phone()}".strip() for one in kin)
    return str(getattr(person, "document_number" if item == "document" else item)())


def look(*, person: Person, items: tuple[str, ...], by: Actor, reason: str) -> None:
    """Leave the line for a look at protected items (here, or in a print or export of another service).

    A look of somebody who inquires into abuse of this person names the inquiry: the access receipt holds it back.
    """
    event = ProtectedLooked(uid=person.uid, items=items, inquiry=inquiry_of(person, by))
    record(event, by=by, place_key=person.place_key, reason=reason)


def show_names(*, by: Actor, reason: str) -> dt.datetime:
    """Open full names in the actor's lists and leave a line. Returns until when."""
    require(by, People.REVEAL)
    if objection := why_not_revealed(reason):
        raise Refused(objection, field="reason")
    record(NamesShown(uid=UUID(str(by.uid))), by=by, reason=reason)
    return now() + NAMES_SHOWN


@transaction.atomic
def open_grant(
    *, person: Person, grantee_uid: Uid, ground: str, until: dt.datetime, by: Actor, origin_uid: Uid | None = None
) -> Grant:
    """Let one user see one person until a time. The same ground again extends the grant."""
    if until <= now():
        raise Refused("A grant ends in the future; {until} is past.", until=until)
    grant, is_new = Grant.objects.update_or_create(
        person=person, grantee_uid=grantee_uid, ground=ground, origin_uid=origin_uid, ended_at=None,
        defaults={"until": until},
    )  # fmt: skip
    if is_new:
        record(GrantOpened(uid=person.uid, ground=ground), by=by, place_key=person.place_key)
    return grant


@transaction.atomic
def close_grant(*, person: Person, grantee_uid: Uid, ground: str, by: Actor, origin_uid: Uid | None = None) -> None:
    """End a grant. Raises NotFound when there is none in force."""
    live = Grant.objects.filter(
        person=person, grantee_uid=grantee_uid, ground=ground, origin_uid=origin_uid, ended_at__isnull=True
    )
    if not live.update(ended_at=now()):
        raise NotFound("grant")
    record(GrantClosed(uid=person.uid, ground=ground), by=by, place_key=person.place_key)
