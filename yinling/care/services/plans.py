"""Plans from the first word to the end: write, agree, review, end."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_noop as _

from yinling.care import duties
from yinling.care.models import Goal, Line, Partner, Plan, PlanTemplate, Review, Session
from yinling.care.models.plans import plan_where
from yinling.care.permissions import Care
from yinling.care.plan_events import PlanAgreed, PlanEnded, PlanReviewed, PlanWritten
from yinling.care.queries import plans as queries
from yinling.care.rules import plans as rules
from yinling.care.rules.templates import Template
from yinling.care.services.letting_in import let_in, let_out
from yinling.care.services.planning import plan_ahead_of
from yinling.kernel.actors import Actor, require
from yinling.kernel.changes import record
from yinling.kernel.clock import civil_date
from yinling.kernel.crypto import seal
from yinling.kernel.errors import NotFound, Refused
from yinling.kernel.uids import Uid, new_uid
from yinling.organisations.models import Organisation
from yinling.organisations.queries import standing
from yinling.people.models import Consent, Person
from yinling.people.queries import file_ids
from yinling.reference.queries import words

Number = float | Decimal
OWN_PURPOSE = "care_plan"  # what must be consented to where a plan began from no template
REVIEWER = "township_clerk"


@transaction.atomic
def write_plan(
    *, person_uid: Uid, template: str, begins_on: dt.date, by: Actor, review_on: dt.date | None = None,
    lead_uid: Uid | None = None, partners: Mapping[str, Uid] | None = None,
) -> Plan:  # fmt: skip
    """Begin a plan, from a template (its key) or empty (""). `partners`: part -> organisation, where known already.

    Needs follow from the template and the person's categories; the level of ability is kept as it is today.
    """
    person = Person.objects.visible_to(by).current().select_for_update(of=("self",)).one(uid=person_uid)
    require(by, Care.PLAN, person.place_key)
    row = queries.template(template) if template else None
    drafted, known = row.reading if row else None, queries.about(person)
    programme = drafted.programme if drafted else queries.OWN_PROGRAMME
    review = review_on or rules.months_after(begins_on, drafted.review_months if drafted else 6)
    _refuse_unwritten(person, programme, drafted, begins_on, review)
    made = Plan.objects.create(
        person=person, programme=programme, template=row, level=known.ability,
        needs=drafted.needs_for(known.categories) if drafted else [],
        lead=organisation_of(lead_uid) if lead_uid else None, begins_on=begins_on, review_on=review, made_by=by.uid,
    )  # fmt: skip
    if drafted:
        _fill(made, drafted, {part: organisation_of(uid) for part, uid in (partners or {}).items() if uid})
    event = PlanWritten(made.uid, str(person.uid), programme=programme, template=template)
    record(event, by=by, place_key=person.place_key)
    return made


def _refuse_unwritten(
    person: Person, programme: str, drafted: Template | None, begins_on: dt.date, review_on: dt.date
) -> None:
    held = Plan.objects.filter(person_id__in=file_ids(person), programme=programme).exclude(state=Plan.State.ENDED)
    if no := rules.why_not_written(
        is_dead=person.life_status == Person.DEAD, has_plan=held.exists(),
        programme=drafted.programme_title if drafted else queries.OWN, begins_on=begins_on, review_on=review_on,
    ):  # fmt: skip
        raise Refused(no, field="begins_on" if begins_on >= review_on else "template")


def organisation_of(uid: Uid) -> Organisation:
    """An organisation of the city that stands; a partner need not lie in the planner's own division."""
    return standing(uid)  # type: ignore[arg-type]


def _fill(plan: Plan, drafted: Template, organisations: Mapping[str, Organisation]) -> None:
    """The template's parts, goals and lines, as they stand there."""
    parts = {
        part: Partner.objects.create(
            plan=plan, part=part, organisation=organisations.get(part), begins_on=plan.begins_on
        )
        for part in drafted.parts
    }
    goals = [new_goal(plan, parts[one.part], one.area, one.title.zh, one.measure.zh, one.unit, one.start, one.target,
                      rules.months_after(plan.begins_on, one.months)) for one in drafted.goals]  # fmt: skip
    for goal in goals:
        goal.save(force_insert=True)
    for one in drafted.lines:
        line = Line.objects.create(
            plan=plan, partner=parts[one.part], service=one.service, times=one.times, per=one.per,
            minutes=one.minutes, days=one.days, funding=one.funding, begins_on=plan.begins_on,
        )  # fmt: skip
        line.goals.set([goals[place] for place in one.goals])


def new_goal(
    plan: Plan, partner: Partner | None, area: str, words_: str, measure: str, unit: str, start: Number,
    target: Number, due_on: dt.date,
) -> Goal:  # fmt: skip
    """A goal, unsaved, its words sealed."""
    uid = new_uid()
    return Goal(
        uid=uid, plan=plan, partner=partner, area=area, words_sealed=seal(words_, plan_where("goal", uid)),
        measure=measure, unit=unit, start_value=start, target_value=target, due_on=due_on,
    )  # fmt: skip


def locked_plan(uid: Uid, by: Actor, permission: str = Care.PLAN) -> Plan:
    """A plan of one's divisions to write in, held until the transaction ends. Raises NotFound, NotAllowed."""
    found: Plan = (
        Plan.objects.all().own_divisions(by).select_related("person", "template")
        .select_for_update(of=("self",)).one(uid=uid)
    )  # fmt: skip
    require(by, permission, found.person.place_key)
    return found


@transaction.atomic
def agree_plan(*, uid: Uid, agreed_by: str, by: Actor, on: dt.date | None = None) -> Plan:
    """Put a plan into force: consent stands, every part has its organisation; partners are let in, sessions planned."""
    plan, day = locked_plan(uid, by), on or civil_date()
    asked = _asked(plan.template)
    held = list(Consent.objects.filter(person_id__in=file_ids(plan.person), purpose=asked.purpose).order_by("-id"))
    parts = plan.partners.filter(ended_on__isnull=True)
    if no := rules.why_not_agreed(
        state=plan.state, lines=plan.lines.filter(ended_on__isnull=True).count(),
        open_parts=[words("care_part", one.part) for one in parts if one.organisation_id is None],
        given=[as_given(one) for one in held], purpose=asked.purpose,
        purpose_words=words("consent_purpose", asked.purpose), guardian=asked.guardian, agreed_by=agreed_by, on=day,
    ):  # fmt: skip
        raise Refused(no, field="agreed_by" if not agreed_by.strip() else "")
    plan.consent = consent = _consent(held, asked, day)
    plan.state, plan.agreed_by, plan.agreed_on = Plan.State.STANDING, agreed_by.strip(), day
    plan.save(update_fields=["consent", "state", "agreed_by", "agreed_on"])
    for partner in parts.select_related("plan__person", "plan__consent", "organisation"):
        let_in(partner, by=by)
    plan_ahead_of(plan)
    event = PlanAgreed(plan.uid, str(plan.person.uid), consent=str(consent.uid if consent else ""))
    record(event, by=by, place_key=plan.person.place_key)
    return plan


@dataclass(frozen=True)
class Asked:
    """The consent that a plan rests on: its purpose, and whether a guardian must have given it."""

    purpose: str
    guardian: bool


def _asked(template: PlanTemplate | None) -> Asked:
    if template is None:
        return Asked(OWN_PURPOSE, guardian=False)
    return Asked(template.reading.purpose, guardian=template.reading.guardian)


def as_given(consent: Consent) -> rules.Given:
    """A consent as rules need it."""
    return rules.Given(
        consent.purpose, consent.valid_from, consent.valid_to, by_guardian=consent.guardian_id is not None,
        is_withdrawn=consent.withdrawn_at is not None,
    )  # fmt: skip


def _consent(held: Iterable[Consent], asked: Asked, day: dt.date) -> Consent | None:
    """The one to rely on: the newest that holds, by a guardian where one is asked for."""
    fit = (
        one for one in held
        if as_given(one).holds(asked.purpose, day) and (one.guardian_id is not None or not asked.guardian)
    )  # fmt: skip
    return next(fit, None)


@transaction.atomic
def review_plan(
    *, uid: Uid, cause: str, result: str, words: str, by: Actor, next_on: dt.date | None = None,
    on: dt.date | None = None,
) -> Review:  # fmt: skip
    """Write down that a plan was looked at again. `result` ended ends it; otherwise `next_on` is the next review."""
    plan, day = locked_plan(uid, by), on or civil_date()
    ends = result == Review.Result.ENDED
    months = plan.template.reading.review_months if plan.template else 6
    following = None if ends else next_on or rules.months_after(day, months)
    if no := rules.why_not_reviewed(state=plan.state, on=day, today=civil_date(), words=words, next_on=following):
        raise Refused(no, field="words" if len(words.strip()) < 4 else "next_on")
    if result not in Review.Result.values:
        raise NotFound("result")
    review_uid = new_uid()
    made = Review.objects.create(
        uid=review_uid, plan=plan, reviewed_on=day, cause=cause, result=result, next_on=following, reviewed_by=by.uid,
        words_sealed=seal(words.strip(), plan_where("review", review_uid)),
    )  # fmt: skip
    duties.reviewed(plan, by=by)
    event = PlanReviewed(plan.uid, str(plan.person.uid), cause=cause, result=result)
    record(event, by=by, place_key=plan.person.place_key, content={"words": words})
    if ends:
        close_plan(plan, reason=_("Ended at its review."), on=day, by=by)
    else:
        assert following is not None
        plan.review_on, plan.level = following, queries.about(plan.person).ability
        plan.consent = _renewed(plan, day)
        plan.save(update_fields=["review_on", "level", "consent"])
        for partner in plan.partners.filter(ended_on__isnull=True).select_related("plan__person", "plan__consent"):
            let_in(partner, by=by)
    return made


def _renewed(plan: Plan, day: dt.date) -> Consent | None:
    """A newer consent, where one was given since; else the one the plan rests on."""
    asked = _asked(plan.template)
    held = Consent.objects.filter(person_id__in=file_ids(plan.person), purpose=asked.purpose).order_by("-id")
    return _consent(held, asked, day) or plan.consent


@transaction.atomic
def end_plan(*, uid: Uid, reason: str, by: Actor, on: dt.date | None = None) -> Plan:
    """End a plan. Partners see it no more; sessions ahead are cancelled."""
    plan, day = locked_plan(uid, by), on or civil_date()
    if no := rules.why_not_ended(state=plan.state, reason=reason, on=day, begins_on=plan.begins_on):
        raise Refused(no, field="reason" if len(reason.strip()) < 4 else "on")
    return close_plan(plan, reason=reason.strip(), on=day, by=by)


def close_plan(plan: Plan, *, reason: str, on: dt.date, by: Actor) -> Plan:
    """End a plan that is at hand and locked, whoever decided it: a clerk, a death, a consent taken back."""
    for partner in plan.partners.select_related("plan__person"):
        let_out(partner, by=by)
    ahead = Session.objects.filter(line__plan=plan, state=Session.State.PLANNED, planned_on__gte=on)
    ahead.update(state=Session.State.CANCELLED, why_not=reason[:200], recorded_by=by.uid)
    plan.state, plan.ended_on, plan.end_reason = Plan.State.ENDED, on, reason[:200]
    plan.save(update_fields=["state", "ended_on", "end_reason"])
    duties.no_review(plan, by=by)
    record(PlanEnded(plan.uid, str(plan.person.uid)), by=by, place_key=plan.person.place_key, reason=reason)
    return plan


def end_plans_of(*, person_uid: Uid, reason: str, on: dt.date, by: Actor) -> int:
    """End every plan of a person who has died. Again changes nothing. Returns how many."""
    with transaction.atomic():
        found = Plan.objects.select_for_update(of=("self",)).exclude(state=Plan.State.ENDED)
        plans = list(found.filter(person__uid=person_uid).select_related("person"))
        for plan in plans:
            close_plan(plan, reason=reason, on=max(on, plan.begins_on), by=by)
    return len(plans)


def end_without_consent(*, person_uid: Uid, by: Actor) -> int:
    """End agreed plans whose consent was taken back: what was done stays, what follows stops. Returns how many."""
    with transaction.atomic():
        found = Plan.objects.select_for_update(of=("self",)).filter(state=Plan.State.STANDING, person__uid=person_uid)
        plans = list(found.filter(consent__withdrawn_at__isnull=False).select_related("person"))
        for plan in plans:
            close_plan(plan, reason=_("The consent was taken back."), on=max(civil_date(), plan.begins_on), by=by)
    return len(plans)


def ask_for_reviews(*, on: dt.date, after: int, size: int, by: Actor) -> tuple[int, int | None]:
    """A duty for every plan whose review comes near; one batch of plans beyond an id. Again changes nothing.

    Returns (duties asked for, last id, None when there is no more).
    """
    with transaction.atomic():
        near = duties.near(on)
        due = Q(review_on__lte=near) | Q(consent__valid_to__lte=near)
        found = Plan.objects.filter(due, state=Plan.State.STANDING, pk__gt=after)
        plans = list(found.select_related("person", "template", "consent").order_by("pk")[:size])
        for plan in plans:
            duties.ask_for_review(plan, cause="date" if plan.review_on <= near else "consent", by=by)
    return len(plans), plans[-1].pk if len(plans) == size else None


def ask_after_level(*, person_uid: Uid, new: int | None, by: Actor) -> int:
    """The level of ability changed: the person's agreed plans are looked at again. Returns how many."""
    plans = list(
        Plan.objects.filter(state=Plan.State.STANDING, person__uid=person_uid).select_related("person", "template")
    )
    changed = [plan for plan in plans if plan.level != new and plan.level is not None]
    for plan in changed:
        duties.ask_for_review(plan, cause="level", by=by)
    return len(changed)


def renew_letting_in(*, after: int, size: int, by: Actor) -> tuple[int, int | None]:
    """Let in who came to a partner since, let out who left; one batch of parts beyond an id. Again changes nothing."""
    with transaction.atomic():
        found = Partner.objects.filter(plan__state=Plan.State.STANDING, organisation__isnull=False, pk__gt=after)
        parts = list(found.select_related("plan__person", "plan__consent", "organisation").order_by("pk")[:size])
        count = sum(let_in(partner, by=by) for partner in parts)
    return count, parts[-1].pk if len(parts) == size else None
