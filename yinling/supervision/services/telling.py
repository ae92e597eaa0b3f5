"""Tell people of an alert, again until somebody acknowledges. Runs in jobs: a message that fails holds nobody up."""

import datetime as dt
from collections.abc import Iterable

from django.conf import settings
from django.db import transaction
from django.db.models import Count

from yinling.accounts.models import Assignment, User
from yinling.institutions.models import Staff
from yinling.kernel.actors import Actor
from yinling.kernel.clock import civil_date, now
from yinling.kernel.reasons import Reason
from yinling.messages.models import Channel, Message
from yinling.messages.queries import reachable
from yinling.messages.services import send
from yinling.organisations.models import Organisation
from yinling.places.queries import tree
from yinling.rosters.models import Post, Roster
from yinling.supervision import rules
from yinling.supervision.duties import ALERT, about, on_duty_for
from yinling.supervision.models import Alert, Rule, Step
from yinling.supervision.response import channels, deadlines, telling
from yinling.supervision.services.raising import Finding, queue_notice, raise_alert
from yinling.supervision.services.steps import enter
from yinling.worklist.models import WorkItem

ROLES = {"village": "village_visitor", "township": "township_clerk", "county": "county_clerk", "city": "city_officer"}
ABOUT = "alert"
GAP, GAP_FAMILY = "duty.gap", "duty"
HOOK = "alerts"  # the web hook that carries alerts to the city's own channels, where settings name one
BATCH = 50


def tell(*, uid: object, ask: int, by: Actor) -> int:
    """Tell those concerned of an alert that still waits; returns how many. The same asking again says nothing twice."""
    alert = Alert.objects.select_related("rule", "institution__organisation").filter(uid=str(uid)).first()
    if alert is None or not alert.is_waiting or alert.held_back_by_id is not None:
        return 0
    duty = on_duty_for(alert)
    if not duty and alert.family != GAP_FAMILY:
        _raise_gap(alert, by)
    told = 0
    if (other := _grouped_with(alert)) is None:
        told = sum(_say(alert, ask, user, by) for user in _receivers(alert, duty))
        _say_outside(alert, ask, by)
    with transaction.atomic():
        held = Alert.objects.select_for_update().get(pk=alert.pk)
        if held.state == Alert.State.RAISED:
            Alert.objects.filter(pk=alert.pk).update(state=Alert.State.NOTIFIED)
            enter(held, Step.Verb.NOTIFIED, by, told=told, grouped=str(other.uid) if other else "")
    return told


def ask_again(*, by: Actor, at: dt.datetime | None = None, limit: int = 1000) -> int:
    """Ask again about alerts that nobody has acknowledged in time. In short transactions; returns how many."""
    moment, count = at or now(), 0
    while count < limit and (asked := _ask_batch(by, moment)):
        count += asked
    return count


@transaction.atomic
def _ask_batch(by: Actor, moment: dt.datetime) -> int:
    waiting = Alert.objects.filter(next_ask_at__lte=moment, state__in=rules.WAITING).order_by("next_ask_at")
    batch = list(waiting.select_for_update()[:BATCH])
    for alert in batch:
        alert.asks += 1
        alert.next_ask_at = rules.next_ask(moment, deadlines(alert.family, alert.level).ask_every)
        alert.save(update_fields=["asks", "next_ask_at"])
        enter(alert, Step.Verb.ASKED, by, ask=alert.asks)
        queue_notice(alert, by)
    return len(batch)


def _receivers(alert: Alert, duty: list[User]) -> list[User]:
    """Whoever is on duty, the addressees of the rule at this level, and the rung to which the clock has climbed."""
    words = alert.rule.addressees(alert.level_name)
    found = {user.pk: user for user in duty}
    if "manager" in words and alert.institution_id:
        posts = Staff.objects.filter(institution_id=alert.institution_id, post="manager", left_on__isnull=True)
        found |= {
            one.user.pk: one.user for one in posts.filter(user__is_active=True).select_related("user") if one.user
        }
    subject = about(alert)
    item = WorkItem.objects.open().filter(kind=ALERT).about(subject).first()
    roles = {ROLES[word] for word in words if word in ROLES} | {item.raised_to if item else ""} - {""}
    found |= {user.pk: user for user in _holders(roles, alert.place_key)}
    return list(found.values()) or _anybody(alert.place_key)


def _anybody(place_key: int) -> list[User]:
    """Nobody of those whom the rule names is there: the nearest rung that is held."""
    rungs = (_holders([role], place_key) for role in ROLES.values())
    return next((users for users in rungs if users), [])


def _holders(roles: Iterable[str], place_key: int) -> list[User]:
    """Of each role, those of the nearest division that has any. One statement."""
    line = [division.key for division in tree().line(place_key)]
    held = Assignment.objects.in_force(civil_date()).filter(role__in=list(roles), place_id__in=line)
    nearest: dict[str, tuple[int, list[User]]] = {}
    for one in held.filter(user__is_active=True).select_related("user").order_by("id"):
        rank = line.index(one.place_id)
        best = nearest.get(one.role)
        if best is None or rank < best[0]:
            nearest[one.role] = (rank, [one.user])
        elif rank == best[0]:
            best[1].append(one.user)
    return [user for _rank, users in nearest.values() for user in users]


def _grouped_with(alert: Alert) -> Alert | None:
    """An alert of the same family in the same home told moments ago and as grave: one message is enough."""
    if rules.is_never_suppressed(alert.family) or alert.institution_id is None or alert.asks:
        return None
    since = now() - dt.timedelta(minutes=telling().group_minutes)
    others = Alert.objects.open().filter(institution_id=alert.institution_id, family=alert.family)
    told = others.filter(detected_at__gte=since, level__gte=alert.level, pk__lt=alert.pk, held_back_by__isnull=True)
    return told.exclude(state=Alert.State.RAISED).first()


def _say(alert: Alert, ask: int, user: User, by: Actor) -> int:
    """One message; past the cap one that counts the rest. Returns 1 when the alert itself was told."""
    limits = telling()
    recent = {} if rules.is_never_suppressed(alert.family) else _recent(user, limits.within_minutes)
    if recent.get(Channel.IN_APP, 0) >= limits.most_messages:
        window = int(now().timestamp()) // (limits.within_minutes * 60)
        _send(f"alerts:{user.uid}:{window}", Reason("More alerts wait. Look at the board."), user, by, alert, True)
        return 0
    key, words = f"alert:{alert.uid}:{ask}:{user.uid}", words_of(alert, ask)
    _send(key, words, user, by, alert, False)
    for channel in reachable(user, channels(alert.level)):
        if recent.get(channel, 0) < limits.most_by_channel.get(channel, limits.most_messages):
            _send(f"{key}:{channel}", words, user, by, alert, False, channel)
    return 1


def _recent(user: User, minutes: int) -> dict[str, int]:
    """How many messages about alerts a user was sent lately, by channel. One statement."""
    since = now() - dt.timedelta(minutes=minutes)
    sent = Message.objects.filter(user=user, about_kind=ABOUT, created_at__gte=since)
    return dict(sent.values_list("channel").annotate(count=Count("id")).order_by())


def words_of(alert: Alert, ask: int) -> Reason:
    """The message: what and how grave, never a name."""
    numbers = rules.emergency_numbers(alert.family, alert.level)
    what = alert.rule.title
    if ask:
        return Reason("Nobody has acknowledged yet: {what}", what=what)
    if numbers:
        return Reason("Red alert: {what}. Telephone {numbers} first.", what=what, numbers=", ".join(numbers))
    return Reason("Alert: {what}", what=what)


def _send(
    key: str, title: Reason, user: User, by: Actor, alert: Alert, is_summary: bool, channel: str = Channel.IN_APP
) -> None:
    """Into the queue of messages: whatever a gateway does, nobody waits for it here."""
    send(
        key=key, channel=channel, title=title, by=by, user=user, about=(ABOUT, alert.uid),
        url_name="supervision:board" if is_summary else "supervision:alert",
        url_args=() if is_summary else (str(alert.uid),), place_key=alert.place_key,
    )  # fmt: skip


def _say_outside(alert: Alert, ask: int, by: Actor) -> None:
    """Through the city's own web hook, where one is set up."""
    if HOOK in settings.MESSAGE_CHANNELS.get("web_hooks", {}):
        send(
            key=f"alert:{alert.uid}:{ask}:hook", channel=Channel.WEB_HOOK, endpoint=HOOK, title=words_of(alert, ask),
            by=by, about=(ABOUT, alert.uid), place_key=alert.place_key,
        )  # fmt: skip


def _raise_gap(alert: Alert, by: Actor) -> None:
    """There is a rota for the place, and at this hour nobody stands on it: that is an alert of its own."""
    line = [division.key for division in tree().line(alert.place_key)]
    rotas = Roster.objects.filter(post=Post.DUTY_OFFICER)
    home: Organisation | None = alert.institution.organisation if alert.institution else None
    has_rota = rotas.filter(organisation=None, place_key__in=line).exists() or (
        home is not None and rotas.filter(organisation=home).exists()
    )
    if not has_rota or not Rule.objects.current().filter(key=GAP).exists():
        return
    township = next((division.key for division in tree().line(alert.place_key) if division.level == "township"), 0)
    hour = now().replace(minute=0, second=0, microsecond=0)
    raise_alert(
        finding=Finding(
            rule=GAP, level=2, subject_kind="area", subject_uid=None, place_key=township or alert.place_key,
            onset=hour, at=now(), evidence=({"fact": "duty.gap", "post": Post.DUTY_OFFICER.value},),
        ),
        by=by,
    )  # fmt: skip
