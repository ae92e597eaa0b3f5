"""Everybody's own page: devices, log-ins, PIN; and lending roles while away."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from yinling.accounts import devices, proofs, queries, services
from yinling.accounts.forms import LoanForm, PinForm, role_title
from yinling.accounts.sessions import digest
from yinling.accounts.views.users import assignment_rows, log_in_rows, me
from yinling.kernel.errors import Refused
from yinling.web.paging import keyset_page
from yinling.web.refusals import refusals_beside

LOG_SIZE = 20


@login_required
def own_page(request: HttpRequest) -> HttpResponse:
    """What I hold, how I log in, where I am logged in, who logged in as me."""
    return _own_page(request, PinForm(me(request)))


def _own_page(request: HttpRequest, pin_form: PinForm) -> HttpResponse:
    user = me(request)
    attempts = keyset_page(queries.log_ins_of(user), order=("-at", "-id"), address=request.GET, size=LOG_SIZE)
    context = {
        "assignments": [row for row in assignment_rows(user) if row["is_open"]],
        "sessions": queries.sessions_of(user),
        "this_session": digest(request.session.session_key or ""),
        "log_ins": log_in_rows(attempts),
        "page": attempts,
        "has_second_factor": queries.has_second_factor(user),
        "is_known_here": queries.is_known_on(user, devices.device_of(request)),
        "pin_form": pin_form,
    }
    return render(request, "accounts/own.html", context, status=422 if pin_form.errors else 200)


@require_POST
@login_required
def set_pin(request: HttpRequest) -> HttpResponse:
    """A PIN for shared devices, this one first."""
    form = PinForm(me(request), request.POST)
    if form.is_valid():
        with refusals_beside(form):
            proofs.set_pin(user=me(request), pin=form.cleaned_data["pin"])
            return _remember_here(request)
    return _own_page(request, form)


@require_POST
@login_required
def know_here(request: HttpRequest) -> HttpResponse:
    """Let this device offer me, or offer me no longer."""
    if request.POST.get("forget"):
        proofs.forget_on(device=devices.device_of(request), user=me(request))
        return redirect("accounts:own")
    if not me(request).pin_hash:
        raise Refused("Choose a PIN first.")
    return _remember_here(request)


def _remember_here(request: HttpRequest) -> HttpResponse:
    response = redirect("accounts:own")
    proofs.remember_on(device=devices.mark_device(request, response), user=me(request))
    messages.success(
        request, gettext("This device offers you from now on: tap your name, type the PIN."), extra_tags="ok"
    )
    return response


@require_POST
@login_required
def end_session(request: HttpRequest, key: str) -> HttpResponse:
    """Log one of my devices out."""
    proofs.end_session(key=key, user=me(request))
    messages.success(request, gettext("That device is logged out."), extra_tags="ok")
    return redirect("accounts:own")


@login_required
def loans(request: HttpRequest) -> HttpResponse:
    """Lend a role while away, and take it back."""
    form = LoanForm(me(request), request.POST or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        with refusals_beside(form):
            services.delegate(
                assignment_uid=data["assignment"], to_uid=data["to"].uid, valid_from=data["valid_from"],
                valid_to=data["valid_to"], reason=data["reason"], by=me(request),
            )  # fmt: skip
            return redirect("accounts:loans")
    context = {
        "form": form,
        "loans": [{"one": loan, "title": role_title(loan)} for loan in queries.loans_of(me(request))],
        "colleagues": queries.colleagues(me(request)).order_by("name")[:200],
        "has_roles": bool(form.fields["assignment"].choices),  # type: ignore[attr-defined]
    }
    return render(request, "accounts/loans.html", context, status=422 if form.errors else 200)
