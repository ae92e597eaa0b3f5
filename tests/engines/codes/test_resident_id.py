"""Resident IDs: what is refused, what is only a flag, and the same answers for a million at once."""

from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from yinling.engines.codes import resident_id
from yinling.engines.codes.resident_id import ResidentId, check_character, conflicts, mask, read_resident_id
from yinling.engines.codes.resident_id_columns import read_resident_ids
from yinling.kernel.reasons import Reason

CASES = yaml.safe_load(Path(__file__).with_name("resident_ids.yaml").read_text(encoding="utf-8"))
TODAY = date(2026, 11, 23)
ALL_CELLS = [case for group in ("accepted", "old_cards", "refused") for case in CASES[group]]

births = st.dates(date(1900, 1, 1), date(2026, 1, 1))
places = st.from_regex(r"\A[1-9][0-9]{5}\Z")


def written_out(cell: object) -> object:
    """The cell with `?` and `!` replaced by the right and by a wrong check character."""
    if not isinstance(cell, str) or not ("?" in cell or "!" in cell):
        return cell
    digits = "".join(str(int(character)) for character in cell if character.isdigit())[:17]
    right = check_character(digits)
    return cell.replace("?", right).replace("!", "1" if right != "1" else "2")


def a_number(place: str = "991222", born: date = date(1946, 2, 3), serial: int = 101) -> str:
    first_17 = f"{place}{born:%Y%m%d}{serial:03}"
    return first_17 + check_character(first_17)


def accepted(cell: object) -> ResidentId:
    found = read_resident_id(cell, on=TODAY)
    assert isinstance(found, ResidentId), str(found)
    return found


@pytest.mark.parametrize("case", CASES["accepted"], ids=lambda case: case["why"])
def test_a_number_right_in_form_is_accepted(case: dict[str, Any]) -> None:
    found = accepted(written_out(case["cell"]))
    assert (found.birth_date, found.sex) == (case["born"], case["sex"])
    assert len(found.number) == 18


@pytest.mark.parametrize("case", CASES["old_cards"], ids=lambda case: case["why"])
def test_a_number_of_fifteen_digits_becomes_eighteen(case: dict[str, Any]) -> None:
    found = accepted(case["cell"])
    assert found.number == written_out(case["number"])
    assert found.was_15_digits


@pytest.mark.parametrize("case", CASES["refused"], ids=lambda case: f"{case['why']}: {case['cell']}")
def test_a_number_wrong_in_form_is_refused_with_the_next_step(case: dict[str, Any]) -> None:
    found = read_resident_id(written_out(case["cell"]), on=TODAY)
    assert isinstance(found, Reason)
    assert case["says"] in str(found)
    assert str(found).count(".") >= 2  # what happened, and what to do


@pytest.mark.parametrize("case", CASES["flags"], ids=lambda case: case["why"])
def test_what_disagrees_with_the_number_is_a_flag_and_refuses_nothing(case: dict[str, Any]) -> None:
    flags = conflicts(accepted(a_number()), **case["facts"])
    assert [flag.kind for flag in flags] == case["flags"]


def test_an_unknown_place_is_a_flag_only() -> None:
    found = accepted(a_number(place="433099"))
    assert [flag.kind for flag in conflicts(found, place_codes={"433022", "431222"})] == ["place"]


def test_a_rounded_number_that_adds_up_by_chance_is_flagged() -> None:
    assert [flag.kind for flag in conflicts(accepted("991222194602033000"))] == ["rounded"]


@pytest.mark.parametrize("ending", ["x", "X", "Ｘ", "ｘ", "Х"])
def test_every_way_of_typing_the_final_x_is_read(ending: str) -> None:
    number = next(number for number in map(a_number_with_serial, range(1000)) if number.endswith("X"))
    assert accepted(number[:17] + ending).number == number


def a_number_with_serial(serial: int) -> str:
    return a_number(serial=serial)


def test_no_reason_and_no_mask_shows_a_whole_number() -> None:
    number = str(written_out("99122219460203101!"))
    assert number not in str(read_resident_id(number))
    assert mask(number) == "9912" + "*" * 10 + number[-4:]
    assert mask("12345") == "*****"


def test_the_right_check_character_is_not_told_to_whoever_typed_a_wrong_one() -> None:
    reason = read_resident_id(written_out("99122219460203101!"))
    assert isinstance(reason, Reason)
    assert set(reason.values) == {"masked"}


def test_a_number_says_nothing_about_the_division() -> None:
    assert not any("division" in name for name in (*dir(ResidentId), *dir(resident_id)))


@given(places, births, st.integers(0, 999))
def test_every_number_made_is_read_back(place: str, born: date, serial: int) -> None:
    found = accepted(a_number(place, born, serial))
    assert (found.birth_date, found.place_code) == (born, place)
    assert found.sex == (resident_id.MALE if serial % 2 else resident_id.FEMALE)


@given(births, st.integers(0, 999), st.integers(0, 16), st.integers(1, 9))
def test_one_wrong_digit_never_passes(born: date, serial: int, place: int, shift: int) -> None:
    number = a_number(born=born, serial=serial)
    wrong = number[:place] + str((int(number[place]) + shift) % 10) + number[place + 1 :]
    assert isinstance(read_resident_id(wrong, on=TODAY), Reason)


def test_a_column_gives_the_same_answers_as_one_by_one() -> None:
    cells = [written_out(case["cell"]) for case in ALL_CELLS] + [None, "   ", a_number(), 7, "9" * 18, "１" * 18]
    columns = read_resident_ids(cells, on=TODAY)
    for row, cell in enumerate(cells):
        if cell is None or not str(cell).strip():
            assert row not in columns.reasons
            assert columns.numbers[row] is None
            continue
        alone = read_resident_id(cell, on=TODAY)
        if isinstance(alone, Reason):
            assert (columns.reasons[row], columns.numbers[row], columns.sexes[row]) == (alone, None, 0)
            assert np.isnat(columns.birth_dates[row])
        else:
            assert columns.numbers[row] == alone.number
            assert columns.birth_dates[row] == np.datetime64(alone.birth_date)
            assert columns.sexes[row] == int(alone.sex)
            assert (row in columns.from_15_digits) == alone.was_15_digits


@given(st.lists(st.one_of(st.text(st.characters(codec="utf-8"), max_size=20), st.from_regex(r"\A[0-9]{17}[0-9X]\Z"))))
def test_any_column_gives_the_same_answers_as_one_by_one(cells: list[str]) -> None:
    columns = read_resident_ids(cells, on=TODAY)
    for row, cell in enumerate(cells):
        alone = read_resident_id(cell, on=TODAY)
        expected = alone.number if isinstance(alone, ResidentId) else None
        assert columns.numbers[row] == expected
