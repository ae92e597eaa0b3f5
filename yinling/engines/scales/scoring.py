"""From answers to a level: sub-scores, total, initial level, level changes with reasons, final level."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from yinling.engines.scales.instruments import Circumstance, Effect, Instrument, Item, LevelChange, Method
from yinling.kernel.reasons import Reason

MOST_EVENTS = 99  # a count of events above this is a slip of the keyboard


@dataclass(frozen=True, slots=True)
class AppliedChange:
    """A level change whose facts are true. `is_applied` is false where another had already done its work."""

    key: str
    is_applied: bool
    verified: bool
    reason: Reason


@dataclass(frozen=True, slots=True)
class Result:
    """One assessment, computed. Everything that is needed to replay it later."""

    instrument_key: str
    instrument_version: str
    answers: dict[str, int]
    circumstances: dict[str, bool | int]
    sub_scores: dict[str, int]
    total: int | None
    initial_level: int
    changes: tuple[AppliedChange, ...]
    final_level: int

    @property
    def reasons(self) -> tuple[Reason, ...]:
        """Why the final level is not the initial one, and what else was true."""
        return tuple(change.reason for change in self.changes)


class AnswersRefused(ValueError):
    """Answers that cannot be scored; `reasons` lists every one of them."""

    def __init__(self, reasons: tuple[Reason, ...]) -> None:
        super().__init__(" ".join(map(str, reasons)))
        self.reasons = reasons


def score(
    instrument: Instrument, answers: Mapping[str, int], circumstances: Mapping[str, bool | int] | None = None
) -> Result:
    """Score complete answers (item key → score).

    `circumstances` (key → yes/no or count) must hold every one that the instrument asks for: nothing is
    taken as "no" because nobody said so. Raises AnswersRefused with all that is wrong.
    """
    facts = dict(circumstances or {})
    if reasons := why_not_scored(instrument, answers, facts):
        raise AnswersRefused(reasons)
    sub_scores = {group.key: sum(answers[item.key] for item in group.items) for group in instrument.groups}
    total = sum(sub_scores.values())
    initial = level_for_total(instrument, total)
    final, changes = _changed(instrument, initial, facts)
    return Result(
        instrument_key=instrument.key,
        instrument_version=instrument.version,
        answers={item.key: answers[item.key] for item in instrument.items},
        circumstances=facts,
        sub_scores=sub_scores,
        total=total,
        initial_level=initial,
        changes=changes,
        final_level=final,
    )


def record(instrument: Instrument, level: int) -> Result:
    """Write down the level that assessors gave on a record-only scale. Raises AnswersRefused."""
    if reason := why_not_recorded(instrument, level):
        raise AnswersRefused((reason,))
    return Result(instrument.key, instrument.version, {}, {}, {}, None, level, (), level)


def level_for_total(instrument: Instrument, total: int) -> int:
    """The level whose range holds the total. Raises ValueError for an impossible total."""
    for level in instrument.levels:
        if level.lowest is not None and level.highest is not None and level.lowest <= total <= level.highest:
            return level.level
    raise ValueError(f"{total} is no total of {instrument.key}; it must be 0 to {instrument.highest_total}")


def why_not_scored(
    instrument: Instrument, answers: Mapping[str, object], circumstances: Mapping[str, object]
) -> tuple[Reason, ...]:
    """Everything that keeps these answers from being scored, in the order of the form; empty if nothing."""
    if instrument.method is Method.RECORD_ONLY:
        return (
            Reason(
                "{title} is kept for old results only. Record the level on the old form, or assess anew with the "
                "scale in force.",
                title=instrument.title,
            ),
        )
    return (
        *_item_faults(instrument, answers),
        *_circumstance_faults(instrument, circumstances),
        *_disagreements(instrument, answers, circumstances),
    )


def why_not_recorded(instrument: Instrument, level: object) -> Reason | None:
    """Why this level cannot be written down without answers, or None."""
    if instrument.method is not Method.RECORD_ONLY:
        return Reason(
            "{title} is scored from its items; a level alone is not accepted. Enter the answers to all {count} items.",
            title=instrument.title,
            count=len(instrument.items),
        )
    allowed = sorted(known.level for known in instrument.levels)
    if type(level) is not int or level not in allowed:
        return Reason(
            "The level is {level}; {title} has levels {allowed}. Compare it with the old form.",
            level=_shown(level),
            title=instrument.title,
            allowed=_listed(allowed),
        )
    return None


def _item_faults(instrument: Instrument, answers: Mapping[str, object]) -> Iterable[Reason]:
    known = {item.key for item in instrument.items}
    for item in instrument.items:
        if answers.get(item.key) is None:
            yield Reason("{item} {title} has no answer. Choose one of {allowed}.", **_named(item))
        elif not item.allows(answers[item.key]):
            yield Reason(
                "{item} {title} is answered {value}; allowed are {allowed}. Choose one of them.",
                value=_shown(answers[item.key]),
                **_named(item),
            )
    for key in answers:
        if key not in known:
            yield Reason(
                "{item} is no item of {title}. Leave it out, or choose the scale that has it.",
                item=str(key),
                title=instrument.title,
            )


def _circumstance_faults(instrument: Instrument, circumstances: Mapping[str, object]) -> Iterable[Reason]:
    known = {fact.key for fact in instrument.circumstances}
    for fact in instrument.circumstances:
        value = circumstances.get(fact.key)
        if value is None:
            yield Reason("Nothing is said about: {title}. Answer it, also when the answer is no.", title=fact.title)
        elif not _is_legal(fact, value):
            yield _illegal_circumstance(fact, value)
    for key in circumstances:
        if key not in known:
            yield Reason("{fact} is not asked for by {title}. Leave it out.", fact=str(key), title=instrument.title)


def _is_legal(fact: Circumstance, value: object) -> bool:
    if fact.is_count:
        return type(value) is int and 0 <= value <= MOST_EVENTS
    return type(value) is bool


def _illegal_circumstance(fact: Circumstance, value: object) -> Reason:
    if fact.is_count:
        return Reason(
            "{title}: the answer is {value}; it must be a whole number from 0 to {limit}.",
            title=fact.title,
            value=_shown(value),
            limit=MOST_EVENTS,
        )
    return Reason("{title}: the answer is {value}; it must be yes or no.", title=fact.title, value=_shown(value))


def _disagreements(
    instrument: Instrument, answers: Mapping[str, object], circumstances: Mapping[str, object]
) -> Iterable[Reason]:
    for fact in instrument.circumstances:
        if fact.agrees_with is None or circumstances.get(fact.key) is not True:
            continue
        key, wanted = fact.agrees_with
        if answers.get(key) not in (None, wanted):
            yield Reason(
                "{title} is answered yes, but {item} is answered {value} instead of {wanted}. Correct one of them.",
                title=fact.title,
                item=key,
                value=_shown(answers[key]),
                wanted=wanted,
            )


def _changed(
    instrument: Instrument, initial: int, facts: Mapping[str, bool | int]
) -> tuple[int, tuple[AppliedChange, ...]]:
    """The level after every change whose facts are true; a set level comes before any raise."""
    level, is_set, raised = initial, False, False
    changes: list[AppliedChange] = []
    for change in sorted(instrument.level_changes, key=lambda change: change.effect is Effect.RAISE):
        if sum(int(facts[fact]) for fact in change.facts) < change.at_least:
            continue
        before = level
        if change.effect is Effect.SET:
            level, is_set = max(level, change.level), True
        elif not is_set and (instrument.stack_upgrades or not raised):
            level, raised = min(level + change.level, instrument.highest_level), True
        reason = _change_reason(change, before, level, instrument.highest_level)
        changes.append(AppliedChange(change.key, level != before, change.verified, reason))
    return level, tuple(changes)


def _change_reason(change: LevelChange, before: int, after: int, highest: int) -> Reason:
    if after != before:
        return Reason("{why}: the level goes from {before} to {after}.", why=change.title, before=before, after=after)
    if before == highest:
        return Reason("{why}: level {level} is the highest already and stays.", why=change.title, level=before)
    return Reason("{why}: the level was raised once already and stays {level}.", why=change.title, level=before)


def _named(item: Item) -> dict[str, object]:
    return {
        "item": item.key,
        "title": item.title,
        "allowed": _listed(option.score for option in item.options),
    }


def _listed(numbers: Iterable[int]) -> str:
    return ", ".join(map(str, numbers))


def _shown(value: object) -> str:
    return repr(value) if isinstance(value, str) else str(value)
