"""Builders of records for the tests of the linkage engine."""

from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import polars as pl
import yaml

from yinling.engines.linkage.matching import Record
from yinling.engines.linkage.records import SCHEMA

CASES: dict[str, Any] = yaml.safe_load((Path(__file__).parent / "cases.yaml").read_text(encoding="utf-8"))


def an_elder(record_id: int = 1, **changes: Any) -> Record:
    """The woman of cases.yaml, changed as told."""
    return Record(record_id=record_id, **{**_as_text(CASES["person"]), **_as_text(changes)})


def as_frame(*records: Record) -> pl.DataFrame:
    """Records as the columns that `link` takes, numbered from 1 in the order given."""
    numbered = [replace(record, record_id=number) for number, record in enumerate(records, start=1)]
    return pl.DataFrame([asdict(record) for record in numbered], schema=SCHEMA)


def a_valid_document(seventeen: str) -> str:
    """A resident ID with its check character (GB 11643-1999), reckoned here apart from the engine."""
    total = sum(int(digit) * pow(2, 17 - place, 11) for place, digit in enumerate(seventeen))
    return seventeen + "10X98765432"[total % 11]


def _as_text(values: dict[str, Any]) -> dict[str, Any]:
    """YAML reads an ID without letters as a number."""
    return {key: str(value) if key == "document" and value is not None else value for key, value in values.items()}
