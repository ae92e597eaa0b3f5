"""Licences of institutions, and who works there with which certificates."""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from yinling.accounts.models import User
from yinling.engines.codes.phone import read_phone
from yinling.engines.codes.resident_id import read_resident_id
from yinling.institutions import rules
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
from yinling.reference.queries import entries, has_list
from yinling.worklist.models import Subject
from yinling.worklist.services import close_item, void_item

LICENCE_DUTY, CERTIFICATE_DUTY = "institutions.licence", "institutions.certificate"
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
    _check(paper)
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


def _check(paper: Paper) -> None:
    if refusal := rules.why_no_paper(paper.issued_on, paper.expires_on):
        raise Refused(refusal, field="expires_on")


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
    document_number = _read_document(document_number)
    _refuse_wrong(home, post, document_number, phone)
    made = Staff(
        institution=home, name=normalise_name(name), post=post, sex=sex, user=user, hired_on=hired_on or civil_date()
    )
    made.document_sealed = crypto.seal(document_number, staff_where("document", made.uid))
    made.document_index = crypto.blind(DOCUMENT, document_number)
    made.phone_sealed = crypto.seal(phone, staff_where("phone", made.uid))
    made.save(force_insert=True)
    for paper in certificates:
        _certify(made, paper, by)
    if user is not None and post in MANAGERS:
        show_residents_to(user, home, by)
    record(StaffChanged(home.uid, staff_uid=str(made.uid), what="hired"), by=by, place_key=home.place_key)
    return made


def _read_document(number: str) -> str:
    found = read_resident_id(number) if number else None
    if isinstance(found, Reason):
        raise Refused(found, field="document_number")
    return found.number if found else ""


def _refuse_wrong(home: Institution, post: str, document_number: str, phone: str) -> None:
    """What cannot be right about somebody new: an unknown post, a false telephone, the same post twice."""
    if has_list("staff_post") and post not in {entry.code for entry in entries("staff_post")}:
        raise Refused("{code} is not in the list. Choose one of the words offered.", field="post", code=post)
    if phone and isinstance(found := read_phone(phone), Reason):
        raise Refused(found, field="phone")
    present = Staff.objects.filter(institution=home, post=post, left_on__isnull=True)
    if document_number and present.filter(document_index__in=crypto.blinds(DOCUMENT, document_number)).exists():
        raise Refused(
            "Somebody with this document holds this post here already. Open their page in the staff list.",
            field="document_number",
        )


@transaction.atomic
def end_post(*, staff_uid: object, by: Actor, on: dt.date | None = None) -> Staff:
    """Somebody no longer works there; what they saw through the post closes."""
    found = Staff.objects.visible_to(by).select_related("institution", "user").one(uid=staff_uid)
    require(by, Institutions.EDIT, found.institution.place_key)
    if found.left_on is not None:
        return found
    day = on or civil_date()
    if refusal := rules.why_not_ended(found.hired_on, day, civil_date()):
        raise Refused(refusal, field="on")
    found.left_on = day
    found.save(update_fields=["left_on"])
    _forget_certificates(found.certificates.all(), by)
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
    made = _certify(found, paper, by)
    event = StaffChanged(found.institution.uid, staff_uid=str(found.uid), what="certificate")
    record(event, by=by, place_key=found.institution.place_key)
    return made


def _forget_certificates(papers: QuerySet[Certificate], by: Actor) -> None:
    """Nobody waits any more for the renewal of these certificates."""
    for uid in papers.values_list("uid", flat=True):
        void_item(kind=CERTIFICATE_DUTY, subject=Subject("staff_certificate", uid), by=by)


def _certify(staff: Staff, paper: Paper, by: Actor) -> Certificate:
    _check(paper)
    before = Certificate.objects.filter(staff=staff, kind=paper.kind)
    if paper.expires_on is None or paper.expires_on > civil_date():
        for old in before.values_list("uid", flat=True):
            close_item(kind=CERTIFICATE_DUTY, subject=Subject("staff_certificate", old), by=by)
    Certificate.objects.current().filter(staff=staff, kind=paper.kind).update(superseded_at=now())
    return Certificate.objects.create(
        staff=staff, kind=paper.kind, number=paper.number[:60], grade=paper.grade, issued_on=paper.issued_on,
        expires_on=paper.expires_on,
    )  # fmt: skip
