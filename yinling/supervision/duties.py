"""The clocks of alerts: one work item at a time, for the step that is next; how lists name an alert."""

import datetime as dt
from collections.abc import Mapping, Sequence
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext_noop as _

from yinling.accounts.models import User
from yinling.institutions.models import Institution
from yinling.kernel.actors import Actor
from yinling.kernel.clock import now
from yinling.kernel.reasons import Reason
from yinling.places.queries import tree
from yinling.rosters.models import Post
from yinling.rosters.queries import on_duty
from yinling.supervision.models import Alert, Rule
from yinling.supervision.response import deadlines
from yinling.supervision.rules import ANSWERED, WAITING
from yinling.web.sentences import sentence
from yinling.worklist.kinds import Kind
from yinling.worklist.models import NextStep, Subject
from yinling.worklist.services import close_item, open_item, void_item

ALERT = "supervision.alert"
NOISY_RULE = "supervision.noisy_rule"
KINDS = (
    Kind(ALERT, _("Alert"), "alert-triangle", closes_by_hand=False),
    Kind(NOISY_RULE, _("Noisy rule"), "adjustments", closes_by_hand=False),
)
VISITOR, TOWNSHIP, MANAGER = "village_visitor", "township_clerk", "institution_manager"
Labels = Mapping[UUID, tuple[str, str, str]]
OPEN_ALERT = _("Open the alert")


def about(alert: Alert) -> Subject:
    """An alert as the subject of a duty."""
    return Subject("alert", alert.uid)


def stage_of(alert: Alert) -> str:
    """What is next: acknowledge, on_site, resolve, verify; "" when nothing has a clock."""
    if alert.state in WAITING:
        return "acknowledge"
    if alert.state == Alert.State.ON_SITE:
        return "resolve"
    if alert.state in ANSWERED:
        return "on_site"
    return "verify" if alert.state in (Alert.State.RESOLVED, Alert.State.VERIFIED) else ""


def where_of(alert: Alert) -> int | UUID:
    """Whose rota is asked: the home's own first, else that of the place."""
    home: Institution | None = alert.institution
    return home.organisation.uid if home is not None and home.organisation is not None else alert.place_key


def on_duty_for(alert: Alert) -> list[User]:
    """Who answers now, by the rota; empty in a gap."""
    return on_duty(where_of(alert), Post.DUTY_OFFICER)


def set_clock(alert: Alert, *, by: Actor, user: User | None = None) -> None:
    """End the clock that runs and start that of the next step; `user` does it, else whoever is on duty, else a role."""
    close_item(kind=ALERT, subject=about(alert), by=by)
    alert.due_at = due_of(alert)
    open_clock(alert, by=by, user=user)


def due_of(alert: Alert) -> dt.datetime | None:
    """When the next step must be done, counted from now; None when nothing has a clock."""
    stage = stage_of(alert)
    return now() + deadlines(alert.family, alert.level).length(stage) if stage else None


def open_clock(alert: Alert, *, by: Actor, user: User | None = None) -> None:
    """Start the clock of the next step, up to `due_at`, where no other runs: the first one of a new alert."""
    stage = stage_of(alert)
    if not stage:
        return
    ladder = deadlines(alert.family, alert.level).ladder
    if stage == "verify":
        doer, role, ladder = None, TOWNSHIP, "alert_blue"  # somebody other than whoever resolved it
    else:
        doer = user or next(iter(on_duty_for(alert)), None)
        role = "" if doer else MANAGER if alert.institution_id else VISITOR
    open_item(
        kind=ALERT, subject=about(alert), key=stage, title=_title(stage, alert), why=Reason("Level {level}",
        level=_level(alert)), place_key=alert.place_key, by=by, user=doer, role=role, ladder_key=ladder,
        due_at=alert.due_at, next_step=NextStep(OPEN_ALERT, "supervision:alert", (str(alert.uid),)),
    )  # fmt: skip


def _title(stage: str, alert: Alert) -> Reason:
    what = alert.rule.title
    if stage == "acknowledge":
        return Reason("Alert “{what}”: acknowledge it", what=what)
    if stage == "on_site":
        return Reason("Alert “{what}”: somebody must be there", what=what)
    if stage == "resolve":
        return Reason("Alert “{what}”: resolve it", what=what)
    return Reason("Alert “{what}”: look at what was done, and close it", what=what)


def _level(alert: Alert) -> Reason:
    words = {
        "red": Reason("red (alert)"), "orange": Reason("orange (alert)"), "yellow": Reason("yellow (alert)"),
        "blue": Reason("blue (alert)"),
    }  # fmt: skip
    return words[alert.level_name]


def stop_clock(alert: Alert, *, by: Actor) -> None:
    """Nothing waits: explained by another alert, or over."""
    alert.due_at = None
    void_item(subject=about(alert), by=by)


def finish(alert: Alert, *, by: Actor) -> None:
    """The alert is closed."""
    alert.due_at = None
    close_item(kind=ALERT, subject=about(alert), by=by)


def alerts(uids: Sequence[UUID], user: Actor) -> Labels:
    """What and where. One query."""
    found, places = Alert.objects.visible_to(user).filter(uid__in=uids).select_related("rule", "institution"), tree()
    return {
        one.uid: (
            one.institution.name if one.institution else sentence(one.rule.title), places.path(one.place_key),
            reverse("supervision:alert", args=[one.uid]),
        )
        for one in found
    }  # fmt: skip


def rule_labels(uids: Sequence[UUID], user: Actor) -> Labels:
    """What a rule warns of. One query."""
    found = Rule.objects.filter(uid__in=uids)
    return {one.uid: (sentence(one.title), "", reverse("supervision:rule", args=[one.key])) for one in found}


RESOLVERS = {"alert": alerts, "rule": rule_labels}
