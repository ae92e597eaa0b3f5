"""The doors through which packs load: what a file would change, and the change itself, whole or not at all."""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from typing import Any
from uuid import UUID

from django.db import transaction

from yinling.kernel.actors import Actor, require
from yinling.kernel.changes import record
from yinling.kernel.clock import now
from yinling.reference import snapshot
from yinling.reference.events import PackValuesLoaded
from yinling.reference.models import CodeList, DatedRow, Entry, Parameter, SpecialDay
from yinling.reference.pack_files import Special, Title
from yinling.reference.permissions import Reference
from yinling.reference.rules import Difference, Kind, Period, differences

ENTRY_CONTENT = ("zh", "en", "order", "data")
PARAMETER_CONTENT = ("value", "unit", "zh", "en", "authority")


def parameter_differences(wanted: Iterable[Period], *, pack: str, today: dt.date) -> list[Difference]:
    """What loading these periods as the parameters of `pack` would do."""
    return differences(_loaded(Parameter, pack, PARAMETER_CONTENT), wanted, today)


def entry_differences(wanted: Iterable[Period], *, pack: str, today: dt.date) -> list[Difference]:
    """What loading these periods (keys `list/code`) as the code lists of `pack` would do."""
    return differences(_loaded(Entry, pack, ENTRY_CONTENT), wanted, today)


def _loaded(model: type[DatedRow], pack: str, content: tuple[str, ...]) -> list[Period]:
    return [
        _period(row, {name: getattr(row, name) for name in content})
        for row in model.objects.current().filter(pack=pack)
    ]


def _period(row: DatedRow, content: dict[str, Any]) -> Period:
    return Period(str(row), row.valid_from, row.valid_to, content, row.source, row.note, row.verified)


def load_parameters(found: list[Difference], *, pack: str, layer: int, by: Actor) -> None:
    """Carry out what `parameter_differences` found."""
    _load(Parameter, found, pack, layer, lambda key: {"key": key}, by)


def load_entries(found: list[Difference], *, pack: str, layer: int, by: Actor) -> None:
    """Carry out what `entry_differences` found."""
    _load(Entry, found, pack, layer, lambda key: dict(zip(("list_key", "code"), key.split("/", 1), strict=True)), by)


@transaction.atomic
def _load(
    model: type[DatedRow], found: list[Difference], pack: str, layer: int,
    named: Callable[[str], dict[str, str]], by: Actor,
) -> None:  # fmt: skip
    """Withdraw every `before`, then write every `after`: in that order no two ever hold at once."""
    require(by, Reference.EDIT)
    if not found:
        return
    rows = {(str(row), row.valid_from): row for row in model.objects.current().filter(pack=pack)}
    held = [(d, rows.get((d.key, d.before.valid_from)) if d.before else None) for d in found]
    model.objects.filter(pk__in=[row.pk for _, row in held if row]).update(superseded_at=now())
    fresh = [_row(model, d.after, row, {"pack": pack, "layer": layer} | named(d.key)) for d, row in held if d.after]
    model.objects.bulk_create(fresh, batch_size=500)
    snapshot.renew()
    tally = counts(found)
    event = PackValuesLoaded(uid=UUID(str(by.uid)), table=model.__name__.lower(), pack=pack, **tally)
    record(event, by=by)


def _row(model: type[DatedRow], period: Period, old: DatedRow | None, fixed: Mapping[str, Any]) -> DatedRow:
    """The row of a period. Whoever verified the same value before stays named."""
    kept = old if old is not None and old.verified and period.verified else None
    return model(
        valid_from=period.valid_from,
        valid_to=period.valid_to,
        source=period.source,
        note=period.note,
        verified=period.verified,
        verified_by=kept.verified_by if kept else None,
        verified_against=kept.verified_against if kept else "",
        **fixed,
        **period.content,
    )


def counts(found: Iterable[Difference]) -> dict[str, int]:
    """How many differences of each kind."""
    tally = {kind.value: 0 for kind in Kind}
    for difference in found:
        tally[difference.kind.value] += 1
    return tally


@transaction.atomic
def load_titles(titles: Iterable[Title], *, pack: str, by: Actor) -> int:
    """Set the captions of code lists. Returns how many are new or read differently."""
    require(by, Reference.EDIT)
    held = {row.key: row for row in CodeList.objects.all()}
    stale = [title for title in titles if _is_stale(held.get(title.key), title, pack)]
    for title in stale:
        fields = {"zh": title.zh, "en": title.en, "source": title.source, "note": title.note, "pack": pack}
        CodeList.objects.update_or_create(key=title.key, defaults=fields)
    if stale:
        snapshot.renew()
    return len(stale)


def _is_stale(row: CodeList | None, title: Title, pack: str) -> bool:
    """Whether a caption must be written; the pack that brought a list names it, so that two packs do not take turns."""
    if row is None:
        return True
    return row.pack == pack and (row.zh, row.en, row.source, row.note) != (title.zh, title.en, title.source, title.note)


def special_day_differences(wanted: Iterable[Special], *, pack: str) -> list[Difference]:
    """What loading these days as the special days of `pack` would do. Other packs' days are not touched."""
    old = {row.day: _day_period(row) for row in SpecialDay.objects.filter(superseded_at__isnull=True, pack=pack)}
    new = {special.day: _special_period(special) for special in wanted}
    found = [
        Difference(Kind.CHANGED if day in old else Kind.ADDED, old.get(day), period)
        for day, period in new.items()
        if old.get(day) != period
    ]
    return found + [Difference(Kind.REMOVED, period, None) for day, period in old.items() if day not in new]


def _day_period(row: SpecialDay) -> Period:
    content = {"is_working": row.is_working, "zh": row.zh, "en": row.en}
    return Period(row.day.isoformat(), row.day, None, content, row.source, "", row.verified)


def _special_period(special: Special) -> Period:
    content = {"is_working": special.is_working, "zh": special.zh, "en": special.en}
    return Period(special.day.isoformat(), special.day, None, content, special.source, "", special.verified)


@transaction.atomic
def load_special_days(found: list[Difference], *, pack: str, layer: int, by: Actor) -> None:
    """Carry out what `special_day_differences` found."""
    require(by, Reference.EDIT)
    if not found:
        return
    days = [dt.date.fromisoformat(d.key) for d in found]
    SpecialDay.objects.filter(superseded_at__isnull=True, pack=pack, day__in=days).update(superseded_at=now())
    fresh = [
        SpecialDay(day=p.valid_from, source=p.source, verified=p.verified, pack=pack, layer=layer, **p.content)
        for p in (d.after for d in found)
        if p
    ]
    SpecialDay.objects.bulk_create(fresh, batch_size=500)
    snapshot.renew()
    record(PackValuesLoaded(uid=UUID(str(by.uid)), table="specialday", pack=pack, **counts(found)), by=by)
