"""Requests with the volunteers who suit them, orders with their steps, receipts."""

import datetime as dt
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from yinling.kernel.actors import require
from yinling.kernel.clock import now
from yinling.volunteers import forms, services
from yinling.volunteers.models import Order, Receipt, Request
from yinling.volunteers.permissions import Volunteers
from yinling.volunteers.queries.lists import OrderFilters, orders_for, requests_for
from yinling.volunteers.queries.matches import matches_for
from yinling.volunteers.queries.members import members_of, orders_of, requests_of
from yinling.volunteers.services.orders import sides
from yinling.volunteers.services.receipts import may_act
from yinling.web.form_pages import FormPage, form_page
from yinling.web.paging import keyset_page
from yinling.web.pieces import Chip, Step
from yinling.web.requests import StaffRequest
from yinling.web.words import moment

PEOPLE = (
    "volunteer__member__user", "volunteer__member__branch", "member__user", "member__branch", "person", "payer",
    "request",
)  # fmt: skip


@login_required
@require_GET
def requests(request: StaffRequest) -> HttpResponse:
    """What was asked for; those on the pool's list come first among those that wait."""
    require(request.user, Volunteers.READ)
    state = request.GET.get("state", "open")
    page = keyset_page(requests_for(request.user, state), order=("-is_on_list", "-id"), address=request.GET, size=50)
    chips = [Chip(value, str(words)) for value, words in Request.State.choices]
    return render(request, "volunteers/requests.html", {"page": page, "states": chips, "now": now()})


@login_required
@require_GET
def request_page(request: StaffRequest, uid: UUID) -> HttpResponse:
    """One request, and who suits it, with reasons."""
    related = ("member__branch", "member__person", "member__user", "payer", "wished__member", "order")
    found = requests_of(request.user).select_related(*related).one(uid=uid)
    is_open = found.state == Request.State.OPEN
    context = {
        "found": found, "suited": matches_for(found) if is_open else [], "is_open": is_open,
        "may_act": may_act(found.member, request.user), "order": getattr(found, "order", None),
    }  # fmt: skip
    return render(request, "volunteers/request.html", context)


@login_required
@require_POST
def agree(request: StaffRequest, uid: UUID, volunteer: UUID) -> HttpResponse:
    """Have this volunteer take the request."""
    made = services.agree(request_uid=uid, volunteer_uid=volunteer, by=request.user)
    messages.success(request, _("Agreed. The hours are set aside."), extra_tags="ok")
    return redirect("volunteers:order", made.uid)


@login_required
@require_POST
def withdraw(request: StaffRequest, uid: UUID) -> HttpResponse:
    """Take the request back."""
    services.withdraw(uid=uid, by=request.user)
    messages.success(request, _("Withdrawn."), extra_tags="ok")
    return redirect("volunteers:request", uid)


@login_required
@require_GET
def orders(request: StaffRequest) -> HttpResponse:
    """Services, the newest first."""
    require(request.user, Volunteers.READ)
    page = keyset_page(
        orders_for(request.user, OrderFilters.from_address(request.GET)), order=("-id",), address=request.GET, size=50
    )
    chips = [Chip(value, str(words)) for value, words in Order.State.choices]
    context = {"page": page, "states": chips, "may_export": request.user.may(Volunteers.EXPORT)}
    return render(request, "volunteers/orders.html", context)


def _order(request: StaffRequest, uid: UUID) -> Order:
    return orders_of(request.user).select_related(*PEOPLE).one(uid=uid)


def _when(at: dt.datetime | None) -> str:
    return moment(at, now=now(), language=get_language() or "zh-hans") if at else ""


def steps_of(order: Order) -> list[Step]:
    """The way of an order."""
    rows = [
        (_("Agreed with {who}").format(who=order.volunteer.member.name), order.recorded_at),
        (_("Done"), order.done_at),
        (_("Confirmed by {who}").format(who=order.confirmed_label or "—"), order.confirmed_at),
        (_("Days for a dispute are over"), order.disputable_until if order.state == "banked" else None),
        (_("Banked"), order.banked_at),
    ]
    first = next((number for number, (_words, at) in enumerate(rows) if at is None), len(rows))
    names = ["done" if number < first else "now" if number == first else "" for number in range(len(rows))]
    return [Step(words, _when(at), name) for (words, at), name in zip(rows, names, strict=True)]


@login_required
@require_GET
def order(request: StaffRequest, uid: UUID) -> HttpResponse:
    """One service: where it stands, what comes next."""
    found = _order(request, uid)
    user, place = request.user, found.place_key
    may_settle = user.may(Volunteers.SETTLE, place)
    context = {
        "found": found, "steps": steps_of(found), "may_act": any(may_act(one, user) for one in sides(found)),
        "may_settle": may_settle and found.state == "disputed",
        "may_take_back": user.may(Volunteers.ADJUST, place) and found.state == "banked",
        "dispute": found.dispute() if found.dispute_sealed and may_settle else "",
        "is_own_service": found.volunteer.member.user_id == user.pk,
    }  # fmt: skip
    return render(request, "volunteers/order.html", context)


def _page(order: Order, heading: str, action: str, done: str) -> FormPage:
    to = reverse("volunteers:order", args=[order.uid])
    return FormPage(heading, action, done, to, note=order.number, back=to)


@login_required
def done(request: StaffRequest, uid: UUID) -> HttpResponse:
    """It was done."""
    found = _order(request, uid)
    first = {"started_at": found.starts_at, "ended_at": found.starts_at + dt.timedelta(minutes=found.planned)}
    form = forms.DoneForm(request.POST or None, initial=first)
    page = _page(found, _("The service was done"), _("Report it"), _("Reported. Now the one served confirms."))
    return form_page(request, form, lambda typed: services.report_done(uid=uid, **typed, by=request.user), page)


@login_required
def confirm(request: StaffRequest, uid: UUID) -> HttpResponse:
    """The one served says so too."""
    found = _order(request, uid)
    page = _page(
        found,
        _("Confirm the service"),
        _("Confirm"),
        _("Confirmed. It is banked when the days for a dispute are over."),
    )
    form = forms.ConfirmForm(request.POST or None)
    return form_page(request, form, lambda typed: services.confirm(uid=uid, **typed, by=request.user), page)


@login_required
def dispute(request: StaffRequest, uid: UUID) -> HttpResponse:
    """Something was wrong."""
    found = _order(request, uid)
    page = _page(found, _("Dispute the service"), _("Hand in the dispute"), _("Sent. The county hears both sides."))
    form = forms.DisputeForm(request.POST or None)
    return form_page(request, form, lambda typed: services.dispute(uid=uid, **typed, by=request.user), page)


@login_required
def settle(request: StaffRequest, uid: UUID) -> HttpResponse:
    """Decide a dispute."""
    found = _order(request, uid)
    require(request.user, Volunteers.SETTLE, found.place_key)
    page = _page(found, _("Settle the dispute"), _("Decide"), _("Decided."))
    form = forms.SettleForm(request.POST or None)
    return form_page(request, form, lambda typed: services.settle_dispute(uid=uid, **typed, by=request.user), page)


@login_required
def cancel(request: StaffRequest, uid: UUID) -> HttpResponse:
    """It will not take place."""
    found = _order(request, uid)
    page = _page(found, _("Cancel the service"), _("Cancel it"), _("Cancelled. The hours are free again."))
    form = forms.WhyForm(request.POST or None)
    return form_page(request, form, lambda typed: services.cancel(uid=uid, **typed, by=request.user), page)


@login_required
def take_back(request: StaffRequest, uid: UUID) -> HttpResponse:
    """Take a banked service back."""
    found = _order(request, uid)
    require(request.user, Volunteers.ADJUST, found.place_key)
    page = _page(found, _("Take the service back"), _("Take it back"), _("Taken back. Both lines stand in the books."))
    form = forms.WhyForm(request.POST or None)

    def do(typed: dict[str, Any]) -> Order:
        return services.take_back_order(uid=uid, reason=typed["reason"], by=request.user)

    return form_page(request, form, do, page)


@login_required
@require_GET
def receipts(request: StaffRequest) -> HttpResponse:
    """What was done in members' names."""
    require(request.user, Volunteers.READ)
    found = Receipt.objects.filter(member__in=members_of(request.user)).select_related("member__branch")
    page = keyset_page(found, order=("-id",), address=request.GET, size=50)
    return render(request, "volunteers/receipts.html", {"page": page})


@login_required
@require_GET
def receipt(request: StaffRequest, uid: UUID) -> HttpResponse:
    """One receipt, to print and hand over."""
    found = Receipt.objects.filter(member__in=members_of(request.user)).select_related("member__branch").one(uid=uid)
    is_own = found.member.user_id == request.user.pk
    back = reverse("hours:home") if is_own else reverse("volunteers:receipts")
    return render(request, "volunteers/print_receipt.html", {"found": found, "back": back})
