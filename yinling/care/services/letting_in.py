"""Who is let in: people of a partner see the person, and their own part, through a grant that names the part.

A grant ends with the consent it rests on, and at the latest after a year; every night those who came or left since are
let in or out.
"""

import datetime as dt
from uuid import UUID

from yinling.care.models import Partner, Plan, Visitor
from yinling.care.models.plans import PART
from yinling.kernel.actors import Actor
from yinling.kernel.clock import civil_date, now, start_of
from yinling.kernel.errors import NotFound
from yinling.people.models import Grant
from yinling.people.services import close_grant, open_grant

LONGEST = dt.timedelta(days=366)


def let_in(partner: Partner, *, by: Actor) -> int:
    """Open the person of an agreed plan to the people of a part, and close it to those who left. Returns how many."""
    plan = partner.plan
    until = _until(plan)
    if partner.organisation_id is None or partner.ended_on is not None or until <= now():
        let_out(partner, by=by)
        return 0
    wanted = _people_of(partner)
    held = {one.grantee_uid: one.until for one in _grants(partner)}
    for uid in held.keys() - wanted:
        _close(partner, uid, by)
    for uid in wanted:
        if held.get(uid) is None or abs(held[uid] - until) > dt.timedelta(days=1):
            open_grant(person=plan.person, grantee_uid=uid, ground=PART, until=until, by=by, origin_uid=partner.uid)
    return len(wanted)


def let_out(partner: Partner, *, by: Actor) -> int:
    """Close the person to everybody of a part. Returns how many were let out."""
    held = [one.grantee_uid for one in _grants(partner)]
    for uid in held:
        _close(partner, uid, by)
    return len(held)


def _close(partner: Partner, uid: UUID, by: Actor) -> None:
    try:
        close_grant(person=partner.plan.person, grantee_uid=uid, ground=PART, by=by, origin_uid=partner.uid)
    except NotFound:  # closed by a death in this instant
        return


def _grants(partner: Partner) -> list[Grant]:
    return list(Grant.objects.filter(ground=PART, origin_uid=partner.uid, ended_at__isnull=True))


def _people_of(partner: Partner) -> set[UUID]:
    active = Visitor.objects.active(civil_date()).filter(organisation=partner.organisation_id, user__is_active=True)
    return {uid for uid in active.values_list("user__uid", flat=True) if uid}


def _until(plan: Plan) -> dt.datetime:
    """The end of the last day of the consent, or a year from now; now where the plan does not stand."""
    if plan.state != Plan.State.STANDING or (plan.consent and plan.consent.withdrawn_at):
        return now()
    longest = start_of(civil_date() + LONGEST)
    if plan.consent is None or plan.consent.valid_to is None:
        return longest
    return min(longest, start_of(plan.consent.valid_to + dt.timedelta(days=1)))
