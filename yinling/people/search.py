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
from itertools import pairwise
from typing import Any

from django.db import connection

from yinling.kernel.actors import WHOLE_CITY, KeyRange
from yinling.kernel.database import is_postgresql
from yinling.kernel.names import initials, name_key, name_readings
from yinling.places.queries import tree

TABLE = "people_search"
APART = "zz"  # stands between names, so that a phrase never crosses from one to the next
NOT_PLAIN = re.compile(r"[^a-z0-9]")
COUNTY, SMALL_PLACE = re.compile(r"p\d{6}"), re.compile(r"p\d{9,12}")
COUNTY_OF_LINE = re.compile(r"\bp(\d{6})\b")
NAME = re.compile(r"u[0-9a-f]+(\+|$)|[a-z]+\*$")
PAIR = re.compile(r"\b(u[0-9a-f]+) (?=(u[0-9a-f]+)\b)")


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
    found: list[str] = []
    known = tree().keys
    for low, high in ranges:
        if (low, high) in WHOLE_CITY or (known and low <= known[0] and known[-1] <= high):
            return None
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
    with connection.cursor() as cursor:
        if is_postgresql():
            rows = [(key, _county(line), f"{line} {_pairs(line)}") for key, line in lines]
            cursor.executemany(
                f"INSERT INTO {TABLE} (person_id, county, tokens) VALUES (%s, %s, to_tsvector('simple', %s))", rows
            )
        else:
            cursor.executemany(f"INSERT INTO {TABLE} (rowid, tokens) VALUES (%s, %s)", list(lines))


def _county(line: str) -> int:
    """The county of a line. PostgreSQL keeps it in a column, to walk a county's files in order of id."""
    found = COUNTY_OF_LINE.search(line)
    return int(found[1]) if found else 0


def _pairs(line: str) -> str:
    """Neighbouring characters as tokens of their own. PostgreSQL needs them: its index knows no positions, so for a
    phrase it would read every file that holds both characters."""
    return " ".join(first + second for first, second in PAIR.findall(line))


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
    condition, columns, values = (_for_postgresql if is_postgresql() else _for_sqlite)(question, bound, edge)
    in_order = ", ".join(f"{column} {order}" for column in columns)
    key = "person_id" if is_postgresql() else "rowid"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {key} FROM {TABLE} WHERE {condition} ORDER BY {in_order} LIMIT %s", [*values, limit])
        ids = [row[0] for row in cursor.fetchall()]
    return ids if backwards_from is None else ids[::-1]


def _for_sqlite(question: Question, bound: str, edge: int) -> tuple[str, list[str], list[Any]]:
    """A condition, the columns to order by, the condition's values."""
    text = " AND ".join(f"({' OR '.join(_fts5(a) for a in clause)})" for clause in question.clauses)
    return f"{TABLE} MATCH %s AND rowid {bound} %s", ["rowid"], [text, edge]


def _fts5(alternative: str) -> str:
    if alternative.endswith("*"):
        return f'"{alternative[:-1]}" *'
    return '"' + alternative.replace("+", " ") + '"'


def _for_postgresql(question: Question, bound: str, edge: int) -> tuple[str, list[str], list[Any]]:
    """A condition, the columns to order by, the condition's values.

    A name finds few, so the index of tokens finds them and we put them in order. A list of nearly everybody in a county
    is walked in order of id through the index on county and id, or reading the county would take 100 ms. The row is
    compared whole: told that the county is one value, PostgreSQL walks the whole city in order of id instead.
    """
    is_by_name = any(NAME.match(alternative) for clause in question.clauses for alternative in clause)
    county = next((clause for clause in question.clauses if len(clause) == 1 and COUNTY.fullmatch(clause[0])), None)
    asked = [clause for clause in question.clauses if is_by_name or clause != county]
    found = "tokens @@ to_tsquery('simple', %s)"
    text = " & ".join(f"({' | '.join(map(_tsquery, clause))})" for clause in asked)
    if is_by_name or county is None:
        order = "person_id + 0" if _is_in_few_villages(question) else "person_id"
        return f"{found} AND person_id {bound} %s", [order], [text, edge]
    code, other_bound = int(county[0][1:]), "<=" if bound == ">" else ">="
    walked = f"(county, person_id) {bound} (%s, %s) AND county {other_bound} %s"
    return f"{found} AND {walked}", ["county", "person_id"], [text, code, edge, code]


def _is_in_few_villages(question: Question) -> bool:
    """Whether the index of tokens must be used: neighbours are filed together, so walking files in order of id in the
    hope of meeting them soon, which PostgreSQL prefers, may walk past half the city. `+ 0` keeps it from that."""
    return any(all(SMALL_PLACE.fullmatch(one) for one in clause) for clause in question.clauses)


def _tsquery(alternative: str) -> str:
    if alternative.endswith("*"):
        return f"{alternative[:-1]}:*"
    characters = alternative.split("+")
    pairs = [first + second for first, second in pairwise(characters)]
    return "(" + " & ".join([*pairs, *([" <-> ".join(characters)] if len(characters) != 2 else [])]) + ")"
