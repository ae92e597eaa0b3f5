"""Bench `pairing`: 44,700 elders and 8,600 volunteers of a city with Huaihua's divisions, each elder one visitor.

The divisions are the pack's; positions, people, loads and wishes are invented (a township every so many kilometres,
its villages around it, more people in streets than in villages, languages by county). A tenth of the elders is visited
weekly, a quarter fortnightly, the rest monthly: an elder is not divided between two visitors, so the relaxation's bound
cannot be met everywhere. The same city with one visit for everybody is solved as well: there the gap must be 0.
"""

import csv
import resource
import time
from dataclasses import replace
from pathlib import Path

import numpy as np

from yinling.benches.report import Report, Result
from yinling.engines.planning.pairing.problem import Elder, Problem, Solution, Visitor
from yinling.engines.planning.pairing.solving import solve

SEED = 20_261_124
ELDERS, VOLUNTEERS, QUICK = 44_700, 8_600, 10
DIVISIONS = Path(__file__).parents[2] / "packs" / "huaihua" / "divisions.csv"
LANGUAGES = {"苗族": "miao", "侗族": "dong"}


def run(quick: bool) -> Report:
    """Solve the city; `quick` takes a tenth of its people and villages."""
    share = QUICK if quick else 1
    problem = a_city(ELDERS // share, VOLUNTEERS // share, share)
    solve(a_city(200, 40, 200))  # compiles, or loads what was compiled
    seconds, solution = _timed(problem)
    alike = replace(problem, elders=[replace(one, visits=1) for one in problem.elders])
    seconds_alike, solution_alike = _timed(alike)
    return Report(
        name="pairing",
        sizes={
            "elders": len(problem.elders), "volunteers": len(problem.visitors),
            "villages": len({one.village for one in problem.elders}),
            "visits a month": sum(one.visits for one in problem.elders),
            "room for visits": sum(one.load for one in problem.visitors), "seed": SEED,
            "bars": "set for 44,700 elders and 8,600 volunteers" if quick else "at full size",
        },
        results=[
            _result("time, judge and bound included", seconds, "s", "<= 60", seconds <= 60, quick),
            _result("gap to the bound", 100 * solution.gap, "%", "<= 1", solution.gap <= 0.01, quick),
            *_figures(solution),
            _plain("one visit for everybody: time", seconds_alike, "s"),
            Result("one visit for everybody: gap to the bound", round(100 * solution_alike.gap, 4), "%", "0",
                   solution_alike.gap == 0),
            _plain("one visit for everybody: extra helpers", solution_alike.helpers, "helpers"),
            _plain("one visit for everybody: fewest helpers proven", solution_alike.least_helpers, "helpers"),
            _plain("peak memory of the process", resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, "MB"),
        ],
    )  # fmt: skip


def _figures(solution: Solution) -> list[Result]:
    short = [one for one in solution.villages if one.least_helpers]
    return [
        _plain("elders with a visitor", len(solution.pairs), "elders"),
        _plain("extra helpers", solution.helpers, "helpers"),
        _plain("fewest helpers proven", solution.least_helpers, "helpers"),
        _plain("villages that lack helpers whatever is done", len(short), "villages"),
        _plain(
            "of these the helpers proven for each village alone", sum(one.least_helpers for one in short), "helpers"
        ),
        _plain("cost", solution.cost, "points"),
        _plain("bound", solution.bound, "points"),
        *(_plain(f"cost part {name}", points, "points") for name, points in solution.parts.items()),
    ]


def _timed(problem: Problem) -> tuple[float, Solution]:
    started = time.perf_counter()
    solution = solve(problem)
    return time.perf_counter() - started, solution


def _result(what: str, value: float, unit: str, bar: str, holds: bool, quick: bool) -> Result:
    return Result(what, round(value, 3), unit, bar, None if quick else holds)


def _plain(what: str, value: float, unit: str) -> Result:
    return Result(what, round(value, 3), unit, "", None)


def a_city(elders: int, volunteers: int, one_in: int, seed: int = SEED) -> Problem:
    """So many elders and volunteers in every so-manieth village of the divisions file."""
    draw = np.random.default_rng(seed)
    villages = _villages(draw, one_in)
    weights = np.array([village["size"] for village in villages])
    homes = draw.choice(len(villages), elders, p=weights / weights.sum())
    uneven = weights * draw.gamma(3.0, 1.0, len(villages))  # where there are elders there are not always volunteers
    starts = draw.choice(len(villages), volunteers, p=uneven / uneven.sum())
    visitors = [_volunteer(draw, n, villages[at]) for n, at in enumerate(starts)]
    by_village: dict[int, list[str]] = {}
    for one in visitors:
        by_village.setdefault(one.village, []).append(one.key)
    return Problem([_elder(draw, n, villages[at], by_village) for n, at in enumerate(homes)], visitors)


def _villages(draw: np.random.Generator, one_in: int) -> list[dict]:
    with DIVISIONS.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    names = {row["code12"]: row["name"] for row in rows}
    counties = {row["code12"]: draw.uniform(0, 120_000, 2) for row in rows if row["level"] == "county"}
    towns = {
        row["code12"]: (counties[row["parent12"]] + draw.normal(0, 18_000, 2), row["parent12"])
        for row in rows if row["level"] == "township"
    }  # fmt: skip
    found = []
    for row in [row for row in rows if row["level"] == "village"][::one_in]:
        centre, county = towns[row["parent12"]]
        is_town = "街道" in names[row["parent12"]]
        found.append({
            "code": int(row["code12"]), "at": centre + draw.normal(0, 800 if is_town else 3_500, 2), "is_town": is_town,
            "size": draw.gamma(2.0, 1.0) * (2.5 if is_town else 1.0),
            "own": next((word for title, word in LANGUAGES.items() if title in names[county]), ""),
        })  # fmt: skip
    return found


def _tongues(draw: np.random.Generator, village: dict, share_own: float, share_both: float) -> frozenset[str]:
    if village["own"] and (luck := draw.random()) < share_own:
        return frozenset({village["own"]} | ({"mandarin"} if luck < share_both else set()))
    return frozenset({"mandarin"})


def _person(draw: np.random.Generator, village: dict) -> dict:
    x_m, y_m = village["at"] + draw.normal(0, 250 if village["is_town"] else 500, 2)
    return {"village": village["code"], "x_m": float(x_m), "y_m": float(y_m)}


def _elder(draw: np.random.Generator, number: int, village: dict, by_village: dict[int, list[str]]) -> Elder:
    known = by_village.get(village["code"], [])
    now = known[draw.integers(len(known))] if known and draw.random() < 0.4 else ""
    return Elder(
        f"e{number}", visits=int(draw.choice([1, 2, 4], p=[0.65, 0.25, 0.10])), visitor=now,
        speaks=_tongues(draw, village, 0.5, 0.2), sex=str(draw.choice(["", "1", "2"], p=[0.85, 0.05, 0.10])),
        skills=frozenset({"nursing"}) if draw.random() < 0.1 else frozenset(), **_person(draw, village),
    )  # fmt: skip


def _volunteer(draw: np.random.Generator, number: int, village: dict) -> Visitor:
    return Visitor(
        f"v{number}", load=int(draw.integers(4, 17)), speaks=_tongues(draw, village, 0.4, 0.4),
        sex=str(draw.choice(["1", "2"], p=[0.3, 0.7])), reach=300 if draw.random() < 0.1 else 100,
        skills=frozenset({"nursing"}) if draw.random() < 0.2 else frozenset(), **_person(draw, village),
    )  # fmt: skip
