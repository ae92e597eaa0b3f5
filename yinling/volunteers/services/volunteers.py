"""Volunteers: from the application to the last day."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import IntegrityError, transaction

from yinling.kernel.actors import Actor, System
from yinling.kernel.changes import record
from yinling.kernel.clock import civil_date, now
from yinling.kernel.errors import Refused
from yinling.reference.queries import entries
from yinling.volunteers import duties, parameters
from yinling.volunteers.events import VolunteerChanged
from yinling.volunteers.models import Check, Group, Honour, Insurance, Training, Volunteer
from yinling.volunteers.permissions import Volunteers
from yinling.volunteers.queries.members import members_of
from yinling.volunteers.rules import joining
from yinling.volunteers.services.receipts import leave_receipt, require_act
from yinling.volunteers.services.visiting import begin_visiting, end_visiting

WEEK = (0, 1, 2, 3, 4, 5, 6)


@dataclass(frozen=True)
class Application:
    """What a volunteer brings: skills, languages, weekdays and hours."""

    skills: Sequence[str] = ()
    speaks: Sequence[str] = ()
    days: Sequence[int] = WEEK
    from_hour: int = 8
    until_hour: int = 18
    guardian_agrees: bool = False


@transaction.atomic
def apply(*, member_uid: object, application: Application, by: Actor) -> Volunteer:
    """Apply to serve: by the member, or by a clerk or coordinator, with a receipt."""
    member = members_of(by).select_related("user", "branch").one(uid=member_uid)
    if not by.may(Volunteers.REGISTER, member.place_key):
        require_act(member, by)
    age = joining.age_on(member.birth_date, civil_date())
    if no := joining.why_not_apply(age, parameters.least_age(), guardian_agrees=application.guardian_agrees):
        raise Refused(no, field="guardian_agrees")
    if Volunteer.objects.filter(member=member).exists():
        raise Refused("This member has applied already. Open the volunteer's page.")
    made = Volunteer.objects.create(
        member=member, skills=_known("visit_skill", application.skills), speaks=_known("language", application.speaks),
        **_times(application),
    )  # fmt: skip
    _note(made, "applied", by)
    leave_receipt(member, "apply", by=by)
    duties.ask_to_decide(made, by=by)
    return made


def _known(codes: str, chosen: Sequence[str]) -> list[str]:
    known = {code.code for code in entries(codes)}
    if unknown := [one for one in chosen if one not in known]:
        raise Refused("{code} is not in the list. Choose from the list.", code=unknown[0])
    return sorted(set(chosen))


def _times(application: Application) -> dict[str, object]:
    if not 0 <= application.from_hour < application.until_hour <= 24:
        raise Refused("The hours end before they begin. Correct them.", field="until_hour")
    days = sorted({day for day in application.days if day in WEEK})
    return {"days": days, "from_hour": application.from_hour, "until_hour": application.until_hour}


def _note(volunteer: Volunteer, what: str, by: Actor, code: str = "", reason: str = "") -> None:
    event = VolunteerChanged(volunteer.uid, what=what, code=code)
    record(event, by=by, place_key=volunteer.member.place_key, reason=reason)


def _kept(uid: object, by: Actor, permission: str = Volunteers.REGISTER) -> Volunteer:
    found = Volunteer.objects.visible_to(by, permission).select_related("member__branch", "member__person", "visitor")
    return found.select_for_update(of=("self",), no_key=True).one(uid=uid)


@transaction.atomic
def set_availability(*, uid: object, application: Application, by: Actor) -> Volunteer:
    """Change skills, languages, weekdays and hours: the volunteer, or a clerk."""
    scope = Volunteer.objects.filter(member__in=members_of(by)).select_related("member__user")
    found = scope.select_for_update(of=("self",), no_key=True).one(uid=uid)
    require_act(found.member, by)
    found.skills = _known("visit_skill", application.skills)
    found.speaks = _known("language", application.speaks)
    for name, value in _times(application).items():
        setattr(found, name, value)
    found.save(update_fields=["skills", "speaks", "days", "from_hour", "until_hour"])
    _note(found, "availability", by)
    leave_receipt(found.member, "availability", by=by)
    return found


@transaction.atomic
def enter_check(*, uid: object, kind: str, is_passed: bool, checked_on: dt.date, by: Actor) -> Check:
    """What came of a check of identity, health or record."""
    volunteer = _kept(uid, by)
    _known("volunteer_check", [kind])
    if checked_on > civil_date():
        raise Refused("A check lies in the past. Correct the day.", field="checked_on")
    made = Check.objects.create(
        volunteer=volunteer, kind=kind, is_passed=is_passed, checked_on=checked_on, checked_by=UUID(str(by.uid)),
        checked_label=by.label[:60],
    )  # fmt: skip
    _note(volunteer, "checked", by, kind)
    return made


def _passed(volunteer: Volunteer) -> set[str]:
    """Kinds of check whose newest result is good."""
    newest = dict(volunteer.checks.order_by("checked_on", "id").values_list("kind", "is_passed"))
    return {kind for kind, is_passed in newest.items() if is_passed}


@transaction.atomic
def accept(*, uid: object, by: Actor) -> Volunteer:
    """Accept an application, or somebody who was suspended: from now on they go to doors."""
    found = _kept(uid, by, Volunteers.ACCEPT)
    if no := joining.why_not_accepted(found.state, _passed(found), parameters.checks_needed()):
        raise Refused(no)
    _decided(found, Volunteer.State.ACTIVE, "", by)
    begin_visiting(found)
    return found


@transaction.atomic
def refuse(*, uid: object, reason: str, by: Actor) -> Volunteer:
    """Do not accept an application."""
    return _out(uid, reason, by, Volunteer.State.APPLIED, Volunteer.State.REFUSED)


@transaction.atomic
def suspend(*, uid: object, reason: str, by: Actor) -> Volunteer:
    """Let a volunteer pause, or make them."""
    return _out(uid, reason, by, Volunteer.State.ACTIVE, Volunteer.State.SUSPENDED)


@transaction.atomic
def end(*, uid: object, reason: str, by: Actor) -> Volunteer:
    """A volunteer stops serving. The hours stay."""
    return _out(uid, reason, by, None, Volunteer.State.ENDED)


def _out(uid: object, reason: str, by: Actor, before: Volunteer.State | None, after: Volunteer.State) -> Volunteer:
    found = _kept(uid, by, Volunteers.ACCEPT)
    if no := joining.why_not_said(reason):
        raise Refused(no, field="reason")
    if (before is not None and found.state != before) or found.state in ("ended", "refused"):
        raise Refused("This does not follow from the volunteer's state. Open the page anew.")
    _decided(found, after, reason.strip()[:200], by)
    end_visiting(found)
    return found


def _decided(found: Volunteer, state: Volunteer.State, reason: str, by: Actor) -> None:
    found.state, found.decided_at, found.decided_by, found.decision = state, now(), UUID(str(by.uid)), reason
    found.save(update_fields=["state", "decided_at", "decided_by", "decision"])
    _note(found, str(state), by, reason=reason)
    duties.decided(found, by=by)


@transaction.atomic
def train(*, uid: object, course: str, held_on: dt.date, minutes: int, is_passed: bool, by: Actor) -> Training:
    """Enter a course."""
    volunteer = _kept(uid, by)
    _known("volunteer_course", [course])
    if minutes <= 0 or held_on > civil_date():
        raise Refused("A course lies in the past and lasts some minutes. Correct them.", field="held_on")
    try:
        with transaction.atomic():
            made = Training.objects.create(
                volunteer=volunteer, course=course, held_on=held_on, minutes=minutes, is_passed=is_passed
            )
    except IntegrityError:
        raise Refused("This course of that day is entered already.", field="course") from None
    _note(volunteer, "trained", by, course)
    return made


@transaction.atomic
def insure(*, uid: object, insurer: str, policy: str, valid_from: dt.date, valid_to: dt.date, by: Actor) -> Insurance:
    """Enter an insurance; a duty comes before it ends."""
    volunteer = _kept(uid, by)
    if valid_to < valid_from:
        raise Refused("The insurance ends before it begins. Correct the days.", field="valid_to")
    if not insurer.strip() or not policy.strip():
        raise Refused("Enter insurer and number of the policy.", field="insurer")
    made = Insurance.objects.create(
        volunteer=volunteer, insurer=insurer.strip()[:60], policy=policy.strip()[:40], valid_from=valid_from,
        valid_to=valid_to,
    )  # fmt: skip
    _note(volunteer, "insured", by)
    if valid_to > civil_date() + dt.timedelta(days=parameters.insurance_days()):
        duties.insured(volunteer, by=by)
    return made


@transaction.atomic
def honour(*, uid: object, kind: str, given_on: dt.date, given_by: str, by: Actor) -> Honour:
    """Enter an honour."""
    volunteer = _kept(uid, by)
    _known("volunteer_honour", [kind])
    made = Honour.objects.create(volunteer=volunteer, kind=kind, given_on=given_on, given_by=given_by.strip()[:60])
    _note(volunteer, "honoured", by, kind)
    return made


@transaction.atomic
def join_groups(*, uid: object, group_uids: Sequence[UUID], by: Actor) -> Volunteer:
    """The groups of the branch a volunteer works in; those not named are left."""
    volunteer = _kept(uid, by)
    volunteer.groups.set(Group.objects.filter(branch=volunteer.member.branch, uid__in=group_uids))
    _note(volunteer, "groups", by)
    return volunteer


def ask_for_insurance(*, by: System, on: dt.date) -> int:
    """Open duties for insurances that end soon and have no successor. Again opens none twice."""
    soon = on + dt.timedelta(days=parameters.insurance_days())
    active = Volunteer.objects.active().select_related("member__branch__coordinator")
    ending = active.exclude(insurances__valid_to__gt=soon).filter(insurances__valid_to__gte=on - dt.timedelta(days=365))
    return sum(1 for one in ending.distinct() if duties.ask_to_insure(one, by=by))
