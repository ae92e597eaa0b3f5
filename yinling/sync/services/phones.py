"""Phones: opened with a key of their own, declared lost (the key is gone at once), wiped when they come near."""

import base64
import os
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from yinling.accounts.models import User
from yinling.kernel.actors import Actor
from yinling.kernel.changes import record
from yinling.kernel.clock import instant_of, ms_of, now
from yinling.kernel.crypto import seal
from yinling.kernel.errors import NotFound, Refused
from yinling.sync import rules
from yinling.sync.events import PhoneLost, PhoneOpened, PhoneWiped
from yinling.sync.models import Phone, key_where
from yinling.sync.permissions import Sync

KEY_BYTES = 32


@dataclass(frozen=True)
class Opening:
    """What a phone says of itself. `uid`: the one it was given before; `time_ms`: its clock."""

    uid: UUID | None
    time_ms: int
    app: str = ""
    label: str = ""


@transaction.atomic
def open_phone(*, opening: Opening, by: User) -> Phone:
    """The phone that this user works with, with its key; a new one where this browser has none of this user's.

    Raises NotFound for a phone that was declared lost: it wipes itself.
    """
    known = Phone.objects.filter(uid=opening.uid, user=by).first() if opening.uid else None
    if known is not None:
        if known.state != Phone.State.ACTIVE:
            raise NotFound("phone")
        touch(known, opening.time_ms, opening.app)
        return known
    made = Phone(user=by, label=opening.label[:120], app=opening.app[:20])
    made.key_sealed = seal(base64.b64encode(os.urandom(KEY_BYTES)).decode(), key_where(made.uid))
    made.offset_ms = rules.offset_ms(opening.time_ms, ms_of(now()))
    made.save(force_insert=True)
    record(PhoneOpened(made.uid, user=str(by.uid)), by=by, place_key=by.place_key)
    return made


def touch(phone: Phone, time_ms: int, app: str) -> None:
    """The phone is here: how far its clock is off, which programme it runs."""
    instant_of(time_ms)  # a clock that no calendar knows is a bug of the phone
    phone.offset_ms, phone.contact_at = rules.offset_ms(time_ms, ms_of(now())), now()
    phone.app = app[:20] or phone.app
    phone.save(update_fields=["offset_ms", "contact_at", "app"])


def own_phone(uid: UUID | None, by: User) -> Phone:
    """A user's phone in use. Raises NotFound: then it wipes itself."""
    return Phone.objects.active().one(uid=uid, user__uid=by.uid)


def is_to_wipe(uid: UUID) -> bool:
    """Whether a phone deletes all it holds: declared lost, or its user's account is closed. Asked without a log-in."""
    held = Phone.objects.select_related("user").filter(uid=uid).first()
    return held is not None and (held.state != Phone.State.ACTIVE or not held.user.is_active)


@transaction.atomic
def lose_phone(*, uid: UUID, reason: str, by: Actor) -> Phone:
    """Declare a phone lost: one's own, or (with the permission) somebody else's. Its key is gone from this moment."""
    held = Phone.objects.visible_to(by, Sync.PHONES).select_related("user").select_for_update(of=("self",)).one(uid=uid)
    if held.state != Phone.State.ACTIVE:
        return held
    if len(reason.strip()) < 4:
        raise Refused("Say why, in {least} characters or more. The reason stays on record.", field="reason", least=4)
    _withdraw(held, Phone.State.LOST, by)
    record(PhoneLost(held.uid, user=str(held.user.uid)), by=by, place_key=held.user.place_key, reason=reason)
    return held


@transaction.atomic
def wiped(*, uid: UUID) -> None:
    """A phone says that it holds nothing any more. Only one that was told so is believed. Again changes nothing."""
    held = Phone.objects.select_related("user").select_for_update(of=("self",)).filter(uid=uid).first()
    if held is None or held.state == Phone.State.WIPED or not is_to_wipe(uid):
        return
    _withdraw(held, Phone.State.WIPED, held.user)
    record(PhoneWiped(held.uid, user=str(held.user.uid)), by=held.user, place_key=held.user.place_key)


def _withdraw(held: Phone, state: Phone.State, by: Actor) -> None:
    held.state, held.key_sealed = state, b""
    held.ended_at, held.ended_by = held.ended_at or now(), held.ended_by or UUID(str(by.uid))
    held.save(update_fields=["state", "key_sealed", "ended_at", "ended_by"])
    held.holdings.all().delete()
    held.pieces.all().delete()
