"""What care asks of people: the duties it opens and closes, and how lists name what they are about. By subject."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext_noop as _

from yinling.accounts.models import User
from yinling.care import parameters
from yinling.care.models import BedCall, HomeBed, Plan
from yinling.kernel.actors import Actor
from yinling.kernel.clock import civil_date, start_of
from yinling.kernel.names import mask_name
from yinling.kernel.reasons import Reason
from yinling.worklist.kinds import Kind
from yinling.worklist.models import NextStep, Subject
from yinling.worklist.services import close_item, open_item, void_item

Labels = Mapping[UUID, tuple[str, str, str]]


# Plans and home beds

REVIEW = "care.review"
BED_DECIDE, BED_SET_UP, BED_CALL = "care.bed_decide", "care.bed_set_up", "care.bed_call"
BED_SHORT, BED_HOSPITAL = "care.bed_short", "care.bed_hospital"
PLAN_KINDS = (
    Kind(REVIEW, _("Care plan to be reviewed"), "clipboard-check", closes_by_hand=False),
    Kind(BED_DECIDE, _("Home bed to be decided on"), "clipboard-check", closes_by_hand=False),
    Kind(BED_SET_UP, _("Home bed to be set up"), "bed", closes_by_hand=False),
    Kind(BED_CALL, _("Call from a home bed"), "phone", closes_by_hand=False),
    Kind(BED_SHORT, _("Services missing at a home bed"), "alert-triangle"),
    Kind(BED_HOSPITAL, _("Home bed of somebody in hospital"), "alert-triangle"),
)
CAUSES = {
    "date": Reason("The review is due on its day."),
    "level": Reason("The level of ability changed."),
    "consent": Reason("The consent it rests on runs out."),
}


def near(on: dt.date) -> dt.date:
    """The last day whose reviews are asked for already."""
    return on + dt.timedelta(days=parameters.review_warn_days(on))


def about_plan(plan: Plan) -> Subject:
    """A plan as the subject of a duty."""
    return Subject("care_plan", plan.uid)


def ask_for_review(plan: Plan, *, cause: str, by: Actor) -> None:
    """A plan is looked at again: by its day, or within the ladder's time where its level changed."""
    role = plan.template.reading.role if plan.template else "township_clerk"
    due = start_of(max(plan.review_on, civil_date()) + dt.timedelta(days=1)) if cause == "date" else None
    open_item(
        kind=REVIEW, subject=about_plan(plan), by=by, role=role, place_key=plan.person.place_key, due_at=due,
        ladder_key="plan_review", title=Reason("Review a care plan"), why=CAUSES[cause],
        next_step=NextStep(_("Review the plan"), "care:plan_review", (str(plan.uid),)),
    )  # fmt: skip


def reviewed(plan: Plan, *, by: Actor) -> None:
    """It was looked at."""
    close_item(kind=REVIEW, subject=about_plan(plan), by=by)


def no_review(plan: Plan, *, by: Actor) -> None:
    """The plan has ended."""
    void_item(kind=REVIEW, subject=about_plan(plan), by=by)


def about_bed(bed: HomeBed) -> Subject:
    """A home bed as the subject of a duty."""
    return Subject("home_bed", bed.uid)


def ask_to_decide(bed: HomeBed, *, by: Actor) -> None:
    """The county decides on an application."""
    title = Reason("Decide on a home bed")
    _about_a_bed(BED_DECIDE, bed, title, _("Decide on it"), "care:bed_decide", by, "county_clerk", ladder="approval")


def ask_to_set_up(bed: HomeBed, *, by: Actor) -> None:
    """Approved: contract and devices follow."""
    close_item(kind=BED_DECIDE, subject=about_bed(bed), by=by)
    if bed.state == HomeBed.State.APPROVED:
        _about_a_bed(BED_SET_UP, bed, Reason("Set a home bed up"), _("Set it up"), "care:bed_set_up", by)


def ask_about_services(bed: HomeBed, month: str, *, done: int, last: dt.date, by: Actor) -> None:
    """The services of a month will hardly be enough. Once a month."""
    why = Reason("{done} of {needed} services this month", done=done, needed=bed.services_a_month)
    _about_a_bed(BED_SHORT, bed, Reason("See that the services of a home bed are held"), _("Open the home bed"),
                 "care:bed", by, why=why, key=month, due_at=start_of(last + dt.timedelta(days=1)))  # fmt: skip


def ask_about_hospital(bed: HomeBed, *, by: Actor) -> None:
    """Somebody with a home bed is in hospital: keep it, or close it."""
    _about_a_bed(BED_HOSPITAL, bed, Reason("Keep or close the home bed of somebody in hospital"),
                 _("Open the home bed"), "care:bed", by)  # fmt: skip


def ask_to_answer(call: BedCall, user: User | None, *, by: Actor) -> None:
    """Somebody called. The provider's own person answers, the township where the provider has none."""
    bed = call.bed
    open_item(
        kind=BED_CALL, subject=Subject("bed_call", call.uid), by=by, user=user, role="" if user else "township_clerk",
        place_key=bed.person.place_key, ladder_key="home_bed_call", title=Reason("Answer a call from a home bed"),
        why=Reason("Within {minutes} minutes", minutes=bed.response_minutes),
        due_at=call.called_at + dt.timedelta(minutes=bed.response_minutes),
        next_step=NextStep(_("Answer"), "care:bed_answer", (str(call.uid),)),
    )  # fmt: skip


def answered(call: BedCall, *, by: Actor) -> None:
    """The call was answered."""
    close_item(kind=BED_CALL, subject=Subject("bed_call", call.uid), by=by)


def set_up(bed: HomeBed, *, by: Actor) -> None:
    """The bed is in use."""
    close_item(kind=BED_SET_UP, subject=about_bed(bed), by=by)


def bed_closed(bed: HomeBed, *, by: Actor) -> None:
    """Nothing is due at a bed any more."""
    for kind in (BED_DECIDE, BED_SET_UP, BED_SHORT, BED_HOSPITAL):
        void_item(kind=kind, subject=about_bed(bed), by=by)
    for call in bed.calls.filter(answered_at__isnull=True):
        void_item(kind=BED_CALL, subject=Subject("bed_call", call.uid), by=by)


def _about_a_bed(
    kind: str, bed: HomeBed, title: Reason, step: str, page: str, by: Actor, role: str = "township_clerk", *,
    why: Reason | None = None, key: str = "", due_at: dt.datetime | None = None, ladder: str = "ordinary",
) -> None:  # fmt: skip
    open_item(
        kind=kind, subject=about_bed(bed), by=by, role=role, place_key=bed.person.place_key, title=title, why=why,
        key=key, due_at=due_at, ladder_key=ladder, next_step=NextStep(step, page, (str(bed.uid),)),
    )  # fmt: skip


def plan_labels(uids: Sequence[UUID], user: Actor) -> Labels:
    """Plans by the masked name of their person. Two queries."""
    found: Any = Plan.objects.visible_to(user).filter(uid__in=uids).select_related("person")
    return {one.uid: (mask_name(one.person.name), "", reverse("care:plan", args=[one.uid])) for one in found}


def bed_labels(uids: Sequence[UUID], user: Actor) -> Labels:
    """Home beds by the masked name of their person."""
    found = HomeBed.objects.visible_to(user).filter(uid__in=uids).select_related("person", "provider")
    return {
        one.uid: (mask_name(one.person.name), one.provider.name, reverse("care:bed", args=[one.uid])) for one in found
    }


def call_labels(uids: Sequence[UUID], user: Actor) -> Labels:
    """Calls by the masked name of their person."""
    found = BedCall.objects.visible_to(user).filter(uid__in=uids).select_related("bed__person", "bed__provider")
    return {
        one.uid: (mask_name(one.bed.person.name), one.bed.provider.name, reverse("care:bed", args=[one.bed.uid]))
        for one in found
    }


PLAN_RESOLVERS = {"care_plan": plan_labels, "home_bed": bed_labels, "bed_call": call_labels}
