"""Wards and patrol points."""

from django.db import transaction

from yinling.institutions.models import Floor, Institution
from yinling.kernel.actors import Actor
from yinling.kernel.changes import record
from yinling.kernel.clock import now
from yinling.kernel.errors import Refused
from yinling.shifts.events import WardChanged
from yinling.shifts.models import PatrolPoint, Ward
from yinling.shifts.models.wards import new_token
from yinling.shifts.permissions import Shifts
from yinling.shifts.services.scoping import locked_ward, require_here


@transaction.atomic
def open_ward(*, institution_uid: object, name: str, by: Actor, floor_id: int | None = None) -> Ward:
    """Have carers work in a floor, or in the whole home. The same name again is the ward that exists."""
    home = Institution.objects.visible_to(by).select_for_update(no_key=True).one(uid=institution_uid)
    require_here(by, Shifts.PLAN, home)
    name = name.strip()[:40]
    if not name:
        raise Refused("Give the ward a name, as the carers call it.", field="name")
    if known := Ward.objects.filter(institution=home, name=name, ended_at__isnull=True).first():
        return known
    floor = Floor.objects.filter(pk=floor_id, building__institution=home).first() if floor_id else None
    if floor_id and floor is None:
        raise Refused("This floor does not belong to the home.", field="floor")
    standing = Ward.objects.filter(institution=home, ended_at__isnull=True)
    whole = standing.filter(floor__isnull=True).exists()
    if whole or (floor is None and standing.exists()) or (floor and standing.filter(floor=floor).exists()):
        raise Refused("These beds belong to a ward already. Close that one first.", field="floor")
    made = Ward.objects.create(institution=home, floor=floor, name=name)
    record(WardChanged(made.uid, what="opened"), by=by, place_key=home.place_key)
    return made


@transaction.atomic
def end_ward(*, uid: object, by: Actor) -> Ward:
    """Close a ward; what was recorded stays."""
    found = locked_ward(uid, by, Shifts.PLAN)
    found.ended_at = now()
    found.save(update_fields=["ended_at"])
    record(WardChanged(found.uid, what="ended"), by=by, place_key=found.institution.place_key)
    return found


@transaction.atomic
def add_point(*, ward_uid: object, name: str, by: Actor) -> PatrolPoint:
    """Put up a patrol point. The same name again is the point that exists."""
    found = locked_ward(ward_uid, by, Shifts.PLAN)
    name = name.strip()[:40]
    if not name:
        raise Refused("Say where the point is, such as the end of the corridor.", field="name")
    made, is_new = PatrolPoint.objects.get_or_create(ward=found, name=name, ended_at=None)
    if is_new:
        record(WardChanged(found.uid, what="point"), by=by, place_key=found.institution.place_key)
    return made


@transaction.atomic
def replace_point(*, uid: object, by: Actor) -> PatrolPoint:
    """Give a point a new code: the old one was photographed or torn off."""
    found = PatrolPoint.objects.visible_to(by).filter(ended_at__isnull=True).one(uid=uid)
    ward = locked_ward(found.ward.uid, by, Shifts.PLAN)
    found.token = new_token()
    found.save(update_fields=["token"])
    record(WardChanged(ward.uid, what="code"), by=by, place_key=ward.institution.place_key)
    return found


@transaction.atomic
def end_point(*, uid: object, by: Actor) -> PatrolPoint:
    """Take a point down."""
    found = PatrolPoint.objects.visible_to(by).filter(ended_at__isnull=True).one(uid=uid)
    ward = locked_ward(found.ward.uid, by, Shifts.PLAN)
    found.ended_at = now()
    found.save(update_fields=["ended_at"])
    record(WardChanged(ward.uid, what="point ended"), by=by, place_key=ward.institution.place_key)
    return found
