"""Which column feeds which field: guessed from Chinese headers and from what the cells look like."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from typing import Any

from yinling.kernel.reasons import Reason, Words
from yinling.spreadsheets.rules.dates import clean_date
from yinling.spreadsheets.rules.fields import Field, Kind, LooseDate
from yinling.spreadsheets.rules.layout import bare_header, header_signature
from yinling.spreadsheets.rules.text import as_text

SURE = 0.8
"""From this confidence on a column is shown as paired; below it the clerk is asked to look."""

LEAST = 0.4
_SAMPLE = 50
_FUZZY = 0.72
# Whose name or number it is: 监护人电话 must never be read as the person's own.
_OTHERS = re.compile(
    "监护人|联系人|配偶|子女|家属|代理人|户主|负责人|法人|法定代表|经办|代办|申请人|护理员|赡养|父|母|儿|村干部|探访|志愿|紧急|银行|开户"
)


@dataclass(frozen=True, slots=True)
class ColumnGuess:
    """One column: its place (from 0), its header, the key of its field (None: kept as written), and why."""

    index: int
    header: str
    field: str | None
    confidence: float
    reason: Reason


@dataclass(frozen=True, slots=True)
class Mapping:
    """All columns of a sheet, in order."""

    signature: str
    columns: tuple[ColumnGuess, ...]

    def column_of(self, key: str) -> int | None:
        """The column that feeds a field."""
        return next((column.index for column in self.columns if column.field == key), None)

    def by_field(self) -> dict[str, int]:
        """Columns by field key."""
        return {column.field: column.index for column in self.columns if column.field is not None}

    def missing(self, fields: Iterable[Field]) -> list[Field]:
        """The required fields that no column feeds."""
        fed = self.by_field()
        return [field for field in fields if field.is_required and field.key not in fed]

    def choose(self, index: int, key: str | None) -> "Mapping":
        """The mapping after a person has decided about one column; the field leaves any other column."""
        chosen = Reason("Chosen by hand.")
        columns = tuple(
            replace(column, field=key, confidence=1.0, reason=chosen)
            if column.index == index
            else replace(column, field=None, confidence=0.0, reason=chosen)
            if key is not None and column.field == key
            else column
            for column in self.columns
        )
        return replace(self, columns=columns)

    def remembered(self) -> list[str | None]:
        """The field of every column, to be kept under the signature."""
        return [column.field for column in self.columns]


def guess_mapping(
    headers: Sequence[str],
    sample_rows: Sequence[Sequence[Any]],
    fields: Sequence[Field],
    remembered: Sequence[str | None] | None = None,
) -> Mapping:
    """Pair columns with fields, best match first, each at most once.

    `remembered` is what a person once confirmed for the same `header_signature`; it wins over any guess.
    """
    signature = header_signature(headers)
    if remembered is not None:
        return _from_memory(signature, headers, fields, remembered)
    samples = [_sample(sample_rows, index) for index in range(len(headers))]
    candidates: list[tuple[float, int, str, Reason]] = []
    for index, header in enumerate(headers):
        for field in fields:
            confidence, reason = _match(header, samples[index], field)
            if confidence >= LEAST:
                candidates.append((confidence, index, field.key, reason))
    candidates.sort(key=lambda candidate: (-candidate[0], candidate[1]))
    chosen: dict[int, tuple[float, str, Reason]] = {}
    used: set[str] = set()
    for confidence, index, key, reason in candidates:
        if index not in chosen and key not in used:
            chosen[index] = (confidence, key, reason)
            used.add(key)
    return Mapping(signature, tuple(_column(index, header, chosen.get(index)) for index, header in enumerate(headers)))


def _column(index: int, header: str, chosen: tuple[float, str, Reason] | None) -> ColumnGuess:
    if chosen is None:
        return ColumnGuess(index, header, None, 0.0, Reason("No field matches; the column is kept as it is written."))
    confidence, key, reason = chosen
    return ColumnGuess(index, header, key, round(confidence, 2), reason)


def _from_memory(
    signature: str, headers: Sequence[str], fields: Sequence[Field], remembered: Sequence[str | None]
) -> Mapping:
    known = {field.key for field in fields}
    reason = Reason("Paired like this the last time.")
    columns = []
    for index, header in enumerate(headers):
        key = remembered[index] if index < len(remembered) else None
        if key in known:
            columns.append(ColumnGuess(index, header, key, 1.0, reason))
        else:
            columns.append(_column(index, header, None))
    return Mapping(signature, tuple(columns))


def _sample(rows: Sequence[Sequence[Any]], index: int) -> list[Any]:
    cells = (row[index] for row in rows[:_SAMPLE] if index < len(row))
    return [cell for cell in cells if cell is not None and as_text(cell)]


def _match(header: str, sample: list[Any], field: Field) -> tuple[float, Reason]:
    by_header, reason = _match_header(bare_header(header), field)
    share = _share_that_looks_like(field.kind, sample)
    if by_header:
        if share is not None and len(sample) >= 5 and share < 0.2:
            return by_header * 0.5, Reason(
                "The header says {field}, but only {percent}% of the cells look like it.",
                field=_title(field),
                percent=round(100 * share),
            )
        return min(1.0, by_header + (0.1 if share and share > 0.8 else 0.0)), reason
    # A header that speaks of somebody else, or of something else, is not overruled by how cells look.
    is_silent = not bare_header(header) or bare_header(header).isdigit()
    if share is None or share < 0.8 or len(sample) < 2 or not is_silent:
        return 0.0, reason
    return _BY_LOOKS[field.kind], Reason(
        "There is no header, but {percent}% of the cells look like {field}.",
        field=_title(field),
        percent=round(100 * share),
    )


def _match_header(bare: str, field: Field) -> tuple[float, Reason]:
    reason = Reason("The header is a name of {field}.", field=_title(field))
    names = [bare_header(name) for name in (field.title_zh, field.title_en, *field.synonyms)]
    if bare in names:
        return 1.0, reason
    if not bare or _is_about_another(bare, names):
        return 0.0, reason
    contained = max((len(name) / len(bare) for name in names if len(name) >= 2 and name in bare), default=0.0)
    containing = max((len(bare) / len(name) for name in names if len(bare) >= 2 and bare in name), default=0.0)
    if contained or containing:
        likeness = max(contained, containing)
        return 0.55 + 0.35 * likeness, Reason("The header contains a name of {field}.", field=_title(field))
    fuzzy = max((SequenceMatcher(None, bare, name).ratio() for name in names if name), default=0.0)
    if fuzzy < _FUZZY:
        return 0.0, reason
    return 0.6 * fuzzy, Reason("The header is written much like {field}.", field=_title(field))


def _is_about_another(bare: str, names: Sequence[str]) -> bool:
    found = _OTHERS.search(bare)
    return found is not None and not any(found.group() in name for name in names)


def _title(field: Field) -> Words:
    return Words(field.title_zh, field.title_en)


_BY_LOOKS = {
    Kind.ID_NUMBER: 0.7,
    Kind.SEX: 0.6,
    Kind.PHONES: 0.55,
    Kind.DATE: 0.5,
    Kind.NAME: 0.45,
}
_ID_LIKE = re.compile(r"\d{17}[\dXx]|\d{15}|\d\.\d+[eE]\+?1[67]")
_PHONE_LIKE = re.compile(r"1[3-9]\d{9}|0\d{2,3}-?\d{7,8}|\d{7,8}")
_NAME_LIKE = re.compile(r"[\u4e00-\u9fff]{2,3}|[\u4e00-\u9fff] [\u4e00-\u9fff]{1,2}")


def _share_that_looks_like(kind: Kind, sample: list[Any]) -> float | None:
    """The share of cells with the look of a kind; None for kinds that look like anything."""
    if kind not in _BY_LOOKS or not sample:
        return None
    return sum(_looks_like(kind, cell) for cell in sample) / len(sample)


def _looks_like(kind: Kind, cell: Any) -> bool:
    text = as_text(cell)
    if kind is Kind.ID_NUMBER:
        return bool(_ID_LIKE.fullmatch(text.replace(" ", ""))) or (isinstance(cell, (int, float)) and cell >= 1e14)
    if kind is Kind.PHONES:
        return bool(_PHONE_LIKE.fullmatch(text.split("、")[0].replace(" ", "")))
    if kind is Kind.SEX:
        return text in ("男", "女", "男性", "女性")
    if kind is Kind.NAME:
        return bool(_NAME_LIKE.fullmatch(text)) and text not in ("男", "女")
    found = clean_date(cell)
    return isinstance(found, LooseDate) or getattr(found, "value", None) is not None
