"""Lists in another order than that of file numbers, where that costs the same at a million persons.

Two ways, both bounded. A list of whole divisions is read along an index, page by page (`keyset_page`). Any other list
is an answer of the search index, which knows file numbers only: if it holds no more than `MOST_SORTED` persons, they
are sorted here, and if more, it stays as it is. See docs/decisions/0005.
"""

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

from yinling.kernel.actors import Actor, KeyRange
from yinling.kernel.names import name_readings
from yinling.kernel.scope import within
from yinling.people import search
from yinling.people.models import Person
from yinling.people.models.person import PersonQuerySet
from yinling.people.permissions import People
from yinling.people.queries import OPEN_CATEGORIES, PAGE, Filters, is_number, question_of
from yinling.places.queries import key_ranges
from yinling.web.paging import AFTER, BEFORE, Page, keyset_page

MOST_SORTED = 500  # a village and a half; sorted in a few milliseconds
LAST = dt.date.max  # who has no birth date stands behind those who have one
Row = tuple[int, str, dt.date | None, int]  # file number, name, birth date, place
SortKey = Callable[[str, dt.date | None, int], tuple[Any, ...]]

KEYS: dict[str, SortKey] = {
    "name": lambda name, _born, _place: (name_readings(name)[0] if name else "", name),
    "born": lambda _name, born, _place: (born or LAST,),
    "place": lambda _name, _born, place: (place,),
}
ALONG_AN_INDEX = {"place": ("place_key", "id")}  # person_by_place


def sorted_persons(filters: Filters, order: str, *, by: Actor, address: Mapping[str, str]) -> Page[Person] | None:
    """One page in the order asked for (`name`, `born`, `place`; `-` in front turns it round).

    None where this order is not known, a number was typed, or the list is too long for it. `address`: request.GET.
    """
    name = order.removeprefix("-")
    if name not in KEYS or is_number(filters.text):
        return None
    is_down, is_whole = order.startswith("-"), _is_whole(filters)
    if is_whole and name in ALONG_AN_INDEX:
        return _along_an_index(filters, ALONG_AN_INDEX[name], by, address, down=is_down)
    persons = _everybody(filters, by) if is_whole else _answer(filters, by)
    rows = list(persons.values_list("pk", "name", "birth_date", "place_key")[: MOST_SORTED + 1])
    return None if len(rows) > MOST_SORTED else _sorted(rows, KEYS[name], address, down=is_down)


def _is_whole(filters: Filters) -> bool:
    """Whether the list is everybody of a division, as far as columns of the card can tell."""
    return filters == Filters(place_key=filters.place_key, life_status=filters.life_status, sex=filters.sex)


def _ranges(filters: Filters, by: Actor) -> tuple[KeyRange, ...]:
    """Key ranges of the division asked for, as far as the actor may search there."""
    mine = tuple(by.key_ranges(People.SEARCH))
    if not filters.place_key:
        return mine
    both = [(max(a, c), min(b, d)) for a, b in mine for c, d in key_ranges([filters.place_key])]
    return tuple(sorted((low, high) for low, high in both if low <= high))


def _everybody(filters: Filters, by: Actor) -> PersonQuerySet:
    """The persons of a whole division, read along `person_by_place`."""
    persons = Person.objects.filter(within(_ranges(filters, by))).current()
    persons = persons.filter(life_status=filters.life_status) if filters.life_status else persons
    return persons.filter(sex=filters.sex) if filters.sex else persons


def _answer(filters: Filters, by: Actor) -> PersonQuerySet:
    """What the search index answers, one more than can be sorted."""
    question = question_of(filters, by)
    ids = search.find(question, limit=MOST_SORTED + 1) if question else []
    return Person.objects.filter(pk__in=ids)


def _along_an_index(
    filters: Filters, columns: tuple[str, ...], by: Actor, address: Mapping[str, str], *, down: bool
) -> Page[Person]:
    sign = "-" if down else ""
    return keyset_page(
        _everybody(filters, by).prefetch_related(OPEN_CATEGORIES),
        order=[sign + column for column in columns], address=address, size=PAGE, ranges=_ranges(filters, by),
    )  # fmt: skip


def _sorted(rows: list[Row], key: SortKey, address: Mapping[str, str], *, down: bool) -> Page[Person]:
    """A page of few persons. The token is how many stand before the page."""
    line = [pk for pk, *_ in sorted(rows, key=lambda row: (key(*row[1:]), row[0]), reverse=down)]
    start = max(_number(address.get(BEFORE)) - PAGE, 0) if BEFORE in address else _number(address.get(AFTER))
    shown = line[start : start + PAGE]
    persons = {p.pk: p for p in Person.objects.filter(pk__in=shown).prefetch_related(OPEN_CATEGORIES)}
    end = start + len(shown)
    found = [persons[pk] for pk in shown if pk in persons]
    return Page(found, str(end) if end < len(line) else "", str(start) if start else "")


def _number(text: str | None) -> int:
    return int(text) if text and text.isdigit() else 0
