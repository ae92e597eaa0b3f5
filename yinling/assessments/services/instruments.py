"""Scales come from packs; a corrected reading supersedes, so results keep the reading they were scored with."""

import datetime as dt
import json
from collections.abc import Mapping
from typing import Any

from django.db import transaction

from yinling.assessments.events import InstrumentLoaded
from yinling.assessments.form_a import sections_from
from yinling.assessments.models import Instrument
from yinling.assessments.queries import built
from yinling.engines.scales.instruments import FaultyInstrument
from yinling.kernel.actors import Actor
from yinling.kernel.changes import record
from yinling.kernel.clock import now
from yinling.kernel.errors import Refused
from yinling.kernel.readings import Difference, Reading, difference, digest_of


def instrument_differences(data: Mapping[str, Any], *, file: str, pack: str) -> list[Difference]:
    """What loading a scale's file would change; empty when it stands there already. Raises Refused with its faults."""
    return _news(_row(data, file, pack))


@transaction.atomic
def load_instrument(data: Mapping[str, Any], *, file: str, pack: str, by: Actor, layer: int = 0) -> list[Difference]:
    """Load a scale from its pack's YAML. The same file again changes nothing. A scale belongs to one pack, so the
    layer of the pack says nothing here. Raises Refused naming the file and its faults."""
    fresh = _row(data, file, pack)
    found = _news(fresh)
    if found:
        Instrument.objects.filter(key=fresh.key, version=fresh.version, superseded_at__isnull=True).update(
            superseded_at=now()
        )
        fresh.save(force_insert=True)
        record(InstrumentLoaded(fresh.uid, key=fresh.key, version_of_scale=fresh.version), by=by, content=fresh.data)
    return found


def _row(given: Mapping[str, Any], file: str, pack: str) -> Instrument:
    """The row that a file makes, unsaved; dates in its data as text."""
    data = json.loads(json.dumps(given, default=str))
    try:
        scale = built(data)
        sections_from(data)
    except (FaultyInstrument, KeyError, TypeError, ValueError) as fault:
        raise Refused("{file} cannot be read: {fault}.", file=file, fault=str(fault)) from None
    end = data.get("valid_to")
    return Instrument(
        key=scale.key, version=scale.version, data=data, digest=digest_of(data), verified=scale.verified,
        pack=pack, valid_from=scale.valid_from, valid_to=dt.date.fromisoformat(end) if end else None,
    )  # fmt: skip


def _news(fresh: Instrument) -> list[Difference]:
    held = Instrument.objects.filter(key=fresh.key, version=fresh.version, superseded_at__isnull=True).first()
    if held is not None and held.digest == fresh.digest:
        return []
    return [difference(str(fresh), _reading(held) if held else None, _reading(fresh))]


def _reading(row: Instrument) -> Reading:
    title = row.data["title"]["zh"]
    return Reading({"value": f"{title} {row.digest[:8]}"}, row.valid_from, row.valid_to, row.verified)
