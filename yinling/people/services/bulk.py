"""Many entries at once: the same rules as one, a constant number of statements per batch.

Everything a batch does happens in the caller's transaction, which also saves how far the import is; so a batch is
written whole or not at all, and one change row tells of it. Rows of one batch that are about the same person are
taken one after the other.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from yinling.kernel.actors import Actor, KeyRange
from yinling.kernel.changes import record
from yinling.kernel.clock import now
from yinling.kernel.crypto import blind, seal
from yinling.kernel.database import bulk_insert, reserve_ids
from yinling.kernel.errors import Refused
from yinling.kernel.names import name_key
from yinling.kernel.reasons import Reason
from yinling.kernel.uids import new_uid
from yinling.people import rules, search
from yinling.people.cards import entry_of, reindex
from yinling.people.events import RosterApplied
from yinling.people.matching import SURE, Match, matches_by_keys
from yinling.people.models import Category, Doubt, OtherName, Person, Residence
from yinling.people.models.matching import doubt_where
from yinling.people.permissions import People
from yinling.people.rules import Checked, Entry
from yinling.people.services.card import apply_changes, settle_in
from yinling.people.services.doubts import entry_as_json
from yinling.people.services.prepared import CARD_COLUMNS, Prepared, prepare_entries

CREATED, UPDATED, UNCHANGED, DOUBT, REFUSED = "created", "updated", "unchanged", "doubt", "refused"


@dataclass(frozen=True)
class RowOutcome:
    """What became of one entry. `kind` is one of created, updated, unchanged, doubt, refused."""

    kind: str
    person: UUID | None = None
    changed: tuple[str, ...] = ()
    reason: Reason | None = None
    next_step: Reason | None = None


@dataclass(frozen=True)
class Batch:
    """What holds for all entries of a batch."""

    by: Actor
    source: str
    today: dt.date
    ranges: tuple[KeyRange, ...]
    refuses_the_dead: bool = True

    def is_mine(self, place_key: int) -> bool:
        """Whether the actor may write there."""
        return any(low <= place_key <= high for low, high in self.ranges)


def apply_entries(
    *, entries: Sequence[Checked], by: Actor, source: str, today: dt.date, refuses_the_dead: bool = True
) -> list[RowOutcome]:
    """Take a batch of entries without objections: create, update, leave, doubt or refuse each. Same order out."""
    return apply_prepared(
        entries=prepare_entries(entries), by=by, source=source, today=today, refuses_the_dead=refuses_the_dead
    )


def apply_prepared(
    *, entries: Sequence[Prepared], by: Actor, source: str, today: dt.date, refuses_the_dead: bool = True
) -> list[RowOutcome]:
    """The same for entries that another process has prepared. The one function that writes rosters."""
    batch = Batch(by, source, today, tuple(by.key_ranges(People.IMPORT)), refuses_the_dead)
    outcomes: dict[int, RowOutcome] = {}
    waiting = list(range(len(entries)))
    while waiting:
        turn, waiting = _one_per_person(entries, waiting)
        chosen = [entries[number] for number in turn]
        outcomes.update(zip(turn, _apply(chosen, batch), strict=True))
    result = [outcomes[number] for number in range(len(entries))]
    _announce(result, batch)
    return result


def _one_per_person(entries: Sequence[Prepared], numbers: list[int]) -> tuple[list[int], list[int]]:
    """Entries about different people now; repeats of a document, or of name, birth and village, later."""
    now_, later, seen = list[int](), list[int](), set[object]()
    for number in numbers:
        documents, _, name, born, place_key = entries[number].keys
        who, document = (name, born, place_key), documents[0] if documents else number
        (later if who in seen or document in seen else now_).append(number)
        seen.add(who)
        seen.add(document)
    return now_, later


def _apply(entries: Sequence[Prepared], batch: Batch) -> list[RowOutcome]:
    found = matches_by_keys([one.keys for one in entries], lambda number: entries[number].entry)
    outcomes: list[RowOutcome | None] = [None] * len(entries)
    fresh: list[int] = []
    for number, (one, matched) in enumerate(zip(entries, found, strict=True)):
        if not matched and batch.is_mine(one.keys.place_key):
            fresh.append(number)
            continue
        outcomes[number] = _decide(Checked(one.entry, (), one.flags), matched, batch)
        if outcomes[number] is None:
            fresh.append(number)
    _create([entries[number] for number in fresh], batch)
    for number in fresh:
        outcomes[number] = RowOutcome(CREATED, entries[number].uid)
    return [outcome for outcome in outcomes if outcome is not None]


def _decide(checked: Checked, matched: list[Match], batch: Batch) -> RowOutcome | None:
    """What a row means, and the writing of it unless it is a new person (None)."""
    if not batch.is_mine(checked.entry.place_key):
        return RowOutcome(
            REFUSED,
            reason=Reason("The place in this row is not in your divisions."),
            next_step=Reason("Check the village, or hand the roster to the county it belongs to."),
        )
    sure = [match for match in matched if match.verdict == SURE]
    if len(sure) == 1:
        return _update(sure[0].person, checked, batch)
    mine = [match for match in matched if batch.is_mine(match.person.place_key)]
    if mine:
        return _doubt(checked, mine[0], batch)
    if matched and matched[0].by_document:
        return _elsewhere()
    return None


def _elsewhere() -> RowOutcome:
    return RowOutcome(
        REFUSED,
        reason=Reason("A person with this document is on file in another county."),
        next_step=Reason("Ask that county for a transfer."),
    )


def _update(person: Person, checked: Checked, batch: Batch) -> RowOutcome:
    """Write what the row states otherwise than the card."""
    if not batch.is_mine(person.place_key):
        return _elsewhere()
    if batch.refuses_the_dead and person.life_status == Person.DEAD:
        return RowOutcome(
            REFUSED,
            person.uid,
            reason=Reason("Registered as dead on {day}.", day=person.died_on or ""),
            next_step=Reason("If the person lives, take the registration of the death back first."),
        )
    held = entry_of(person)
    found = rules.changes(held, checked.entry)
    moves = found.pop("place_key", None)
    if moves:
        try:  # first, because it may be refused, and then nothing of the row is written
            settle_in(person, checked.entry.place_key, batch.today, by=batch.by, reason=batch.source)
        except Refused as refusal:
            return RowOutcome(
                REFUSED, person.uid, reason=refusal.reason,
                next_step=Reason("Enter the move on the person's page, with the day it happened."),
            )  # fmt: skip
    added = _join(person, checked.entry, batch)
    if found:
        apply_changes(person, held, found, by=batch.by, source=batch.source, flags=checked.flags)
    if found or added:
        reindex(person)
    changed = (*sorted(found), *(["place_key"] if moves else []), *added)
    return RowOutcome(UPDATED if changed else UNCHANGED, person.uid, changed)


def _join(person: Person, entry: Entry, batch: Batch) -> list[str]:
    """Put the person into the stated categories they are not in yet."""
    if not entry.categories:
        return []
    held = person.categories.filter(valid_to__isnull=True, superseded_at__isnull=True)
    missing = rules.missing_categories(frozenset(held.values_list("category", flat=True)), entry.categories)
    for category, grade in missing:
        Category.objects.create(
            person=person, category=category, grade=grade, source=batch.source, valid_from=batch.today
        )
    return [category for category, _ in missing]


def _doubt(checked: Checked, match: Match, batch: Batch) -> RowOutcome:
    """Hold the row until somebody says whether it is the person it resembles. The same row waits once."""
    text = entry_as_json(checked.entry)
    key, uid = blind("doubt", text), new_uid()
    doubt, _ = Doubt.objects.get_or_create(
        record_key=key, state=Doubt.OPEN,
        defaults={
            "uid": uid, "place_key": checked.entry.place_key, "record_sealed": seal(text, doubt_where(uid)),
            "candidate": match.person, "score": match.bits, "why": [list(pair) for pair in match.why],
            "source": batch.source,
        },
    )  # fmt: skip
    return RowOutcome(
        DOUBT,
        doubt.uid,
        reason=Reason("Resembles a person on file, but not surely enough."),
        next_step=Reason("Say in the list of doubts whether it is the same person."),
    )


def _create(entries: Sequence[Prepared], batch: Batch) -> None:
    """Open files in bulk: card, residence, categories, names, search line."""
    if not entries:
        return
    ids, at = reserve_ids(Person, len(entries)), now()
    fresh = list(zip(ids, entries, strict=True))
    bulk_insert(
        Person,
        ("id", "uid", *CARD_COLUMNS, "flags", "source", "life_status", "created_at", "updated_at"),
        ((key, one.uid, *one.card, list(one.flags), batch.source, Person.ALIVE, at, at) for key, one in fresh),
    )
    bulk_insert(
        Residence,
        ("person_id", "kind", "place_key", "valid_from", "recorded_at"),
        ((key, Residence.ACTUAL, one.keys.place_key, batch.today, at) for key, one in fresh),
    )
    bulk_insert(
        Category,
        ("person_id", "category", "grade", "source", "valid_from", "recorded_at"),
        (
            (key, category, grade, batch.source, batch.today, at)
            for key, one in fresh
            for category, grade in one.categories
        ),
    )
    bulk_insert(
        OtherName,
        ("person_id", "name", "name_key", "recorded_at"),
        ((key, name, name_key(name), at) for key, one in fresh for name in one.other_names),
    )
    search.add((key, one.line) for key, one in fresh)


def _announce(outcomes: list[RowOutcome], batch: Batch) -> None:
    """One change row for the whole batch; the outcomes themselves lie in the import's file."""
    kinds = [outcome.kind for outcome in outcomes]
    record(
        RosterApplied(
            uid=new_uid(), rows=len(kinds), created=kinds.count(CREATED), updated=kinds.count(UPDATED),
            doubts=kinds.count(DOUBT),
        ),
        by=batch.by, reason=batch.source,
    )  # fmt: skip
