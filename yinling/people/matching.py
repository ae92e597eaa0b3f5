"""Is this entry somebody we know? Candidates come from three indexes, the verdict from `engines.linkage`.

Works on a batch of entries at once, because an import asks a thousand times what a form asks once.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
import polars as pl
from django.db import connection
from django.db.models import Max

from yinling.engines.linkage.comparing import FIELDS, Pairs, compare
from yinling.engines.linkage.deciding import Decisions, Outcome, decide, score
from yinling.engines.linkage.explaining import why_held
from yinling.engines.linkage.records import encode
from yinling.engines.linkage.weights import Weights, shipped_weights
from yinling.kernel.crypto import blinds
from yinling.kernel.database import is_postgresql
from yinling.kernel.names import name_key, name_readings
from yinling.kernel.reasons import Reason
from yinling.people.cards import DOCUMENT, PHONE, document_text, entry_of
from yinling.people.models import Person
from yinling.people.rules import RESIDENT_ID, Entry

SURE, DOUBTFUL = "sure", "doubtful"
MOST_CANDIDATES = 40  # per entry: a village has rarely more people of one birthday or one name


@dataclass(frozen=True)
class Match:
    """A person an entry may be. `why`: per field how well it agrees; `bits`: log2 odds."""

    person: Person
    verdict: str
    bits: float
    why: tuple[tuple[str, str], ...]
    by_document: bool


class Keys(NamedTuple):
    """What candidates of an entry are found by. `born` is the birth date, None when it is unknown."""

    documents: tuple[bytes, ...]
    phones: tuple[bytes, ...]
    name_key: str
    born: dt.date | None
    place_key: int


def keys_of(entry: Entry) -> Keys:
    """The keys of an entry. Documents and phones as blind indexes under every live key."""
    document = document_text(entry.document_kind, entry.document_number)
    return Keys(
        tuple(blinds(DOCUMENT, document)), tuple(blinds(PHONE, entry.phone)), name_key(entry.name), entry.birth_date,
        entry.place_key,
    )  # fmt: skip


def matches(entry: Entry) -> list[Match]:
    """Persons one entry resembles, likeliest first."""
    return batch_matches([entry])[0]


def batch_matches(entries: Sequence[Entry]) -> list[list[Match]]:
    """For each entry the persons it resembles, likeliest first. A constant number of queries."""
    return matches_by_keys([keys_of(entry) for entry in entries], entries.__getitem__)


def matches_by_keys(keys: Sequence[Keys], entry_at: Callable[[int], Entry]) -> list[list[Match]]:
    """The same for entries whose keys are known already; `entry_at` is asked only for those that have candidates."""
    found = _candidates(keys)
    result: list[list[Match]] = [[] for _ in keys]
    asked = [number for number, ids in enumerate(found) if ids]
    if not asked:
        return result
    wanted = {person_id for number in asked for person_id in found[number]}
    persons = {p.pk: p for p in Person.objects.current().filter(pk__in=wanted)}
    candidates = [[persons[i] for i in sorted(found[number]) if i in persons] for number in asked]
    for number, judged in zip(asked, _judged([entry_at(number) for number in asked], candidates), strict=True):
        result[number] = judged
    return result


def _candidates(keys: Sequence[Keys]) -> list[set[int]]:
    """Ids of persons who share a document or phone, name and village, name and birthday, or birthday and village."""
    found: list[set[int]] = [set() for _ in keys]
    numbered = list(enumerate(keys))
    for wanted, condition in (
        ([(n, index) for n, key in numbered for index in key.documents], "p.document_index = k.a"),
        ([(n, index) for n, key in numbered for index in key.phones], "p.phone_index = k.a"),
        ([(n, key.name_key, key.place_key) for n, key in numbered], "p.place_key = k.b AND p.name_key = k.a"),
        (
            [(n, key.born, key.place_key, key.name_key) for n, key in numbered if key.born],
            "p.birth_date = k.a AND (p.place_key = k.b OR p.name_key = k.c)",  # one index holds all three
        ),
    ):
        for number, person_id in _pairs(wanted, condition) if wanted else ():
            if len(found[number]) < MOST_CANDIDATES:
                found[number].add(person_id)
    return found


_TYPES = {int: "bigint", str: "text", bytes: "bytea", dt.date: "date"}


def _pairs(wanted: Sequence[tuple[Any, ...]], condition: str) -> Iterable[tuple[int, int]]:
    """(number of the entry, id of a person) for keys (number, a, b, c) that meet the condition; one query.

    CROSS JOIN keeps SQLite from walking the whole table in order of id. Files merged into another are left out by the
    caller: asked for here, they made SQLite build an index over the whole table, 2 s per batch of a certain size.
    """
    # Filled up to whole hundreds with the last key, so that the statement is one the connection has prepared before.
    wanted = [*wanted, *[wanted[-1]] * (-len(wanted) % (100 if len(wanted) > 100 else 1))]
    casts = [f"%s::{_TYPES[type(value)]}" for value in wanted[0]] if is_postgresql() else ["%s"] * len(wanted[0])
    marks = ", ".join([f"({', '.join(casts)})"] * len(wanted))
    sql = (
        f"WITH k({', '.join('nabc'[: len(wanted[0])])}) AS (VALUES {marks}) SELECT k.n, p.id "
        f"FROM k CROSS JOIN people_person p WHERE {condition} ORDER BY p.id"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, [value for key in wanted for value in key])
        return cursor.fetchall()


def _judged(entries: Sequence[Entry], candidates: list[list[Person]]) -> list[list[Match]]:
    """Compare each entry with its candidates through the engine."""
    held = {person.pk: entry_of(person) for persons in candidates for person in persons}
    rows = [*entries, *held.values()]
    place = {person_id: len(entries) + number for number, person_id in enumerate(held)}
    owners = [(number, person) for number, persons in enumerate(candidates) for person in persons]
    pairs = Pairs(np.array([n for n, _ in owners], np.int64), np.array([place[p.pk] for _, p in owners], np.int64))
    records = encode(_frame(rows))
    levels = compare(records, pairs)
    weights = _weights()
    bits = score(levels, weights, weights.prior_bits(_size()))
    decisions = decide(records, pairs, levels, bits, weights)
    result: list[list[Match]] = [[] for _ in entries]
    for pair, (number, person) in enumerate(owners):
        if match := _match(pair, person, entries[number], held[person.pk], levels, decisions):
            result[number].append(match)
    return [sorted(found, key=lambda match: -match.bits) for found in result]


def _match(
    pair: int, person: Person, entry: Entry, held: Entry, levels: dict[str, Any], decisions: Decisions
) -> Match | None:
    outcome = Outcome(int(decisions.outcome[pair]))
    if outcome == Outcome.NO:
        return None
    why = tuple((field, kind(int(levels[field][pair])).name.lower()) for field, kind in FIELDS.items())
    same_document = bool(entry.document_number) and entry.document_number == held.document_number
    verdict = SURE if outcome == Outcome.AUTO else DOUBTFUL
    return Match(person, verdict, round(float(decisions.bits[pair]), 2), why, same_document)


@dataclass(frozen=True)
class Comparison:
    """How well two files agree, field by field, and what speaks against one person, if anything does."""

    why: tuple[tuple[str, str], ...]
    hold: Reason | None


def compare_entries(one: Entry, other: Entry) -> Comparison:
    """What the engine says of two records that somebody holds to be one person."""
    records, pairs = encode(_frame([one, other])), Pairs(np.array([0], np.int64), np.array([1], np.int64))
    levels, weights = compare(records, pairs), _weights()
    decisions = decide(records, pairs, levels, score(levels, weights, weights.prior_bits(_size())), weights)
    why = tuple((field, kind(int(levels[field][0])).name.lower()) for field, kind in FIELDS.items())
    return Comparison(why, why_held(int(decisions.hold[0])))


def _frame(entries: Sequence[Entry]) -> pl.DataFrame:
    """Entries as the columns the engine compares."""
    return pl.DataFrame(
        {
            "record_id": range(len(entries)),
            "name": [name_key(e.name) for e in entries],
            "pinyin": [name_readings(e.name)[0] if e.name else None for e in entries],
            "sex": [e.sex for e in entries],
            "birth_year": [e.birth_date.year if e.birth_date else None for e in entries],
            "birth_month": [
                e.birth_date.month if e.birth_date and e.birth_precision != "year" else None for e in entries
            ],
            "birth_day": [e.birth_date.day if e.birth_date and e.birth_precision == "day" else None for e in entries],
            "birth_is_doubtful": [e.birth_is_lunar or e.birth_is_uncertain for e in entries],
            "document": [e.document_number if e.document_kind == RESIDENT_ID else None for e in entries],
            "phone": [e.phone or None for e in entries],
            "village_key": [e.place_key for e in entries],
            "address": [e.address or None for e in entries],
        },
        schema_overrides={"document": pl.String, "phone": pl.String, "address": pl.String, "pinyin": pl.String},
    )


def _size() -> int:
    """About how many files there are: the prior of two records being one person depends on it."""
    return int(Person.objects.aggregate(last=Max("id"))["last"] or 0)


@lru_cache(maxsize=1)
def _weights() -> Weights:
    return shipped_weights()
