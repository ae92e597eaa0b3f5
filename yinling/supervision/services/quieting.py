"""Keep a rule quiet: about one subject for a time, or in a division until it is on again."""

import datetime as dt

from django.db import IntegrityError, transaction

from yinling.kernel.actors import Actor, require
from yinling.kernel.changes import record
from yinling.kernel.clock import now
from yinling.kernel.errors import NotFound, Refused
from yinling.places.queries import place_named
from yinling.supervision import events, rules
from yinling.supervision.models import Alert, Rule, Silence, Switch
from yinling.supervision.permissions import Supervision


def _rule(key: str) -> Rule:
    found = Rule.objects.current().filter(key=key).first()
    if found is None:
        raise NotFound("rule")
    return found


@transaction.atomic
def silence(*, scope: str, rule: str, until: dt.datetime, reason: str, by: Actor) -> Silence:
    """No new alerts of a rule about a scope until a time. Raises Refused for smoke, gas, SOS and falls.

    The scope is that of an alert the actor sees, so nobody silences what is not theirs.
    """
    known = Alert.objects.visible_to(by).filter(scope=scope, rule_key=rule).order_by("-id").first()
    if known is None:
        raise NotFound("alert")
    require(by, Supervision.SWITCH, known.place_key)
    if no := rules.why_not_silence(_rule(rule).family, until, reason, now()):
        raise Refused(no, field="until" if reason.strip() else "reason")
    made = Silence.objects.create(
        scope=scope, rule_key=rule, place_key=known.place_key, until=until, reason=reason.strip()[:300],
        by_uid=by.uid, by_label=by.label[:60],
    )  # fmt: skip
    fact = events.Silenced(made.uid, key=rule, until=until.isoformat())
    record(fact, by=by, place_key=known.place_key, reason=reason)
    return made


@transaction.atomic
def end_silence(*, uid: object, by: Actor) -> Silence:
    """Let the rule speak again before its time. Again changes nothing."""
    found = Silence.objects.visible_to(by).select_for_update().one(uid=uid)
    require(by, Supervision.SWITCH, found.place_key)
    if found.ended_at is None:
        found.ended_at = now()
        found.save(update_fields=["ended_at"])
        record(events.SilenceEnded(found.uid), by=by, place_key=found.place_key)
    return found


@transaction.atomic
def switch_rule(*, rule: str, place_key: int, is_on: bool, reason: str, by: Actor) -> Switch | None:
    """Take a rule off, or on again, in a division and all below. The same again changes nothing. Raises Refused."""
    require(by, Supervision.SWITCH, place_named(place_key).key)
    found = _rule(rule)
    held = Switch.objects.select_for_update().filter(rule_key=rule, place_key=place_key, on_at__isnull=True).first()
    if is_on:
        return _switch_on(held, reason, by)
    if no := rules.why_not_switch_off(found.family, reason):
        raise Refused(no, field="reason")
    if held is not None:
        return held
    try:
        with transaction.atomic():
            made = Switch.objects.create(
                rule_key=rule, place_key=place_key, reason=reason.strip()[:300], off_by=by.uid, off_label=by.label[:60]
            )
    except IntegrityError:  # a colleague was quicker
        return Switch.objects.get(rule_key=rule, place_key=place_key, on_at__isnull=True)
    record(events.RuleSwitched(made.uid, key=rule, is_on=False), by=by, place_key=place_key, reason=reason)
    return made


def _switch_on(held: Switch | None, reason: str, by: Actor) -> Switch | None:
    if held is None:
        return None
    held.on_at, held.on_by, held.on_reason = now(), by.uid, reason.strip()[:300]
    held.save(update_fields=["on_at", "on_by", "on_reason"])
    fact = events.RuleSwitched(held.uid, key=held.rule_key, is_on=True)
    record(fact, by=by, place_key=held.place_key, reason=reason)
    return held
