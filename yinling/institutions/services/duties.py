"""Nightly: licences about to run out open duties at 60, 30, 7 and 0 days (parameter licence.warning_days)."""

import datetime as dt
from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext_noop as _

from yinling.accounts.models import User
from yinling.institutions import rules
from yinling.institutions.models import Licence, Staff
from yinling.institutions.services.presence import MANAGERS
from yinling.institutions.services.staffing import LICENCE_DUTY
from yinling.kernel.actors import Actor
from yinling.kernel.clock import civil_date, start_of
from yinling.kernel.reasons import Reason
from yinling.reference.queries import MissingParameter, parameter, words
from yinling.worklist.models import NextStep, Subject, WorkItem
from yinling.worklist.services import open_item, void_item

STEPS = (60, 30, 7, 0)  # while no pack states licence.warning_days
BATCH = 20
NEARER = _("A nearer reminder took its place")


def remind_of_licences(*, by: Actor, on: dt.date | None = None) -> int:
    """Open the duty of the step each licence has reached. Returns how many were opened; again opens none.

    One duty per licence stands at a time: a nearer step takes the place of the one before.
    """
    day, steps = on or civil_date(), _steps()
    running_out = Licence.objects.current().filter(
        expires_on__lte=day + dt.timedelta(days=max(steps)), institution__closed_on__isnull=True
    )
    licences = list(running_out.select_related("institution").order_by("expires_on", "id"))
    managers = _managers({licence.institution_id for licence in licences})
    opened = 0
    for start in range(0, len(licences), BATCH):
        with transaction.atomic():
            opened += sum(_remind(one, day, steps, managers, by) for one in licences[start : start + BATCH])
    return opened


def _steps() -> tuple[int, ...]:
    try:
        return tuple(int(step) for step in parameter("licence.warning_days"))
    except MissingParameter:
        return STEPS


def _managers(institutions: set[int]) -> dict[int, User]:
    posts = Staff.objects.filter(
        institution__in=institutions, post__in=MANAGERS, left_on__isnull=True, user__is_active=True
    )
    return {post.institution_id: post.user for post in posts.select_related("user") if post.user is not None}


def _remind(licence: Licence, day: dt.date, steps: Sequence[int], managers: dict[int, User], by: Actor) -> int:
    assert licence.expires_on is not None
    left = (licence.expires_on - day).days
    step = rules.step_reached(left, steps)
    subject = Subject("licence", licence.uid)
    if step is None or WorkItem.objects.filter(kind=LICENCE_DUTY, subject_uid=licence.uid, key=str(step)).exists():
        return 0
    void_item(subject=subject, by=by, kind=LICENCE_DUTY, result=NEARER)
    home, user = licence.institution, managers.get(licence.institution_id)
    open_item(
        kind=LICENCE_DUTY, subject=subject, key=str(step), by=by, place_key=home.place_key, ladder_key="licence",
        role="" if user else "township_clerk", user=user, due_at=start_of(licence.expires_on + dt.timedelta(days=1)),
        title=_title(left, words("licence_kind", licence.kind)), why=Reason("{home}", home=home.name),
        next_step=NextStep("Enter the renewal", "institutions:licence", (str(home.uid),)),
    )  # fmt: skip
    return 1


def _title(left: int, kind: object) -> Reason:
    if left < 0:
        return Reason("{kind} expired {days} days ago", kind=kind, days=-left)
    return Reason("{kind} expires in {days} days", kind=kind, days=left)
