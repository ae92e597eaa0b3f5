"""Who is a certified assessor, and until when."""

import datetime as dt
from uuid import UUID

from django.db import transaction

from yinling.accounts.models import User
from yinling.assessments import rules
from yinling.assessments.events import CertificateRegistered
from yinling.assessments.models import AssessorCertificate
from yinling.assessments.permissions import Assessments
from yinling.kernel.actors import Actor, require
from yinling.kernel.changes import record
from yinling.kernel.clock import now
from yinling.kernel.errors import NotFound, Refused


@transaction.atomic
def register_certificate(
    *, user_uid: UUID | str, number: str, valid_from: dt.date, valid_to: dt.date | None, by: Actor
) -> AssessorCertificate:
    """Write down a user's certificate. The same number again for the same user corrects its dates."""
    user = User.objects.filter(uid=user_uid, is_active=True).first()
    if user is None or not by.may(Assessments.CERTIFY, user.place_key):
        require(by, Assessments.CERTIFY)
        raise NotFound("user")
    if reason := rules.why_not_a_certificate(number, valid_from, valid_to):
        raise Refused(reason, field="number" if not number.strip() else "valid_to")
    number = number.strip()
    held = AssessorCertificate.objects.select_for_update().filter(number=number, superseded_at__isnull=True).first()
    if held is not None and held.user_id != user.pk:
        raise Refused("Certificate {number} is registered for somebody else.", field="number", number=number)
    if held is not None:
        held.superseded_at = now()
        held.save(update_fields=["superseded_at"])
    fresh = AssessorCertificate.objects.create(user=user, number=number, valid_from=valid_from, valid_to=valid_to)
    record(
        CertificateRegistered(user.uid, valid_to=valid_to.isoformat() if valid_to else ""),
        by=by, place_key=user.place_key, content={"number": number},
    )  # fmt: skip
    return fresh
