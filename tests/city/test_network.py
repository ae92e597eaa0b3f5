"""The network of sites: valid in form, whole at every scale."""

from datetime import date

import polars as pl
from stdnum.cn import uscc

from tests.city.conftest import City, a_city


def test_credit_codes_are_valid_in_form_and_unique(small_city: City) -> None:
    codes = small_city.network.organisations["uscc"]
    assert codes.n_unique() == codes.len()
    assert all(uscc.is_valid(code) for code in codes)


def test_the_network_is_the_same_at_every_scale(small_city: City) -> None:
    smaller = a_city(0.005)
    for name in ("organisations", "sites", "projects", "beds", "staff", "licences"):
        assert getattr(smaller.network, name).equals(getattr(small_city.network, name))
    assert 0 < smaller.network.stays.height < small_city.network.stays.height


def test_every_bed_has_its_own_place_in_its_home(small_city: City) -> None:
    beds = small_city.network.beds
    assert beds.select("site_no", "building", "floor", "room_no", "label").n_unique() == beds.height
    rooms = beds.group_by("site_no", "building", "floor", "room_no").agg(pl.col("kind").n_unique())
    assert rooms["kind"].max() == 1


def test_nobody_is_admitted_before_the_bed_stands_or_after_death(small_city: City) -> None:
    stays = small_city.network.stays.join(small_city.network.beds.select("bed_no", "opened_on", "site_no"), on="bed_no")
    assert (stays["site_no"] == stays["site_no_right"]).all()
    assert stays.filter(pl.col("opened_on") > pl.col("admitted_on")).height == 0
    stays = stays.join(small_city.people.persons.select("person_no", "death_date"), on="person_no")
    assert stays.height == small_city.network.stays.height
    late = pl.col("death_date").is_not_null() & (
        pl.col("left_on").is_null() | (pl.col("left_on") > pl.col("death_date"))
    )
    assert stays.filter(late).height == 0
    assert stays.filter(pl.col("left_on") < pl.col("admitted_on")).height == 0


def test_everybody_is_admitted_as_an_elder(small_city: City) -> None:
    stays = small_city.network.stays.join(small_city.people.persons.select("person_no", "birth_date"), on="person_no")
    assert stays.filter(pl.col("birth_date").dt.offset_by("60y") > pl.col("admitted_on")).height == 0


def test_homes_have_names_of_their_own_and_a_manager_each(small_city: City) -> None:
    homes = small_city.network.sites.filter(pl.col("org_no").is_not_null())
    assert homes["name"].n_unique() == homes.height == 124
    managers = small_city.network.staff.filter(pl.col("role") == "manager")
    assert sorted(managers["site_no"]) == sorted(homes["site_no"])


def test_some_licences_run_out_within_60_days_and_some_have_run_out(small_city: City) -> None:
    expires = small_city.network.licences["expires_on"].drop_nulls()
    today = date(2025, 12, 31)
    assert (expires < today).sum() > 0
    assert expires.is_between(today, date(2026, 3, 1)).sum() > 0
    assert small_city.network.licences.filter(pl.col("issued_on") > today).height == 0


def test_some_carers_have_no_certificate(small_city: City) -> None:
    carers = small_city.network.staff.filter(pl.col("role") == "carer")
    assert 0.05 < carers["certificate"].null_count() / carers.height < 0.2
