"""Carry an inspection out: answers, circumstances, signatures. The last signature finds the hazards."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.hashers import check_password
from django.db import transaction

from yinling.accounts.models import User
from yinling.accounts.queries import proof_rules
from yinling.inspections import duties, events, parameters
from yinling.inspections.models import Finding, Hazard, Inspection, Photo, Signature
from yinling.inspections.rules import inspecting as rules
from yinling.inspections.services.finding import What, add_hazard
from yinling.inspections.services.scoping import Point, interest_of, metres_from, require_inspector, works_in
from yinling.kernel import readings
from yinling.kernel.actors import Actor
from yinling.kernel.changes import record
from yinling.kernel.clock import civil_date, now
from yinling.kernel.errors import Refused
from yinling.kernel.models import Change
from yinling.worklist.models import Subject


@dataclass(frozen=True)
class Around:
    """What stands around the findings: who was present, what the home says, remarks, entry refused, business shut."""

    present: str = ""
    statement: str = ""
    remark: str = ""
    is_refused_entry: bool = False
    must_stop: bool = False


def answers_of(found: Inspection) -> dict[str, rules.Answered]:
    """The answers given so far, by item."""
    rows = Finding.objects.filter(inspection=found).values_list("item", "answer", "note")
    return {item: rules.Answered(answer, note) for item, answer, note in rows}


@transaction.atomic
def answer(*, uid: object, item: str, given: rules.Answered, by: Actor) -> Finding:
    """Keep the answer to one item. A change lets signatures fall away."""
    found = locked(uid, by)
    if no := rules.why_not_answered(found.state, given.answer):
        raise Refused(no)
    if item not in found.checklist.questions.items:
        raise Refused("This item has no verified text yet, so it is not asked.")
    kept, _is_new = Finding.objects.update_or_create(
        inspection=found, item=item,
        defaults={
            "answer": given.answer, "note": given.note.strip()[:600], "recorded_by": by.uid, "recorded_at": now(),
        },
    )  # fmt: skip
    touched(found, by)
    return kept


@transaction.atomic
def describe(*, uid: object, around: Around, by: Actor) -> Inspection:
    """Keep what stands around the findings."""
    found = locked(uid, by)
    if no := rules.why_not_edited(found.state):
        raise Refused(no)
    for name, value in vars(around).items():
        setattr(found, name, value)
    found.save(update_fields=list(vars(around)))
    touched(found, by)
    return found


@transaction.atomic
def check_in(*, uid: object, by: Actor, at: Point | None = None) -> Inspection:
    """An inspector is there. `at`: where the phone is, if it says so; it is never required. The first time counts."""
    found = locked(uid, by)
    if no := rules.why_not_edited(found.state):
        raise Refused(no)
    if found.checked_in_at is not None:
        return found
    found.checked_in_at, found.metres_away = now(), metres_from(found.institution, at)
    if at is not None:
        found.longitude, found.latitude = at.longitude, at.latitude
    found.save(update_fields=["checked_in_at", "longitude", "latitude", "metres_away"])
    fact = events.InspectorCheckedIn(found.uid, institution=str(found.institution.uid), has_position=at is not None)
    record(fact, by=by, place_key=found.place_key)
    return found


def locked(uid: object, by: Actor) -> Inspection:
    """The inspection, for writing by somebody who may carry it out."""
    rows = Inspection.objects.visible_to(by).select_related("institution", "checklist")
    found = rows.select_for_update(of=("self",)).one(uid=uid)
    require_inspector(by, found)
    return found


def touched(found: Inspection, by: Actor, at: dt.datetime | None = None) -> None:
    """The first word starts the inspection (at `at`); any later one makes signatures fall away."""
    Signature.objects.filter(inspection=found, fell_away_at__isnull=True).update(fell_away_at=now())
    if found.state == Inspection.State.PLANNED:
        found.started_at = at or now()
        fact = events.InspectionStarted(found.uid, institution=str(found.institution.uid))
        record(fact, by=by, place_key=found.place_key)
    found.state = Inspection.State.STARTED
    found.save(update_fields=["state", "started_at"])


def content_of(found: Inspection) -> dict[str, Any]:
    """What a signature covers."""
    answers = {item: [one.answer, one.note] for item, one in sorted(answers_of(found).items())}
    photos = Photo.objects.filter(inspection=found).order_by("id").values_list("sha256", flat=True)
    return {
        "uid": str(found.uid), "number": found.number, "home": str(found.institution.uid),
        "checklist": found.checklist.digest, "answers": answers, "photos": [bytes(one).hex() for one in photos],
        "started_at": found.started_at.astimezone(dt.UTC).isoformat() if found.started_at else None,
        "around": [found.present, found.statement, found.remark, found.is_refused_entry, found.must_stop],
    }  # fmt: skip


def digest_of(found: Inspection) -> str:
    """The digest that a page shows and a signature keeps."""
    return readings.digest_of(content_of(found))


def sign(*, uid: object, way: str, secret: str, digest_seen: str, by: User) -> Inspection:
    """Sign what the page with `digest_seen` showed, by PIN or password. The last signature finds the hazards.

    The secret is compared before the transaction, because that is slow on purpose; wrong ones are counted on record.
    """
    found = Inspection.objects.visible_to(by).one(uid=uid)
    require_inspector(by, found)
    _prove(found, way, secret, by)
    with transaction.atomic():
        return _signed(uid, way, digest_seen, by)


def _prove(found: Inspection, way: str, secret: str, by: User) -> None:
    limits, stored = proof_rules(), by.pin_hash if way == Signature.Way.PIN else by.password
    since = now() - dt.timedelta(minutes=limits.lock_minutes)
    wrong = Change.objects.filter(type=events.SignatureRefused.kind, actor_uid=by.uid, recorded_at__gt=since).count()
    if wrong >= limits.tries:
        raise Refused("Wrong {tries} times. Wait {minutes} minutes.", tries=wrong, minutes=limits.lock_minutes)
    if way not in Signature.Way.values:
        raise Refused("Choose how you sign: PIN or password.", field="way")
    if way == Signature.Way.PIN and not stored:
        raise Refused("You have no PIN yet. Sign with your password, or set a PIN on your own page.", field="secret")
    if not secret or not check_password(secret, stored):
        with transaction.atomic():
            record(events.SignatureRefused(found.uid), by=by, place_key=found.place_key)
        raise Refused("That is not your PIN or password. Nothing was signed.", field="secret")


def _signed(uid: object, way: str, digest_seen: str, by: User) -> Inspection:
    found = locked(uid, by)
    answers = answers_of(found)
    live = list(Signature.objects.filter(inspection=found, fell_away_at__isnull=True))
    refusal = rules.why_not_signed(rules.Signing(
        state=found.state, gaps=tuple(rules.missing(found.checklist.questions, answers)),
        is_refused_entry=found.is_refused_entry, has_signed=any(one.user_id == by.pk for one in live),
        works_there=works_in(found.institution, by), kind=found.kind, interest=interest_of(by, found.institution),
        digest_seen=digest_seen, digest_now=digest_of(found),
    ))  # fmt: skip
    if refusal:
        raise Refused(refusal)
    Signature.objects.create(inspection=found, user=by, way=way, digest=digest_seen)
    is_complete = len(live) + 1 >= rules.signatures_needed(found.kind, parameters.signatures_stated())
    found.state = Inspection.State.SIGNED if is_complete else Inspection.State.FIRST_SIGNED
    if is_complete:
        found.signed_at = now()
        found.result = rules.result_of(answers, is_refused_entry=found.is_refused_entry, must_stop=found.must_stop)
    found.save(update_fields=["state", "signed_at", "result"])
    fact = events.InspectionSigned(
        found.uid, institution=str(found.institution.uid), position=len(live) + 1, is_complete=is_complete,
        result=found.result,
    )  # fmt: skip
    record(fact, by=by, place_key=found.place_key, content=content_of(found))
    if is_complete:
        _find_hazards(found, answers, by)
        duties.inspected(found, by=by)
    return found


def _find_hazards(found: Inspection, answers: Mapping[str, rules.Answered], by: Actor) -> None:
    """Each item not in order becomes a hazard, with the photos taken at it."""
    questions = found.checklist.questions
    is_own = found.kind == Inspection.Kind.SELF_CHECK
    origin = Subject(Hazard.Origin.SELF_CHECK if is_own else Hazard.Origin.INSPECTION, found.uid)
    for item, given in answers.items():
        if given.answer != rules.NO or item not in questions.items:
            continue
        asked, group = questions.items[item], questions.group_of(item)
        what = What(
            words=given.note, level=asked.level, group=group.key if group else "", item=item, clause=asked.clause,
            found_on=civil_date(found.started_at),
        )  # fmt: skip
        hazard = add_hazard(found.institution, what, origin, by=by)
        Photo.objects.filter(inspection=found, item=item).update(hazard=hazard)
