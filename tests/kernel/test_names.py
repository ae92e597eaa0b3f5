"""Names: one spelling to keep, one key to compare by, the readings to find them by."""

from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from yinling.kernel import name_tables
from yinling.kernel.names import (
    MOST_READINGS,
    initials,
    mask_name,
    name_key,
    name_readings,
    normalise_name,
    normalise_pinyin,
)

CASES: dict[str, list[Any]] = yaml.safe_load(Path(__file__).with_name("names.yaml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("case", CASES["people"], ids=lambda case: case["name"])
def test_a_person_is_found_by_every_reading(case: dict[str, Any]) -> None:
    assert name_readings(case["name"]) == case["readings"]
    assert initials(case["name"]) == case["initials"]


@pytest.mark.parametrize("case", CASES["places"], ids=lambda case: case["name"])
def test_a_place_is_not_read_as_if_it_had_a_surname(case: dict[str, Any]) -> None:
    assert name_readings(case["name"], is_person=False) == case["readings"]
    assert initials(case["name"], is_person=False) == case["initials"]


@pytest.mark.parametrize("case", CASES["tidied"], ids=lambda case: repr(case["typed"]))
def test_a_name_is_kept_tidy(case: dict[str, Any]) -> None:
    assert normalise_name(case["typed"]) == case["kept"]


@pytest.mark.parametrize("pair", CASES["same_person_may_be_written"], ids="/".join)
def test_two_ways_of_writing_one_name_have_one_key(pair: list[str]) -> None:
    assert name_key(pair[0]) == name_key(pair[1])


@pytest.mark.parametrize("pair", CASES["different_people"], ids="/".join)
def test_different_characters_stay_different(pair: list[str]) -> None:
    assert name_key(pair[0]) != name_key(pair[1])


@pytest.mark.parametrize("case", CASES["typed_to_search"], ids=lambda case: case["typed"])
def test_what_is_typed_becomes_what_is_stored(case: dict[str, Any]) -> None:
    assert normalise_pinyin(case["typed"]) == case["searched"]


@pytest.mark.parametrize("case", CASES["masked"], ids=lambda case: case["name"] or "empty")
def test_a_masked_name_shows_the_surname_only(case: dict[str, Any]) -> None:
    assert mask_name(case["name"]) == case["shown"]


def test_a_city_may_pass_its_own_table_of_variants() -> None:
    assert name_key("王昇", variants={"昇": "升"}) == name_key("王升")


def test_no_variant_leads_to_another_variant() -> None:
    assert not set(name_tables.VARIANTS.values()) & set(name_tables.VARIANTS)


def test_an_empty_name_has_no_reading() -> None:
    assert name_readings("") == []
    assert initials("") == []


@given(st.text(max_size=40))
def test_any_text_is_kept_in_one_form(text: str) -> None:
    once = normalise_name(text)
    assert normalise_name(once) == once
    assert len(name_readings(text)) <= MOST_READINGS
    assert all(reading.strip() == reading and reading for reading in name_readings(text))
