"""Places of their own for benches: a home folder, and a database on a PostgreSQL server where one is reachable.

YINLING_BENCH_POSTGRESQL names the server. A child process gets the place through its environment.
"""

import os
import subprocess
import sys
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlparse, urlunparse

import psycopg
from psycopg import sql

SERVER = "postgresql://postgres@127.0.0.1:5432/postgres"
Place = dict[str, str]


def server() -> str:
    """The address of the PostgreSQL server benches may use."""
    return os.environ.get("YINLING_BENCH_POSTGRESQL", SERVER)


def is_reachable() -> bool:
    """Whether the server answers."""
    try:
        psycopg.connect(server(), connect_timeout=2).close()
    except psycopg.OperationalError:
        return False
    return True


@contextmanager
def a_home() -> Iterator[Place]:
    """A temporary home with SQLite, gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="yinling-bench-") as home:
        yield {"YINLING_HOME": home}


@contextmanager
def a_database() -> Iterator[Place]:
    """A temporary home with a PostgreSQL database made for it and dropped afterwards."""
    name = f"yinling_bench_{uuid.uuid4().hex[:12]}"
    url = urlunparse(urlparse(server())._replace(path=f"/{name}"))
    with a_home() as home, psycopg.connect(server(), autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        try:
            yield {**home, "YINLING_DATABASE": url}
        finally:
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def run_in(place: Place, *words: str) -> str:
    """Run `python -m words` in a place; what it printed. Raises RuntimeError when it fails."""
    kept = {key: value for key, value in os.environ.items() if key != "YINLING_DATABASE"}
    kept.setdefault("DJANGO_SETTINGS_MODULE", "yinling.config.settings")
    child = subprocess.run([sys.executable, "-m", *words], env=kept | place, stdout=subprocess.PIPE, text=True)
    if child.returncode:
        raise RuntimeError(f"{' '.join(words)} ended with {child.returncode}")
    return child.stdout
