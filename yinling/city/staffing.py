"""Who works in the sites, with certificates; and the licences of the sites. Whole at every scale.

Dates that repeat (renewals, health certificates) are counted up to the city's today, so that at any today some have
just expired and some are about to.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import polars as pl

from yinling.city.columns import dates, masked
from yinling.city.draws import Draws, Ints, draws_for
from yinling.city.identities import areas, mobile_numbers, resident_ids, serials
from yinling.city.lives import birth_years, day_number
from yinling.city.names import given_names, surname_book
from yinling.city.parameters import Parameters
from yinling.city.sites import HOME_KINDS, PUBLIC_KINDS

_STAFF_ORDINAL = 0  # villages count from 1: the staff's telephone numbers are nobody else's
_CERTIFICATE = {
    "manager": "safety",
    "carer": "carer",
    "nurse": "nurse",
    "cook": "cook",
    "assessor": "assessor",
    "coordinator": None,
}
_LICENCE_YEARS = {
    "filing": None,
    "fire_acceptance": None,
    "registration": 5,
    "food": 5,
    "fire_test": 1,
    "liability_insurance": 1,
}
_DAY_CENTRE_LICENCES = ("filing", "fire_acceptance", "food")


def staff_frame(
    sites: pl.DataFrame,
    organisations: pl.DataFrame,
    beds: pl.DataFrame,
    parameters: Parameters,
    *,
    seed: int,
    today: date,
) -> pl.DataFrame:
    """Columns: staff_no, org_no, site_no (null: assessors), role (manager, carer, nurse, cook, assessor, coordinator),
    name, sex, birth_date, id_number, phone, hired_on, certificate, certificate_level (care workers: 1 highest to 5),
    certificate_number, certified_on, certificate_expires_on (null: for life), health_certificate_expires_on."""
    places = _posts(sites, organisations, beds)
    number = np.arange(1, len(places) + 1)
    draws = draws_for(seed, "staff", number)
    role = places["role"]
    is_man = draws.chance("sex", np.where(role == "manager", 0.6, np.where(role == "coordinator", 0.55, 0.15)))
    birth = day_number(date(1968, 1, 1)) + draws.below("born", round(28 * 365.25))
    hired = np.maximum(birth + round(20 * 365.25), day_number(date(2017, 1, 1)) + draws.below("hired", 8 * 365))
    area = areas(np.zeros(len(number), dtype=np.int64), np.ones(len(number), dtype=bool))
    frame = places.with_columns(
        staff_no=pl.Series(number),
        name=_names(draws, birth, is_man, parameters),
        sex=pl.Series(np.where(is_man, 1, 2).astype(np.int8)),
        birth_date=dates(birth),
        id_number=resident_ids(area, birth, serials(seed, area, birth, is_man)),
        phone=mobile_numbers(np.full(len(number), _STAFF_ORDINAL), number),
        hired_on=dates(np.minimum(hired, day_number(today) - 30)),
    )
    return frame.with_columns(**_certificates(draws, frame, hired, today)).select("staff_no", pl.exclude("staff_no"))


def _posts(sites: pl.DataFrame, organisations: pl.DataFrame, beds: pl.DataFrame) -> pl.DataFrame:
    counts = dict(beds.filter(pl.col("kind") != "day").group_by("site_no").len().iter_rows())
    rows: list[tuple[int | None, int | None, str]] = []
    for site in sites.filter(pl.col("kind").is_in([*HOME_KINDS, "village_point"])).iter_rows(named=True):
        beds_here = counts.get(site["site_no"], 0)
        posts = {"coordinator": 1}
        if beds_here:
            posts = {
                "manager": 1,
                "carer": 1 + beds_here // 10,
                "nurse": 1 + beds_here // 90,
                "cook": 1 + beds_here // 120,
            }
        for role, count in posts.items():
            rows += [(site["org_no"], site["site_no"], role)] * count
    for org_no in organisations.filter(pl.col("kind") == "assessor")["org_no"]:
        rows += [(org_no, None, "assessor")] * 6
    return pl.DataFrame(rows, schema={"org_no": pl.Int64, "site_no": pl.Int64, "role": pl.String}, orient="row")


def _names(draws: Draws, birth: Ints, is_man: np.ndarray, parameters: Parameters) -> pl.Series:
    book = surname_book(parameters)
    pool = draws.below("pool", len(book.weights))
    surname = book.names.gather(draws.choice_by_group("surname", book.weights, pool))
    return surname + given_names(draws, birth_years(birth), is_man, parameters)


def _certificates(draws: Draws, frame: pl.DataFrame, hired: Ints, today: date) -> dict[str, pl.Series | pl.Expr]:
    now = day_number(today)
    kind = frame["role"].replace_strict(_CERTIFICATE, return_dtype=pl.String)
    # one carer in eight works without a certificate: the supervision finds them
    has = kind.is_not_null() & ~((frame["role"] == "carer") & pl.Series(draws.chance("uncertified", 0.12)))
    certified = np.minimum(hired + draws.below("certified", 700) - 300, now - 20)
    level = pl.Series(5 - draws.choice("level", [0.42, 0.33, 0.19, 0.05, 0.01]).astype(np.int8))
    years = np.where(frame["role"] == "nurse", 5, 3)
    expires = _last_renewal(certified, years, draws, "certificate", now)
    is_for_life = frame["role"] == "carer"
    health = _last_renewal(hired, np.ones(len(hired), dtype=np.int64), draws, "health", now)
    in_home = frame["role"].is_in(["carer", "nurse", "cook", "manager"])
    numbers = "YL" + pl.Series(draws.below("number", 10**8)).cast(pl.String).str.zfill(8)
    return {
        "certificate": masked(kind, has),
        "certificate_level": masked(level, has & (kind == "carer")),
        "certificate_number": masked(numbers, has),
        "certified_on": masked(dates(certified), has),
        "certificate_expires_on": masked(dates(expires), has & ~is_for_life),
        "health_certificate_expires_on": masked(dates(health), in_home),
    }


def licence_frame(sites: pl.DataFrame, parameters: Parameters, *, seed: int, today: date) -> pl.DataFrame:
    """Columns: licence_no, site_no, kind (filing, fire_acceptance, registration, food, fire_test, liability_insurance),
    number, issued_on (last renewal), expires_on (null: no end). Day centres have three of them."""
    rows: list[dict[str, Any]] = []
    for site in sites.filter(pl.col("kind").is_in([*HOME_KINDS, "day_centre"])).iter_rows(named=True):
        for kind in _LICENCE_YEARS:
            if site["kind"] in HOME_KINDS or kind in _DAY_CENTRE_LICENCES:
                rows.append({"site_no": site["site_no"], "kind": kind, "opened": day_number(site["opened_on"])})
    frame = pl.DataFrame(rows)
    number = np.arange(1, len(rows) + 1)
    draws, now = draws_for(seed, "licence", number), day_number(today)
    first = np.minimum(frame["opened"].to_numpy() + draws.below("issued", 500), now - 40)
    years = frame["kind"].replace_strict(_LICENCE_YEARS, return_dtype=pl.Int64)
    expires = _last_renewal(first, years.fill_null(1).to_numpy(), draws, "renewal", now)
    issued = np.where(
        years.is_null(), first, expires - np.round(years.fill_null(0).to_numpy() * 365.25).astype(np.int64)
    )
    return frame.select(
        pl.Series("licence_no", number),
        "site_no",
        "kind",
        number="99" + pl.Series(number).cast(pl.String).str.zfill(8),
        issued_on=dates(issued),
        expires_on=masked(dates(expires), years.is_not_null()),
    )


def _last_renewal(first: Ints, years: Ints, draws: Draws, name: str, now: int) -> Ints:
    """The day on which the running term ends; one in 30 was not renewed in time and has ended."""
    term = np.round(years * 365.25).astype(np.int64)
    terms = np.maximum(-(-(now + 1 - first) // term), 1)
    is_late = draws.chance(name + " late", 1 / 30) & (terms > 1) & (first + (terms - 1) * term > now - 120)
    return first + np.where(is_late, terms - 1, terms) * term


def operator_columns(sites: pl.DataFrame, parameters: Parameters, *, seed: int) -> pl.DataFrame:
    """`site_no` with operator_model, operator_org_no (quality operators: 1 to 16), filing_number, phone, fees, facts.

    Fees are fen per month. Facts: has_lift, has_kitchen, has_medical_unit (own rehabilitation hospital or nursing
    home), area_m2.
    """
    quota = dict(parameters.blocks["network"]["operator_models"]["public_built"])
    draws = draws_for(seed, "operator", sites["site_no"].to_numpy())
    lift, medical = draws.chance("lift", 0.4), draws.chance("medical", 0.12)
    fee, area = 160_000 + 10_000 * draws.below("fee", 12), 600 + draws.below("area", 5400)
    rows = []
    for at, site in enumerate(sites.iter_rows(named=True)):
        kind = site["kind"]
        is_private_run = quota.get(kind, 0) > 0
        quota[kind] = quota.get(kind, 0) - 1
        is_home = kind in HOME_KINDS
        model = "private_non_profit" if at % 3 else "private"
        if kind in PUBLIC_KINDS:
            model = "public_built" if is_private_run else "public"
        rows.append(
            {
                "site_no": site["site_no"],
                "operator_model": model if is_home else "public",
                "operator_org_no": 1 + at % 16 if kind in PUBLIC_KINDS and is_private_run else None,
                "filing_number": f"99{site['county_code'][2:6]}{site['site_no']:05d}" if is_home else None,
                "phone": f"0745-9{500_000 + site['site_no']:06d}" if kind != "village_point" else None,
                "fee_low_fen": int(fee[at]) if is_home else None,
                "fee_high_fen": int(fee[at]) * 2 if is_home else None,
                "area_m2": int(area[at]) if is_home else 60 + int(area[at]) % 240,
                "has_lift": bool(lift[at]) and is_home,
                "has_kitchen": is_home or kind == "day_centre",
                "has_medical_unit": bool(medical[at]) and is_home,
            }
        )
    return pl.DataFrame(rows, infer_schema_length=None)
