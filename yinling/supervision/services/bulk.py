"""Take over alerts that another system has dealt with: the past, closed, with its steps."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction

from yinling.kernel.actors import Actor
from yinling.kernel.database import bulk_insert, reserve_ids
from yinling.kernel.uids import new_uid
from yinling.supervision import rules
from yinling.supervision.models import Alert, Rule, Step

BATCH = 500


@dataclass(frozen=True)
class PastAlert:
    """An alert that is over. Instants in order: onset, detected, acknowledged, on site (or none), resolved, closed."""

    rule: str
    level: int
    subject_kind: str
    subject_uid: UUID | None
    place_key: int
    onset: dt.datetime
    detected_at: dt.datetime
    acknowledged_at: dt.datetime
    in_time: bool
    on_site_at: dt.datetime | None
    resolved_at: dt.datetime
    closed_at: dt.datetime
    resolver: UUID
    verifier: UUID
    cause: str = ""
    person_id: int | None = None
    institution_id: int | None = None
    count: int = 1


def load_alerts(*, past: Iterable[PastAlert], by: Actor) -> int:
    """Write closed alerts in batches of one transaction; one that is there already is left. Returns how many."""
    known = {rule.key: rule for rule in Rule.objects.current()}
    rows, count = list(past), 0
    for begin in range(0, len(rows), BATCH):
        with transaction.atomic():
            count += _write(rows[begin : begin + BATCH], known, by)
    return count


def _key(one: PastAlert) -> str:
    return rules.key_of(f"{one.subject_kind}:{one.subject_uid or one.place_key}", one.rule, one.onset)


def _write(batch: Sequence[PastAlert], known: dict[str, Rule], by: Actor) -> int:
    held = set(Alert.objects.filter(key__in=[_key(one) for one in batch]).values_list("key", flat=True))
    fresh = list({_key(one): one for one in batch if _key(one) not in held}.values())
    ids = reserve_ids(Alert, len(fresh))
    alerts = [_row(pk, one, known[one.rule]) for pk, one in zip(ids, fresh, strict=True)]
    columns = [str(field.column) for field in Alert._meta.concrete_fields]
    bulk_insert(Alert, columns, [[getattr(row, name) for name in columns] for row in alerts])
    steps = [step for pk, one in zip(ids, fresh, strict=True) for step in _steps(pk, one, by)]
    Step.objects.bulk_create(steps, batch_size=BATCH)
    return len(fresh)


def _row(pk: int, one: PastAlert, rule: Rule) -> Alert:
    return Alert(
        pk=pk, uid=new_uid(), key=_key(one), scope=f"{one.subject_kind}:{one.subject_uid or one.place_key}",
        rule_key=rule.key, rule=rule, family=rule.family, level=one.level, subject_kind=one.subject_kind,
        subject_uid=one.subject_uid, person_id=one.person_id, institution_id=one.institution_id,
        place_key=one.place_key, onset=one.onset, detected_at=one.detected_at, last_seen_at=one.detected_at,
        count=one.count, state=Alert.State.CLOSED, last_signal="cleared", acknowledged_at=one.acknowledged_at,
        acknowledged_in_time=one.in_time, on_site_at=one.on_site_at, resolved_at=one.resolved_at,
        resolved_by=one.resolver, is_false=bool(one.cause), cause=one.cause, verified_at=one.closed_at,
        verified_by=one.verifier, closed_at=one.closed_at,
    )  # fmt: skip


def _steps(pk: int, one: PastAlert, by: Actor) -> list[Step]:
    made: list[tuple[Any, dt.datetime | None, UUID | Any]] = [
        (Step.Verb.RAISED, one.detected_at, by.uid), (Step.Verb.ACKNOWLEDGED, one.acknowledged_at, one.resolver),
        (Step.Verb.ARRIVED, one.on_site_at, one.resolver),
        (Step.Verb.FALSE if one.cause else Step.Verb.RESOLVED, one.resolved_at, one.resolver),
        (Step.Verb.CLOSED, one.closed_at, one.verifier),
    ]  # fmt: skip
    return [
        Step(alert_id=pk, verb=verb, at=at, actor_uid=UUID(str(who)), actor_label=by.label[:60])
        for verb, at, who in made if at is not None
    ]  # fmt: skip
