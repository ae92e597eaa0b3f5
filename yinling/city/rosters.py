"""Rosters as clerks have them, with their truth beside them.

Each function makes one `Roster`: the sheets of a file and, for every row, what must become of it when the file is
imported into a register that holds exactly `known` of the people. `write_roster` writes the workbook and, beside it,
`<name>.truth.json`:

    {"kind": "elders", "file": "...", "dirtiness": 0.3, "seed": 7, "counts": {"created": 310, ...},
     "left": [43..., ...],
     "rows": [{"sheet": 0, "row": 4, "outcome": "created", "cause": "", "key": 43..., "dirt": ["ditto"],
               "values": {header: clean value}}, ...]}

`left`: persons who stood on the edition before and are on this one no longer (`department_lists`). Rows count from 1,
as the spreadsheet program shows them; sheets from 0. A .csv holds the first sheet only, and so does its truth.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from yinling.city.dirt import Column, Kind, Record, RowTruth, lay_out, soil
from yinling.city.workbooks import Cell, Sheet, write_workbook

_ETHNIC = {"01": "汉族", "06": "苗族", "12": "侗族", "13": "瑶族", "15": "土家族"}
_LIVING = {"alone": "独居", "spouse": "与配偶同住", "children": "与子女同住", "relatives": "与亲属同住"}
_POSTS = {
    "manager": "院长",
    "carer": "护理员",
    "nurse": "护士",
    "cook": "厨师",
    "coordinator": "协管员",
    "assessor": "评估员",
}
_MODELS = {"public": "公办公营", "public_built": "公建民营", "private_non_profit": "民办非营利", "private": "民办营利"}
LEVELS = {1: "一级", 2: "二级", 3: "三级", 4: "四级", 5: "五级"}

NAME, ID, PHONE, VILLAGE = (
    Column("姓名", Kind.NAME),
    Column("身份证号码", Kind.ID),
    Column("联系电话", Kind.PHONE),
    Column("村（社区）", Kind.PLACE),
)
_ELDER_COLUMNS = (
    NAME,
    Column("性别"),
    ID,
    Column("出生日期", Kind.DATE),
    Column("民族"),
    PHONE,
    VILLAGE,
    Column("家庭住址"),
    Column("居住情况"),
)
_INSTITUTION_COLUMNS = (
    Column("机构名称", Kind.NAME),
    Column("统一社会信用代码", Kind.USCC),
    Column("运营方式"),
    Column("所在村（社区）", Kind.PLACE),
    Column("开办日期", Kind.DATE),
    Column("床位数"),
    Column("护理型床位数"),
    Column("机构电话"),
)
_STAFF_COLUMNS = (
    NAME,
    Column("性别"),
    ID,
    PHONE,
    Column("所在机构", Kind.PLACE),
    Column("岗位"),
    Column("护理员等级"),
    Column("入职日期", Kind.DATE),
    Column("健康证有效期至", Kind.DATE),
)


@dataclass(frozen=True)
class Roster:
    """The sheets of a file, the truth of each row, and how it was made. `left`: who stood on the edition before."""

    kind: str
    sheets: list[Sheet]
    truths: list[RowTruth]
    dirtiness: float
    seed: int
    left: tuple[int, ...] = ()

    def counts(self) -> dict[str, int]:
        """How many rows have each outcome."""
        return dict(sorted(Counter(truth.outcome for truth in self.truths).items()))


def elders_roster(
    persons: pl.DataFrame,
    village_names: dict[str, str],
    *,
    title: str,
    seed: int,
    dirtiness: float,
    today: date,
    known: Collection[int] = (),
    by_village: bool = False,
) -> Roster:
    """A township's elders (a part of `People.persons`). `village_names` maps 12-digit codes to names.

    `known` are the person numbers whom the register already holds with these very values: they come out unchanged,
    one in ten with a new telephone (updated), and the dead among them refused, as registered dead. The other dead are
    left out, and so are those without any number: nothing tells for certain who they were.
    """
    known = set(known)
    random = random_of(seed, "elders")
    records = []
    for row in persons.sort("person_no").iter_rows(named=True):
        is_known, is_dead = row["person_no"] in known, row["death_date"] is not None
        if is_dead and not (is_known and row["id_number"] and random.random() < 0.2):
            continue
        values = _elder_values(row, village_names, is_old_number=not is_known)
        outcome, cause = ("unchanged", "") if is_known else ("created", "")
        if is_dead:
            outcome, cause = "refused", "is_dead"
        elif is_known and random.random() < 0.1:
            outcome, values["联系电话"] = "updated", f"154{int(random.integers(10**8)):08d}"
        records.append(Record(row["person_no"], values, outcome, cause))
    sheet_column = "村（社区）" if by_village else None
    return made("elders", title, _ELDER_COLUMNS, records, random, dirtiness, seed, today, sheet_column)


def institutions_roster(
    sites: pl.DataFrame,
    organisations: pl.DataFrame,
    beds: pl.DataFrame,
    village_names: dict[str, str],
    *,
    seed: int,
    dirtiness: float,
    today: date,
) -> Roster:
    """The homes among `sites` (those with a legal person), for a register that holds none of them."""
    uscc = dict(organisations.select("org_no", "uscc").iter_rows())
    every = dict(beds.group_by("site_no").len().iter_rows())
    nursing = dict(beds.filter(pl.col("kind") == "nursing").group_by("site_no").len().iter_rows())
    records = []
    for row in sites.filter(pl.col("org_no").is_not_null()).sort("site_no").iter_rows(named=True):
        values: dict[str, Cell] = {
            "机构名称": row["name"],
            "统一社会信用代码": uscc[row["org_no"]],
            "运营方式": _MODELS[row["operator_model"]],
            "所在村（社区）": village_names[row["village_code"]],
            "开办日期": row["opened_on"],
            "床位数": every.get(row["site_no"], 0),
            "护理型床位数": nursing.get(row["site_no"], 0),
            "机构电话": row["phone"],
        }
        records.append(Record(row["site_no"], values))
    random = random_of(seed, "institutions")
    return made("institutions", "养老机构基本情况表", _INSTITUTION_COLUMNS, records, random, dirtiness, seed, today)


def staff_roster(staff: pl.DataFrame, sites: pl.DataFrame, *, seed: int, dirtiness: float, today: date) -> Roster:
    """The staff of homes, for a register that knows the homes and none of the staff."""
    names = dict(sites.select("site_no", "name").iter_rows())
    records = []
    for row in staff.filter(pl.col("site_no").is_not_null()).sort("staff_no").iter_rows(named=True):
        values: dict[str, Cell] = {
            "姓名": row["name"],
            "性别": _sex(row),
            "身份证号码": row["id_number"],
            "联系电话": row["phone"],
            "所在机构": names[row["site_no"]],
            "岗位": _POSTS[row["role"]],
            "护理员等级": LEVELS.get(row["certificate_level"]),
            "入职日期": row["hired_on"],
            "健康证有效期至": row["health_certificate_expires_on"],
        }
        records.append(Record(row["staff_no"], values))
    random = random_of(seed, "staff")
    return made("staff", "养老机构从业人员花名册", _STAFF_COLUMNS, records, random, dirtiness, seed, today)


def write_roster(roster: Roster, path: Path) -> Path:
    """Write the workbook (format by the suffix) and its truth beside it; returns the path of the truth."""
    write_workbook(roster.sheets, path)
    truths = [truth for truth in roster.truths if path.suffix != ".csv" or truth.sheet == 0]
    told: dict[str, Any] = {
        "kind": roster.kind,
        "file": path.name,
        "dirtiness": roster.dirtiness,
        "seed": roster.seed,
        "counts": dict(sorted(Counter(truth.outcome for truth in truths).items())),
        "left": list(roster.left),
        "rows": [asdict(truth) for truth in truths],
    }
    beside = path.with_name(path.stem + ".truth.json")
    beside.write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return beside


def made(
    kind: str,
    title: str,
    columns: tuple[Column, ...],
    records: list[Record],
    random: np.random.Generator,
    dirtiness: float,
    seed: int,
    today: date,
    sheet_column: str | None = None,
) -> Roster:
    """Clean records, dirtied and laid out as clerks do. Raises ValueError for a dirtiness that is no share."""
    if not 0 <= dirtiness <= 1:
        raise ValueError(f"Dirtiness is {dirtiness}; it must lie between 0 and 1.")
    dirtied = soil(records, columns, random, dirtiness)
    sheets, truths = lay_out(
        title, columns, dirtied, random, dirtiness=dirtiness, sheet_column=sheet_column, today=today
    )
    return Roster(kind, sheets, truths, dirtiness, seed)


def random_of(seed: int, name: str) -> np.random.Generator:
    """The chance of one kind of roster: the same for the same seed, whatever else is made."""
    return np.random.Generator(np.random.PCG64([seed, *name.encode()]))


def _elder_values(row: dict[str, Any], village_names: dict[str, str], *, is_old_number: bool) -> dict[str, Cell]:
    """A clean row of the elders' roster. Whoever is new and kept the 15-digit number is written with it."""
    number = row["id_number"]
    if is_old_number and row["old_id_number"] and row["birth_date"].year < 1950:
        number = row["old_id_number"]
    return {
        "姓名": row["name"],
        "性别": _sex(row),
        "身份证号码": number,
        "出生日期": row["birth_date"],
        "民族": _ETHNIC[row["ethnic_group"]],
        "联系电话": row["phone"],
        "村（社区）": village_names[row["village_code"]],
        "家庭住址": row["address"],
        "居住情况": _LIVING[row["living"]],
    }


def _sex(row: dict[str, Any]) -> str:
    return "男" if row["sex"] == 1 else "女"
