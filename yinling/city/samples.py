"""Rosters to try the import with: one township's elders on four clerks' machines, the truth beside each file.

The register holds these people but for those who turned 60 this year: they are what the township still has to enter.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import polars as pl

from yinling.city.population import People
from yinling.city.rosters import elders_roster, write_roster

SUFFIXES = (".xlsx", ".csv", ".xls", ".ods")
_DIRTINESS = 0.3
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
