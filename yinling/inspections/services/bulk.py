"""Inspections and hazards of earlier years at once, from another system or the generator: one change row a batch."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction

from yinling.inspections import duties, events, parameters
from yinling.inspections.models import Finding, Hazard, Inspection, Notice, Step, Submission
from yinling.inspections.permissions import Inspections
from yinling.inspections.rules import hazards as hazard_rules
from yinling.inspections.rules import inspecting as rules
from yinling.inspections.services.planning import checklist_in_force
from yinling.institutions.models import Institution
from yinling.kernel.actors import Actor, require
from yinling.kernel.changes import record
from yinling.kernel.clock import CITY_ZONE
from yinling.kernel.models import Sequence as Numbers
from yinling.kernel.uids import new_uid
from yinling.places.queries import tree

TEN = dt.time(10)
NOBODY = "00000000-0000-7000-8000-000000000001"  # a rechecker known by name on paper only


@dataclass(frozen=True)
class PastHazard:
    """A hazard of a past inspection. `closed_on` None: open, with its notice; `submitted_on`: work handed in."""

    item: str
    words: str
    measure: str
    due_on: dt.date
    responsible: str
    level: str = ""
    spot: str = ""
    money_fen: int = 0
    contingency: str = "整改完成前由专人看护。"
    submitted_on: dt.date | None = None
    closed_on: dt.date | None = None


@dataclass(frozen=True)
class PastInspection:
    """A signed inspection as paper tells it. Items not named in `hazards` were in order."""

    home: Institution
    kind: str
    checklist_key: str
    on: dt.date
    signed_by: str
    hazards: Sequence[PastHazard] = field(default_factory=tuple)


@transaction.atomic
def load_past(*, past: Iterable[PastInspection], by: Actor) -> tuple[int, int]:
    """Write them, oldest first. Returns how many inspections and hazards. What is still open gets its duties."""
    require(by, Inspections.PLAN)
    ordered = sorted(past, key=lambda one: (one.on, one.home.pk))
    numbers, last = _Numbers(), dict[tuple[int, str], Hazard]()
    checklists = {key: checklist_in_force(key) for key in {one.checklist_key for one in ordered}}
    still_open: list[tuple[Hazard, Submission | None]] = []
    hazards = 0
    for one in ordered:
        checklist = checklists[one.checklist_key]
        visit = _visit(one, checklist, numbers)
        broken = {hazard.item: hazard.words for hazard in one.hazards}
        Finding.objects.bulk_create([_finding(visit, key, broken, by) for key in checklist.questions.items])
        for told in one.hazards:
            hazard, waiting = _hazard(visit, told, numbers, last, by)
            hazards += 1
            if hazard.state != Hazard.State.CLOSED:
                still_open.append((hazard, waiting))
    numbers.keep()
    record(events.PastLoaded(new_uid(), inspections=len(ordered), hazards=hazards), by=by)
    for hazard, waiting in still_open:
        duties.ask_to_rectify(hazard, by=by)
        if waiting is not None:
            duties.ask_to_recheck(hazard, waiting, by=by)
    return len(ordered), hazards


class _Numbers:
    """Readable numbers of many rows, the series kept once at the end."""

    def __init__(self) -> None:
        rows = Numbers.objects.filter(series__startswith="inspections.").values_list("series", "last")
        self.last: Counter[str] = Counter(dict(rows))

    def next(self, letter: str, place_key: int, on: dt.date) -> str:
        county = tree().above(place_key, "county")
        series = f"{letter}{str(county.key if county else place_key)[:6]}-{on.year}"
        self.last[f"inspections.{series}"] += 1
        return f"{series}-{self.last[f'inspections.{series}']:04d}"

    def keep(self) -> None:
        for series, last in self.last.items():
            Numbers.objects.update_or_create(series=series, defaults={"last": last})


def _at(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, TEN, CITY_ZONE)


def _visit(one: PastInspection, checklist: Any, numbers: _Numbers) -> Inspection:
    return Inspection.objects.create(
        number=numbers.next("J", one.home.place_key, one.on), institution=one.home, checklist=checklist,
        place_key=one.home.place_key, kind=one.kind, state=Inspection.State.SIGNED, planned_on=one.on,
        started_at=_at(one.on), signed_at=_at(one.on) + dt.timedelta(hours=2), signed_on_paper=one.signed_by,
        result=Inspection.Result.ORDERED if one.hazards else Inspection.Result.NO_PROBLEM, recorded_at=_at(one.on),
    )  # fmt: skip


def _finding(visit: Inspection, key: str, broken: Mapping[str, str], by: Actor) -> Finding:
    answer = rules.NO if key in broken else rules.YES
    return Finding(
        inspection=visit, item=key, answer=answer, note=broken.get(key, ""), recorded_by=by.uid,
        recorded_at=visit.recorded_at,
    )  # fmt: skip


def _hazard(
    visit: Inspection, told: PastHazard, numbers: _Numbers, last: dict[tuple[int, str], Hazard], by: Actor
) -> tuple[Hazard, Submission | None]:
    questions, on = visit.checklist.questions, visit.planned_on
    group = questions.group_of(told.item)
    before = last.get((visit.institution_id, told.item))
    comes_again = before is not None and hazard_rules.is_repeat(before.found_on, on, parameters.repeat_months(on))
    state = Hazard.State.CLOSED if told.closed_on else Hazard.State.RECTIFYING
    is_own = visit.kind == Inspection.Kind.SELF_CHECK
    hazard = Hazard.objects.create(
        number=numbers.next("Y", visit.place_key, on), institution=visit.institution, place_key=visit.place_key,
        origin_kind=Hazard.Origin.SELF_CHECK if is_own else Hazard.Origin.INSPECTION, origin_uid=visit.uid,
        group=group.key if group else "", item=told.item, clause=questions.items[told.item].clause[:200],
        level=told.level or questions.items[told.item].level, words=told.words, spot=told.spot,
        state=Hazard.State.SUBMITTED if told.submitted_on and not told.closed_on else state, found_on=on,
        found_by=by.uid, repeats=before if comes_again else None, due_on=told.due_on,
        closed_at=_at(told.closed_on) if told.closed_on else None, recorded_at=_at(on),
    )  # fmt: skip
    last[visit.institution_id, told.item] = hazard
    Notice.objects.create(
        hazard=hazard, number=numbers.next("T", visit.place_key, on), responsible=told.responsible,
        measure=told.measure, money_fen=told.money_fen, due_on=told.due_on, contingency=told.contingency,
        issued_by=by.uid, issued_at=_at(on) + dt.timedelta(days=1),
    )  # fmt: skip
    return hazard, _afterwards(hazard, told, visit.signed_on_paper, by)


def _afterwards(hazard: Hazard, told: PastHazard, signed_by: str, by: Actor) -> Submission | None:
    """Its steps, and the work handed in. Returns the work that still waits for its re-check."""
    steps = [
        _step(hazard, Step.Verb.FOUND, hazard.found_on, signed_by, told.words),
        _step(hazard, Step.Verb.NOTICE, hazard.found_on + dt.timedelta(days=1), signed_by, told.measure),
    ]
    waiting = None
    if (handed_in := told.submitted_on or told.closed_on) is not None:
        term = dt.timedelta(days=parameters.recheck_working_days() + 2)
        made = Submission.objects.create(
            hazard=hazard, words=told.measure, submitted_by=by.uid, submitted_at=_at(handed_in),
            recheck_due_at=_at(handed_in) + term, verdict="pass" if told.closed_on else "",
            rechecked_by=NOBODY if told.closed_on else None, rechecked_at=hazard.closed_at,
        )  # fmt: skip
        waiting = made if told.closed_on is None else None
        steps.append(_step(hazard, Step.Verb.SUBMITTED, handed_in, told.responsible, told.measure))
    if told.closed_on is not None:
        steps.append(_step(hazard, Step.Verb.CLOSED, told.closed_on, signed_by, ""))
    Step.objects.bulk_create(steps)
    return waiting


def _step(hazard: Hazard, verb: str, on: dt.date, who: str, words: str) -> Step:
    return Step(hazard=hazard, verb=verb, actor_uid=NOBODY, actor_label=who[:60], words=words, at=_at(on))
