"""Backup, restore and rotation of keys, as an operator runs them: real processes, real homes."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import DIVISIONS

SETUP = f"""
import datetime as dt
import django; django.setup()
from pathlib import Path
from yinling.kernel.actors import System
from yinling.places.services import load_divisions
from yinling.people.rules import Entry
from yinling.people.services import register_person, correct_person
by = System("test")
load_divisions(Path({str(DIVISIONS)!r}), by=by)
for number in range(3):
    entry = Entry(name="舒桂" + "香玉兰"[number], place_key=431224100001, phone=f"1390000041{{number}}")
    person = register_person(entry=entry, by=by, is_new_for_sure=True)
correct_person(uid=person.uid, entry=Entry(name=person.name, place_key=person.place_key, address="3组"), by=by)
"""
READ = """
import django; django.setup()
from yinling.kernel.crypto import sealed_with
from yinling.people.models import Person, Revision
print(sorted(p.phone() for p in Person.objects.all()), {sealed_with(p.phone_sealed) for p in Person.objects.all()},
      {sealed_with(r.values_sealed) for r in Revision.objects.all()})
"""
PHONES = "['13900000410', '13900000411', '13900000412']"


def environment(home: Path) -> dict[str, str]:
    found = {**os.environ, "YINLING_HOME": str(home), "DJANGO_SETTINGS_MODULE": "yinling.config.settings"}
    for name in ("YINLING_DATABASE", "YINLING_KEYS"):
        found.pop(name, None)
    return found


def yinling(home: Path, *words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "yinling.config.commands", *words]
    return subprocess.run(command, env=environment(home), capture_output=True, text=True, check=False)


def python(home: Path, code: str) -> str:
    run = subprocess.run(
        [sys.executable, "-c", code], env=environment(home), capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stderr
    return run.stdout


@pytest.fixture
def home(tmp_path: Path, new_home: Callable[[Path], Path]) -> Path:
    """A home with three persons and one correction."""
    found = new_home(tmp_path / "home")
    python(found, SETUP)
    return found


def test_a_backup_restored_elsewhere_opens_what_was_sealed(home: Path, tmp_path: Path) -> None:
    archive, other = tmp_path / "backup.tar.gz", tmp_path / "other"
    assert yinling(home, "backup", str(archive)).returncode == 0
    assert archive.stat().st_mode & 0o077 == 0
    assert yinling(other, "restore", str(archive)).returncode == 0
    assert python(other, READ).startswith(PHONES)


def test_nothing_is_restored_over_a_city_that_is_there(home: Path, tmp_path: Path) -> None:
    archive = tmp_path / "backup.tar.gz"
    yinling(home, "backup", str(archive))
    refused = yinling(home, "restore", str(archive))
    assert refused.returncode == 1 and "not empty" in refused.stderr
    assert python(home, READ).startswith(PHONES)


def test_a_rotation_seals_everything_again_and_may_be_run_twice(home: Path) -> None:
    assert python(home, READ) == f"{PHONES} {{1}} {{1}}\n"
    assert yinling(home, "rotate").returncode == 0
    assert python(home, READ) == f"{PHONES} {{2}} {{2}}\n"
    again = yinling(home, "rotate", "--no-new-key")
    assert again.returncode == 0 and "people_person: 0 rows" in again.stdout


def test_the_doctor_finds_a_sound_home_sound_and_an_altered_seal_broken(home: Path) -> None:
    python(home, "import django; django.setup(); from yinling.kernel.seals import seal_changes; seal_changes()")
    sound = yinling(home, "check")
    assert sound.returncode == 0, sound.stdout + sound.stderr
    python(
        home,
        "import django; django.setup(); from yinling.kernel.models import Change;"
        "Change.objects.filter(number=2).update(reason='x')",
    )
    assert yinling(home, "check").returncode == 1
    assert "change 2: altered" in yinling(home, "verify").stdout
