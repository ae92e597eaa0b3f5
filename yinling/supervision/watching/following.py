"""What people change while the watcher runs: rules, devices and consents, alerts that they are done with."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import numpy as np

from yinling.devices.models import CareScope, Device
from yinling.devices.queries import Mark, device_table, is_behind
from yinling.engines.signals.columns import Index
from yinling.engines.signals.plan import Plan
from yinling.engines.signals.planning import plan_for
from yinling.engines.signals.rules import Rule, Scope
from yinling.institutions.models import Institution, Room
from yinling.kernel.clock import instant_of
from yinling.kernel.database import answered_if_still
from yinling.people.models import Household, Person
from yinling.supervision.models import Alert
from yinling.supervision.models import Rule as RuleRow
from yinling.supervision.services.loading import device_rule
from yinling.supervision.watching.checkpoints import save_plan
from yinling.supervision.watching.findings import room_uid
from yinling.supervision.watching.laying import Laid, lay

Versions = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Watched:
    """Rules in force laid over devices, as read at one time. `kept_as`: the file that a checkpoint names."""

    rules: tuple[Rule, ...]
    laid: Laid
    plan: Plan
    kept_as: str
    versions: Versions
    mark: Mark


def watched(folder: Path) -> Watched:
    """As they stand now, kept in the folder. Raises OSError on a full disk."""
    table = device_table()
    rows = list(RuleRow.objects.current().filter(over=RuleRow.Over.DEVICES).order_by("key"))
    versions = tuple((row.key, row.digest) for row in rows)
    data = [row.data for row in rows]
    rules, laid = tuple(map(device_rule, data)), lay(table)
    plan = plan_for(rules, laid.register)
    return Watched(rules, laid, plan, save_plan(folder, data, laid.register), versions, table.mark)


def has_changed(held: Watched) -> bool:
    """Whether rules, devices or consents are others by now. Three statements, where anybody has written."""
    return _are_superseded(held.versions) or is_behind(held.mark)


@answered_if_still(False)
def _are_superseded(versions: Versions) -> bool:
    current = RuleRow.objects.current().filter(over=RuleRow.Over.DEVICES).order_by("key")
    return tuple(current.values_list("key", "digest")) != versions


@answered_if_still(cast(list[Alert], []))
def settled_since(since_ms: int) -> list[Alert]:
    """Alerts that people were done with after an instant, oldest first."""
    since = instant_of(since_ms)
    return list(Alert.objects.filter(resolved_at__gt=since, rule__over=RuleRow.Over.DEVICES).order_by("resolved_at"))


def slots_of(plan: Plan, alerts: Iterable[Alert]) -> Index:
    """The slots of these alerts, where they are watched still."""
    numbers = {rule.key: number for number, rule in enumerate(plan.rules)}
    found = []
    for alert in alerts:
        number = numbers.get(alert.rule_key)
        subject = None if number is None else _subject(alert, plan.rules[number].scope)
        if number is None or subject is None:
            continue
        first, last = plan.slot_base[number], plan.slot_base[number + 1]
        found += list(first + np.flatnonzero(plan.slot_subject[first:last] == subject))
    return np.array(found, dtype=np.intp)


def _subject(alert: Alert, scope: Scope) -> int | None:
    """The number under which the engine knows what an alert is about."""
    if alert.subject_uid is None:
        return None
    if scope is Scope.DEVICE:
        return Device.objects.filter(uid=alert.subject_uid).values_list("number", flat=True).first()
    if scope is Scope.ROOM:
        rooms = Room.objects.filter(floor__building__institution=alert.institution_id)
        return next((pk for pk in rooms.values_list("pk", flat=True) if room_uid(pk) == alert.subject_uid), None)
    if scope is Scope.HOUSEHOLD:
        household = Household.objects.filter(uid=alert.subject_uid).values_list("pk", flat=True).first()
        cared = CareScope.objects.filter(household=household) if household else CareScope.objects.filter(
            person=Person.objects.filter(uid=alert.subject_uid).values("pk")[:1]
        )  # fmt: skip
        return cared.values_list("pk", flat=True).first()
    table: Any = Person if scope is Scope.PERSON else Institution
    found: int | None = table.objects.filter(uid=alert.subject_uid).values_list("pk", flat=True).first()
    return found
