"""Checklists come from packs; a corrected reading supersedes, so inspections keep the one they were made with."""

import datetime as dt
import json
from collections.abc import Mapping
from typing import Any

from django.db import transaction

from yinling.inspections.events import ChecklistLoaded
from yinling.inspections.models import Checklist
from yinling.inspections.rules.checklists import FaultyChecklist, checklist_from
from yinling.kernel.actors import Actor
from yinling.kernel.changes import record
from yinling.kernel.clock import now
from yinling.kernel.errors import Refused
from yinling.kernel.readings import Difference, Reading, difference, digest_of


def checklist_differences(data: Mapping[str, Any], *, file: str, pack: str) -> list[Difference]:
    """What loading a file would change; empty when it stands there already. Raises Refused with its faults."""
    return _news(_row(data, file, pack))


@transaction.atomic
def load_checklist(data: Mapping[str, Any], *, file: str, pack: str, by: Actor, layer: int = 0) -> list[Difference]:
    """Load a checklist from its pack's YAML. The same file again changes nothing. Raises Refused naming the fault."""
    fresh = _row(data, file, pack)
    found = _news(fresh)
    if found:
        Checklist.objects.filter(key=fresh.key, version=fresh.version, superseded_at__isnull=True).update(
            superseded_at=now()
        )
        fresh.save(force_insert=True)
        record(ChecklistLoaded(fresh.uid, key=fresh.key, version_of_list=fresh.version), by=by, content=fresh.data)
    return found


def _row(given: Mapping[str, Any], file: str, pack: str) -> Checklist:
    data = json.loads(json.dumps(given, default=str))
    try:
        questions, begins = checklist_from(data), dt.date.fromisoformat(data["valid_from"])
    except (FaultyChecklist, KeyError, TypeError, ValueError) as fault:
        raise Refused("{file} cannot be read: {fault}.", file=file, fault=str(fault)) from None
    end = data.get("valid_to")
    return Checklist(
        key=questions.key, version=questions.version, data=data, digest=digest_of(data), verified=questions.verified,
        pack=pack, valid_from=begins, valid_to=dt.date.fromisoformat(end) if end else None,
    )  # fmt: skip


def _news(fresh: Checklist) -> list[Difference]:
    held = Checklist.objects.filter(key=fresh.key, version=fresh.version, superseded_at__isnull=True).first()
    if held is not None and held.digest == fresh.digest:
        return []
    return [difference(str(fresh), _reading(held) if held else None, _reading(fresh))]


def _reading(row: Checklist) -> Reading:
    title = row.data["title"]["zh"]
    return Reading({"value": f"{title} {row.digest[:8]}"}, row.valid_from, row.valid_to, row.verified)
