"""Organisations and sites: the 1 + 13 + 48 + 1,656 of the newspaper page, and invented others."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import polars as pl

from yinling.city.draws import Ints, draws_for
from yinling.city.lives import day_number
from yinling.city.parameters import County, Parameters
from yinling.city.points import village_points
from yinling.city.quotas import VillagePlan, share_out

_USCC = "0123456789ABCDEFGHJKLMNPQRTUWXY"  # GB 32100: no I, O, S, V, Z
_ORG_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)  # GB 11714
PUBLIC_KINDS = ("city_centre", "county_centre", "regional_home")
HOME_KINDS = (*PUBLIC_KINDS, "home")
_USCC_HEAD = {"public_institution": "12", "non_profit": "52", "company": "91"}
_ORG_SCHEMA = {"org_no": pl.Int64, "name": pl.String, "kind": pl.String, "legal_form": pl.String, "uscc": pl.String}


def uscc(legal_form: str, number: int) -> str:
    """A unified social credit code valid in form (GB 32100, GB 11714), with the invented area 990000."""
    body = f"9{number:07d}"
    rest = 11 - sum(int(digit) * weight for digit, weight in zip(body, _ORG_WEIGHTS, strict=True)) % 11
    code = _USCC_HEAD[legal_form] + "990000" + body + {10: "X", 11: "0"}.get(rest, str(rest))
    total = sum(_USCC.index(char) * pow(3, at, 31) for at, char in enumerate(code))
    return code + _USCC[(31 - total % 31) % 31]


def short_name(county: str) -> str:
    """A county's name as people say it: 麻阳苗族自治县 is 麻阳."""
    for tail in ("苗族侗族自治县", "侗族自治县", "苗族自治县", "县", "区", "市"):
        if county.endswith(tail) and not county.endswith("管理区"):
            return county.removesuffix(tail)
    return county.removeprefix("怀化市")


def organisation_frame(parameters: Parameters, home_names: list[tuple[str, str]]) -> pl.DataFrame:
    """Legal persons: 16 quality operators, 8 charity canteens, 13 assessment firms, then one per home.

    `home_names` are (name, legal form) of the homes, in order of the sites. Columns: org_no, name, kind
    (quality_operator, charity_canteen, assessor, home), legal_form, uscc, combination, has_canteen_plaque.
    """
    block = parameters.blocks["network"]
    words = [place + hope for hope in block["names"]["hopes"] for place in block["names"]["places"]]
    counts = block["organisations"]
    rows: list[tuple[str, str, str]] = []
    for at in range(counts["quality_operator"]):
        rows.append((words[at] + "养老服务有限公司", "quality_operator", "company"))
    for at in range(counts["charity_canteen"]):
        rows.append((words[20 + at] + "慈善食堂", "charity_canteen", "non_profit"))
    for county in parameters.counties:
        rows.append((short_name(county.name) + "老年人能力评估服务中心", "assessor", "non_profit"))
    rows += [(name, "home", legal_form) for name, legal_form in home_names]
    combinations = block["combinations"]["names"]
    return pl.DataFrame(
        [(at + 1, name, kind, form, uscc(form, at + 1)) for at, (name, kind, form) in enumerate(rows)],
        schema=_ORG_SCHEMA,
        orient="row",
    ).with_columns(
        combination=pl.when(pl.col("kind") == "quality_operator").then(
            pl.lit(pl.Series(combinations))
            .implode()
            .first()
            .list.get((pl.col("org_no") % len(combinations)).cast(pl.Int64))
        ),
        has_canteen_plaque=pl.col("kind") == "charity_canteen",
    )


def site_frame(plan: VillagePlan, townships: dict[str, str], parameters: Parameters, *, seed: int) -> pl.DataFrame:
    """All sites, without organisations: see `network.Network`. `townships` maps 9-digit codes to names."""
    lon, lat = village_points(plan, parameters, seed=seed)
    draws = draws_for(seed, "site village", plan.codes)
    order = np.argsort(draws.unit("order"), kind="stable")
    taken: set[int] = set()
    rows: list[dict[str, Any]] = []
    for kind, county, village in _home_places(plan, parameters, order, taken):
        rows.append(_home_row(kind, parameters.counties[county], village, plan, townships, len(rows), parameters))
    for village in _day_places(plan, parameters, order):
        rows.append(_row("day_centre", village, plan, plan.name[village] + "日间照料中心", date(2021, 1, 1)))
    for village, opened in _points(plan, parameters, order):
        rows.append(_row("village_point", village, plan, plan.name[village] + "互助养老点", opened))
    frame = pl.DataFrame(rows, infer_schema_length=None).with_row_index("site_no", offset=1)
    at = frame["village"].to_numpy()
    scatter = draws_for(seed, "site", frame["site_no"].to_numpy())
    models = parameters.blocks["network"]["mutual_aid_models"]["names"]
    chosen = pl.Series(models).gather(scatter.choice("mutual aid", [0.5, 0.3, 0.2]))
    return frame.with_columns(
        site_no=pl.col("site_no").cast(pl.Int64),
        lon=pl.Series(np.round(lon[at] + scatter.normal("lon") * 0.003, 6)),
        lat=pl.Series(np.round(lat[at] + scatter.normal("lat") * 0.003, 6)),
        mutual_aid_model=pl.when(pl.col("kind") == "village_point").then(chosen),
    ).drop("village")


def _home_places(plan: VillagePlan, parameters: Parameters, order: Ints, taken: set[int]) -> list[tuple[str, int, int]]:
    """(kind, county, village) of every home: centres in communities, township homes one per township."""
    block = parameters.blocks["network"]
    places = []
    city_seat = parameters.county_position(_city_project(parameters)["county"])
    seats = [("city_centre", city_seat)] + [("county_centre", county) for county in range(len(parameters.counties))]
    for kind, county in seats:
        village = next(v for v in order if plan.county[v] == county and plan.is_community[v] and int(v) not in taken)
        taken.add(int(village))
        places.append((kind, county, int(village)))
    for county, unit in enumerate(parameters.counties):
        villages = [int(v) for v in order if plan.county[v] == county and int(v) not in taken]
        of_township = list({int(plan.township[v]): v for v in reversed(villages)}.values())[::-1]
        count = block["regional_homes"]["counts"][unit.code]
        places += [("regional_home", county, village) for village in of_township[:count]]
    population = np.array([unit.population for unit in parameters.counties])
    for county, count in enumerate(share_out(block["other_sites"]["home"], population)):
        villages = [int(v) for v in order if plan.county[v] == county and plan.is_community[v]]
        places += [("home", county, villages[at % len(villages)]) for at in range(count)]
    return places


def _city_project(parameters: Parameters) -> dict[str, Any]:
    """The project that built the city centre: it opened when that was finished."""
    entries: list[dict[str, Any]] = parameters.blocks["network"]["projects"]["entries"]
    return next(entry for entry in entries if entry["site"] == "city_centre")


def _day_places(plan: VillagePlan, parameters: Parameters, order: Ints) -> list[int]:
    communities = [int(v) for v in order if plan.is_community[v]]
    return sorted(communities[: parameters.blocks["network"]["other_sites"]["day_centre"]])


def _points(plan: VillagePlan, parameters: Parameters, order: Ints) -> list[tuple[int, date]]:
    """The village points, each county its share, opened one after the other over five years."""
    total = parameters.blocks["network"]["sites"]["village_point"]
    quota = share_out(total, np.bincount(plan.county, minlength=len(parameters.counties)))
    chosen: list[int] = []
    for county, count in enumerate(quota):
        chosen += [int(v) for v in order if plan.county[v] == county][:count]
    turn = {village: at for at, village in enumerate([int(v) for v in order if int(v) in set(chosen)])}
    first, last = day_number(parameters.history_from), day_number(parameters.care_as_of) - 30
    days = {v: first + 15 + (last - first - 15) * at // len(turn) for v, at in turn.items()}
    return [(v, date.fromordinal(days[v] + date(1970, 1, 1).toordinal())) for v in sorted(chosen)]


def _home_row(
    kind: str,
    county: County,
    village: int,
    plan: VillagePlan,
    townships: dict[str, str],
    at: int,
    parameters: Parameters,
) -> dict[str, Any]:
    if kind == "city_centre":
        return _row(kind, village, plan, "怀化市失能失智老年人照护中心", _city_project(parameters)["finished"])
    if kind == "county_centre":
        return _row(kind, village, plan, short_name(county.name) + "失能特困人员集中照护中心", date(2016, 5, 1))
    if kind == "regional_home":
        name = townships[str(plan.township[village])] + "区域性养老服务中心"
        return _row(kind, village, plan, name, date(2015, 10, 1))
    words = parameters.blocks["network"]["names"]
    label = words["places"][at % len(words["places"])] + words["hopes"][at // 8 % len(words["hopes"])]
    return _row(kind, village, plan, short_name(county.name) + label + "养老院", date(2017, 3, 1 + at % 28))


def _row(kind: str, village: int, plan: VillagePlan, name: str, opened_on: date) -> dict[str, Any]:
    return {
        "kind": kind,
        "name": name,
        "county_code": str(plan.codes[village])[:6] + "000000",
        "village_code": str(plan.codes[village]),
        "village": village,
        "opened_on": opened_on,
    }
