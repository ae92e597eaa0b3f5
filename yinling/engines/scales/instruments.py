"""What an assessment instrument is, and how one is read from plain data.

`instrument_from` refuses data that would score wrongly: a gap between two levels, a group whose items do
not add up to its stated total, a rule about a fact that nobody is asked for.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from yinling.kernel.reasons import Words


class Method(StrEnum):
    """How a level comes about."""

    TOTAL = "total"  # add the scores, look the total up, apply the level changes
    RECORD_ONLY = "record_only"  # somebody else's result is written down; nothing is computed


class Effect(StrEnum):
    """What a level change does."""

    SET = "set"  # the level becomes `level`
    RAISE = "raise"  # the level goes up by `level`


@dataclass(frozen=True, slots=True)
class Option:
    """One answer to an item."""

    score: int
    title: Words


@dataclass(frozen=True, slots=True)
class Item:
    """One question. `options` go from the highest score to the lowest."""

    key: str
    title: Words
    options: tuple[Option, ...]
    note: Words | None
    verified: bool

    @property
    def highest(self) -> int:
        return max(option.score for option in self.options)

    def allows(self, score: object) -> bool:
        # True and 1.0 equal 1 in Python; a form that sends them has a fault worth hearing about.
        return type(score) is int and any(option.score == score for option in self.options)


@dataclass(frozen=True, slots=True)
class Group:
    """Items that share a sub-score."""

    key: str
    title: Words
    items: tuple[Item, ...]

    @property
    def highest(self) -> int:
        return sum(item.highest for item in self.items)


@dataclass(frozen=True, slots=True)
class Level:
    """A result: totals from `lowest` to `highest`, both included. Record-only scales have neither."""

    level: int
    title: Words
    lowest: int | None
    highest: int | None


@dataclass(frozen=True, slots=True)
class Circumstance:
    """A fact beside the items: yes or no, or how many. `agrees_with` is (item, score): yes implies it."""

    key: str
    title: Words
    is_count: bool
    agrees_with: tuple[str, int] | None


@dataclass(frozen=True, slots=True)
class LevelChange:
    """Changes the level when the facts add up to at least `at_least` (a yes counts one)."""

    key: str
    title: Words
    facts: tuple[str, ...]
    at_least: int
    effect: Effect
    level: int
    verified: bool


@dataclass(frozen=True, slots=True)
class Validity:
    """How long a result counts, and how many days before its end to warn. Local policy."""

    months: int
    warn_days: int
    verified: bool


@dataclass(frozen=True, slots=True)
class Instrument:
    """One scale in one version. `verified`: scores and cut-offs were compared with the source."""

    key: str
    version: str
    title: Words
    source: str
    valid_from: date
    method: Method
    verified: bool
    groups: tuple[Group, ...]
    levels: tuple[Level, ...]
    circumstances: tuple[Circumstance, ...]
    level_changes: tuple[LevelChange, ...]
    stack_upgrades: bool
    stack_upgrades_verified: bool
    validity: Validity | None
    may_be_issued: bool

    @property
    def items(self) -> tuple[Item, ...]:
        return tuple(item for group in self.groups for item in group.items)

    @property
    def highest_total(self) -> int:
        return sum(group.highest for group in self.groups)

    @property
    def highest_level(self) -> int:
        return max(level.level for level in self.levels)

    def level(self, number: int) -> Level:
        """The level with this number. Raises KeyError where the scale has none."""
        for level in self.levels:
            if level.level == number:
                return level
        raise KeyError(f"{self.key} {self.version} has no level {number}")


class FaultyInstrument(ValueError):
    """Data that would score wrongly. The message lists every fault."""


def instrument_from(data: Mapping[str, Any]) -> Instrument:
    """The instrument in plain data (as YAML gives it). Raises FaultyInstrument with every fault found.

    Items may name a shared row of options (`options: five_steps`) from `option_sets`.
    """
    option_sets = data.get("option_sets", {})
    stacking = data.get("stack_upgrades", {"value": False, "verified": False})
    instrument = Instrument(
        key=data["key"],
        version=str(data["version"]),
        title=_words(data["title"]),
        source=data["source"],
        valid_from=data["valid_from"],
        method=Method(data["method"]),
        verified=data["verified"],
        groups=tuple(_group(group, option_sets) for group in data.get("groups", ())),
        levels=tuple(_level(level) for level in data["levels"]),
        circumstances=tuple(_circumstance(fact) for fact in data.get("circumstances", ())),
        level_changes=tuple(_level_change(change) for change in data.get("level_changes", ())),
        stack_upgrades=stacking["value"],
        stack_upgrades_verified=stacking["verified"],
        validity=Validity(**data["validity"]) if data.get("validity") else None,
        may_be_issued=data.get("may_be_issued", True),
    )
    if faults := [*_faults(instrument), *_wrong_totals(instrument, data)]:
        raise FaultyInstrument(f"{instrument.key} {instrument.version}: " + "; ".join(faults))
    return instrument


def _words(data: Mapping[str, str]) -> Words:
    return Words(zh=data["zh"], en=data["en"])


def _group(data: Mapping[str, Any], option_sets: Mapping[str, Any]) -> Group:
    return Group(data["key"], _words(data["title"]), tuple(_item(item, option_sets) for item in data["items"]))


def _item(data: Mapping[str, Any], option_sets: Mapping[str, Any]) -> Item:
    options = data["options"]
    if isinstance(options, str):
        options = option_sets[options]
    return Item(
        key=data["key"],
        title=_words(data["title"]),
        options=tuple(Option(option["score"], _words(option)) for option in options),
        note=_words(data["note"]) if "note" in data else None,
        verified=data.get("verified", True),
    )


def _level(data: Mapping[str, Any]) -> Level:
    return Level(data["level"], _words(data["title"]), data.get("lowest"), data.get("highest"))


def _circumstance(data: Mapping[str, Any]) -> Circumstance:
    agrees = data.get("agrees_with")
    return Circumstance(
        data["key"],
        _words(data["title"]),
        is_count=data.get("count", False),
        agrees_with=(agrees["item"], agrees["score"]) if agrees else None,
    )


def _level_change(data: Mapping[str, Any]) -> LevelChange:
    return LevelChange(
        key=data["key"],
        title=_words(data["title"]),
        facts=tuple(data["facts"]),
        at_least=data["at_least"],
        effect=Effect(data["effect"]),
        level=data["level"],
        verified=data["verified"],
    )


def _faults(instrument: Instrument) -> Iterable[str]:
    yield from _repeated("item", (item.key for item in instrument.items))
    yield from _repeated("level", (level.level for level in instrument.levels))
    yield from _repeated("circumstance", (fact.key for fact in instrument.circumstances))
    for item in instrument.items:
        yield from _repeated(f"score of {item.key}", (option.score for option in item.options))
    known = {fact.key for fact in instrument.circumstances}
    for change in instrument.level_changes:
        for fact in change.facts:
            if fact not in known:
                yield f"level change {change.key} asks for {fact}, which is no circumstance"
    items = {item.key: item for item in instrument.items}
    for circumstance in instrument.circumstances:
        if circumstance.agrees_with and not _is_answer(items, *circumstance.agrees_with):
            key = circumstance.agrees_with[0]
            yield f"circumstance {circumstance.key} refers to item {key}, which has no such answer"
    if instrument.method is Method.TOTAL:
        yield from _uncovered_totals(instrument)


def _is_answer(items: Mapping[str, Item], key: str, score: int) -> bool:
    return key in items and items[key].allows(score)


def _repeated(what: str, keys: Iterable[object]) -> Iterable[str]:
    return (f"{what} {key} stands {count} times" for key, count in Counter(keys).items() if count > 1)


def _uncovered_totals(instrument: Instrument) -> Iterable[str]:
    for total in range(instrument.highest_total + 1):
        found = [level.level for level in instrument.levels if _covers(level, total)]
        if len(found) != 1:
            yield f"total {total} belongs to {len(found)} levels"
    for level in instrument.levels:
        if level.highest is None or level.highest > instrument.highest_total:
            yield f"level {level.level} ends at {level.highest}; the highest total is {instrument.highest_total}"


def _covers(level: Level, total: int) -> bool:
    return level.lowest is not None and level.highest is not None and level.lowest <= total <= level.highest


def _wrong_totals(instrument: Instrument, data: Mapping[str, Any]) -> Iterable[str]:
    """Totals are stated in the data as well as implied by the options, so that a typing slip is seen."""
    for group, stated in zip(instrument.groups, data.get("groups", ()), strict=True):
        if group.highest != stated["highest"]:
            yield f"group {group.key} adds up to {group.highest}, stated {stated['highest']}"
    if instrument.groups and instrument.highest_total != data["highest_total"]:
        yield f"the items add up to {instrument.highest_total}, stated {data['highest_total']}"
