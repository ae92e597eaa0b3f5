"""Settle an alert: resolve, call it a false alarm, verify, close, open again."""

from django.db import transaction

from yinling.kernel.actors import Actor
from yinling.kernel.clock import now
from yinling.kernel.errors import Refused
from yinling.reference.queries import entries
from yinling.supervision import events, rules
from yinling.supervision.duties import finish, set_clock, stop_clock
from yinling.supervision.models import Alert, Step
from yinling.supervision.permissions import Supervision
from yinling.supervision.services.raising import start_asking
from yinling.supervision.services.steps import Point, announce, enter, locked

CAUSES = "alert_false_cause"


@transaction.atomic
def resolve_alert(*, uid: object, by: Actor, note: str, at: Point | None = None) -> Alert:
    """It was dealt with; somebody other verifies. Raises Refused: nobody there, no words, or only no data."""
    alert = locked(uid, by, Supervision.ANSWER)
    if reason := rules.why_not_resolve(alert.now, note):
        raise Refused(reason, field="note")
    enter(alert, Step.Verb.RESOLVED, by, note, at)
    _resolved(alert, by)
    return alert


@transaction.atomic
def mark_false_alarm(*, uid: object, by: Actor, cause: str, note: str = "", at: Point | None = None) -> Alert:
    """Nothing was wrong: what set it off is a code of the list. Somebody other verifies this too. Raises Refused."""
    alert = locked(uid, by, Supervision.ANSWER)
    known = [code.code for code in entries(CAUSES)]
    if reason := rules.why_not_false(alert.now, cause, known):
        raise Refused(reason, field="cause")
    alert.is_false, alert.cause = True, cause
    enter(alert, Step.Verb.FALSE, by, note, at, cause=cause)
    _resolved(alert, by)
    return alert


def _resolved(alert: Alert, by: Actor) -> None:
    alert.state, alert.resolved_at, alert.resolved_by = Alert.State.RESOLVED, now(), by.uid
    alert.next_ask_at = None
    announce(events.AlertResolved, alert, by, is_false=alert.is_false, cause=alert.cause)
    set_clock(alert, by=by)
    alert.save()


@transaction.atomic
def verify_alert(*, uid: object, by: Actor, is_right: bool, note: str = "") -> Alert:
    """Somebody other than the resolver looked: it is so, or the alert goes back. Raises Refused for one's own work."""
    alert = locked(uid, by, Supervision.VERIFY)
    if reason := rules.why_not_verify(alert.now, str(by.uid), note, is_right):
        raise Refused(reason, field="note")
    if not is_right:
        enter(alert, Step.Verb.RETURNED, by, note)
        _open_again(alert, by)
        return alert
    alert.state, alert.verified_at, alert.verified_by = Alert.State.VERIFIED, now(), by.uid
    enter(alert, Step.Verb.VERIFIED, by, note)
    announce(events.AlertVerified, alert, by, is_false=alert.is_false)
    set_clock(alert, by=by)
    alert.save()
    return alert


@transaction.atomic
def close_alert(*, uid: object, by: Actor) -> Alert:
    """Nothing is left to do. What this alert explained closes with it, or is told now. Raises Refused."""
    alert = locked(uid, by, Supervision.VERIFY)
    if reason := rules.why_not_close(alert.now):
        raise Refused(reason)
    alert.state, alert.closed_at = Alert.State.CLOSED, now()
    finish(alert, by=by)
    alert.save()
    enter(alert, Step.Verb.CLOSED, by)
    announce(events.AlertClosed, alert, by, is_false=alert.is_false)
    for child in alert.held_back.open().select_related("rule", "institution__organisation").select_for_update():
        _settle_child(child, alert, by)
    return alert


def _settle_child(child: Alert, parent: Alert, by: Actor) -> None:
    """What is normal again closes with its cause; what is not is no longer explained."""
    if child.last_signal != "cleared":
        child.held_back_by = None
        child.save(update_fields=["held_back_by"])
        enter(child, Step.Verb.RELEASED, by)
        start_asking(child, by)
        return
    child.state, child.closed_at = Alert.State.CLOSED, parent.closed_at
    child.resolved_at, child.resolved_by = parent.resolved_at, parent.resolved_by
    child.verified_at, child.verified_by = parent.verified_at, parent.verified_by
    child.save()
    enter(child, Step.Verb.CLOSED, by, because=str(parent.uid))
    announce(events.AlertClosed, child, by)


@transaction.atomic
def reopen_alert(*, uid: object, by: Actor, note: str) -> Alert:
    """There is more to do after all: the clock starts anew. Raises Refused while another one of the rule is open."""
    alert = locked(uid, by, Supervision.VERIFY)
    if reason := rules.why_not_reopen(alert.now, note):
        raise Refused(reason, field="note")
    same = Alert.objects.open().filter(scope=alert.scope, rule_key=alert.rule_key)
    if same.exists():
        raise Refused("A newer alert of this rule is open about the same subject. Go on with that one.")
    enter(alert, Step.Verb.REOPENED, by, note)
    _open_again(alert, by)
    return alert


def _open_again(alert: Alert, by: Actor) -> None:
    alert.state, alert.is_false, alert.cause = Alert.State.REOPENED, False, ""
    alert.resolved_at = alert.resolved_by = alert.verified_at = alert.verified_by = None
    alert.closed_at = alert.on_site_at = alert.acknowledged_at = None
    alert.asks += 1
    stop_clock(alert, by=by)
    alert.save()
    start_asking(alert, by)
    announce(events.AlertReopened, alert, by)
