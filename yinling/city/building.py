"""`yinling city build`: the demonstration city, into an empty database.

Persons come county by county, so that memory holds one county at a time. Everything goes through the doors that real
imports use. A small city is one transaction: a machine that stops in the middle leaves the database empty. A large one
is written in pieces, because SQLite is slow in a transaction of gigabytes; if it stops, build it into a new place.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import polars as pl
from django.conf import settings
from django.db import connection, transaction

from yinling.accounts.models import User
from yinling.city.accounts import home_of, make_accounts
from yinling.city.alerts import load_alerts
from yinling.city.arrivals import Setting, as_load, setting_of
from yinling.city.children import load_children
from yinling.city.devices import load_city_devices
from yinling.city.duties import open_duties
from yinling.city.facts import count_facts
from yinling.city.figures import keep_figures
from yinling.city.inspections import load_inspections
from yinling.city.loading_assessments import date_back, load_assessments
from yinling.city.loading_network import load_network
from yinling.city.models import Build
from yinling.city.money import pay_bills
from yinling.city.network import Network, build_network
from yinling.city.pairing import load_wishes_and_proposal
from yinling.city.parameters import Parameters, read_parameters
from yinling.city.plans import load_care_plans
from yinling.city.population import People, build_people
from yinling.city.rounds import load_city_rounds
from yinling.city.samples import sample_lists, sample_rosters, without_newcomers
from yinling.city.shifts import run_shifts
from yinling.city.signs import load_signs
from yinling.city.visits import load_city_visits
from yinling.city.volunteers import load_time_bank
from yinling.kernel.actors import System
from yinling.kernel.clock import civil_date, now
from yinling.kernel.database import is_postgresql, refresh_statistics
from yinling.kernel.errors import Refused
from yinling.packs.services import load_all
from yinling.people.models import Person
from yinling.people.services import load_people
from yinling.places.models import Level
from yinling.places.queries import tree

GENERATOR = System("generator of the demonstration city")
SOURCE = "演示数据"
SAMPLES = "samples"
_BEFORE_NOW = timedelta(minutes=10)  # figures count what was written down five minutes ago or earlier
_KEPT = (
    "person_no", "cohort", "village_code", "birth_date", "death_date", "level", "is_willing", "is_destitute",
    "unable",
)  # fmt: skip
_ONE_TRANSACTION = 0.2  # the largest scale that is built whole or not at all
Say = Callable[[str], None]


@dataclass(frozen=True)
class Built:
    """What was built: elders in the register, sites, stays, assessments."""

    persons: int
    sites: int
    stays: int
    assessments: int


@dataclass(frozen=True)
class Blueprint:
    """What is built from: the pack's divisions and parameters, the scale, the last whole day, the setting of rows."""

    divisions: pl.DataFrame
    parameters: Parameters
    scale: float
    today: date
    setting: Setting


@dataclass(frozen=True)
class Loaded:
    """What the later steps need: of each person `_KEPT`, `id`, `place_key` and `asked_on`; assessments yet to write."""

    persons: pl.DataFrame
    assessments: pl.DataFrame


def build_city(*, scale: float, seed: int, say: Say) -> Built:
    """Build the city. Raises Refused when the database holds people or users already."""
    _refuse_unless_empty()
    plan = blueprint(scale, seed)
    with transaction.atomic() if scale <= _ONE_TRANSACTION else nullcontext():
        _make_room()
        say("packs: divisions, code lists, parameters, holidays, scales")
        load_all(GENERATOR)
        users = make_accounts(plan.parameters, since=plan.parameters.history_from, by=GENERATOR)
        say(f"{len(users)} demonstration accounts")
        loaded = _load_counties(plan, say)
        network = build_network(
            plan.divisions, loaded.persons, plan.parameters, seed=seed, scale=scale, today=plan.today
        )
        load_network(network, loaded.persons, users, plan.setting, by=GENERATOR)
        say(f"{network.sites.height:,} sites, {network.beds.height:,} beds, {network.stays.height:,} stays")
        assessments = _load_assessments(loaded, network, plan)
        say(f"{assessments:,} assessments")
        refresh_statistics()
        inspections, hazards = load_inspections(users, seed=seed, today=plan.today, by=GENERATOR)
        say(f"{inspections:,} inspections, {hazards:,} hazards")
        devices, watched = load_city_devices(seed=seed, scale=scale, today=plan.today, by=GENERATOR)
        say(f"{devices:,} devices, {watched:,} consents to be watched")
        alone, concerns = load_signs(seed, home_of(Level.TOWNSHIP, plan.parameters), at=now(), by=GENERATOR)
        say(f"{alone:,} elders under the silence watch, {concerns:,} concerns")
        past, open_now = load_alerts(users, seed=seed, scale=scale, today=plan.today, by=GENERATOR)
        say(f"{past:,} alerts dealt with, {open_now:,} open today")
        open_duties(users, today=plan.today, by=GENERATOR)
        say("duties on the worklist")
        shifts = run_shifts(users, today=plan.today, scale=scale, seed=seed, by=GENERATOR)
        say(f"{shifts:,} records of a week of shifts")
        plans, beds = load_care_plans(users, scale=scale, seed=seed, today=plan.today, by=GENERATOR)
        say(f"{plans:,} care plans, {beds:,} home beds")
        visitors, visits, doubts = load_city_visits(users, seed=seed, by=GENERATOR)
        say(f"{visitors:,} visitors, {visits:,} visits, {doubts} of them to be looked into")
        township = home_of(Level.TOWNSHIP, plan.parameters)
        wishes, changes = load_wishes_and_proposal(users, township, seed=seed, by=GENERATOR)
        say(f"{wishes:,} wishes about visitors, {changes:,} changes of pairings proposed")
        carers, stops = load_city_rounds(users, by=GENERATOR)
        say(f"{carers} carers with {stops} visits in today's rounds")
        children, sessions = load_children(seed=seed, today=plan.today, by=GENERATOR)
        say(f"{children:,} children with a plan of their own, {sessions:,} sessions")
        branches, members, given = load_time_bank(users, scale=scale, seed=seed, by=GENERATOR)
        say(f"{branches:,} branches of the time bank, {members:,} members, {given:,} services")
        pay_bills(users["institution_manager"], today=plan.today, by=GENERATOR)
        days = keep_figures(civil_date(), in_full=home_of(Level.TOWNSHIP, plan.parameters))
        say(f"figures of {days} days")
        Build.objects.create(
            scale=scale, seed=seed, today=plan.today, persons=loaded.persons.height, counted=count_facts(scale)
        )
    files = write_samples(plan, Path(settings.HOME) / SAMPLES)
    say(f"{len(files)} sample rosters in {SAMPLES}/")
    return Built(loaded.persons.height, network.sites.height, network.stays.height, assessments)


def blueprint(scale: float, seed: int) -> Blueprint:
    """Read the city's pack. Raises Refused for a scale out of range or a pack without a generator."""
    if not 0 < scale <= 1.5:
        raise Refused("The scale is {scale}; it must be above 0 and at most 1.5.", scale=scale)
    folder = Path(settings.PACKS_DIR) / settings.CITY_PACK
    parameters = read_parameters(settings.PACKS_DIR, settings.CITY_PACK)
    if parameters is None:
        raise Refused("The pack {pack} has no city.yaml, so nothing can be generated from it.", pack=settings.CITY_PACK)
    divisions = pl.read_csv(folder / "divisions.csv", schema_overrides={"code12": pl.String, "parent12": pl.String})
    today = max(civil_date() - timedelta(days=1), parameters.care_as_of)  # the last whole day: nothing lies ahead
    return Blueprint(divisions, parameters, scale, today, setting_of(parameters, seed, now() - _BEFORE_NOW))


def _refuse_unless_empty() -> None:
    if Person.objects.exists() or User.objects.exists() or Build.objects.exists():
        raise Refused(
            "The database is not empty: it holds people or users. The demonstration city is built into an empty one. "
            "Set YINLING_HOME (or YINLING_DATABASE) to a new place and build there."
        )


def _make_room() -> None:
    """A larger cache for this connection: indexes of a million rows are filled at random."""
    if not is_postgresql():
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA cache_size=-400000")


def villages_by_county(divisions: pl.DataFrame) -> dict[str, list[str]]:
    """12-digit codes of the villages of each county (six digits), in official order."""
    villages = divisions.filter(pl.col("level") == "village").sort("code12")
    grouped = villages.group_by(pl.col("code12").str.slice(0, 6), maintain_order=True).agg(codes="code12")
    return dict(grouped.iter_rows())


def people_of(plan: Blueprint, villages: list[str]) -> People:
    """The generated people of some villages."""
    return build_people(
        plan.divisions, plan.parameters, seed=plan.setting.seed, scale=plan.scale, today=plan.today, villages=villages
    )


def _load_counties(plan: Blueprint, say: Say) -> Loaded:
    """Load everybody, county by county."""
    township = home_of(Level.TOWNSHIP, plan.parameters)
    names = {county.code: county.name for county in plan.parameters.counties}
    persons, assessments = [], []
    for code, villages in villages_by_county(plan.divisions).items():
        people = without_newcomers(people_of(plan, villages), plan.today, township)
        ids = load_people(load=as_load(people, plan.setting), by=GENERATOR, source=SOURCE)
        known = people.persons.select(_KEPT).join(ids, left_on="person_no", right_on="number", maintain_order="left")
        known = known.with_columns(place_key=pl.col("village_code").cast(pl.Int64))
        asked = people.wishes.select("person_no", "asked_on")
        persons.append(known.join(asked, on="person_no", how="left", maintain_order="left"))
        assessments.append(people.assessments)
        say(f"{names[code]}: {known.height:,} persons")
    return Loaded(pl.concat(persons), pl.concat(assessments))


def _load_assessments(loaded: Loaded, network: Network, plan: Blueprint) -> int:
    """Each county's assessments, under the names of its own assessors."""
    bodies = network.organisations.filter(pl.col("kind") == "assessor")["org_no"].to_list()
    count = 0
    for county, body in zip(plan.parameters.counties, bodies, strict=True):
        assessors = network.staff.filter(pl.col("org_no") == body)["name"].to_list()
        persons = loaded.persons.filter(pl.col("village_code").str.starts_with(county.code))
        mine = loaded.assessments.join(persons, on="person_no", how="semi", maintain_order="left")
        known = persons.select("person_no", "id", "place_key", "unable", "asked_on")
        count += load_assessments(mine, known, assessors, by=GENERATOR)
    date_back(plan.today)
    return count


def write_samples(plan: Blueprint, folder: Path) -> list[Path]:
    """Dirty rosters of the demonstration township, with their truth, for whoever tries the import."""
    township = home_of(Level.TOWNSHIP, plan.parameters)
    villages = plan.divisions.filter(
        (pl.col("level") == "village") & pl.col("code12").str.starts_with(str(township)[:9])
    )
    names = dict(villages.sort("code12").select("code12", "name").iter_rows())
    people, seed, today = people_of(plan, list(names)), plan.setting.seed, plan.today
    of_township, places = tree().name(township), tree()
    every = {
        str(division.key): places.path(division.key).replace(" ", "")
        for division in places.divisions.values()
        if division.level == Level.VILLAGE
    }
    return [
        *sample_rosters(folder, people.persons, names, of_township, seed=seed, today=today),
        *sample_lists(folder, people, every, names, of_township, seed=seed, today=today),
    ]
