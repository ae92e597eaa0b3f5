"""Divisions: loaded once, renamed, merged; keys stay, people come along, the past stays as it was."""

import datetime as dt
from pathlib import Path

import pytest

from tests.conftest import DIVISIONS, HECHENG, LUFENG, QIAOJIANG, XUPU
from yinling.accounts.models import User
from yinling.kernel.actors import System
from yinling.kernel.errors import NotAllowed, Refused
from yinling.places.models import Place, PlaceVersion
from yinling.places.queries import key_ranges, search, tree
from yinling.places.services import change_place, load_divisions, merge_place

pytestmark = pytest.mark.django_db
NEW_YEAR = dt.date(2026, 1, 1)


def test_loading_the_same_file_again_changes_nothing(city: Place, system: System) -> None:
    before = Place.objects.count()
    assert load_divisions(DIVISIONS, by=system).added == 0
    assert Place.objects.count() == before


def test_a_file_with_a_wrong_line_is_refused_and_nothing_is_written(db: None, system: System, tmp_path: Path) -> None:
    bad = tmp_path / "divisions.csv"
    bad.write_text("code12,name,level,parent12\n43122,溆浦县,county,431200000000\n")
    with pytest.raises(Refused, match="Line 2"):
        load_divisions(bad, by=system)
    assert not Place.objects.exists()


def test_a_county_is_one_range(city: Place) -> None:
    assert key_ranges([XUPU]) == ((XUPU, XUPU + 999_999),)
    assert key_ranges([city.key]) == ((431200000000, 431299999999),)


def test_a_division_is_found_by_name_pinyin_and_initials(city: Place) -> None:
    for text in ("溆浦", "xupu", "xpx"):
        assert XUPU in [place.key for place in search(text)]


def test_a_renamed_division_keeps_its_key_and_its_past(city: Place, system: System) -> None:
    change_place(key=LUFENG, name="卢峰街道", on=NEW_YEAR, by=system)
    assert tree().name(LUFENG) == "卢峰街道"
    old = PlaceVersion.objects.get(place_id=LUFENG, valid_to=NEW_YEAR)
    assert old.name == "卢峰镇"


def test_a_merged_township_carries_its_villages_along(city: Place, system: System) -> None:
    village = Place.objects.filter(parent_id=QIAOJIANG).order_by("key").first()
    assert village is not None
    merge_place(key=QIAOJIANG, into=LUFENG, on=NEW_YEAR, by=system)
    assert any(low <= village.key <= high for low, high in key_ranges([LUFENG]))
    assert tree().path(village.key).startswith("溆浦县 卢峰镇")
    assert not any(low <= LUFENG + 999_999 <= high for low, high in key_ranges([LUFENG]))


def test_a_township_moved_to_another_county_is_seen_from_there_only(city: Place, system: System) -> None:
    change_place(key=QIAOJIANG, parent=HECHENG, on=NEW_YEAR, by=system)
    village = Place.objects.filter(parent_id=QIAOJIANG).values_list("key", flat=True)[0]
    assert any(low <= village <= high for low, high in key_ranges([HECHENG]))
    assert not any(low <= village <= high for low, high in key_ranges([XUPU]))


def test_divisions_of_different_levels_do_not_merge(city: Place, system: System) -> None:
    with pytest.raises(Refused, match="one level"):
        merge_place(key=QIAOJIANG, into=HECHENG, on=NEW_YEAR, by=system)
    assert Place.objects.get(key=QIAOJIANG).is_current


def test_a_county_clerk_may_not_change_divisions(county_clerk: User) -> None:
    with pytest.raises(NotAllowed):
        change_place(key=LUFENG, name="别名", on=NEW_YEAR, by=county_clerk)
    assert tree().name(LUFENG) == "卢峰镇"
