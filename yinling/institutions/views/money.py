"""A resident's account: payments, monthly fees, refund, bill."""

import datetime as dt
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from yinling.institutions import queries, services
from yinling.institutions.forms import MonthForm, PayForm
from yinling.institutions.models import Stay
from yinling.institutions.permissions import Institutions
from yinling.institutions.presenting import crumbs
from yinling.institutions.views.showing import show_form
from yinling.kernel.actors import require
from yinling.kernel.clock import civil_date
from yinling.web.pieces import Crumb
from yinling.web.refusals import refusals_beside
from yinling.web.requests import StaffRequest


def _stay(request: StaffRequest, uid: UUID) -> Stay:
    found = queries.stay(uid, request.user)
    require(request.user, Institutions.BILL, found.institution.place_key)
    return found


def _answered(request: StaffRequest, found: Stay, form: Any, heading: str, action: str, verb: Any) -> HttpResponse:
    """A form about money: the verb is called when it is valid, then the stay shows."""
    if request.method == "POST" and form.is_valid():
        with refusals_beside(form):
            verb(form.cleaned_data)
            return redirect("institutions:stay", found.uid)
    way = crumbs(found.institution, Crumb(f"{found.number} · {heading}"))
    return show_form(request, form, heading, action, home=found.institution, crumbs=way)


@login_required
def pay(request: StaffRequest, uid: UUID) -> HttpResponse:
    """Take a prepayment or a deposit."""
    found, form = _stay(request, uid), PayForm(request.POST or None)

    def verb(typed: dict[str, Any]) -> Any:
        take = services.prepay if typed["what"] == "prepay" else services.take_deposit
        return take(stay_uid=uid, amount_fen=int(typed["amount"] * 100), key=typed["receipt"], by=request.user)

    return _answered(request, found, form, _("Take a payment"), _("Take"), verb)


@login_required
def charge(request: StaffRequest, uid: UUID) -> HttpResponse:
    """Charge a month's fee."""
    found, form = _stay(request, uid), MonthForm(request.POST or None, initial={"month": civil_date()})

    def verb(typed: dict[str, Any]) -> Any:
        return services.charge(stay_uid=uid, month=typed["month"], by=request.user)

    return _answered(request, found, form, _("Charge a month"), _("Charge"), verb)


@login_required
@require_POST
def refund(request: StaffRequest, uid: UUID) -> HttpResponse:
    """Pay back what is left after leaving."""
    services.refund(stay_uid=_stay(request, uid).uid, by=request.user)
    return redirect("institutions:stay", uid)


@login_required
@require_GET
def bill(request: StaffRequest, uid: UUID) -> HttpResponse:
    """The account of the last twelve months, to print."""
    found, today = _stay(request, uid), civil_date()
    first = today.replace(day=1) - dt.timedelta(days=335)
    titles = {"prepayment": _("Prepayment"), "deposit": _("Deposit")}
    context = {
        "stay": found, "home": found.institution, "person": found.person, "first": first, "last": today,
        "statements": [(titles[kind], one) for kind, one in services.bill(found, first, today)],
    }  # fmt: skip
    return render(request, "institutions/bill.html", context)
