"""Signs of life: whoever sees one notes it here, once.

The change row is that of the verb that saw the person (a visit, a meal, a posting), in the same transaction; the sign
keeps its origin. Signs are deleted when the time is over that the parameter people.sign_of_life_days states: nobody
needs to know in three years when an old woman opened her door.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from yinling.kernel.actors import Actor
from yinling.kernel.clock import now, start_of
from yinling.kernel.errors import Refused
from yinling.people import rules
from yinling.people.models import Person
from yinling.people.models.signs import SignOfLife
from yinling.reference.queries import parameter_or

KEPT_DAYS = 180  # while no pack states people.sign_of_life_days
BATCH = 500


@dataclass(frozen=True)
class Sign:
    """One sign for the bulk door: whose (primary key), of which kind, when, and what shows it."""

    person_id: int
    kind: str
    at: dt.datetime
    origin_kind: str = ""
    origin_uid: UUID | None = None


def note_sign_of_life(
    *, person: Person, kind: str, at: dt.datetime, by: Actor, origin_kind: str = "", origin_uid: UUID | None = None
) -> bool:
    """The person was there at an instant. The same sign again changes nothing. Returns whether it was new.

    Raises Refused for an instant that lies ahead and for a kind that nobody knows.
    """
    sign = Sign(person.canonical_id or person.pk, kind, at, origin_kind, origin_uid)
    return note_signs_of_life(signs=[sign], by=by) == 1


@transaction.atomic
def note_signs_of_life(*, signs: Sequence[Sign], by: Actor) -> int:
    """Many at once, two statements for each batch of them; all or none. Returns how many were new."""
    moment = now()
    for sign in signs:
        if objection := rules.why_not_a_sign(sign.kind, sign.at, moment, SignOfLife.Kind.values):
            raise Refused(objection)
    return sum(_insert(signs[at : at + BATCH], by, moment) for at in range(0, len(signs), BATCH))


def _insert(signs: Sequence[Sign], by: Actor, moment: dt.datetime) -> int:
    rows = {(s.person_id, s.at, s.kind): s for s in signs}
    known = SignOfLife.objects.filter(
        person_id__in={p for p, _, _ in rows}, happened_at__in={at for _, at, _ in rows}
    ).values_list("person_id", "happened_at", "kind")
    fresh = [rows[key] for key in rows.keys() - set(known)]
    SignOfLife.objects.bulk_create(list(_rows(fresh, by, moment)), ignore_conflicts=True)
    return len(fresh)


def _rows(signs: Iterable[Sign], by: Actor, moment: dt.datetime) -> Iterator[SignOfLife]:
    for one in signs:
        yield SignOfLife(
            person_id=one.person_id, kind=one.kind, happened_at=one.at, recorded_at=moment, by_uid=by.uid,
            origin_kind=one.origin_kind, origin_uid=one.origin_uid,
        )  # fmt: skip


def forget_signs_of_life(*, on: dt.date) -> int:
    """Delete the signs whose time is over on a day, in short transactions. Returns how many."""
    limit = start_of(on - dt.timedelta(days=_kept_days(on)))
    old = SignOfLife.objects.filter(happened_at__lt=limit).order_by("happened_at").values("pk")
    deleted = 0
    while count := SignOfLife.objects.filter(pk__in=list(old.values_list("pk", flat=True)[:BATCH])).delete()[0]:
        deleted += count
    return deleted


def _kept_days(on: dt.date) -> int:
    return int(parameter_or("people.sign_of_life_days", KEPT_DAYS, on))
