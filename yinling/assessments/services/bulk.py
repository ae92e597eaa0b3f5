"""Many results at once, from an earlier system or the generator: scored like any other, one change row per batch."""

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F

from yinling.assessments import queries, rules
from yinling.assessments.events import ResultsLoaded
from yinling.assessments.models import Assessment, Level
from yinling.assessments.permissions import Assessments
from yinling.assessments.services.signing import ends_on
from yinling.engines.scales.scoring import Result, score
from yinling.kernel.actors import Actor
from yinling.kernel.changes import record
from yinling.kernel.clock import now, start_of
from yinling.kernel.database import bulk_insert, reserve_ids
from yinling.kernel.errors import NotAllowed
from yinling.kernel.models import Sequence as Numbers
from yinling.kernel.uids import new_uid
from yinling.places.models import Level as PlaceLevel
from yinling.places.queries import tree

NOON = dt.timedelta(hours=12)
ROW = (
    "id", "uid", "number", "person_id", "instrument_id", "place_key", "origin", "state", "reason", "happened_at",
    "recorded_at", "answers", "circumstances", "sub_scores", "total", "initial_level", "changes", "final_level",
    "valid_to", "reminded", "informant_name", "informant_relation", "form_a", "notes_sealed", "assessors_on_paper",
    "void_reason",
)  # fmt: skip
LEVEL = ("person_id", "scale", "level", "assessment_id", "place_key", "valid_from", "valid_to", "recorded_at")


@dataclass(frozen=True, slots=True)
class PastResult:
    """One finished assessment of a person who has none on file yet on this scale. Circumstances not named are "no"."""

    person_id: int
    place_key: int
    on: dt.date
    answers: Mapping[str, int]
    assessors: str
    reason: str = "first"
    circumstances: Mapping[str, bool | int] = field(default_factory=dict)


@transaction.atomic
def load_results(*, instrument_key: str, results: Sequence[PastResult], by: Actor) -> int:
    """Write finished results of persons without earlier ones, all results of a person in one batch. Returns how many.

    Levels are computed and dated, but not announced one by one: whoever listens reads them after the load. Raises
    AnswersRefused for answers that cannot stand; then nothing of the batch is written.
    """
    if not results:
        return 0
    if not all(by.may(Assessments.ENTER, key) for key in {result.place_key for result in results}):
        raise NotAllowed(Assessments.ENTER)
    row = queries.instrument(instrument_key)
    scale = queries.scale_of(row)
    nothing: dict[str, bool | int] = {fact.key: 0 if fact.is_count else False for fact in scale.circumstances}
    scored = [score(scale, result.answers, {**nothing, **result.circumstances}) for result in results]
    ids, numbers, at = reserve_ids(Assessment, len(results)), _numbers(results), now()
    bulk_insert(
        Assessment, ROW,
        [
            _assessment(pk, number, row.pk, given, found, ends_on(scale, given.on), at)
            for pk, number, given, found in zip(ids, numbers, results, scored, strict=True)
        ],
    )  # fmt: skip
    bulk_insert(Level, LEVEL, _levels(scale.key, ids, results, scored, at))
    record(ResultsLoaded(new_uid(), instrument=row.key, rows=len(results)), by=by)
    return len(results)


def _numbers(results: Sequence[PastResult]) -> list[str]:
    """Readable numbers, counted per county and the year of the result."""
    places, waiting = tree(), defaultdict(list)
    for position, result in enumerate(results):
        county = places.above(result.place_key, PlaceLevel.COUNTY)
        waiting[f"{(county.key if county else result.place_key) // 10**6}-{result.on.year}"].append(position)
    numbers = [""] * len(results)
    for series, positions in waiting.items():
        held, _ = Numbers.objects.get_or_create(series=f"assessment:{series}")
        Numbers.objects.filter(pk=held.pk).update(last=F("last") + len(positions))
        last = Numbers.objects.values_list("last", flat=True).get(pk=held.pk)
        for count, position in enumerate(positions, start=last - len(positions) + 1):
            numbers[position] = f"PG{series}-{count:05d}"
    return numbers


def _assessment(
    pk: int, number: str, instrument: int, given: PastResult, found: Result, end: dt.date | None, at: dt.datetime
) -> tuple[Any, ...]:
    uid: UUID = new_uid()
    return (
        pk, uid, number, given.person_id, instrument, given.place_key, Assessment.Origin.PAPER.value,
        Assessment.State.SIGNED.value, given.reason, start_of(given.on) + NOON, at, found.answers, found.circumstances,
        found.sub_scores, found.total, found.initial_level, rules.kept_changes(found.changes), found.final_level, end,
        0, "", "", {}, b"", given.assessors[:120], "",
    )  # fmt: skip


def _levels(
    scale: str, ids: Sequence[int], results: Sequence[PastResult], scored: Sequence[Result], at: dt.datetime
) -> list[tuple[Any, ...]]:
    findings: dict[int, list[rules.Finding]] = defaultdict(list)
    place = {}
    for pk, given, found in zip(ids, results, scored, strict=True):
        findings[given.person_id].append(rules.Finding(pk, given.on, found.final_level))
        place[pk] = given.place_key
    return [
        (person, scale, span.level, span.assessment, place[span.assessment], span.valid_from, span.valid_to, at)
        for person, held in findings.items()
        for span in rules.spans(held)
    ]
