"""Pages of the register of organisations."""

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yinling.kernel.actors import require
from yinling.kernel.clock import civil_date
from yinling.kernel.names import normalise_name
from yinling.organisations import listing, queries, services
from yinling.organisations.forms import ChangeForm, DayAndReasonForm, MergeForm, ReasonForm, RegisterForm
from yinling.organisations.permissions import Organisations
from yinling.places.queries import tree
from yinling.web.paging import keyset_page
from yinling.web.pieces import Crumb
from yinling.web.refusals import refusals_beside
from yinling.web.requests import StaffRequest


@login_required
@require_GET
def organisations(request: StaffRequest) -> HttpResponse:
    """Who is in the register: search, filters in the address, pages by key."""
    require(request.user, Organisations.READ)
    filters = listing.read_filters(request.GET)
    found = queries.matching(request.user, **filters)
    page = keyset_page(found, order=("name", "id"), address=request.GET)
    context = listing.context(page, filters) | {
        "may_edit": request.user.may(Organisations.EDIT), "may_export": request.user.may(Organisations.EXPORT),
    }  # fmt: skip
    return render(request, "organisations/organisations.html", context)


@login_required
@require_GET
def organisation(request: StaffRequest, uid: UUID) -> HttpResponse:
    """One organisation: today's facts, what it acts as, what was before."""
    require(request.user, Organisations.READ)
    return render(request, "organisations/organisation.html", _page(request, uid))


def _page(request: StaffRequest, uid: UUID) -> dict[str, Any]:
    found = queries.organisation(uid, request.user)
    return {
        "organisation": found,
        "phone": queries.phone(found),
        "place": tree().path(found.place_key),
        "history": queries.history(found),
        "roles": queries.roles(found),
        "today": civil_date(),
        "crumbs": [Crumb(_("Organisations"), ".."), Crumb(found.name)],
        "may_edit": request.user.may(Organisations.EDIT, found.place_key),
        "may_merge": request.user.may(Organisations.MERGE, found.place_key),
        "may_reveal": request.user.may(Organisations.REVEAL, found.place_key),
    }


@login_required
@require_http_methods(["GET", "POST"])
def register(request: StaffRequest) -> HttpResponse:
    """Enter a legal person."""
    require(request.user, Organisations.EDIT)
    form = RegisterForm(request.POST or None, places=listing.own_places(request.user))
    if request.method == "POST" and form.is_valid():
        with refusals_beside(form):
            made = services.register_organisation(
                place_key=form.cleaned_data["place_key"], details=form.details(), by=request.user
            )
            return redirect("organisations:organisation", made.uid)
    return render(request, "organisations/form.html", {"form": form, "title": _("Register an organisation")})


@login_required
@require_http_methods(["GET", "POST"])
def change(request: StaffRequest, uid: UUID) -> HttpResponse:
    """Change what is on file, from a day on."""
    found = queries.organisation(uid, request.user)
    require(request.user, Organisations.EDIT, found.place_key)
    form = ChangeForm(request.POST or None, initial=listing.initial(found))
    if request.method == "POST" and form.is_valid():
        with refusals_beside(form):
            services.change_organisation(uid=uid, details=form.details(), on=form.cleaned_data["on"], by=request.user)
            return redirect("organisations:organisation", uid)
    return render(request, "organisations/form.html", {"form": form, "title": _("Change"), "organisation": found})


@login_required
@require_http_methods(["GET", "POST"])
def close(request: StaffRequest, uid: UUID) -> HttpResponse:
    """Close, or open again, from a day on."""
    found = queries.organisation(uid, request.user)
    require(request.user, Organisations.EDIT, found.place_key)
    is_closed = found.status == "closed"
    verb = services.reopen_organisation if is_closed else services.close_organisation
    title = pgettext("organisation", "Reopen") if is_closed else pgettext("organisation", "Close")
    form = DayAndReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refusals_beside(form):
            verb(uid=uid, by=request.user, **form.cleaned_data)
            return redirect("organisations:organisation", uid)
    return render(request, "organisations/form.html", {"form": form, "title": title, "organisation": found})


@login_required
@require_http_methods(["GET", "POST"])
def merge(request: StaffRequest, uid: UUID) -> HttpResponse:
    """Say that this record is the same legal person as another."""
    found = queries.organisation(uid, request.user)
    require(request.user, Organisations.MERGE, found.place_key)
    form = MergeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refusals_beside(form):
            stands = services.merge_organisations(uid=uid, by=request.user, **form.cleaned_data)
            return redirect("organisations:organisation", stands.uid)
    return render(request, "organisations/form.html", {"form": form, "title": _("Merge"), "organisation": found})


@login_required
@require_POST
def undo_merge(request: StaffRequest, uid: UUID) -> HttpResponse:
    """Say that a merged record is one of its own after all."""
    services.undo_merge(uid=uid, reason=normalise_name(request.POST.get("reason", "")), by=request.user)
    return redirect("organisations:organisation", uid)


@login_required
@require_http_methods(["GET", "POST"])
def phone(request: StaffRequest, uid: UUID) -> HttpResponse:
    """The telephone number in full, after a reason."""
    found = queries.organisation(uid, request.user)
    require(request.user, Organisations.REVEAL, found.place_key)
    form, number = ReasonForm(request.POST or None), ""
    if request.method == "POST" and form.is_valid():
        number = services.reveal_phone(uid=uid, reason=form.cleaned_data["reason"], by=request.user)
    context = {"form": form, "title": _("Show the phone number"), "organisation": found, "number": number}
    return render(request, "organisations/form.html", context)
