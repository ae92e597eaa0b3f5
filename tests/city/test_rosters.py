"""Dirty rosters: readable in every format, with a truth that fits the cells."""

import json
from datetime import date
from pathlib import Path

import polars as pl
import pytest
import python_calamine

from tests.city.conftest import City
from yinling.city.department_lists import (
    MEMBERS,
    death_list,
    hospital_list,
    leavers,
    listed,
    members_list,
    next_edition,
    residence_list,
)
from yinling.city.rosters import Roster, elders_roster, institutions_roster, staff_roster, write_roster
from yinling.city.workbooks import Sheet, write_workbook

TODAY = date(2025, 12, 31)


def _elders(city: City, *, dirtiness: float = 0.4, seed: int = 3, by_village: bool = False, known: int = 0) -> Roster:
    persons = city.people.persons.filter(pl.col("village_code").str.starts_with("431224"))
    return elders_roster(
        persons,
        city.village_names,
        title="溆浦县老年人花名册",
        seed=seed,
        dirtiness=dirtiness,
        today=TODAY,
        known=persons["person_no"].head(known).to_list(),
        by_village=by_village,
    )


def _all_kinds(city: City) -> list[Roster]:
    persons, names = city.people.persons, city.village_names
    categories, network = city.people.categories, city.network
    return [
        _elders(city, known=500),
        death_list(persons, names, seed=3, dirtiness=0.4, today=TODAY),
        *(members_list(kind, persons, categories, names, seed=3, dirtiness=0.4, today=TODAY) for kind in MEMBERS),
        hospital_list(persons, names, seed=3, dirtiness=0.4, today=TODAY),
        residence_list(persons.head(3000), city.place_names, seed=3, dirtiness=0.4, today=TODAY),
        institutions_roster(
            network.sites, network.organisations, network.beds, names, seed=3, dirtiness=0.4, today=TODAY
        ),
        staff_roster(network.staff, network.sites, seed=3, dirtiness=0.4, today=TODAY),
    ]


@pytest.mark.parametrize("suffix", [".xlsx", ".xls", ".ods"])
def test_every_row_of_the_file_has_a_truth(small_city: City, tmp_path: Path, suffix: str) -> None:
    for roster in _all_kinds(small_city):
        path = tmp_path / f"{roster.kind}{suffix}"
        truth = json.loads(write_roster(roster, path).read_text(encoding="utf-8"))
        sheets = python_calamine.load_workbook(str(path))
        for number, sheet in enumerate(sheets.sheet_names):
            rows = sheets.get_sheet_by_name(sheet).to_python(skip_empty_area=False)
            told = [row for row in truth["rows"] if row["sheet"] == number]
            assert [row["row"] for row in told] == list(range(1, len(rows) + 1))
            for row in told:
                is_data = row["outcome"] != "skipped"
                assert is_data == (row["key"] is not None)


def test_a_csv_is_gb18030_and_shows_long_numbers_as_excel_saves_them(small_city: City, tmp_path: Path) -> None:
    roster = _elders(small_city)
    path = tmp_path / "elders.csv"
    truth = json.loads(write_roster(roster, path).read_text(encoding="utf-8"))
    lines = path.read_bytes().decode("gb18030").splitlines()
    assert len(lines) == len(truth["rows"])
    lost = [row for row in truth["rows"] if row["cause"] == "id_as_number"]
    assert lost
    assert all("E+17" in lines[row["row"] - 1] for row in lost)


def test_the_counts_say_what_the_rows_say(small_city: City) -> None:
    roster = _elders(small_city, known=500)
    assert set(roster.counts()) == {"created", "updated", "unchanged", "doubt", "refused", "skipped"}
    assert sum(roster.counts().values()) == sum(len(sheet.rows) for sheet in roster.sheets)


def test_every_kind_of_damage_occurs_and_shows_in_the_cell(small_city: City) -> None:
    roster = _elders(small_city, dirtiness=1.0)
    refused = [truth for truth in roster.truths if truth.outcome == "refused"]
    assert {truth.cause for truth in refused} - {"is_dead"} == {
        "id_as_number",
        "id_in_scientific_notation",
        "id_checksum",
        "id_too_short",
        "id_impossible_date",
        "name_missing",
        "two_people_in_a_cell",
    }
    for truth in refused:
        cells = roster.sheets[truth.sheet].rows[truth.row - 1]
        name, number = cells[1], cells[3]
        if truth.cause == "two_people_in_a_cell":
            assert "、" in str(name)
        if truth.cause == "id_as_number":
            assert isinstance(number, float) and number > 9e17
        if truth.cause == "name_missing":
            assert name is None


def test_harmless_dirt_leaves_the_outcome_alone(small_city: City) -> None:
    roster = _elders(small_city, dirtiness=1.0)
    seen = {what for truth in roster.truths for what in truth.dirt if truth.outcome == "created"}
    assert {"blank_in_name", "id_written_oddly", "date_style", "ditto", "phone_as_number"} <= seen


def test_a_clean_roster_creates_everybody(small_city: City) -> None:
    roster = _elders(small_city, dirtiness=0.0)
    assert set(roster.counts()) == {"created", "skipped"}
    living = small_city.people.persons.filter(
        pl.col("village_code").str.starts_with("431224") & pl.col("death_date").is_null()
    )
    assert roster.counts()["created"] == living.height


def test_a_roster_by_village_has_a_sheet_for_each(small_city: City) -> None:
    roster = _elders(small_city, by_village=True)
    assert len(roster.sheets) > 300
    assert {truth.sheet for truth in roster.truths} == set(range(len(roster.sheets)))


def test_the_same_seed_writes_the_same_bytes(small_city: City, tmp_path: Path) -> None:
    one, same = _elders(small_city), _elders(small_city)
    for suffix in (".xlsx", ".xls", ".ods", ".csv"):
        first, second = tmp_path / f"a{suffix}", tmp_path / f"b{suffix}"
        write_roster(one, first)
        write_roster(same, second)
        assert first.read_bytes() == second.read_bytes()


def test_the_dead_on_a_list_are_refused(small_city: City) -> None:
    persons, names = small_city.people.persons, small_city.village_names
    roster = members_list(
        "low_income", persons, small_city.people.categories, names, seed=3, dirtiness=1.0, today=TODAY
    )
    dead = set(persons.filter(pl.col("death_date").is_not_null())["person_no"])
    listed = [truth for truth in roster.truths if truth.key in dead]
    assert listed
    assert {(truth.outcome, truth.cause) for truth in listed} == {("refused", "is_dead")}


def test_the_dead_on_an_elders_roster_are_refused_as_registered_dead(small_city: City) -> None:
    persons = small_city.people.persons.filter(pl.col("village_code").str.starts_with("431224"))
    roster = _elders(small_city, known=persons.height)
    dead = set(persons.filter(pl.col("death_date").is_not_null())["person_no"])
    listed = [truth for truth in roster.truths if truth.key in dead]
    assert len(listed) > 50
    assert {(truth.outcome, truth.cause) for truth in listed} == {("refused", "is_dead")}
    assert all(truth.values["身份证号码"] for truth in listed)


def test_a_death_in_the_future_is_refused(small_city: City) -> None:
    roster = death_list(small_city.people.persons, small_city.village_names, seed=3, dirtiness=1.0, today=TODAY)
    future = [truth for truth in roster.truths if truth.values.get("死亡日期", "") > TODAY.isoformat()]
    assert future
    assert {truth.outcome for truth in future} == {"refused"}


def test_an_unknown_format_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"\.docx"):
        write_workbook([Sheet("花名册")], tmp_path / "roster.docx")


def test_a_later_edition_says_who_has_left_and_nobody_in_a_row_counts_as_gone(small_city: City) -> None:
    persons, names, held = small_city.people.persons, small_city.village_names, small_city.people.categories
    gone = leavers(listed("low_income", persons, held, TODAY))
    first = members_list("low_income", persons, held, names, seed=3, dirtiness=0.4, today=TODAY)
    later = members_list("low_income", persons, held, names, seed=4, dirtiness=0.4, today=TODAY, without=gone)
    told = next_edition(first, later)
    assert len(told.left) > 50
    assert set(told.left) <= set(gone)
    assert not set(told.left) & {truth.key for truth in later.truths}


def test_a_discharge_before_the_admission_is_refused(small_city: City) -> None:
    roster = hospital_list(small_city.people.persons, small_city.village_names, seed=3, dirtiness=1.0, today=TODAY)
    wrong = [truth for truth in roster.truths if truth.cause == "discharged_before_admission"]
    assert wrong
    assert all(truth.values["出院日期"] < truth.values["入院日期"] for truth in wrong)
