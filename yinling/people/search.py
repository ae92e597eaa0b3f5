"""The search index of persons: one line of tokens per person, one question of AND-ed clauses.

A person's line holds: each character of each name (so that one or two characters find), readings and initials,
the place at three levels, sex, birth year, categories, living arrangement and life status. One index thus answers
names, filters and scope together, in order of file id, without touching a million rows. Tokens are plain ASCII, so
SQLite (FTS5) and PostgreSQL (tsvector, GIN) read them alike. Trigram indexes cannot find two-character names.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from django.db import connection

from yinling.kernel.actors import WHOLE_CITY, KeyRange
from yinling.kernel.database import is_postgresql
from yinling.kernel.names import initials, name_key, name_readings
from yinling.places.queries import tree

TABLE = "people_search"
APART = "zz"  # stands between names, so that a phrase never crosses from one to the next
NOT_PLAIN = re.compile(r"[^a-z0-9]")


@dataclass(frozen=True)
class Line:
    """What is indexed of one person."""

    names: Sequence[str]
    place_key: int
    sex: str = "0"
    birth_year: int | None = None
    categories: Sequence[str] = ()
    living_arrangement: str = ""
    life_status: str = "alive"


@dataclass(frozen=True)
class Question:
    """Clauses, all of which must hold; each clause is a list of alternatives (tokens, phrases, prefixes)."""

    clauses: tuple[tuple[str, ...], ...] = field(default=())

    def and_(self, *alternatives: str) -> "Question":
        """The question with one more clause. No alternatives: nothing can match."""
        return Question((*self.clauses, alternatives))


def tokens(line: Line) -> str:
    """The line of tokens of one person."""
    parts: list[str] = []
    parts += [name_tokens(name) for name in line.names]
    parts += place_tokens(line.place_key)
    parts += [f"s{line.sex}", f"l{line.life_status}"]
    parts += [f"b{line.birth_year}"] if line.birth_year else []
    parts += [category_token(category) for category in line.categories]
    parts += [f"a{_plain(line.living_arrangement)}"] if line.living_arrangement else []
    return " ".join(parts)


@lru_cache(maxsize=65_536)  # names repeat: a million people share a few hundred thousand
def name_tokens(name: str) -> str:
    """Characters, readings and initials of one name."""
    return " ".join([*characters(name), APART, *name_readings(name), *initials(name)])


def characters(name: str) -> list[str]:
    """One token per character of a name, variants folded."""
    return [f"u{ord(character):x}" for character in name_key(name)]


def category_token(category: str) -> str:
    """The token of a category."""
    return f"c{_plain(category)}"


def arrangement_token(arrangement: str) -> str:
    """The token of a living arrangement."""
    return f"a{_plain(arrangement)}"


def place_tokens(key: int) -> list[str]:
    """County, township and village of a place key."""
    digits = str(key)
    return [f"p{digits[:6]}", f"p{digits[:9]}", f"p{digits}"]


def _plain(text: str) -> str:
    return NOT_PLAIN.sub("", text.lower())


def phrase(name: str) -> str:
    """A run of characters, as an alternative of a clause."""
    return "+".join(characters(name))


def prefix(latin: str) -> str:
    """The beginning of a reading, as an alternative of a clause."""
    return f"{_plain(latin)}*"


def scope_tokens(ranges: Iterable[KeyRange]) -> tuple[str, ...] | None:
    """Place tokens that cover key ranges; None for the whole city."""
    if tuple(ranges) == WHOLE_CITY:
        return None
    found: list[str] = []
    for low, high in ranges:
        found += _range_tokens(low, high)
    return tuple(found)


def _range_tokens(low: int, high: int) -> list[str]:
    """A county or township range is one token; any other run is one token per known village in it."""
    span = high - low + 1
    if low % 10**8 == 0 and span == 10**8:
        return [f"p{d.code[:6]}" for d in tree().children(low)]
    if low % 10**6 == 0 and span == 10**6:
        return [f"p{low // 10**6}"]
    if low % 10**3 == 0 and span == 10**3:
        return [f"p{low // 10**3}"]
    return [f"p{key}" for key in tree().keys if low <= key <= high]


def add(lines: Iterable[tuple[int, str]]) -> None:
    """Index new persons: (person id, tokens)."""
    sql = (
        f"INSERT INTO {TABLE} (person_id, tokens) VALUES (%s, to_tsvector('simple', %s))"
        if is_postgresql()
        else f"INSERT INTO {TABLE} (rowid, tokens) VALUES (%s, %s)"
    )
    with connection.cursor() as cursor:
        cursor.executemany(sql, list(lines))


def replace(lines: Iterable[tuple[int, str]]) -> None:
    """Index persons again after a correction."""
    fresh = list(lines)
    key = "person_id" if is_postgresql() else "rowid"
    with connection.cursor() as cursor:
        cursor.executemany(f"DELETE FROM {TABLE} WHERE {key} = %s", [(person_id,) for person_id, _ in fresh])
    add(fresh)


def find(question: Question, *, after: int = 0, limit: int = 50, backwards_from: int | None = None) -> list[int]:
    """Ids of matching persons in order of id: the next `limit` after one, or the `limit` before another."""
    if any(not clause for clause in question.clauses):
        return []
    order, bound, edge = ("DESC", "<", backwards_from) if backwards_from is not None else ("ASC", ">", after)
    if is_postgresql():
        sql = (
            f"SELECT person_id FROM {TABLE} WHERE tokens @@ to_tsquery('simple', %s) AND person_id {bound} %s "
            f"ORDER BY person_id {order} LIMIT %s"
        )
        text = _for_postgresql(question)
    else:
        sql = f"SELECT rowid FROM {TABLE} WHERE {TABLE} MATCH %s AND rowid {bound} %s ORDER BY rowid {order} LIMIT %s"
        text = _for_sqlite(question)
    with connection.cursor() as cursor:
        cursor.execute(sql, [text, edge, limit])
        ids = [row[0] for row in cursor.fetchall()]
    return ids if backwards_from is None else ids[::-1]


def _for_sqlite(question: Question) -> str:
    return " AND ".join(f"({' OR '.join(_fts5(a) for a in clause)})" for clause in question.clauses)


def _fts5(alternative: str) -> str:
    if alternative.endswith("*"):
        return f'"{alternative[:-1]}" *'
    return '"' + alternative.replace("+", " ") + '"'


def _for_postgresql(question: Question) -> str:
    return " & ".join(f"({' | '.join(_tsquery(a) for a in clause)})" for clause in question.clauses)


def _tsquery(alternative: str) -> str:
    if alternative.endswith("*"):
        return f"{alternative[:-1]}:*"
    return "(" + alternative.replace("+", " <-> ") + ")"
