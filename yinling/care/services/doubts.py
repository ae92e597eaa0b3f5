"""Doubts about visits: found by pure rules when a visit is recorded and every night, settled by somebody else."""

import datetime as dt
from collections.abc import Iterable, Sequence
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from yinling.care import parameters, waiting
from yinling.care.events import DoubtRaised, DoubtSettled
from yinling.care.models import Doubt, Proof, Visit
from yinling.care.models.visits import VisitQuerySet, doubt_where
from yinling.care.permissions import Care
from yinling.care.rules import doubting as rules
from yinling.care.rules.doubting import Away, Finding, Made, Picture
from yinling.care.rules.visits import why_no_reason
from yinling.kernel.actors import Actor, System, require
from yinling.kernel.changes import record
from yinling.kernel.clock import civil_date, now, start_of
from yinling.kernel.crypto import seal
from yinling.kernel.errors import Refused
from yinling.people.models import Whereabouts

BY = System("care")
AROUND = dt.timedelta(hours=12)
PHOTOS_BACK = dt.timedelta(days=180)
FIELDS = (
    "pk", "visitor_id", "person_id", "started_at", "ended_at", "way", "has_contact", "longitude", "latitude",
    "accuracy_m", "person__died_on",
)  # fmt: skip


def look_at_visit(visit: Visit) -> int:
    """What one visit shows together with the others of its visitor. For services of this module."""
    assert visit.started_at is not None
    span = (visit.started_at - AROUND, visit.started_at + AROUND)
    return _look(Visit.objects.filter(visitor=visit.visitor_id, started_at__range=span))


def look_at_proof(proof: Proof) -> int:
    """Whether a photograph was there before. For services of this module."""
    known = Proof.objects.filter(recorded_at__gte=now() - PHOTOS_BACK).exclude(pk=proof.pk)
    limits = parameters.suspicion()
    return _raise(rules.same_photos(_pictures([proof]), _pictures(known.select_related("visit")), limits))


def look_at_night(*, on: dt.date) -> int:
    """All visits of the day before and of the day, and whatever was reported since. Returns how many doubts are new.

    Deaths and stays in hospital become known late: visits of the last month are held against them again.
    """
    since = start_of(on - dt.timedelta(days=1))
    recent = Visit.objects.filter(Q(started_at__gte=since) | Q(made_recorded_at__gte=since))
    found = _look(recent.filter(started_at__gte=since - dt.timedelta(days=31)))
    month = Visit.objects.with_contact().filter(started_at__gte=since - dt.timedelta(days=31))
    gone = Whereabouts.objects.filter(kind="hospital", superseded_at__isnull=True).values("person_id")
    return found + _look(month.filter(Q(person__died_on__isnull=False) | Q(person__in=gone)), crowds=False)


def _look(visits: VisitQuerySet, *, crowds: bool = True) -> int:
    made = [Made(*row) for row in visits.filter(state=Visit.State.DONE, visitor__isnull=False).values_list(*FIELDS)]
    if not crowds:
        return _raise([*rules.after_death(made, civil_date), *rules.while_away(made, _away(made))])
    return _raise(rules.findings(made, _away(made), parameters.suspicion(), civil_date))


def _away(made: Sequence[Made]) -> list[Away]:
    if not made:
        return []
    persons = {one.person for one in made}
    first = min(one.started_at for one in made)
    spans = Whereabouts.objects.filter(superseded_at__isnull=True).exclude(kind="home")
    spans = spans.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=first))
    if len(persons) <= 500:
        spans = spans.filter(person_id__in=persons)
    rows = spans.values_list("person_id", "kind", "valid_from", "valid_to")
    return [Away(*row) for row in rows if row[0] in persons]


def _pictures(proofs: Iterable[Proof]) -> list[Picture]:
    return [
        Picture(one.visit_id, one.visit.visitor_id or 0, one.digest, int(one.likeness, 16) if one.likeness else None)
        for one in proofs
    ]


@transaction.atomic
def _raise(found: Sequence[Finding]) -> int:
    """Write down what is new, each with a duty. What is known already, settled or not, is left alone."""
    known = set(Doubt.objects.filter(key__in=[one.key for one in found][:5000]).values_list("key", flat=True))
    fresh = {one.key[:120]: one for one in found if one.key[:120] not in known and one.visitor}
    for key, one in fresh.items():
        visits = list(Visit.objects.filter(pk__in=one.visits).select_related("person"))
        doubt = Doubt.objects.create(
            kind=one.kind, key=key, visitor_id=one.visitor, place_key=visits[0].person.place_key, evidence=one.evidence
        )
        doubt.visits.set(visits)
        waiting.ask_about_doubt(doubt, by=BY)
        event = DoubtRaised(doubt.uid, what=one.kind, visitor_uid=str(doubt.visitor.uid))
        record(event, by=BY, place_key=doubt.place_key)
    return len(fresh)


@transaction.atomic
def settle_doubt(*, uid: UUID, is_confirmed: bool, finding: str, by: Actor) -> Doubt:
    """Write down what was found out. Nobody settles a doubt about their own visits. Raises Refused."""
    doubt = Doubt.objects.visible_to(by, Care.SETTLE).select_related("visitor__user").select_for_update(
        of=("self",)
    ).one(uid=uid)  # fmt: skip
    require(by, Care.SETTLE, doubt.place_key)
    made_by = {str(one) for one in doubt.visits.values_list("made_by", flat=True)}
    own = doubt.visitor.user
    if str(by.uid) in made_by or (own is not None and str(own.uid) == str(by.uid)):
        raise Refused("These are visits that you made or entered. Somebody else looks into them.")
    if doubt.state != Doubt.State.OPEN:
        raise Refused("This was looked into on {day} already.", day=civil_date(doubt.settled_at))
    if no := why_no_reason(finding):
        raise Refused(no, field="finding")
    doubt.state = Doubt.State.CONFIRMED if is_confirmed else Doubt.State.EXPLAINED
    doubt.finding_sealed = seal(finding.strip()[:1000], doubt_where(doubt.uid))
    doubt.settled_by, doubt.settled_at = UUID(str(by.uid)), now()
    doubt.save(update_fields=["state", "finding_sealed", "settled_by", "settled_at"])
    waiting.doubt_settled(doubt, by=by)
    record(DoubtSettled(doubt.uid, state=doubt.state), by=by, place_key=doubt.place_key)
    return doubt
