"""Occupancy with its denominators, for any past day as known at any instant. Private; the doors are in `queries`.

Set up: beds that stand there (usable or under repair). Usable: of these, the usable ones. Occupied: held by a stay
whose resident is not in hospital. Reserved: held for an application, or by a resident in hospital. Counted at the end
of the day. Occupancy is occupied over usable; the newspaper's figure for public homes is residents over set up.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, fields
from typing import Any, TypeVar

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from yinling.institutions.models import BedState, BedUse, Institution, Leave
from yinling.institutions.models.rooms import NURSING, SET_UP, USABLE
from yinling.kernel.clock import start_of

DAY = dt.timedelta(days=1)
Moment = TypeVar("Moment", dt.date, dt.datetime)


@dataclass(frozen=True)
class Beds:
    """How many beds of each standing; `nursing` are those set up, `nursing_held` those occupied or reserved.

    `residents` are all who have a stay, also those in hospital.
    """

    set_up: int = 0
    usable: int = 0
    occupied: int = 0
    reserved: int = 0
    residents: int = 0
    nursing: int = 0
    nursing_held: int = 0

    def __add__(self, other: "Beds") -> "Beds":
        return Beds(*(getattr(self, f.name) + getattr(other, f.name) for f in fields(Beds)))

    @property
    def held(self) -> int:
        """Occupied or reserved."""
        return self.occupied + self.reserved

    @property
    def free(self) -> int:
        """Usable and held by nobody."""
        return max(self.usable - self.held, 0)

    @property
    def rate(self) -> float | None:
        """Occupied over usable; None without usable beds."""
        return self.occupied / self.usable if self.usable else None

    @property
    def share_occupied(self) -> float:
        """The rate for a drawing: nothing usable, nothing drawn."""
        return self.rate or 0.0

    @property
    def rate_of_set_up(self) -> float | None:
        """Residents over beds set up: the newspaper's denominator."""
        return self.residents / self.set_up if self.set_up else None

    @property
    def nursing_share(self) -> float | None:
        """Nursing beds over beds set up."""
        return self.nursing / self.set_up if self.set_up else None


def end_of(day: dt.date) -> dt.datetime:
    """The instant at which a day is over."""
    return start_of(day + DAY)


def by_institution(
    day: dt.date, known_at: dt.datetime, *, institutions: Q | None = None, kinds: Iterable[str] = ()
) -> dict[int, Beds]:
    """Beds per institution (primary key) at the end of a day. `institutions`: condition on `Institution`, prefixed
    `bed__institution__`; `kinds`: only beds of these kinds. Two statements."""
    only = (institutions or Q()) & (Q(bed__kind__in=list(kinds)) if kinds else Q())
    found: dict[int, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    states = BedState.objects.as_of(day, known_at).filter(only, state__in=SET_UP)
    for home, state, kind, count in states.values_list("bed__institution_id", "state", "bed__kind").annotate(
        Count("id")
    ):
        found[home]["set_up"] += count
        found[home]["usable"] += count if state == USABLE else 0
        found[home]["nursing"] += count if kind == NURSING else 0
    for home, kind, bed_kind, is_away, count in _uses(day, known_at, only):
        occupied = kind == BedUse.OCCUPIED and not is_away
        found[home]["occupied" if occupied else "reserved"] += count
        found[home]["residents"] += count if kind == BedUse.OCCUPIED else 0
        found[home]["nursing_held"] += count if bed_kind == NURSING else 0
    return {home: Beds(**values) for home, values in found.items()}


def _uses(day: dt.date, known_at: dt.datetime, only: Q) -> Iterable[tuple[int, str, str, bool, int]]:
    moment = end_of(day)
    in_hospital = Leave.objects.filter(
        Q(back_at__isnull=True) | Q(back_at__gte=moment) | Q(returned_recorded_at__gt=known_at),
        stay=OuterRef("stay"), kind=Leave.HOSPITAL, out_at__lt=moment, recorded_at__lte=known_at,
    )  # fmt: skip
    uses = BedUse.objects.as_of(moment, known_at).filter(only).annotate(is_away=Exists(in_hospital))
    return uses.values_list("bed__institution_id", "kind", "bed__kind", "is_away").annotate(Count("id"))


def over_time(homes: QuerySet[Institution] | list[Institution], days: list[dt.date]) -> list[Beds]:
    """Beds of these homes together at the end of each day, as known today. Three statements, whatever the days."""
    ends = [end_of(day) for day in days]
    states = BedState.objects.current().filter(bed__institution__in=homes, state__in=SET_UP)
    uses = BedUse.objects.current().filter(bed__institution__in=homes)
    hospital = Leave.objects.filter(stay__institution__in=homes, stay__voided_at__isnull=True, kind=Leave.HOSPITAL)
    standing = states.aggregate(**_each(days, _stood), **_each(days, _stood, "usable", Q(state=USABLE)))
    held = uses.aggregate(
        **_each(ends, _held, "lived_in", Q(kind=BedUse.OCCUPIED)), **_each(ends, _held, "kept", Q(kind=BedUse.RESERVED))
    )
    away = hospital.aggregate(**_each(ends, _was_out))
    return [
        Beds(
            set_up=standing[f"all_{n}"], usable=standing[f"usable_{n}"], residents=held[f"lived_in_{n}"],
            occupied=held[f"lived_in_{n}"] - away[f"all_{n}"], reserved=held[f"kept_{n}"] + away[f"all_{n}"],
        )
        for n in range(len(days))
    ]  # fmt: skip


def _each(moments: Sequence[Moment], condition: Callable[[Moment], Q], name: str = "all", only: Q | None = None) -> Any:
    """One count per moment: `name_0`, `name_1` …"""
    return {f"{name}_{n}": Count("id", filter=condition(at) & (only or Q())) for n, at in enumerate(moments)}


def _stood(day: dt.date) -> Q:
    return Q(valid_from__lte=day) & (Q(valid_to__isnull=True) | Q(valid_to__gt=day))


def _held(moment: dt.datetime) -> Q:
    return Q(valid_from__lt=moment) & (Q(valid_to__isnull=True) | Q(valid_to__gte=moment))


def _was_out(moment: dt.datetime) -> Q:
    return Q(out_at__lt=moment) & (Q(back_at__isnull=True) | Q(back_at__gte=moment))
