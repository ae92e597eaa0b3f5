"""The rosters of the demonstration city, dirty as real ones, against the truth that lies beside them."""

import json
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from tests.city.conftest import PACK, City, a_city
from yinling.city.department_lists import MEMBERS, death_list, hospital_list, members_list, residence_list
from yinling.city.rosters import Roster, elders_roster, write_roster
from yinling.kernel import jobs
from yinling.kernel.actors import System
from yinling.kernel.clock import civil_date
from yinling.people.models import Category, HospitalStay, Person, Residence, Whereabouts
from yinling.people.rules import Entry, check
from yinling.people.services import apply_entries
from yinling.places.services import load_divisions
from yinling.spreadsheets import services
from yinling.spreadsheets.models import Import

pytestmark = pytest.mark.django_db
TODAY = date(2025, 12, 31)
BY = System("test")
# The generator calls a row about somebody dead a doubt; here it is refused, and the next step says why.
REFUSED_HERE = {"is_dead"}


@pytest.fixture(scope="session")
def city_on_paper() -> City:
    """A small city, as a roster would state it."""
    return a_city(0.02)


@pytest.fixture(autouse=True)
def home(settings: Any, tmp_path: Path) -> None:
    settings.HOME, settings.FILES_DIR = tmp_path / "home", tmp_path / "home" / "files"


@pytest.fixture
def divisions(db: None) -> None:
    load_divisions(PACK / "divisions.csv", by=BY)


def of_county(city: City, count: int = 400) -> pl.DataFrame:
    """The first persons of Xupu who have a number (without one, namesakes rightly wait for somebody to look)."""
    mine = pl.col("village_code").str.starts_with("431224") & pl.col("id_number").is_not_null()
    return city.people.persons.filter(mine).head(count)


def on_file(persons: pl.DataFrame, *, alive: bool) -> None:
    """Put persons into the register with the very values that a roster would state."""
    entries = [
        Entry(
            name=row["name"], place_key=int(row["village_code"]), sex=str(row["sex"]), birth_date=row["birth_date"],
            document_number=row["id_number"], phone=row["phone"] or "", address=row["address"],
            living_arrangement="" if alive else row["living"],
        )
        for row in persons.iter_rows(named=True)
    ]  # fmt: skip
    apply_entries(entries=[check(entry, TODAY) for entry in entries], by=BY, source="before", today=TODAY)


def imported(roster: Roster, path: Path, register_key: str) -> tuple[Import, dict[str, Any]]:
    """The roster taken in, and its truth."""
    truth = json.loads(write_roster(roster, path).read_text(encoding="utf-8"))
    with path.open("rb") as stream:
        found = services.upload(stream=stream, name=path.name, register_key=register_key, place_key=431224000000, by=BY)
    services.start(uid=found.uid, by=BY)
    jobs.run_all()
    found.refresh_from_db()
    assert found.state == "done", found.failure_reason
    return found, truth


def differences(found: Import, truth: dict[str, Any]) -> Counter[tuple[str, str, str]]:
    """(what the truth says, its cause, what became of the row) wherever the two differ."""
    became = {(o.sheet, o.row): str(o.kind) for o in found.outcomes().in_order()}
    told = Counter[tuple[str, str, str]]()
    for row in truth["rows"]:
        wanted = "refused" if row["cause"] in REFUSED_HERE else row["outcome"]
        is_now = became.get((row["sheet"], row["row"]), "skipped")
        if is_now != wanted:
            told[(wanted, row["cause"], is_now)] += 1
    return told


@pytest.mark.parametrize("suffix", [".xlsx", ".xls", ".ods", ".csv"])
def test_every_row_of_a_dirty_elders_roster_becomes_what_the_truth_says(
    divisions: None, city_on_paper: City, tmp_path: Path, suffix: str
) -> None:
    persons = of_county(city_on_paper)
    roster = elders_roster(
        persons, city_on_paper.village_names, title="溆浦县老年人花名册", seed=3, dirtiness=0.4, today=TODAY,
        by_village=suffix == ".xlsx",
    )  # fmt: skip
    found, truth = imported(roster, tmp_path / f"elders{suffix}", "people")
    assert not differences(found, truth)
    assert truth["counts"]["refused"] > 5 and truth["counts"]["doubt"] > 1


def test_the_same_dirty_roster_again_changes_nobody(divisions: None, city_on_paper: City, tmp_path: Path) -> None:
    persons = of_county(city_on_paper, 200)
    roster = elders_roster(
        persons, city_on_paper.village_names, title="名册", seed=5, dirtiness=0.4, today=TODAY
    )  # fmt: skip
    imported(roster, tmp_path / "elders.xlsx", "people")
    before = list(Person.objects.order_by("id").values())
    again, _ = imported(roster, tmp_path / "elders.xlsx", "people")
    assert not {"created", "updated"} & set(again.counts)
    assert list(Person.objects.order_by("id").values()) == before


def test_a_death_list_registers_deaths_and_refuses_days_in_the_future(
    divisions: None, city_on_paper: City, tmp_path: Path
) -> None:
    mine = city_on_paper.people.persons.filter(
        pl.col("village_code").str.starts_with("431224")
        & pl.col("id_number").is_not_null()
        & pl.col("death_date").is_not_null()
    ).head(60)
    on_file(mine, alive=True)
    roster = death_list(mine, city_on_paper.village_names, seed=3, dirtiness=0.3, today=civil_date())
    found, truth = imported(roster, tmp_path / "deaths.xlsx", "deaths")
    assert not differences(found, truth)
    assert Person.objects.filter(life_status="dead").count() == found.counts["updated"]


@pytest.mark.parametrize("kind", MEMBERS)
def test_a_department_list_puts_people_into_its_category(
    divisions: None, city_on_paper: City, tmp_path: Path, kind: str
) -> None:
    mine = of_county(city_on_paper, 1500)
    held, names = city_on_paper.people.categories, city_on_paper.village_names
    roster = members_list(kind, mine, held, names, seed=3, dirtiness=0.3, today=TODAY)
    keys = {truth.key for truth in roster.truths if truth.key is not None}
    on_file(mine.filter(pl.col("person_no").is_in(list(keys)) & pl.col("death_date").is_null()), alive=True)
    found, truth = imported(roster, tmp_path / f"{kind}.xlsx", kind)
    assert not differences(found, truth)
    assert Category.objects.filter(category=kind).count() == found.counts["updated"]


def test_a_list_of_hospital_stays_is_kept_as_dated_facts_and_moves_nobody(
    divisions: None, city_on_paper: City, tmp_path: Path
) -> None:
    mine = of_county(city_on_paper, 1500).filter(pl.col("death_date").is_null())
    on_file(mine, alive=True)
    roster = hospital_list(mine, city_on_paper.village_names, seed=3, dirtiness=0.4, today=civil_date())
    found, truth = imported(roster, tmp_path / "hospital.xlsx", "hospital_stays")
    assert not differences(found, truth)
    assert HospitalStay.objects.count() == found.counts["updated"] > 100
    assert found.counts["refused"] > 5
    assert not Whereabouts.objects.filter(kind="hospital").exists()
    again, _ = imported(roster, tmp_path / "hospital.xlsx", "hospital_stays")
    assert "updated" not in again.counts


def test_a_residence_list_keeps_registered_and_actual_residence_with_their_days(
    divisions: None, city_on_paper: City, tmp_path: Path
) -> None:
    mine = of_county(city_on_paper, 300).filter(pl.col("death_date").is_null())
    on_file(mine, alive=True)
    Residence.objects.update(valid_from=date(2020, 1, 1))
    roster = residence_list(mine, city_on_paper.place_names, seed=3, dirtiness=0.4, today=civil_date())
    found, truth = imported(roster, tmp_path / "residence.xlsx", "residence")
    assert not differences(found, truth)
    registered = Residence.objects.filter(kind=Residence.REGISTERED)
    assert registered.count() == found.counts["updated"]
    assert set(registered.values_list("valid_from", flat=True)) == {date(2008, 5, 1)}
    moved = Residence.objects.filter(kind=Residence.ACTUAL, valid_from=civil_date().replace(day=1))
    assert moved.count() > 10
    again, _ = imported(roster, tmp_path / "residence.xlsx", "residence")
    assert "updated" not in again.counts


def test_a_move_that_would_begin_before_the_present_residence_refuses_its_row_alone(
    divisions: None, city_on_paper: City
) -> None:
    persons = of_county(city_on_paper, 3)
    on_file(persons, alive=True)
    before = list(Person.objects.order_by("id").values("place_key", "phone_index"))
    entries = [
        Entry(name=row["name"], place_key=431224103001, document_number=row["id_number"], phone="13700000001")
        for row in persons.iter_rows(named=True)
    ]
    earlier = date(2025, 12, 30)
    taken = apply_entries(entries=[check(entry, TODAY) for entry in entries], by=BY, source="late", today=earlier)
    assert {outcome.kind for outcome in taken} == {"refused"}
    assert list(Person.objects.order_by("id").values("place_key", "phone_index")) == before
