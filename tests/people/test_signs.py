"""Signs of life: noted once, seen where the person is seen, forgotten in time, nothing of it in the future."""

import datetime as dt
from typing import Any

import pytest

from tests.people.builders import a_person
from yinling.accounts.models import User
from yinling.kernel.actors import System
from yinling.kernel.clock import civil_date, now, start_of
from yinling.kernel.errors import Refused
from yinling.people.models import Person, SignOfLife
from yinling.people.services import Sign, forget_signs_of_life, merge_files, note_sign_of_life, note_signs_of_life

BY = System("test")
HOUR = dt.timedelta(hours=1)


@pytest.fixture
def her(county_clerk: User) -> Person:
    return a_person(by=county_clerk)


def test_a_sign_is_noted_once_however_often_it_arrives(her: Person) -> None:
    at = now() - HOUR
    assert note_sign_of_life(person=her, kind="meal", at=at, by=BY)
    assert not note_sign_of_life(person=her, kind="meal", at=at, by=BY)
    assert SignOfLife.objects.count() == 1


def test_two_kinds_at_one_instant_are_two_signs(her: Person) -> None:
    at = now() - HOUR
    signs = [Sign(her.pk, "meal", at), Sign(her.pk, "medicine", at), Sign(her.pk, "meal", at)]
    assert note_signs_of_life(signs=signs, by=BY) == 2


def test_a_sign_ahead_of_the_present_is_refused_and_none_of_its_batch_is_written(her: Person) -> None:
    signs = [Sign(her.pk, "meal", now() - HOUR), Sign(her.pk, "meal", now() + HOUR)]
    with pytest.raises(Refused, match="lies ahead of the present"):
        note_signs_of_life(signs=signs, by=BY)
    assert not SignOfLife.objects.exists()


def test_an_unknown_kind_is_refused_and_nothing_is_written(her: Person) -> None:
    with pytest.raises(Refused, match="no kind of sign of life"):
        note_sign_of_life(person=her, kind="telepathy", at=now(), by=BY)
    assert not SignOfLife.objects.exists()


def test_a_thousand_signs_need_a_dozen_statements(her: Person, django_assert_max_num_queries: Any) -> None:
    start = now() - 1000 * HOUR
    signs = [Sign(her.pk, "door", start + n * HOUR) for n in range(1000)]
    with django_assert_max_num_queries(14):  # SQLite takes some 140 rows in a statement
        assert note_signs_of_life(signs=signs, by=BY) == 1000


def test_signs_of_another_county_are_not_seen(her: Person, other_county_clerk: User, county_clerk: User) -> None:
    note_sign_of_life(person=her, kind="visit", at=now() - HOUR, by=BY)
    assert not SignOfLife.objects.visible_to(other_county_clerk).exists()
    assert SignOfLife.objects.visible_to(county_clerk).exists()


def test_signs_of_a_merged_file_count_for_the_file_that_stays(her: Person, county_clerk: User) -> None:
    other = a_person(by=county_clerk, name="舒桂香", document_number="")
    note_sign_of_life(person=other, kind="visit", at=now() - 2 * HOUR, by=BY)
    merge_files(uid=other.uid, into=her.uid, reason="同一位老人", by=county_clerk)
    other.refresh_from_db()
    note_sign_of_life(person=other, kind="visit", at=now() - HOUR, by=BY)
    assert [whose for whose, _moment, _kind in SignOfLife.objects.all().moments([her.pk])] == [her.pk, her.pk]


def test_signs_are_forgotten_when_their_time_is_over(her: Person) -> None:
    today = start_of(civil_date())
    old, young = today - dt.timedelta(days=181), today - dt.timedelta(days=179)
    note_signs_of_life(signs=[Sign(her.pk, "meal", old), Sign(her.pk, "meal", young)], by=BY)
    assert forget_signs_of_life(on=civil_date()) == 1
    assert SignOfLife.objects.get().happened_at == young
