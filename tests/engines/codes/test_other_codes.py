"""Organisations, divisions, telephones and other documents: read, refused, masked."""

from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from yinling.engines.codes import division, documents, phone, resident_id, uscc
from yinling.kernel.reasons import Reason

CASES = yaml.safe_load(Path(__file__).with_name("other_codes.yaml").read_text(encoding="utf-8"))
AREA_CODE = "0745"


def shown(case: Any) -> str:
    return " ".join(map(str, case.values())) if isinstance(case, dict) else repr(case)


def with_check_character(cell: str) -> str:
    """`?` is the right check character, `!` a wrong one."""
    if cell[-1] not in "?!":
        return cell
    right = resident_id.check_character(cell[:17])
    return cell[:17] + (right if cell[-1] == "?" else "1" if right != "1" else "2")


@pytest.mark.parametrize("case", CASES["uscc"]["accepted"], ids=shown)
def test_a_credit_code_is_read_with_its_kind(case: dict[str, str]) -> None:
    found = uscc.read_uscc(case["cell"])
    assert isinstance(found, uscc.Uscc)
    assert found.code == "91110000600037341L"
    assert str(found.kind) == case["kind"]


@pytest.mark.parametrize("case", CASES["uscc"]["refused"], ids=shown)
def test_a_wrong_credit_code_is_refused(case: dict[str, str]) -> None:
    found = uscc.read_uscc(case["cell"])
    assert isinstance(found, Reason)
    assert case["says"] in str(found)


@given(st.text(uscc.ALPHABET, min_size=9, max_size=9), st.sampled_from(sorted(uscc.KINDS)))
def test_every_credit_code_made_is_read_back(body: str, kind: str) -> None:
    first_17 = f"{kind}431202{body}"
    found = uscc.read_uscc(first_17 + uscc.check_character(first_17))
    assert isinstance(found, uscc.Uscc)
    assert (found.kind, found.place_code) == (uscc.KINDS[kind], "431202")


@pytest.mark.parametrize("case", CASES["divisions"]["read"], ids=shown)
def test_a_division_code_is_filled_to_twelve_digits(case: dict[str, Any]) -> None:
    assert division.read_division_code(case["cell"]) == case["code"]


@pytest.mark.parametrize("cell", CASES["divisions"]["refused"], ids=repr)
def test_a_wrong_division_code_is_refused(cell: str) -> None:
    assert isinstance(division.read_division_code(cell), Reason)


@pytest.mark.parametrize("case", CASES["divisions"]["ladder"], ids=shown)
def test_a_division_code_tells_its_level_and_its_parent(case: dict[str, Any]) -> None:
    assert division.level_of(case["code"]) == case["level"]
    assert division.parent_code(case["code"]) == case["parent"]


def test_the_divisions_above_a_village_come_nearest_first() -> None:
    assert [division.short_code(code) for code in division.ancestors("431222100203")] == [
        "431222100",
        "431222",
        "4312",
        "43",
    ]


def test_a_county_covers_its_villages_and_nobody_elses() -> None:
    assert division.key_range(431222000000, "county") == (431222000000, 431222999999)
    assert division.key_range(431222100203, "village") == (431222100203, 431222100203)
    assert division.is_within(431222100203, 431222000000, "county")
    assert not division.is_within(431223000000, 431222000000, "county")


@given(st.from_regex(r"\A[1-6][1-5]([0-9][1-9]){2}([0-9]{2}[1-9]){2}\Z"))
def test_the_range_of_every_division_above_holds_the_village(code: str) -> None:
    assert division.level_of(code) == "village"
    for above in (code, *division.ancestors(code)):
        assert division.is_within(int(code), int(above), division.level_of(above))


@pytest.mark.parametrize("case", CASES["phones"]["accepted"], ids=shown)
def test_a_phone_number_is_kept_in_one_form_and_shown_masked(case: dict[str, Any]) -> None:
    found = phone.read_phone(case["cell"], area_code=AREA_CODE)
    assert isinstance(found, phone.Phone), str(found)
    assert (found.number, found.kind, found.extension) == (case["number"], case["kind"], case.get("extension", ""))
    assert phone.mask(found.number) == case["shown"]


@pytest.mark.parametrize("case", CASES["phones"]["refused"], ids=shown)
def test_a_wrong_phone_number_is_refused(case: dict[str, str]) -> None:
    found = phone.read_phone(case["cell"], area_code=AREA_CODE)
    assert isinstance(found, Reason)
    assert case["says"] in str(found)


def test_a_local_number_without_area_code_is_refused_with_the_next_step() -> None:
    assert "Put the area code before it" in str(phone.read_phone("2312349"))


@pytest.mark.parametrize("case", CASES["phones"]["several"], ids=shown)
def test_several_numbers_in_a_cell_are_taken_apart(case: dict[str, Any]) -> None:
    assert phone.split_phones(case["cell"]) == case["numbers"]


@given(st.from_regex(r"\A1[3-9][0-9]{9}\Z"))
def test_a_masked_mobile_never_shows_its_middle(number: str) -> None:
    assert phone.mask(number) == number[:3] + "****" + number[7:]


@given(st.text(max_size=30))
def test_any_cell_is_read_or_refused_in_words(cell: str) -> None:
    for read in (phone.read_phone, uscc.read_uscc, division.read_division_code, resident_id.read_resident_id):
        found = read(cell)
        assert str(found)


@pytest.mark.parametrize("case", CASES["documents"]["accepted"], ids=shown)
def test_a_document_right_in_form_is_accepted(case: dict[str, str]) -> None:
    found = documents.read_document(case["kind"], with_check_character(case["cell"]))
    assert isinstance(found, documents.Document), str(found)
    assert str(found.region or "") == case.get("region", "")
    assert (found.birth_date is None) == (case["kind"] == "passport")


@pytest.mark.parametrize("case", CASES["documents"]["refused"], ids=shown)
def test_a_document_wrong_in_form_is_refused(case: dict[str, str]) -> None:
    found = documents.read_document(case["kind"], with_check_character(case["cell"]))
    assert isinstance(found, Reason)
    assert case["says"] in str(found)


def a_temporary_number(serial: int = 17) -> str:
    return documents.temporary_number(county_code="431202", year=2026, serial=serial)


@given(st.integers(1, 99_999), st.integers(1, 13), st.integers(1, 9))
def test_one_wrong_digit_of_a_temporary_number_never_passes(serial: int, place: int, shift: int) -> None:
    number = a_temporary_number(serial)
    assert isinstance(documents.read_document("temporary", number), documents.Document)
    wrong = number[:place] + str((int(number[place]) + shift) % 10) + number[place + 1 :]
    assert isinstance(documents.read_document("temporary", wrong), Reason)


@pytest.mark.parametrize("serial", [0, 100_000])
def test_a_temporary_number_does_not_overflow(serial: int) -> None:
    with pytest.raises(ValueError, match="must be 1 to 99999"):
        a_temporary_number(serial)
