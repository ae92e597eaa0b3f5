"""Lists of departments as they arrive, with their truth beside them; and the next edition, which some have left.

Each list is for a register that holds the persons; `known` of them already hold what the list says, and their rows
change nothing. Most rows of the dead are refused.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import numpy as np
import polars as pl

from yinling.city.dirt import Column, Kind, Record
from yinling.city.rosters import ID, LEVELS, NAME, VILLAGE, Roster, made, random_of
from yinling.city.workbooks import Cell

_DISABILITY = ("", "视力", "听力", "言语", "肢体", "智力", "精神", "多重")
_HOSPITALS = ("县人民医院", "县中医医院", "县第二人民医院", "中心卫生院", "市第一人民医院")
# Damage after which nobody can tell for certain whom a row is about; where only the name is amiss, the number tells.
_UNTOLD = {"id_as_number", "id_in_scientific_notation", "id_checksum", "id_too_short", "id_impossible_date"}
_OF_THE_DEAD = {"detail": "4/4", "valid_from": date(2020, 1, 1)}  # what a list still says of somebody who has died
_LEAST_TO_LEAVE = 5  # of a township's list: where fewer stand, a file that lacks one may be thought to be cut off

Row = Mapping[str, Any]


@dataclass(frozen=True)
class _Members:
    """A list of those who belong to a category: its title, and the columns beside name, number and village."""

    title: str
    columns: tuple[Column, ...]
    values: Callable[[Row], dict[str, Cell]]


def _grades(row: Row) -> dict[str, Cell]:
    kind, grade = (int(part) for part in row["detail"].split("/"))
    return {"残疾类别": _DISABILITY[kind], "残疾等级": LEVELS[grade]}


MEMBERS = {
    "destitute": _Members(
        "特困人员供养名册", (Column("救助起始", Kind.DATE),), lambda row: {"救助起始": row["valid_from"]}
    ),
    "low_income": _Members(
        "最低生活保障对象花名册", (Column("低保起始日期", Kind.DATE),), lambda row: {"低保起始日期": row["valid_from"]}
    ),
    "disabled": _Members("持证残疾人名单", (Column("残疾类别"), Column("残疾等级")), _grades),
}
_DEATHS = (NAME, ID, Column("死亡日期", Kind.DATE), VILLAGE)
_STAYS = (NAME, ID, Column("医院名称"), Column("入院日期", Kind.DATE), Column("出院日期", Kind.DATE), VILLAGE)
_RESIDENCE = (
    NAME, ID, Column("户籍所在地", Kind.PLACE), Column("户籍登记日期", Kind.DATE), Column("现居住地", Kind.PLACE),
    Column("居住起始日期", Kind.DATE),
)  # fmt: skip


def members_list(
    kind: str,
    persons: pl.DataFrame,
    categories: pl.DataFrame,
    village_names: Mapping[str, str],
    *,
    seed: int,
    dirtiness: float,
    today: date,
    known: Collection[int] = (),
    without: Collection[int] = (),
) -> Roster:
    """The list of a category (a key of `MEMBERS`) as of a day, but for those `without` whom it is made; some of the
    dead stand on it still. `known` hold the category already."""
    shape, random, held = MEMBERS[kind], random_of(seed, kind), set(known)
    records = [
        Record(row["person_no"], {**_short(row, village_names), **shape.values(row)},
               "unchanged" if row["person_no"] in held else "updated")
        for row in listed(kind, persons, categories, today).iter_rows(named=True) if row["person_no"] not in without
    ]  # fmt: skip
    dead = persons.filter(pl.col("death_date").is_not_null() & pl.col("id_number").is_not_null()).sort("person_no")
    still_on_it = dead.filter(pl.Series(random.random(dead.height) < 0.03 * dirtiness))
    records += [
        Record(row["person_no"], {**_short(row, village_names), **shape.values(_OF_THE_DEAD)}, "refused", "is_dead")
        for row in still_on_it.iter_rows(named=True)
    ]
    return made(kind, shape.title, (NAME, ID, *shape.columns, VILLAGE), records, random, dirtiness, seed, today)


def listed(kind: str, persons: pl.DataFrame, categories: pl.DataFrame, today: date) -> pl.DataFrame:
    """The living who hold a category on a day and have a number, with its detail and first day."""
    holding = pl.col("valid_to").is_null() | (pl.col("valid_to") > today)
    held = categories.filter((pl.col("category") == kind) & holding)
    living = persons.filter(pl.col("death_date").is_null() & pl.col("id_number").is_not_null())
    return living.join(held, on="person_no").sort("person_no")


def leavers(members: pl.DataFrame) -> list[int]:
    """Every seventh member of each township's list, where enough stand on it."""
    township = pl.col("village_code").str.slice(0, 9)
    enough = members.filter(pl.len().over(township) >= _LEAST_TO_LEAVE).sort("person_no")
    return enough.filter(pl.int_range(pl.len()).over(township) % 7 == 3)["person_no"].to_list()


def next_edition(before: Roster, roster: Roster) -> Roster:
    """The later of two editions, told who has left: who stood on the one before for certain, lives, and is in no row of
    this one. Somebody whose name stands in a row that cannot be told may be there: then nobody knows."""
    stood = {row.key for row in before.truths if row.key is not None and row.cause not in _UNTOLD | {"is_dead"}}
    here = {row.key for row in roster.truths}
    untold = {row.values["姓名"] for row in roster.truths if row.cause in _UNTOLD}
    names = {row.key: row.values["姓名"] for row in before.truths if row.key is not None}
    left = sorted(key for key in stood - here if key is not None and names[key] not in untold)
    return replace(roster, left=tuple(left))


def death_list(
    persons: pl.DataFrame,
    village_names: Mapping[str, str],
    *,
    seed: int,
    dirtiness: float,
    today: date,
    known: Collection[int] = (),
) -> Roster:
    """Those of `persons` who have died, for a register that holds them as living, but for the `known`, whose death it
    has registered. A day in the future is refused."""
    random = random_of(seed, "deaths")
    records = []
    dead = pl.col("death_date").is_not_null() & pl.col("id_number").is_not_null()
    for row in persons.filter(dead).sort("person_no").iter_rows(named=True):
        values = {**_short(row, village_names), "死亡日期": row["death_date"]}
        outcome, cause = "unchanged" if row["person_no"] in known else "updated", ""
        if random.random() < dirtiness * 0.05:
            values["死亡日期"] = today + timedelta(days=int(random.integers(30, 400)))
            outcome, cause = "refused", "death_in_the_future"
        records.append(Record(row["person_no"], values, outcome, cause))
    return made("deaths", "死亡人员名单", _DEATHS, records, random, dirtiness, seed, today)


def newly_dead(persons: pl.DataFrame, categories: pl.DataFrame, today: date) -> pl.DataFrame:
    """Every thirtieth of the living who are on no members' list, as if they had died within the last four weeks."""
    members = categories.filter(pl.col("category").is_in(list(MEMBERS)))["person_no"].implode()
    living = pl.col("death_date").is_null() & pl.col("id_number").is_not_null() & ~pl.col("person_no").is_in(members)
    chosen = persons.filter(living).sort("person_no").filter(pl.int_range(pl.len()) % 30 == 7)
    days = pl.duration(days=pl.col("person_no") % 27 + 1)
    return chosen.with_columns(death_date=(pl.lit(today) - days).cast(pl.Date))


def hospital_list(
    persons: pl.DataFrame, village_names: Mapping[str, str], *, seed: int, dirtiness: float, today: date
) -> Roster:
    """One in eight of the living was in hospital within the last quarter; some are there still. A discharge before the
    admission is refused. One row in three names no village: the number says who it is."""
    random = random_of(seed, "hospital stays")
    living = persons.filter(pl.col("death_date").is_null() & pl.col("id_number").is_not_null()).sort("person_no")
    records = []
    for row in living.filter(pl.Series(random.random(living.height) < 0.125)).iter_rows(named=True):
        admitted = today - timedelta(days=int(random.integers(1, 90)))
        discharged = admitted + timedelta(days=int(random.integers(2, 20)))
        values = (
            _short(row, village_names)
            if random.random() < 0.67
            else {**_short(row, village_names), VILLAGE.header: None}
        )
        values |= {"医院名称": _HOSPITALS[int(random.integers(len(_HOSPITALS)))], "入院日期": admitted}
        values["出院日期"] = discharged if discharged <= today else None
        outcome, cause = "updated", ""
        if random.random() < dirtiness * 0.05:
            values["出院日期"] = admitted - timedelta(days=int(random.integers(1, 9)))
            outcome, cause = "refused", "discharged_before_admission"
        records.append(Record(row["person_no"], values, outcome, cause))
    return made("hospital_stays", "住院人员名单", _STAYS, records, random, dirtiness, seed, today)


def residence_list(
    persons: pl.DataFrame,
    place_names: Mapping[str, str],
    *,
    seed: int,
    dirtiness: float,
    today: date,
    known: Collection[int] = (),
) -> Roster:
    """Where the living are registered and live; one in nine has moved to another village of the township this month.

    `place_names` gives each village with township and county. `known` are registered where the list says.
    """
    random, held = random_of(seed, "residence"), set(known)
    living = persons.filter(pl.col("death_date").is_null() & pl.col("id_number").is_not_null()).sort("person_no")
    records = []
    for row in living.iter_rows(named=True):
        here, registered = row["village_code"], row["registered_village_code"]
        to = _neighbour(here, place_names, random) if random.random() < 1 / 9 else here
        values: dict[str, Cell] = {
            "姓名": row["name"], "身份证号码": row["id_number"], "户籍所在地": place_names[registered],
            "户籍登记日期": date(2008, 5, 1), "现居住地": place_names[to],
            "居住起始日期": today.replace(day=1) if to != here else None,
        }  # fmt: skip
        is_known = row["person_no"] in held and to == here
        records.append(Record(row["person_no"], values, "unchanged" if is_known else "updated"))
    return made("residence", "户籍和居住地变动名单", _RESIDENCE, records, random, dirtiness, seed, today)


def _neighbour(code: str, place_names: Mapping[str, str], random: np.random.Generator) -> str:
    """Another village of the township, or the same where there is no other."""
    others = [other for other in place_names if other[:9] == code[:9] and other != code]
    return others[int(random.integers(len(others)))] if others else code


def _short(row: Row, village_names: Mapping[str, str]) -> dict[str, Cell]:
    return {"姓名": row["name"], "身份证号码": row["id_number"], VILLAGE.header: village_names[row["village_code"]]}
