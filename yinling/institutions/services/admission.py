"""From application to admission: class, decision, waiting list, reservation, moving in."""

import datetime as dt
from dataclasses import dataclass

from django.db import IntegrityError, transaction

from yinling.assessments.queries import current_levels
from yinling.institutions import rules
from yinling.institutions.beds_free import bed_words, chosen_bed, first_free, held_and_usable
from yinling.institutions.events import AdmissionApplied, AdmissionDecided, Admitted, BedReserved
from yinling.institutions.models import Application, Bed, BedUse, Institution, Stay
from yinling.institutions.models.sites import HOMES
from yinling.institutions.permissions import Institutions
from yinling.institutions.services.bills import open_resident_accounts
from yinling.institutions.services.presence import hide_from_managers, show_to_managers
from yinling.kernel.actors import Actor, require
from yinling.kernel.changes import record
from yinling.kernel.clock import civil_date, now
from yinling.kernel.errors import Refused
from yinling.kernel.models import next_number
from yinling.kernel.reasons import Reason
from yinling.people.models import Category, Person
from yinling.people.services.whereabouts import record_whereabouts
from yinling.reference.queries import fact_if_any, words
from yinling.worklist.models import NextStep, Subject
from yinling.worklist.services import close_item, open_item

SCALE = "gbt_42195"
OFFER_DUTY = "institutions.offer"  # an offer of a bed has lapsed
WAITING, REFUSED, WITHDRAWN = "waiting", "refused", "withdrawn"


@dataclass(frozen=True)
class Admittance:
    """A stay that began, and what somebody should settle."""

    stay: Stay
    bed: Bed
    warnings: tuple[Reason, ...]


def readable_number(prefix: str, place_key: int) -> str:
    """The next number people read: RZ431224-2026-00017 (per county and year)."""
    county, year = place_key // 10**6, civil_date().year
    return f"{prefix}{county}-{year}-{next_number(f'{prefix}:{county}:{year}'):05d}"


@transaction.atomic
def apply_for_admission(
    *,
    person_uid: object,
    institution_uid: object,
    by: Actor,
    bed_kind: str = "ordinary",
    contact_name: str = "",
    wanted_on: dt.date | None = None,
) -> Application:
    """Enter an application. Its class follows from categories, level of need and age, with reasons."""
    person = _canonical(Person.objects.visible_to(by).select_related("canonical").one(uid=person_uid))
    home = Institution.objects.all().one(uid=institution_uid)  # a family may choose a home in another county
    require(by, Institutions.APPLY)
    if refusal := rules.why_not_applied(
        is_dead=person.life_status == Person.DEAD, is_resident=Stay.objects.present().filter(person=person).exists(),
        is_home=home.kind in HOMES, is_closed=home.closed_on is not None and home.closed_on <= civil_date(),
    ):  # fmt: skip
        raise Refused(refusal)
    if Application.objects.filter(person=person, institution=home, state__in=["submitted", WAITING]).exists():
        raise Refused("An application of this person to {home} is open already. Open that one.", home=home.name)
    applicant = _applicant(person)
    found = rules.admission_class(applicant, home.is_public)
    made = Application.objects.create(
        number=readable_number("SQ", home.place_key), person=person, institution=home, bed_kind=bed_kind,
        priority=found.priority, level=applicant.level or 0, contact_name=contact_name[:60], wanted_on=wanted_on,
        reasons=[reason.as_data() for reason in (*found.reasons, *found.doubts)],
    )  # fmt: skip
    show_to_managers(person, home, "admission", made.uid, by)
    open_item(
        kind="institutions.review", subject=Subject("application", made.uid), by=by, place_key=home.place_key,
        role="county_clerk", ladder_key="approval", title=Reason("Review an application for admission"),
        why=Reason("{home}, class {priority}", home=home.name, priority=found.priority),
        next_step=NextStep("Review", "institutions:application", (str(made.uid),)),
    )  # fmt: skip
    event = AdmissionApplied(person.uid, institution_uid=str(home.uid), stay_uid="")
    record(event, by=by, place_key=home.place_key)
    return made


def _canonical(person: Person) -> Person:
    return person.canonical or person


def _applicant(person: Person) -> rules.Applicant:
    today = civil_date()
    held = Category.objects.holding(today).filter(person=person).values_list("category", flat=True)
    level = current_levels(person).get(SCALE)
    return rules.Applicant(
        age=rules.age_on(person.birth_date, today) if person.birth_date else None,
        categories=frozenset(held),
        level=level.level if level else None,
        is_alone=person.living_arrangement == "alone",
    )


@transaction.atomic
def review(*, application_uid: object, decision: str, by: Actor, reason: str = "") -> Application:
    """Accept an application onto the waiting list, or refuse it with a reason."""
    found = _decidable(application_uid, decision, reason, by, Institutions.REVIEW)
    return _decide(found, WAITING if decision == WAITING else REFUSED, reason, by)


@transaction.atomic
def withdraw(*, application_uid: object, reason: str, by: Actor) -> Application:
    """The family no longer wants the place."""
    return _decide(_decidable(application_uid, WITHDRAWN, reason, by, Institutions.APPLY), WITHDRAWN, reason, by)


def _decidable(uid: object, decision: str, reason: str, by: Actor, permission: Institutions) -> Application:
    scope = Application.objects.visible_to(by).select_related("institution", "person")
    found = scope.select_for_update(of=("self",)).one(uid=uid)
    require(by, permission, found.institution.place_key)
    if refusal := rules.why_not_decided(found.state, decision, reason):
        raise Refused(refusal, field="reason")
    return found


def _decide(found: Application, state: str, reason: str, by: Actor) -> Application:
    found.state, found.decided_at, found.decided_by, found.decision_reason = state, now(), by.uid, reason[:300]
    found.save(update_fields=["state", "decided_at", "decided_by", "decision_reason"])
    close_item(kind="institutions.review", subject=Subject("application", found.uid), by=by)
    if state != WAITING:
        release_reservation(found, by)
        _offered_again(found, by)
        hide_from_managers(found.person, "admission", found.uid, by)
    event = AdmissionDecided(
        found.person.uid, institution_uid=str(found.institution.uid), state=state, priority=found.priority
    )
    record(event, by=by, place_key=found.institution.place_key, reason=reason)
    return found


def _locked_home(application: Application) -> Institution:
    """One admission at a time per home: whoever comes second sees what the first one took."""
    return Institution.objects.select_for_update(no_key=True).get(pk=application.institution_id)


@transaction.atomic
def reserve_bed(*, application_uid: object, by: Actor, bed_uid: object | None = None) -> BedUse:
    """Keep a bed for somebody on the waiting list."""
    found = Application.objects.visible_to(by).one(uid=application_uid)
    home = _locked_home(found)
    require(by, Institutions.ADMIT, home.place_key)
    found.refresh_from_db()
    if found.state != WAITING:
        raise Refused("Beds are reserved for accepted applications. Have this one reviewed first.")
    if (known := BedUse.objects.open().filter(application=found).first()) is not None:
        return known
    bed = _bed(home, found, bed_uid)
    made = BedUse.objects.create(bed=bed, kind=BedUse.RESERVED, application=found, valid_from=now())
    _offered_again(found, by)
    event = BedReserved(found.person.uid, institution_uid=str(home.uid), bed_uid=str(bed.uid))
    record(event, by=by, place_key=home.place_key)
    return made


@transaction.atomic
def release_bed(*, application_uid: object, by: Actor) -> int:
    """Give a reserved bed back. Again changes nothing."""
    found = Application.objects.visible_to(by).select_related("institution", "person").one(uid=application_uid)
    require(by, Institutions.ADMIT, found.institution.place_key)
    return release_reservation(found, by)


def _offered_again(found: Application, by: Actor) -> None:
    """What came of an offer that lapsed is settled: nobody need ask the family any more."""
    close_item(kind=OFFER_DUTY, subject=Subject("application", found.uid), by=by)


def release_reservation(found: Application, by: Actor) -> int:
    """End what keeps a bed for an application; the caller has decided. Again changes nothing."""
    moment = now()
    held = BedUse.objects.open().filter(application=found)
    bed = held.values_list("bed__uid", flat=True).first()
    count = held.update(valid_to=moment, ended_at=moment)
    if count:
        event = BedReserved(
            found.person.uid, institution_uid=str(found.institution.uid), bed_uid=str(bed), is_released=True
        )
        record(event, by=by, place_key=found.institution.place_key)
    return count


def _bed(home: Institution, application: Application, bed_uid: object | None) -> Bed:
    """The bed that was chosen, or the first free one of the kind. Raises Refused."""
    if bed_uid is not None:
        return chosen_bed(home, bed_uid, application.pk)
    bed = first_free(home, application.bed_kind, application.pk)
    if bed is None:
        held, usable = held_and_usable(home, application.bed_kind)
        raise Refused(rules.why_no_bed(home.name, words("bed_kind", application.bed_kind), usable, held))
    return bed


@transaction.atomic
def admit(
    *,
    application_uid: object,
    by: Actor,
    bed_uid: object | None = None,
    at: dt.datetime | None = None,
    fee_fen: int | None = None,
    agreement_number: str = "",
) -> Admittance:
    """The person moves in. Without `bed_uid` the reserved bed, else the first free one of the kind asked for.

    Raises Refused when no bed is free, the application is not accepted, or a verified rule asks for an assessment.
    """
    found = Application.objects.visible_to(by).one(uid=application_uid)
    home = _locked_home(found)
    require(by, Institutions.ADMIT, home.place_key)
    found = Application.objects.select_related("person").get(pk=found.pk)
    moment = at or now()
    level = current_levels(found.person).get(SCALE)
    given = _given(found, moment, level is not None)
    if refusal := rules.why_not_admitted(given):
        raise Refused(refusal)
    bed = _bed(home, found, bed_uid)
    stay = Stay(
        number=readable_number("RZ", home.place_key), person=found.person, institution=home, application=found,
        admitted_at=moment, level=level.level if level else None, agreement_number=agreement_number[:60],
        fee_fen=fee_fen if fee_fen is not None else home.fees.get("low_fen", 0),
    )  # fmt: skip
    _move_in(stay, bed, found)
    found.state = Application.State.ADMITTED
    found.save(update_fields=["state"])
    _offered_again(found, by)
    record_whereabouts(person=found.person, kind="stay", since=moment, origin_kind="stay", origin_uid=stay.uid)
    hide_from_managers(found.person, "admission", found.uid, by)
    show_to_managers(found.person, home, "stay", stay.uid, by)
    open_resident_accounts(stay, by)
    event = Admitted(found.person.uid, institution_uid=str(home.uid), stay_uid=str(stay.uid), bed_uid=str(bed.uid))
    record(event, by=by, place_key=home.place_key)
    return Admittance(stay, bed, rules.admission_warnings(given))


def _given(found: Application, at: dt.datetime, has_assessment: bool) -> rules.Admission:
    return rules.Admission(
        state=found.state, at=at, now=now(), has_assessment=has_assessment,
        is_dead=found.person.life_status == Person.DEAD, assessment_required=assessment_required(),
        is_resident=Stay.objects.present().filter(person=found.person).exists(),
    )  # fmt: skip


def assessment_required() -> bool:
    """Whether a verified rule asks for an assessment before admission (民政部令66号 art. 15); else it only warns."""
    found = fact_if_any("admission.assessment_required")
    return found is not None and bool(found.value) and found.verified


def _move_in(stay: Stay, bed: Bed, application: Application | None) -> None:
    """Save stay and bed use. The database is the last to say whether the bed is free."""
    try:
        with transaction.atomic():
            if application is not None:
                _end_reservation(application, stay.admitted_at)
            stay.save(force_insert=True)
            BedUse.objects.create(bed=bed, kind=BedUse.OCCUPIED, stay=stay, valid_from=stay.admitted_at)
    except IntegrityError:
        raise Refused(
            "Bed {bed} was held by somebody else at that time. Choose another bed, or correct the time.",
            bed=bed_words(bed),
        ) from None


def _end_reservation(application: Application, at: dt.datetime) -> None:
    """A reservation ends when the person arrives; one that had not begun by then was never in force."""
    held = BedUse.objects.open().filter(application=application)
    held.filter(valid_from__gte=at).update(superseded_at=now())
    held.update(valid_to=at, ended_at=now())
