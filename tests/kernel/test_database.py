"""A question asked every second costs one look while nobody writes, and is asked anew when somebody has."""

import sqlite3
from collections.abc import Callable

import pytest
from django.db import connection

from yinling.kernel.database import answered_if_still
from yinling.kernel.models import Sequence

Ask = Callable[..., list[str]]


@pytest.fixture
def asked() -> list[str]:
    """Every time that the question reached the database."""
    return []


@pytest.fixture
def series_above(asked: list[str]) -> Ask:
    """The question: which series have gone above this number? Nothing, at first."""

    @answered_if_still([])
    def ask(least: int) -> list[str]:
        asked.append("asked")
        return list(Sequence.objects.filter(last__gt=least).order_by("series").values_list("series", flat=True))

    return ask


@pytest.mark.django_db
def test_while_nobody_writes_the_database_is_asked_once(series_above: Ask, asked: list[str]) -> None:
    assert [series_above(5) for _ in range(3)] == [[], [], []]
    assert len(asked) == 1


@pytest.mark.django_db
def test_an_answer_other_than_nothing_is_asked_for_again(series_above: Ask, asked: list[str]) -> None:
    Sequence.objects.create(series="tests", last=7)
    assert [series_above(5) for _ in range(2)] == [["tests"], ["tests"]]
    assert len(asked) == 2


@pytest.mark.django_db
def test_another_question_is_asked(series_above: Ask, asked: list[str]) -> None:
    assert series_above(5) == series_above(6) == []
    assert len(asked) == 2


@pytest.mark.django_db
def test_what_this_connection_has_written_is_seen(series_above: Ask) -> None:
    assert series_above(5) == []
    Sequence.objects.create(series="tests", last=7)
    assert series_above(5) == ["tests"]


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "sqlite", reason="opens the file beside Django")
def test_what_another_process_has_written_is_seen(series_above: Ask, asked: list[str]) -> None:
    assert series_above(5) == series_above(5) == []
    assert len(asked) == 1
    other = sqlite3.connect(connection.settings_dict["NAME"])
    with other:
        other.execute("INSERT INTO kernel_sequence (series, last) VALUES ('tests', 7)")
    other.close()
    assert series_above(5) == ["tests"]


@pytest.mark.django_db(transaction=True)
def test_a_new_connection_does_not_believe_what_the_last_one_saw(series_above: Ask, asked: list[str]) -> None:
    assert series_above(5) == []
    connection.close()
    assert series_above(5) == []
    assert connection.vendor == "postgresql" or len(asked) == 2
