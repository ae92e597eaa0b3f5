"""Who may act where. Private to the services."""

from yinling.institutions.models import Institution, Stay
from yinling.kernel.actors import Actor, require
from yinling.kernel.errors import Refused
from yinling.shifts.models import Ward
from yinling.shifts.permissions import Shifts
from yinling.shifts.queries.wards import works_in


def require_here(by: Actor, permission: str, home: Institution) -> None:
    """Whoever works in the home needs the permission; others must watch over homes there, too.

    Roles of a home are given for its township: without this, one home's manager could act in the next.
    """
    is_colleague = works_in(home, by)
    require(by, permission, None if is_colleague else home.place_key)
    if not is_colleague:
        require(by, Shifts.WATCH, home.place_key)


def locked_ward(uid: object, by: Actor, permission: str) -> Ward:
    """A ward to write in, held until the transaction ends: two phones write one after the other."""
    found = (
        Ward.objects.visible_to(by).select_related("institution", "floor").select_for_update(of=("self",)).one(uid=uid)
    )
    require_here(by, permission, found.institution)
    if found.ended_at is not None:
        raise Refused("This ward was closed on {ended_at}. Choose another.", ended_at=found.ended_at)
    return found


def resident_stay(uid: object, by: Actor, permission: str) -> Stay:
    """The stay of somebody who lives in a home where the actor may act. Raises NotFound, Refused."""
    found = Stay.objects.visible_to(by).select_related("institution", "person").one(uid=uid)
    require_here(by, permission, found.institution)
    if found.left_at is not None or found.voided_at is not None:
        raise Refused("This resident has left the home. Nothing more is planned here.")
    return found
