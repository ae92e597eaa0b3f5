"""The elders' roster: each row states a person."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.utils.translation import gettext_noop as _

from yinling.engines.codes.resident_id import mask
from yinling.kernel.actors import KeyRange
from yinling.kernel.names import mask_name
from yinling.kernel.reasons import Reason
from yinling.people import rules
from yinling.people.parameters import oldest_plausible_age
from yinling.people.permissions import People
from yinling.people.rosters.links import TITLES, link_of
from yinling.people.rosters.words import PlaceFinder, categories_of, code_of
from yinling.people.rules import Checked, Entry
from yinling.people.services import Prepared, RowOutcome, apply_prepared, prepare_entries
from yinling.places.queries import Tree, tree
from yinling.spreadsheets.outcomes import Outcome, OutcomeKind
from yinling.spreadsheets.registers import Context, Register
from yinling.spreadsheets.rules.columns import CleanBatch
from yinling.spreadsheets.rules.fields import Field, Finding, Kind, Level, LooseDate

FIELDS = (
    Field("name", "姓名", "Name", Kind.NAME, ("老人姓名", "名字", "户主姓名"), is_required=True),
    Field(
        "document_number",
        "身份证号码",
        "Document number",
        Kind.ID_NUMBER,
        ("身份证号", "身份证", "证件号码", "公民身份号码"),
    ),
    Field("sex", "性别", "Sex", Kind.SEX),
    Field("birth_date", "出生日期", "Birth date", Kind.DATE, ("出生年月", "出生年月日", "生日")),
    Field("township", "乡镇", "Township", Kind.TEXT, ("乡镇街道", "街道", "镇", "乡")),
    Field(
        "village",
        "村（社区）",
        "Village",
        Kind.TEXT,
        ("村", "社区", "村居", "村/居", "村社区", "所在村", "居委会", "村委会"),
    ),
    Field("address", "家庭住址", "Address", Kind.TEXT, ("住址", "地址", "详细地址", "现住址", "组", "门牌号")),
    Field("phone", "联系电话", "Telephone", Kind.PHONES, ("电话", "手机", "手机号码", "联系方式", "本人电话")),
    Field("ethnic_group", "民族", "Ethnic group"),
    Field("marital_state", "婚姻状况", "Marital state", Kind.TEXT, ("婚姻",)),
    Field("education", "文化程度", "Education", Kind.TEXT, ("学历", "教育程度")),
    Field("living_arrangement", "居住情况", "Living arrangement", Kind.TEXT, ("居住状况", "居住方式")),
    Field("categories", "人员类别", "Categories", Kind.TEXT, ("类别", "对象类别", "困难类型", "老人类别")),
    Field("other_names", "曾用名", "Other names", Kind.TEXT, ("别名", "小名")),
)
SEXES = {"male": "1", "female": "2"}
DISAGREEMENTS = {
    "sex": Reason("The sex in this row and the one in the ID number differ."),
    "birth_date": Reason("The birth date in this row and the one in the ID number differ."),
    "rounded": Reason("The ID number ends in 000; Excel may have rounded it."),
}
WRITE_VILLAGE = Reason("Write the village as in the list of divisions, or its 12-digit code.")
SETTLE = Reason("Open the file and settle which is right.")


class ReadyRow(NamedTuple):
    """What of a row is still needed once it is prepared: its number, who it is about (masked), notes, cells to tint."""

    row: int
    label: str
    findings: tuple[Finding, ...]
    columns: tuple[int, ...]


@dataclass
class ReadyBatch:
    """A batch on its way to the register. `refused` are settled already; `rows` and `entries` belong together."""

    refused: list[Outcome] = field(default_factory=list)
    rows: list[ReadyRow] = field(default_factory=list)
    entries: list[Prepared] = field(default_factory=list)


def prepare(batch: CleanBatch, context: Context) -> ReadyBatch:
    """Find places, check each row, seal what is protected. Writes nothing; may run in another process."""
    finder = finder_for(context)
    ready, checked_rows, oldest = ReadyBatch(), [], oldest_plausible_age(context.today)
    for number in range(len(batch.row_numbers)):
        row = Row(batch, number, context)
        checked = row.checked(finder, oldest)
        if isinstance(checked, Outcome):
            ready.refused.append(checked)
        else:
            ready.rows.append(row.ready())
            checked_rows.append(checked)
    ready.entries = prepare_entries(checked_rows)
    return ready


def take(ready: ReadyBatch, context: Context) -> list[Outcome]:
    """One outcome per row of the batch, in order of the rows."""
    taken = apply_prepared(entries=ready.entries, by=context.by, source=context.source, today=context.today)
    outcomes = [
        _outcome(context.sheet, row, one, result)
        for row, one, result in zip(ready.rows, ready.entries, taken, strict=True)
    ]
    return sorted([*ready.refused, *outcomes], key=lambda outcome: outcome.row) if ready.refused else outcomes


def _outcome(sheet: int, row: ReadyRow, one: Prepared, result: RowOutcome) -> Outcome:
    if not row.findings and not one.flags and result.reason is None:
        return Outcome(sheet, row.row, OutcomeKind(result.kind), row.label, str(result.person or ""), result.changed)
    return outcome_of(sheet, row, result, one.flags)


def outcome_of(sheet: int, row: ReadyRow, result: RowOutcome, flags: tuple[str, ...] = ()) -> Outcome:
    """What the register made of a row, with what the cleaner noted. A doubt of the cleaner's makes it a doubt."""
    kind, is_settled = OutcomeKind(result.kind), result.kind in ("refused", "unchanged")
    disagreements = [] if is_settled else [DISAGREEMENTS[flag] for flag in flags if flag in DISAGREEMENTS]
    is_doubtful = disagreements or any(found.level is Level.DOUBT for found in row.findings)
    if is_doubtful and kind is not OutcomeKind.REFUSED:
        kind = OutcomeKind.DOUBT
    reasons = [result.reason, *disagreements, *(found.reason for found in row.findings)]
    steps = [result.next_step, SETTLE if disagreements else None, *(found.next_step for found in row.findings)]
    return Outcome(
        sheet, row.row, kind, row.label, str(result.person or ""), result.changed,
        tuple(filter(None, reasons)), tuple(filter(None, steps)), row.columns,
    )  # fmt: skip


_finders: dict[tuple[Any, ...], tuple[Tree, PlaceFinder]] = {}


def finder_for(context: Context, ranges: Sequence[KeyRange] = ()) -> PlaceFinder:
    """The finder of an import, made once per process and import rather than once per batch. It looks where the actor
    may import, or within `ranges`."""
    places, key = tree(), (tuple(ranges or context.by.key_ranges(People.IMPORT)), context.place_key)
    held = _finders.get(key)
    if held is None or held[0] is not places:
        if len(_finders) > 1:  # one for the actor's divisions, one for the whole city
            _finders.clear()
        held = _finders[key] = (places, PlaceFinder(*key))
    return held[1]


class Row:
    """One cleaned row: its values by field, and what the cleaner found."""

    def __init__(self, batch: CleanBatch, number: int, context: Context) -> None:
        self.batch, self.number, self.context = batch, number, context
        self.findings: list[tuple[str, Finding]] = batch.findings.get(number, [])

    def get(self, key: str) -> Any:
        """The clean value of a field, None where there is none."""
        column = self.batch.columns.get(key)
        return column[self.number] if column else None

    @property
    def label(self) -> str:
        """Who the row is about, masked: name and number, each masked, a blank between them."""
        number = self.get("document_number")
        return f"{mask_name(self.get('name') or '')} {mask(number) if number else ''}".rstrip()

    def ready(self) -> ReadyRow:
        """What is still needed of the row later."""
        row = self.batch.row_numbers[self.number]
        if not self.findings:
            return ReadyRow(row, self.label, (), ())
        return ReadyRow(row, self.label, tuple(found for _, found in self.findings), self._places())

    def _places(self) -> tuple[int, ...]:
        return tuple(self.batch.places[key] for key, _ in self.findings if key in self.batch.places)

    def checked(self, finder: PlaceFinder, oldest: int) -> Checked | Outcome:
        """The row as a checked entry, or why it is refused. `oldest`: years above which nobody is believed to be."""
        refusals = [found for _, found in self.findings if found.level is Level.REFUSE]
        if refusals:
            return self.refused([found.reason for found in refusals], [found.next_step for found in refusals])
        place = self.place(finder)
        if isinstance(place, Reason):
            return self.refused([place], [WRITE_VILLAGE])
        checked = rules.check(self.entry(place), self.context.today, oldest=oldest)
        if checked.objections:
            return self.refused(
                [objection.reason for objection in checked.objections],
                [Reason("Compare the row with the card and correct it.")],
            )
        return checked

    def place(self, finder: PlaceFinder) -> int | Reason:
        """The village the row names, or why it cannot be told."""
        return finder.find(self.get("village") or self.get("address") or "", self.get("township") or "")

    def entry(self, place: int) -> Entry:
        """What the row states."""
        get = self.get
        born: LooseDate | None = get("birth_date")
        phones: tuple[str, ...] = get("phone") or ()
        other_name = get("other_names")
        return Entry(
            name=get("name") or "",
            place_key=place,
            sex=SEXES.get(get("sex") or "", "0"),
            birth_date=solar_or_first(born),
            birth_precision=precision(born),
            birth_is_lunar=bool(born and born.is_lunar),
            document_number=get("document_number") or "",
            phone=phones[0] if phones else "",
            address=get("address") or "",
            ethnic_group=code_of("ethnic_group", get("ethnic_group") or ""),
            marital_state=code_of("marital_state", get("marital_state") or ""),
            education=code_of("education", get("education") or ""),
            living_arrangement=code_of("living_arrangement", get("living_arrangement") or ""),
            categories=categories_of(get("categories") or ""),
            other_names=(other_name,) if other_name else (),
        )

    def refused(self, reasons: list[Reason], steps: list[Reason], subject: str = "") -> Outcome:
        """The outcome of a row that is not taken."""
        row = self.batch.row_numbers[self.number]
        return Outcome(
            self.context.sheet, row, OutcomeKind.REFUSED, self.label, subject, (), tuple(reasons), tuple(steps),
            self._places(),
        )  # fmt: skip


def solar_or_first(born: LooseDate | None) -> dt.date | None:
    """The stated date; unknown parts become the first, which `birth_precision` then tells. A lunar date is kept as
    written (its flag says so); the thirtieth of a lunar February becomes the last day the civil calendar has."""
    if born is None:
        return None
    if born.date is not None:
        return born.date
    month, day = born.month or 1, born.day or 1
    while day > 27:
        try:
            return dt.date(born.year, month, day)
        except ValueError:
            day -= 1
    return dt.date(born.year, month, day)


def precision(born: LooseDate | None) -> str:
    """How exactly the date is stated."""
    if born is None or born.day is not None:
        return "day"
    return "month" if born.month is not None else "year"


ELDERS = Register(
    key="people",
    title=_("Elders"),
    help=_("One row per person: name, ID, village. The same file again changes nothing."),
    fields=FIELDS,
    permission=People.IMPORT,
    take=take,
    prepare=prepare,
    link_of=link_of,
    titles=TITLES,
)
