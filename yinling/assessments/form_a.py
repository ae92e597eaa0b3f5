"""Form A of a scale: what is asked about the person beside the items. Pure: the instrument's data in, fields out.

Answers in codes and numbers stand plain in `Entered.form_a`; those of sealed fields are words in `Entered.notes`. A
field of kind `fact` asks nothing: it shows a circumstance where the standard's form prints it.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from yinling.kernel.reasons import Reason, Words

NONE = "none"  # the code that excludes every other of its field
BETWEEN_CELLS = re.compile(r"\s*[，,、；;\t]\s*")


class Kind(StrEnum):
    """What an answer looks like."""

    ONE = "one"
    SEVERAL = "several"
    NUMBER = "number"
    TEXT = "text"
    ROWS = "rows"  # text, one row a line, its cells between commas
    FACT = "fact"


@dataclass(frozen=True)
class Option:
    """One box of the form. With `fact`, a circumstance ticks it and nobody is asked."""

    code: str
    title: Words
    fact: str = ""


@dataclass(frozen=True)
class Field:
    """One line of the form. `list_key` names a code list in `reference`; its codes are filled in by `with_lists`."""

    key: str
    kind: Kind
    title: Words
    is_sealed: bool = False
    verified: bool = True
    list_key: str = ""
    options: tuple[Option, ...] = ()
    columns: tuple[Words, ...] = ()
    lowest: int = 0
    highest: int = 0

    @property
    def asked(self) -> tuple[Option, ...]:
        """The options that somebody is asked to choose from."""
        return tuple(option for option in self.options if not option.fact)


@dataclass(frozen=True)
class Section:
    """One table of the form."""

    key: str
    title: Words
    fields: tuple[Field, ...]


def sections_from(data: Mapping[str, Any]) -> tuple[Section, ...]:
    """The sections of an instrument's data, none where it has no form A. Raises KeyError, ValueError for faults."""
    facts = {fact["key"]: _words(fact["title"]) for fact in data.get("circumstances", ())}
    found = tuple(_section(section, facts) for section in data.get("form_a", ()))
    keys = [field.key for section in found for field in section.fields]
    if twice := sorted({key for key in keys if keys.count(key) > 1}):
        raise ValueError(f"form_a has {twice[0]} twice")
    return found


def _section(data: Mapping[str, Any], facts: Mapping[str, Words]) -> Section:
    return Section(data["key"], _words(data["title"]), tuple(_field(field, facts) for field in data["fields"]))


def _field(data: Mapping[str, Any], facts: Mapping[str, Words]) -> Field:
    kind = Kind(data["kind"])
    options = tuple(Option(o["code"], _words(o), o.get("fact", "")) for o in data.get("options", ()))
    if unknown := [option.fact for option in options if option.fact and option.fact not in facts]:
        raise ValueError(f"{data['key']} shows {unknown[0]}, which is no circumstance")
    return Field(
        key=data["key"], kind=kind, title=facts[data["key"]] if kind is Kind.FACT else _words(data["title"]),
        is_sealed=data.get("sealed", False), verified=data.get("verified", True), list_key=data.get("list", ""),
        options=options, columns=tuple(_words(column) for column in data.get("columns", ())),
        lowest=data.get("lowest", 0), highest=data.get("highest", 0),
    )  # fmt: skip


def _words(data: Mapping[str, str]) -> Words:
    return Words(zh=data["zh"], en=data["en"])


def with_lists(sections: Iterable[Section], codes: Callable[[str], Iterable[Option]]) -> tuple[Section, ...]:
    """The same sections with the codes of their lists; `codes` gives those of a list, none while it is not loaded."""
    return tuple(
        replace(section, fields=tuple(
            replace(field, options=tuple(codes(field.list_key))) if field.list_key else field
            for field in section.fields
        ))
        for section in sections
    )  # fmt: skip


def why_not_kept(
    sections: Iterable[Section], form_a: Mapping[str, Any], notes: Mapping[str, str]
) -> tuple[Reason, ...]:
    """What of form A cannot stand: codes that its fields do not have, "none" beside something, sizes out of range."""
    found = [_fault(field, notes.get(field.key) if field.is_sealed else form_a.get(field.key))
             for section in sections for field in section.fields]  # fmt: skip
    return tuple(reason for reason in found if reason is not None)


def _fault(field: Field, answer: Any) -> Reason | None:
    if answer in (None, "", []):
        return None
    if field.kind is Kind.NUMBER and not (type(answer) is int and field.lowest <= answer <= field.highest):
        return Reason(
            "{field} is {answer}; from {lowest} to {highest} is possible.",
            field=field.title, answer=answer, lowest=field.lowest, highest=field.highest,
        )  # fmt: skip
    chosen = [answer] if field.kind is Kind.ONE else answer if field.kind is Kind.SEVERAL else []
    known = {option.code for option in field.asked}
    if known and (strange := [code for code in chosen if code not in known]):
        return Reason("{field} has no answer {answer}. Choose one of the form.", field=field.title, answer=strange[0])
    if NONE in chosen and len(chosen) > 1:
        return Reason("{field} says none and something else. Take one of them back.", field=field.title)
    return None


@dataclass(frozen=True)
class Line:
    """One answered line as a page or the paper shows it: boxes, or text, or a table."""

    field: Field
    boxes: tuple[tuple[bool, Words], ...] = ()
    text: str = ""
    rows: tuple[tuple[str, ...], ...] = ()

    @property
    def is_answered(self) -> bool:
        """Whether anything stands there."""
        return bool(self.text or self.rows or any(is_ticked for is_ticked, _ in self.boxes))


def line_of(field: Field, form_a: Mapping[str, Any], notes: Mapping[str, str], facts: Mapping[str, bool | int]) -> Line:
    """A field with its answer."""
    answer = notes.get(field.key, "") if field.is_sealed else form_a.get(field.key, "")
    if field.kind in (Kind.ONE, Kind.SEVERAL):
        chosen = answer if isinstance(answer, list) else [answer]
        return Line(field, tuple(
            (facts.get(o.fact) is True if o.fact else o.code in chosen, o.title) for o in field.options
        ))  # fmt: skip
    if field.kind is Kind.ROWS:
        return Line(field, rows=tuple(cells(line, len(field.columns)) for line in answer.splitlines() if line.strip()))
    if field.kind is Kind.FACT:
        return _fact_line(field, facts.get(field.key))
    return Line(field, text=str(answer))


def _fact_line(field: Field, value: bool | int | None) -> Line:
    if isinstance(value, bool):
        return Line(field, ((not value, Words("无", "No")), (value, Words("有", "Yes"))))
    return Line(field, text="" if value is None else str(value))


def cells(line: str, count: int) -> tuple[str, ...]:
    """A line as `count` cells; what is too much stays in the last one. 氨氯地平，口服，5 mg，每日一次."""
    parts = BETWEEN_CELLS.split(line.strip(), maxsplit=count - 1)
    return (*parts, *[""] * (count - len(parts)))


def body_mass_index(form_a: Mapping[str, Any]) -> float | None:
    """kg/m² to one decimal, or None while height or weight is missing."""
    height, weight = form_a.get("height_cm"), form_a.get("weight_kg")
    return round(weight / (height / 100) ** 2, 1) if height and weight else None
