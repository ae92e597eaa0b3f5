"""An institution ceases to work: what must be empty first, and what ends with it."""

import datetime as dt

from django.db import transaction

from yinling.institutions import rules
from yinling.institutions.events import InstitutionClosed
from yinling.institutions.models import BedState, Institution, Licence, Staff
from yinling.institutions.models.rooms import CLOSED
from yinling.institutions.permissions import Institutions
from yinling.institutions.queries import last_leaving, remaining
from yinling.institutions.services.sites import FILING_DUTY
from yinling.institutions.services.staffing import LICENCE_DUTY, end_post
from yinling.kernel.actors import Actor, require
from yinling.kernel.changes import record
from yinling.kernel.clock import civil_date, now
from yinling.kernel.errors import Refused
from yinling.worklist.models import Subject
from yinling.worklist.services import void_item


@transaction.atomic
def close_institution(*, uid: object, on: dt.date, reason: str, by: Actor) -> Institution:
    """A site ceases to work on a day: its beds close, its posts end, nobody waits for its papers.

    Again changes nothing. Raises Refused while anybody lives there, an application is open, or a former resident's
    money has not been paid back.
    """
    found = Institution.objects.visible_to(by).select_for_update(of=("self",), no_key=True).one(uid=uid)
    require(by, Institutions.EDIT, found.place_key)
    if found.closed_on is not None:
        return found
    if not reason.strip():
        raise Refused("Say why, so that the record can be understood.", field="reason")
    if refusal := rules.why_not_closed(
        remaining(found), on, civil_date(), found.opened_on, last_leaving(found)
    ):  # fmt: skip
        raise Refused(refusal, field="on")
    found.closed_on = on
    found.save(update_fields=["closed_on"])
    _close_beds(found, on, reason)
    _end_posts(found, on, by)
    for licence in Licence.objects.current().filter(institution=found).values_list("uid", flat=True):
        void_item(kind=LICENCE_DUTY, subject=Subject("licence", licence), by=by)
    void_item(kind=FILING_DUTY, subject=Subject("institution", found.uid), by=by)
    record(InstitutionClosed(found.uid, on.isoformat()), by=by, place_key=found.place_key, reason=reason)
    return found


def _close_beds(home: Institution, on: dt.date, reason: str) -> None:
    """Beds of a closed site no longer count as set up; what held before stays on record."""
    standing = list(
        BedState.objects.current().filter(bed__institution=home, valid_to__isnull=True).exclude(state=CLOSED)
    )
    BedState.objects.filter(pk__in=[one.pk for one in standing]).update(superseded_at=now())
    before = [
        BedState(bed_id=one.bed_id, state=one.state, reason=one.reason, valid_from=one.valid_from, valid_to=on)
        for one in standing
        if one.valid_from < on
    ]
    closed = [
        BedState(bed_id=one.bed_id, state=CLOSED, reason=reason[:200], valid_from=max(on, one.valid_from))
        for one in standing
    ]
    BedState.objects.bulk_create([*before, *closed], batch_size=500)


def _end_posts(home: Institution, on: dt.date, by: Actor) -> None:
    """Everybody leaves; whoever closes the site comes last, because the post is what lets them see it."""
    posts = Staff.objects.filter(institution=home, left_on__isnull=True).select_related("user").order_by("id")
    for post in sorted(posts, key=lambda one: one.user is not None and one.user.uid == by.uid):
        end_post(staff_uid=post.uid, by=by, on=max(on, post.hired_on or on))
