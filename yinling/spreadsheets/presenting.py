"""Imports in words: rows of outcomes, filters with counts, how a sheet was read. Names and numbers stay masked."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from yinling.engines.codes.phone import mask as mask_phone
from yinling.engines.codes.resident_id import mask as mask_number
from yinling.kernel.names import mask_name
from yinling.kernel.reasons import Reason
from yinling.places.queries import tree
from yinling.spreadsheets.annotated import meaning_of, title_of
from yinling.spreadsheets.forms import field_choices, select_name
from yinling.spreadsheets.importing import register_of
from yinling.spreadsheets.models import Import
from yinling.spreadsheets.outcomes import Outcome, OutcomeKind
from yinling.spreadsheets.plans import SheetPlan
from yinling.spreadsheets.registers import Aftermath, Link, Register, register
from yinling.spreadsheets.rules.columns import CleanBatch
from yinling.spreadsheets.rules.fields import Kind, Level
from yinling.spreadsheets.rules.layout import RowKind
from yinling.spreadsheets.rules.mapping import SURE
from yinling.spreadsheets.rules.text import as_text
from yinling.web.pieces import Chip, Share
from yinling.web.sentences import sentence

SHOWN = 50
ORDER = (OutcomeKind.CREATED, OutcomeKind.UPDATED, OutcomeKind.UNCHANGED, OutcomeKind.DOUBT, OutcomeKind.REFUSED)
TONES = {"refused": "bad", "doubt": "doubt", "created": "ok", "updated": "", "unchanged": ""}
ICONS = {"refused": "x", "doubt": "question-mark", "created": "plus", "updated": "pencil", "unchanged": "equal"}
SHARES = {"refused": "bad", "doubt": "doubt", "created": "made", "updated": "changed", "unchanged": "same"}


@dataclass(frozen=True)
class OutcomeRow:
    """One row of the outcome table, in the reader's words."""

    place: str
    word: str
    tone: str
    icon: str
    name: str
    number: str
    reason: str
    step: str
    link: Link | None


def headline(found: Import) -> str:
    """What happened, in one line."""
    refused = found.count(OutcomeKind.REFUSED)
    if not refused:
        return _("{count:,} rows taken").format(count=found.taken)
    return _("{count:,} rows processed, {refused:,} not taken").format(count=found.taken, refused=refused)


def how_long(found: Import) -> str:
    """How long the work took."""
    seconds = max(1, round(found.working_seconds))
    if seconds < 120:
        return ngettext("{count} second", "{count} seconds", seconds).format(count=seconds)
    return ngettext("{count} minute", "{count} minutes", seconds // 60).format(count=seconds // 60)


def chips(found: Import) -> list[Chip]:
    """Filters by outcome."""
    return [Chip(str(kind), sentence(title_of(kind)), found.count(kind), ICONS[kind]) for kind in ORDER]


def shares(found: Import) -> list[Share]:
    """The bar above them."""
    return [Share(sentence(title_of(kind)), found.count(kind), SHARES[kind]) for kind in ORDER]


def outcome_rows(found: Import, kinds: list[OutcomeKind], offset: int) -> list[OutcomeRow]:
    """A page of outcomes, what needs a person first."""
    kind = register_of(found)
    read = [plan for plan in found.plans() if plan.is_read]
    names = {plan.sheet.index: plan.sheet.name for plan in read} if len(read) > 1 else {}
    page = found.outcomes().page(kinds, offset=offset, limit=SHOWN)
    return [_row(outcome, kind, names) for outcome in page]


def aftermath(found: Import) -> Aftermath | None:
    """What followed from the whole file, as its register tells it."""
    kind = register_of(found)
    return kind.aftermath_of(found.uid) if kind.aftermath_of else None


def _row(outcome: Outcome, kind: Register, sheets: dict[int, str]) -> OutcomeRow:
    name, _blank, number = outcome.label.partition(" ")
    sheet = f"{sheets[outcome.sheet]} " if outcome.sheet in sheets else ""
    link = kind.link_of(outcome) if kind.link_of else None
    return OutcomeRow(
        place=f"{sheet}{outcome.row}", word=sentence(title_of(outcome.kind)), tone=TONES[outcome.kind],
        icon=ICONS[outcome.kind], name=name, number=number, reason=_reason(outcome, kind),
        step=" ".join(map(sentence, outcome.next_steps)),
        link=Link(_(link.words), link.url) if link else None,
    )  # fmt: skip


def _reason(outcome: Outcome, kind: Register) -> str:
    sentences = [sentence(reason) for reason in outcome.reasons]
    if outcome.changed:
        fields = [sentence(kind.title_of(key)) for key in outcome.changed]
        sentences.insert(0, sentence(Reason("Changed {count}: {fields}.", count=len(fields), fields=fields)))
    return " ".join(sentences) or sentence(meaning_of(outcome.kind))


def reading_of(found: Import) -> list[dict[str, Any]]:
    """How each sheet was read: header and field; or why it was not."""
    kind = register_of(found)
    told = []
    for plan in found.plans():
        columns = plan.pairing.columns if plan.pairing else ()
        pairs = [
            (column.header or "—", sentence(kind.title_of(column.field)) if column.field else _("not taken"))
            for column in columns
        ]
        why_not = sentence(plan.why_not) if plan.why_not else ""
        told.append({"name": plan.sheet.name, "pairs": pairs, "why_not": why_not})
    return told


def skipped(found: Import) -> str:
    """Rows that are no data, by what they are."""
    titles = sum(len(plan.layout.title_rows) for plan in found.plans() if plan.layout)
    words = {
        "title": _("titles {count:,}"),
        RowKind.BLANK: _("blank {count:,}"),
        RowKind.TOTAL: _("totals {count:,}"),
        RowKind.NOTE: _("notes {count:,}"),
        RowKind.HEADER: _("repeated headers {count:,}"),
    }
    counts = {"title": titles, **found.skipped}
    parts = [text.format(count=counts[key]) for key, text in words.items() if counts.get(key)]
    return sentence(Reason("Skipped: {parts}.", parts=parts)) if parts else ""


def list_row(found: Import) -> dict[str, Any]:
    """One line of the list of imports."""
    kind = register(found.register)
    states = {
        "uploaded": (_("to confirm"), "doubt", "question-mark"), "running": (_("being read"), "", "refresh"),
        "done": (_("done"), "ok", "check"), "stopped": (_("stopped"), "doubt", "player-stop"),
        "failed": (_("failed"), "bad", "x"),
    }  # fmt: skip
    word, tone, icon = states[found.state]
    return {
        "found": found, "title": _(kind.title) if kind else found.register, "word": word, "tone": tone, "icon": icon,
        "place": tree().path(found.place_key) or tree().name(found.place_key) if found.place_key else "",
        "refused": found.count(OutcomeKind.REFUSED), "doubts": found.count(OutcomeKind.DOUBT),
    }  # fmt: skip


def columns_of(plan: SheetPlan, kind: Register, batch: CleanBatch) -> list[dict[str, Any]]:
    """The columns of a sheet as a form: header, an example, the field it is paired with, and why."""
    assert plan.pairing is not None
    options, kinds = field_choices(kind), {field.key: field.kind for field in kind.fields}
    return [
        {
            "header": column.header or _("(no name)"), "name": select_name(plan, column.index), "chosen": column.field,
            "options": options, "why": sentence(column.reason),
            "is_unsure": bool(column.field) and column.confidence < SURE,
            "example": _example(batch, column.index, kinds.get(column.field or "", Kind.TEXT)),
        }
        for column in plan.pairing.columns
    ]  # fmt: skip


def _example(batch: CleanBatch, index: int, kind: Kind) -> str:
    cells = (as_text(row[index]) for row in batch.rows if index < len(row))
    return _masked(next((text for text in cells if text), ""), kind)[:30]


def _masked(text: str, kind: Kind) -> str:
    """As the page may show it. A long run of digits is masked whatever the column is said to be."""
    if kind is Kind.NAME:
        return mask_name(text) if text else ""
    if kind is Kind.PHONES:
        return mask_phone(text) if text else ""
    return mask_number(text) if kind is Kind.ID_NUMBER or (len(text) >= 11 and text[:-1].isdigit()) else text


def preview_rows(batch: CleanBatch, kind: Register) -> list[dict[str, Any]]:
    """The first rows as they will be taken: who, what else is read, what is wrong."""
    fed = [(field, sentence(kind.title_of(field.key))) for field in kind.fields if field.key in batch.places]
    rows = []
    for at, number in enumerate(batch.row_numbers):
        findings = [found for _key, found in batch.findings.get(at, [])]
        values = [(title, _shown(batch.columns[field.key][at], field.kind)) for field, title in fed]
        rows.append(
            {
                "row": number, "who": values[0][1] if values else "",
                "values": [(title, shown) for title, shown in values[1:] if shown],
                "reasons": [sentence(found.reason) for found in findings],
                "is_refused": any(found.level is Level.REFUSE for found in findings),
            }
        )  # fmt: skip
    return rows


def _shown(value: Any, kind: Kind) -> str:
    if isinstance(value, tuple):
        return "、".join(_masked(str(part), kind) for part in value)
    if kind is Kind.SEX and value:
        return {"male": _("male"), "female": _("female")}.get(value, _("unknown"))
    return _masked(as_text(value) if not hasattr(value, "is_lunar") else str(value), kind)
