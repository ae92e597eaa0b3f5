"""Writes of messages: send, deliver, take receipts, mark as read, try again."""

import logging
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import translation

from yinling.accounts.models import User
from yinling.kernel import jobs
from yinling.kernel.actors import Actor, System, require
from yinling.kernel.changes import record
from yinling.kernel.clock import now
from yinling.kernel.crypto import seal, unseal
from yinling.kernel.errors import NotFound, Refused
from yinling.kernel.reasons import Reason
from yinling.messages import rules
from yinling.messages.channels import Outcome, deliver, gateway
from yinling.messages.events import MessageDelivered, MessageDied, MessageQueued, ReachSet
from yinling.messages.models import Attempt, Channel, Message, Reach, message_where, reach_where
from yinling.messages.permissions import Messages
from yinling.messages.reaching import address_of
from yinling.web.sentences import sentence

log = logging.getLogger(__name__)
JOB = "messages.send"
POSTMAN = System("messages")


@transaction.atomic
def send(
    *,
    key: str,
    channel: str,
    title: Reason,
    by: Actor,
    body: Reason | None = None,
    user: User | None = None,
    phone: str = "",
    endpoint: str = "",
    language: str = "",
    url_name: str = "",
    url_args: tuple[str | int, ...] = (),
    about: tuple[str, UUID] | None = None,
    place_key: int = 0,
) -> Message:
    """Have a sentence said to a user (in_app, wecom, mini_app), a telephone (sms, voice; without a number that of the
    user) or a named web hook. The same key says it once.

    `title` and `body` are msgids with plain values, translated for the addressee when they go out. The message leaves
    after the transaction that wrote it; in the platform it is there at once. Raises Refused without an addressee.
    """
    if (known := Message.objects.filter(key=key).first()) is not None:
        return known
    phone = phone or address_of(user, channel)
    if not _has_addressee(channel, user, phone, endpoint):
        raise Refused("The message has no addressee. Name a user, a telephone number or a web hook.")
    message = Message(
        key=key, channel=channel, user=user, endpoint=endpoint, title=title.as_data(),
        body=body.as_data() if body else None, language=language or (user.language if user else "zh-hans"),
        url_name=url_name, url_args=[str(a) for a in url_args], place_key=place_key,
        about_kind=about[0] if about else "", about_uid=about[1] if about else None,
    )  # fmt: skip
    message.phone = seal(phone, message_where(message.uid))
    if channel == Channel.IN_APP:
        message.state, message.sent_at, message.delivered_at = Message.State.DELIVERED, now(), now()
        message.created_at = message.sent_at
    try:
        with transaction.atomic():
            message.save(force_insert=True)
    except IntegrityError:
        return Message.objects.get(key=key)  # sent by somebody else in this instant
    record(_queued(message), by=by, place_key=place_key)
    if message.state == Message.State.WAITING:
        _queue(message)
    return message


def _has_addressee(channel: str, user: User | None, phone: str, endpoint: str) -> bool:
    needs = {Channel.IN_APP: user is not None, Channel.WEB_HOOK: bool(endpoint)}
    return needs.get(Channel(channel), bool(phone))


def _queued(message: Message) -> MessageQueued:
    about = str(message.about_uid) if message.about_uid else ""
    return MessageQueued(message.uid, channel=message.channel, about_kind=message.about_kind, about_uid=about)


def _queue(message: Message) -> None:
    """One job per try, in the transaction that makes the try due."""
    jobs.start(
        JOB, {"uid": str(message.uid)}, by=POSTMAN, key=f"{JOB}:{message.uid}:{message.attempts}",
        place_key=message.place_key, not_before=message.next_try_at,
    )  # fmt: skip


def attempt(uid: object) -> Message:
    """Try to deliver one message that waits; outside a transaction, for the network may take seconds."""
    message = Message.objects.one(uid=uid)
    if message.state != Message.State.WAITING:
        return message
    to = gateway(message.channel, message.endpoint)
    outcome = (
        deliver(to, _payload(message), str(message.uid), message.channel) if to else Outcome(False, 404, "no_gateway")
    )
    return _settle(message, outcome)


def _payload(message: Message) -> dict[str, Any]:
    with translation.override(message.language):
        said = [sentence(reason) for reason in (message.title_reason, message.body_reason) if reason]
    base: dict[str, Any] = {"text": "\n".join(said), "language": message.language}
    if message.channel == Channel.WEB_HOOK:
        return base | {
            "uid": str(message.uid), "message": message.title, "about_kind": message.about_kind,
            "about_uid": str(message.about_uid or ""),
        }  # fmt: skip
    return base | {"to": unseal(message.phone, message_where(message.uid))}


@transaction.atomic
def _settle(message: Message, outcome: Outcome) -> Message:
    mine = Message.objects.filter(pk=message.pk, state=Message.State.WAITING, attempts=message.attempts)
    found = mine.select_for_update().first()
    if found is None:
        return message  # another runner has settled this try
    found.attempts += 1
    Attempt.objects.create(
        message=found, number=found.attempts, succeeded=outcome.succeeded, status=outcome.status, error=outcome.error
    )
    found.error, found.external_id = outcome.error, outcome.external_id
    if outcome.succeeded:
        found.state, found.sent_at, found.next_try_at = Message.State.SENT, now(), None
    else:
        _postpone(found, outcome)
    found.save()
    return found


def _postpone(message: Message, outcome: Outcome) -> None:
    later = rules.next_try(message.attempts, now()) if rules.may_succeed_later(outcome.status) else None
    message.next_try_at = later
    if later is not None:
        _queue(message)
        return
    message.state = Message.State.DEAD
    log.warning("message %s died after %s tries: %s", message.uid, message.attempts, outcome.error)
    event = MessageDied(message.uid, channel=message.channel, error=outcome.error)
    record(event, by=POSTMAN, place_key=message.place_key)


@transaction.atomic
def take_receipt(*, channel: str, external_id: str, arrived: bool, error: str = "") -> Message:
    """The gateway's word about a message it took: arrived, or not (then it is a dead letter). Again changes nothing."""
    message = Message.objects.select_for_update().filter(channel=channel, external_id=external_id).first()
    if message is None or not external_id:
        raise NotFound("message")
    if message.state != Message.State.SENT:
        return message
    if arrived:
        message.state, message.delivered_at = Message.State.DELIVERED, now()
        record(MessageDelivered(message.uid, channel=channel), by=POSTMAN, place_key=message.place_key)
    else:
        message.state, message.error = Message.State.DEAD, error[:40] or "not_delivered"
        record(MessageDied(message.uid, channel=channel, error=message.error), by=POSTMAN, place_key=message.place_key)
    message.save(update_fields=["state", "delivered_at", "error"])
    return message


@transaction.atomic
def try_again(*, uid: object, by: Actor) -> Message:
    """Send a dead letter once more. Raises NotAllowed; Refused when it is not dead."""
    require(by, Messages.READ_DEAD)
    message = Message.objects.select_for_update().one(uid=uid)
    if message.state != Message.State.DEAD:
        raise Refused("This message is not a dead letter: it is on its way or has arrived. There is nothing to repeat.")
    message.state, message.error, message.next_try_at = Message.State.WAITING, "", None
    message.save(update_fields=["state", "error", "next_try_at"])
    _queue(message)
    record(_queued(message), by=by, place_key=message.place_key)
    return message


@transaction.atomic
def mark_read(*, uid: object, by: User) -> Message:
    """The user has read it; the first time counts."""
    message = Message.objects.inbox_of(by).one(uid=uid)
    Message.objects.filter(pk=message.pk, read_at__isnull=True).update(read_at=now())
    return message


@transaction.atomic
def mark_all_read(*, by: User) -> int:
    """The user has read everything. Returns how many were unread."""
    return Message.objects.inbox_of(by).filter(read_at__isnull=True).update(read_at=now())


@transaction.atomic
def set_reach(*, way: str, address: str, by: User) -> Reach | None:
    """Say where one is reached; an empty address forgets it. Raises Refused for what is no such address."""
    if objection := rules.why_not_reached(way, address.strip()):
        raise Refused(objection, field=way)
    held = Reach.objects.select_for_update().filter(user=by, way=way).first()
    if not address.strip():
        if held is not None:
            held.delete()
            record(ReachSet(by.uid, way=way, is_known=False), by=by, place_key=by.place_key)
        return None
    reach = held or Reach(user=by, way=way)
    reach.address_sealed, reach.since = seal(address.strip(), reach_where(reach.uid)), now()
    reach.save()
    record(ReachSet(by.uid, way=way, is_known=True), by=by, place_key=by.place_key)
    return reach
