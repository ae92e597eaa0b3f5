"""Record a change in the transaction that makes it; announce numbered changes to those who listen.

`record` is the last step of every service. Numbers and seals come afterwards (`kernel.seals`).
Listeners get each change once or more, in order, and must be idempotent.
"""

import hashlib
import json
import os
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.db import transaction

from yinling.kernel.actors import Actor
from yinling.kernel.database import bulk_insert, insert
from yinling.kernel.events import Event
from yinling.kernel.models import Change, DeadLetter, Listener

Handler = Callable[[Change], None]
_words: dict[str, str] = {}
_listeners: dict[str, list[tuple[str, Handler]]] = defaultdict(list)


def record(
    event: Event, *, by: Actor, place_key: int = 0, reason: str = "", content: dict[str, Any] | None = None
) -> Change:
    """Add the change row for `event`. `content` (may be protected) is not stored, only its salted digest."""
    salt, digest = salted_digest(content) if content is not None else (b"", b"")
    change = Change(
        type=event.kind,
        version=event.version,
        actor_uid=by.uid,
        subject_kind=event.subject,
        subject_uid=event.uid,
        place_key=place_key,
        data=event.data(),
        salt=salt,
        digest=digest,
        reason=reason[:300],
    )
    return insert(change)


def save_all(changes: Sequence[Change]) -> None:
    """Add many change rows in one statement: what `record` does, for services that write many facts at once."""
    columns = [str(field.column) for field in Change._meta.concrete_fields if not field.primary_key]
    bulk_insert(Change, columns, [[getattr(change, column) for column in columns] for change in changes])


def salted_digest(content: dict[str, Any]) -> tuple[bytes, bytes]:
    """(salt, SHA-256 of salt and canonical JSON): proves content later without keeping it."""
    salt = os.urandom(16)
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, default=str)
    return salt, hashlib.sha256(salt + text.encode()).digest()


def listen(kind: str, name: str, handler: Handler) -> None:
    """Have `handler` hear every change of type `kind`. `name` is stored: keep it when code moves."""
    entry = (name, handler)
    if entry not in _listeners[kind]:
        _listeners[kind].append(entry)


def describe(words: Mapping[str, str]) -> None:
    """Say in words (English msgids) what changes of these types tell, for lines of time."""
    _words.update(words)


def words_of(kind: str) -> str:
    """What a change of this type tells, as a msgid; empty when nobody has said."""
    return _words.get(kind, "")


def listeners() -> dict[str, list[str]]:
    """Who listens to what, by name."""
    return {kind: [name for name, _ in entries] for kind, entries in _listeners.items()}


def handler_named(name: str) -> Handler | None:
    """The listener that is stored under this name; None when nobody listens under it any more."""
    return next((handler for entries in _listeners.values() for known, handler in entries if known == name), None)


def deliver(limit: int = 1000) -> int:
    """Tell each listener the numbered changes it has not heard yet. Returns how many were delivered."""
    by_name = {name: (kind, handler) for kind, entries in _listeners.items() for name, handler in entries}
    return sum(_deliver_to(name, kind, handler, limit) for name, (kind, handler) in by_name.items())


def _deliver_to(name: str, kind: str, handler: Handler, limit: int) -> int:
    ear, _ = Listener.objects.get_or_create(name=name)
    waiting = Change.objects.filter(number__gt=ear.heard, type=kind).order_by("number")[:limit]
    count = 0
    for change in waiting:
        _hand_over(name, change, handler)
        count += 1
    return count


def _hand_over(name: str, change: Change, handler: Handler) -> None:
    """Handle one change and move the listener on, together; a failure becomes a dead letter, not a stop."""
    try:
        with transaction.atomic():
            handler(change)
            Listener.objects.filter(name=name).update(heard=change.number)
    except Exception as error:  # noqa: BLE001  any failure of a listener is shown, none may stop the feed
        with transaction.atomic():
            text = f"{type(error).__name__}: {error}"
            DeadLetter.objects.get_or_create(listener=name, change=change, defaults={"error": text})
            Listener.objects.filter(name=name).update(heard=change.number)
