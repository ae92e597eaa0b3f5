"""Headers under titles, rows that are no data, and columns that find their fields."""

from typing import Any

import pytest

from yinling.kernel.reasons import Reason
from yinling.spreadsheets.rules.fields import Field, Kind
from yinling.spreadsheets.rules.layout import Layout, RowKind, find_layout, header_signature, kind_of_row
from yinling.spreadsheets.rules.mapping import SURE, Mapping, guess_mapping

FIELDS = (
    Field("name", "姓名", "Name", Kind.NAME, ("老人姓名", "姓名(老人)"), is_required=True),
    Field("id_number", "身份证号码", "ID number", Kind.ID_NUMBER, ("身份证号", "公民身份号码", "证件号码")),
    Field("sex", "性别", "Sex", Kind.SEX),
    Field("birth", "出生日期", "Date of birth", Kind.DATE, ("出生年月", "出生年月日")),
    Field("phone", "联系电话", "Telephone", Kind.PHONES, ("电话", "手机号码", "联系方式")),
    Field("village", "村", "Village", Kind.TEXT, ("村居", "所在村", "村（社区）")),
    Field("guardian", "监护人", "Guardian", Kind.NAME, ("监护人姓名",)),
)
ZHANG = [1, "张三", "990000194203051234", "男", "1942-03-05", "13812345678", "团结村"]
HEADER = ["序号", "姓 名", "身份证号码（必填）", "性别", "出生年月", "*联系电话", "村/居"]


def numbered(*rows: list[Any]) -> list[tuple[int, list[Any]]]:
    return list(enumerate(rows, start=1))


def layout_of(*rows: list[Any]) -> Layout:
    found = find_layout(numbered(*rows), FIELDS)
    assert isinstance(found, Layout)
    return found


def fields_of(mapping: Mapping) -> list[str | None]:
    return [column.field for column in mapping.columns]


def test_the_header_is_found_under_titles_and_blank_rows() -> None:
    found = layout_of(["低庄镇高龄老人名册"], [], ["填报单位：低庄镇", None, "2025年3月"], HEADER, ZHANG)
    assert (found.header_row, found.first_data_row, found.title_rows) == (4, 5, (1, 3))
    assert found.headers == tuple(HEADER)


def test_a_header_of_two_rows_becomes_one() -> None:
    upper = ["序号", "姓名", "家庭住址", None, "监护人", None, "性别"]
    lower = [None, None, "乡镇", "村", "姓名", "电话", None]
    found = layout_of(["名册"], upper, lower, [1, "张三", "低庄镇", "团结村", "李四", "13812345678", "男"])
    assert found.headers == ("序号", "姓名", "家庭住址乡镇", "村", "监护人姓名", "电话", "性别")
    assert (found.header_row, found.first_data_row) == (2, 4)


def test_a_sheet_without_any_header_is_refused_with_what_to_do() -> None:
    found = find_layout(numbered([1, 2], [3, 4], [5, 6]), FIELDS)
    assert isinstance(found, Reason)
    assert "Put the names of the columns" in str(found)


def test_a_header_in_words_nobody_knows_is_still_offered_for_pairing() -> None:
    found = layout_of(["甲", "乙", "丙"], ["张三", "x", 1])
    assert found.headers == ("甲", "乙", "丙")


def test_our_own_annotated_copy_is_read_like_the_file_it_came_from() -> None:
    copy = layout_of([*HEADER, "结果", "原因", "怎么办"], [*ZHANG, "新建", None, None])
    original = layout_of(HEADER, ZHANG)
    assert copy.is_annotated
    assert copy.signature == original.signature


def test_blanks_stars_and_remarks_do_not_change_the_signature_but_other_columns_do() -> None:
    assert header_signature(["姓 名", "* 性别（必填）", ""]) == header_signature(["姓名", "性别"])
    assert header_signature(["姓名", "性别"]) != header_signature(["性别", "姓名"])


@pytest.mark.parametrize(
    ("cells", "kind"),
    [
        (ZHANG, RowKind.DATA),
        ([None, None, None], RowKind.BLANK),
        (["", " ", "　"], RowKind.BLANK),
        (["合计", None, None, "23人"], RowKind.TOTAL),
        (["合  计", 23], RowKind.TOTAL),
        ([18, "小计", None, 5], RowKind.TOTAL),
        (["总计：共23人"], RowKind.TOTAL),
        (["本页合计", 20], RowKind.TOTAL),
        (HEADER, RowKind.HEADER),
        (["填表人：王五", None, "审核人：赵六"], RowKind.NOTE),
        (["备注：以上人员均已核实"], RowKind.NOTE),
        (["第二组"], RowKind.NOTE),
        ([None, "张三"], RowKind.DATA),
        ([19, "全小计", "990000194203051234", "男"], RowKind.DATA),
        ([20, "共青", "990000194203051234", "女"], RowKind.DATA),
    ],
)
def test_rows_below_the_header_are_told_apart(cells: list[Any], kind: RowKind) -> None:
    assert kind_of_row(cells, layout_of(HEADER, ZHANG), name_column=1) is kind


def test_columns_find_their_fields_by_chinese_headers() -> None:
    mapping = guess_mapping(HEADER, [ZHANG], FIELDS)
    assert fields_of(mapping) == [None, "name", "id_number", "sex", "birth", "phone", "village"]
    assert all(column.confidence >= SURE for column in mapping.columns[1:])
    assert all(str(column.reason) for column in mapping.columns)
    assert mapping.missing(FIELDS) == []


@pytest.mark.parametrize("header", ["配偶身份证号码", "户主姓名", "村干部电话", "紧急联系人电话"])
def test_a_column_about_somebody_else_is_not_taken_for_the_person(header: str) -> None:
    assert fields_of(guess_mapping([header], [], FIELDS)) == [None]


def test_a_guardians_name_goes_to_the_guardian() -> None:
    assert fields_of(guess_mapping(["监护人姓名", "老人姓名"], [], FIELDS)) == ["guardian", "name"]


@pytest.mark.parametrize(
    ("header", "field"),
    [("身份证", "id_number"), ("身份证号码或其他", "id_number"), ("联系电活", "phone"), ("老人姓名及性别", "name")],
)
def test_a_header_written_almost_right_is_paired_but_not_surely(header: str, field: str) -> None:
    column = guess_mapping([header], [], FIELDS).columns[0]
    assert column.field == field
    assert column.confidence < 1


def test_a_column_without_header_is_known_by_what_is_in_it() -> None:
    rows = [[f"99000019420305{n:04}", "男", f"139{n:08}"] for n in range(10)]
    mapping = guess_mapping(["", "", ""], rows, FIELDS)
    assert fields_of(mapping) == ["id_number", "sex", "phone"]
    assert all(column.confidence < SURE for column in mapping.columns)


def test_cells_that_contradict_their_header_lower_the_confidence() -> None:
    column = guess_mapping(["身份证号码"], [["团结村"]] * 10, FIELDS).columns[0]
    assert column.confidence < SURE
    assert "only 0% of the cells look like it" in str(column.reason)


def test_each_field_is_fed_by_one_column_only() -> None:
    mapping = guess_mapping(["姓名", "姓名", "老人姓名"], [], FIELDS)
    assert fields_of(mapping).count("name") == 1


def test_what_a_person_confirmed_is_remembered_for_the_same_header() -> None:
    chosen = guess_mapping(HEADER, [ZHANG], FIELDS).choose(5, None).choose(0, "phone")
    again = guess_mapping(HEADER, [ZHANG], FIELDS, remembered=chosen.remembered())
    assert fields_of(again) == fields_of(chosen) == ["phone", "name", "id_number", "sex", "birth", None, "village"]
    assert again.signature == chosen.signature


def test_choosing_a_field_takes_it_from_the_column_that_had_it() -> None:
    mapping = guess_mapping(["姓名", "老人"], [], FIELDS).choose(1, "name")
    assert fields_of(mapping) == [None, "name"]


def test_a_required_field_without_a_column_is_named() -> None:
    assert [field.key for field in guess_mapping(["性别"], [], FIELDS).missing(FIELDS)] == ["name"]
