"""Bench `planning`: the published collection, a large block, and the first call of a fresh process.

Seconds are of the process (so a busy machine costs nothing but patience), moves are told beside them; each search
runs on one core. Plans that beat the published costs are kept in `benchmarks/planning/plans` in the benchmark's own
format, with seed, seconds and moves in `plans.csv`, unless a better one is there.
"""

import csv
import gzip
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from statistics import mean, median

from yinling.benches.planning_district import a_district, an_urgent_visit
from yinling.benches.report import Report, Result
from yinling.engines.planning.checking import faults_of, parts_of
from yinling.engines.planning.hhcrsp import plan_to_json, problem_from
from yinling.engines.planning.problem import Parts
from yinling.engines.planning.replanning import News, Standing, replan
from yinling.engines.planning.solving import Params, Search, Until, solve

FOLDER = Path(__file__).resolve().parents[2] / "benchmarks" / "planning"
QUICK = (
    "InstanzCPLEX_HCSRP_10_1", "InstanzCPLEX_HCSRP_25_1", "InstanzCPLEX_HCSRP_50_9", "InstanzVNS_HCSRP_300_1",
    "instance_003-rome-r19-p44-s4-sim22.3-seq22.9", "HHCRSP_50_10_60_0.4_C_RC",
    "001-cesena-p68-d6-i0.04-pt0.74-0.08-0.18-c6-6-3",
)  # fmt: skip
FIRST_CALL = """
import time; begun = time.process_time()
from yinling.engines.planning.solving import Until, solve
from yinling.engines.planning.problem import Carer, Problem, Task, Visit
import numpy
visit = Visit("v", 0, 0.0, 9.0, (Task("s", 1.0),))
problem = Problem([visit], [Carer("c", frozenset("s"), 0, 0)], {"car": numpy.zeros((1, 1))})
solve(problem, Until(moves=10)); print(time.process_time() - begun)
"""


@dataclass(frozen=True)
class Published:
    """A row of best_published.csv; `cost` None where none is published."""

    family: str
    instance: str
    patients: int
    cost: float | None


@dataclass(frozen=True)
class Run:
    """One search of one instance: what it cost, in seconds of the process, moves and faults."""

    published: Published
    seed: int
    seconds: float
    moves: int
    parts: Parts
    faults: int
    plan: str

    @property
    def gap(self) -> float:
        """Per cent above the best published cost."""
        return 100 * (self.parts.cost / (self.published.cost or self.parts.cost) - 1)


def run(quick: bool) -> Report:
    """All rows of the bar; `quick` takes seven instances for three seconds, one seed, and a shorter large block."""
    seconds, seeds = (3.0, [1]) if quick else (60.0, [1, 2, 3])
    asked = [row for row in published() if not quick or row.instance in QUICK]
    first = list(_first_calls())
    jobs = [(row, seed, seconds) for row in asked for seed in (seeds if row.family == "mankowska" else seeds[:1])]
    with ProcessPoolExecutor(max_workers=os.cpu_count()) as pool:
        runs = list(pool.map(search_one, jobs))
    _keep(runs)
    return Report(
        name="planning",
        sizes={
            "instances": len(asked),
            "seeds": len(seeds),
            "seconds": seconds,
            "searches at once": os.cpu_count() or 1,
        },
        results=[
            *first,
            *_mankowska([one for one in runs if one.published.family == "mankowska"], quick),
            *_others([one for one in runs if one.published.family != "mankowska"], quick),
            *_large_block(quick),
        ],
    )


def published() -> list[Published]:
    """The collection: every instance in the folder, with what is published of it."""
    with (FOLDER / "best_published.csv").open(encoding="utf-8") as file:
        rows = {row["instance"]: row for row in csv.DictReader(file)}
    found = []
    for path in sorted((FOLDER / "instances").glob("*.json.gz")):
        name = path.name.removesuffix(".json.gz")
        row = rows.get(name)
        if row is not None:
            cost = float(row["best_published"]) if row["best_published"] else None
            found.append(Published(row["family"], name, int(row["patients"]), cost))
        elif name != "toy":
            found.append(Published("extended", name, 0, None))
    return found


def search_one(job: tuple[Published, int, float]) -> Run:
    """Search one instance from one seed. The compiled code is loaded before the clock starts."""
    row, seed, seconds = job
    problem = problem_from(gzip.decompress((FOLDER / "instances" / f"{row.instance}.json.gz").read_bytes()).decode())
    solve(problem, Until(moves=10), seed)
    begun = time.process_time()
    plan = solve(problem, Until(seconds=seconds, clock=time.process_time), seed)
    spent = time.process_time() - begun
    faults = len(faults_of(problem, plan))
    return Run(row, seed, round(spent, 1), plan.moves, parts_of(problem, plan), faults, plan_to_json(plan))


def _mankowska(runs: list[Run], quick: bool) -> Iterator[Result]:
    by_instance = _grouped(runs)
    gaps = {name: median(run.gap for run in found) for name, found in by_instance.items()}
    worst = max(gaps, key=lambda name: gaps[name])
    ten = [one for one in runs if one.published.patients == 10]
    large = [gaps[name] for name, found in by_instance.items() if found[0].published.patients == 300]
    yield _row(
        "mankowska: mean gap to the best published, median of seeds", mean(gaps.values()), "%", "<= 0", 0.0, quick
    )
    yield _row(f"mankowska: worst gap ({worst})", gaps[worst], "%", "<= 1", 1.0, quick)
    yield _row("mankowska, size 300: mean gap", mean(large), "%", "<= -2", -2.0, quick)
    yield from _proven([one.published for one in ten if one.seed == 1])
    yield Result(
        "mankowska: beaten, of all searches", sum(one.gap < -1e-3 for one in runs), f"of {len(runs)}", "", None
    )
    yield _row("faults the judge finds", sum(one.faults for one in runs), "faults", "0", 0.0, quick=False)
    for name, found in by_instance.items():
        moves = round(median(one.moves for one in found) / 1e6, 1)
        yield Result(f"{name}: gap, {moves} million moves", round(gaps[name], 3), "%", "", None)


def _proven(rows: list[Published]) -> Iterator[Result]:
    missed = sum(search_one((row, 1, 2.0)).gap > 1e-2 for row in rows)
    yield _row(f"proven optima of size 10 not found in 2 s, of {len(rows)}", missed, "instances", "0", 0.0, quick=False)


def _others(runs: list[Run], quick: bool) -> Iterator[Result]:
    known = [one for one in runs if one.published.cost is not None]
    yield _row("Italian and Kummer: mean gap", mean(one.gap for one in known), "%", "<= 1.5", 1.5, quick)
    for one in known:
        yield Result(
            f"{one.published.instance}: gap, {one.moves / 1e6:.1f} million moves", round(one.gap, 3), "%", "", None
        )
    for one in runs:
        if one.published.cost is None:
            parts = ", ".join(f"{name} {value:.0f}" for name, value in vars(one.parts).items() if name != "cost")
            what = f"{one.published.instance}: {parts}; faults"
            yield Result(what, one.faults, "faults", "0", one.faults == 0)


def _large_block(quick: bool) -> Iterator[Result]:
    problem = a_district(2_000, 200, 60)
    begun = time.process_time()
    search = Search(problem, 1, Params())
    search.fill()
    spent = time.process_time() - begun
    faults = len(faults_of(problem, search.plan()))
    yield _row("2,000 visits, 200 staff, 60 start points: a plan", spent, "s", "<= 1", 1.0, quick=False)
    yield _row("faults of that plan", faults, "faults", "0", 0.0, quick=False)
    short, long = (3.0, 15.0) if quick else (30.0, 600.0)
    plan = solve(problem, Until(seconds=short, clock=time.process_time))
    best = solve(problem, Until(seconds=long, clock=time.process_time), seed=2)
    over = 100 * (plan.parts.cost / best.parts.cost - 1)
    yield _row(f"{short:g} s against {long:g} s", over, "% dearer", "<= 3", 3.0, quick)
    standing = Standing(problem, plan, 600.0)
    begun = time.process_time()
    found = replan(standing, News(urgent=(an_urgent_visit(problem, 600.0),)), Until(moves=0))
    placed = "urgent" not in found.plan.left_out and not faults_of(found.problem, found.plan)
    spent = time.process_time() - begun
    yield _row("an urgent visit in that block, judged too", spent if placed else 999.0, "s", "<= 1", 1.0, quick=False)


def _first_calls() -> Iterator[Result]:
    with tempfile.TemporaryDirectory() as folder:
        for name, bar in (("cold", 30.0), ("warm", 3.0)):
            done = subprocess.run(
                [sys.executable, "-c", FIRST_CALL], env=os.environ | {"NUMBA_CACHE_DIR": folder}, text=True,
                capture_output=True, check=True,
            )  # fmt: skip
            yield _row(
                f"first call in a fresh process, cache {name}", float(done.stdout), "s", f"<= {bar:g}", bar, False
            )


def _grouped(runs: Iterable[Run]) -> dict[str, list[Run]]:
    found: dict[str, list[Run]] = {}
    for one in runs:
        found.setdefault(one.published.instance, []).append(one)
    return found


def _row(what: str, value: float, unit: str, bar: str, at_most: float, quick: bool) -> Result:
    return Result(what, round(value, 3), unit, bar, None if quick else value <= at_most)


def _keep(runs: list[Run]) -> None:
    """Write the plans that beat the published cost, where none as good is kept."""
    plans = FOLDER / "plans"
    plans.mkdir(exist_ok=True)
    index = plans / "plans.csv"
    kept: dict[str, list[str]] = {}
    if index.exists():
        with index.open(encoding="utf-8", newline="") as file:
            kept = {row[0]: row for row in list(csv.reader(file))[1:]}
    for one in sorted(runs, key=lambda run: run.parts.cost):
        name = one.published.instance
        if one.gap < -1e-3 and one.faults == 0 and (name not in kept or one.parts.cost < float(kept[name][1]) - 1e-6):
            row = [f"{one.parts.cost:.4f}", f"{one.published.cost}", str(one.seed), f"{one.seconds}", str(one.moves)]
            kept[name] = [name, *row]
            (plans / f"{name}.json").write_text(one.plan, encoding="utf-8")
    with index.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["instance", "cost", "best_published", "seed", "seconds", "moves"])
        writer.writerows(kept[name] for name in sorted(kept))
