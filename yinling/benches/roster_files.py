"""A county's rosters for the import bench: the invented city of the linkage bench, written as clerks write it.

Names, households, twins and namesakes come from `population`; villages are those of the divisions that are loaded, so
that places are found by their words. Numbers begin with the unassigned 99.
"""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import polars as pl
import xlsxwriter

from yinling.benches.population import MALE, people_of_a_city

HEADERS = ("姓名", "性别", "身份证号码", "出生日期", "民族", "联系电话", "乡镇", "村（社区）", "家庭住址", "居住情况")
MISSING_DOCUMENTS = 0.04


def roster(count: int, villages: Sequence[tuple[str, str]], seed: int) -> pl.DataFrame:
    """About `count` rows, all text, every header of `HEADERS`. `villages`: (township, village) names of the city."""
    rng = np.random.default_rng(seed)
    people = people_of_a_city(int(count / 0.99), rng)
    _, place = np.unique(people.village, return_inverse=True)
    towns, names = (np.array(column) for column in zip(*villages, strict=True))
    at = place % len(villages)
    rows = rng.permutation(len(people))[:count]
    document = people.document.view("S18").ravel().astype(str)
    document[rng.random(len(people)) < MISSING_DOCUMENTS] = ""
    born = (people.born.astype("M8[D]")).astype(str)
    house = [f"{group}组{number}号" for group, number in zip(people.group, people.house, strict=True)]
    living = np.where(people.spouse >= 0, "与配偶同住", "独居")
    columns = {
        "姓名": np.ascontiguousarray(people.name).view("<U4").ravel(),
        "性别": np.where(people.sex == MALE, "男", "女"),
        "身份证号码": document,
        "出生日期": born,
        "民族": np.where(rng.random(len(people)) < 0.6, "汉族", "侗族"),
        "联系电话": np.where(people.phone > 0, people.phone.astype(str), ""),
        "乡镇": towns[at],
        "村（社区）": names[at],
        "家庭住址": np.array(house),
        "居住情况": living,
    }
    return pl.DataFrame({header: values[rows] for header, values in columns.items()}).sort("乡镇", "村（社区）")


def write_csv(rows: pl.DataFrame, path: Path) -> None:
    """UTF-8, comma, header in the first line."""
    rows.write_csv(path)


def write_xlsx(rows: pl.DataFrame, path: Path) -> None:
    """One sheet, every cell text, as an office's system exports it."""
    with xlsxwriter.Workbook(str(path), {"constant_memory": True, "strings_to_numbers": False}) as workbook:
        sheet = workbook.add_worksheet("花名册")
        sheet.write_row(0, 0, rows.columns)
        for at, row in enumerate(rows.iter_rows(), start=1):
            sheet.write_row(at, 0, row)
