"""Cells as clerks really write them. The cases stand in `cells.yaml`, where a policy officer can read them."""

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from yinling.spreadsheets.exporting import harmless
from yinling.spreadsheets.rules.cells import CLEANERS
from yinling.spreadsheets.rules.dates import clean_date
from yinling.spreadsheets.rules.fields import Finding, Kind, Level, LooseDate
from yinling.spreadsheets.rules.names import clean_name
from yinling.spreadsheets.rules.text import plain

CASES = yaml.safe_load(Path(__file__).with_name("cells.yaml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("case", CASES, ids=[f"{case['kind']}: {case['wrote']}" for case in CASES])
def test_a_cell_becomes_what_the_case_says(case: dict[str, Any]) -> None:
    found = CLEANERS[Kind(case["kind"])](case["wrote"])
    expected_level = next((level for level in ("refused", "doubt", "note") if level in case), None)
    if expected_level is None:
        assert comparable(found) == case["takes"]
        return
    assert isinstance(found, Finding)
    assert found.level is (Level.REFUSE if expected_level == "refused" else Level(expected_level))
    assert str(case[expected_level]) in str(found.reason)
    assert case.get("next", "") in str(found.next_step)
    assert comparable(found.value) == case.get("takes")


def comparable(value: Any) -> Any:
    if isinstance(value, tuple):
        return list(value)
    return value if value is None or isinstance(value, (bool, int, str)) else str(value)


@pytest.mark.parametrize("kind", Kind)
@given(wrote=st.one_of(st.text(max_size=40), st.floats(), st.integers(), st.booleans(), st.dates(), st.datetimes()))
def test_no_cell_makes_a_rule_crash(kind: Kind, wrote: Any) -> None:
    found = CLEANERS[kind](wrote)
    if isinstance(found, Finding):
        assert str(found.reason)
        assert str(found.next_step)


@pytest.mark.parametrize("kind", [Kind.TEXT, Kind.NAME, Kind.ID_NUMBER])
@given(wrote=st.text(max_size=40))
def test_a_clean_text_cleaned_again_stays_as_it_is(kind: Kind, wrote: str) -> None:
    found = CLEANERS[kind](wrote)
    if isinstance(found, str) and not found.startswith("'"):
        assert CLEANERS[kind](found) == found


@given(st.dates(dt.date(1905, 3, 1), dt.date(2099, 12, 31)))
def test_all_styles_of_a_day_mean_the_same_day(day: dt.date) -> None:
    serial = (day - dt.date(1899, 12, 30)).days
    styles = [
        *(f"{day.year}{a}{day.month}{b}{day.day}{c}" for a, b, c in ("--,", "//,", "..,", "年月日", "年月号")),
        *(f"{day:%Y-%m-%d}", f"{day:%Y/%m/%d}", f"{day:%Y%m%d}", f"{day:%Y年%m月%d日}", int(f"{day:%Y%m%d}")),
        *(day, dt.datetime(day.year, day.month, day.day), f"{day:%Y-%m-%d} 00:00:00"),
    ]
    if serial > 2100:  # smaller numbers are years
        styles += [serial, str(serial), float(serial)]
    expected = LooseDate(day.year, day.month, day.day)
    assert {clean_date(style.rstrip(",") if isinstance(style, str) else style) for style in styles} == {expected}
    assert expected.date == day


def test_a_lunar_date_is_never_given_as_a_civil_date() -> None:
    found = clean_date("农历1942年3月5日")
    assert found.value == LooseDate(1942, 3, 5, is_lunar=True)
    assert found.value.date is None


def test_reasons_about_names_and_numbers_do_not_give_them_away() -> None:
    name = clean_name("舒婷、刘刚")
    number = CLEANERS[Kind.ID_NUMBER]("990000194203051234、990000194203051235")
    phone = CLEANERS[Kind.PHONES]("1381234567")
    for found, secret in ((name, "舒婷"), (number, "990000"), (phone, "1381")):
        assert secret not in str(found.reason) + str(found.next_step)


@given(st.sampled_from("=+-@\t\r\n"), st.text(max_size=30))
def test_an_exported_text_cannot_run_and_comes_back_as_it_was(start: str, text: str) -> None:
    written = harmless(start + text)
    runs = written[:1] in "=+-@\t\r\n" and not set(written) <= set("+-0123456789 .,()")
    assert not runs
    if not start.isspace():
        assert plain(written) == plain(start + text)


@pytest.mark.parametrize("text", ["=cmd|' /C calc'!A0", "+1+cmd", "-2+3+cmd", "@SUM(A1)", "\t=1+1"])
def test_a_text_that_would_run_gets_an_apostrophe(text: str) -> None:
    assert harmless(text) == "'" + text


@pytest.mark.parametrize("text", ["-", "-5", "+86 13812345678", "张三", "3-5", "0745-2312349"])
def test_ordinary_text_stays_as_it_is(text: str) -> None:
    assert harmless(text) == text
