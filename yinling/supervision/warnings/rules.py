"""Decisions over facts of the register: which level holds, since when, what was told already. Pure."""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from yinling.kernel.reasons import Words
from yinling.supervision.rules import LEVELS

RED = LEVELS.index("red")
AT_MOST, AT_LEAST = "at_most", "at_least"
WORDS = {"fact", "when", "unit", "says", "again_after_days", "is_proved_by_register", "changes"}
DAYS = "days"


@dataclass(frozen=True)
class Fact:
    """A number about one subject. `mend`: the page where it is put right (name of the address and its arguments)."""

    subject_kind: str
    subject_uid: UUID
    place_key: int
    value: float
    mend: tuple[str, ...]
    person_uid: UUID | None = None
    institution_uid: UUID | None = None
    words: Mapping[str, Any] | None = None  # what the sentence names besides: the kind of licence, a number

    @property
    def scope(self) -> str:
        """The subject in one word, as alerts call it."""
        return f"{self.subject_kind}:{self.subject_uid}"


@dataclass(frozen=True)
class RegisterRule:
    """One rule over a fact. `limits`: (level, limit), the gravest first. `says`: the sentence of an alert, with places
    for {value}, {limit} and the words of the fact."""

    key: str
    fact: str
    when: str
    unit: str
    limits: tuple[tuple[int, float], ...]
    says: Mapping[str, str]
    changes: tuple[str, ...] = ()
    is_proved_by_register: bool = False
    again_after_days: int = 7


@dataclass(frozen=True)
class Told:
    """What is known of an alert of the rule about one scope."""

    level: int
    is_open: bool
    settled_at: dt.datetime | None = None


@dataclass(frozen=True)
class Breach:
    """A fact beyond its limit: the level that holds, the limit, and since when."""

    fact: Fact
    level: int
    limit: float
    onset: dt.datetime


def register_rule(data: Mapping[str, Any], facts: Collection[str]) -> RegisterRule:
    """The rule in a pack's entry. Raises ValueError naming the fault."""
    key, settings = data["key"], data["settings"]
    if unknown := set(settings) - WORDS:
        raise ValueError(f"{key}: unknown settings {', '.join(sorted(unknown))}")
    if settings["fact"] not in facts:
        raise ValueError(f"{key}: nobody states the fact {settings['fact']}")
    if settings["when"] not in (AT_MOST, AT_LEAST):
        raise ValueError(f"{key}: when is {AT_MOST} or {AT_LEAST}, not {settings['when']}")
    limits = [(LEVELS.index(level), float(entry["limit"])) for level, entry in data["levels"].items()]
    rule = RegisterRule(
        key=key, fact=settings["fact"], when=settings["when"], unit=settings["unit"],
        limits=tuple(sorted(limits, reverse=True)), says=settings["says"], changes=tuple(settings.get("changes", ())),
        is_proved_by_register=bool(settings.get("is_proved_by_register", False)),
        again_after_days=int(settings.get("again_after_days", 7)),
    )  # fmt: skip
    if fault := _fault_of(rule):
        raise ValueError(f"{key}: {fault}")
    return rule


def _fault_of(rule: RegisterRule) -> str:
    ordered = [limit for _level, limit in rule.limits]
    if ordered != sorted(ordered, reverse=rule.when == AT_LEAST):
        return "a graver level has the stricter limit"
    if rule.is_proved_by_register and rule.limits[0][0] == RED:
        return "a red alert ends when somebody has been there, never by itself"
    return ""


def judge(rule: RegisterRule, fact: Fact, at: dt.datetime, start_of_today: dt.datetime) -> Breach | None:
    """The gravest level whose limit the fact has reached; None where all is well."""
    for level, limit in rule.limits:
        if fact.value <= limit if rule.when == AT_MOST else fact.value >= limit:
            return Breach(fact, level, limit, _onset(rule, fact, limit, at, start_of_today))
    return None


def _onset(rule: RegisterRule, fact: Fact, limit: float, at: dt.datetime, today: dt.datetime) -> dt.datetime:
    """A count of days says itself when it reached its limit; of other facts it is known only that it is so now."""
    return min(today - dt.timedelta(days=abs(fact.value - limit)), at) if rule.unit == DAYS else at


def is_news(found: Breach, told: Told | None, rule: RegisterRule, at: dt.datetime) -> bool:
    """Whether an alert is to be raised, or raised higher. What was settled is not repeated for a few days."""
    if told is None or found.level > told.level:
        return True
    if told.is_open or told.settled_at is None:
        return False
    return at - told.settled_at >= dt.timedelta(days=rule.again_after_days)


def gone(rule_scopes: Iterable[str], found: Collection[str]) -> list[str]:
    """Scopes with an open alert whose fact is no longer beyond its limit."""
    return sorted(set(rule_scopes) - set(found))


def evidence(rule: RegisterRule, found: Breach) -> dict[str, Any]:
    """The row that an alert keeps: the number, its limit, and where it is mended."""
    said = sentence_of(rule.says, found)
    return {
        "fact": rule.fact, "value": found.fact.value, "limit": found.limit, "unit": rule.unit,
        "since": str(found.onset), "words": {"zh": said.zh, "en": said.en}, "mend": list(found.fact.mend),
    }  # fmt: skip


def sentence_of(says: Mapping[str, str], found: Breach) -> Words:
    """What is wrong, in the words of the rule: data, so it brings both languages."""
    values = {"value": _short(abs(found.fact.value)), "limit": _short(abs(found.limit))}
    own = found.fact.words or {}
    zh = {name: word.zh if isinstance(word, Words) else word for name, word in own.items()}
    en = {name: word.en if isinstance(word, Words) else word for name, word in own.items()}
    return Words(says["zh"].format(**values, **zh), says["en"].format(**values, **en))


def _short(number: float) -> str:
    return f"{number:g}"
