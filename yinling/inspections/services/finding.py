"""Write hazards down, grade them, take mistakes back."""

import datetime as dt
from dataclasses import dataclass

from django.db import transaction

from yinling.inspections import duties, events, parameters
from yinling.inspections.models import Hazard, Step
from yinling.inspections.permissions import Inspections
from yinling.inspections.rules import hazards as rules
from yinling.inspections.services.scoping import number_for, works_in
from yinling.institutions.models import Institution
from yinling.kernel.actors import Actor, require
from yinling.kernel.changes import record
from yinling.kernel.clock import civil_date
from yinling.kernel.errors import Refused
from yinling.worklist.models import Subject


@dataclass(frozen=True)
class What:
    """What was seen. `level` "" while nobody has graded it; `item` and `group` of a checklist, where one names it."""

    words: str
    level: str = ""
    spot: str = ""
    group: str = ""
    item: str = ""
    clause: str = ""
    found_on: dt.date | None = None


@transaction.atomic
def find_hazard(*, institution_uid: object, what: What, by: Actor, origin: Subject | None = None) -> Hazard:
    """Write a hazard down. `origin`: inspection, self-check, alert or complaint; each finds an item once.

    Staff of a home may report their own (as a self-check would); everybody else needs to be an inspector there.
    """
    home = Institution.objects.visible_to(by).one(uid=institution_uid)
    require(by, Inspections.SELF_CHECK if works_in(home, by) else Inspections.INSPECT, home.place_key)
    found_on = what.found_on or civil_date()
    if no := rules.why_not_found(what.level, what.words, found_on, civil_date()):
        raise Refused(no, field="words")
    return add_hazard(home, what, origin or Subject(Hazard.Origin.OTHER, None), by=by)  # type: ignore[arg-type]


def add_hazard(home: Institution, what: What, origin: Subject, *, by: Actor) -> Hazard:
    """Write a hazard with its first step and duty, once per origin and item. The caller has decided."""
    if origin.uid is not None:
        same = Hazard.objects.filter(origin_kind=origin.kind, origin_uid=origin.uid, item=what.item)
        if (known := same.first()) is not None:
            return known
    found_on = what.found_on or civil_date()
    hazard = Hazard.objects.create(
        number=number_for("Y", home.place_key, found_on), institution=home, place_key=home.place_key,
        origin_kind=origin.kind, origin_uid=origin.uid, group=what.group, item=what.item, clause=what.clause[:200],
        level=what.level, words=what.words.strip()[:600], spot=what.spot.strip()[:120], found_on=found_on,
        found_by=by.uid, repeats=_earlier(home, what, found_on),
    )  # fmt: skip
    step(hazard, Step.Verb.FOUND, by, hazard.words, what.level)
    fact = events.HazardFound(
        hazard.uid, institution=str(home.uid), level=what.level, origin_kind=origin.kind,
        origin_uid=str(origin.uid or ""), is_repeat=hazard.repeats_id is not None,
    )  # fmt: skip
    record(fact, by=by, place_key=home.place_key)
    duties.ask_for_notice(hazard, by=by)
    return hazard


def _earlier(home: Institution, what: What, found_on: dt.date) -> Hazard | None:
    """The same clause broken in the same home not long before."""
    if not what.item:
        return None
    same = Hazard.objects.counting().filter(institution=home, item=what.item, found_on__lte=found_on)
    last = same.order_by("-found_on", "-id").first()
    if last is None or not rules.is_repeat(last.found_on, found_on, parameters.repeat_months(found_on)):
        return None
    return last


def step(hazard: Hazard, verb: str, by: Actor, words: str = "", detail: object = "") -> None:
    """Add a line to a hazard's history."""
    Step.objects.create(
        hazard=hazard, verb=verb, actor_uid=by.uid, actor_label=by.label[:60], words=words.strip()[:600],
        detail=str(detail),
    )  # fmt: skip


def locked(uid: object, by: Actor) -> Hazard:
    """The hazard the actor sees, for writing."""
    rows = Hazard.objects.visible_to(by).select_related("institution")
    return rows.select_for_update(of=("self",)).one(uid=uid)


@transaction.atomic
def grade_hazard(*, uid: object, level: str, reason: str, by: Actor) -> Hazard:
    """Say whether it is general or major, and by what. A major one is not made general once it is listed or shut."""
    hazard = locked(uid, by)
    require(by, Inspections.NOTICE, hazard.place_key)
    if no := rules.why_not_regraded(hazard.state, level, reason):
        raise Refused(no, field="reason")
    if level != Hazard.Level.MAJOR and (hazard.listed_at or hazard.reported_at or hazard.shut_at):
        raise Refused(
            "This hazard is listed, reported, or part of the home is shut. It stays major until it is closed."
        )
    if level == hazard.level:
        return hazard
    hazard.level = level
    hazard.save(update_fields=["level"])
    step(hazard, Step.Verb.GRADED, by, reason, level)
    record(events.HazardGraded(hazard.uid, level=level), by=by, place_key=hazard.place_key, reason=reason)
    duties.graded(hazard, by=by)
    return hazard


@transaction.atomic
def void_hazard(*, uid: object, reason: str, by: Actor) -> Hazard:
    """Take a hazard back that was none. Only before its notice."""
    hazard = locked(uid, by)
    require(by, Inspections.SUPERVISE, hazard.place_key)
    if no := rules.why_not_voided(hazard.state, reason):
        raise Refused(no, field="reason")
    hazard.state = Hazard.State.VOID
    hazard.save(update_fields=["state"])
    step(hazard, Step.Verb.VOIDED, by, reason)
    record(events.HazardVoided(hazard.uid), by=by, place_key=hazard.place_key, reason=reason)
    duties.no_hazard(hazard, by=by)
    return hazard
