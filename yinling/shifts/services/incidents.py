"""Incidents: reported within the hour, completed, reviewed by the home, closed by somebody outside it."""

import datetime as dt
from dataclasses import dataclass, field
from uuid import UUID

from django.db import transaction

from yinling.institutions.models import Institution, Stay
from yinling.institutions.services.admission import readable_number
from yinling.kernel.actors import Actor
from yinling.kernel.changes import record
from yinling.kernel.clock import now
from yinling.kernel.crypto import seal
from yinling.kernel.errors import NotFound, Refused
from yinling.kernel.uids import new_uid
from yinling.reference.queries import entries
from yinling.shifts import duties, events, parameters
from yinling.shifts.models import Incident, Involved, Ward
from yinling.shifts.models.incidents import incident_where
from yinling.shifts.permissions import Shifts
from yinling.shifts.queries.wards import works_in
from yinling.shifts.rules import incidents as rules
from yinling.shifts.services.recording import AT_ONCE, Sent
from yinling.shifts.services.scoping import require_here
from yinling.worklist.models import Subject


@dataclass(frozen=True)
class Report:
    """What happened: kind (code list incident_kind), when, to whom (stays), where, in what words, what was done."""

    kind: str
    happened_at: dt.datetime
    stays: tuple[UUID, ...] = field(default=())
    what: str = ""
    done: str = ""
    spot: str = ""
    family_told_at: dt.datetime | None = None


@transaction.atomic
def report_incident(
    *, institution_uid: object, report: Report, by: Actor, ward_uid: object = None, origin: Subject | None = None,
    sent: Sent = AT_ONCE,
) -> Incident:  # fmt: skip
    """Report an incident; two taps are enough, the words may follow within the hour. Late ones are marked, not refused.

    `sent.uid` makes a second sending harmless; `sent.done_at` is when the report was made on a phone without signal.
    """
    if sent.uid and (known := Incident.objects.filter(uid=sent.uid).first()):
        return known
    home = Institution.objects.visible_to(by).select_for_update(no_key=True).one(uid=institution_uid)
    require_here(by, Shifts.REPORT, home)
    known_kind = report.kind in {code.code for code in entries("incident_kind")}
    if no := rules.why_not_reported(report.happened_at, now(), known_kind):
        raise Refused(no, field="kind" if not known_kind else "happened_at")
    ward = Ward.objects.filter(institution=home).filter(uid=ward_uid).first() if ward_uid else None
    made = _save(home, ward, report, sent, origin, by)
    _involve(made, report)
    event = events.IncidentReported(
        made.uid, institution_uid=str(home.uid), incident_kind=made.kind, happened_at=made.happened_at.isoformat(),
        is_late=made.is_late, persons=_persons(made),
    )  # fmt: skip
    record(event, by=by, place_key=home.place_key, content={"what": report.what, "done": report.done})
    if made.completed_at is None:
        duties.ask_to_complete(made, by=by)
    else:
        duties.ask_to_review(made, by=by)
    return made


def _save(
    home: Institution, ward: Ward | None, report: Report, sent: Sent, origin: Subject | None, by: Actor
) -> Incident:
    uid, minutes = sent.uid or new_uid(), parameters.report_minutes()
    happened = min(report.happened_at, now())
    reported = max(happened, min(sent.done_at or now(), now()))
    is_complete = rules.why_not_completed(rules.REPORTED, report.what, report.done) is None
    return Incident.objects.create(
        uid=uid, number=readable_number("SJ", home.place_key), institution=home, ward=ward, kind=report.kind,
        happened_at=happened, reported_at=reported, deadline_minutes=minutes,
        is_late=rules.is_late(happened, reported, minutes), reported_by=by.uid, reported_label=by.label[:60],
        spot=report.spot.strip()[:80], what_sealed=seal(report.what.strip()[:2000], incident_where("what", uid)),
        done_sealed=seal(report.done.strip()[:2000], incident_where("done", uid)),
        family_told_at=report.family_told_at, completed_at=now() if is_complete else None,
        origin_kind=origin.kind if origin else "", origin_uid=origin.uid if origin else None,
    )  # fmt: skip


def _involve(made: Incident, report: Report) -> None:
    stays = list(Stay.objects.filter(institution=made.institution, uid__in=report.stays))
    if len(stays) != len(set(report.stays)):
        raise NotFound("stay")
    Involved.objects.bulk_create(Involved(incident=made, stay=stay) for stay in stays)


def _persons(made: Incident) -> tuple[str, ...]:
    rows = made.involved.select_related("stay__person")
    return tuple(str(one.stay.person.uid) for one in rows)


def _locked(uid: object, by: Actor, permission: str) -> Incident:
    found = Incident.objects.visible_to(by).select_related("institution").select_for_update(of=("self",)).one(uid=uid)
    require_here(by, permission, found.institution)
    return found


@dataclass(frozen=True)
class Words:
    """What completes a report."""

    what: str
    done: str
    spot: str = ""
    family_told_at: dt.datetime | None = None


@transaction.atomic
def complete_incident(*, uid: object, words: Words, by: Actor) -> Incident:
    """Write what happened, what was done, and when the family was told."""
    found = _locked(uid, by, Shifts.REPORT)
    if no := rules.why_not_completed(found.state, words.what, words.done):
        raise Refused(no, field="what")
    if words.family_told_at and words.family_told_at < found.happened_at:
        raise Refused("The family cannot have been told before it happened.", field="family_told_at")
    found.what_sealed = seal(words.what.strip()[:2000], incident_where("what", found.uid))
    found.done_sealed = seal(words.done.strip()[:2000], incident_where("done", found.uid))
    found.spot, found.family_told_at = words.spot.strip()[:80], words.family_told_at
    found.completed_at = found.completed_at or now()
    found.save(update_fields=["what_sealed", "done_sealed", "spot", "family_told_at", "completed_at"])
    record(
        events.IncidentCompleted(found.uid), by=by, place_key=found.institution.place_key,
        content={"what": words.what, "done": words.done},
    )  # fmt: skip
    duties.completed(found, by=by)
    if found.state == Incident.State.REPORTED:
        duties.ask_to_review(found, by=by)
    return found


@transaction.atomic
def review_incident(*, uid: object, cause: str, measures: str, by: Actor) -> Incident:
    """The home finds the cause and says what it will do. Somebody outside closes it."""
    found = _locked(uid, by, Shifts.REVIEW)
    is_complete = found.completed_at is not None
    if no := rules.why_not_reviewed(found.state, is_complete=is_complete, cause=cause, measures=measures):
        raise Refused(no, field="cause" if is_complete else "")
    found.cause_sealed = seal(cause.strip()[:2000], incident_where("cause", found.uid))
    found.measures_sealed = seal(measures.strip()[:2000], incident_where("measures", found.uid))
    found.state, found.reviewed_at, found.returned_why = Incident.State.REVIEWED, now(), ""
    found.reviewed_by, found.reviewed_label = UUID(str(by.uid)), by.label[:60]
    found.save()
    record(
        events.IncidentReviewed(found.uid), by=by, place_key=found.institution.place_key,
        content={"cause": cause, "measures": measures},
    )  # fmt: skip
    duties.reviewed(found, by=by)
    return found


@transaction.atomic
def close_incident(*, uid: object, by: Actor) -> Incident:
    """Agree with the review. Not the reviewer, and nobody of the home."""
    found = _to_judge(uid, by)
    found.state, found.closed_at = Incident.State.CLOSED, now()
    found.closed_by, found.closed_label = UUID(str(by.uid)), by.label[:60]
    found.save(update_fields=["state", "closed_at", "closed_by", "closed_label"])
    record(events.IncidentClosed(found.uid), by=by, place_key=found.institution.place_key)
    duties.closed(found, by=by)
    return found


@transaction.atomic
def return_incident(*, uid: object, why: str, by: Actor) -> Incident:
    """The review is not enough: the home reviews again."""
    found = _to_judge(uid, by)
    if no := rules.why_not_returned(why):
        raise Refused(no, field="why")
    found.state, found.returned_why = Incident.State.REPORTED, why.strip()[:300]
    found.save(update_fields=["state", "returned_why"])
    record(events.IncidentReturned(found.uid), by=by, place_key=found.institution.place_key, reason=why)
    duties.closed(found, by=by)
    duties.ask_to_review(found, by=by)
    return found


def _to_judge(uid: object, by: Actor) -> Incident:
    found = _locked(uid, by, Shifts.CLOSE)
    reviewed_it = str(found.reviewed_by) == str(by.uid)
    of_home = works_in(found.institution, by)
    if no := rules.why_not_closed(found.state, reviewed_it=reviewed_it, works_there=of_home):
        raise Refused(no)
    return found
