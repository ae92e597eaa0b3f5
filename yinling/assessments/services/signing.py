"""Signatures: two certified assessors, each for the content as it stands. The second one makes the level count."""

import datetime as dt
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib.auth.hashers import check_password
from django.db import transaction

from yinling.accounts.models import User
from yinling.accounts.queries import proof_rules
from yinling.assessments import duties, queries, rules
from yinling.assessments.events import AssessmentSigned, SignatureRefused
from yinling.assessments.models import Assessment, Signature
from yinling.assessments.permissions import Assessments
from yinling.assessments.rules import Entered
from yinling.assessments.services.levels import bring_levels_up_to_date
from yinling.engines.scales.instruments import Instrument as Scale
from yinling.kernel import readings
from yinling.kernel.actors import require
from yinling.kernel.changes import record
from yinling.kernel.clock import civil_date, now
from yinling.kernel.errors import Refused
from yinling.kernel.models import Change


@dataclass(frozen=True)
class Proof:
    """How an assessor signs: `way` pin or password with its `secret`, or drawn with the uid of the stored drawing."""

    way: str
    secret: str = ""
    drawing_uid: UUID | None = None


def content_of(found: Assessment) -> dict[str, Any]:
    """What a signature covers: who, what scale, when, where, every answer and what was computed from them."""
    return {
        "uid": str(found.uid), "number": found.number, "person": str(found.person.uid),
        "instrument": found.instrument.digest, "reason": found.reason,
        "happened_at": found.happened_at.astimezone(dt.UTC).isoformat() if found.happened_at else None,
        "answers": found.answers, "circumstances": found.circumstances, "sub_scores": found.sub_scores,
        "total": found.total, "initial_level": found.initial_level, "changes": found.changes,
        "final_level": found.final_level, "informant": [found.informant_name, found.informant_relation],
        "form_a": found.form_a, "notes": found.notes(),
    }  # fmt: skip


def digest_of(found: Assessment) -> str:
    """The digest that a page shows and a signature keeps."""
    return readings.digest_of(content_of(found))


def entered_of(found: Assessment) -> Entered:
    """What stands in an assessment, as it was entered."""
    return Entered(
        answers=found.answers, circumstances=found.circumstances, happened_at=found.happened_at,
        informant_name=found.informant_name, informant_relation=found.informant_relation, form_a=found.form_a,
        notes=found.notes(),
    )  # fmt: skip


def sign(*, uid: UUID | str, proof: Proof, digest_seen: str, by: User) -> Assessment:
    """Sign as an assessor what the page with `digest_seen` showed. The score is computed once more.

    A wrong PIN or password is counted on record, and after too many the way is shut for a while. The secret is
    compared before the transaction, because that is slow on purpose.
    """
    found = Assessment.objects.visible_to(by).select_related("person").one(uid=uid)
    require(by, Assessments.SIGN, found.place_key)
    _prove(proof, found, by)
    with transaction.atomic():
        return _signed(uid, proof, digest_seen, by)


def _prove(proof: Proof, found: Assessment, by: User) -> None:
    if proof.way == Signature.Way.DRAWN and proof.drawing_uid is not None:
        return
    limits, stored = proof_rules(), by.pin_hash if proof.way == Signature.Way.PIN else by.password
    since = now() - dt.timedelta(minutes=limits.lock_minutes)
    wrong = Change.objects.filter(type=SignatureRefused.kind, actor_uid=by.uid, recorded_at__gt=since).count()
    if wrong >= limits.tries:
        raise Refused("Wrong {tries} times. Wait {minutes} minutes.", tries=wrong, minutes=limits.lock_minutes)
    if proof.way not in (Signature.Way.PIN, Signature.Way.PASSWORD):
        raise Refused("Choose how you sign: PIN, password, or a drawn signature.", field="way")
    if proof.way == Signature.Way.PIN and not stored:
        raise Refused("You have no PIN yet. Sign with your password, or set a PIN on your own page.", field="secret")
    if not proof.secret or not check_password(proof.secret, stored):
        with transaction.atomic():
            record(SignatureRefused(found.uid), by=by, place_key=found.place_key)
        raise Refused("That is not your PIN or password. Nothing was signed.", field="secret")


def _signed(uid: UUID | str, proof: Proof, digest_seen: str, by: User) -> Assessment:
    rows = Assessment.objects.visible_to(by).select_for_update(of=("self",)).select_related("person", "instrument")
    found = rows.one(uid=uid)
    scale = queries.scale_of(found.instrument)
    day = civil_date(found.happened_at) if found.happened_at else civil_date()
    certificate = queries.certificate_of(by, day)
    live = list(found.signatures.filter(fell_away_at__isnull=True))
    _check(found, scale, rules.Signing(
        state=found.state, missing=rules.standing(scale, entered_of(found)).missing, happened_at=found.happened_at,
        place=found.notes().get("place", ""), certificate_holds=certificate is not None,
        has_signed=any(signature.user_id == by.pk for signature in live),
        digest_seen=digest_seen, digest_now=digest_of(found),
    ))  # fmt: skip
    assert certificate is not None  # `why_not_signed` has seen to it
    Signature.objects.create(
        assessment=found, user=by, certificate=certificate, position=len(live) + 1, way=proof.way,
        drawing_uid=proof.drawing_uid, digest=digest_seen,
    )  # fmt: skip
    is_complete = len(live) + 1 >= queries.signatures_needed(day)
    found.state = Assessment.State.SIGNED if is_complete else Assessment.State.FIRST_SIGNED
    if is_complete:
        found.valid_to = ends_on(scale, day)
    found.save(update_fields=["state", "valid_to"])
    event = AssessmentSigned(found.uid, person=str(found.person.uid), position=len(live) + 1, is_complete=is_complete)
    record(event, by=by, place_key=found.place_key, content=content_of(found))
    if is_complete:
        bring_levels_up_to_date(found.person, scale.key, by=by)
        duties.assessed(found, by=by)
    return found


def _check(found: Assessment, scale: Scale, given: rules.Signing) -> None:
    if refusal := rules.why_not_signed(given):
        raise Refused(refusal)
    result = rules.standing(scale, entered_of(found)).result
    if result is None or (result.total, result.final_level) != (found.total, found.final_level):
        raise Refused("The stored score does not follow from the answers. Save the form again, then sign.")


def ends_on(scale: Scale, day: dt.date) -> dt.date | None:
    """The first day on which a result no longer counts, or None."""
    months = queries.validity_of(scale, day)
    return rules.months_after(day, months.value) if months else None
