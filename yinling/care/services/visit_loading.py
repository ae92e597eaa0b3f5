"""Visitors, pairings and visits with their past, many at once: for the generator and for moves from other systems.

Rows come as they stand and are believed. Only for whoever holds the whole city.
"""

from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Any

from django.db import transaction

from yinling.care.models import Pairing, Visit, Visitor
from yinling.care.permissions import Care
from yinling.kernel.actors import WHOLE_CITY, Actor
from yinling.kernel.database import bulk_insert, reserve_ids
from yinling.kernel.errors import NotAllowed

BATCH = 5000
VISITOR = (
    "id", "uid", "name", "kind", "sex", "place_key", "speaks", "skills", "mode", "monthly_load", "longitude",
    "latitude", "begins_on", "recorded_at",
)  # fmt: skip
PAIRING = (
    "uid", "visitor_id", "person_id", "ground", "valid_from", "valid_to", "end_reason", "paired_by", "recorded_at",
)  # fmt: skip
VISIT = (
    "uid", "person_id", "visitor_id", "rule", "key", "opens_on", "due_on", "origin_kind", "state", "way", "started_at",
    "ended_at", "has_contact", "longitude", "latitude", "accuracy_m", "distance_m", "is_door_code_read", "far_reason",
    "remarks", "is_verified", "blocks", "found", "actions", "note_sealed", "signed", "source", "void_reason", "made_by",
    "made_recorded_at", "recorded_at",
)  # fmt: skip


def load_visitors(*, rows: Sequence[Sequence[Any]], by: Actor) -> list[int]:
    """Write visitors; each row as `VISITOR` without its id. Returns the ids, in order."""
    _whole_city(by)
    with transaction.atomic():
        ids = reserve_ids(Visitor, len(rows))
        bulk_insert(Visitor, VISITOR, [(number, *row) for number, row in zip(ids, rows, strict=True)])
    return ids


def load_pairings(*, rows: Iterable[Sequence[Any]], by: Actor) -> int:
    """Write pairings; each row as `PAIRING`. Returns how many. Users of visitors are let in by `open_grant`."""
    _whole_city(by)
    return _write(Pairing, PAIRING, rows)


def load_visits(*, rows: Iterable[Sequence[Any]], by: Actor) -> int:
    """Write visits; each row as `VISIT`. Returns how many."""
    _whole_city(by)
    return _write(Visit, VISIT, rows)


def _write(model: Any, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
    waiting, count = iter(rows), 0
    while part := list(islice(waiting, BATCH)):
        with transaction.atomic():
            bulk_insert(model, columns, part)
        count += len(part)
    return count


def _whole_city(by: Actor) -> None:
    if tuple(by.key_ranges(Care.PAIR)) != WHOLE_CITY:
        raise NotAllowed(Care.PAIR)
