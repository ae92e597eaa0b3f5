"""Answer an alert: acknowledge, send somebody, arrive, write down, photograph."""

from uuid import UUID

from django.db import transaction

from yinling.accounts.models import User
from yinling.files.services import About, store
from yinling.files.vault import Readable
from yinling.kernel.actors import Actor
from yinling.kernel.clock import now
from yinling.kernel.errors import Refused
from yinling.supervision import events, rules
from yinling.supervision.duties import set_clock
from yinling.supervision.models import Alert, Step
from yinling.supervision.permissions import Supervision
from yinling.supervision.services.steps import Point, announce, enter, locked

PHOTO = "photo"


@transaction.atomic
def acknowledge_alert(*, uid: object, by: Actor, note: str = "", at: Point | None = None) -> Alert:
    """Somebody has read it and answers for the next step. One's own second press changes nothing. Raises Refused."""
    alert = locked(uid, by, Supervision.ANSWER)
    if alert.state == Alert.State.ACKNOWLEDGED and _was_mine(alert, by):
        return alert
    if reason := rules.why_not_acknowledge(alert.now):
        raise Refused(reason)
    _acknowledge(alert, by, note, at)
    set_clock(alert, by=by, user=by if isinstance(by, User) else None)
    alert.save()
    return alert


def _was_mine(alert: Alert, by: Actor) -> bool:
    last = alert.steps.filter(verb=Step.Verb.ACKNOWLEDGED).order_by("-id").first()
    return last is not None and str(last.actor_uid) == str(by.uid)


def _acknowledge(alert: Alert, by: Actor, note: str, at: Point | None) -> None:
    """Whatever answer comes first also acknowledges."""
    alert.state, alert.next_ask_at, alert.acknowledged_at = Alert.State.ACKNOWLEDGED, None, now()
    if alert.acknowledged_in_time is None:
        alert.acknowledged_in_time = alert.due_at is None or alert.acknowledged_at <= alert.due_at
    enter(alert, Step.Verb.ACKNOWLEDGED, by, note, at)
    announce(events.AlertAcknowledged, alert, by)


@transaction.atomic
def dispatch_alert(*, uid: object, by: Actor, to: User | None = None, note: str = "", at: Point | None = None) -> Alert:
    """Send somebody: `to` a user, or whoever the note names. Acknowledges as well. Raises Refused."""
    alert = locked(uid, by, Supervision.ANSWER)
    if reason := rules.why_not_dispatch(alert.now):
        raise Refused(reason)
    if to is None and not note.strip():
        raise Refused("Who goes there? Choose somebody, or write who was sent.", field="note")
    if to is not None and not Alert.objects.visible_to(to).filter(pk=alert.pk).exists():
        raise Refused(
            "{name} does not work there and could not open the alert. Choose somebody else, or write a name.",
            field="to", name=to.label,
        )  # fmt: skip
    if alert.is_waiting:
        _acknowledge(alert, by, "", at)
    alert.state = Alert.State.DISPATCHED
    enter(alert, Step.Verb.DISPATCHED, by, note, at, to=to.label if to else "", to_uid=str(to.uid) if to else "")
    announce(events.AlertDispatched, alert, by)
    set_clock(alert, by=by, user=to or (by if isinstance(by, User) else None))
    alert.save()
    return alert


@transaction.atomic
def arrive(*, uid: object, by: Actor, note: str = "", at: Point | None = None) -> Alert:
    """Somebody is there. Acknowledges as well. Raises Refused."""
    alert = locked(uid, by, Supervision.ANSWER)
    if reason := rules.why_not_arrive(alert.now):
        raise Refused(reason)
    if alert.is_waiting:
        _acknowledge(alert, by, "", at)
    alert.state, alert.on_site_at = Alert.State.ON_SITE, now()
    enter(alert, Step.Verb.ARRIVED, by, note, at)
    announce(events.AlertArrived, alert, by)
    set_clock(alert, by=by, user=by if isinstance(by, User) else None)
    alert.save()
    return alert


@transaction.atomic
def note_alert(*, uid: object, by: Actor, note: str, at: Point | None = None) -> Step:
    """Write something down beside an alert that is not closed. Raises Refused."""
    alert = locked(uid, by, Supervision.ANSWER)
    if not note.strip():
        raise Refused("Write what you saw or did.", field="note")
    if alert.state == Alert.State.CLOSED:
        raise Refused("This alert is closed. Open it again if there is more to do.")
    return enter(alert, Step.Verb.NOTED, by, note, at)


def attach_photo(*, uid: UUID, by: Actor, stream: Readable, name: str) -> Step:
    """Keep a photo with the alert. Raises Refused for what is no photo."""
    with transaction.atomic():
        alert = locked(uid, by, Supervision.ANSWER)
    about = About(place_key=alert.place_key, subject_kind="alert", subject_uid=alert.uid, purpose="alert")
    kept = store(stream, kind=PHOTO, name=name, about=about, by=by)
    with transaction.atomic():
        return enter(alert, Step.Verb.NOTED, by, photo=str(kept.uid))
