"""Plain data (as YAML gives it) to rules. Raises FaultyRule with every fault, its line, and what to write instead."""

from collections.abc import Mapping, Sequence
from typing import Any

import yaml

from yinling.engines.signals.conditions import AlertsOf, Atom, Condition, Measure
from yinling.engines.signals.faults import Faults, FaultyRule, Path, lines_of
from yinling.engines.signals.parsing_conditions import condition_from
from yinling.engines.signals.rules import Gap, GapPolicy, Level, LevelRule, Rule, Scope, Window
from yinling.engines.signals.windows import MINUTE_MS, shortest_window
from yinling.kernel.reasons import Words

WORDS = {
    "key", "version", "title", "family", "scope", "levels", "source", "verified", "gap", "schedule", "dedupe",
    "never_suppressed", "consent", "held_back_by", "tests",
}  # fmt: skip
NEEDED = ("key", "version", "title", "scope", "levels", "source", "verified")
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def rules_from_yaml(text: str, name: str) -> tuple[Rule, ...]:
    """The rules of one file (a list under `rules:`). `name` is what faults call the file."""
    data = yaml.safe_load(text) or {}
    listed = data.get("rules") if isinstance(data, Mapping) else None
    if not isinstance(listed, list):
        raise FaultyRule(f"{name}: expected a list under the word rules")
    lines = lines_of(text)
    faults = Faults(name)
    rules = []
    for i, entry in enumerate(listed):
        faults.lines = {path[2:]: line for path, line in lines.items() if path[:2] == ("rules", i)}
        rules.append(_rule(faults, entry))
    for key in {rule.key for rule in rules if [other.key for other in rules].count(rule.key) > 1}:
        faults.add((), f"{key} stands there twice")
    faults.raise_if_any()
    return tuple(rules)


def rule_from(data: Mapping[str, Any]) -> Rule:
    """One rule in plain data."""
    faults = Faults(str(data.get("key", "rule")))
    rule = _rule(faults, data)
    faults.raise_if_any()
    return rule


def _rule(faults: Faults, entry: object) -> Rule:
    data = faults.mapping((), entry)
    faults.unknown((), data, WORDS)
    for word in (word for word in NEEDED if word not in data):
        faults.add((), f"{word} is missing")
    title = faults.mapping(("title",), data.get("title", {}))
    rule = Rule(
        key=str(data.get("key", "")),
        version=faults.whole(("version",), data.get("version", 1), 1, 1_000_000),
        title=Words(zh=str(title.get("zh", "")), en=str(title.get("en", ""))),
        family=str(data.get("family", "other")),
        scope=Scope(faults.choice(("scope",), data.get("scope", "device"), list(Scope), "device")),
        levels=_levels(faults, data.get("levels", {})),
        source=str(data.get("source", "")),
        verified=data.get("verified") is True,
        gap=_gap(faults, data["gap"]) if "gap" in data else None,
        schedule=tuple(_window(faults, ("schedule", i), each) for i, each in enumerate(data.get("schedule") or ())),
        remind_ms=_remind(faults, data.get("dedupe")),
        never_suppressed=data.get("never_suppressed") is True,
        consent=data.get("consent"),
        held_back_by=data.get("held_back_by"),
        tests=tuple(data.get("tests") or ()),
    )
    _check(faults, rule)
    return rule


def _levels(faults: Faults, value: object) -> tuple[LevelRule, ...]:
    data = faults.mapping(("levels",), value)
    names = [level.name.lower() for level in Level]
    faults.unknown(("levels",), data, names)
    if not data:
        faults.add(("levels",), "a rule has at least one level")
    return tuple(_level(faults, name, data[name]) for name in names if name in data)


def _level(faults: Faults, name: str, value: object) -> LevelRule:
    path: Path = ("levels", name)
    data = faults.mapping(path, value)
    faults.unknown(path, data, ("raise", "clear", "addressees", "deadline"))
    condition: Condition = condition_from(faults, path, data.get("raise"), data.get("clear"))
    deadline = faults.length_ms((*path, "deadline"), data["deadline"]) if "deadline" in data else None
    return LevelRule(Level[name.upper()], condition, tuple(map(str, data.get("addressees", ()))), deadline)


def _gap(faults: Faults, value: object) -> Gap:
    data = faults.mapping(("gap",), value)
    faults.unknown(("gap",), data, ("after", "policy"))
    policy = faults.choice(("gap", "policy"), data.get("policy", "hold"), list(GapPolicy), "hold")
    return Gap(faults.length_ms(("gap", "after"), data.get("after")), GapPolicy(policy))


def _remind(faults: Faults, value: object) -> int:
    if value is None:
        return 0
    data = faults.mapping(("dedupe",), value)
    faults.unknown(("dedupe",), data, ("within",))
    return faults.length_ms(("dedupe", "within"), data.get("within"))


def _window(faults: Faults, path: Path, value: object) -> Window:
    data = faults.mapping(path, value)
    faults.unknown(path, data, ("from", "to", "days"))
    days: Sequence[str] = data.get("days") or DAYS
    chosen = frozenset(DAYS.index(faults.choice((*path, "days"), day, DAYS, "mon")) for day in days)
    return Window(
        _minute(faults, (*path, "from"), data.get("from")), _minute(faults, (*path, "to"), data.get("to")), chosen
    )


def _minute(faults: Faults, path: Path, value: object) -> int:
    """Minutes of "22:30". YAML 1.1 reads an unquoted 22:30 as 1350, which is the same number."""
    if type(value) is int and 0 <= value <= 1440:
        return value % 1440
    hour, _, minute = str(value).partition(":")
    if hour.isdigit() and minute.isdigit() and int(hour) <= 24 and int(minute) < 60:
        return (int(hour) * 60 + int(minute)) % 1440
    faults.add(path, f'expected a time of day such as "22:30", found {value!r}')
    return 0


def _check(faults: Faults, rule: Rule) -> None:
    """What only the whole rule shows."""
    shortest = shortest_window(rule.schedule) if rule.schedule else 0
    if rule.schedule and not shortest:
        faults.add(("schedule",), "these windows leave nothing out, or hold nothing: leave the schedule away")
    elif rule.schedule:
        longest = max((_waits(level.condition) for level in rule.levels), default=0)
        if longest >= shortest * MINUTE_MS:
            faults.add(("schedule",), f"a condition lasts {longest // MINUTE_MS} min, a window only {shortest} min")
    if rule.never_suppressed and not all(_at_once(atom) for atom in rule.atoms):
        faults.add(("never_suppressed",), "such a rule raises on one reading: no times, for, schedule or other measure")
    if rule.never_suppressed and rule.schedule:
        faults.add(("schedule",), "a rule that is never suppressed has no schedule")
    for level in rule.levels:
        if isinstance(level.condition, AlertsOf) != (rule.scope is Scope.AREA):
            faults.add(("scope",), "alerts are counted in an area, and an area counts alerts only")


def _waits(condition: Condition) -> int:
    if isinstance(condition, AlertsOf):
        return 0
    own = max(condition.raising.lasting_ms, condition.clearing.lasting_ms)
    return own if isinstance(condition, Atom) else max(own, 0)


def _at_once(atom: Atom) -> bool:
    raising = atom.raising
    return atom.measured.kind is Measure.VALUE and raising.of == 1 and raising.lasting_ms == 0
