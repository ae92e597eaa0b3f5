"""People: the same seed gives the same people, and every number is valid in form."""

from datetime import date

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from tests.city.conftest import City, a_city
from yinling.city.parameters import marks
from yinling.city.population import build_people

FRAMES = ("persons", "kin", "categories", "wishes", "assessments")


def _check_character(body: str) -> str:
    """GB 11643, written out on its own."""
    total = sum(int(digit) * pow(2, 17 - at, 11) for at, digit in enumerate(body))
    return "0123456789X"[(12 - total % 11) % 11]


def test_the_same_seed_gives_the_same_city_and_another_seed_another(small_city: City) -> None:
    again, other = a_city(0.02), a_city(0.02, seed=8)
    for name in FRAMES:
        assert_frame_equal(getattr(again.people, name), getattr(small_city.people, name))
    for name in ("organisations", "sites", "projects", "beds", "staff", "licences", "stays"):
        assert_frame_equal(getattr(again.network, name), getattr(small_city.network, name))
    assert not other.people.persons["name"].equals(small_city.people.persons["name"])


def test_a_village_built_alone_has_the_people_it_has_in_the_city(small_city: City) -> None:
    villages = ["431224100001", "431202001001"]
    alone = build_people(
        small_city.divisions, small_city.parameters, seed=7, scale=0.02, today=date(2025, 12, 31), villages=villages
    )
    numbers = alone.persons.select("person_no")
    assert numbers.height > 0
    for name in FRAMES:
        part = getattr(small_city.people, name).join(numbers, on="person_no", how="semi")
        assert_frame_equal(getattr(alone, name), part, check_row_order=False)


def test_a_later_today_changes_no_past(small_city: City) -> None:
    later = a_city(0.02, today=date(2026, 11, 1))
    before = later.network.stays.filter(pl.col("admitted_on") <= date(2025, 12, 31)).drop("left_on", "leaving_reason")
    assert_frame_equal(before.drop("stay_no"), small_city.network.stays.drop("stay_no", "left_on", "leaving_reason"))
    then = later.people.persons.join(small_city.people.persons, on="person_no")
    assert then.height == small_city.people.persons.height
    died = pl.col("death_date_right").is_not_null()
    assert then.filter(died & (pl.col("death_date") != pl.col("death_date_right"))).height == 0
    assert then.filter(~died & (pl.col("death_date") <= date(2025, 12, 31))).height == 0


def test_resident_ids_are_valid_in_form_start_with_99_and_agree_with_birth_and_sex(small_city: City) -> None:
    persons = small_city.people.persons.filter(pl.col("id_kind") == "resident_id")
    for number, birth, sex in persons.select("id_number", "birth_date", "sex").iter_rows():
        assert len(number) == 18 and number.startswith("99")
        assert number[17] == _check_character(number[:17]), number
        assert number[6:14] == f"{birth:%Y%m%d}"
        assert int(number[16]) % 2 == (1 if sex == 1 else 0)


def test_an_old_number_is_the_new_one_without_century_and_check(small_city: City) -> None:
    held = small_city.people.persons.filter(pl.col("old_id_number").is_not_null() & pl.col("id_number").is_not_null())
    assert held.height > 0
    assert (
        held.filter(
            pl.col("old_id_number") != held["id_number"].str.slice(0, 6) + held["id_number"].str.slice(8, 9)
        ).height
        == 0
    )


def test_couples_live_together_and_know_each_other(small_city: City) -> None:
    persons = small_city.people.persons
    both = persons.filter(pl.col("spouse_no").is_not_null()).join(
        persons, left_on="spouse_no", right_on="person_no", suffix="_of_spouse"
    )
    assert both.height > 5_000
    assert (both["spouse_no_of_spouse"] == both["person_no"]).all()
    for shared in ("village_code", "household_no", "address"):
        assert (both[shared] == both[f"{shared}_of_spouse"]).all()
    assert (both["sex"] != both["sex_of_spouse"]).all()


def test_every_living_elder_has_one_emergency_contact(small_city: City) -> None:
    living = small_city.people.persons.filter(pl.col("death_date").is_null())
    contacts = small_city.people.kin.filter("is_emergency_contact")
    assert contacts["person_no"].n_unique() == contacts.height == living.height


def test_answers_add_up_to_their_total_and_the_total_lies_in_the_band_of_the_level(small_city: City) -> None:
    frame, block = small_city.people.assessments, small_city.parameters.blocks["assessment"]
    assert sum(block["maxima"].values()) == 90
    for item, maximum in block["maxima"].items():
        assert frame[item].max() <= maximum
    assert (
        frame.select(pl.sum_horizontal(pl.col(list(block["maxima"])).cast(pl.Int64))).to_series() == frame["total"]
    ).all()
    for level, (low, high) in enumerate(block["bands"]):
        assert frame.filter(pl.col("initial_level") == level)["total"].is_between(low, high).all()
    lifted = frame["final_level"].cast(pl.Int64) - frame["initial_level"].cast(pl.Int64)
    assert (lifted == frame["upgrade"].is_not_null().cast(pl.Int64)).all()


def test_nobody_is_assessed_or_categorised_after_death(small_city: City) -> None:
    dead = small_city.people.persons.filter(pl.col("death_date").is_not_null()).select("person_no", "death_date")
    assessed = small_city.people.assessments.join(dead, on="person_no")
    assert assessed.filter(pl.col("assessed_on") >= pl.col("death_date")).height == 0
    held = small_city.people.categories.join(dead, on="person_no")
    assert held.filter(pl.col("valid_to").is_null() | (pl.col("valid_to") > pl.col("death_date"))).height == 0
    every = small_city.people.categories
    assert every.filter(pl.col("valid_to") < pl.col("valid_from")).height == 0


def test_counts_follow_the_scale(small_city: City) -> None:
    persons = small_city.people.persons
    assert persons.filter(pl.col("cohort") == "living_2022").height == 19_040
    assert persons["is_in_difficulty"].sum() == 894


def test_every_block_of_the_parameters_says_whether_it_is_fact_or_invented(small_city: City) -> None:
    found = marks(small_city.parameters)
    assert set(found.values()) == {"article", "census", "invented"}
    assert found["population"] == "census" and found["counties.431229"] == "invented"
    assert found["hardship.special_difficulty"] == "article"


@pytest.mark.parametrize("scale", [0, -1, 2])
def test_an_impossible_scale_is_refused(small_city: City, scale: float) -> None:
    with pytest.raises(ValueError, match="scale"):
        build_people(small_city.divisions, small_city.parameters, seed=1, scale=scale, today=date(2025, 12, 31))


def test_a_today_before_the_end_of_the_history_is_refused(small_city: City) -> None:
    with pytest.raises(ValueError, match="2025-12-31"):
        build_people(small_city.divisions, small_city.parameters, seed=1, scale=0.02, today=date(2024, 1, 1))
