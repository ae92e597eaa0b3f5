"""Batches of entries: the same rules as one at a time, and doing it twice is harmless."""

import datetime as dt

import pytest
from django.db import transaction

from tests.people.builders import HECHENG_TOWN, a_number, a_person, a_village, an_entry
from yinling.accounts.models import User
from yinling.kernel.models import Change
from yinling.people.models import Doubt, Person
from yinling.people.queries import Filters, find_persons
from yinling.people.rules import Entry, check
from yinling.people.services import apply_entries, register_death, settle_doubt

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 11, 23)


def apply(by: User, *entries: Entry) -> list[str]:
    with transaction.atomic():
        outcomes = apply_entries(entries=[check(e, TODAY) for e in entries], by=by, source="名册.xlsx", today=TODAY)
    return [outcome.kind for outcome in outcomes]


def test_new_rows_are_created_and_the_same_file_again_changes_nothing(county_clerk: User) -> None:
    entries = [an_entry(name="舒桂香"), an_entry(name="向玉莲", born=dt.date(1938, 1, 9), phone="13900000418")]
    assert apply(county_clerk, *entries) == ["created", "created"]
    assert apply(county_clerk, *entries) == ["unchanged", "unchanged"]
    assert Person.objects.count() == 2


def test_a_corrected_row_updates_and_says_which_fields(county_clerk: User) -> None:
    entry = an_entry()
    apply(county_clerk, entry)
    corrected = an_entry(document_number=entry.document_number, phone="13900000999", categories=(("low_income", ""),))
    assert apply(county_clerk, corrected) == ["updated"]
    person = Person.objects.get()
    assert person.phone() == "13900000999"
    assert [c.category for c in person.categories.all()] == ["low_income"]


def test_the_same_person_twice_in_one_batch_is_created_once(county_clerk: User) -> None:
    entry = an_entry()
    assert apply(county_clerk, entry, entry) == ["created", "unchanged"]


def test_a_row_of_another_county_is_refused(county_clerk: User) -> None:
    assert apply(county_clerk, an_entry(place_key=a_village(HECHENG_TOWN))) == ["refused"]
    assert not Person.objects.exists()


def test_a_person_on_file_elsewhere_is_not_created_again(county_clerk: User, other_county_clerk: User) -> None:
    entry = an_entry(place_key=a_village(HECHENG_TOWN))
    apply(other_county_clerk, entry)
    assert apply(county_clerk, an_entry(document_number=entry.document_number)) == ["refused"]
    assert Person.objects.count() == 1


def test_the_dead_are_not_put_on_a_roster_again(county_clerk: User) -> None:
    entry = an_entry()
    person = a_person(by=county_clerk, document_number=entry.document_number)
    register_death(uid=person.uid, died_on=dt.date(2026, 8, 14), by=county_clerk)
    assert apply(county_clerk, entry) == ["refused"]


def test_a_namesake_without_document_waits_as_a_doubt_once_and_is_settled(county_clerk: User) -> None:
    person = a_person(by=county_clerk)
    row = Entry(name="舒桂香", place_key=person.place_key, birth_date=dt.date(1944, 7, 3), sex="2")
    assert apply(county_clerk, row) == ["doubt"]
    assert apply(county_clerk, row) == ["doubt"]
    doubt = Doubt.objects.get()
    assert "舒桂香" not in str(doubt.why)
    settled = settle_doubt(uid=doubt.uid, answer="new", by=county_clerk)
    assert settled is not None and settled.pk != person.pk
    assert Person.objects.count() == 2


def test_a_doubt_settled_as_the_same_person_updates_the_file(county_clerk: User) -> None:
    person = a_person(by=county_clerk)
    row = Entry(name="舒桂香", place_key=person.place_key, birth_date=dt.date(1944, 7, 3), sex="2", phone="13900000555")
    apply(county_clerk, row)
    settle_doubt(uid=Doubt.objects.get().uid, answer="same", by=county_clerk)
    person.refresh_from_db()
    assert person.phone() == "13900000555"
    assert Person.objects.count() == 1


def test_a_batch_is_one_change_row(county_clerk: User) -> None:
    apply(county_clerk, *[an_entry(name=f"舒{c}香", document_number=a_number(), phone="") for c in "桂玉兰"])
    change = Change.objects.get(type="people.roster_applied")
    assert change.data["created"] == 3


@pytest.mark.parametrize("text", ["舒桂香", "桂香", "舒", "sgx", "shuguixiang", "shugui", "13900000417"])
def test_an_imported_person_is_found_by(county_clerk: User, text: str) -> None:
    apply(county_clerk, an_entry())
    assert len(find_persons(Filters(text=text), by=county_clerk).persons) == 1


def test_search_stays_in_ones_divisions(county_clerk: User, other_county_clerk: User) -> None:
    entry = an_entry()
    apply(county_clerk, entry)
    for text in ("舒桂香", entry.document_number, "13900000417"):
        assert not find_persons(Filters(text=text), by=other_county_clerk).persons


def test_filters_narrow_together(county_clerk: User) -> None:
    apply(
        county_clerk,
        an_entry(living_arrangement="alone", categories=(("low_income", ""),)),
        an_entry(name="向玉莲", born=dt.date(1960, 1, 9), phone="", living_arrangement="spouse"),
    )
    for filters, count in (
        (Filters(categories=("low_income",)), 1), (Filters(living_arrangement="spouse"), 1), (Filters(sex="2"), 2),
        (Filters(born_to=1950), 1), (Filters(categories=("low_income",), living_arrangement="spouse"), 0),
    ):  # fmt: skip
        assert len(find_persons(filters, by=county_clerk).persons) == count
