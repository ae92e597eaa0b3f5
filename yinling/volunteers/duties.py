"""What the time bank asks of people: the duties it opens and closes, and how lists name what they are about."""

import datetime as dt
from collections.abc import Mapping, Sequence
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext_noop as _

from yinling.accounts.models import User
from yinling.kernel.actors import Actor
from yinling.kernel.clock import start_of
from yinling.kernel.names import mask_name
from yinling.kernel.reasons import Reason
from yinling.reference.queries import label, words
from yinling.volunteers.models import Branch, Member, Order, Request, Volunteer
from yinling.volunteers.queries.members import members_of, orders_of, requests_of, volunteers_of
from yinling.worklist.kinds import Kind
from yinling.worklist.models import NextStep, Subject, WorkItem
from yinling.worklist.services import close_item, open_item, void_item

DECIDE, INSURE, MATCH = "volunteers.decide", "volunteers.insure", "volunteers.match"
REPORT, CONFIRM, SETTLE, ESTATE = "volunteers.report", "volunteers.confirm", "volunteers.settle", "volunteers.estate"
KINDS = (
    Kind(DECIDE, _("Volunteer's application to be decided"), "user-plus", closes_by_hand=False),
    Kind(INSURE, _("Volunteer's insurance to be renewed"), "shield-check", closes_by_hand=False),
    Kind(MATCH, _("Service asked for: find a volunteer"), "users", closes_by_hand=False),
    Kind(REPORT, _("Service agreed: report when it is done"), "clock", closes_by_hand=False),
    Kind(CONFIRM, _("Service to be confirmed"), "clipboard-check", closes_by_hand=False),
    Kind(SETTLE, _("Dispute about a service to be settled"), "alert-triangle", closes_by_hand=False),
    Kind(ESTATE, _("Hours of a member who died to be settled"), "coin", closes_by_hand=False),
)
TOWNSHIP, COUNTY = "township_clerk", "county_clerk"
DAY = dt.timedelta(days=1)
Labels = Mapping[UUID, tuple[str, str, str]]


def _coordinator(branch: Branch) -> User | None:
    return branch.coordinator if branch.coordinator and branch.coordinator.is_active else None


def _open(
    kind: str, subject: Subject, title: Reason, step: str, page: str, branch: Branch, by: Actor,
    user: User | None = None, role: str = TOWNSHIP, due_at: dt.datetime | None = None,
) -> WorkItem:  # fmt: skip
    return open_item(
        kind=kind, subject=subject, title=title, by=by, user=user, role="" if user else role,
        place_key=branch.place_key, due_at=due_at, next_step=NextStep(step, page, (str(subject.uid),)),
    )  # fmt: skip


def _of(volunteer: Volunteer) -> Subject:
    return Subject("volunteer", volunteer.uid)


def _order(order: Order) -> Subject:
    return Subject("time_order", order.uid)


def ask_to_decide(volunteer: Volunteer, *, by: Actor) -> None:
    """Somebody applied: check and decide."""
    branch = volunteer.member.branch
    title = Reason("Check and decide an application in {branch}", branch=branch.name)
    _open(DECIDE, _of(volunteer), title, _("Open the application"), "volunteers:volunteer", branch, by)


def decided(volunteer: Volunteer, *, by: Actor) -> None:
    """Decided; whoever has ended needs no insurance."""
    close_item(kind=DECIDE, subject=_of(volunteer), by=by)
    if volunteer.state in ("ended", "refused"):
        void_item(kind=INSURE, subject=_of(volunteer), by=by)


def ask_to_insure(volunteer: Volunteer, *, by: Actor) -> bool:
    """An insurance ends soon. Whether there is a duty now."""
    branch = volunteer.member.branch
    last = volunteer.insurances.order_by("-valid_to").first()
    if last is None:
        return False
    title = Reason("The insurance of a volunteer in {branch} ends on {day}", branch=branch.name, day=last.valid_to)
    _open(
        INSURE, _of(volunteer), title, _("Enter the new insurance"), "volunteers:insure", branch, by,
        user=_coordinator(branch), due_at=start_of(last.valid_to + DAY),
    )  # fmt: skip
    return True


def insured(volunteer: Volunteer, *, by: Actor) -> None:
    """A new one is entered."""
    close_item(kind=INSURE, subject=_of(volunteer), by=by)


def ask_to_match(request: Request, *, by: Actor) -> None:
    """A request waits for a volunteer."""
    branch = request.member.branch
    title = Reason(
        "{service} asked for in {branch}", service=words("time_service", request.service), branch=branch.name
    )
    _open(
        MATCH, Subject("time_request", request.uid), title, _("Find a volunteer"), "volunteers:request", branch, by,
        user=_coordinator(branch), due_at=request.starts_at,
    )  # fmt: skip


def matched(request: Request, *, by: Actor) -> None:
    """Agreed, or withdrawn."""
    close_item(kind=MATCH, subject=Subject("time_request", request.uid), by=by)


def ask_to_report(order: Order, *, by: Actor) -> None:
    """The volunteer (or the coordinator for them) reports when it is done."""
    branch = order.volunteer.member.branch
    title = Reason("Order {number}: report when it is done", number=order.number)
    _open(
        REPORT, _order(order), title, _("Report it"), "volunteers:done", branch, by, user=_coordinator(branch),
        due_at=order.starts_at + dt.timedelta(minutes=order.planned) + DAY,
    )  # fmt: skip


def reported(order: Order, *, by: Actor) -> None:
    """Done, or cancelled."""
    close_item(kind=REPORT, subject=_order(order), by=by)


def ask_to_confirm(order: Order, *, by: Actor) -> None:
    """The side that was served confirms."""
    branch = order.member.branch if order.member else order.volunteer.member.branch
    title = Reason("Order {number}: ask the one served to confirm", number=order.number)
    _open(
        CONFIRM,
        _order(order),
        title,
        _("Confirm the service"),
        "volunteers:confirm",
        branch,
        by,
        user=_coordinator(branch),
    )


def confirmed(order: Order, *, by: Actor) -> None:
    """Confirmed, or disputed."""
    close_item(kind=CONFIRM, subject=_order(order), by=by)


def ask_to_settle(order: Order, *, by: Actor) -> None:
    """The county hears both sides."""
    title = Reason("Order {number} is disputed: hear both sides and decide", number=order.number)
    branch = order.volunteer.member.branch
    _open(SETTLE, _order(order), title, _("Decide"), "volunteers:settle", branch, by, role=COUNTY)


def settled(order: Order, *, by: Actor) -> None:
    """Decided."""
    close_item(kind=SETTLE, subject=_order(order), by=by)


def ask_for_estate(member: Member, *, by: Actor) -> None:
    """A member died: heirs or pool."""
    title = Reason("A member of {branch} died: settle the hours saved", branch=member.branch.name)
    subject = Subject("time_member", member.uid)
    _open(ESTATE, subject, title, _("Settle the hours"), "volunteers:estate", member.branch, by, role=COUNTY)


def no_estate(member: Member, *, by: Actor) -> None:
    """Settled, or the death was a mistake."""
    close_item(kind=ESTATE, subject=Subject("time_member", member.uid), by=by)


def volunteer_labels(uids: Sequence[UUID], user: Actor) -> Labels:
    """Volunteers by name. One query."""
    return {
        one.uid: (one.member.name, one.member.branch.name, reverse("volunteers:volunteer", args=[one.uid]))
        for one in volunteers_of(user).filter(uid__in=uids)
    }


def member_labels(uids: Sequence[UUID], user: Actor) -> Labels:
    """Members, masked: elders are among them. One query."""
    return {
        one.uid: (mask_name(one.name), one.branch.name, reverse("volunteers:member", args=[one.uid]))
        for one in members_of(user).filter(uid__in=uids).select_related("branch")
    }


def request_labels(uids: Sequence[UUID], user: Actor) -> Labels:
    """Requests by service. One query."""
    return {
        one.uid: (
            label("time_service", one.service),
            one.member.branch.name,
            reverse("volunteers:request", args=[one.uid]),
        )
        for one in requests_of(user).filter(uid__in=uids).select_related("member__branch")
    }


def order_labels(uids: Sequence[UUID], user: Actor) -> Labels:
    """Orders by number. One query."""
    return {
        one.uid: (one.number, one.volunteer.member.branch.name, reverse("volunteers:order", args=[one.uid]))
        for one in orders_of(user).filter(uid__in=uids).select_related("volunteer__member__branch")
    }


RESOLVERS = {
    "volunteer": volunteer_labels, "time_member": member_labels, "time_request": request_labels,
    "time_order": order_labels,
}  # fmt: skip
