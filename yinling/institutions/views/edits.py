"""Forms that change an institution: the card, licences, beds, closing."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from yinling.institutions import queries, services
from yinling.institutions.forms import BedsForm, CloseForm, InstitutionForm, LicenceForm, RegisterForm
from yinling.institutions.models import Institution
from yinling.institutions.permissions import Institutions
from yinling.institutions.presenting import crumbs
from yinling.institutions.views.showing import show_form
from yinling.kernel.actors import require
from yinling.web.pieces import Crumb
from yinling.web.refusals import refusals_beside
from yinling.web.requests import StaffRequest


def _shown(
    request: StaffRequest, form: Any, heading: str, action: str, home: Institution | None = None
) -> HttpResponse:
    way = crumbs(home, Crumb(heading)) if home else []
    return show_form(request, form, heading, action, home=home, crumbs=way)


@login_required
def register(request: StaffRequest) -> HttpResponse:
    """Enter an institution."""
    require(request.user, Institutions.EDIT)
    form = RegisterForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refusals_beside(form):
            made = services.register_institution(
                place_key=form.cleaned_data["place_key"], facts=form.facts(), by=request.user
            )
            return redirect("institutions:institution", made.uid)
    return _shown(request, form, _("Register an institution"), _("Register"))


@login_required
def change(request: StaffRequest, uid: UUID) -> HttpResponse:
    """Change what is on file."""
    home = queries.institution(uid, request.user)
    require(request.user, Institutions.EDIT, home.place_key)
    start = {name: getattr(home, name) for name in InstitutionForm.base_fields}
    form = InstitutionForm(request.POST or None, initial=start)
    if request.method == "POST" and form.is_valid():
        with refusals_beside(form):
            services.change_institution(uid=uid, facts=form.facts(), by=request.user)
            return redirect("institutions:institution", uid)
    return _shown(request, form, _("Change"), _("Keep"), home)


@login_required
def licence(request: StaffRequest, uid: UUID) -> HttpResponse:
    """Enter a licence or its renewal."""
    home = queries.institution(uid, request.user)
    require(request.user, Institutions.EDIT, home.place_key)
    form = LicenceForm(request.POST or None, initial={"kind": request.GET.get("kind", "")})
    if request.method == "POST" and form.is_valid():
        with refusals_beside(form):
            services.record_licence(uid=uid, paper=form.paper(), by=request.user)
            return redirect("institutions:institution", uid)
    return _shown(request, form, _("Enter a licence"), _("Enter"), home)


@login_required
def add_beds(request: StaffRequest, uid: UUID) -> HttpResponse:
    """Set up beds in one room."""
    home = queries.institution(uid, request.user)
    require(request.user, Institutions.BEDS, home.place_key)
    form = BedsForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        lots = [
            services.BedLot(typed["building"], typed["floor"], typed["room"], _("Bed {n}").format(n=n), typed["kind"])
            for n in range(1, typed["count"] + 1)
        ]
        with refusals_beside(form):
            made = services.add_beds(uid=uid, lots=lots, by=request.user, on=typed["on"])
            messages.success(request, _("{count} beds were set up.").format(count=len(made)), extra_tags="ok")
            return redirect("institutions:institution", uid)
    return _shown(request, form, _("Set up beds"), _("Set up"), home)


@login_required
def close(request: StaffRequest, uid: UUID) -> HttpResponse:
    """A site ceases to work: what stands in the way, with the way to settle it, and the form."""
    home = queries.institution(uid, request.user)
    require(request.user, Institutions.EDIT, home.place_key)
    form = CloseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refusals_beside(form):
            services.close_institution(uid=uid, by=request.user, **form.cleaned_data)
            messages.success(request, _("{home} is closed.").format(home=home.name), extra_tags="ok")
            return redirect("institutions:list")  # whoever worked there alone no longer sees its page
    heading = _("Close this institution")
    context = {
        "form": form, "heading": heading, "home": home, "left": queries.remaining(home),
        "crumbs": crumbs(home, Crumb(heading)), "beds": queries.beds_of([home]).get(home.pk),
        "posts": len(queries.staff_of(home)),
    }  # fmt: skip
    return render(request, "institutions/close.html", context, status=422 if form.errors else 200)
