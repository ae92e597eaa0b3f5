"""The second check of a medicine: by a colleague's own log-in, or by the colleague's PIN on the first one's phone."""

import datetime as dt
from uuid import UUID

from django.contrib.auth.hashers import check_password
from django.db import transaction

from yinling.accounts.models import User
from yinling.accounts.queries import proof_rules
from yinling.kernel.actors import Actor
from yinling.kernel.changes import record
from yinling.kernel.clock import now
from yinling.kernel.errors import NotFound, Refused
from yinling.kernel.models import Change
from yinling.shifts.events import CheckRefused, MedicineChecked
from yinling.shifts.models import CareRecord
from yinling.shifts.permissions import Shifts
from yinling.shifts.queries.wards import record as record_seen
from yinling.shifts.queries.wards import works_in
from yinling.shifts.rules import doing as rules
from yinling.shifts.services.scoping import locked_ward, require_here


@transaction.atomic
def check_medicine(*, uid: object, by: Actor) -> CareRecord:
    """Confirm a medicine that somebody else gave. Again by anybody changes nothing."""
    seen = record_seen(uid, by)
    ward = locked_ward(seen.ward.uid, by, Shifts.WORK)
    held = CareRecord.objects.get(pk=seen.pk)
    given = rules.Checking(
        is_given=held.kind == "medicine" and held.result == rules.DONE, is_void=held.voided_at is not None,
        is_checked=held.checked_at is not None, gave_it=str(held.done_by) == str(by.uid),
        works_there=works_in(ward.institution, by),
    )  # fmt: skip
    if no := rules.why_not_checked(given):
        raise Refused(no)
    if held.checked_at is not None:
        return held
    held.checked_at, held.checked_by, held.checked_label = now(), UUID(str(by.uid)), by.label[:60]
    held.save(update_fields=["checked_at", "checked_by", "checked_label"])
    record(MedicineChecked(held.uid), by=by, place_key=ward.institution.place_key)
    return held


def check_by_pin(*, uid: object, colleague_uid: object, pin: str, by: User) -> CareRecord:
    """The colleague who stands beside types the PIN. The PIN is compared before the transaction: that is slow on
    purpose; wrong ones are counted against the colleague's name, so nobody gains tries on several phones."""
    seen = record_seen(uid, by)
    require_here(by, Shifts.WORK, seen.ward.institution)
    if str(colleague_uid) == str(by.uid):
        raise Refused("You gave this medicine yourself. The second check is a colleague's.", field="colleague")
    colleague = User.objects.filter(uid=colleague_uid, is_active=True).first()
    if colleague is None or not works_in(seen.ward.institution, colleague):
        raise NotFound("user")
    _prove(seen, colleague, pin, by)
    return check_medicine(uid=uid, by=colleague)


def _prove(seen: CareRecord, colleague: User, pin: str, by: Actor) -> None:
    limits = proof_rules()
    since = now() - dt.timedelta(minutes=limits.lock_minutes)
    wrong = Change.objects.filter(type=CheckRefused.kind, subject_uid=colleague.uid, recorded_at__gt=since).count()
    if wrong >= limits.tries:
        raise Refused("Wrong {tries} times. Wait {minutes} minutes.", tries=wrong, minutes=limits.lock_minutes)
    if not colleague.pin_hash:
        raise Refused(
            "{name} has no PIN yet. Let them log in on their own phone and confirm there, or set a PIN.",
            field="pin", name=colleague.label,
        )  # fmt: skip
    if not check_password(pin, colleague.pin_hash):
        with transaction.atomic():
            record(CheckRefused(colleague.uid), by=by, place_key=seen.ward.institution.place_key)
        raise Refused("That is not the PIN of {name}. Nothing was confirmed.", field="pin", name=colleague.label)
