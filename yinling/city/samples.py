"""Files to try the import with, the truth beside each: one township's elders on four clerks' machines, and the lists
that departments send about it, two months of each where some have left in between.

The register holds these people but for those who turned 60 this year: they are what the township still has to enter.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import polars as pl

from yinling.city.department_lists import (
    MEMBERS,
    death_list,
    hospital_list,
    leavers,
    listed,
    members_list,
    newly_dead,
    next_edition,
    residence_list,
)
from yinling.city.population import People
from yinling.city.rosters import Roster, elders_roster, write_roster

SUFFIXES = (".xlsx", ".csv", ".xls", ".ods")
_DIRTINESS = 0.3
_A_QUARTER = timedelta(days=90)
_MOST_ROWS = 400  # of one file: enough to see everything, few enough to read


def sample_rosters(
    folder: Path, persons: pl.DataFrame, village_names: dict[str, str], township: str, *, seed: int, today: date
) -> list[Path]:
    """Write four dirty rosters of a township's elders, each of other villages; returns the rosters.

    `persons` as in `population.People`, of that township; `village_names` by 12-digit code.
    """
    folder.mkdir(parents=True, exist_ok=True)
    known = persons.filter(~is_newcomer(today))["person_no"].to_list()
    codes = sorted(village_names)
    paths = []
    for at, suffix in enumerate(SUFFIXES):
        mine = persons.filter(pl.col("village_code").is_in(codes[at :: len(SUFFIXES)])).sort("person_no")
        newest = mine.filter(is_newcomer(today))
        part = pl.concat([mine.filter(~is_newcomer(today)).head(_MOST_ROWS), newest.head(_MOST_ROWS // 8)])
        title = f"{township}老年人花名册（{at + 1}）"
        roster = elders_roster(
            part, village_names, title=title, seed=seed + at, dirtiness=_DIRTINESS, today=today, known=known
        )
        paths.append(folder / f"{township}老年人花名册{at + 1}{suffix}")
        write_roster(roster, paths[-1])
    return paths


def sample_lists(
    folder: Path,
    people: People,
    place_names: Mapping[str, str],
    village_names: Mapping[str, str],
    township: str,
    *,
    seed: int,
    today: date,
) -> list[Path]:
    """Write what departments send about a township, for a register that holds its people with their categories: last
    month's and this month's list of each kind of member, this month's stays in hospital, residences and deaths.

    Each truth is for the register as it was built: whoever takes the deaths in first finds the dead refused elsewhere.
    `people` are the township's; `place_names` gives every village with township and county.
    """
    folder.mkdir(parents=True, exist_ok=True)
    persons = people.persons.filter(~is_newcomer(today))
    last_month, paths = today.replace(day=1) - timedelta(days=1), list[Path]()

    def write(roster: Roster, name: str, month: date) -> None:
        paths.append(folder / f"{township}{name}{month.year}年{month.month}月.xlsx")
        write_roster(roster, paths[-1])

    for kind, shape in MEMBERS.items():
        members = listed(kind, persons, people.categories, today)
        known = members["person_no"].to_list()
        before, now = (
            members_list(
                kind, persons, people.categories, village_names, seed=seed + at, dirtiness=_DIRTINESS, today=today,
                known=known, without=leavers(members) if at else (),
            )
            for at in (0, 1)
        )  # fmt: skip
        write(before, shape.title, last_month)
        write(next_edition(before, now), shape.title, today)
    known = persons["person_no"].to_list()
    write(hospital_list(persons, village_names, seed=seed, dirtiness=_DIRTINESS, today=today), "住院人员名单", today)
    residences = residence_list(
        persons.sort("person_no").head(_MOST_ROWS),
        place_names,
        seed=seed,
        dirtiness=_DIRTINESS,
        today=today,
        known=known,
    )
    write(residences, "户籍和居住地名单", today)
    registered = persons.filter(pl.col("death_date") > today - _A_QUARTER)
    deaths = death_list(
        pl.concat([registered, newly_dead(persons, people.categories, today)]), village_names, seed=seed,
        dirtiness=_DIRTINESS, today=today, known=registered["person_no"].to_list(),
    )  # fmt: skip
    write(deaths, "死亡人员名单", today)
    return paths


def is_newcomer(today: date) -> pl.Expr:
    """Who turned 60 in the city's present year."""
    return (pl.col("cohort") == "turned_60_later") & (pl.col("birth_date").dt.year() == today.year - 60)


def without_newcomers(people: People, today: date, township: int) -> People:
    """The people but for those of one township who turned 60 this year: its clerk has yet to enter them."""
    here = pl.col("village_code").str.starts_with(str(township)[:9])
    left = people.persons.filter(here & is_newcomer(today))
    if left.is_empty():
        return people
    gone = left["person_no"].implode()

    def known(frame: pl.DataFrame) -> pl.DataFrame:
        return frame.filter(~pl.col("person_no").is_in(gone))

    kin = known(people.kin)
    own = pl.when(~pl.col("kin_person_no").is_in(gone)).then("kin_person_no")
    return replace(
        people,
        persons=known(people.persons),
        kin=kin.with_columns(kin_person_no=own),
        categories=known(people.categories),
        wishes=known(people.wishes),
        assessments=known(people.assessments),
    )
