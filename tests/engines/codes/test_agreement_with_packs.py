"""Codes in code and codes in the packs are the same ones."""

import csv
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from yinling.engines.codes import division, resident_id
from yinling.engines.codes.documents import DocumentKind
from yinling.engines.codes.phone import PhoneKind

PACKS = Path(__file__).parents[3] / "packs"


@lru_cache(maxsize=1)
def lists() -> list[dict[str, Any]]:
    text = (PACKS / "national" / "codelists.yaml").read_text("utf-8")
    return list(yaml.safe_load(text)["lists"])


def code_list(key: str) -> list[str]:
    (found,) = (a_list for a_list in lists() if a_list["key"] == key)
    return [entry["code"] for entry in found["entries"]]


def test_document_and_phone_kinds_are_the_lists_of_the_pack() -> None:
    assert code_list("document_kind") == list(DocumentKind)
    assert code_list("phone_kind") == list(PhoneKind)


def test_the_sex_in_a_resident_id_is_a_code_of_the_pack() -> None:
    assert {resident_id.MALE, resident_id.FEMALE} < set(code_list("sex"))


def test_there_are_56_ethnic_groups_and_two_more_codes() -> None:
    assert code_list("ethnic_group") == [f"{number:02}" for number in range(1, 57)] + ["97", "98"]


def test_every_division_of_the_city_nests_in_its_parent() -> None:
    with (PACKS / "huaihua" / "divisions.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    counts = {level: sum(row["level"] == level for row in rows) for level in division.LADDER}
    assert counts == {"province": 0, "city": 1, "county": 13, "township": 207, "village": 2777}
    for row in rows:
        assert division.level_of(row["code12"]) == row["level"]
        assert division.parent_code(row["code12"]) == row["parent12"]
