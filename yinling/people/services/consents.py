"""What a person has agreed to, how, and what the person took back; and what was answered about central care."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import transaction

from yinling.files.services import About, Opened, open_for, store
from yinling.files.vault import Readable
from yinling.kernel.actors import Actor, require
from yinling.kernel.clock import civil_date, now
from yinling.kernel.errors import NotFound, Refused
from yinling.kernel.uids import Uid
from yinling.people import duties, parameters, rules
from yinling.people.models import Consent, Guardian, Person, Willingness
from yinling.people.permissions import People
from yinling.people.services.inquiries import inquiry_of
from yinling.people.services.relations import announce, editable

BATCH = 500


@dataclass(frozen=True)
class Given:
    """A consent given on a day in the past: a row of `load_consents`. `person_id`, `guardian_id`: primary keys."""

    person_id: int
    purpose: str
    on: dt.date
    recipient: str
    method: str = "sign"
    given_by: str = ""
    guardian_id: int | None = None


@transaction.atomic
def load_consents(*, rows: Iterable[Given]) -> int:
    """Consents that were given on paper before the register knew of them, for a bulk load. Returns how many."""
    consents = [
        Consent(
            person_id=row.person_id, purpose=row.purpose, items=[row.purpose], recipient=row.recipient,
            method=row.method, given_by=row.given_by, guardian_id=row.guardian_id, valid_from=row.on,
        )
        for row in rows
    ]  # fmt: skip
    return len(Consent.objects.bulk_create(consents, batch_size=BATCH))


@transaction.atomic
def give_consent(
    *,
    uid: Uid,
    purpose: str,
    items: Sequence[str],
    recipient: str,
    method: str,
    given_by: str,
    by: Actor,
    witness: str = "",
    valid_to: dt.date | None = None,
    guardian_uid: Uid | None = None,
) -> Consent:
    """Record a consent as it was given: tick, signature, or read aloud before a witness.

    Without a stated end it counts for the months of `people.consent_months`; the end stands on the sheet.
    """
    person = editable(uid, by)
    has_guardian = bool(guardian_uid)
    if reason := rules.why_not_a_consent(items=items, method=method, witness=witness, has_guardian=has_guardian):
        raise Refused(reason, field="items" if not items else "witness" if method == "read_aloud" else "guardian_uid")
    if valid_to and valid_to < civil_date():
        raise Refused("The term {day} is past already. A consent holds from today on.", field="valid_to", day=valid_to)
    guardian = None
    if guardian_uid:
        guardian = Guardian.objects.holding(civil_date()).one(uid=guardian_uid, person=person)
    consent = Consent.objects.create(
        person=person, purpose=purpose, items=list(items), recipient=recipient, method=method, given_by=given_by,
        witness=witness, guardian=guardian, valid_from=civil_date(),
        valid_to=rules.consent_ends(civil_date(), valid_to, parameters.consent_months()),
    )  # fmt: skip
    duties.consent_renewed(person, purpose, recipient, by=by)
    announce(person, "consent", by)
    return consent


def keep_sheet(*, uid: Uid, consent_uid: Uid, stream: Readable, name: str, by: Actor) -> Consent:
    """Keep the signed sheet of a consent, photographed or scanned. A clearer one takes its place on the page; the one
    before stays in the vault. The content is written before the transaction."""
    seen = Person.objects.visible_to(by).one(uid=uid)
    require(by, People.EDIT, seen.place_key)
    Consent.objects.one(uid=consent_uid, person=seen)
    about = About(seen.place_key, "person", seen.uid, purpose="signed consent")
    stored = store(stream, kind="scan", name=name, about=about, by=by)
    with transaction.atomic():
        person = editable(uid, by)
        consent = Consent.objects.select_for_update().one(uid=consent_uid, person=person)
        consent.sheet_file_uid = stored.uid
        consent.save(update_fields=["sheet_file_uid"])
        announce(person, "consent_sheet", by)
    return consent


def open_sheet(*, uid: Uid, consent_uid: Uid, by: Actor) -> Opened:
    """The signed sheet of a consent of a person the actor may see; the look is recorded. Raises NotFound."""
    consent = Consent.objects.visible_to(by).select_related("person").one(uid=consent_uid, person__uid=uid)
    require(by, People.READ)
    if consent.sheet_file_uid is None:
        raise NotFound("sheet")
    return open_for(
        consent.sheet_file_uid, subject_kind="person", subject_uid=consent.person.uid, by=by,
        inquiry=inquiry_of(consent.person, by),
    )  # fmt: skip


@transaction.atomic
def withdraw_consent(*, uid: Uid, consent_uid: Uid, on: dt.date, reason: str, by: Actor) -> Consent:
    """End a consent at once. What was done before stays lawful; what follows must stop.

    `on`: the day the person took it back, which may lie before today. The person owes nobody a reason; `reason` says
    how it was said, and to whom.
    """
    person = editable(uid, by)
    consent = Consent.objects.filter(person=person, uid=consent_uid, withdrawn_at__isnull=True).first()
    if consent is None:
        raise NotFound("consent")
    if objection := rules.why_not_ended(on=on, since=consent.valid_from, today=civil_date()):
        raise Refused(objection, field="on")
    if objection := rules.why_not_explained(reason):
        raise Refused(objection, field="reason")
    consent.withdrawn_on, consent.withdrawn_why, consent.withdrawn_at = on, reason, now()
    consent.save(update_fields=["withdrawn_on", "withdrawn_why", "withdrawn_at"])
    duties.consent_withdrawn(consent, by=by)
    announce(person, "consent", by, reason=reason)
    return consent


@transaction.atomic
def record_willingness(*, uid: Uid, is_willing: bool, asked_on: dt.date, asked_by: str, by: Actor) -> Willingness:
    """Record what the person answered when asked about central care."""
    person = editable(uid, by)
    if asked_on > civil_date():
        raise Refused("The day of asking {day} lies in the future. Check the date.", field="asked_on", day=asked_on)
    answer = Willingness.objects.create(person=person, is_willing=is_willing, asked_on=asked_on, asked_by=asked_by)
    announce(person, "willingness", by)
    return answer
