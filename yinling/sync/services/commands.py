"""Commands that come from phones: each exactly once, however often it is sent, whatever dies in between.

The row of the command stands under a unique uid and is written in the transaction of what the command does, so either
both are there or neither. A command with a photograph keeps its handler's own transactions (the handler is idempotent
by the photograph's uid): if the process dies before the row, the handler runs again and changes nothing.
"""

import datetime as dt
import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from yinling.kernel.clock import instant_of, now
from yinling.kernel.crypto import seal
from yinling.kernel.errors import Refused
from yinling.sync import registry, rules
from yinling.sync.models import Command, Phone, payload_where
from yinling.sync.registry import CommandKind, Done, Order
from yinling.sync.services.pieces import content_of, forget
from yinling.web.sentences import sentence

logger = logging.getLogger(__name__)
FAILED = "failed"  # a fault of ours: nothing is kept, the phone keeps the command and sends it again


@dataclass(frozen=True)
class Given:
    """A command as it came. `at_ms`: when, on the phone's clock."""

    uid: UUID
    kind: str
    at_ms: int
    payload: Mapping[str, Any]
    version: int = 1
    piece: str = ""


def execute(*, phone: Phone, given: Given) -> dict[str, Any]:
    """Do a command, or say again what was said to it. Returns {"uid", "outcome", "words", "differences"}."""
    if known := Command.objects.filter(uid=given.uid).first():
        return _said(known, phone)
    kind = registry.command(given.kind)
    try:
        if reason := rules.why_no_command(kind is not None, given.version, kind.versions if kind else ()):
            return _kept(phone, given, Command.Outcome.REFUSED, {"words": sentence(reason)})
        assert kind is not None
        return _alone(phone, given, kind) if kind.with_piece else _together(phone, given, kind)
    except IntegrityError:
        if known := Command.objects.filter(uid=given.uid).first():  # the same, sent twice at once
            return _said(known, phone)
        logger.exception("command %s of kind %s failed", given.uid, given.kind)
    except Exception:  # one command with a fault must not hold up those behind it
        logger.exception("command %s of kind %s failed", given.uid, given.kind)
    return {"uid": str(given.uid), "outcome": FAILED, "words": ""}


def _together(phone: Phone, given: Given, kind: CommandKind) -> dict[str, Any]:
    """The command's row first (it holds the uid), then what it does; a refusal undoes only the latter."""
    with transaction.atomic():
        row = _row(phone, given)
        row.save(force_insert=True)
        try:
            with transaction.atomic():
                done = kind.handle(_order(phone, given))
        except Refused as no:
            row.outcome, row.answer = Command.Outcome.REFUSED, {"words": sentence(no)}
        else:
            row.outcome, row.answer = _outcome(done)
        row.save(update_fields=["outcome", "answer"])
    return _said(row, phone)


def _alone(phone: Phone, given: Given, kind: CommandKind) -> dict[str, Any]:
    content = content_of(phone, given.piece)
    if content is None:
        return {"uid": str(given.uid), "outcome": FAILED, "words": "", "needs": given.piece}
    try:
        outcome, answer = _outcome(kind.handle(_order(phone, given, content)))
    except Refused as no:
        outcome, answer = Command.Outcome.REFUSED, {"words": sentence(no)}
    said = _kept(phone, given, outcome, answer)
    forget(phone, given.piece)
    return said


def _outcome(done: Done) -> tuple[Command.Outcome, dict[str, Any]]:
    differences = [[one.field, one.stands, one.given] for one in done.differences]
    outcome = Command.Outcome.SETTLED if differences else Command.Outcome.DONE
    return outcome, {"words": done.words, "differences": differences}


def _row(phone: Phone, given: Given) -> Command:
    payload = seal(json.dumps(dict(given.payload), ensure_ascii=False), payload_where(given.uid))
    return Command(
        uid=given.uid, phone=phone, user_id=phone.user_id, kind=given.kind[:30], version=given.version,
        payload_sealed=payload, said_at=instant_of(given.at_ms), happened_at=_moment(phone, given.at_ms),
        outcome=Command.Outcome.DONE,
    )  # fmt: skip


@transaction.atomic
def _kept(phone: Phone, given: Given, outcome: Command.Outcome, answer: dict[str, Any]) -> dict[str, Any]:
    row = _row(phone, given)
    row.outcome, row.answer = outcome, answer
    row.save(force_insert=True)
    return _said(row, phone)


def _order(phone: Phone, given: Given, content: bytes = b"") -> Order:
    at = _moment(phone, given.at_ms)
    return Order(given.uid, given.payload, phone.user, at, lambda ms: _moment(phone, int(ms)), content)


def _moment(phone: Phone, at_ms: int) -> dt.datetime:
    """A moment of the phone's clock, corrected by how far it is off; never later than now by more than that network."""
    return min(instant_of(at_ms + phone.offset_ms), now())


def _said(row: Command, phone: Phone) -> dict[str, Any]:
    """The answer that was given to a command; to its own user only."""
    if row.user_id != phone.user_id:
        return {"uid": str(row.uid), "outcome": Command.Outcome.REFUSED.value, "words": ""}
    return {"uid": str(row.uid), "outcome": str(row.outcome), **row.answer}
