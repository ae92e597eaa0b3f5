"""Keyset pages over a real table, with ties on the first column."""

import datetime as dt
from itertools import pairwise

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.test.utils import CaptureQueriesContext

from yinling.web.paging import Page, keyset_page

pytestmark = pytest.mark.django_db
NOON = dt.datetime(2026, 11, 23, 4, tzinfo=dt.UTC)
UP = ("expire_date", "session_key")
DOWN = ("-expire_date", "-session_key")


@pytest.fixture
def forty_sessions() -> None:
    """Forty rows; every four share their date."""
    Session.objects.bulk_create(
        Session(session_key=f"{n:02}", session_data="", expire_date=NOON + dt.timedelta(hours=n // 4))
        for n in range(40)
    )


def a_page(order: tuple[str, ...], address: dict[str, str], size: int = 7, **options: object) -> Page[Session]:
    return keyset_page(Session.objects.all(), order=order, address=address, size=size, **options)  # type: ignore[arg-type]


def walked(order: tuple[str, ...], **options: object) -> list[Page[Session]]:
    pages = [a_page(order, {}, **options)]
    while pages[-1].next:
        pages.append(a_page(order, {"after": pages[-1].next}, **options))
    return pages


@pytest.mark.parametrize("order", [UP, DOWN])
def test_walking_forward_meets_every_row_once(forty_sessions: None, order: tuple[str, ...]) -> None:
    keys = [row.pk for page in walked(order) for row in page]
    assert keys == sorted((f"{n:02}" for n in range(40)), reverse=order is DOWN)


@pytest.mark.parametrize("order", [UP, DOWN])
def test_walking_back_shows_the_same_pages(forty_sessions: None, order: tuple[str, ...]) -> None:
    pages = walked(order)
    assert pages[0].previous == ""
    for before, after in pairwise(pages):
        back = a_page(order, {"before": after.previous})
        assert list(back) == list(before)
        assert back.next == before.next


def test_going_back_to_the_first_page_offers_nothing_before_it(forty_sessions: None) -> None:
    pages = walked(UP)
    assert a_page(UP, {"before": pages[1].previous}).previous == ""


def hour(number: int) -> dt.datetime:
    return NOON + dt.timedelta(hours=number)


@pytest.mark.parametrize("order", [UP, DOWN])
def test_a_list_over_two_ranges_is_walked_as_one(forty_sessions: None, order: tuple[str, ...]) -> None:
    ranges = [(hour(6), hour(7)), (hour(1), hour(2))]
    expected = [f"{n:02}" for n in (*range(4, 12), *range(24, 32))]
    pages = walked(order, ranges=ranges)
    assert [row.pk for page in pages for row in page] == sorted(expected, reverse=order is DOWN)
    back = a_page(order, {"before": pages[1].previous}, ranges=ranges)
    assert list(back) == list(pages[0])
    assert back.previous == ""


def test_the_second_range_is_asked_only_when_the_first_does_not_fill_the_page(forty_sessions: None) -> None:
    ranges = [(hour(1), hour(4)), (hour(6), hour(9))]
    with CaptureQueriesContext(connection) as statements:
        a_page(UP, {}, ranges=ranges)
    assert len(statements) == 1


@pytest.mark.parametrize("token", ["", "nonsense", "W10", "WyJ4Il0", "ZZZZ", "é"])
def test_a_damaged_token_reads_as_the_first_page(forty_sessions: None, token: str) -> None:
    page = a_page(UP, {"after": token})
    assert page.rows[0].pk == "00"
    assert page.previous == ""


def test_a_page_is_one_statement_without_a_count(forty_sessions: None) -> None:
    token = a_page(UP, {}).next
    with CaptureQueriesContext(connection) as statements:
        list(a_page(UP, {"after": token}))
    assert len(statements) == 1
    assert "COUNT" not in statements[0]["sql"].upper()


def test_the_bound_of_the_page_stands_before_the_bounds_of_the_list(forty_sessions: None) -> None:
    token = a_page(UP, {}).next
    scoped = Session.objects.filter(expire_date__gte=NOON, session_data="")
    with CaptureQueriesContext(connection) as statements:
        keyset_page(scoped, order=UP, address={"after": token}, size=7)
    where = statements[0]["sql"].split("WHERE")[1]
    assert where.index("session_key") < where.index(">=")
    assert " OR " not in where


def test_a_list_of_alternatives_keeps_its_meaning(forty_sessions: None) -> None:
    either = Session.objects.filter(session_key="03") | Session.objects.filter(session_key="30")
    first = keyset_page(either, order=UP, address={}, size=1)
    second = keyset_page(either, order=UP, address={"after": first.next}, size=1)
    assert [row.pk for row in (*first, *second)] == ["03", "30"]


def test_an_empty_list_has_no_neighbours() -> None:
    page = a_page(UP, {})
    assert (list(page), page.next, page.previous) == ([], "", "")


def test_mixed_directions_are_a_mistake_of_the_programmer() -> None:
    with pytest.raises(ValueError, match="one direction"):
        a_page(("expire_date", "-session_key"), {})
