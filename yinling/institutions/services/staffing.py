"""Licences of institutions, and who works there with which certificates."""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from yinling.accounts.models import User
from yinling.engines.codes.phone import read_phone
from yinling.institutions.events import LicenceRecorded, StaffChanged
from yinling.institutions.models import Certificate, Institution, Licence, Staff
from yinling.institutions.models.sites import staff_where
from yinling.institutions.permissions import Institutions
from yinling.institutions.services.presence import MANAGERS, hide_residents_from, show_residents_to
from yinling.kernel import crypto
from yinling.kernel.actors import Actor, require
from yinling.kernel.changes import record
from yinling.kernel.clock import civil_date, now
from yinling.kernel.errors import Refused
from yinling.kernel.names import normalise_name
from yinling.kernel.reasons import Reason
from yinling.worklist.models import Subject
from yinling.worklist.services import close_item

LICENCE_DUTY = "institutions.licence"
DOCUMENT = "staff.document"  # purpose of the blind index


@dataclass(frozen=True)
class Paper:
    """A licence or certificate as it stands on paper. `expires_on` is the last day; None: no end."""

    kind: str
    number: str = ""
    issued_on: dt.date | None = None
    expires_on: dt.date | None = None
    grade: int | None = None
    file_uid: UUID | None = None


@transaction.atomic
def record_licence(*, uid: object, paper: Paper, by: Actor) -> Licence:
    """Enter a licence, or its renewal: the one of this kind before it is kept as history, its reminders close."""
    home = Institution.objects.visible_to(by).one(uid=uid)
    require(by, Institutions.EDIT, home.place_key)
    if paper.expires_on and paper.issued_on and paper.expires_on < paper.issued_on:
        raise Refused("It would expire before it was issued. Compare the dates with the paper.", field="expires_on")
    before = Licence.objects.current().filter(institution=home, kind=paper.kind)
    before.update(superseded_at=now())
    made = Licence.objects.create(
        institution=home, kind=paper.kind, number=paper.number[:60], issued_on=paper.issued_on,
        expires_on=paper.expires_on, file_uid=paper.file_uid,
    )  # fmt: skip
    if paper.expires_on is None or paper.expires_on > civil_date():
        for old in Licence.objects.filter(institution=home, kind=paper.kind).values_list("uid", flat=True):
            close_item(kind=LICENCE_DUTY, subject=Subject("licence", old), by=by)
    expires = paper.expires_on.isoformat() if paper.expires_on else ""
    record(LicenceRecorded(home.uid, licence_kind=paper.kind, expires_on=expires), by=by, place_key=home.place_key)
    return made


@transaction.atomic
def hire(
    *,
    uid: object,
    name: str,
    post: str,
    by: Actor,
    sex: str = "0",
    user: User | None = None,
    document_number: str = "",
    phone: str = "",
    hired_on: dt.date | None = None,
    certificates: tuple[Paper, ...] = (),
) -> Staff:
    """Somebody begins to work in an institution. A manager with an account sees its residents from now on."""
    home = Institution.objects.visible_to(by).one(uid=uid)
    require(by, Institutions.EDIT, home.place_key)
    if not normalise_name(name):
        raise Refused("Enter the name.", field="name")
    if phone and isinstance(found := read_phone(phone), Reason):
        raise Refused(found, field="phone")
    made = Staff(
        institution=home, name=normalise_name(name), post=post, sex=sex, user=user, hired_on=hired_on or civil_date()
    )
    made.document_sealed = crypto.seal(document_number, staff_where("document", made.uid))
    made.document_index = crypto.blind(DOCUMENT, document_number)
    made.phone_sealed = crypto.seal(phone, staff_where("phone", made.uid))
    made.save(force_insert=True)
    for paper in certificates:
        _certify(made, paper)
    if user is not None and post in MANAGERS:
        show_residents_to(user, home, by)
    record(StaffChanged(home.uid, staff_uid=str(made.uid), what="hired"), by=by, place_key=home.place_key)
    return made


@transaction.atomic
def end_post(*, staff_uid: object, by: Actor, on: dt.date | None = None) -> Staff:
    """Somebody no longer works there; what they saw through the post closes."""
    found = Staff.objects.visible_to(by).select_related("institution", "user").one(uid=staff_uid)
    require(by, Institutions.EDIT, found.institution.place_key)
    if found.left_on is not None:
        return found
    found.left_on = on or civil_date()
    found.save(update_fields=["left_on"])
    if found.user is not None:
        hide_residents_from(found.user, found.institution, by)
    event = StaffChanged(found.institution.uid, staff_uid=str(found.uid), what="left")
    record(event, by=by, place_key=found.institution.place_key)
    return found


@transaction.atomic
def add_certificate(*, staff_uid: object, paper: Paper, by: Actor) -> Certificate:
    """Enter a certificate or its renewal."""
    found = Staff.objects.visible_to(by).select_related("institution").one(uid=staff_uid)
    require(by, Institutions.EDIT, found.institution.place_key)
    made = _certify(found, paper)
    event = StaffChanged(found.institution.uid, staff_uid=str(found.uid), what="certificate")
    record(event, by=by, place_key=found.institution.place_key)
    return made


def _certify(staff: Staff, paper: Paper) -> Certificate:
    Certificate.objects.current().filter(staff=staff, kind=paper.kind).update(superseded_at=now())
    return Certificate.objects.create(
        staff=staff, kind=paper.kind, number=paper.number[:60], grade=paper.grade, issued_on=paper.issued_on,
        expires_on=paper.expires_on,
    )  # fmt: skip
