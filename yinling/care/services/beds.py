"""Home beds: entered by the township, approved by the county, set up under a contract, called from, closed."""

import datetime as dt

from django.db import transaction

from yinling.accounts.models import User
from yinling.assessments.queries import current_levels, instrument, level_words, scale_of
from yinling.care import duties, parameters
from yinling.care.models import BedCall, HomeBed, Visitor
from yinling.care.permissions import Care
from yinling.care.plan_events import BedApplied, BedCallAnswered, BedCalled, BedClosed, BedDecided, BedSetUp
from yinling.care.queries import beds as queries
from yinling.care.queries.plans import ABILITY
from yinling.care.rules import beds as rules
from yinling.institutions.models import Stay
from yinling.kernel.actors import Actor, require
from yinling.kernel.changes import record
from yinling.kernel.clock import civil_date, now
from yinling.kernel.errors import NotFound, Refused
from yinling.kernel.uids import Uid
from yinling.organisations.models import Organisation
from yinling.organisations.queries import standing
from yinling.people.models import Person
from yinling.people.queries import file_ids
from yinling.reference.queries import choices

BATCH = 50
State = HomeBed.State


def ability_of(person: Person, on: dt.date | None = None) -> rules.Ability:
    """The level of ability in force, with its words."""
    day = on or civil_date()
    held = current_levels(person, day).get(ABILITY)
    if held is None:
        return rules.Ability(None)
    try:
        title = level_words(scale_of(instrument(ABILITY, day)), held.level)
    except NotFound:
        title = None
    return rules.Ability(held.level, title)


def judged(person: Person) -> rules.Judged:
    """What the criteria say about somebody: shown before anybody applies."""
    return rules.judge(ability_of(person), parameters.home_bed_criteria())


@transaction.atomic
def apply_for_bed(*, person_uid: Uid, provider_uid: Uid, by: Actor) -> HomeBed:
    """Enter a home bed for somebody who lives at home, with who would deliver. The county decides.

    What the criteria warned of is kept with the application.
    """
    person = Person.objects.visible_to(by).current().select_for_update(of=("self",)).one(uid=person_uid)
    require(by, Care.APPLY_BED, person.place_key)
    found = judged(person)
    files = file_ids(person)
    if no := rules.why_not_applied(
        is_dead=person.life_status == Person.DEAD, judged=found,
        has_bed=HomeBed.objects.filter(person__in=files, state__in=queries.OPEN).exists(),
        lives_in_home=Stay.objects.present().filter(person__in=files).exists(),
    ):  # fmt: skip
        raise Refused(no)
    provider = _provider(provider_uid)
    ability = ability_of(person)
    made = HomeBed.objects.create(
        person=person, provider=provider, services_a_month=parameters.home_bed_services(), applied_on=civil_date(),
        response_minutes=parameters.home_bed_response_minutes(), recorded_by=by.uid,
        criteria={"level": ability.level, "warnings": [one.as_data() for one in found.warnings]},
    )  # fmt: skip
    record(BedApplied(made.uid, str(person.uid)), by=by, place_key=person.place_key)
    duties.ask_to_decide(made, by=by)
    return made


def _provider(uid: Uid) -> Organisation:
    found = standing(uid)  # type: ignore[arg-type]
    if found.status != "active":
        raise Refused("{name} is not active. Choose another provider.", field="provider", name=found.name)
    return found


def _locked(uid: Uid, by: Actor, permission: str) -> HomeBed:
    """A home bed of one's divisions to write in, held until the transaction ends. Raises NotFound, NotAllowed."""
    found: HomeBed = (
        HomeBed.objects.all().own_divisions(by).select_related("person", "provider")
        .select_for_update(of=("self",)).one(uid=uid)
    )  # fmt: skip
    require(by, permission, found.person.place_key)
    return found


@transaction.atomic
def decide_on_bed(*, uid: Uid, is_approved: bool, reason: str, by: Actor) -> HomeBed:
    """Approve or refuse. Somebody else than whoever entered it."""
    bed = _locked(uid, by, Care.APPROVE_BED)
    is_own = str(bed.recorded_by) == str(by.uid)
    if no := rules.why_not_decided(state=bed.state, is_own=is_own, is_approved=is_approved, reason=reason):
        raise Refused(no, field="reason" if not is_approved else "")
    bed.state = State.APPROVED if is_approved else State.REFUSED
    bed.decided_on, bed.decided_by, bed.decision_reason = civil_date(), by.uid, reason.strip()
    bed.save(update_fields=["state", "decided_on", "decided_by", "decision_reason"])
    event = BedDecided(bed.uid, str(bed.person.uid), is_approved=is_approved)
    record(event, by=by, place_key=bed.person.place_key, reason=reason)
    duties.ask_to_set_up(bed, by=by)
    return bed


@transaction.atomic
def set_bed_up(*, uid: Uid, contract_number: str, begins_on: dt.date, by: Actor) -> HomeBed:
    """The contract is signed and the devices stand: the bed is in use from a day on."""
    bed = _locked(uid, by, Care.APPLY_BED)
    if no := rules.why_not_set_up(
        state=bed.state, contract=contract_number, begins_on=begins_on, decided_on=bed.decided_on
    ):
        raise Refused(no, field="begins_on" if contract_number.strip() else "contract_number")
    bed.state, bed.contract_number, bed.begins_on = State.STANDING, contract_number.strip(), begins_on
    bed.save(update_fields=["state", "contract_number", "begins_on"])
    event = BedSetUp(bed.uid, str(bed.person.uid), contract=bed.contract_number)
    record(event, by=by, place_key=bed.person.place_key)
    duties.set_up(bed, by=by)
    return bed


@transaction.atomic
def log_call(*, uid: Uid, called_at: dt.datetime, way: str, by: Actor) -> BedCall:
    """Somebody called from a home bed. The same bed and instant again is the same call. The answer's clock runs."""
    bed = _locked(uid, by, Care.APPLY_BED)
    _known("call_way", way, "way")
    if no := rules.why_not_called(state=bed.state, called_at=called_at, at=now()):
        raise Refused(no, field="called_at")
    made, is_new = BedCall.objects.get_or_create(
        bed=bed, called_at=called_at, defaults={"way": way, "recorded_by": by.uid}
    )
    if is_new:
        event = BedCalled(bed.uid, str(bed.person.uid), call=str(made.uid))
        record(event, by=by, place_key=bed.person.place_key)
        duties.ask_to_answer(made, _who_answers(bed), by=by)
    return made


def _who_answers(bed: HomeBed) -> User | None:
    """Somebody of the provider with an account."""
    staff = Visitor.objects.active(civil_date()).filter(organisation=bed.provider_id, user__is_active=True)
    first = staff.select_related("user").order_by("id").first()
    return first.user if first and first.user and first.user.may(Care.DELIVER) else None


@transaction.atomic
def answer_call(*, uid: Uid, answered_at: dt.datetime, outcome: str, by: Actor) -> BedCall:
    """A call was answered, and what came of it: by the township, or by the provider's people."""
    call: BedCall = (
        BedCall.objects.visible_to(by).select_related("bed__person", "bed__provider")
        .select_for_update(of=("self",)).one(uid=uid)
    )  # fmt: skip
    person = call.bed.person
    if not by.may(Care.APPLY_BED, person.place_key):
        require(by, Care.DELIVER)
    _known("call_outcome", outcome, "outcome")
    if no := rules.why_not_answered(
        is_answered=call.answered_at is not None, called_at=call.called_at, answered_at=answered_at, at=now()
    ):
        raise Refused(no, field="answered_at")
    call.answered_at, call.outcome = answered_at, outcome
    call.save(update_fields=["answered_at", "outcome"])
    event = BedCallAnswered(call.bed.uid, str(person.uid), call=str(call.uid), outcome=outcome)
    record(event, by=by, place_key=person.place_key)
    duties.answered(call, by=by)
    return call


def _known(list_key: str, code: str, field: str) -> None:
    if code not in dict(choices(list_key)):
        raise Refused("{code} is not in the code list. Choose one of it.", field=field, code=code)


@transaction.atomic
def close_bed(*, uid: Uid, why: str, on: dt.date, by: Actor) -> HomeBed:
    """Close a home bed. `why`: code list home_bed_end."""
    bed = _locked(uid, by, Care.APPLY_BED)
    _known("home_bed_end", why, "why")
    if no := rules.why_not_closed(state=bed.state, on=on, begins_on=bed.begins_on):
        raise Refused(no, field="on")
    return end_bed(bed, why=why, on=on, by=by)


def end_bed(bed: HomeBed, *, why: str, on: dt.date, by: Actor) -> HomeBed:
    """Close a bed that is at hand and locked, whoever decided it: a clerk, a death, a move into a home."""
    bed.state, bed.end_reason, bed.ended_on = State.CLOSED, why, on
    bed.save(update_fields=["state", "end_reason", "ended_on"])
    duties.bed_closed(bed, by=by)
    record(BedClosed(bed.uid, str(bed.person.uid), why=why), by=by, place_key=bed.person.place_key)
    return bed


def end_bed_of(*, person_uid: Uid, why: str, on: dt.date, by: Actor) -> int:
    """Close the bed of somebody who died or moved into a home. Again changes nothing. Returns how many."""
    with transaction.atomic():
        found = HomeBed.objects.select_for_update(of=("self",)).filter(state__in=queries.OPEN, person__uid=person_uid)
        beds = list(found.select_related("person"))
        for bed in beds:
            end_bed(bed, why=why, on=max(on, bed.begins_on or on), by=by)
    return len(beds)


def ask_about_hospital(*, person_uid: Uid, by: Actor) -> None:
    """Somebody with a home bed went into hospital: the township keeps the bed or closes it. No rule closes it, because
    most come back."""
    bed = HomeBed.objects.standing().filter(person__uid=person_uid).select_related("person").first()
    if bed is not None:
        duties.ask_about_hospital(bed, by=by)


def ask_for_services(*, on: dt.date, after: int, size: int, by: Actor) -> tuple[int, int | None]:
    """A duty for every bed whose services of the month will hardly be enough; one batch of beds beyond an id. Again
    changes nothing. Returns (beds short, last id, None when there is no more)."""
    beds = list(HomeBed.objects.standing().filter(pk__gt=after).select_related("person").order_by("pk")[:size])
    counts, last = queries.services_in_month(beds, on), queries.month_of(on)[1]
    short = [
        bed for bed in beds
        if bed.begins_on and bed.begins_on <= on and rules.will_be_missed(
            done=counts.get(bed.pk, 0), needed=bed.services_a_month, today=on, last=last,
            warn_days=parameters.home_bed_warn_days(on),
        )
    ]  # fmt: skip
    with transaction.atomic():
        for bed in short:
            duties.ask_about_services(bed, f"{on:%Y-%m}", done=counts.get(bed.pk, 0), last=last, by=by)
    return len(short), beds[-1].pk if len(beds) == size else None
