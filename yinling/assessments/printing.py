"""The assessment as PDF in the shape of the standard's forms A, B and C. An official paper: always in Chinese."""

import json
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import typst
from django.utils import translation

from yinling.assessments import presenting
from yinling.assessments.form_a import Line, Section, body_mass_index
from yinling.assessments.models import Assessment, Evidence, Signature
from yinling.engines.codes.resident_id import mask as mask_number
from yinling.kernel.clock import CITY_ZONE, civil_date
from yinling.kernel.names import mask_name
from yinling.reference.queries import label
from yinling.web.sentences import sentence

FORM = Path(__file__).with_name("forms.typ")
SEALED_ON_PAPER = ("informant_phone", "contact_name", "remarks")
PICTURES = {"image/png": "png", "image/jpeg": "jpg", "image/webp": "webp", "image/svg+xml": "svg"}


@dataclass(frozen=True)
class Opening:
    """What of the person may stand on the paper: masked unless opened with a reason."""

    name: str
    document: str
    is_masked: bool

    @classmethod
    def masked(cls, found: Assessment) -> "Opening":
        """张**, 9912**********1624."""
        person = found.person
        return cls(mask_name(person.name), mask_number(person.document_number()), is_masked=True)


def report_pdf(
    found: Assessment, opening: Opening, *, is_demonstration: bool, pictures: dict[str, tuple[str, bytes]] | None = None
) -> bytes:
    """The PDF. `found` comes from `queries.one_assessment`; `pictures`: file uid -> (media type, bytes) of drawn
    signatures. Takes about 0.2 s. A picture that cannot be drawn is left out: the paper says who signed and how."""
    drawn = {
        uid: (f"drawing{place}.{PICTURES[kind]}", content)
        for place, (uid, (kind, content)) in enumerate((pictures or {}).items())
        if kind in PICTURES
    }
    try:
        return _compiled(found, opening, drawn, is_demonstration)
    except RuntimeError:
        if not drawn:
            raise
        return _compiled(found, opening, {}, is_demonstration)


def _compiled(
    found: Assessment, opening: Opening, drawn: dict[str, tuple[str, bytes]], is_demonstration: bool
) -> bytes:
    with translation.override("zh-hans"):
        data = _data(found, opening, {uid: name for uid, (name, _) in drawn.items()})
    data["demonstration"] = is_demonstration
    with TemporaryDirectory(prefix="yinling-") as folder:
        here = Path(folder)
        (here / "data.json").write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
        (here / "form.typ").write_bytes(FORM.read_bytes())
        for name, content in drawn.values():
            (here / name).write_bytes(content)
        return bytes(typst.compile(here / "form.typ", root=here))


def drawings_of(found: Assessment) -> list[Any]:
    """File uids of drawn signatures on this report."""
    signatures: list[Signature] = found.live_signatures  # type: ignore[attr-defined]
    informant = [e.file_uid for e in found.evidence.all() if e.kind == Evidence.Kind.INFORMANT_SIGNATURE]
    return [s.drawing_uid for s in signatures if s.drawing_uid] + informant[-1:]


def _data(found: Assessment, opening: Opening, drawn: dict[str, str]) -> dict[str, Any]:
    report = presenting.report_of(found)
    local = found.happened_at.astimezone(CITY_ZONE) if found.happened_at else None
    person = found.person
    return {
        "title": sentence(report.scale.title), "source": report.scale.source, "number": found.number,
        "state": found.state, "state_words": presenting.state_words(found.state), "void_reason": found.void_reason,
        "reason": label("assessment_reason", found.reason), "name": opening.name, "document": opening.document,
        "is_masked": opening.is_masked, "sex": label("sex", person.sex),
        "born": person.birth_date.isoformat()[:7] if person.birth_date else "",
        "parts": [[sentence(title), score, highest] for title, score, highest in report.parts],
        "total": found.total, "highest": report.scale.highest_total if report.parts else None,
        "initial": report.initial, "final": report.final,
        "changes": [[sentence(reason), applied, verified] for reason, applied, verified in report.changes],
        "place": found.notes().get("place", ""), "happened": f"{local:%Y-%m-%d %H:%M}" if local else "",
        "last_day": report.last_day.isoformat() if report.last_day else "",
        "validity_verified": report.validity_verified, "unverified": report.unverified,
        "signatures": [_signature(s, drawn) for s in found.live_signatures],  # type: ignore[attr-defined]
        "informant": found.informant_name and mask_if(opening, found.informant_name),
        "informant_relation": label("informant_relation", found.informant_relation) if found.informant_relation else "",
        "informant_drawing": _informant_drawing(found, drawn), "on_paper": found.assessors_on_paper,
        "printed": civil_date().isoformat(), **_form_a(found, opening), "form_b": _form_b(found),
    }  # fmt: skip


def _form_a(found: Assessment, opening: Opening) -> dict[str, Any]:
    """Form A: what the register says of the person, who informed, and the instrument's own sections."""
    opened, notes = not opening.is_masked, found.notes()
    sealed = {name: notes.get(name, "") if opened else _veiled(notes.get(name, "")) for name in SEALED_ON_PAPER}
    bmi = body_mass_index(found.form_a)
    return {
        "form_a": [_section(section, lines) for section, lines in presenting.form_a_lines(found, opened=opened)],
        "ethnic": label("ethnic_group", found.person.ethnic_group) if found.person.ethnic_group else "",
        "bmi": f"{bmi}" if bmi else "",
        **sealed,
    }


def _veiled(text: str) -> str:
    return "（已遮住）" if text else ""


def _section(section: Section, lines: list[Line]) -> dict[str, Any]:
    return {"title": f"{section.key} {sentence(section.title)}", "lines": [
        {
            "title": sentence(line.field.title), "text": line.text, "rows": line.rows, "verified": line.field.verified,
            "boxes": [[ticked, sentence(words)] for ticked, words in line.boxes],
            "columns": [sentence(column) for column in line.field.columns],
        }
        for line in lines
    ]}  # fmt: skip


def _form_b(found: Assessment) -> list[dict[str, Any]]:
    """Form B: every item with the answer given, by part."""
    return [
        {
            "title": f"{group.key} {sentence(group.title)}", "score": found.sub_scores.get(group.key),
            "highest": group.highest,
            "items": [
                [a.key, sentence(a.title), sentence(a.words) if a.words else "", a.score, a.highest] for a in answers
            ],
        }
        for group, answers in presenting.answers_of(found)
    ]  # fmt: skip


def mask_if(opening: Opening, name: str) -> str:
    """A further name, masked like the person's."""
    return mask_name(name) if opening.is_masked else name


def _signature(signature: Signature, drawn: dict[str, str]) -> dict[str, str]:
    ways = {Signature.Way.PIN: "口令签", Signature.Way.PASSWORD: "密码签", Signature.Way.DRAWN: "手写签"}
    return {
        "name": signature.user.label,
        "certificate": signature.certificate.number,
        "way": ways[Signature.Way(signature.way)],
        "at": f"{signature.signed_at.astimezone(CITY_ZONE):%Y-%m-%d %H:%M}",
        "drawing": drawn.get(str(signature.drawing_uid), ""),
        "digest": signature.digest[:12],
    }


def _informant_drawing(found: Assessment, drawn: dict[str, str]) -> str:
    kept = [e.file_uid for e in found.evidence.all() if e.kind == Evidence.Kind.INFORMANT_SIGNATURE]
    return drawn.get(str(kept[-1]), "") if kept else ""
