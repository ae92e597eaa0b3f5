"""What every test may ask for: a small city, people who act in it, a browser."""

import datetime as dt
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from shutil import copy, which
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from yinling.accounts.models import Assignment, User
from yinling.kernel.actors import System
from yinling.places.models import Place
from yinling.places.services import load_divisions

DIVISIONS = Path(__file__).parent / "small_city.csv"
XUPU, HECHENG = 431224000000, 431202000000
LUFENG, QIAOJIANG = 431224100000, 431224103000  # two townships of Xupu
CHROMIUM = which("chromium") or which("chromium-browser") or which("google-chrome")
CHROMIUM_FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Browser tests are left out, loudly, where there is no Chromium."""
    if CHROMIUM:
        return
    for item in items:
        if "browser_page" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.skip(reason="NO CHROMIUM ON THIS MACHINE: apt-get install chromium"))


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An SQLite database with every table and no row that a test wrote: this run's own, copied before its first test.
    Where there is none (or it is PostgreSQL), a process migrates one."""
    return tmp_path_factory.mktemp("migrated") / "yinling.sqlite3"


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any, migrated: Path) -> None:
    """The test database, and a copy of it for `new_home`: a transaction's test empties what migrations filled."""
    own = connection.settings_dict
    is_made = own["NAME"] == own["TEST"]["NAME"]  # not where none of the chosen tests asks for one
    if is_made and connection.vendor == "sqlite":
        with django_db_blocker.unblock(), connection.cursor() as cursor:
            cursor.execute("VACUUM INTO %s", [str(migrated)])


@pytest.fixture(scope="session")
def new_home(django_db_setup: None, migrated: Path) -> Callable[[Path], Path]:
    """For processes of their own: makes a folder a home (YINLING_HOME) with all tables. To migrate takes seconds."""

    def home_in(folder: Path) -> Path:
        folder.mkdir(parents=True, exist_ok=True)
        if not migrated.exists():
            place = {"YINLING_HOME": str(migrated.parent), "YINLING_DATABASE": ""}
            subprocess.run([sys.executable, "-m", "django", "migrate", "-v", "0"], env=os.environ | place, check=True)
        copy(migrated, folder / migrated.name)
        return folder

    return home_in


@pytest.fixture
def system() -> System:
    """The platform acting by itself."""
    return System("test")


@pytest.fixture
def city(db: None, system: System) -> Place:
    """A small city: two counties, a few townships and villages, with their real codes."""
    load_divisions(DIVISIONS, by=system)
    return Place.objects.get(level="city")


def a_user(role: str, place_key: int, username: str = "") -> User:
    """A saved user who holds one role in one division."""
    user = User.objects.create_user(
        username or f"{role}-{place_key}", "correct horse battery", name=username or role, place_key=place_key
    )
    Assignment.objects.create(user=user, role=role, place_id=place_key, valid_from=dt.date(2020, 1, 1))
    return user


def client_of(user: User) -> Client:
    """A browser in which the user is logged in."""
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def city_officer(city: Place) -> User:
    """Sees the whole city."""
    return a_user("city_officer", city.key)


@pytest.fixture
def county_clerk(city: Place) -> User:
    """Keeps the registers of Xupu county."""
    return a_user("county_clerk", XUPU)


@pytest.fixture
def other_county_clerk(city: Place) -> User:
    """Keeps the registers of Hecheng district."""
    return a_user("county_clerk", HECHENG)


@pytest.fixture
def township_clerk(city: Place) -> User:
    """Keeps the registers of Lufeng township."""
    return a_user("township_clerk", LUFENG)


@pytest.fixture
def village_visitor(city: Place) -> User:
    """Visits in one village of Lufeng."""
    village = Place.objects.filter(parent_id=LUFENG).order_by("key").first()
    assert village is not None
    return a_user("village_visitor", village.key)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """One headless Chromium for the whole run."""
    os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")  # Playwright's loop runs in this thread
    from playwright.sync_api import sync_playwright  # noqa: PLC0415

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def browser_page(chromium: Any) -> Iterator[Any]:
    """A fresh page of 1280 x 900."""
    context = chromium.new_context(viewport={"width": 1280, "height": 900}, locale="zh-CN")
    page = context.new_page()
    page.set_default_timeout(10_000)
    yield page
    context.close()
