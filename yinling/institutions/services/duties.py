"""Nightly: licences and staff certificates about to run out open duties at 60, 30, 7 and 0 days.

The days are the parameters licence.warning_days and certificate.warning_days; a contract with a medical institution
is told of first at institution.agreement_warning_days. One duty per paper stands at a time: a nearer step takes the
place of the one before.
"""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_noop as _

from yinling.accounts.models import User
from yinling.institutions import parameters, rules
from yinling.institutions.models import Certificate, Institution, Licence, Staff
from yinling.institutions.services.presence import MANAGERS
from yinling.institutions.services.staffing import CERTIFICATE_DUTY, LICENCE_DUTY
from yinling.kernel.actors import Actor
from yinling.kernel.clock import civil_date, start_of
from yinling.kernel.reasons import Reason
from yinling.reference.queries import parameter_or, words
from yinling.worklist.models import NextStep, Subject, WorkItem
from yinling.worklist.services import open_item, void_item

STEPS = (60, 30, 7, 0)  # while no pack states the days
MEDICAL_CONTRACT = "medical_contract"  # of the list licence_kind
BATCH = 20
NEARER = _("A nearer reminder took its place")


@dataclass(frozen=True)
class Ending:
    """A paper about to run out: whose it is, its last day, and what the duty says."""

    duty: str
    subject: Subject
    home: Institution
    last_day: dt.date
    title: Reason
    next_step: NextStep


def remind_of_licences(*, by: Actor, on: dt.date | None = None) -> int:
    """Open the duty of the step each licence has reached. Returns how many were opened; again opens none."""
    day, steps = on or civil_date(), _parameter("licence.warning_days")
    contract = _contract_steps(steps)
    papers = Licence.objects.exclude(kind=MEDICAL_CONTRACT), Licence.objects.filter(kind=MEDICAL_CONTRACT)
    opened = _remind_all(list(_licences(papers[0], day, max(steps))), day, steps, by)
    return opened + _remind_all(list(_licences(papers[1], day, max(contract))), day, contract, by)


def remind_of_certificates(*, by: Actor, on: dt.date | None = None) -> int:
    """The same for certificates of those who work there today."""
    day, steps = on or civil_date(), _parameter("certificate.warning_days")
    return _remind_all(list(_certificates(day, max(steps))), day, steps, by)


def _parameter(key: str) -> tuple[int, ...]:
    """The days before the end at which a reminder comes."""
    return tuple(int(step) for step in parameter_or(key, STEPS))


def _contract_steps(steps: tuple[int, ...]) -> tuple[int, ...]:
    """Of a contract with a medical institution: its own first day, then the nearer ones of other papers."""
    first = parameters.agreement_days()
    return steps if first is None else (first, *(step for step in steps if step < first))


def _licences(papers: QuerySet[Licence], day: dt.date, within: int) -> Iterator[Ending]:
    ending = papers.filter(superseded_at__isnull=True).filter(
        expires_on__lte=day + dt.timedelta(days=within), institution__closed_on__isnull=True
    )
    for one in ending.select_related("institution").order_by("expires_on", "id"):
        assert one.expires_on is not None
        step = NextStep("Enter the renewal", "institutions:licence", (str(one.institution.uid),))
        title = _title((one.expires_on - day).days, words("licence_kind", one.kind))
        yield Ending(LICENCE_DUTY, Subject("licence", one.uid), one.institution, one.expires_on, title, step)


def _certificates(day: dt.date, within: int) -> Iterator[Ending]:
    ending = Certificate.objects.current().filter(
        expires_on__lte=day + dt.timedelta(days=within), staff__left_on__isnull=True,
        staff__institution__closed_on__isnull=True,
    )  # fmt: skip
    for one in ending.select_related("staff__institution").order_by("expires_on", "id"):
        assert one.expires_on is not None
        step = NextStep("Enter the renewal", "institutions:certificate", (str(one.staff.uid),))
        title = _staff_title((one.expires_on - day).days, words("certificate_kind", one.kind))
        home = one.staff.institution
        yield Ending(CERTIFICATE_DUTY, Subject("staff_certificate", one.uid), home, one.expires_on, title, step)


def _title(left: int, kind: object) -> Reason:
    if left < 0:
        return Reason("{kind} expired {days} days ago", kind=kind, days=-left)
    return Reason("{kind} expires in {days} days", kind=kind, days=left)


def _staff_title(left: int, kind: object) -> Reason:
    if left < 0:
        return Reason("{kind} of a staff member expired {days} days ago", kind=kind, days=-left)
    return Reason("{kind} of a staff member expires in {days} days", kind=kind, days=left)


def _remind_all(endings: Sequence[Ending], day: dt.date, steps: Sequence[int], by: Actor) -> int:
    managers = _managers({one.home.pk for one in endings})
    opened = 0
    for start in range(0, len(endings), BATCH):
        with transaction.atomic():
            opened += sum(_remind(one, day, steps, managers, by) for one in endings[start : start + BATCH])
    return opened


def _managers(institutions: set[int]) -> dict[int, User]:
    posts = Staff.objects.filter(
        institution__in=institutions, post__in=MANAGERS, left_on__isnull=True, user__is_active=True
    )
    return {post.institution_id: post.user for post in posts.select_related("user") if post.user is not None}


def _remind(one: Ending, day: dt.date, steps: Sequence[int], managers: dict[int, User], by: Actor) -> int:
    step = rules.step_reached((one.last_day - day).days, steps)
    known = WorkItem.objects.filter(kind=one.duty, subject_uid=one.subject.uid, key=str(step))
    if step is None or known.exists():
        return 0
    void_item(subject=one.subject, by=by, kind=one.duty, result=NEARER)
    user = managers.get(one.home.pk)
    open_item(
        kind=one.duty, subject=one.subject, key=str(step), by=by, place_key=one.home.place_key, ladder_key="licence",
        role="" if user else "township_clerk", user=user, due_at=start_of(one.last_day + dt.timedelta(days=1)),
        title=one.title, why=Reason("{home}", home=one.home.name), next_step=one.next_step,
    )  # fmt: skip
    return 1
