"""The generated people as files of the register: with dated residences, categories, deaths, answers and kin.

What happened before the register was opened was written down when it opened; everything later a few days after it
happened. So any figure of the past can be asked for as it was known then.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import numpy as np
import polars as pl

from yinling.city.draws import Draws, draws_for
from yinling.city.parameters import Parameters
from yinling.city.population import People
from yinling.city.uids import uids
from yinling.engines.codes.documents import temporary_number
from yinling.people.services import Load

_UTC = pl.Datetime("us", "UTC")
_SOURCES = {
    "county civil affairs bureau": "县民政局",
    "county disabled persons' federation": "县残联",
    "county health bureau": "县卫健局",
    "county veterans' affairs bureau": "县退役军人事务局",
    "village survey": "村级摸底",
}
_LIVES_AT = {
    "home": "同住",
    "same_township": "本乡镇",
    "same_county": "本县",
    "same_city": "本市",
    "province": "省内",
    "guangdong": "广东",
    "zhejiang": "浙江",
}
_ASKED_BY = {"village": "村（社区）", "township": "乡镇民政办"}
_SIXTY = "60y"


@dataclass(frozen=True)
class Setting:
    """What holds for the whole build: seed, the day the register opened, and the last instant of any record."""

    seed: int
    opened: date
    latest: datetime


def setting_of(parameters: Parameters, seed: int, latest: datetime) -> Setting:
    """The register of the demonstration opened on the first day of its history."""
    return Setting(seed, parameters.history_from, latest)


def as_load(people: People, setting: Setting) -> Load:
    """The frames that `people.services.load_people` takes; `number` is the person number."""
    persons = people.persons.sort("person_no")
    draws = draws_for(setting.seed, "file", persons["person_no"].to_numpy())
    files = _files(persons, setting)
    return Load(
        persons=files,
        residences=_residences(persons, draws, setting),
        households=_households(persons, setting),
        categories=_categories(people.categories, setting),
        other_names=_other_names(persons, setting),
        deaths=_deaths(persons, setting),
        wishes=_wishes(people.wishes, setting),
        kin=_kin(people.kin, setting),
    )


def noon(day: pl.Expr, setting: Setting, days: int = 0) -> pl.Expr:
    """The instant at which something of a day was written down: noon, so many days later, but never in the future."""
    opened = pl.lit(setting.opened)
    at = pl.max_horizontal(day + pl.duration(days=days), opened).cast(pl.Datetime("us")) + pl.duration(hours=4)
    return pl.min_horizontal(at.dt.replace_time_zone("UTC"), pl.lit(setting.latest, dtype=_UTC))


def _key(column: str) -> pl.Expr:
    return pl.col(column).cast(pl.Int64)


def _bytes(values: Sequence[bytes]) -> pl.Series:
    return pl.Series(values, dtype=pl.Binary)


def _files(persons: pl.DataFrame, setting: Setting) -> pl.DataFrame:
    numbers = persons["person_no"].to_numpy()
    entered = pl.when(pl.col("cohort") == "turned_60_later").then(pl.col("birth_date").dt.offset_by(_SIXTY))
    is_shared = pl.col("household_no").is_in(_shared(persons).implode())
    return persons.select(
        number="person_no",
        uid=_bytes(uids(setting.seed, "person", numbers, setting.opened)),
        name="name",
        sex=pl.col("sex").cast(pl.String),
        birth_date="birth_date",
        birth_precision="birth_precision",
        birth_is_lunar="birth_is_lunar",
        birth_is_uncertain=pl.col("birth_precision") == "year",
        document_kind="id_kind",
        document_number=_documents(persons, setting),
        phone=pl.col("phone").fill_null(""),
        address="address",
        place_key=_key("village_code"),
        registered_place_key=_key("registered_village_code"),
        ethnic_group="ethnic_group",
        marital_state=pl.col("marital").cast(pl.String),
        education="education",
        living_arrangement="living",
        household=pl.when(is_shared).then("household_no"),
        longitude="lon",
        latitude="lat",
        died_on="death_date",
        recorded_at=noon(entered.otherwise(pl.lit(setting.opened)), setting, days=3),
    )


def _documents(persons: pl.DataFrame, setting: Setting) -> pl.Series:
    """ID or passport; whoever has neither was given a temporary number, serial within the county."""
    without = persons.filter(pl.col("id_number").is_null()).select(
        "person_no", county=pl.col("village_code").str.slice(0, 6)
    )
    serial = without.select(pl.int_range(1, pl.len() + 1).over("county"))
    given = [
        temporary_number(county_code=county, year=setting.opened.year, serial=number)
        for county, number in zip(without["county"], serial.to_series(), strict=True)
    ]
    filled = persons.select("person_no", "id_number").join(
        without.select("person_no", given=pl.Series(given, dtype=pl.String)),
        on="person_no",
        how="left",
        maintain_order="left",
    )
    return filled.select(pl.coalesce("id_number", "given")).to_series()


def _shared(persons: pl.DataFrame) -> pl.Series:
    """Households with more than one member in the register."""
    sizes = persons.group_by("household_no").len().filter(pl.col("len") > 1)
    return sizes["household_no"].sort()


def _households(persons: pl.DataFrame, setting: Setting) -> pl.DataFrame:
    heads = persons.filter(pl.col("household_no").is_in(_shared(persons).implode()))
    homes = heads.group_by("household_no").agg(pl.col("village_code").first()).sort("household_no")
    numbers = homes["household_no"].to_numpy()
    return homes.select(
        household="household_no",
        uid=_bytes(uids(setting.seed, "household", numbers, setting.opened)),
        place_key=_key("village_code"),
    )


def _residences(persons: pl.DataFrame, draws: Draws, setting: Setting) -> pl.DataFrame:
    """Where each lives; those registered in another village had lived there and moved within the township."""
    first = date(2005, 1, 1)
    since = first + pl.duration(days=pl.lit(pl.Series(draws.below("since", 5500))))
    moved_on = pl.lit(setting.opened) + pl.duration(days=pl.lit(pl.Series(60 + draws.below("moved", 1600))))
    placed = persons.select(
        "person_no", "village_code", "registered_village_code", "death_date", since=since, moved_on=moved_on
    )
    known = pl.col("death_date").is_null() | (pl.col("death_date") > pl.col("moved_on"))
    has_moved = (pl.col("village_code") != pl.col("registered_village_code")) & known
    before = placed.filter(has_moved).select(
        number="person_no",
        place_key=_key("registered_village_code"),
        valid_from="since",
        valid_to="moved_on",
        recorded_at=noon(pl.lit(setting.opened), setting, days=3),
    )
    today = placed.select(
        number="person_no",
        place_key=_key("village_code"),
        valid_from=pl.when(has_moved).then("moved_on").otherwise("since"),
        valid_to=pl.lit(None, dtype=pl.Date),
        recorded_at=pl.when(has_moved)
        .then(noon(pl.col("moved_on"), setting, days=4))
        .otherwise(noon(pl.lit(setting.opened), setting, days=3)),
    )
    return pl.concat([today, before]).with_columns(kind=pl.lit("actual"))


def _categories(categories: pl.DataFrame, setting: Setting) -> pl.DataFrame:
    return categories.select(
        number="person_no",
        category="category",
        grade=pl.col("detail").str.split("/").list.last().fill_null(""),
        source=pl.col("source").replace_strict(_SOURCES, default=pl.col("source")),
        valid_from="valid_from",
        valid_to=pl.when(pl.col("valid_to") >= pl.col("valid_from")).then("valid_to"),
        recorded_at=noon(pl.col("valid_from"), setting, days=6),
    )


def _other_names(persons: pl.DataFrame, setting: Setting) -> pl.DataFrame:
    """Names used before. How somebody mishears a name is no name; that is what searching by sound is for."""
    return persons.filter(pl.col("variant_kind") == "former").select(
        number="person_no", name="name_variant", recorded_at=noon(pl.lit(setting.opened), setting, days=3)
    )


def _deaths(persons: pl.DataFrame, setting: Setting) -> pl.DataFrame:
    return persons.filter(pl.col("death_date").is_not_null()).select(
        number="person_no",
        happened_on="death_date",
        source=pl.lit("死亡人员名单"),
        recorded_at=noon(pl.col("death_date"), setting, days=5),
    )


def _wishes(wishes: pl.DataFrame, setting: Setting) -> pl.DataFrame:
    return wishes.select(
        number="person_no",
        is_willing="is_willing",
        asked_on="asked_on",
        asked_by=pl.col("asked_by").replace_strict(_ASKED_BY),
        recorded_at=noon(pl.col("asked_on"), setting, days=1),
    )


def _kin(kin: pl.DataFrame, setting: Setting) -> pl.DataFrame:
    """A person's own phone belongs to somebody in the register; here it is copied as the family gave it."""
    position = np.arange(kin.height) - np.searchsorted(kin["person_no"].to_numpy(), kin["person_no"].to_numpy())
    numbers = kin["person_no"].to_numpy() * 10 + position
    return kin.select(
        number="person_no",
        uid=_bytes(uids(setting.seed, "kin", numbers, setting.opened + timedelta(days=1))),
        kin_number="kin_person_no",
        name="name",
        relation="relation",
        phone=pl.col("phone").fill_null(""),
        lives_at=pl.col("place").replace_strict(_LIVES_AT),
        is_emergency="is_emergency_contact",
        recorded_at=noon(pl.lit(setting.opened), setting, days=3),
    )
