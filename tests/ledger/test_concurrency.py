"""Real processes with real threads on a real database: nothing is overdrawn, lost or made twice; also after kill -9."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlparse, urlunparse

import psycopg
import pytest

WRITER = Path(__file__).parent / "writer.py"
SERVER = os.environ.get("YINLING_TEST_POSTGRESQL", "postgresql://postgres@localhost:5432/test")
AMOUNT, FILLED = 70, 1000


def child(environment: dict[str, str], *words: object) -> subprocess.Popen[str]:
    given = {**os.environ, "DJANGO_SETTINGS_MODULE": os.environ["DJANGO_SETTINGS_MODULE"], **environment}
    command = [sys.executable, str(WRITER), *map(str, words)]
    return subprocess.Popen(command, env=given, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def answer(process: subprocess.Popen[str]) -> Any:
    text, _ = process.communicate(timeout=120)
    assert process.returncode == 0
    return json.loads(text.splitlines()[-1])


def drawers(environment: dict[str, str], processes: int, times: int) -> list[subprocess.Popen[str]]:
    """Processes that draw, started together."""
    children = [child(environment, "draw", number, times, AMOUNT) for number in range(processes)]
    for one in children:
        assert one.stdout is not None
        one.stdout.readline()
    for one in children:
        assert one.stdin is not None
        one.stdin.write("go\n")
        one.stdin.flush()
    return children


def told(process: subprocess.Popen[str]) -> list[list[str]]:
    """What a process was answered, as far as it got."""
    text, _ = process.communicate(timeout=120)
    lines = [line for line in text.splitlines() if line.endswith("]")]
    return [json.loads(line) for line in lines]


def check(environment: dict[str, str], answers: list[list[str]]) -> None:
    proof = answer(child(environment, "prove"))
    assert proof["faults"] == []
    assert sum(proof["balances"].values()) == 0
    assert proof["balances"]["got"] == AMOUNT * len(proof["keys"])
    assert min(proof["balances"][kind] for kind in ("purse", "pot")) >= 0
    assert {key for outcome, key in answers if outcome == "made"} <= set(proof["keys"])


@pytest.fixture
def sqlite_home(tmp_path: Path, new_home: Callable[[Path], Path]) -> dict[str, str]:
    environment = {"YINLING_HOME": str(new_home(tmp_path)), "YINLING_DATABASE": ""}
    answer(child(environment, "prepare", FILLED))
    return environment


def test_many_writers_on_sqlite_never_overdraw(sqlite_home: dict[str, str]):
    answers = [line for process in drawers(sqlite_home, 2, 20) for line in told(process)]
    assert len(answers) == 2 * 4 * 20
    assert any(outcome == "refused" for outcome, _ in answers)
    check(sqlite_home, answers)


def test_killed_writers_lose_nothing_they_were_told_and_leave_whole_books(sqlite_home: dict[str, str]):
    children = drawers(sqlite_home, 2, 400)
    time.sleep(0.15)
    for process in children:
        process.kill()
    answers = [line for process in children for line in told(process)]
    check(sqlite_home, answers)
    more = [line for process in drawers(sqlite_home, 1, 20) for line in told(process)]
    assert len(more) == 80
    check(sqlite_home, answers + more)


@contextmanager
def a_postgresql_database(tmp_path: Path) -> Iterator[dict[str, str]]:
    name = f"yinling_ledger_{os.getpid()}"
    with psycopg.connect(SERVER, autocommit=True, connect_timeout=2) as connection:
        connection.execute(f"CREATE DATABASE {name}")
        try:
            url = urlunparse(urlparse(SERVER)._replace(path=f"/{name}"))
            yield {"YINLING_HOME": str(tmp_path), "YINLING_DATABASE": url}
        finally:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


def postgresql_is_reachable() -> bool:
    try:
        psycopg.connect(SERVER, connect_timeout=2).close()
    except psycopg.OperationalError:
        return False
    return True


@pytest.mark.postgresql
@pytest.mark.skipif(not postgresql_is_reachable(), reason="NO POSTGRESQL: set YINLING_TEST_POSTGRESQL")
def test_many_writers_on_postgresql_never_overdraw(tmp_path: Path):
    with a_postgresql_database(tmp_path) as environment:
        answer(child(environment, "prepare", FILLED))
        answers = [line for process in drawers(environment, 2, 20) for line in told(process)]
        assert len(answers) == 2 * 4 * 20
        check(environment, answers)
