"""Templates of plans come from packs; a corrected reading supersedes, so plans keep the one they began with."""

import datetime as dt
import json
from collections.abc import Mapping
from typing import Any

from django.db import transaction

from yinling.care.models import PlanTemplate
from yinling.care.plan_events import TemplateLoaded
from yinling.care.rules.templates import FaultyTemplate, template_from
from yinling.kernel.actors import Actor
from yinling.kernel.changes import record
from yinling.kernel.clock import now
from yinling.kernel.errors import Refused
from yinling.kernel.readings import Difference, Reading, difference, digest_of


def template_differences(data: Mapping[str, Any], *, file: str, pack: str) -> list[Difference]:
    """What loading a file would change; empty when it stands there already. Raises Refused with its faults."""
    return [found for fresh in _rows(data, file, pack) for found in _news(fresh)]


@transaction.atomic
def load_templates(data: Mapping[str, Any], *, file: str, pack: str, by: Actor, layer: int = 0) -> list[Difference]:
    """Load the templates of a pack's YAML. The same file again changes nothing. Raises Refused naming the fault."""
    done: list[Difference] = []
    for fresh in _rows(data, file, pack):
        found = _news(fresh)
        if found:
            held = PlanTemplate.objects.filter(key=fresh.key, version=fresh.version, superseded_at__isnull=True)
            held.update(superseded_at=now())
            fresh.save(force_insert=True)
            record(TemplateLoaded(fresh.uid, fresh.key, fresh.version), by=by, content=fresh.data)
        done += found
    return done


def _rows(given: Mapping[str, Any], file: str, pack: str) -> list[PlanTemplate]:
    whole = json.loads(json.dumps(given, default=str))
    terms = whole.get("terms") or []
    return [_row({**one, "terms": terms}, file, pack) for one in whole.get("templates") or ()]


def _row(data: Mapping[str, Any], file: str, pack: str) -> PlanTemplate:
    try:
        read = template_from(data)
    except (FaultyTemplate, KeyError, TypeError, ValueError) as fault:
        name = str(data.get("key", "?"))
        raise Refused("{file}: {key} cannot be read: {fault}.", file=file, key=name, fault=str(fault)) from None
    end = data.get("valid_to")
    return PlanTemplate(
        key=read.key, version=read.version, programme=read.programme, data=dict(data), digest=digest_of(data),
        verified=read.verified, pack=pack, valid_from=read.valid_from,
        valid_to=dt.date.fromisoformat(end) if end else None,
    )  # fmt: skip


def _news(fresh: PlanTemplate) -> list[Difference]:
    held = PlanTemplate.objects.filter(key=fresh.key, version=fresh.version, superseded_at__isnull=True).first()
    if held is not None and held.digest == fresh.digest:
        return []
    return [difference(str(fresh), _reading(held) if held else None, _reading(fresh))]


def _reading(row: PlanTemplate) -> Reading:
    title = row.data["title"]["zh"]
    return Reading({"value": f"{title} {row.digest[:8]}"}, row.valid_from, row.valid_to, row.verified)
