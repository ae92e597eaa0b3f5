"""What pages and prints show of an assessment: rows of lists, questions, levels in words."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from yinling.assessments import queries, rules
from yinling.assessments.form_a import Field, Line, Section, line_of
from yinling.assessments.forms import STATES, YES_NO
from yinling.assessments.models import Assessment, ConditionReport
from yinling.assessments.queries import Step, level_words, scales
from yinling.assessments.rules import Entered, Standing
from yinling.engines.scales.instruments import Circumstance, Group, Item
from yinling.engines.scales.instruments import Instrument as Scale
from yinling.engines.scales.instruments import Level as ScaleLevel
from yinling.kernel.clock import civil_date
from yinling.kernel.names import mask_name
from yinling.kernel.reasons import Reason, Words
from yinling.places.queries import tree
from yinling.reference.queries import label
from yinling.web.sentences import sentence

ONE_DAY = dt.timedelta(days=1)
TONES = {Assessment.State.SIGNED: "ok", Assessment.State.VOID: "bad", Assessment.State.FIRST_SIGNED: "doubt"}


def state_words(state: str) -> str:
    """A state in words."""
    return str(dict(STATES)[Assessment.State(state)])


@dataclass(frozen=True)
class Row:
    """One line of a list."""

    url: str
    number: str
    name: str
    place: str
    scale: str
    level: str
    total: str
    day: dt.date | None
    state: str
    tone: str
    is_from_paper: bool
    next_url: str
    next_label: str


def rows_for(found: Iterable[Assessment], *, names: bool = False) -> list[Row]:
    """Lines of a list. Names masked unless opened. One statement for the scales, one for the tree."""
    known, places = scales(), tree()
    return [_row(a, known[a.instrument_id], places.path(a.place_key), names) for a in found]


def _row(a: Assessment, scale: Scale, place: str, names: bool) -> Row:
    is_open = a.state in rules.OPEN_STATES
    step = ("assessments:sign", _("Sign")) if _is_ready(a) else ("assessments:entry", _("Fill in"))
    return Row(
        url=reverse("assessments:report", args=[a.uid]),
        number=a.number,
        name=a.person.name if names else mask_name(a.person.name),
        place=place,
        scale=sentence(scale.title),
        level=level_line(scale, a.final_level),
        total=f"{a.total} / {scale.highest_total}" if a.total is not None else "",
        day=civil_date(a.happened_at) if a.happened_at else a.planned_on,
        state=state_words(a.state),
        tone=TONES.get(Assessment.State(a.state), ""),
        is_from_paper=a.origin == Assessment.Origin.PAPER,
        next_url=reverse(step[0], args=[a.uid]) if is_open else "",
        next_label=step[1],
    )


def _is_ready(a: Assessment) -> bool:
    return a.final_level is not None and a.happened_at is not None


def level_line(scale: Scale, level: int | None) -> str:
    """重度失能（3 级）."""
    if level is None:
        return ""
    return _("{title} (level {level})").format(title=sentence(level_words(scale, level)), level=level)


@dataclass(frozen=True)
class Question:
    """One item of the entry form. `options`: (score, words, whether it is the answer)."""

    item: Item
    options: list[tuple[int, Words, bool]]
    is_answered: bool


@dataclass(frozen=True)
class Part:
    """One part of the form with its questions; the sub-score shows once the part is complete and saved."""

    group: Group
    sub_score: int | None
    questions: list[Question]


def parts_for(scale: Scale, entered: Entered, sub_scores: dict[str, int]) -> list[Part]:
    """The form's parts. No answer is chosen unless somebody chose it."""
    return [
        Part(group, sub_scores.get(group.key), [_question(item, entered.answers.get(item.key)) for item in group.items])
        for group in scale.groups
    ]


def _question(item: Item, answer: Any) -> Question:
    options = [(option.score, option.title, answer == option.score) for option in item.options]
    return Question(item, options, answer is not None)


@dataclass(frozen=True)
class FactQuestion:
    """One circumstance: yes or no, or how many."""

    fact: Circumstance
    answer: str


def facts_for(scale: Scale, entered: Entered) -> list[FactQuestion]:
    """The circumstances with what was answered ("" for nothing)."""
    words = {value: name for name, value in YES_NO.items()}
    found = []
    for fact in scale.circumstances:
        value = entered.circumstances.get(fact.key)
        text = "" if value is None else str(value) if fact.is_count else words.get(bool(value), "")
        found.append(FactQuestion(fact, text))
    return found


@dataclass(frozen=True)
class Gap:
    """Something still missing, and where on the page it is asked."""

    words: str
    anchor: str


def gaps_for(scale: Scale, standing: Standing, entered: Entered) -> list[Gap]:
    """What is missing, in the order of the form: items, circumstances, then when and where."""
    items = [Gap(f"{i.key} {sentence(i.title)}", i.key) for i in scale.items if i.key not in entered.answers]
    facts = [Gap(sentence(f.title), f.key) for f in scale.circumstances if f.key not in entered.circumstances]
    rest = []
    if entered.happened_at is None:
        rest.append(Gap(_("Day of the visit"), "visit"))
    if not entered.notes.get("place"):
        rest.append(Gap(_("Where the visit took place"), "visit"))
    return [*items, *facts, *rest]


@dataclass(frozen=True)
class Report:
    """Form C: what was found, step by step."""

    scale: Scale
    parts: list[tuple[Words, int | None, int]]
    initial: str
    final: str
    changes: list[tuple[Reason, bool, bool]]
    last_day: dt.date | None
    validity_verified: bool
    unverified: list[str]
    names: list[Words]


def report_of(found: Assessment) -> Report:
    """The report of an assessment."""
    scale = queries.scale_of(found.instrument)
    day = civil_date(found.happened_at) if found.happened_at else civil_date()
    validity = queries.validity_of(scale, day)
    return Report(
        scale=scale,
        parts=[(g.title, found.sub_scores.get(g.key), g.highest) for g in scale.groups],
        initial=level_line(scale, found.initial_level),
        final=level_line(scale, found.final_level),
        changes=found.change_reasons(),
        last_day=found.valid_to - ONE_DAY if found.valid_to else None,
        validity_verified=validity.verified if validity else True,
        unverified=_unverified(scale),
        names=[level.title for level in scale.levels],
    )


def _unverified(scale: Scale) -> list[str]:
    """What of the scale nobody has compared with the printed standard."""
    items = [f"{item.key} {sentence(item.title)}" for item in scale.items if not item.verified]
    rules_ = [sentence(change.title) for change in scale.level_changes if not change.verified]
    stacking = [] if scale.stack_upgrades_verified or not scale.level_changes else [_("whether raises add up")]
    return [*items, *rules_, *stacking]


@dataclass(frozen=True)
class History:
    """A level history drawn: points, names of the levels, the whole as one sentence, until when."""

    points: list[tuple[dt.date, int]]
    names: list[str]
    label: str
    last: Assessment
    scale: Scale
    last_level: str
    last_day: dt.date | None
    has_ended: bool


def history_for(steps: list[Step], scale: Scale) -> History:
    """The drawing of one scale's history. `steps` is not empty, oldest first."""
    ranks = {level.level: rank for rank, level in enumerate(scale.levels)}
    said = [
        _("{day:%Y-%m} {level}").format(day=step.day, level=sentence(level_words(scale, step.level))) for step in steps
    ]
    last = steps[-1].assessment
    return History(
        points=[(step.day, ranks[step.level]) for step in steps if step.level in ranks],
        names=[short_name(level) for level in scale.levels],
        label=_("Level over time: {steps}").format(steps=_(", ").join(said)),
        last=last,
        scale=scale,
        last_level=level_line(scale, steps[-1].level),
        last_day=last.valid_to - ONE_DAY if last.valid_to else None,
        has_ended=last.valid_to is not None and last.valid_to <= civil_date(),
    )


def short_name(level: ScaleLevel) -> str:
    """A level's name as a chart has room for it: 完好, 轻度."""
    words = sentence(level.title)
    return words.removeprefix("能力").removesuffix("失能") or words


@dataclass(frozen=True)
class ReportLine:
    """A change of condition that waits for an assessment: when it was reported, who noticed it; the note if opened."""

    at: dt.datetime
    noticed_by: str
    note: str = ""


def report_line(report: ConditionReport, note: str = "") -> ReportLine:
    """A report in words; the sealed note only for whoever opened it (`services.open_reports`)."""
    seen_by = label("informant_relation", report.noticed_by) if report.noticed_by else ""
    return ReportLine(report.recorded_at, seen_by, note)


def form_a_lines(found: Assessment, *, opened: bool) -> list[tuple[Section, list[Line]]]:
    """Form A with its answers. Sealed words only when `opened`; else the line says that something stands there."""
    notes = found.notes()
    return [
        (section, [_line(field, found, notes, opened) for field in section.fields])
        for section in queries.form_a_of(found.instrument)
    ]


def _line(field: Field, found: Assessment, notes: dict[str, str], opened: bool) -> Line:
    if field.is_sealed and not opened:
        return Line(field, text=_("(kept sealed)") if notes.get(field.key) else "")
    return line_of(field, found.form_a, notes, found.circumstances)


@dataclass(frozen=True)
class Answer:
    """One item of a report: what was answered, in words."""

    key: str
    title: Words
    words: Words | None
    score: int | None
    highest: int


def answers_of(found: Assessment) -> list[tuple[Group, list[Answer]]]:
    """All answers of an assessment by part, for the report."""
    scale = queries.scale_of(found.instrument)
    return [(g, [_answer(item, found.answers.get(item.key)) for item in g.items]) for g in scale.groups]


def _answer(item: Item, score: int | None) -> Answer:
    words = next((option.title for option in item.options if option.score == score), None)
    return Answer(item.key, item.title, words, score, item.highest)
