"""The columnar door: many files at once with their history, for the generator and for moves from other systems.

Rows are taken as they stand: whoever calls has run `rules.check` over them, or has made them valid. Nothing is
matched, so this is for persons known to be new. Sealing, blind indexes and search lines are those of every other door.
One change row tells of the whole load.
"""

from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any
from uuid import UUID

import polars as pl
from django.db import transaction

from yinling.kernel.actors import Actor, require
from yinling.kernel.changes import record
from yinling.kernel.crypto import blind, seal
from yinling.kernel.database import bulk_insert, reserve_ids
from yinling.kernel.names import name_key
from yinling.kernel.uids import new_uid
from yinling.people import search
from yinling.people.cards import DOCUMENT, PHONE, document_text
from yinling.people.events import RosterApplied
from yinling.people.models import Category, Household, Kin, LifeEvent, OtherName, Person, Residence, Willingness
from yinling.people.models.person import where
from yinling.people.models.relations import kin_where
from yinling.people.permissions import People

NOBODY: dict[str, type[pl.DataType]] = {"number": pl.Int64}


def _none() -> pl.DataFrame:
    return pl.DataFrame(schema=NOBODY)


@dataclass(frozen=True)
class Load:
    """Frames that refer to each other by `number`, any whole number of the caller's. `uid`: 16 bytes.

    Instants are `Datetime("us", "UTC")`, days `Date`, codes and texts `String` ("" for none); nullable where said.
      persons: number, uid, name, sex, birth_date (null), birth_precision, birth_is_lunar, birth_is_uncertain,
        document_kind, document_number, phone, address, place_key, registered_place_key (null), ethnic_group,
        marital_state, education, living_arrangement, household (null), longitude (null), latitude (null),
        died_on (null), recorded_at.
      households: household, uid, place_key.
      residences: number, kind, place_key, valid_from, valid_to (null), recorded_at. One open one per person and kind.
      categories: number, category, grade, source, valid_from, valid_to (null), recorded_at.
      other_names: number, name, recorded_at.
      deaths: number, happened_on, source, recorded_at. wishes: number, is_willing, asked_on, asked_by, recorded_at.
      kin: number, uid, kin_number (null), name, relation, phone, lives_at, is_emergency, recorded_at.
    """

    persons: pl.DataFrame
    residences: pl.DataFrame
    households: pl.DataFrame = field(default_factory=_none)
    categories: pl.DataFrame = field(default_factory=_none)
    other_names: pl.DataFrame = field(default_factory=_none)
    deaths: pl.DataFrame = field(default_factory=_none)
    wishes: pl.DataFrame = field(default_factory=_none)
    kin: pl.DataFrame = field(default_factory=_none)


@transaction.atomic
def load_people(*, load: Load, by: Actor, source: str) -> pl.DataFrame:
    """Open the files and write their history. Returns `number` and `id` of each person, in the order given.

    Raises ValueError for a row that refers to a number that is not among the persons.
    """
    require(by, People.IMPORT)
    ids = load.persons.select("number").with_columns(
        id=pl.Series(reserve_ids(Person, load.persons.height), dtype=pl.Int64)
    )
    _save_persons(load.persons, ids["id"], _save_households(load.households), source)
    _save_facts(load, ids, by)
    _save_kin(load.kin, ids)
    _index(load, ids)
    count = load.persons.height
    record(RosterApplied(uid=new_uid(), rows=count, created=count, updated=0, doubts=0), by=by, reason=source)
    return ids


def _save_households(households: pl.DataFrame) -> pl.DataFrame:
    """Returns `household` and the id it was given."""
    if households.is_empty():
        return pl.DataFrame(schema={"household": pl.Int64, "household_id": pl.Int64})
    ids = reserve_ids(Household, households.height)
    uids = _uids(households["uid"])
    bulk_insert(Household, ("id", "uid", "place_key"), zip(ids, uids, households["place_key"].to_list(), strict=True))
    return households.select("household", household_id=pl.Series(ids, dtype=pl.Int64))


def _save_persons(persons: pl.DataFrame, ids: pl.Series, households: pl.DataFrame, source: str) -> None:
    placed = persons.join(households, on="household", how="left", maintain_order="left")
    given = {name: placed[name].to_list() for name in placed.columns if name not in ("number", "household", "uid")}
    at, died, count = given.pop("recorded_at"), given["died_on"], placed.height
    columns: dict[str, list[Any]] = {
        "id": ids.to_list(),
        **given,
        **_sealed(_uids(placed["uid"]), given),
        "name_key": [_name_key(name) for name in given["name"]],
        "life_status": [Person.DEAD if day else Person.ALIVE for day in died],
        "flags": [[]] * count,
        "source": [source] * count,
        "created_at": at,
        "updated_at": at,
    }
    for plain in ("document_number", "phone", "address"):
        del columns[plain]
    bulk_insert(Person, list(columns), zip(*columns.values(), strict=True))


def _sealed(uids: list[UUID], given: dict[str, list[Any]]) -> dict[str, list[Any]]:
    """The protected columns, sealed for each person's uid, as `cards.sealed_columns` does for one."""
    numbers = given["document_number"]
    documents = list(map(document_text, given["document_kind"], numbers))
    return {
        "uid": uids,
        "document_sealed": [seal(text, where("document", uid)) for text, uid in zip(numbers, uids, strict=True)],
        "document_index": [blind(DOCUMENT, text) for text in documents],
        "phone_sealed": [seal(text, where("phone", uid)) for text, uid in zip(given["phone"], uids, strict=True)],
        "phone_index": [blind(PHONE, text) for text in given["phone"]],
        "address_sealed": [seal(text, where("address", uid)) for text, uid in zip(given["address"], uids, strict=True)],
    }


def _save_facts(load: Load, ids: pl.DataFrame, by: Actor) -> None:
    """Residences, categories, names, deaths and answers about central care."""
    _insert(Residence, load.residences, ids)
    _insert(Category, load.categories, ids)
    names = load.other_names
    if not names.is_empty():
        keys = pl.Series([_name_key(name) for name in names["name"].to_list()], dtype=pl.String)
        _insert(OtherName, names.with_columns(name_key=keys), ids)
    deaths = load.deaths.with_columns(kind=pl.lit(LifeEvent.DEATH), reason=pl.lit(""))
    _insert(LifeEvent, deaths, ids, by_uid=UUID(str(by.uid)))
    _insert(Willingness, load.wishes, ids)


def _insert(model: Any, rows: pl.DataFrame, ids: pl.DataFrame, **same: object) -> None:
    """Insert rows whose columns are the model's, `number` becoming the person."""
    if rows.is_empty():
        return
    placed = _placed(rows, ids)
    columns = {"person_id": placed["id"].to_list()}
    columns |= {name: placed[name].to_list() for name in rows.columns if name != "number"}
    columns |= {name: [value] * placed.height for name, value in same.items()}
    bulk_insert(model, list(columns), zip(*columns.values(), strict=True))


def _placed(rows: pl.DataFrame, ids: pl.DataFrame, number: str = "number") -> pl.DataFrame:
    placed = rows.join(ids, left_on=number, right_on="number", how="left", maintain_order="left")
    if missing := placed.filter(pl.col("id").is_null() & pl.col(number).is_not_null()).height:
        raise ValueError(f"{missing} rows refer to persons that are not in the load.")
    return placed


def _save_kin(kin: pl.DataFrame, ids: pl.DataFrame) -> None:
    if kin.is_empty():
        return
    placed = _placed(kin, ids)
    own = _placed(kin.select("kin_number"), ids, "kin_number")["id"].to_list()
    uids, phones = _uids(kin["uid"]), kin["phone"].to_list()
    columns: dict[str, list[Any]] = {
        "uid": uids,
        "person_id": placed["id"].to_list(),
        "kin_person_id": own,
        "phone_sealed": [seal(phone, kin_where(uid)) for phone, uid in zip(phones, uids, strict=True)],
        "phone_index": [blind(PHONE, phone) for phone in phones],
        **{name: placed[name].to_list() for name in ("name", "relation", "lives_at", "is_emergency", "recorded_at")},
    }
    bulk_insert(Kin, list(columns), zip(*columns.values(), strict=True))


def _index(load: Load, ids: pl.DataFrame) -> None:
    """The search line of each person, with the categories and names that hold today."""
    held = load.categories
    if not held.is_empty():
        held = held.filter(pl.col("valid_to").is_null())
    categories, names = _grouped(held, "category"), _grouped(load.other_names, "name")
    persons = load.persons
    rows = zip(
        ids["id"].to_list(), persons["number"].to_list(), persons["name"].to_list(), persons["place_key"].to_list(),
        persons["sex"].to_list(), persons["birth_date"].dt.year().to_list(), persons["living_arrangement"].to_list(),
        persons["died_on"].to_list(), strict=True,
    )  # fmt: skip
    search.add(
        (key, search.tokens(search.Line(
            names=(name, *names.get(number, ())), place_key=place, sex=sex, birth_year=born,
            categories=categories.get(number, ()), living_arrangement=arrangement,
            life_status=Person.DEAD if died else Person.ALIVE,
        )))
        for key, number, name, place, sex, born, arrangement, died in rows
    )  # fmt: skip


def _grouped(rows: pl.DataFrame, column: str) -> dict[int, list[str]]:
    if rows.is_empty():
        return {}
    grouped = rows.group_by("number", maintain_order=True).agg(column)
    return dict(zip(grouped["number"].to_list(), grouped[column].to_list(), strict=True))


def _uids(column: pl.Series) -> list[UUID]:
    return [UUID(bytes=raw) for raw in column.to_list()]


@lru_cache(maxsize=1 << 17)  # a city of a million has about a hundred thousand different names
def _name_key(name: str) -> str:
    return name_key(name)
