"""How a city's rosters write people down: the error model of the linkage bench.

One million rows about fewer people, as a base register and lists of departments, canteens and villages hold them.
Rates are the author's estimate of rural rosters, fixed before the matcher was written and not tuned to it.
Errors come together: a careless row has several. Imports nothing of the matcher; even its lunar calendar is its own.

Every row has a `care` factor (careful 0.3, ordinary 1.3, sloppy 3.5) that multiplies the rates named in RATES.
"""

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from yinling.benches import lunar_table
from yinling.benches import population_names as names
from yinling.benches.population import Ints, People, mobile_numbers, people_of_a_city, take, villages

ROWS_PER_PERSON = (0.86, 0.11, 0.025, 0.005)  # 1, 2, 3 or 4 rows
CARE = ((0.3, 1.3, 3.5), (0.62, 0.28, 0.10))
RATES = {
    # resident ID number (8 % missing in all; some people never had one)
    "document missing": 0.084,
    "document mistyped": 0.012,
    "document of 15 digits": 0.004,
    "document of the spouse": 0.0006,
    "document of the row above": 0.0004,
    # name
    "name homophone": 0.012,
    "name dialect": 0.002,
    "name variant": 0.010,
    "name shape": 0.003,
    "name character lost": 0.002,
    "name character wrong": 0.002,
    "name unreadable": 0.0015,
    "name swapped": 0.0005,
    "name of childhood": 0.003,
    "name with spaces": 0.02,
    "name with a note": 0.004,
    # birth date
    "birth missing": 0.02,
    "birth without day and month": 0.015,
    "birth swapped": 0.005,
    "birth mistyped": 0.008,
    "birth a year off": 0.005,
    # the rest
    "sex missing": 0.01,
    "sex wrong": 0.0025,
    "phone missing": 0.2,
    "phone old": 0.2,
    "phone mistyped": 0.008,
    "moved": 0.025,
    "village missing": 0.02,
    "address missing": 0.35,
    "house wrong": 0.015,
    "household missing": 0.55,
    "household wrong": 0.005,
}
MOVED_OFFICIALLY = 0.04  # people whose registered and actual homes differ: each row shows one of the two
BIRTH_FROM_DOCUMENT = 0.75  # a row with an ID mostly takes the birth date from it; all others from what is told
TOLD_IN_LUNAR = 0.6  # ... by a lunar speaker, of which half are marked as such


@dataclass(frozen=True)
class File:
    """`records` as the matcher takes them (without pinyin), and `person`: the truth, row by row."""

    records: pl.DataFrame
    person: Ints


@dataclass
class _Rows:
    """Work in progress: the people behind the rows, how carelessly each was written, and chance."""

    people: People
    care: NDArray[np.float64]
    rng: np.random.Generator

    def __len__(self) -> int:
        return len(self.care)

    def hit(self, what: str) -> Ints:
        """Rows that error `what` strikes."""
        return np.flatnonzero(self.rng.random(len(self)) < RATES[what] * self.care)

    def chance(self, share: float) -> NDArray[np.bool_]:
        return self.rng.random(len(self)) < share


def a_file(rows: int, seed: int) -> File:
    """Exactly `rows` rows in random order."""
    rng = np.random.default_rng(seed)
    shares = np.array(ROWS_PER_PERSON)
    everyone = people_of_a_city(int(rows / (shares * [1, 2, 3, 4]).sum() * 1.03), rng)
    times = rng.choice([1, 2, 3, 4], len(everyone), p=shares)
    person = np.repeat(np.arange(len(everyone)), times)[:rows]
    person = person[rng.permutation(len(person))]
    work = _Rows(take(everyone, person), rng.choice(CARE[0], len(person), p=CARE[1]), rng)
    second_home = _second_homes(everyone, rng)[person]
    return File(_write(work, everyone, second_home), person)


def _second_homes(everyone: People, rng: np.random.Generator) -> Ints:
    """The other village of those registered in one place and living in another, else 0."""
    moved = rng.random(len(everyone)) < MOVED_OFFICIALLY
    return np.where(moved, _another_village(everyone.village, rng), 0)


def _another_village(village: Ints, rng: np.random.Generator) -> Ints:
    """Half of the moves stay in the township, three in ten in the county."""
    anywhere = rng.choice(villages(), len(village))
    in_county = village // 1_000_000 * 1_000_000 + anywhere % 1_000_000
    in_township = village // 1000 * 1000 + anywhere % 1000
    kind = rng.choice(3, len(village), p=[0.5, 0.3, 0.2])
    return np.choose(kind, [in_township, in_county, anywhere])


def _write(work: _Rows, everyone: People, second_home: Ints) -> pl.DataFrame:
    has_document, document = _documents(work, everyone)
    year, month, day, lunar = _births(work, has_document)
    village, township, address, household = _homes(work, second_home)
    sex = work.people.sex.copy()
    sex[work.hit("sex wrong")] ^= 1
    sexes = np.array(["2", "1"])[sex].astype(object)
    sexes[work.hit("sex missing")] = None
    return pl.DataFrame(
        {
            "record_id": np.arange(1, len(work) + 1),
            "name": _names(work),
            "sex": pl.Series(sexes.tolist(), dtype=pl.String),
            "birth_year": year,
            "birth_month": month,
            "birth_day": day,
            "birth_is_doubtful": lunar,
            "document": document,
            "phone": _phones(work),
            "village_key": village,
            "township_key": township,
            "address": address,
            "household_key": household,
        }
    ).with_columns(pl.col("birth_year", "birth_month", "birth_day", "village_key").replace(0, None))


# Documents


def _documents(work: _Rows, everyone: People) -> tuple[NDArray[np.bool_], pl.Series]:
    rng, digits = work.rng, work.people.document.copy()
    spouses = work.hit("document of the spouse")
    spouses = spouses[work.people.spouse[spouses] >= 0]
    digits[spouses] = everyone.document[work.people.spouse[spouses]]
    above = work.hit("document of the row above")
    digits[above] = digits[above - 1]
    present = digits[:, 0] > 0
    present[work.hit("document missing")] = False
    text = digits.view("S18").ravel().astype("U18").astype(object)
    for row in work.hit("document mistyped"):
        text[row] = _mistyped(str(text[row]), rng)
    for row in work.hit("document of 15 digits"):
        text[row] = text[row][:6] + text[row][8:17]
    small = work.chance(0.01)
    text[small] = [str(t).lower() for t in text[small]]
    text[~present] = None
    return present, pl.Series(text.tolist(), dtype=pl.String)


def _mistyped(text: str, rng: np.random.Generator) -> str:
    if not text:
        return text
    at = int(rng.integers(0, len(text) - 1))
    match rng.choice(6, p=[0.6, 0.15, 0.08, 0.05, 0.07, 0.05]):
        case 0:
            other = str((int(text[at]) + rng.integers(1, 10)) % 10)
            return text[:at] + other + text[at + 1 :]
        case 1:
            return text[:at] + text[at + 1] + text[at] + text[at + 2 :]
        case 2:
            return text[:at] + text[at + 1 :]
        case 3:
            return text[:at] + text[at] + text[at:]
        case 4:
            return text[:15] + "000"  # what a spreadsheet keeps of an 18-digit number
        case _:
            wrong = str((int(text[16]) + 1) % 10)
            return text[:at] + str((int(text[at]) + 5) % 10) + text[at + 1 : 16] + wrong + text[17]


# Names


def _names(work: _Rows) -> pl.Series:
    name = work.people.name.copy()
    for what, groups in (
        ("name homophone", names.HOMOPHONES),
        ("name dialect", names.DIALECT),
        ("name shape", names.SHAPES),
        ("name variant", names.VARIANTS),
    ):
        _confuse(name, work.hit(what), _alternatives(groups), work.rng)
    _spoil(name, work)
    text = name.view("<U4").ravel().astype(object)
    for row in work.hit("name with spaces"):
        text[row] = work.rng.choice([" ", "  ", "\u3000"]).join(text[row])
    for row in work.hit("name with a note"):
        text[row] += work.rng.choice(["(女)", "（已搬）", "（五保）", "(低保)", "同志"])
    return pl.Series(text.tolist(), dtype=pl.String)


def _alternatives(groups: list[str]) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    for group in groups:
        for char in group:
            found.setdefault(ord(char), []).extend(ord(c) for c in group if c != char)
    return found


def _confuse(name: NDArray[np.uint32], rows: Ints, by: dict[int, list[int]], rng: np.random.Generator) -> None:
    """One character of each row, of those that have a counterpart (given name first: surnames are known better)."""
    for row in rows:
        places = [i for i in (1, 2) if int(name[row, i]) in by]
        if int(name[row, 0]) in by and (not places or rng.random() < 0.12):
            places = [0]
        if places:
            at = places[rng.integers(len(places))]
            others = by[int(name[row, at])]
            name[row, at] = others[rng.integers(len(others))]


def _spoil(name: NDArray[np.uint32], work: _Rows) -> None:
    rng = work.rng
    chars = np.concatenate([names.MEN[1].chars, names.WOMEN[1].chars])
    for row in work.hit("name character lost"):
        if name[row, 2]:
            at = rng.integers(1, 3)
            name[row, at:3] = name[row, at + 1 : 4]
    wrong = work.hit("name character wrong")
    name[wrong, np.where(name[wrong, 2] > 0, rng.integers(1, 3, len(wrong)), 1)] = rng.choice(chars, len(wrong))
    unreadable = work.hit("name unreadable")
    name[unreadable, np.where(name[unreadable, 2] > 0, rng.integers(1, 3, len(unreadable)), 1)] = ord("?")
    swapped = work.hit("name swapped")
    swapped = swapped[name[swapped, 2] > 0]
    name[swapped, 1], name[swapped, 2] = name[swapped, 2], name[swapped, 1]
    childhood = work.hit("name of childhood")
    name[childhood, 1], name[childhood, 2] = (rng.choice(chars, len(childhood)), rng.choice(chars, len(childhood)))


# Birth dates


def _births(work: _Rows, has_document: NDArray[np.bool_]) -> tuple[Ints, Ints, Ints, NDArray[np.bool_]]:
    from_document = has_document & work.chance(BIRTH_FROM_DOCUMENT)
    date = np.where(from_document, work.people.born, work.people.told)
    year, month, day = _civil(date)
    lunar = ~from_document & work.people.lunar_speaker & work.chance(TOLD_IN_LUNAR)
    year[lunar], month[lunar], day[lunar] = lunar_table.lunar_dates(date[lunar])
    _mistype_births(work, year, month, day)
    partial = work.hit("birth without day and month")
    month[partial] = day[partial] = 0
    missing = work.hit("birth missing")
    year[missing] = month[missing] = day[missing] = 0
    return year, month, day, lunar & work.chance(0.5)


def _civil(date: Ints) -> tuple[Ints, Ints, Ints]:
    days = date.astype("M8[D]")
    months = days.astype("M8[M]")
    return (
        days.astype("M8[Y]").astype(np.int64) + 1970,
        months.astype(np.int64) % 12 + 1,
        (days - months).astype(np.int64) + 1,
    )


def _mistype_births(work: _Rows, year: Ints, month: Ints, day: Ints) -> None:
    rng = work.rng
    swapped = work.hit("birth swapped")
    swapped = swapped[day[swapped] <= 12]
    month[swapped], day[swapped] = day[swapped], month[swapped]
    typed = work.hit("birth mistyped")
    part = rng.choice(3, len(typed), p=[0.3, 0.25, 0.45])
    of_year, of_month, of_day = (typed[part == i] for i in range(3))
    year[of_year] += rng.choice([-10, -3, -2, -1, 1, 2, 3, 10], len(of_year))
    month[of_month] = (month[of_month] - 1 + rng.choice([1, 2, 6, 10, 11], len(of_month))) % 12 + 1
    day[of_day] = (day[of_day] - 1 + rng.choice([1, 2, 10, 20, 27], len(of_day))) % 28 + 1
    off = work.hit("birth a year off")
    year[off] += rng.choice([-1, 1], len(off))


# Phones and homes


def _phones(work: _Rows) -> pl.Series:
    rng, phone = work.rng, work.people.phone.copy()
    old = work.hit("phone old")
    # The old number belongs to the person: the same number whichever list still shows it.
    phone[old] = np.where(
        phone[old] > 0, 13_000_000_000 + phone[old] * 7919 % 999_999_937, mobile_numbers(len(old), rng)
    )
    typed = work.hit("phone mistyped")
    phone[typed] += rng.integers(1, 9, len(typed)) * 10 ** rng.integers(0, 8, len(typed))
    text = phone.astype("U11").astype(object)
    for row in np.flatnonzero(work.chance(0.03)):
        text[row] = f"{text[row][:3]}-{text[row][3:7]}-{text[row][7:]}"
    text[phone <= 0] = None
    text[work.hit("phone missing")] = None
    return pl.Series(text.tolist(), dtype=pl.String)


def _homes(work: _Rows, second_home: Ints) -> tuple[Ints, Ints, pl.Series, pl.Series]:
    rng, people = work.rng, work.people
    elsewhere = (second_home > 0) & work.chance(0.5)
    village = np.where(elsewhere, second_home, people.village)
    moved = work.hit("moved")
    village[moved] = _another_village(village[moved], rng)
    elsewhere[moved] = True
    group = np.where(elsewhere, rng.integers(1, 16, len(work)), people.group)
    house = np.where(elsewhere, rng.integers(1, 70, len(work)), people.house)
    wrong = work.hit("house wrong")
    house[wrong] = rng.integers(1, 70, len(wrong))
    household = people.household * 17 + 100_000_000
    wrong = work.hit("household wrong")
    household[wrong] += rng.integers(1, 1000, len(wrong))
    households = household.astype("U12").astype(object)
    households[work.hit("household missing")] = None
    township = village // 1000 * 1000
    village[work.hit("village missing")] = 0
    return (village, township, _addresses(work, group, house), pl.Series(households.tolist(), dtype=pl.String))


def _addresses(work: _Rows, group: Ints, house: Ints) -> pl.Series:
    style = work.rng.choice(4, len(work), p=[0.55, 0.2, 0.15, 0.1])
    tens = ["", "一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二", "十三", "十四", "十五"]
    text = np.array(
        [
            (f"{g}组{h}号", f"第{g}组{h}号", f"{tens[g]}组{h}号", f"村民小组{g}组 {h}号")[s]
            for g, h, s in zip(group.tolist(), house.tolist(), style.tolist(), strict=True)
        ],
        dtype=object,
    )
    text[work.hit("address missing")] = None
    return pl.Series(text.tolist(), dtype=pl.String)
