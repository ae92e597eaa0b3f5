"""A stay goes on: another bed, another home, leaving, and what was entered wrongly."""

import datetime as dt

from django.db import IntegrityError, transaction
from django.db.models import Q

from yinling.institutions import rules
from yinling.institutions.beds_free import bed_words, chosen_bed, first_free
from yinling.institutions.events import Admitted, BedMoved, DischargeCorrected, Discharged, StayVoided
from yinling.institutions.models import Bed, BedUse, Institution, Leave, Stay
from yinling.institutions.permissions import Institutions
from yinling.institutions.services.admission import readable_number
from yinling.institutions.services.bills import open_resident_accounts
from yinling.institutions.services.presence import hide_from_managers, show_to_managers
from yinling.kernel.actors import Actor, require
from yinling.kernel.changes import record
from yinling.kernel.clock import now
from yinling.kernel.errors import Refused
from yinling.people.models import Person
from yinling.people.services.whereabouts import Where, end_whereabouts, record_whereabouts
from yinling.reference.queries import entries, has_list, words
from yinling.worklist.models import Subject
from yinling.worklist.services import void_item

AFTERWARDS: dict[str, Where] = {"home": "home", "hospital": "hospital", "expelled": "home", "other": "home"}


def present_stay(uid: object, by: Actor, permission: str = Institutions.ADMIT) -> Stay:
    """A resident's stay, its home locked. Raises Refused when it is over."""
    found = Stay.objects.visible_to(by).one(uid=uid)
    home = Institution.objects.select_for_update(no_key=True).get(pk=found.institution_id)
    require(by, permission, home.place_key)
    stay = Stay.objects.select_related("person", "institution").get(pk=found.pk)
    if stay.voided_at is not None:
        raise Refused("This stay was entered by mistake and voided.")
    if stay.left_at is not None:
        raise Refused("This stay ended on {left_at}. What comes after is a new stay.", left_at=stay.left_at)
    return stay


@transaction.atomic
def move(*, stay_uid: object, bed_uid: object, by: Actor, at: dt.datetime | None = None, reason: str = "") -> BedUse:
    """A resident gets another bed of the same home; the one before is free from the same instant."""
    stay, moment = present_stay(stay_uid, by), at or now()
    bed = chosen_bed(stay.institution, bed_uid)
    present = _present_use(stay)
    if refusal := rules.why_not_left(stay.admitted_at, present.valid_from, moment, now()):
        raise Refused(refusal, field="at")
    made = _take(stay, bed, moment)
    event = BedMoved(
        stay.person.uid, institution_uid=str(stay.institution.uid), stay_uid=str(stay.uid), bed_uid=str(bed.uid)
    )
    record(event, by=by, place_key=stay.institution.place_key, reason=reason)
    return made


def _present_use(stay: Stay) -> BedUse:
    return BedUse.objects.open().select_related("bed__room").get(stay=stay)


def _take(stay: Stay, bed: Bed, at: dt.datetime) -> BedUse:
    try:
        with transaction.atomic():
            return BedUse.objects.create(bed=bed, kind=BedUse.OCCUPIED, stay=stay, valid_from=at)
    except IntegrityError:
        raise Refused(
            "Bed {bed} was held by somebody else at that time. Choose another bed, or correct the time.",
            bed=bed_words(bed),
        ) from None


@transaction.atomic
def transfer(
    *,
    stay_uid: object,
    to_uid: object,
    by: Actor,
    bed_uid: object | None = None,
    bed_kind: str = "ordinary",
    at: dt.datetime | None = None,
    reason: str = "",
    fee_fen: int | None = None,
) -> Stay:
    """A resident moves to another home: one stay ends and the next begins at the same instant, or nothing happens.

    Needs the permission in both homes. Raises Refused when the other home has no free bed.
    """
    target = Institution.objects.visible_to(by).one(uid=to_uid)
    _lock_in_order(stay_uid, target, by)
    stay, moment = present_stay(stay_uid, by), at or now()
    require(by, Institutions.ADMIT, target.place_key)
    if target.pk == stay.institution_id:
        raise Refused("That is the home the resident lives in. Move them to another bed instead.")
    bed = chosen_bed(target, bed_uid) if bed_uid else first_free(target, bed_kind)
    if bed is None:
        raise Refused(rules.why_no_bed(target.name, words("bed_kind", bed_kind), 0, 0))
    _leave(stay, moment, "transfer", by, reason)
    made = Stay(
        number=readable_number("RZ", target.place_key), person=stay.person, institution=target, came_from=stay,
        admitted_at=moment, level=stay.level, fee_fen=fee_fen if fee_fen is not None else stay.fee_fen,
    )  # fmt: skip
    made.save(force_insert=True)
    _take(made, bed, moment)
    record_whereabouts(person=stay.person, kind="stay", since=moment, origin_kind="stay", origin_uid=made.uid)
    show_to_managers(stay.person, target, "stay", made.uid, by)
    open_resident_accounts(made, by)
    event = Admitted(stay.person.uid, institution_uid=str(target.uid), stay_uid=str(made.uid), bed_uid=str(bed.uid))
    record(event, by=by, place_key=target.place_key, reason=reason)
    return made


def _lock_in_order(stay_uid: object, target: Institution, by: Actor) -> None:
    """Lock both homes by number, so that two transfers never wait for each other in a circle."""
    origin = Stay.objects.visible_to(by).one(uid=stay_uid).institution_id
    list(Institution.objects.select_for_update(no_key=True).filter(pk__in=[origin, target.pk]).order_by("pk"))


@transaction.atomic
def discharge(*, stay_uid: object, reason: str, by: Actor, left_at: dt.datetime | None = None, note: str = "") -> Stay:
    """The person has left: the stay ends and the bed is free from that instant. `reason`: code list stay_end.

    Raises Refused for an instant that lies ahead: a bed is never freed before the person has physically left.
    """
    if reason == "transfer":
        raise Refused(
            "A transfer to another home of the register is one step of its own: use Transfer.", field="reason"
        )
    if has_list("stay_end") and reason not in {entry.code for entry in entries("stay_end")}:
        raise Refused("{code} is not in the list. Choose one of the words offered.", field="reason", code=reason)
    stay, moment = present_stay(stay_uid, by), left_at or now()
    _leave(stay, moment, reason, by, note)
    if reason == "death":
        end_whereabouts(person=stay.person, at=moment)
    elif stay.person.life_status != Person.DEAD:
        record_whereabouts(person=stay.person, kind=AFTERWARDS.get(reason, "home"), since=moment)
    return stay


def _leave(stay: Stay, at: dt.datetime, reason: str, by: Actor, note: str) -> None:
    if refusal := rules.why_not_left(stay.admitted_at, _present_use(stay).valid_from, at, now()):
        raise Refused(refusal, field="left_at")
    out = Leave.objects.filter(stay=stay, back_at__isnull=True)
    for leave in out:  # whoever does not come back left when they went out, or later
        leave.back_at, leave.returned_recorded_at = max(at, leave.out_at), now()
        leave.save(update_fields=["back_at", "returned_recorded_at"])
    stay.left_at, stay.leaving_reason = at, reason
    stay.save(update_fields=["left_at", "leaving_reason"])  # the database frees the bed in this statement
    void_item(subject=Subject("stay", stay.uid), by=by)
    hide_from_managers(stay.person, "stay", stay.uid, by)
    event = Discharged(
        stay.person.uid, institution_uid=str(stay.institution.uid), stay_uid=str(stay.uid), leaving_reason=reason
    )
    record(event, by=by, place_key=stay.institution.place_key, reason=note)


@transaction.atomic
def correct_discharge(*, stay_uid: object, left_at: dt.datetime, reason: str, by: Actor) -> Stay:
    """The instant of leaving was written wrongly. The old one stays readable; the bed stays the same."""
    found = Stay.objects.visible_to(by).select_related("institution", "person").one(uid=stay_uid)
    Institution.objects.select_for_update(no_key=True).get(pk=found.institution_id)
    require(by, Institutions.ADMIT, found.institution.place_key)
    if found.left_at is None or found.voided_at is not None:
        raise Refused("There is no leaving to correct. Discharge the resident instead.")
    if not reason.strip():
        raise Refused("Say why, so that the record can be understood.", field="reason")
    last = BedUse.objects.current().get(stay=found, valid_to=found.left_at)
    if refusal := rules.why_not_left(found.admitted_at, last.valid_from, left_at, now()):
        raise Refused(refusal, field="left_at")
    if left_at == found.left_at:
        return found
    try:
        with transaction.atomic():
            found.left_at = left_at
            found.save(update_fields=["left_at"])
            BedUse.objects.create(
                bed_id=last.bed_id, kind=BedUse.OCCUPIED, stay=found, valid_from=last.valid_from, valid_to=left_at,
                ended_at=now(), corrects=last,
            )  # fmt: skip
    except IntegrityError:
        raise Refused("Somebody else held the bed by then. Correct their stay first.", field="left_at") from None
    event = DischargeCorrected(found.person.uid, institution_uid=str(found.institution.uid), stay_uid=str(found.uid))
    record(event, by=by, place_key=found.institution.place_key, reason=reason)
    return found


@transaction.atomic
def void_stay(*, stay_uid: object, reason: str, by: Actor) -> Stay:
    """A stay that never took place: entered for the wrong person, or twice. It stays on record as void."""
    found = Stay.objects.visible_to(by).select_related("institution", "person").one(uid=stay_uid)
    Institution.objects.select_for_update(no_key=True).get(pk=found.institution_id)
    require(by, Institutions.ADMIT, found.institution.place_key)
    if not reason.strip():
        raise Refused("Say why, so that the record can be understood.", field="reason")
    if found.voided_at is not None:
        return found
    if Stay.objects.filter(Q(came_from=found), voided_at__isnull=True).exists():
        raise Refused("The resident went on to another home from here. Void that stay first.")
    was_present = found.left_at is None
    found.voided_at, found.void_reason = now(), reason[:300]
    found.save(update_fields=["voided_at", "void_reason"])  # the database supersedes the bed uses
    void_item(subject=Subject("stay", found.uid), by=by)
    hide_from_managers(found.person, "stay", found.uid, by)
    if was_present:
        record_whereabouts(person=found.person, kind="home", since=now())
    event = StayVoided(found.person.uid, institution_uid=str(found.institution.uid), stay_uid=str(found.uid))
    record(event, by=by, place_key=found.institution.place_key, reason=reason)
    return found
