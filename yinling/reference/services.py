"""Writes to dated values: decide one here, verify one against its source, load what a pack's file says."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_noop as _

from yinling.kernel.actors import Actor, require
from yinling.kernel.changes import record
from yinling.kernel.clock import civil_date, now
from yinling.kernel.errors import NotFound, Refused
from yinling.kernel.uids import new_uid
from yinling.reference import bulk, pack_files, snapshot
from yinling.reference.events import ParameterSet, ValueVerified
from yinling.reference.models import LOCAL, LOCAL_LAYER, DatedRow, Entry, Parameter
from yinling.reference.permissions import Reference
from yinling.reference.rules import Difference

TABLES: dict[str, type[Parameter] | type[Entry]] = {"parameter": Parameter, "entry": Entry}
OWN_LIMIT = _("{key} is the operator's own limit: no document prescribes it, so there is nothing to verify it against.")


@transaction.atomic
def set_parameter(
    *, key: str, value: Any, valid_from: dt.date, by: Actor, unit: str = "", source: str = "", verified: bool = False
) -> Parameter:
    """Decide a value here, from a day on. It stands before every pack's; the one before it ends that day.

    A value of a key that packs leave to the operator is the operator's own limit too.
    """
    require(by, Reference.EDIT)
    is_own = Parameter.objects.current().filter(key=key, authority=Parameter.Authority.OPERATOR).exists()
    if verified and is_own:
        raise Refused(OWN_LIMIT, key=key)
    if verified and not source:
        raise Refused("A verified value names its source: document number, article and date.", field="source")
    held = Parameter.objects.current().filter(pack=LOCAL, key=key)
    if later := held.filter(valid_from__gt=valid_from).order_by("valid_from").first():
        raise Refused(
            "{key} already has a value from {later}; a new one cannot begin before it, on {start}.",
            key=key, later=later.valid_from, start=valid_from,
        )  # fmt: skip
    for row in held.holding(valid_from):
        _supersede([row])
        if row.valid_from < valid_from:
            _again(row, valid_to=valid_from)
    fresh = Parameter.objects.create(
        key=key, value=value, unit=unit, source=source, verified=verified,
        verified_by=UUID(str(by.uid)) if verified else None, verified_against=source if verified else "",
        valid_from=valid_from, pack=LOCAL, layer=LOCAL_LAYER,
        authority=Parameter.Authority.OPERATOR if is_own else Parameter.Authority.DOCUMENT,
    )  # fmt: skip
    snapshot.renew()
    record(ParameterSet(uid=fresh.uid, key=key), by=by, content={"value": value, "source": source})
    return fresh


@transaction.atomic
def verify(*, table: str, uid: UUID, source: str, by: Actor) -> DatedRow:
    """Say that a value or an entry was compared with its source. What was believed before stays on record."""
    require(by, Reference.VERIFY)
    row = TABLES[table].objects.current().select_for_update().filter(uid=uid).first() if table in TABLES else None
    if row is None:
        raise NotFound("parameter")
    if row.verified:
        raise Refused("This was verified already, against {source}.", source=row.verified_against or row.source)
    if isinstance(row, Parameter) and row.is_own:
        raise Refused(OWN_LIMIT, key=row.key)
    if not source.strip():
        raise Refused("Name the document you compared it with: number, article and date.", field="source")
    _supersede([row])
    fresh = _again(row, verified=True, verified_by=UUID(str(by.uid)), verified_against=source.strip())
    snapshot.renew()
    key = row.key if isinstance(row, Parameter) else str(row)
    record(ValueVerified(uid=fresh.uid, table=table, key=key), by=by, reason=source)
    return fresh


def _supersede(rows: Sequence[DatedRow]) -> None:
    """Withdraw rows; they stay readable under `known_at`."""
    at = now()
    for row in rows:
        type(row).objects.filter(pk=row.pk).update(superseded_at=at)


def _again(row: DatedRow, **changes: Any) -> Any:
    """The same row once more, under a new uid, with some fields changed."""
    names = [field.name for field in row._meta.concrete_fields if field.name not in ("id", "recorded_at")]
    fields = {name: getattr(row, name) for name in names} | {"uid": new_uid(), "superseded_at": None} | changes
    return type(row).objects.create(**fields)


# What packs load through: each verb has a question that says beforehand what it would do.


def parameter_differences(data: Mapping[str, Any], *, file: str, pack: str) -> list[Difference]:
    """What loading `data` (`parameters: [...]`) as a pack's parameters would do. Raises Refused on a faulty file."""
    wanted = pack_files.parameter_periods(data, file)
    return bulk.parameter_differences(wanted, pack=pack, today=civil_date())


@transaction.atomic
def load_parameters(data: Mapping[str, Any], *, file: str, pack: str, layer: int, by: Actor) -> list[Difference]:
    """Bring a pack's parameters to what its file says, history kept. Returns what was done."""
    found = parameter_differences(data, file=file, pack=pack)
    bulk.load_parameters(found, pack=pack, layer=layer, by=by)
    return found


def code_list_differences(data: Mapping[str, Any], *, file: str, pack: str) -> list[Difference]:
    """What loading `data` (`lists: [...]`) as a pack's code lists would do. Raises Refused on a faulty file."""
    return bulk.entry_differences(pack_files.entry_periods(data, file), pack=pack, today=civil_date())


@transaction.atomic
def load_code_lists(data: Mapping[str, Any], *, file: str, pack: str, layer: int, by: Actor) -> list[Difference]:
    """Bring a pack's code lists to what its file says, history kept. Returns what was done."""
    found = code_list_differences(data, file=file, pack=pack)
    bulk.load_titles(pack_files.list_titles(data), pack=pack, by=by)
    bulk.load_entries(found, pack=pack, layer=layer, by=by)
    return found


def special_day_differences(data: Mapping[str, Any], *, file: str, pack: str) -> list[Difference]:
    """What loading `data` (`days_off`, `working_weekends`) would do. Raises Refused on a faulty file."""
    return bulk.special_day_differences(pack_files.special_days(data, file), pack=pack)


@transaction.atomic
def load_special_days(data: Mapping[str, Any], *, file: str, pack: str, layer: int, by: Actor) -> list[Difference]:
    """Bring a pack's holidays and worked weekends to what its file says. Returns what was done."""
    found = special_day_differences(data, file=file, pack=pack)
    bulk.load_special_days(found, pack=pack, layer=layer, by=by)
    return found
