"""What a major hazard needs besides: a list, a report upward, part of the home shut."""

from django.db import transaction

from yinling.inspections import duties, events
from yinling.inspections.models import Hazard, Step
from yinling.inspections.permissions import Inspections
from yinling.inspections.rules import hazards as rules
from yinling.inspections.services.finding import locked, step
from yinling.kernel.actors import Actor, require
from yinling.kernel.changes import record
from yinling.kernel.clock import now
from yinling.kernel.errors import Refused


def _major(uid: object, by: Actor) -> Hazard:
    hazard = locked(uid, by)
    require(by, Inspections.SUPERVISE, hazard.place_key)
    if no := rules.why_not_major(hazard.state, hazard.level):
        raise Refused(no)
    return hazard


@transaction.atomic
def list_hazard(*, uid: object, words: str, by: Actor) -> Hazard:
    """Put it on the list of hazards under supervision. Again changes nothing."""
    hazard = _major(uid, by)
    if hazard.listed_at is None:
        hazard.listed_at = now()
        hazard.save(update_fields=["listed_at"])
        step(hazard, Step.Verb.LISTED, by, words)
        record(events.HazardListed(hazard.uid), by=by, place_key=hazard.place_key)
    return hazard


@transaction.atomic
def report_upward(*, uid: object, words: str, by: Actor) -> Hazard:
    """Say that the level above was told, by what paper. Again changes nothing."""
    hazard = _major(uid, by)
    if len(words.strip()) < rules.LEAST_WORDS:
        raise Refused("Say to whom it was reported, and by which paper.", field="words")
    if hazard.reported_at is None:
        hazard.reported_at = now()
        hazard.save(update_fields=["reported_at"])
        step(hazard, Step.Verb.REPORTED, by, words)
        record(events.HazardReported(hazard.uid), by=by, place_key=hazard.place_key)
        duties.reported(hazard, by=by)
    return hazard


@transaction.atomic
def shut_part(*, uid: object, part: str, by: Actor) -> Hazard:
    """Take part of the home out of use until the hazard is closed: then it is in use again by itself."""
    hazard = _major(uid, by)
    if not part.strip():
        raise Refused("Say which part of the home is shut: a building, a floor, the kitchen.", field="words")
    if hazard.shut_at is not None:
        raise Refused("“{part}” is shut for this hazard already.", part=hazard.shut_part)
    hazard.shut_part, hazard.shut_at = part.strip()[:120], now()
    hazard.save(update_fields=["shut_part", "shut_at"])
    step(hazard, Step.Verb.SHUT, by, hazard.shut_part)
    fact = events.PartShut(hazard.uid, institution=str(hazard.institution.uid))
    record(fact, by=by, place_key=hazard.place_key)
    return hazard
