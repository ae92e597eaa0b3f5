"""Levels of need for programs: what holds today, since when, by which assessments."""

import datetime as dt
from uuid import UUID

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from ninja import Schema

from yinling.assessments import queries
from yinling.assessments.permissions import Assessments
from yinling.kernel.actors import require
from yinling.people.services import look
from yinling.web.api.frame import ApiRequest, router, told
from yinling.web.sentences import sentence

assessments = router(_("Levels of need"))


class StepOut(Schema):
    """From which day a level held."""

    since: dt.date
    level: int
    words: str
    assessment: UUID


class ScaleOut(Schema):
    """One scale: the level of today (none: none holds), and how it came about, oldest first."""

    scale: str
    level: int | None
    until: dt.date | None
    history: list[StepOut]


class AssessmentOut(Schema):
    """An assessment, newest first. `level` stands once it is signed."""

    uid: UUID
    scale: str
    state: str
    happened_at: dt.datetime | None
    level: int | None


class LevelsOut(Schema):
    """Everything about a person's levels; answers to single items are not handed out."""

    person: UUID
    scales: list[ScaleOut]
    assessments: list[AssessmentOut]


@assessments.get(
    "/persons/{uuid:uid}/levels", response=LevelsOut, **told(_("Levels and assessments of a person"), Assessments.READ)
)
def levels(request: ApiRequest, uid: UUID) -> LevelsOut:
    """Levels by scale with their history, merged files included. The person can see that it was read."""
    require(request.auth, Assessments.READ)
    person = queries.person_seen(uid, request.auth)
    reason = gettext("Levels read by a program: {who}").format(who=request.auth.label)
    look(person=person, items=(), by=request.auth, reason=reason)
    rows, known = queries.history_of(person), queries.scales()
    held, steps = queries.current_levels(person), queries.levels_of(rows, known)
    titles = {scale.key: scale for scale in known.values()}
    scales = [
        ScaleOut(
            scale=key,
            level=held[key].level if key in held else None,
            until=held[key].valid_to if key in held else None,
            history=[
                StepOut(
                    since=step.day, level=step.level, words=sentence(queries.level_words(titles[key], step.level)),
                    assessment=step.assessment.uid,
                )
                for step in steps.get(key, ())
            ],
        )
        for key in sorted({*held, *steps})
    ]  # fmt: skip
    made = [
        AssessmentOut(
            uid=row.uid, scale=known[row.instrument_id].key, state=row.state, happened_at=row.happened_at,
            level=row.final_level,
        )
        for row in rows
    ]  # fmt: skip
    return LevelsOut(person=person.uid, scales=scales, assessments=made)
