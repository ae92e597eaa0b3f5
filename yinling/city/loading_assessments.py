"""The generated answers as assessments of the past, with the levels that follow from them.

They were made before the platform was there and come in as results from paper, two assessors named on each. The door
scores every one again with the pack's instrument: nothing of the generator's levels is believed.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import polars as pl
from django.db.models import F, OuterRef, Subquery

from yinling.assessments.models import Assessment, Level
from yinling.assessments.rules import ABILITY, SELF_CARE
from yinling.assessments.services import PastResult, load_results
from yinling.city.ability import ITEM_PREFIX
from yinling.kernel.actors import Actor

_FACTS: dict[str | None, dict[str, bool | int]] = {
    "dementia": {"dementia_diagnosed": True},
    "risk_events": {"falls_30_days": 2},
    None: {},
}
_LOST_FIRST = ("S.6", "S.5", "S.2", "S.4", "S.3", "S.1")  # bathing is lost before eating
_STALE = timedelta(days=14)  # of results that ran out before, nobody is reminded any more
_REMINDED = 2  # what `Assessment.reminded` holds then


def load_assessments(assessments: pl.DataFrame, persons: pl.DataFrame, assessors: list[str], *, by: Actor) -> int:
    """Write the assessments (columns as `ability.assessment_frame`) of some persons, and what the county decided of
    the destitute. `persons`: person_no, id, place_key, unable, asked_on (null). `assessors` sign two at a time.

    Returns how many were written. Raises NotFound while no pack has brought the scales.
    """
    rows = assessments.join(persons, on="person_no", maintain_order="left")
    found = load_results(instrument_key=ABILITY, results=list(_of_ability(rows, assessors)), by=by)
    destitute = persons.filter(pl.col("unable").is_not_null() & pl.col("asked_on").is_not_null())
    return found + load_results(instrument_key=SELF_CARE, results=list(_of_self_care(destitute)), by=by)


def date_back(today: date) -> None:
    """Results were known on their own day, not on the day of loading; of those long over nobody is reminded."""
    Assessment.objects.counting().update(recorded_at=F("happened_at"))
    known = Assessment.objects.filter(pk=OuterRef("assessment")).values("recorded_at")
    Level.objects.update(recorded_at=Subquery(known))
    Assessment.objects.filter(valid_to__lt=today - _STALE).update(reminded=_REMINDED)


def answers_of(row: dict[str, Any]) -> dict[str, int]:
    """The 26 answers of a generated row under the keys of the pack: B.1.1 is B1.1."""
    return {key.replace(".", "", 1): int(value) for key, value in row.items() if key.startswith(ITEM_PREFIX)}


def circumstances_of(row: dict[str, Any]) -> dict[str, bool | int]:
    """What lifted the level of a generated row."""
    return _FACTS[row["upgrade"]]


def _of_ability(rows: pl.DataFrame, assessors: list[str]) -> Iterator[PastResult]:
    for at, row in enumerate(rows.iter_rows(named=True)):
        first = (row["person_no"] + at) % len(assessors)
        yield PastResult(
            person_id=row["id"], place_key=row["place_key"], on=row["assessed_on"], answers=answers_of(row),
            assessors=f"{assessors[first]}、{assessors[(first + 1) % len(assessors)]}", reason=row["reason"],
            circumstances=circumstances_of(row),
        )  # fmt: skip


def _of_self_care(destitute: pl.DataFrame) -> Iterator[PastResult]:
    """The six things that a destitute person can or cannot do, decided on the day of the question about care."""
    for row in destitute.iter_rows(named=True):
        lost = _LOST_FIRST[: row["unable"]]
        yield PastResult(
            person_id=row["id"], place_key=row["place_key"], on=row["asked_on"], assessors="县民政局",
            answers={item: int(item not in lost) for item in _LOST_FIRST},
        )  # fmt: skip
