"""Photographs on their way up: in parts, from where the last one ended, locked with the phone's key until whole.

What comes is the initialisation vector (12 bytes) and AES-GCM ciphertext, as it lies on the phone; `digest` is its
SHA-256. It is opened only when its command is done.
"""

import datetime as dt
import hashlib

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.db import transaction

from yinling.kernel.clock import now
from yinling.kernel.errors import Refused
from yinling.sync import rules
from yinling.sync.models import Phone, Piece

NONCE = 12
KEPT = dt.timedelta(days=31)  # what is not whole by then is sent anew


def received(*, phone: Phone, digest: str) -> int:
    """How many bytes are here."""
    held = Piece.objects.filter(phone=phone, digest=digest).only("received").first()
    return held.received if held else 0


@transaction.atomic
def add_part(*, phone: Phone, digest: str, size: int, offset: int, part: bytes) -> int:
    """Join a part. Returns how many bytes are here; a part that is here already changes nothing. Raises Refused."""
    held = Piece.objects.select_for_update().filter(phone=phone, digest=digest).first()
    held = held or Piece(phone=phone, digest=digest[:64], size=size)
    if held.received > offset:
        return held.received
    if reason := rules.why_no_part(held.size, held.received, offset, len(part)):
        raise Refused(reason)
    held.content = bytes(held.content) + part
    held.received = len(held.content)
    if held.received == held.size and hashlib.sha256(held.content).hexdigest() != digest:
        Piece.objects.filter(pk=held.pk).delete()
        raise Refused("The photograph arrived damaged. It is sent again.")
    held.save()
    return held.received


def content_of(phone: Phone, digest: str) -> bytes | None:
    """The photograph, opened; None while it is not whole. Raises Refused for one that cannot be opened."""
    held = Piece.objects.filter(phone=phone, digest=digest).first()
    if held is None or held.received < held.size:
        return None
    raw = bytes(held.content)
    try:
        return AESGCM(phone.key()).decrypt(raw[:NONCE], raw[NONCE:], None)
    except InvalidTag:
        raise Refused("The photograph cannot be opened. Take it again.") from None


def forget(phone: Phone, digest: str) -> None:
    """The photograph is where it belongs. That it came is still known: a phone that missed the answer asks first."""
    Piece.objects.filter(phone=phone, digest=digest).update(content=b"")


def sweep_pieces() -> int:
    """Delete pieces that nobody finished. Returns how many."""
    return Piece.objects.filter(begun_at__lt=now() - KEPT).delete()[0]
