"""Where somebody is: one line of time per person, written by one service."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from tests.institutions.builders import a_person
from yinling.kernel.clock import now
from yinling.kernel.uids import new_uid
from yinling.people.models import Person, Whereabouts
from yinling.people.services.whereabouts import Known, end_whereabouts, load_whereabouts, record_whereabouts
from yinling.places.models import Place

pytestmark = pytest.mark.django_db


@pytest.fixture
def person(city: Place) -> Person:
    return a_person()


def hours_ago(count: float) -> dt.datetime:
    return now() - dt.timedelta(hours=count)


def line_of(person: Person) -> list[tuple[str, bool]]:
    """(kind, whether it holds now), as they began."""
    rows = Whereabouts.objects.filter(person=person, superseded_at__isnull=True).order_by("valid_from")
    return [(row.kind, row.valid_to is None) for row in rows]


def test_the_one_before_ends_when_the_next_begins(person: Person) -> None:
    stay, moved_at = new_uid(), hours_ago(2)
    record_whereabouts(person=person, kind="stay", since=hours_ago(48), origin_kind="stay", origin_uid=stay)
    made = record_whereabouts(person=person, kind="hospital", since=moved_at, origin_kind="stay", origin_uid=stay)
    assert line_of(person) == [("stay", False), ("hospital", True)]
    assert Whereabouts.objects.get(kind="stay").valid_to == moved_at == made.valid_from
    assert made.origin_uid == stay


def test_what_began_later_than_the_new_one_never_held(person: Person) -> None:
    record_whereabouts(person=person, kind="home", since=hours_ago(1))
    record_whereabouts(person=person, kind="stay", since=hours_ago(5))
    assert line_of(person) == [("stay", True)]
    assert Whereabouts.objects.filter(superseded_at__isnull=False).get().kind == "home"


def test_after_the_end_a_person_is_nowhere_and_ending_again_changes_nothing(person: Person) -> None:
    record_whereabouts(person=person, kind="stay", since=hours_ago(5))
    for _twice in range(2):
        end_whereabouts(person=person, at=hours_ago(1))
    assert line_of(person) == [("stay", False)]


def test_many_are_loaded_as_known_since_they_began(person: Person) -> None:
    other, since = a_person("向禾"), hours_ago(1000)
    assert load_whereabouts(rows=[Known(one.pk, "stay", since, "stay", new_uid()) for one in (person, other)]) == 2
    assert {row.recorded_at for row in Whereabouts.objects.all()} == {since}
    assert line_of(person) == line_of(other) == [("stay", True)]


def test_the_database_lets_nobody_be_in_two_places(person: Person) -> None:
    record_whereabouts(person=person, kind="home", since=hours_ago(5))
    with pytest.raises(IntegrityError, match=r"one_place|UNIQUE"), transaction.atomic():
        load_whereabouts(rows=[Known(person.pk, "stay", hours_ago(1))])
    assert line_of(person) == [("home", True)]
