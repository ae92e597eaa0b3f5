"""A hazard from its notice to its end: notice, work handed in, re-check, more time."""

import datetime as dt

from django.db import transaction

from yinling.inspections import duties, events
from yinling.inspections.models import Extension, Hazard, Notice, Photo, Seat, Signature, Step, Submission
from yinling.inspections.permissions import Inspections
from yinling.inspections.rules import hazards as rules
from yinling.inspections.services.finding import locked, step
from yinling.inspections.services.scoping import interest_of, number_for, works_in
from yinling.kernel.actors import Actor, require
from yinling.kernel.changes import record
from yinling.kernel.clock import civil_date, now
from yinling.kernel.errors import NotFound, Refused


@transaction.atomic
def issue_notice(*, uid: object, level: str, fixings: rules.Fixings, by: Actor) -> Notice:
    """Order the home to remove a hazard: who, what, money, until when, and what protects residents meanwhile."""
    hazard = locked(uid, by)
    require(by, Inspections.NOTICE, hazard.place_key)
    if no := rules.why_no_notice(hazard.state, level or hazard.level, fixings, civil_date()):
        raise Refused(no)
    notice = Notice.objects.create(
        hazard=hazard, number=number_for("T", hazard.place_key), responsible=fixings.responsible.strip(),
        measure=fixings.measure.strip(), money_fen=fixings.money_fen, due_on=fixings.due_on,
        contingency=fixings.contingency.strip(), issued_by=by.uid,
    )  # fmt: skip
    was = hazard.level
    hazard.level, hazard.due_on, hazard.state = level or hazard.level, fixings.due_on, Hazard.State.RECTIFYING
    hazard.save(update_fields=["level", "due_on", "state"])
    step(hazard, Step.Verb.NOTICE, by, fixings.measure, fixings.due_on)
    fact = events.NoticeIssued(hazard.uid, number=notice.number, due_on=str(notice.due_on))
    record(fact, by=by, place_key=hazard.place_key, content={"notice": notice.number, "measure": notice.measure})
    duties.ask_to_rectify(hazard, by=by)
    if hazard.level != was:
        duties.graded(hazard, by=by)
    return notice


@transaction.atomic
def submit_work(*, uid: object, words: str, by: Actor) -> Submission:
    """The home says that the hazard is removed. Photos from the same angle are attached before."""
    hazard = locked(uid, by)
    require(by, Inspections.RECTIFY, hazard.place_key)
    photos = Photo.objects.filter(hazard=hazard)
    last = Submission.objects.filter(hazard=hazard).order_by("-id").first()
    done = photos.filter(stage=Photo.Stage.DONE)
    fresh = done.filter(added_at__gt=last.submitted_at) if last else done
    needs = photos.filter(stage=Photo.Stage.FOUND).exists()
    if no := rules.why_not_submitted(hazard.state, words, fresh.count(), is_picture_needed=needs):
        raise Refused(no)
    made = Submission.objects.create(
        hazard=hazard, words=words.strip()[:600], submitted_by=by.uid, recheck_due_at=duties.recheck_due()
    )
    hazard.state = Hazard.State.SUBMITTED
    hazard.save(update_fields=["state"])
    step(hazard, Step.Verb.SUBMITTED, by, words)
    record(events.WorkSubmitted(hazard.uid), by=by, place_key=hazard.place_key)
    duties.ask_to_recheck(hazard, made, by=by)
    return made


def has_found(hazard: Hazard, by: Actor) -> bool:
    """Whether somebody found a hazard: wrote it down, was sent on the inspection, or signed it."""
    if str(hazard.found_by) == str(by.uid):
        return True
    origin = {"inspection__uid": hazard.origin_uid, "user__uid": by.uid}
    return hazard.origin_uid is not None and (
        Seat.objects.filter(**origin).exists() or Signature.objects.filter(**origin).exists()
    )


@transaction.atomic
def recheck(*, uid: object, verdict: str, note: str, by: Actor) -> Hazard:
    """Look again: close the hazard, or return the work with the day until which it is done again."""
    hazard = locked(uid, by)
    require(by, Inspections.RECHECK, hazard.place_key)
    waiting = Submission.objects.filter(hazard=hazard, rechecked_at__isnull=True).first()
    if no := rules.why_not_rechecked(rules.Rechecking(
        state=hazard.state, has_found_it=has_found(hazard, by), works_there=works_in(hazard.institution, by),
        has_submitted=waiting is not None and str(waiting.submitted_by) == str(by.uid),
        interest=interest_of(by, hazard.institution), verdict=verdict, note=note,
    )):  # fmt: skip
        raise Refused(no)
    assert waiting is not None
    waiting.verdict, waiting.note, waiting.rechecked_by, waiting.rechecked_at = verdict, note.strip(), by.uid, now()
    waiting.save(update_fields=["verdict", "note", "rechecked_by", "rechecked_at"])
    duties.rechecked(hazard, by=by)
    return _closed(hazard, note, by) if verdict == rules.PASS else _returned(hazard, note, by)


def _closed(hazard: Hazard, note: str, by: Actor) -> Hazard:
    hazard.state, hazard.closed_at = Hazard.State.CLOSED, now()
    hazard.save(update_fields=["state", "closed_at"])
    step(hazard, Step.Verb.CLOSED, by, note)
    days = (civil_date() - hazard.found_on).days
    fact = events.HazardClosed(hazard.uid, institution=str(hazard.institution.uid), days=days)
    record(fact, by=by, place_key=hazard.place_key)
    if hazard.shut_at and hazard.reopened_at is None:
        reopen(hazard, by)
    duties.no_hazard(hazard, by=by)
    return hazard


def reopen(hazard: Hazard, by: Actor) -> None:
    """The part that was shut is in use again: its hazard is closed."""
    hazard.reopened_at = now()
    hazard.save(update_fields=["reopened_at"])
    step(hazard, Step.Verb.REOPENED, by, hazard.shut_part)
    fact = events.PartReopened(hazard.uid, institution=str(hazard.institution.uid))
    record(fact, by=by, place_key=hazard.place_key)


def _returned(hazard: Hazard, note: str, by: Actor) -> Hazard:
    """The deadline stays: a return is no extension."""
    hazard.state, hazard.times_returned = Hazard.State.RECTIFYING, hazard.times_returned + 1
    hazard.save(update_fields=["state", "times_returned"])
    step(hazard, Step.Verb.RETURNED, by, note)
    record(events.HazardReturned(hazard.uid), by=by, place_key=hazard.place_key)
    duties.ask_to_rectify(hazard, by=by)
    return hazard


@transaction.atomic
def ask_extension(*, uid: object, until: dt.date, reason: str, by: Actor) -> Extension:
    """The home asks for more time."""
    hazard = locked(uid, by)
    require(by, Inspections.RECTIFY, hazard.place_key)
    waits = Extension.objects.filter(hazard=hazard, decided_at__isnull=True).exists()
    given = rules.Asked(until, reason, is_waiting=waits)
    if no := rules.why_not_asked(hazard.state, hazard.due_on, given, civil_date()):
        raise Refused(no)
    asked = Extension.objects.create(hazard=hazard, until=until, reason=reason.strip()[:300], asked_by=by.uid)
    step(hazard, Step.Verb.ASKED, by, reason, until)
    record(events.ExtensionAsked(hazard.uid, until=str(until)), by=by, place_key=hazard.place_key)
    duties.ask_to_extend(hazard, by=by)
    return asked


@transaction.atomic
def decide_extension(*, uid: object, is_granted: bool, note: str, by: Actor) -> Extension:
    """Grant more time, or not. Never by whoever asked."""
    asked = Extension.objects.select_related("hazard").filter(uid=uid).first()
    if asked is None:
        raise NotFound("extension")
    hazard = locked(asked.hazard.uid, by)
    require(by, Inspections.SUPERVISE, hazard.place_key)
    asked = Extension.objects.select_for_update().get(pk=asked.pk)
    is_own = str(asked.asked_by) == str(by.uid) or works_in(hazard.institution, by)
    if no := rules.why_not_decided(asked.decided_at is None, is_own):
        raise Refused(no)
    asked.is_granted, asked.note, asked.decided_by, asked.decided_at = is_granted, note.strip()[:300], by.uid, now()
    asked.save(update_fields=["is_granted", "note", "decided_by", "decided_at"])
    duties.extension_decided(hazard, by=by)
    step(hazard, Step.Verb.GRANTED if is_granted else Step.Verb.REFUSED, by, note, asked.until)
    record(events.ExtensionDecided(hazard.uid, is_granted=is_granted), by=by, place_key=hazard.place_key)
    if is_granted and hazard.state == Hazard.State.RECTIFYING:
        hazard.due_on = asked.until
        hazard.save(update_fields=["due_on"])
        duties.ask_to_rectify(hazard, by=by)
    return asked
