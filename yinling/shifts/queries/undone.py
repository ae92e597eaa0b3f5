"""What was not done, by ward, shift and carer: from missed tasks and unchecked medicines, for a span of days."""

import datetime as dt
from collections import Counter
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from yinling.kernel.actors import Actor
from yinling.shifts.models import CareRecord, HandOver, MissedTask, Ward


@dataclass(frozen=True)
class Undone:
    """One ward in one shift under one carer: missed tasks by kind, medicines without a second check, what was done."""

    ward: str
    home: str
    home_uid: UUID
    ward_uid: UUID
    day: dt.date
    shift: str
    carer: str
    missed: dict[str, int]
    made_up: int
    unchecked: int
    done: int
    is_handed_over: bool

    @property
    def count(self) -> int:
        """How much is missing altogether."""
        return sum(self.missed.values()) + self.unchecked


def undone_for(by: Actor, first: dt.date, last: dt.date, home: str = "") -> QuerySet[MissedTask]:
    """Missed tasks of a span of days that the actor sees, not made up since. Unordered."""
    found = MissedTask.objects.visible_to(by).filter(day__range=(first, last), made_up_at__isnull=True)
    found = found.select_related("ward__institution", "stay__person", "point")
    return found.filter(ward__institution__uid=home) if home else found


def undone_table(by: Actor, first: dt.date, last: dt.date, home: str = "") -> list[Undone]:
    """Shifts in which something is missing, the newest first. Five statements."""
    missed = MissedTask.objects.visible_to(by).filter(day__range=(first, last))
    records = CareRecord.objects.visible_to(by).standing().filter(day__range=(first, last))
    if home:
        missed, records = missed.filter(ward__institution__uid=home), records.filter(ward__institution__uid=home)
    missed = missed.annotate(is_missing=Q(made_up_at__isnull=True))
    cells = missed.values_list("ward_id", "day", "shift", "carer_label", "kind", "is_missing")
    found: dict[tuple[int, dt.date, str], Counter[str]] = {}
    carers: dict[tuple[int, dt.date, str], str] = {}
    for ward_id, day, shift, carer, kind, is_missing, count in cells.annotate(n=Count("id")):
        at = (ward_id, day, shift)
        found.setdefault(at, Counter())[kind if is_missing else "made_up"] += count
        carers[at] = carers.get(at) or carer
    for ward_id, day, shift, count in _by_shift(records.unchecked()):
        found.setdefault((ward_id, day, shift), Counter())["unchecked"] += count
    done = {(w, day, shift): n for w, day, shift, n in _by_shift(records)}
    return _rows(by, found, carers, done)


def _by_shift(rows: QuerySet[CareRecord]) -> QuerySet[CareRecord, tuple[int, dt.date, str, int]]:
    return rows.values_list("ward_id", "day", "shift").annotate(n=Count("id"))


def _rows(
    by: Actor,
    found: dict[tuple[int, dt.date, str], Counter[str]],
    carers: dict[tuple[int, dt.date, str], str],
    done: dict[tuple[int, dt.date, str], int],
) -> list[Undone]:
    from_wards = {at[0] for at in found}
    wards = Ward.objects.select_related("institution").in_bulk(from_wards)
    handed = HandOver.objects.visible_to(by).filter(ward__in=from_wards, day__in={at[1] for at in found})
    closed = set(handed.values_list("ward_id", "day", "shift"))
    rows = [
        Undone(
            wards[at[0]].name, wards[at[0]].institution.name, wards[at[0]].institution.uid, wards[at[0]].uid, at[1],
            at[2], carers.get(at, ""),
            {kind: n for kind, n in counts.items() if kind not in ("made_up", "unchecked") and n},
            counts["made_up"], counts["unchecked"], done.get(at, 0), at in closed,
        )
        for at, counts in found.items()
    ]  # fmt: skip
    return sorted(rows, key=lambda row: (-row.day.toordinal(), row.home, row.ward, row.shift))
