"""Raise an alert once, update it when it comes again, note what the evaluator says later."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import F, Q

from yinling.institutions.models import Institution
from yinling.kernel import jobs
from yinling.kernel.actors import Actor
from yinling.kernel.clock import now
from yinling.kernel.database import durable, insert
from yinling.people.models import Person
from yinling.places.queries import tree
from yinling.supervision import events, rules
from yinling.supervision.duties import due_of, open_clock, set_clock, stop_clock
from yinling.supervision.models import Alert, Rule, Silence, Step, Switch
from yinling.supervision.response import deadlines, telling
from yinling.supervision.services.steps import announce, enter

TELL = "supervision.tell"
SIGNALS = {"cleared": Step.Verb.CLEARED, "no_data": Step.Verb.NO_DATA, "stopped": Step.Verb.STOPPED}


@dataclass(frozen=True)
class Finding:
    """What an evaluator found. `level` 0 blue to 3 red. `onset`: when it began; `at`: the newest reading behind it.

    subject_kind: device, person, room, household, institution or area; an area has no uid, but its place.
    evidence: rows of plain values. person_uid, institution_uid: whose panels show it, where the subject is neither.
    """

    rule: str
    level: int
    subject_kind: str
    subject_uid: UUID | None
    place_key: int
    onset: dt.datetime
    at: dt.datetime | None = None
    evidence: tuple[Mapping[str, Any], ...] = ()
    is_late: bool = False
    person_uid: UUID | None = None
    institution_uid: UUID | None = None
    spot: str = ""

    @property
    def scope(self) -> str:
        """The subject in one word."""
        return f"{self.subject_kind}:{self.subject_uid or self.place_key}"

    @property
    def key(self) -> str:
        """The alert's name."""
        return rules.key_of(self.scope, self.rule, self.onset)

    @property
    def seen_at(self) -> dt.datetime:
        """The newest reading behind it."""
        return max(self.at or self.onset, self.onset)


def raise_alert(*, finding: Finding, by: Actor) -> Alert | None:
    """The alert of a finding: new, or the one that stands already, updated. None where the rule is off or silenced.

    Sending the same finding again changes nothing, in this process or another. On disk when it returns. No permission
    is asked: whoever evaluates has decided. Raises LookupError for a rule that no pack has brought.
    """
    rule = Rule.objects.current().filter(key=finding.rule).first()
    if rule is None:
        raise LookupError(f"no rule {finding.rule}: load the pack that names it")
    with durable():
        known = _known(finding)
        if known is not None:
            return _again(known, finding, by)
        if not rules.is_never_suppressed(rule.family) and _is_quiet(finding):
            return None
        return _raise(finding, rule, by)


def _known(finding: Finding) -> Alert | None:
    """The same alert, else the one of this rule that is open there. Nearly always there is neither: one statement."""
    open_there = Q(scope=finding.scope, rule_key=finding.rule, state__in=rules.OPEN)
    found = dict(Alert.objects.filter(Q(key=finding.key) | open_there).values_list("key", "pk"))
    if not found:
        return None
    alerts = Alert.objects.select_related("rule", "institution__organisation").select_for_update(of=("self",))
    return alerts.get(pk=found.get(finding.key) or next(iter(found.values())))


def _is_quiet(finding: Finding) -> bool:
    """Whether the rule is off there or silenced. What a silence keeps back is counted."""
    line = [division.key for division in tree().line(finding.place_key)]
    if Switch.objects.filter(rule_key=finding.rule, on_at__isnull=True, place_key__in=line).exists():
        return True
    silences = Silence.objects.holding(now()).filter(scope=finding.scope, rule_key=finding.rule)
    return silences.update(held=F("held") + 1) > 0


def _raise(finding: Finding, rule: Rule, by: Actor) -> Alert:
    alert = _row(finding, rule)
    alert.held_back_by = _explained_by(alert, rule)
    if alert.held_back_by is None:
        _set_times(alert)
    try:
        with transaction.atomic():
            insert(alert)
    except IntegrityError:  # another process raised it in this instant
        if (known := _known(finding)) is None:
            raise
        return _again(known, finding, by)
    enter(alert, Step.Verb.RAISED, by, level=alert.level_name)
    announce(events.AlertRaised, alert, by, is_late=alert.is_late)
    if alert.held_back_by is None:
        open_clock(alert, by=by)
        queue_notice(alert, by)
        _hold_back_children(alert, by)
    else:
        enter(alert, Step.Verb.HELD, by, because=str(alert.held_back_by.uid))
    return alert


def _row(finding: Finding, rule: Rule) -> Alert:
    person_uid = finding.subject_uid if finding.subject_kind == "person" else finding.person_uid
    home_uid = finding.subject_uid if finding.subject_kind == "institution" else finding.institution_uid
    homes = Institution.objects.select_related("organisation")
    return Alert(
        key=finding.key, scope=finding.scope, rule_key=rule.key, rule=rule, family=rule.family, level=finding.level,
        subject_kind=finding.subject_kind, subject_uid=finding.subject_uid, place_key=finding.place_key,
        person_id=Person.objects.filter(uid=person_uid).values_list("pk", flat=True).first() if person_uid else None,
        institution=homes.filter(uid=home_uid).first() if home_uid else None,
        spot=finding.spot[:80], onset=finding.onset, last_seen_at=finding.seen_at, is_late=finding.is_late,
        evidence=rules.merged_evidence([], [dict(row) for row in finding.evidence]),
    )  # fmt: skip


def start_asking(alert: Alert, by: Actor) -> None:
    """Start its clock and queue the first notice: sending happens elsewhere and holds nobody up."""
    set_clock(alert, by=by)
    _set_times(alert)
    alert.save(update_fields=["due_at", "next_ask_at"])
    queue_notice(alert, by)


def _set_times(alert: Alert) -> None:
    """When somebody must have acknowledged, and when to ask again."""
    alert.due_at = due_of(alert)
    alert.next_ask_at = now() + dt.timedelta(minutes=deadlines(alert.family, alert.level).ask_every)


def queue_notice(alert: Alert, by: Actor) -> None:
    """One job per asking, in the transaction that makes it due."""
    jobs.start(
        TELL, {"uid": str(alert.uid), "ask": alert.asks}, by=by, key=f"{TELL}:{alert.uid}:{alert.asks}",
        place_key=alert.place_key,
    )  # fmt: skip


def _explained_by(alert: Alert, rule: Rule) -> Alert | None:
    """An open alert of the home that explains this one: its gateway is dead, its power is cut."""
    cause = rule.data.get("held_back_by")
    if not cause or alert.institution is None or rules.is_never_suppressed(rule.family):
        return None
    return Alert.objects.open().filter(rule_key=cause, institution=alert.institution).first()


def _hold_back_children(alert: Alert, by: Actor) -> None:
    """A dead gateway explains what fell silent moments before it."""
    if alert.institution is None:
        return
    since = now() - dt.timedelta(minutes=telling().group_minutes)
    recent = Alert.objects.open().filter(
        institution=alert.institution, rule__data__held_back_by=alert.rule_key, detected_at__gte=since,
        state__in=rules.WAITING, held_back_by__isnull=True,
    )  # fmt: skip
    for child in recent.exclude(family__in=rules.NEVER_SUPPRESSED).exclude(pk=alert.pk).select_for_update():
        child.held_back_by, child.next_ask_at = alert, None
        stop_clock(child, by=by)
        child.save(update_fields=["held_back_by", "next_ask_at", "due_at"])
        enter(child, Step.Verb.HELD, by, because=str(alert.uid))


def _again(alert: Alert, finding: Finding, by: Actor) -> Alert:
    """It came again: count it once per reading, keep the highest level. A closed one says nothing more."""
    if finding.seen_at <= alert.last_seen_at or alert.state not in rules.OPEN:
        return alert
    grew = finding.level > alert.level
    alert.count, alert.last_seen_at, alert.last_signal = alert.count + 1, finding.seen_at, "raised"
    alert.level = max(alert.level, finding.level)
    alert.evidence = rules.merged_evidence(alert.evidence, [dict(row) for row in finding.evidence])
    alert.save(update_fields=["count", "last_seen_at", "last_signal", "level", "evidence"])
    if grew:
        enter(alert, Step.Verb.GREW, by, level=alert.level_name)
        announce(events.AlertGrew, alert, by)
        if alert.is_waiting and alert.held_back_by_id is None:
            alert.asks += 1
            alert.save(update_fields=["asks"])
            start_asking(alert, by)
    return alert


def note_signal(*, scope: str, rule: str, signal: str, at: dt.datetime, by: Actor, why: str = "") -> Alert | None:
    """The evaluator's later word about an open alert: `cleared`, `no_data` or `stopped` (`why`: consent, rule or
    device). None of them resolves it: it is a duty until a person settles it. Again: nothing."""
    with durable():
        alerts = Alert.objects.open().filter(scope=scope, rule_key=rule).select_for_update()
        alert = alerts.first()
        if alert is None or alert.last_signal == signal:
            return alert
        alert.last_signal, alert.last_seen_at = signal, max(at, alert.last_seen_at)
        alert.save(update_fields=["last_signal", "last_seen_at"])
        enter(alert, SIGNALS[signal], by, at=None, since=at.isoformat(), **({"why": why} if why else {}))
        return alert
