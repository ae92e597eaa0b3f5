"""What a plan holds: goals and their values, lines of service, parts and who delivers them."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_noop as _

from yinling.care import parameters
from yinling.care.models import Goal, Line, Measurement, Partner, Plan, Session, Visitor
from yinling.care.permissions import Care
from yinling.care.plan_events import GoalMeasured, PlanChanged
from yinling.care.rules import plans as rules
from yinling.care.services.letting_in import let_in, let_out
from yinling.care.services.planning import plan_lines
from yinling.care.services.plans import locked_plan, new_goal, organisation_of
from yinling.kernel.actors import Actor, require
from yinling.kernel.changes import record
from yinling.kernel.clock import civil_date, now
from yinling.kernel.errors import NotFound, Refused
from yinling.kernel.uids import Uid
from yinling.reference.queries import choices


@dataclass(frozen=True)
class Aim:
    """A goal as it is typed."""

    area: str
    words: str
    measure: str
    unit: str
    start_value: Decimal
    target_value: Decimal
    due_on: dt.date


@dataclass(frozen=True)
class Service:
    """A line as it is typed."""

    service: str
    times: int
    per: str
    minutes: int
    days: str
    funding: str
    begins_on: dt.date


def _open_plan(uid: Uid, by: Actor) -> Plan:
    plan = locked_plan(uid, by)
    if no := rules.why_not_changed(plan.state):
        raise Refused(no)
    return plan


def _part(plan: Plan, uid: Uid | None) -> Partner | None:
    """The part of this plan, or none where none was chosen. Raises NotFound."""
    if not uid:
        return None
    found = plan.partners.filter(uid=uid, ended_on__isnull=True).first()
    if found is None:
        raise NotFound("part")
    return found


def _changed(plan: Plan, what: str, row: Any, by: Actor) -> None:
    event = PlanChanged(plan.uid, str(plan.person.uid), what=what, row=str(row.uid))
    record(event, by=by, place_key=plan.person.place_key)


def _known(list_key: str, code: str, field: str) -> None:
    if code not in dict(choices(list_key)):
        raise Refused("{code} is not in the code list. Choose one of it.", field=field, code=code)


@transaction.atomic
def add_goal(*, plan_uid: Uid, aim: Aim, by: Actor, partner_uid: Uid | None = None) -> Goal:
    """A goal with its measure, of a part or of the whole plan."""
    plan = _open_plan(plan_uid, by)
    _known("goal_area", aim.area, "area")
    if no := rules.why_not_a_goal(
        words=aim.words, begins_on=plan.begins_on, due_on=aim.due_on, start=aim.start_value, target=aim.target_value
    ):
        raise Refused(no, field="words" if len(aim.words.strip()) < 4 else "due_on")
    made = new_goal(
        plan, _part(plan, partner_uid), aim.area, aim.words.strip(), aim.measure, aim.unit, aim.start_value,
        aim.target_value, aim.due_on,
    )  # fmt: skip
    made.save(force_insert=True)
    _changed(plan, "goal", made, by)
    return made


@transaction.atomic
def end_goal(*, uid: Uid, is_reached: bool, by: Actor, on: dt.date | None = None) -> Goal:
    """A goal is reached, or given up."""
    goal = _of_plan(Goal, uid, by)
    if goal.ended_on is not None:
        raise Refused("This goal ended on {day} already.", day=goal.ended_on)
    goal.ended_on, goal.is_reached = on or civil_date(), is_reached
    goal.save(update_fields=["ended_on", "is_reached"])
    _changed(goal.plan, "goal_ended", goal, by)
    return goal


@transaction.atomic
def measure_goal(*, uid: Uid, on: dt.date, value: Decimal, by: Actor) -> Measurement:
    """Write down a value of a goal's measure. Another value of the same day corrects the first."""
    goal: Goal = (
        Goal.objects.visible_to(by).select_related("plan__person", "partner").select_for_update(of=("self",))
        .one(uid=uid)
    )  # fmt: skip
    require_part(by, goal.plan, goal.partner)
    plan = goal.plan
    if no := rules.why_not_measured(
        state=plan.state, is_ended=goal.ended_on is not None, on=on, begins_on=plan.begins_on, today=civil_date()
    ):
        raise Refused(no, field="on")
    goal.measurements.filter(measured_on=on, superseded_at__isnull=True).update(superseded_at=now())
    made = Measurement.objects.create(goal=goal, measured_on=on, value=value, measured_by=by.uid)
    event = GoalMeasured(plan.uid, str(plan.person.uid), goal=str(goal.uid), on=str(on))
    record(event, by=by, place_key=plan.person.place_key, content={"value": str(value)})
    return made


def require_part(by: Actor, plan: Plan, partner: Partner | None) -> None:
    """Planners of the division may, and those who deliver this part (they see it, so they are let in)."""
    if not by.may(Care.PLAN, plan.person.place_key):
        require(by, Care.DELIVER)
        if partner is None:
            require(by, Care.PLAN, plan.person.place_key)


@transaction.atomic
def add_line(
    *, plan_uid: Uid, service: Service, by: Actor, partner_uid: Uid | None = None, carer_uid: Uid | None = None,
    goals: Sequence[Uid] = (),
) -> Line:  # fmt: skip
    """A service with its frequency. Of an agreed plan, its sessions are planned at once."""
    plan = _open_plan(plan_uid, by)
    _known("home_service", service.service, "service")
    _known("care_funding", service.funding, "funding")
    partner = _part(plan, partner_uid)
    begins = max(service.begins_on, plan.begins_on)
    made = Line.objects.create(
        plan=plan, partner=partner, carer=_carer(partner, carer_uid, by), service=service.service, times=service.times,
        per=service.per, minutes=service.minutes, days=service.days, funding=service.funding, begins_on=begins,
    )  # fmt: skip
    made.goals.set(plan.goals.filter(uid__in=list(goals)))
    if plan.state == Plan.State.STANDING:
        today = civil_date()
        plan_lines([made], first=today, last=today + dt.timedelta(days=parameters.sessions_ahead_days()))
    _changed(plan, "line", made, by)
    return made


def _carer(partner: Partner | None, uid: Uid | None, by: Actor) -> Visitor | None:
    """Who comes: somebody of the part's organisation, or of one's own divisions where no part was chosen."""
    if not uid:
        return None
    active = Visitor.objects.active(civil_date())
    found = active.filter(organisation=partner.organisation_id) if partner else active.visible_to(by)
    return found.one(uid=uid)


@transaction.atomic
def end_line(*, uid: Uid, by: Actor, on: dt.date | None = None) -> Line:
    """A service ends; its sessions from that day on are cancelled."""
    line, day = _of_plan(Line, uid, by), on or civil_date()
    if line.ended_on is not None:
        raise Refused("This service ended on {day} already.", day=line.ended_on)
    line.ended_on = max(day, line.begins_on)
    line.save(update_fields=["ended_on"])
    _cancel_ahead(Session.objects.filter(line=line, planned_on__gte=line.ended_on), _("The service ended."), by)
    _changed(line.plan, "line_ended", line, by)
    return line


def _cancel_ahead(ahead: Any, why: str, by: Actor) -> None:
    planned = ahead.filter(state=Session.State.PLANNED)
    planned.update(state=Session.State.CANCELLED, why_not=why, recorded_by=by.uid)


def _of_plan(model: Any, uid: Uid, by: Actor) -> Any:
    """A row of a plan of one's divisions, both locked, to change. Raises NotFound, NotAllowed, Refused."""
    found = model.objects.all().own_divisions(by).select_related("plan").one(uid=uid)
    found.plan = _open_plan(found.plan.uid, by)
    return found


@transaction.atomic
def add_part(*, plan_uid: Uid, part: str, by: Actor, organisation_uid: Uid | None = None) -> Partner:
    """A part of the plan, and who delivers it (None: still to be found). Of an agreed plan, its people are let in."""
    plan = _open_plan(plan_uid, by)
    _known("care_part", part, "part")
    organisation = organisation_of(organisation_uid) if organisation_uid else None
    if organisation and plan.partners.filter(part=part, organisation=organisation, ended_on__isnull=True).exists():
        raise Refused("{name} delivers this part already.", field="organisation", name=organisation.name)
    made = Partner.objects.create(plan=plan, part=part, organisation=organisation, begins_on=civil_date())
    if organisation and plan.state == Plan.State.STANDING:
        let_in(made, by=by)
    _changed(plan, "part", made, by)
    return made


@transaction.atomic
def give_part(*, uid: Uid, organisation_uid: Uid, by: Actor) -> Partner:
    """Have an organisation deliver a part that nobody delivers yet."""
    partner = _of_plan(Partner, uid, by)
    if partner.organisation_id is not None:
        raise Refused("This part has its organisation. End it and add the part again for another one.",
                      field="organisation")  # fmt: skip
    partner.organisation = organisation_of(organisation_uid)
    partner.save(update_fields=["organisation"])
    if partner.plan.state == Plan.State.STANDING:
        let_in(partner, by=by)
    _changed(partner.plan, "part", partner, by)
    return partner


@transaction.atomic
def end_part(*, uid: Uid, by: Actor, on: dt.date | None = None) -> Partner:
    """An organisation delivers its part no more: its services end, its people are let out."""
    partner, day = _of_plan(Partner, uid, by), on or civil_date()
    if partner.ended_on is not None:
        raise Refused("This part ended on {day} already.", day=partner.ended_on)
    partner.ended_on = max(day, partner.begins_on)
    partner.save(update_fields=["ended_on"])
    let_out(partner, by=by)
    partner.lines.filter(ended_on__isnull=True).update(ended_on=partner.ended_on)
    partner.goals.filter(ended_on__isnull=True).update(ended_on=partner.ended_on, is_reached=False)
    ahead = Session.objects.filter(line__partner=partner, planned_on__gte=partner.ended_on)
    _cancel_ahead(ahead, _("The part ended."), by)
    _changed(partner.plan, "part_ended", partner, by)
    return partner
