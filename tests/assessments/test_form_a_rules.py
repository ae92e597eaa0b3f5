"""Form A: its fields come with the scale, its answers are checked, and a paper can be drawn from them. No database."""

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
import yaml

from yinling.assessments import form_a
from yinling.assessments.form_a import Field, Kind, Line, Option, Section
from yinling.assessments.rules import typed_signature
from yinling.kernel.reasons import Words

PACK = Path(__file__).parents[2] / "packs" / "national" / "instruments" / "gbt_42195_2022.yaml"
DATA = yaml.safe_load(PACK.read_text(encoding="utf-8"))
SECTIONS = form_a.sections_from(DATA)
FIELDS = {field.key: field for section in SECTIONS for field in section.fields}
SEALED = {"religion", "illnesses", "medicines", "joints_where", "care"}


def faults(form: dict[str, Any], **notes: str) -> list[str]:
    return [str(reason) for reason in form_a.why_not_kept(SECTIONS, form, notes)]


def line(key: str, *, form: Any = None, note: str = "", facts: Any = None) -> Line:
    return form_a.line_of(FIELDS[key], {key: form} if form else {}, {key: note} if note else {}, facts or {})


def test_the_standards_form_has_its_three_tables_in_order():
    assert [section.key for section in SECTIONS] == ["A.2", "A.4", "A.5"]
    assert len(FIELDS["diseases"].options) == 22 and len(FIELDS["medicines"].columns) == 4


def test_everything_in_words_and_religion_is_sealed():
    words = {key for key, field in FIELDS.items() if field.kind in (Kind.TEXT, Kind.ROWS)}
    assert {key for key, field in FIELDS.items() if field.is_sealed} == SEALED
    assert words <= SEALED


def test_what_is_a_circumstance_is_not_asked_twice():
    assert "dementia" not in {option.code for option in FIELDS["diseases"].asked}
    assert line("diseases", facts={"dementia_diagnosed": True}).boxes[20] == (
        True,
        FIELDS["diseases"].options[20].title,
    )
    assert line("falls_30_days", facts={"falls_30_days": 2}).text == "2"
    assert line("in_coma", facts={"in_coma": True}).boxes[1][0]


@pytest.mark.parametrize(
    ("answers", "named"),
    [
        ({"pain": "awful"}, "awful"),
        ({"wounds": ["none", "burn"]}, "says none and something else"),
        ({"diseases": ["dementia"]}, "dementia"),  # a circumstance, answered elsewhere
        ({"height_cm": 17}, "from 80 to 230"),
        ({"height_cm": "170"}, "from 80 to 230"),
    ],
)
def test_what_the_form_does_not_have_is_refused_by_name(answers: dict[str, Any], named: str):
    (fault,) = faults(answers)
    assert named in fault


def test_gaps_and_codes_of_a_list_that_is_not_loaded_are_no_fault():
    assert faults({"education": "primary", "wounds": [], "pain": ""}) == []
    held = form_a.with_lists(SECTIONS, lambda key: [Option("primary", Words("小学", "Primary"))])
    assert form_a.why_not_kept(held, {"education": "doctor"}, {})


def test_a_sealed_choice_is_checked_too():
    assert faults({}, religion="has") == []
    assert faults({}, religion="taoist")


def test_medicines_become_a_table():
    rows = line("medicines", note="氨氯地平，口服，5 mg，每日一次\n\n二甲双胍, 口服").rows
    assert rows == (("氨氯地平", "口服", "5 mg", "每日一次"), ("二甲双胍", "口服", "", ""))


def test_a_comma_too_many_loses_nothing():
    assert form_a.cells("甲，乙，丙，丁，戊", 4) == ("甲", "乙", "丙", "丁，戊")


def test_the_body_mass_index_needs_both():
    assert form_a.body_mass_index({"height_cm": 160, "weight_kg": 50}) == 19.5
    assert form_a.body_mass_index({"height_cm": 160}) is None


def test_a_faulty_form_is_named():
    pain = next(field for field in DATA["form_a"][2]["fields"] if field["key"] == "pain")
    with pytest.raises(ValueError, match="pain twice"):
        form_a.sections_from(DATA | {"form_a": [*DATA["form_a"], DATA["form_a"][2] | {"fields": [pain]}]})
    with pytest.raises(ValueError, match="no circumstance"):
        form_a.sections_from(DATA | {"circumstances": [], "form_a": [DATA["form_a"][1]]})


def test_a_scale_without_form_a_has_none():
    assert form_a.sections_from({"key": "x"}) == ()


def test_an_unanswered_line_says_so():
    empty = Section("A", Words("甲", "A"), (Field("x", Kind.TEXT, Words("乙", "B")),))
    assert not form_a.line_of(empty.fields[0], {}, {}, {}).is_answered


def test_a_typed_name_says_on_its_face_that_it_was_typed():
    picture = typed_signature(" 张 <小妹> ", dt.date(2026, 8, 12)).decode()
    assert "张 &lt;小妹&gt;" in picture and "键入姓名，2026-08-12" in picture
