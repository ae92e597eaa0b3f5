"""Loading packs: an invented tiny city, its next year, and the faults a pack can have."""

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as configured
from django.test import Client
from django.urls import reverse

from tests.conftest import a_user
from yinling.accounts import roles
from yinling.accounts.models import User
from yinling.kernel.actors import System
from yinling.kernel.errors import NotAllowed, Refused
from yinling.kernel.models import Change
from yinling.packs import parts, services
from yinling.packs.models import Load, Pack
from yinling.packs.permissions import Packs
from yinling.places.models import Place
from yinling.places.permissions import Places
from yinling.reference import queries as reference
from yinling.reference.models import Parameter
from yinling.reference.permissions import Reference

pytestmark = pytest.mark.django_db
SHIPPED = Path(configured.PACKS_DIR)

DIVISIONS = """code12,name,level,parent12
990100000000,云上市,city,990000000000
990101000000,溪头县,county,990100000000
990101100000,桥头镇,township,990101000000
990101101000,河边镇,township,990101000000
990101100200,水碾村,village,990101100000
"""
PARAMETERS = """
parameters:
  - {key: visit.days, title: {zh: 探访间隔, en: Days between visits}, value: 30, unit: days,
     valid_from: 2025-01-01, source: 云上 1 号, verified: false}
"""
LISTS = """
lists:
  - key: gift
    title: {zh: 礼物, en: Gift}
    valid_from: 2025-01-01
    verified: true
    entries:
      - {code: "01", zh: 茶, en: Tea}
"""
HOLIDAYS = """
verified: true
days_off: [{day: 2026-10-01, zh: 国庆, en: National Day}]
"""
MANIFEST = """
key: cloud
title: {zh: 云上市, en: City above the clouds}
version: "2025"
source: invented
files:
  parameters: parameters.yaml
  divisions: divisions.csv
  codelists: lists.yaml
  holidays: holidays.yaml
  stories: stories.yaml
"""


def a_tiny_city(root: Path, **files: str) -> Path:
    """A folder `cloud` under `root`; `files` replace or add (pack_yaml="…" is pack.yaml)."""
    folder = root / "cloud"
    folder.mkdir(parents=True, exist_ok=True)
    written = {
        "pack_yaml": MANIFEST, "parameters_yaml": PARAMETERS, "lists_yaml": LISTS, "holidays_yaml": HOLIDAYS,
        "divisions_csv": DIVISIONS, "stories_yaml": "stories: []",
    } | files  # fmt: skip
    for name, text in written.items():
        (folder / name.replace("_", ".")).write_text(text, encoding="utf-8")
    return folder


def state() -> tuple[int, ...]:
    return Place.objects.count(), Parameter.objects.count(), Pack.objects.count(), Load.objects.count()


def test_another_city_loads_from_its_own_folder_without_a_line_of_code(tmp_path: Path, system: System) -> None:
    done = services.load_pack(a_tiny_city(tmp_path), by=system)
    assert done.counts() == {"divisions added": 5, "codelists added": 1, "parameters added": 1, "holidays added": 1}
    assert done.left == ("stories.yaml",)
    assert Place.objects.get(key=990101100200).parent_id == 990101100000
    assert reference.parameter("visit.days") == 30
    assert reference.words("gift", "01").en == "Tea"
    assert not reference.is_working_day(dt.date(2026, 10, 1))


def test_loading_again_does_nothing_and_leaves_no_record(tmp_path: Path, system: System) -> None:
    folder = a_tiny_city(tmp_path)
    services.load_pack(folder, by=system)
    before = state(), Change.objects.count()
    assert services.load_pack(folder, by=system).lines == ()
    assert (state(), Change.objects.count()) == before


def test_a_preview_says_what_loading_then_does_and_writes_nothing(tmp_path: Path, system: System) -> None:
    folder = a_tiny_city(tmp_path)
    foreseen = services.preview(folder, by=system)
    assert state() == (0, 0, 0, 0)
    assert services.load_pack(folder, by=system).lines == foreseen.lines


def test_next_years_pack_keeps_this_years_values_and_is_on_record(tmp_path: Path, system: System) -> None:
    services.load_pack(a_tiny_city(tmp_path), by=system)
    newer = PARAMETERS.replace("2025-01-01", "2026-01-01").replace("value: 30", "value: 14")
    folder = a_tiny_city(tmp_path, parameters_yaml=newer, pack_yaml=MANIFEST.replace('"2025"', '"2026"'))
    lines = services.load_pack(folder, by=system).lines
    assert [(line.kind, line.key) for line in lines] == [("ended", "visit.days"), ("added", "visit.days")]
    assert lines[1].after == "14 days (2026-01-01) ?"
    assert reference.parameter("visit.days", dt.date(2025, 12, 31)) == 30
    assert reference.parameter("visit.days", dt.date(2026, 1, 1)) == 14
    assert [load.version for load in Load.objects.order_by("id")] == ["2025", "2026"]
    assert Pack.objects.get().version == "2026"


def test_a_dated_change_merges_and_renames_divisions_once_and_not_before_its_day(
    tmp_path: Path, system: System
) -> None:
    changes = """
changes:
  - {valid_from: 2026-01-01, key: "990101101000", into: "990101100000", source: 云上 2 号}
  - {valid_from: 2026-02-01, key: "990101100000", name: 大桥镇, source: 云上 3 号}
  - {valid_from: 2099-01-01, key: "990101100000", name: 未来镇}
"""
    manifest = MANIFEST.replace("  codelists", "  division_changes: changes.yaml\n  codelists")
    folder = a_tiny_city(tmp_path, pack_yaml=manifest, changes_yaml=changes)
    done = services.load_pack(folder, by=system)
    assert done.counts()["division_changes changed"] == 2
    assert Place.objects.get(key=990101100000).name == "大桥镇"
    assert not Place.objects.get(key=990101101000).is_current
    assert services.load_pack(folder, by=system).lines == ()


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ({"parameters_yaml": "parameters: [{key: x"}, r"cloud/parameters.yaml cannot be read near line"),
        ({"parameters_yaml": "parameters: [{key: x}]"}, "x cannot be read: value is missing"),
        ({"lists_yaml": LISTS.replace('"01"', "1")}, "must be written as text"),
        ({"divisions_csv": DIVISIONS.replace("990101101000", "99")}, "Line 5: 99 township is not a 12-digit code"),
        ({"pack_yaml": MANIFEST.replace("key: cloud", "key: rain")}, "calls itself rain"),
        ({"pack_yaml": MANIFEST.replace("lists.yaml", "../lists.yaml")}, "not in its folder"),
        ({"pack_yaml": MANIFEST.replace("holidays.yaml", "none.yaml")}, "names the file none.yaml"),
        ({"pack_yaml": MANIFEST.replace('version: "2025"', "")}, "lacks or misstates 'version'"),
        ({"pack_yaml": MANIFEST + "requires: [national]"}, "requires national. Load that first"),
    ],
)
def test_a_faulty_pack_is_refused_by_file_and_line_and_nothing_is_written(
    files: dict[str, str], words: str, tmp_path: Path, system: System
) -> None:
    with pytest.raises(Refused, match=words):
        services.load_pack(a_tiny_city(tmp_path, **files), by=system)
    assert state() == (0, 0, 0, 0)


def test_a_folder_without_a_manifest_and_packs_in_a_circle_are_refused(tmp_path: Path, system: System) -> None:
    with pytest.raises(Refused, match=r"no pack\.yaml"):
        services.load_pack(tmp_path, by=system)
    a_tiny_city(tmp_path, pack_yaml=MANIFEST + "requires: [cloud]")
    with pytest.raises(Refused, match="in a circle"):
        services.load_all(system, root=tmp_path, city="cloud")


def test_without_the_right_a_pack_is_neither_seen_nor_loaded(
    tmp_path: Path, county_clerk: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    nobody = roles.Role("county_clerk", "", "", frozenset())
    monkeypatch.setitem(roles._roles, "county_clerk", nobody)
    for verb in (services.preview, services.load_pack):
        with pytest.raises(NotAllowed):
            verb(a_tiny_city(tmp_path), by=county_clerk)
    assert not Pack.objects.exists()


def test_a_part_offered_by_a_module_above_gets_its_files(tmp_path: Path, system: System, monkeypatch: Any) -> None:
    told: list[Any] = []

    def tell(data: Any, **about: Any) -> list[Any]:
        told.append((data, about["file"], about["pack"]))
        return []

    monkeypatch.setitem(parts._parts, "stories", parts.dated("stories", tell, tell))
    assert services.load_pack(a_tiny_city(tmp_path), by=system).left == ()
    assert told == [({"stories": []}, "stories.yaml", "cloud")]


def test_the_packs_that_are_shipped_load_twice_and_a_citys_stands_before_the_nations(system: System) -> None:
    services.load_all(system, root=SHIPPED, city="huaihua")
    layers = dict(Pack.objects.values_list("key", "layer"))
    assert layers == {"national": 0, "huaihua": 1}
    assert Place.objects.filter(level="county").count() == 13
    assert all(not done.lines for done in services.load_all(system, root=SHIPPED, city="huaihua"))


@pytest.fixture
def keeper(tmp_path: Path, settings: Any, city: Place, client: Client, monkeypatch: pytest.MonkeyPatch) -> Client:
    """Logged in as whoever may load packs; the tiny city lies in the folder of packs."""
    settings.PACKS_DIR = tmp_path
    a_tiny_city(tmp_path)
    may = frozenset[str]({*Packs, *Reference, Places.EDIT})
    monkeypatch.setitem(roles._roles, "keeper", roles.Role("keeper", "", "", may, level="city"))
    client.force_login(a_user("keeper", city.key))
    return client


def test_the_pages_show_the_differences_load_them_and_count_the_unverified(keeper: Client) -> None:
    before = keeper.get(reverse("packs:pack", args=["cloud"])).content.decode()
    assert "visit.days" in before and "30 days" in before
    assert "待载入" in keeper.get(reverse("packs:packs")).content.decode()
    keeper.post(reverse("packs:load", args=["cloud"]))
    after = keeper.get(reverse("packs:pack", args=["cloud"])).content.decode()
    assert "visit.days" not in after and "没有" in after
    listed = keeper.get(reverse("packs:packs"))
    assert listed.context["rows"][0].unverified.parameters == 1
    assert "已是最新" in listed.content.decode()


def test_a_faulty_pack_is_named_on_the_page_and_does_not_break_it(keeper: Client, tmp_path: Path) -> None:
    a_tiny_city(tmp_path, pack_yaml="key: [")
    page = keeper.get(reverse("packs:packs"))
    assert page.status_code == 200 and "pack.yaml" in page.content.decode()
    assert keeper.get(reverse("packs:pack", args=["cloud"])).status_code == 422
    assert keeper.get(reverse("packs:pack", args=["none"])).status_code == 404
