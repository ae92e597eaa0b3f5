"""The frame of persons: names, numbers, facts, telephone, home and hardship of everybody, one row each."""

from __future__ import annotations

import numpy as np
import polars as pl

from yinling.city.columns import dates, labels, masked
from yinling.city.draws import Ints
from yinling.city.hardship import Hardship
from yinling.city.households import MARRIED, Households, marital_on
from yinling.city.identities import areas, land_lines, mobile_numbers, old_ids, resident_ids, serials
from yinling.city.lives import COHORTS, NEVER, Lives, birth_years, is_uncertain
from yinling.city.names import ethnic_groups, given_names, misheard, settle_villages, surname_book, surnames
from yinling.city.parameters import Parameters
from yinling.city.points import village_points
from yinling.city.quotas import VillagePlan

PHONE_SLOTS = 4  # telephone numbers kept for each person: own, first child, second child, spouse outside the register
_EDUCATION = ["90", "80", "70", "60", "40", "30", "20"]  # GB/T 4658; 90 stands for no schooling here
_SCHOOLING = [  # born before 1945, 1945 to 1954, from 1955
    [0.42, 0.45, 0.09, 0.02, 0.01, 0.005, 0.005],
    [0.20, 0.50, 0.21, 0.06, 0.02, 0.007, 0.003],
    [0.08, 0.42, 0.34, 0.11, 0.03, 0.015, 0.005],
]
LIVING_WITH = ("alone", "spouse", "children", "relatives")


def living_with(lives: Lives, households: Households, now: int) -> Ints:
    """With whom each person lives today or lived last: a position in LIVING_WITH."""
    partner_death = np.where(households.partner >= 0, lives.death[households.partner], NEVER)
    has_spouse = (households.marital == MARRIED) & (partner_death > np.minimum(now, lives.death - 1))
    relatives = lives.draws.chance("relatives", 0.06)
    return np.select([households.child_at_home, has_spouse, relatives], [2, 1, 3], default=0)


def person_frame(
    lives: Lives,
    households: Households,
    hardship: Hardship,
    level: Ints,
    living: Ints,
    plan: VillagePlan,
    parameters: Parameters,
    seed: int,
    now: int,
) -> tuple[pl.DataFrame, pl.Series]:
    book = surname_book(parameters)
    kin = settle_villages(plan, parameters, book, seed=seed)
    group = ethnic_groups(lives.draws, lives.village, plan, parameters, book, kin)
    surname = book.names.gather(surnames(lives.draws, lives.village, group, lives.is_man, plan, parameters, book, kin))
    partner = households.partner
    columns: dict[str, pl.Series] = {
        "person_no": pl.Series(lives.number),
        "cohort": labels(COHORTS, lives.cohort),
        "village_code": pl.Series(plan.codes).cast(pl.String).gather(lives.village),
        "registered_village_code": _registered(lives, plan, parameters),
        "surname": surname,
        **_name_columns(lives, surname, parameters),
        **_id_columns(lives, plan, parameters, seed),
        "sex": pl.Series(np.where(lives.is_man, 1, 2).astype(np.int8)),
        **_fact_columns(lives, parameters),
        "ethnic_group": pl.Series(book.ethnic_codes).gather(group),
        "marital": pl.Series(marital_on(households, lives, now).astype(np.int8)),
        **_phone_columns(lives, households, plan, parameters, now),
        "household_no": pl.Series(lives.number[households.head]),
        **_place_columns(lives, households, plan, parameters, seed),
        "living": labels(LIVING_WITH, living),
        "spouse_no": masked(pl.Series(lives.number).gather(np.maximum(partner, 0)), partner >= 0),
        "level": pl.Series(level.astype(np.int8)),
        "unable": masked(pl.Series(hardship.unable.astype(np.int8)), hardship.unable >= 0),
        "is_destitute": pl.Series(hardship.is_destitute),
        "is_dependent": pl.Series(hardship.is_dependent),
        "is_willing": pl.Series(hardship.is_willing),
        "is_in_difficulty": pl.Series(hardship.is_in_difficulty),
        "death_date": masked(dates(np.minimum(lives.death, now)), lives.death <= now),
    }
    return pl.DataFrame(columns), surname


def _name_columns(lives: Lives, surname: pl.Series, parameters: Parameters) -> dict[str, pl.Series]:
    born = birth_years(lives.birth)
    given = given_names(lives.draws, born, lives.is_man, parameters)
    former = surname + given_names(lives.draws, born, lives.is_man, parameters, "former")
    heard = surname + misheard(given, parameters)
    name = surname + given
    is_former = lives.draws.chance("has former", parameters.blocks["former_name_share"]["value"])
    is_heard = lives.draws.chance("misheard", parameters.blocks["homophones"]["share"]) & (heard != name).to_numpy()
    kind = np.select([is_former, is_heard], [1, 2], default=0)
    variant = pl.select(pl.when(pl.Series(kind == 1)).then(former).when(pl.Series(kind == 2)).then(heard)).to_series()
    return {
        "given": given,
        "name": name,
        "name_variant": variant,
        "variant_kind": labels((None, "former", "misheard"), kind),
    }


def _id_columns(lives: Lives, plan: VillagePlan, parameters: Parameters, seed: int) -> dict[str, pl.Series]:
    draws, shares = lives.draws, parameters.shares
    area = areas(plan.ordinal[lives.village], draws.chance("moved in", shares["moved_in_id"]))
    ids = resident_ids(area, lives.birth, serials(seed, area, lives.birth, lives.is_man))
    drawn = draws.unit("document")
    kind = np.select(
        [drawn < shares["no_document"], drawn < shares["no_document"] + shares["other_document"]], [2, 1], 0
    )
    serial = plan.ordinal[lives.village] * 10_000 + lives.within
    passport = "G99" + pl.Series(serial).cast(pl.String).str.zfill(8)  # longer than a real one
    number = pl.select(pl.when(pl.Series(kind == 0)).then(ids).when(pl.Series(kind == 1)).then(passport)).to_series()
    had_old = draws.chance("old ID", shares["old_15_digit_id"]) & (kind == 0)
    return {
        "id_kind": labels(("resident_id", "passport", "temporary"), kind),
        "id_number": number,
        "old_id_number": masked(old_ids(ids), had_old),
    }


def _fact_columns(lives: Lives, parameters: Parameters) -> dict[str, pl.Series]:
    lunar = lives.draws.chance("lunar", parameters.shares["lunar_birthday"])
    uncertain = is_uncertain(lives.draws, parameters)
    born = birth_years(lives.birth)
    generation = np.select([born < 1945, born < 1955], [0, 1], default=2)
    return {
        "birth_date": dates(lives.birth),
        "birth_precision": labels(("day", "year"), uncertain.astype(np.int64)),
        "birth_is_lunar": pl.Series(lunar & ~uncertain),
        "education": labels(_EDUCATION, lives.draws.choice_by_group("education", _SCHOOLING, generation)),
    }


def _phone_columns(
    lives: Lives, households: Households, plan: VillagePlan, parameters: Parameters, now: int
) -> dict[str, pl.Series]:
    draws, shares, partner = lives.draws, parameters.shares, households.partner
    owns = draws.chance("own mobile", shares["own_mobile"])
    shared = (partner >= 0) & owns[partner] & (lives.death[partner] > now)
    drawn = draws.unit("phone of")
    childs = (households.children > 0) & (drawn < shares["childs_phone"] / (1 - shares["own_mobile"]))
    kind = np.select([owns, shared, childs, drawn > 1 - shares["landline"]], [0, 1, 2, 3], default=4)
    owner = np.select([kind == 1, kind == 2], [partner, households.head], default=np.arange(len(kind)))
    mobile = mobile_numbers(plan.ordinal[lives.village], lives.within[owner] * PHONE_SLOTS + (kind == 2))
    phone = pl.select(
        pl.when(pl.Series(kind <= 2)).then(mobile).when(pl.Series(kind == 3)).then(land_lines(households.draws))
    ).to_series()
    return {"phone": phone, "phone_of": labels(("own", "spouse", "child", "land_line", "none"), kind)}


def _registered(lives: Lives, plan: VillagePlan, parameters: Parameters) -> pl.Series:
    """The village of the household register: usually the own one, else another of the same township."""
    elsewhere = lives.draws.chance("registered elsewhere", parameters.shares["registered_elsewhere"])
    first = np.searchsorted(plan.township, plan.township, side="left")
    count = np.searchsorted(plan.township, plan.township, side="right") - first
    other = first[lives.village] + lives.draws.below("registered in", count[lives.village])
    return pl.Series(plan.codes).cast(pl.String).gather(np.where(elsewhere, other, lives.village))


def _place_columns(
    lives: Lives, households: Households, plan: VillagePlan, parameters: Parameters, seed: int
) -> dict[str, pl.Series]:
    """Address within the village, and an invented point: house around village around township around county."""
    draws = households.draws
    groups = parameters.blocks["villages"]["group_count"]
    group = 1 + draws.below("group", groups)
    house = 1 + draws.below("house", 60)
    urban = pl.Series(plan.is_community[lives.village])
    first, second = pl.Series(group).cast(pl.String), pl.Series(house).cast(pl.String)
    room = pl.Series((1 + house % 6) * 100 + 1 + house // 6 % 4).cast(pl.String)
    address = pl.select(
        pl.when(urban).then(first + "栋" + room + "室").otherwise(first + "组" + second + "号")
    ).to_series()
    lon, lat = village_points(plan, parameters, seed=seed)
    return {
        "address": address,
        "lon": pl.Series(np.round(lon[lives.village] + draws.normal("lon") * 0.004, 6)),
        "lat": pl.Series(np.round(lat[lives.village] + draws.normal("lat") * 0.004, 6)),
    }
