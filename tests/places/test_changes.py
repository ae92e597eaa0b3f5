"""Changes of divisions: what is refused, what is kept, and that a past day still reads as it was."""

import datetime as dt
from typing import Any

import pytest

from tests.conftest import HECHENG, LUFENG, QIAOJIANG, XUPU, a_user
from tests.institutions.builders import a_home
from tests.people.builders import a_person
from yinling.accounts.models import User
from yinling.kernel.actors import System
from yinling.kernel.clock import civil_date
from yinling.kernel.errors import NotAllowed, Refused
from yinling.kernel.models import Change
from yinling.packs import divisions as pack
from yinling.people.models import Person
from yinling.places.carrying import counts_in
from yinling.places.models import Place, PlaceVersion
from yinling.places.queries import (
    history_of,
    key_ranges,
    offshoots_of,
    origins_of,
    place_seen,
    search_seen,
    tops,
    tree,
    tree_on,
)
from yinling.places.services import add_place, change_place, merge_place, rehearse

pytestmark = pytest.mark.django_db
NEW_YEAR, BEFORE = dt.date(2026, 1, 1), dt.date(2025, 12, 31)
NEW_CODE = "431224107000"


def written() -> tuple[int, int, int]:
    return Place.objects.count(), PlaceVersion.objects.count(), Change.objects.count()


REFUSALS: dict[str, tuple[Any, str]] = {
    "a day to come": (lambda by: change_place(key=LUFENG, name="卢峰街道", on=dt.date(2999, 1, 1), by=by), "2999"),
    "a day before its version": (lambda by: change_place(key=LUFENG, name="甲", on=dt.date(1999, 1, 1), by=by), "1999"),
    "nothing new": (lambda by: change_place(key=LUFENG, name="卢峰镇", on=NEW_YEAR, by=by), "Nothing"),
    "a short code": (lambda by: change_place(key=LUFENG, code="431224", on=NEW_YEAR, by=by), "6 characters"),
    "another's code": (lambda by: change_place(key=LUFENG, code=str(QIAOJIANG), on=NEW_YEAR, by=by), "belongs to"),
    "a wrong parent": (lambda by: change_place(key=LUFENG, parent=QIAOJIANG, on=NEW_YEAR, by=by), "next higher level"),
    "a merger with itself": (lambda by: merge_place(key=LUFENG, into=LUFENG, on=NEW_YEAR, by=by), "itself"),
    "a new one whose code is taken": (
        lambda by: add_place(name="新镇", code=str(LUFENG), parent=XUPU, on=NEW_YEAR, by=by), "belongs to",
    ),
    "a new one without a name": (
        lambda by: add_place(name=" ", code=NEW_CODE, parent=XUPU, on=NEW_YEAR, by=by), "needs a name",
    ),
    "a village cut out of a township": (
        lambda by: add_place(
            name="新村", code="431224100999", parent=LUFENG, on=NEW_YEAR, by=by, split_from=QIAOJIANG
        ), "cut out",
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", REFUSALS)
def test_what_cannot_be_is_refused_and_nothing_is_written(city: Place, system: System, what: str) -> None:
    act, words = REFUSALS[what]
    before = written()
    with pytest.raises(Refused, match=words):
        act(system)
    assert written() == before


def test_a_division_that_has_ended_is_changed_no_more(city: Place, system: System) -> None:
    merge_place(key=QIAOJIANG, into=LUFENG, on=NEW_YEAR, by=system)
    with pytest.raises(Refused, match="has ended"):
        change_place(key=QIAOJIANG, name="桥江社区", on=civil_date(), by=system)


def test_whoever_may_not_change_divisions_adds_none(county_clerk: User) -> None:
    with pytest.raises(NotAllowed):
        add_place(name="新镇", code=NEW_CODE, parent=XUPU, on=NEW_YEAR, by=county_clerk)


def test_a_past_day_still_reads_as_it_was(city: Place, system: System) -> None:
    village = tree().children(QIAOJIANG)[0].key
    change_place(key=LUFENG, name="卢峰街道", code="431224001000", on=dt.date(2025, 7, 1), by=system)
    merge_place(key=QIAOJIANG, into=LUFENG, on=NEW_YEAR, by=system, source="湘民行批〔2025〕9号")
    change_place(key=XUPU, name="溆浦市", on=dt.date(2026, 3, 1), by=system)
    assert tree_on(dt.date(2025, 6, 30)).path(village).startswith("溆浦县 桥江镇")
    assert tree_on(dt.date(2025, 6, 30)).name(LUFENG) == "卢峰镇"
    assert tree_on(BEFORE).path(village).startswith("溆浦县 桥江镇")
    assert tree_on(BEFORE).divisions[LUFENG].code == "431224001000"
    assert tree_on(NEW_YEAR).path(village).startswith("溆浦县 卢峰街道")
    assert QIAOJIANG not in tree_on(NEW_YEAR).divisions
    assert tree().path(village).startswith("溆浦市 卢峰街道")


def test_a_merger_is_told_from_both_sides_with_its_document(city: Place, system: System) -> None:
    merge_place(key=QIAOJIANG, into=LUFENG, on=NEW_YEAR, by=system, source="湘民行批〔2025〕9号")
    into, gone = Place.objects.get(key=LUFENG), Place.objects.get(key=QIAOJIANG)
    assert [(one.place_id, one.valid_from, one.source) for one in origins_of(into)] == [
        (QIAOJIANG, NEW_YEAR, "湘民行批〔2025〕9号")
    ]
    assert history_of(gone)[0].successor_id == LUFENG


def test_a_merger_carries_persons_and_homes_into_the_successor_s_scope(city: Place, system: System) -> None:
    village = tree().children(QIAOJIANG)[0].key
    person, home = a_person(by=system, place_key=village), a_home(place_key=QIAOJIANG)
    clerk = a_user("township_clerk", LUFENG)
    assert not Person.objects.visible_to(clerk).exists()
    merge_place(key=QIAOJIANG, into=LUFENG, on=NEW_YEAR, by=system)
    clerk = User.objects.get(pk=clerk.pk)
    assert list(Person.objects.visible_to(clerk)) == [person]
    assert [count for _title, count in counts_in(key_ranges([LUFENG]))] == [1, 1]
    assert Person.objects.get(pk=person.pk).place_key == village and home.place_key == QIAOJIANG


def test_a_new_village_is_found_and_remembers_what_it_was_cut_out_of(city: Place, system: System) -> None:
    old = tree().children(LUFENG)[0].key
    made = add_place(name="新桥村", code="431224100998", parent=LUFENG, on=NEW_YEAR, by=system, split_from=old)
    assert tree().path(made.key) == "溆浦县 卢峰镇 新桥村"
    assert [one.place_id for one in offshoots_of(Place.objects.get(key=old))] == [made.key]
    assert made.key not in tree_on(BEFORE).divisions
    assert any(low <= made.key <= high for low, high in key_ranges([LUFENG]))


def test_a_rehearsal_refuses_what_would_be_refused_and_keeps_nothing(city: Place, system: System) -> None:
    before = written()
    rehearse(lambda: merge_place(key=QIAOJIANG, into=LUFENG, on=NEW_YEAR, by=system))
    assert written() == before and tree().name(QIAOJIANG) == "桥江镇"
    with pytest.raises(Refused):
        rehearse(lambda: merge_place(key=QIAOJIANG, into=HECHENG, on=NEW_YEAR, by=system))


def test_one_s_own_divisions_are_found_and_others_are_not(county_clerk: User) -> None:
    assert [one.key for one in tops(county_clerk)] == [XUPU]
    assert [one.key for one in search_seen("xupu", county_clerk)] == [XUPU]
    assert search_seen("鹤城", county_clerk) == []
    with pytest.raises(Refused):
        place_seen(HECHENG, county_clerk)


def test_a_pack_s_dated_changes_set_up_a_division_once(city: Place, system: System) -> None:
    data = {
        "changes": [
            {
                "key": int(NEW_CODE),
                "valid_from": NEW_YEAR,
                "is_new": True,
                "name": "新镇",
                "parent": XUPU,
                "source": "文",
            }
        ]
    }
    for change in pack.due_changes(data, file="divisions.yaml"):
        pack.apply(change, by=system)
    assert tree().name(int(NEW_CODE)) == "新镇"
    assert pack.due_changes(data, file="divisions.yaml") == []
