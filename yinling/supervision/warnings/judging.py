"""Run rules over the register: ask each its fact, raise what is new, settle what the register proves to be over."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import gettext_noop as _

from yinling.kernel.actors import Actor
from yinling.kernel.clock import civil_date, now, start_of
from yinling.kernel.errors import Refused
from yinling.supervision import rules as alert_rules
from yinling.supervision.models import Alert
from yinling.supervision.queries import register_rules
from yinling.supervision.services import Finding, acknowledge_alert, note_signal, raise_alert, resolve_alert
from yinling.supervision.warnings import rules
from yinling.supervision.warnings.facts import FACTS
from yinling.supervision.warnings.wording import in_city_words

PROVED = _("The register itself shows that this is over: the fact is no longer beyond its limit.")


@dataclass(frozen=True)
class Outcome:
    """What one run of a rule did."""

    raised: int = 0
    resolved: int = 0

    def __add__(self, other: "Outcome") -> "Outcome":
        return Outcome(self.raised + other.raised, self.resolved + other.resolved)


def rules_in_force() -> list[rules.RegisterRule]:
    """The rules that packs state over facts named here. Raises ValueError for a rule that cannot be read."""
    mine = [row for row in register_rules() if "fact" in row.settings]
    return [rules.register_rule(row.data, FACTS) for row in mine]


def judge_rule(rule: rules.RegisterRule, *, by: Actor, at: dt.datetime | None = None) -> Outcome:
    """Judge every subject of a rule as things stand. Again changes nothing. The fact's statements and one of ours,
    besides those of each alert that is raised or settled."""
    moment = at or now()
    today = civil_date(moment)
    found = [rules.judge(rule, fact, moment, start_of(today)) for fact in FACTS[rule.fact](today)]
    breaches = {one.fact.scope: one for one in found if one is not None}
    told = _told(rule, moment)
    raised = sum(
        _raise(rule, one, moment, by)
        for scope, one in breaches.items()
        if rules.is_news(one, told.get(scope), rule, moment)
    )
    over = rules.gone([scope for scope, one in told.items() if one.is_open], breaches.keys())
    return Outcome(raised, sum(_settle(rule, scope, moment, by) for scope in over))


def _told(rule: rules.RegisterRule, at: dt.datetime) -> dict[str, rules.Told]:
    """Open alerts of the rule, and those settled lately, by scope. One statement."""
    lately = Q(resolved_at__gte=at - dt.timedelta(days=rule.again_after_days))
    rows = Alert.objects.filter(Q(state__in=alert_rules.UNCLOSED) | lately, rule_key=rule.key).order_by("id")
    return {
        scope: rules.Told(level, state in alert_rules.OPEN, resolved_at)
        for scope, level, state, resolved_at in rows.values_list("scope", "level", "state", "resolved_at")
    }


def _raise(rule: rules.RegisterRule, found: rules.Breach, at: dt.datetime, by: Actor) -> int:
    fact = found.fact
    finding = Finding(
        rule=rule.key, level=found.level, subject_kind=fact.subject_kind, subject_uid=fact.subject_uid,
        place_key=fact.place_key, onset=found.onset, at=at, evidence=(rules.evidence(rule, found),),
        person_uid=fact.person_uid, institution_uid=fact.institution_uid,
    )  # fmt: skip
    return 0 if raise_alert(finding=finding, by=by) is None else 1


def _settle(rule: rules.RegisterRule, scope: str, at: dt.datetime, by: Actor) -> int:
    """The fact is well again. Where the entry in the register is the remedy, that resolves the alert; elsewhere it is
    only noted, and somebody looks."""
    if not rule.is_proved_by_register:
        note_signal(scope=scope, rule=rule.key, signal="cleared", at=at, by=by)
        return 0
    return sum(settle(alert, PROVED, by=by) for alert in Alert.objects.open().filter(scope=scope, rule_key=rule.key))


def settle(alert: Alert, reason: str, *, by: Actor) -> bool:
    """Answer and resolve an alert for a reason that the register itself shows. Somebody other verifies, as ever.
    False where somebody was quicker."""
    try:
        if alert.is_waiting:
            acknowledge_alert(uid=alert.uid, by=by)
        resolve_alert(uid=alert.uid, by=by, note=in_city_words(reason))
    except Refused:
        return False
    return True


def judge_rules(*, by: Actor, keys: Sequence[str] | None = None) -> Outcome:
    """Judge these rules (default: all)."""
    wanted = [rule for rule in rules_in_force() if keys is None or rule.key in keys]
    return sum((judge_rule(rule, by=by) for rule in wanted), Outcome())
