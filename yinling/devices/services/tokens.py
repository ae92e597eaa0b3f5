"""What devices prove themselves with, and the labels that take them into use. Plain text is returned once, and gone."""

import datetime as dt
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from yinling.devices.events import LabelsPrinted, TokenIssued, TokensRevoked
from yinling.devices.models import ClaimCode, Credential, Device, Placement
from yinling.devices.permissions import Devices
from yinling.devices.queries.credentials import TOKEN, username_of
from yinling.devices.rules import placing as rules
from yinling.devices.services.placing import Spot, stand
from yinling.devices.services.registering import editable
from yinling.kernel.actors import Actor, require
from yinling.kernel.changes import record
from yinling.kernel.clock import now
from yinling.kernel.crypto import blind, blinds
from yinling.kernel.errors import NotFound, Refused
from yinling.kernel.uids import Uid, new_uid, uid_of
from yinling.reference.queries import parameter

CLAIM = "devices.claim"
LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # no 0 O 1 I: somebody will type it from a wet label
CODE_LENGTH = 12  # 60 bits: nobody guesses one among a million before the door is shut
TOKEN_BYTES = 32
MOST_LABELS = 200


@dataclass(frozen=True)
class Issued:
    """A token in plain text: shown once."""

    device: Device
    username: str
    token: str


@dataclass(frozen=True)
class Label:
    """A label to print: the code in plain text is in it and nowhere else."""

    device: Device
    code: str


@dataclass(frozen=True)
class Claimed:
    """A device taken into use by its label; `issued` when it had no token yet."""

    device: Device
    placement: Placement
    issued: Issued | None


@transaction.atomic
def rotate_token(*, uid: Uid, by: Actor) -> Issued:
    """Give a device a new token. The one before opens for the overlap, so that the device can be set up in peace."""
    device = editable(uid, by, Devices.TOKENS)
    if device.state == Device.State.OUT_OF_USE:
        raise Refused("This device is out of use. Put it back into store before it gets a token.")
    return _issue(device, by)


def _issue(device: Device, by: Actor) -> Issued:
    ends = now() + dt.timedelta(hours=int(parameter("devices.token_overlap_hours")))
    held = Credential.objects.filter(device=device, revoked_at__isnull=True, expires_at__isnull=True)
    held.update(expires_at=ends)
    token, username = secrets.token_urlsafe(TOKEN_BYTES), username_of(device.number)
    Credential.objects.create(
        device=device, username=username, token_index=blind(TOKEN, token), hint=token[-4:], issued_by=UUID(str(by.uid))
    )
    record(TokenIssued(device.uid, hint=token[-4:]), by=by, place_key=device.place_key)
    return Issued(device, username, token)


@transaction.atomic
def revoke_tokens(*, uid: Uid, why: str, by: Actor) -> int:
    """No token of a device opens any more, from now on. Returns how many did."""
    device = editable(uid, by, Devices.TOKENS)
    if len(why.strip()) < rules.SHORTEST_REASON:
        raise Refused("Say why the tokens are revoked, in a few words.", field="why")
    live = Credential.objects.filter(device=device).in_force(now())
    count = live.update(revoked_at=now(), revoked_why=why.strip()[:200])
    if not count:
        raise Refused("No token of this device is in force.", field="why")
    record(TokensRevoked(device.uid, count=count), by=by, place_key=device.place_key, reason=why)
    return count


@transaction.atomic
def print_labels(*, uids: Sequence[Uid], by: Actor) -> list[Label]:
    """Make labels for devices in store. Labels printed for them before are worth nothing from now on."""
    require(by, Devices.TOKENS)
    uids = [uid for uid in uids if uid_of(str(uid))]
    if not uids or len(uids) > MOST_LABELS:
        raise Refused("Choose 1 to {most} devices at a time.", most=MOST_LABELS)
    devices = Device.objects.visible_to(by, Devices.TOKENS).filter(uid__in=uids, state=Device.State.IN_STORE)
    found = list(devices.select_for_update(of=("self",)).select_related("profile").order_by("number"))
    if not found:
        raise Refused("None of these devices is in store. Labels are for devices that nobody has taken into use.")
    ClaimCode.objects.filter(device__in=found, claimed_at__isnull=True, replaced_at__isnull=True).update(
        replaced_at=now()
    )
    labels = [Label(device, _fresh_code()) for device in found]
    maker = UUID(str(by.uid))
    ClaimCode.objects.bulk_create(
        ClaimCode(device=label.device, code_index=blind(CLAIM, label.code), made_by=maker) for label in labels
    )
    record(LabelsPrinted(new_uid(), rows=len(labels)), by=by)
    return labels


def _fresh_code() -> str:
    return "".join(secrets.choice(LETTERS) for _ in range(CODE_LENGTH))


def label_of(code: str) -> ClaimCode:
    """The label that carries this code: whoever holds it may see which device it claims. Raises NotFound, Refused."""
    clean = "".join(code.upper().split()).replace("-", "")
    found = ClaimCode.objects.filter(code_index__in=blinds(CLAIM, clean)).select_related("device__profile").first()
    if found is None:
        raise NotFound("label")
    is_used, is_old = found.claimed_at is not None, found.replaced_at is not None
    if reason := rules.why_not_claimed(is_used, is_old, found.device.state):
        raise Refused(reason)
    return found


@transaction.atomic
def claim_device(*, code: str, spot: Spot, by: Actor) -> Claimed:
    """Take a device into use by the code on its label, where the actor may. The label is used up."""
    require(by, Devices.CLAIM, spot.key)
    label = ClaimCode.objects.select_for_update(of=("self",)).get(pk=label_of(code).pk)
    device = Device.objects.select_for_update(of=("self",)).select_related("profile").get(pk=label.device_id)
    is_used, is_old = label.claimed_at is not None, label.replaced_at is not None
    if reason := rules.why_not_claimed(is_used, is_old, device.state):  # asked again, now that both are held
        raise Refused(reason)
    placement = stand(device, spot, by, is_claim=True)
    label.claimed_at, label.claimed_by, label.claimed_by_label = now(), UUID(str(by.uid)), by.label[:120]
    label.claimed_place_key = spot.key
    label.save(update_fields=["claimed_at", "claimed_by", "claimed_by_label", "claimed_place_key"])
    has_token = Credential.objects.filter(device=device).in_force(now()).exists()
    return Claimed(device, placement, None if has_token else _issue(device, by))
