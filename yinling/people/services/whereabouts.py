"""Where somebody is: at home, in a stay, in hospital, away. One line of time per person, written here and nowhere else.

Homes and health say what happened; the change row is that of their verb, in the same transaction, and the origin
(kind, uid) leads back to it.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from django.db import transaction
from django.db.models import F

from yinling.kernel.clock import now
from yinling.kernel.database import bulk_insert
from yinling.people.models import Person, Whereabouts

Where = Literal["home", "stay", "hospital", "away"]


@dataclass(frozen=True)
class Known:
    """Where a person (primary key) is, and since when it has been known: a row of `load_whereabouts`."""

    person_id: int
    kind: Where
    since: dt.datetime
    origin_kind: str = ""
    origin_uid: UUID | None = None


@transaction.atomic
def record_whereabouts(
    *, person: Person, kind: Where, since: dt.datetime, origin_kind: str = "", origin_uid: UUID | None = None
) -> Whereabouts:
    """The person is somewhere from an instant on; where they were before ends then."""
    end_whereabouts(person=person, at=since)
    return Whereabouts.objects.create(
        person=person, kind=kind, origin_kind=origin_kind, origin_uid=origin_uid, valid_from=since
    )


@transaction.atomic
def end_whereabouts(*, person: Person, at: dt.datetime) -> None:
    """The person is nowhere any more: they have died. What began at or after the instant never held."""
    present = Whereabouts.objects.filter(person=person, valid_to__isnull=True, superseded_at__isnull=True)
    present.filter(valid_from__gte=at).update(superseded_at=now(), valid_to=F("valid_from"))
    present.update(valid_to=at)


@transaction.atomic
def load_whereabouts(*, rows: Iterable[Known]) -> int:
    """Where many persons are, for a bulk load into a register that knows nothing of them yet. Returns how many."""
    columns = ("person_id", "kind", "origin_kind", "origin_uid", "valid_from", "recorded_at")
    values = [(row.person_id, row.kind, row.origin_kind, row.origin_uid, row.since, row.since) for row in rows]
    bulk_insert(Whereabouts, columns, values)
    return len(values)
