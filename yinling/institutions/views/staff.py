"""Who works in an institution: hiring, one staff member, certificates, the end of a post."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from yinling.institutions import queries, services
from yinling.institutions.forms import CertificateForm, EndPostForm, HireForm
from yinling.institutions.models import Staff
from yinling.institutions.permissions import Institutions
from yinling.institutions.presenting import crumbs
from yinling.institutions.views.showing import show_form
from yinling.kernel.actors import require
from yinling.reference.queries import label
from yinling.web.pieces import Crumb
from yinling.web.refusals import refusals_beside
from yinling.web.requests import StaffRequest


@login_required
@require_GET
def member(request: StaffRequest, uid: UUID) -> HttpResponse:
    """One staff member: post, days, certificates with their clocks."""
    require(request.user, Institutions.READ)
    found = queries.staff_member(uid, request.user)
    may = request.user.may(Institutions.EDIT, found.institution.place_key)
    context = {
        "one": found, "home": found.institution, "post": label("staff_post", found.post),
        "crumbs": crumbs(found.institution, Crumb(found.name)),
        "may_edit": may and found.left_on is None,
    }  # fmt: skip
    return render(request, "institutions/staff_member.html", context)


@login_required
def hire(request: StaffRequest, uid: UUID) -> HttpResponse:
    """Somebody begins to work here, with the certificates they bring."""
    home = queries.institution(uid, request.user)
    require(request.user, Institutions.EDIT, home.place_key)
    form = HireForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refusals_beside(form):
            user = queries.account_named(form.cleaned_data["account"], home)
            made = services.hire(uid=uid, user=user, certificates=form.papers(), by=request.user, **form.person())
            return redirect("institutions:staff_member", made.uid)
    heading = _("Take somebody on")
    return show_form(request, form, heading, _("Take on"), home=home, crumbs=crumbs(home, Crumb(heading)))


def _editable(request: StaffRequest, uid: UUID) -> Staff:
    found = queries.staff_member(uid, request.user)
    require(request.user, Institutions.EDIT, found.institution.place_key)
    return found


@login_required
def certificate(request: StaffRequest, uid: UUID) -> HttpResponse:
    """Enter a certificate or its renewal."""
    found = _editable(request, uid)
    form = CertificateForm(request.POST or None, initial={"kind": request.GET.get("kind", "")})
    if request.method == "POST" and form.is_valid():
        with refusals_beside(form):
            services.add_certificate(staff_uid=uid, paper=form.paper(), by=request.user)
            return redirect("institutions:staff_member", uid)
    way = crumbs(found.institution, Crumb(found.name))
    note = _("A certificate of the same kind that is on file is kept as history.")
    return show_form(request, form, _("Enter a certificate"), _("Enter"), home=found.institution, crumbs=way, note=note)


@login_required
def end_post(request: StaffRequest, uid: UUID) -> HttpResponse:
    """Somebody no longer works here."""
    found = _editable(request, uid)
    form = EndPostForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refusals_beside(form):
            services.end_post(staff_uid=uid, on=form.cleaned_data["on"], by=request.user)
            messages.success(request, _("The post of {name} has ended.").format(name=found.name), extra_tags="ok")
            if found.user is not None and found.user.uid == request.user.uid:
                return redirect("institutions:list")  # their own post let them see the home
            return redirect("institutions:institution", found.institution.uid)
    way = crumbs(found.institution, Crumb(found.name))
    note = _("What they saw through this post closes at once.")
    return show_form(request, form, _("End the post"), _("End"), home=found.institution, crumbs=way, note=note)
