"""Inspections and hazards in words."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from yinling.inspections.models import Finding, Hazard, Inspection, Photo, Step
from yinling.inspections.queries import photos_by_item
from yinling.inspections.rules import hazards as hazard_rules
from yinling.inspections.rules import inspecting as rules
from yinling.inspections.rules.checklists import Group, Item, basis_words
from yinling.kernel.clock import civil_date
from yinling.kernel.reasons import Reason
from yinling.places.queries import tree
from yinling.web.pieces import Step as LoopStep
from yinling.web.sentences import sentence

INSPECTION_TONES = {"signed": "ok", "void": "", "first_signed": "doubt"}
HAZARD_TONES = {"found": "doubt", "submitted": "doubt", "closed": "ok", "void": ""}
ANSWER_TONES = {"yes": "ok", "no": "bad", "na": ""}


def checklist_title(found: Inspection) -> str:
    """The checklist's title in the reader's language."""
    return sentence(found.checklist.questions.title)


def origin_words(hazard: Hazard) -> str:
    """How a hazard was found."""
    known = dict(Hazard.Origin.choices)
    return str(known.get(hazard.origin_kind, hazard.origin_kind))


def clause_words(hazard: Hazard) -> str:
    """The clause a notice cites."""
    return hazard.clause


@dataclass(frozen=True)
class InspectionLine:
    """One inspection in the list."""

    found: Inspection
    place: str
    checklist: str
    tone: str
    day: dt.date
    is_late: bool


def inspection_lines(rows: Iterable[Inspection]) -> list[InspectionLine]:
    """Rows of the list, in its order."""
    places, today = tree(), civil_date()
    return [
        InspectionLine(
            one, places.path(one.place_key), checklist_title(one), INSPECTION_TONES.get(one.state, ""),
            civil_date(one.signed_at) if one.signed_at else one.planned_on,
            one.state in rules.OPEN and one.planned_on < today,
        )
        for one in rows
    ]  # fmt: skip


@dataclass(frozen=True)
class HazardLine:
    """One hazard in the list."""

    hazard: Hazard
    place: str
    tone: str
    is_late: bool


def hazard_lines(rows: Iterable[Hazard]) -> list[HazardLine]:
    """Rows of the list, in its order."""
    places, today = tree(), civil_date()
    return [
        HazardLine(one, places.path(one.place_key), HAZARD_TONES.get(one.state, ""), is_late(one, today))
        for one in rows
    ]


def is_late(hazard: Hazard, today: dt.date) -> bool:
    """Whether an open hazard is past its deadline."""
    return hazard.state in hazard_rules.OPEN and hazard_rules.is_overdue(hazard.state, hazard.due_on, None, today)


@dataclass(frozen=True)
class ItemLine:
    """One item of a checklist with what was found."""

    item: Item
    number: int
    answer: str
    words: str
    tone: str
    note: str
    photos: list[Photo]
    basis: Reason


@dataclass(frozen=True)
class GroupLines:
    """Items under a heading; `slots` wait for their official text."""

    group: Group
    items: list[ItemLine]
    slots: int


def checklist_lines(found: Inspection) -> list[GroupLines]:
    """The checklist of an inspection with its findings and photos (from `queries.inspection`). One statement."""
    given = {one.item: one for one in found.findings.all()}
    photos, number, groups = photos_by_item(found), 0, []
    for group in found.checklist.questions.groups:
        lines = []
        for item in group.asked:
            number += 1
            lines.append(_item_line(item, number, given.get(item.key), photos.get(item.key, [])))
        groups.append(GroupLines(group, lines, group.slots))
    return groups


def _item_line(item: Item, number: int, given: Finding | None, photos: list[Photo]) -> ItemLine:
    answer = given.answer if given else ""
    return ItemLine(
        item, number, answer, str(given.get_answer_display()) if given else "", ANSWER_TONES.get(answer, ""),
        given.note if given else "", photos, basis_words(item.basis),
    )  # fmt: skip


def gaps_of(found: Inspection) -> list[str]:
    """What is missing before it can be signed."""
    given = {one.item: rules.Answered(one.answer, one.note) for one in found.findings.all()}
    return [sentence(gap) for gap in rules.missing(found.checklist.questions, given)]


def neighbours(found: Inspection, item: str) -> tuple[str, str]:
    """The items before and after one, "" at the ends."""
    keys = list(found.checklist.questions.items)
    at = keys.index(item)
    return keys[at - 1] if at else "", keys[at + 1] if at + 1 < len(keys) else ""


def loop_of(hazard: Hazard, steps: Iterable[Step]) -> list[LoopStep]:
    """The loop of a hazard: found, notice, removed, re-checked, closed."""
    at: Mapping[str, dt.datetime] = {step.verb: step.at for step in steps}
    order = [
        (Step.Verb.FOUND, _("Found")), (Step.Verb.NOTICE, _("Notice issued")),
        (Step.Verb.SUBMITTED, _("Work handed in")),
        (Step.Verb.CLOSED, _("Re-checked and closed out")),
    ]  # fmt: skip
    reached = {"found": 1, "rectifying": 2, "submitted": 3, "closed": 4, "void": 4}[hazard.state]
    return [
        LoopStep(label, _moment(at.get(verb)) if place < reached else "", _state(place, reached))
        for place, (verb, label) in enumerate(order)
    ]


def _state(place: int, reached: int) -> str:
    return "done" if place < reached else "now" if place == reached else ""


def _moment(at: dt.datetime | None) -> str:
    return f"{civil_date(at):%m-%d}" if at else ""


@dataclass(frozen=True)
class Side:
    """A photo as found, and those taken again from its angle."""

    before: Photo | None
    after: list[Photo]


def sides_of(hazard: Hazard) -> list[Side]:
    """Before and after, side by side; photos after the work without a pair come last (from `queries.hazard`)."""
    photos = list(hazard.photos.all())
    before = [one for one in photos if one.stage == Photo.Stage.FOUND]
    after = [one for one in photos if one.stage != Photo.Stage.FOUND]
    sides = [Side(one, [other for other in after if other.angle_of_id == one.pk]) for one in before]
    paired = {other.pk for side in sides for other in side.after}
    alone = [one for one in after if one.pk not in paired]
    return sides + ([Side(None, alone)] if alone else [])


def step_words(step: Step) -> str:
    """What a step says besides its verb: the grade or the day."""
    if step.verb in (Step.Verb.GRADED, Step.Verb.FOUND) and step.detail:
        return str(dict(Hazard.Level.choices).get(step.detail, step.detail))
    return step.detail
