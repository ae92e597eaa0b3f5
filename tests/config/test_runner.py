"""The runner as a process of its own: what the night asks for, and a death list that a clerk has put in."""

import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.config.test_keeping import environment, python
from tests.conftest import DIVISIONS
from tests.people.builders import a_number

PATIENCE_S = 120
VILLAGE, LUFENG = 431224100001, 431224100000
SETUP = f"""
import datetime as dt
import django; django.setup()
from pathlib import Path
from yinling.accounts.models import Assignment, User
from yinling.kernel import jobs
from yinling.kernel.actors import System
from yinling.kernel.clock import civil_date
from yinling.packs.services import load_all
from yinling.people.rules import Entry
from yinling.people.services import give_consent, register_person
from yinling.places.services import load_divisions
from yinling.spreadsheets.services import choose_mapping, start, upload
by = System("test")
load_divisions(Path({str(DIVISIONS)!r}), by=by)
load_all(by)
born = dt.date(1942, 3, 5)  # as the number says
old = Entry(name="舒桂香", place_key={VILLAGE}, birth_date=born, document_number=NUMBER)
register_person(entry=old, by=by, is_new_for_sure=True)
other = register_person(entry=Entry(name="向玉莲", place_key={VILLAGE}), by=by, is_new_for_sure=True)
give_consent(uid=other.uid, purpose="family_view", items=["visits"], recipient="女儿", method="read_aloud",
             given_by="本人", witness="刘满英", valid_to=civil_date() + dt.timedelta(days=20), by=by)
jobs.start("people.ages", {{}}, by=by)
jobs.start("people.expiry", {{}}, by=by)
clerk = User.objects.create_user("clerk", "correct horse battery", name="clerk", place_key=431224000000)
Assignment.objects.create(user=clerk, role="county_clerk", place_id=431224000000, valid_from=dt.date(2020, 1, 1))
with Path(LIST).open("rb") as stream:
    found = upload(stream=stream, name="deaths.csv", register_key="deaths", place_key=431224000000, by=clerk,
                   source="civil affairs")
choose_mapping(uid=found.uid, columns={{}}, by=clerk)
start(uid=found.uid, by=clerk)
"""
READ = """
import django; django.setup()
from yinling.kernel.models import Job
from yinling.people.models import Category, Person
from yinling.spreadsheets.models import Import
from yinling.worklist.models import WorkItem
kinds = ("people.ages", "people.expiry", "spreadsheets.import")
states = dict(Job.objects.filter(kind__in=kinds).values_list("kind", "state"))
print("waits" if {"queued", "running"} & set(states.values()) else "over", sorted(set(states.values())), len(states))
print(sorted(Category.objects.values_list("person__name", "category")))
print(sorted(Person.objects.filter(life_status="dead").values_list("name", flat=True)))
print(Import.objects.get().counts)
print(WorkItem.objects.open().filter(kind="people.consent_ends").count())
"""


def test_the_night_and_a_death_list_are_done_by_the_runner_itself(
    tmp_path: Path, new_home: Callable[[Path], Path]
) -> None:
    home, number = new_home(tmp_path / "home"), a_number()
    deaths = tmp_path / "deaths.csv"
    row = f"舒桂香,{number},2026-11-01,卢峰镇,胜利社区"
    deaths.write_text(f"姓名,身份证号码,死亡日期,乡镇,村\n{row}\n", encoding="utf-8")
    python(home, SETUP.replace("NUMBER", repr(number)).replace("LIST", repr(str(deaths))))
    runner = subprocess.Popen([sys.executable, "-m", "yinling.config.commands", "runner"], env=environment(home))
    try:
        said = _when_over(home)
    finally:
        runner.terminate()
    assert runner.wait(timeout=PATIENCE_S) == 0
    states, categories, dead, counts, asked = said
    assert states == "over ['done'] 3"
    assert "('舒桂香', 'over_80')" in categories
    assert dead == "['舒桂香']", counts
    assert asked == "1"


def _when_over(home: Path) -> list[str]:
    until = time.monotonic() + PATIENCE_S
    while (said := python(home, READ).splitlines())[0].startswith("waits"):
        if time.monotonic() > until:
            pytest.fail(f"the runner has not come to an end: {said}")
        time.sleep(1)
    return said
