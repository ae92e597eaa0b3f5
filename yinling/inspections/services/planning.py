"""Plan an inspection, take one away, declare interests."""

import datetime as dt
from collections.abc import Sequence
from uuid import UUID

from django.db import transaction

from yinling.accounts.models import User
from yinling.inspections import duties, events
from yinling.inspections.models import Checklist, Draw, Inspection, Interest, Seat
from yinling.inspections.permissions import Inspections
from yinling.inspections.rules import inspecting as rules
from yinling.inspections.services.scoping import interest_of, number_for, works_in
from yinling.institutions.models import Institution
from yinling.kernel.actors import Actor, require
from yinling.kernel.changes import record
from yinling.kernel.clock import civil_date, now
from yinling.kernel.errors import NotFound, Refused
from yinling.worklist.models import Subject


@transaction.atomic
def plan_inspection(
    *,
    institution_uid: object,
    kind: str,
    checklist_key: str,
    planned_on: dt.date,
    inspectors: Sequence[User] = (),
    origin: Subject | None = None,
    by: Actor,
) -> Inspection:
    """Have a home inspected on a day. A self-check is planned by the home, everything else by an office."""
    home = Institution.objects.visible_to(by).one(uid=institution_uid)
    is_own = kind == Inspection.Kind.SELF_CHECK
    require(by, Inspections.SELF_CHECK if is_own else Inspections.PLAN, home.place_key)
    if kind not in Inspection.Kind.values or kind == Inspection.Kind.RANDOM:
        raise Refused("An inspection by lot comes from a draw. Open one.", field="kind")
    if reason := rules.why_not_planned(planned_on, civil_date(), home.closed_on):
        raise Refused(reason, field="planned_on")
    _check_inspectors(home, inspectors)
    checklist = checklist_in_force(checklist_key)
    if is_own and not checklist.questions.for_homes:
        raise Refused("This checklist is for inspectors. Choose one for self-checks.", field="checklist_key")
    return add_inspection(home, kind, checklist, planned_on, inspectors, origin=origin, by=by)


def _check_inspectors(home: Institution, inspectors: Sequence[User]) -> None:
    """Nobody is sent to a home where they work or have an interest."""
    for user in inspectors:
        why = interest_of(user, home)
        if why or works_in(home, user):
            raise Refused(
                "{name} works in this home or declared an interest in it. Send somebody else.",
                field="inspectors", name=user.label,
            )  # fmt: skip


def add_inspection(
    home: Institution,
    kind: str,
    checklist: Checklist,
    planned_on: dt.date,
    inspectors: Sequence[User],
    *,
    by: Actor,
    origin: Subject | None = None,
    draw: Draw | None = None,
) -> Inspection:
    """Write a planned inspection with its duty. For services of this module: they have decided."""
    found = Inspection.objects.create(
        number=number_for("J", home.place_key, planned_on), institution=home, checklist=checklist,
        place_key=home.place_key, kind=kind, planned_on=planned_on, draw=draw,
        origin_kind=origin.kind if origin else "", origin_uid=origin.uid if origin else None,
    )  # fmt: skip
    Seat.objects.bulk_create([Seat(inspection=found, user=user) for user in inspectors])
    duties.ask_to_inspect(found, inspectors, by=by)
    fact = events.InspectionPlanned(found.uid, institution=str(home.uid), what=kind, planned_on=str(planned_on))
    record(fact, by=by, place_key=home.place_key)
    return found


def checklist_in_force(key: str) -> Checklist:
    """The newest version of a checklist that holds today. Raises NotFound."""
    held = Checklist.objects.filter(key=key, superseded_at__isnull=True, valid_from__lte=civil_date())
    found = held.exclude(valid_to__lte=civil_date()).order_by("-valid_from", "-id").first()
    if found is None:
        raise NotFound("checklist")
    return found


@transaction.atomic
def void_inspection(*, uid: object, reason: str, by: Actor) -> Inspection:
    """Take an inspection away that does not take place. One by lot needs a supervisor: draws are not undone quietly."""
    found = Inspection.objects.visible_to(by).select_for_update(of=("self",)).one(uid=uid)
    needed = Inspections.SUPERVISE if found.draw_id else Inspections.PLAN
    is_own = found.kind == Inspection.Kind.SELF_CHECK
    require(by, Inspections.SELF_CHECK if is_own else needed, found.place_key)
    if no := rules.why_not_voided(found.state, reason):
        raise Refused(no, field="reason")
    found.state, found.voided_at, found.void_reason = Inspection.State.VOID, now(), reason.strip()[:300]
    found.save(update_fields=["state", "voided_at", "void_reason"])
    duties.no_inspection(found, by=by)
    fact = events.InspectionVoided(found.uid, institution=str(found.institution.uid))
    record(fact, by=by, place_key=found.place_key, reason=reason)
    return found


@transaction.atomic
def declare_interest(*, institution_uid: object, why: str, by: User) -> Interest:
    """Say that one must not inspect a home, and why. Again changes nothing."""
    require(by, Inspections.INSPECT)
    home = Institution.objects.visible_to(by).one(uid=institution_uid)
    if no := rules.why_no_reason(why):
        raise Refused(no, field="why")
    known = Interest.objects.standing().filter(user=by, institution=home).first()
    if known is not None:
        return known
    found = Interest.objects.create(user=by, institution=home, why=why.strip()[:200])
    record(events.InterestDeclared(found.uid, institution=str(home.uid)), by=by, place_key=home.place_key)
    return found


@transaction.atomic
def withdraw_interest(*, uid: UUID, by: User) -> Interest:
    """The interest is gone. Only whoever declared it says so."""
    found = Interest.objects.select_related("institution").filter(uid=uid, user=by).first()
    if found is None:
        raise NotFound("interest")
    if found.withdrawn_at is None:
        found.withdrawn_at = now()
        found.save(update_fields=["withdrawn_at"])
        fact = events.InterestWithdrawn(found.uid, institution=str(found.institution.uid))
        record(fact, by=by, place_key=found.institution.place_key)
    return found
