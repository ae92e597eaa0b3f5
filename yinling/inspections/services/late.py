"""Answers that were given without a signal and arrive later, many at once."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction

from yinling.inspections import events
from yinling.inspections.models import Finding, Inspection
from yinling.inspections.rules import inspecting as rules
from yinling.inspections.rules.inspecting import Answered
from yinling.inspections.services.inspecting import locked, touched
from yinling.kernel.actors import Actor
from yinling.kernel.changes import record
from yinling.kernel.errors import Refused


@dataclass(frozen=True)
class LateAnswer:
    """The answer to one item, and when it was given."""

    item: str
    given: Answered
    at: dt.datetime


@dataclass(frozen=True)
class Arrived:
    """What became of answers. `kept_out`: those that another one stands against. `unsigned`: signatures fell away."""

    inspection: Inspection
    kept_out: tuple[tuple[LateAnswer, Answered], ...]
    unsigned: bool


@transaction.atomic
def answer_late(*, uid: object, answers: Sequence[LateAnswer], by: Actor) -> Arrived:
    """Keep answers given earlier, all or none. What is on record already changes nothing, so signatures stay."""
    found = locked(uid, by)
    for one in answers:
        if no := rules.why_not_answered(found.state, one.given.answer):
            raise Refused(no)
        if one.item not in found.checklist.questions.items:
            raise Refused("This item has no verified text yet, so it is not asked.")
    was_signed = found.state == Inspection.State.FIRST_SIGNED
    stands = {row.item: row for row in Finding.objects.filter(inspection=found)}
    fresh, kept_out = _sorted_out(answers, stands, by)
    if fresh:
        _keep(found, fresh, by)
    return Arrived(found, tuple(kept_out), was_signed and bool(fresh))


def _sorted_out(
    answers: Sequence[LateAnswer], stands: Mapping[str, Finding], by: Actor
) -> tuple[list[LateAnswer], list[tuple[LateAnswer, Answered]]]:
    fresh: dict[str, LateAnswer] = {}
    kept_out = []
    for one in answers:
        row = stands.get(one.item)
        if row is None:
            fresh[one.item] = one
            continue
        known, is_own = Answered(row.answer, row.note), str(row.recorded_by) == str(by.uid)
        if known == one.given:
            continue
        if rules.replaces(known, row.recorded_at, one.given, one.at, is_own=is_own):
            fresh[one.item] = one
        else:
            kept_out.append((one, known))
    return list(fresh.values()), kept_out


def _keep(found: Inspection, fresh: Sequence[LateAnswer], by: Actor) -> None:
    rows = [
        Finding(
            inspection=found, item=one.item, answer=one.given.answer, note=one.given.note, recorded_by=by.uid,
            recorded_at=one.at,
        )
        for one in fresh
    ]  # fmt: skip
    Finding.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["inspection", "item"],
        update_fields=["answer", "note", "recorded_by", "recorded_at"],
    )  # fmt: skip
    touched(found, by, min(one.at for one in fresh))
    fact = events.ItemsAnswered(found.uid, institution=str(found.institution.uid), count=len(fresh))
    record(fact, by=by, place_key=found.place_key)
