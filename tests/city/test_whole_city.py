"""Every figure that the demonstration must reproduce, counted at scale 1.0."""

from datetime import date

import numpy as np
import polars as pl
import pytest

from tests.city.conftest import City, a_city

PUBLIC = ["city_centre", "county_centre", "regional_home"]


@pytest.fixture(scope="module")
def city() -> City:
    return a_city(1.0)


def _living_on(persons: pl.DataFrame, day: date) -> pl.DataFrame:
    return persons.filter(pl.col("death_date").is_null() | (pl.col("death_date") > day))


def _aged(persons: pl.DataFrame, years: int, day: date) -> int:
    return persons.filter(pl.col("birth_date") <= day.replace(year=day.year - years)).height


def _beds_of_public_homes(city: City, day: date) -> int:
    sites = city.network.sites.filter(pl.col("kind").is_in(PUBLIC)).select("site_no")
    return city.network.beds.join(sites, on="site_no", how="semi").filter(pl.col("opened_on") <= day).height


def _residents_of_public_homes(city: City, day: date) -> int:
    sites = city.network.sites.filter(pl.col("kind").is_in(PUBLIC)).select("site_no")
    still = pl.col("left_on").is_null() | (pl.col("left_on") > day)
    return (
        city.network.stays.join(sites, on="site_no", how="semi").filter((pl.col("admitted_on") <= day) & still).height
    )


def test_952_000_elders_of_60_and_over_live_at_the_end_of_2022_and_717_900_are_65_and_over(city: City) -> None:
    day = date(2022, 12, 31)
    living = _living_on(city.people.persons, day)
    assert _aged(living, 60, day) == 952_000
    assert _aged(living, 65, day) == 717_900


def test_elders_live_in_all_2_777_villages_and_follow_the_census_of_the_counties(city: City) -> None:
    elders = city.people.persons.filter(pl.col("cohort") == "living_2022")
    assert elders["village_code"].n_unique() == 2_777
    by_county = dict(elders.group_by(pl.col("village_code").str.slice(0, 6)).len().iter_rows())
    for county in city.parameters.counties:
        assert by_county[county.code] == pytest.approx(952_000 * county.population / 4_587_594, abs=2)


def test_44_700_living_elders_are_in_special_difficulty(city: City) -> None:
    assert _living_on(city.people.persons.filter("is_in_difficulty"), date(2025, 12, 31)).height == 44_700
    categories = city.people.categories.filter(
        (pl.col("category") == "special_difficulty") & pl.col("valid_to").is_null()
    )
    assert categories["person_no"].n_unique() == categories.height == 44_700


def test_central_care_reaches_60_percent_of_the_dependent_destitute_and_all_the_willing(city: City) -> None:
    day = date(2025, 12, 31)
    public = city.network.sites.filter(pl.col("kind").is_in(PUBLIC)).select("site_no")
    stays = city.network.stays.filter(pl.col("left_on").is_null() & (pl.col("admitted_on") <= day))
    housed = stays.join(public, on="site_no", how="semi").select("person_no")
    destitute = _living_on(city.people.persons.filter("is_destitute"), day)
    dependent = destitute.filter(pl.col("unable") >= 1)
    assert dependent.join(housed, on="person_no", how="semi").height / dependent.height == 0.6
    willing = city.people.wishes.filter("is_willing")
    assert willing.height > 0
    assert willing.join(housed, on="person_no", how="semi").height == willing.height
    unwilling = city.people.wishes.filter(~pl.col("is_willing"))
    assert unwilling.join(housed, on="person_no", how="semi").height == 0


def test_levels_of_65_and_over_are_about_78_12_5_3_and_2_percent(city: City) -> None:
    older = city.people.persons.filter((pl.col("cohort") == "living_2022") & (pl.col("birth_date") < date(1958, 1, 1)))
    shares = np.bincount(older["level"].to_numpy(), minlength=5) / older.height
    assert shares == pytest.approx([0.78, 0.12, 0.05, 0.03, 0.02], abs=0.012)


def test_the_backbone_has_1_centre_13_centres_48_homes_and_1_656_points(city: City) -> None:
    counts = dict(city.network.sites.group_by("kind").len().iter_rows())
    assert [counts[kind] for kind in (*PUBLIC, "village_point")] == [1, 13, 48, 1_656]
    points = city.network.sites.filter(pl.col("kind") == "village_point")
    assert points["village_code"].n_unique() == 1_656
    assert round(1_656 / 2_777, 3) == 0.596
    homes = city.network.sites.filter(pl.col("kind") == "regional_home")
    assert homes["village_code"].str.slice(0, 9).n_unique() == 48


def test_21_projects_added_over_6_200_beds_of_which_3_620_for_nursing(city: City) -> None:
    projects, beds = city.network.projects, city.network.beds.filter(pl.col("project_no").is_not_null())
    assert projects.height == 21 and projects["site_no"].n_unique() == 21
    assert projects["finished_on"].min() >= date(2021, 1, 1) and projects["finished_on"].max() <= date(2025, 12, 31)
    assert beds.height == projects["beds_added"].sum() > 6_200
    assert beds.filter(pl.col("kind") == "nursing").height == projects["nursing_beds_added"].sum() == 3_620


def test_public_homes_are_48_5_percent_full_at_the_end_of_2022_and_75_percent_at_the_end_of_2024(city: City) -> None:
    for day, share in ((date(2022, 12, 31), 0.485), (date(2024, 12, 31), 0.75)):
        assert _residents_of_public_homes(city, day) / _beds_of_public_homes(city, day) == share


def test_16_quality_operators_and_8_charity_canteens_with_a_plaque(city: City) -> None:
    organisations = city.network.organisations
    assert organisations.filter(pl.col("kind") == "quality_operator").height == 16
    assert organisations.filter("has_canteen_plaque").height == 8


def test_no_number_belongs_to_two_persons(city: City) -> None:
    persons = city.people.persons
    assert persons["person_no"].n_unique() == persons.height
    every = pl.concat([persons["id_number"].drop_nulls(), city.network.staff["id_number"]])
    assert every.n_unique() == every.len()
    own = persons.filter(pl.col("phone_of") == "own")["phone"]
    assert own.n_unique() == own.len()
    assert persons["id_number"].null_count() / persons.height == pytest.approx(0.003, abs=0.0003)


def test_nobody_stays_in_two_beds_and_no_bed_holds_two(city: City) -> None:
    for key in ("bed_no", "person_no"):
        stays = city.network.stays.sort(key, "admitted_on").with_columns(
            left_before=pl.col("left_on").shift(1), same=pl.col(key) == pl.col(key).shift(1)
        )
        clashing = pl.col("left_before").is_null() | (pl.col("left_before") >= pl.col("admitted_on"))
        assert stays.filter(pl.col("same") & clashing).height == 0
