"""Acting for members: who may, and the receipt that names both."""

from uuid import UUID

from yinling.institutions.services.admission import readable_number
from yinling.kernel.actors import Actor, System
from yinling.kernel.changes import record
from yinling.kernel.errors import NotAllowed
from yinling.volunteers.events import ActedFor
from yinling.volunteers.models import Member, Receipt
from yinling.volunteers.permissions import Volunteers
from yinling.volunteers.rules.moving import why_not_acted


def is_self(member: Member, by: Actor) -> bool:
    """Whether the actor is the member."""
    return member.user is not None and str(member.user.uid) == str(by.uid)


def may_act(member: Member, by: Actor) -> bool:
    """Whether the actor may act for the member (or is the member)."""
    return is_self(member, by) or by.may(Volunteers.ACT, member.place_key)


def require_act(member: Member, by: Actor) -> None:
    """Raise NotAllowed unless the actor is the member or may act for them."""
    if why_not_acted(is_self=is_self(member, by), may_act=may_act(member, by)):
        raise NotAllowed(Volunteers.ACT)


def leave_receipt(
    member: Member, verb: str, *, by: Actor, minutes: int | None = None, about: str = ""
) -> Receipt | None:
    """The receipt for an act in a member's name; None when the member acted, or the platform by its rules."""
    if is_self(member, by) or isinstance(by, System):
        return None
    made = Receipt.objects.create(
        number=readable_number("SJHZ", member.place_key), member=member, member_label=member.name, verb=verb,
        minutes=minutes, about=about[:120], acted_by=UUID(str(by.uid)), acted_label=by.label[:60],
    )  # fmt: skip
    record(ActedFor(member.uid, receipt_uid=str(made.uid), verb=verb), by=by, place_key=member.place_key)
    return made
