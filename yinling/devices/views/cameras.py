"""Looks at cameras: a reason first, a line always, minutes only."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from yinling.devices import queries, services
from yinling.devices.forms import LookForm, StreamForm
from yinling.devices.permissions import Devices
from yinling.devices.presenting import crumbs
from yinling.devices.views.showing import show_form
from yinling.kernel.actors import require
from yinling.web.pieces import Crumb
from yinling.web.refusals import refusals_beside
from yinling.web.requests import StaffRequest


@login_required
def look(request: StaffRequest, uid: UUID) -> HttpResponse:
    """Why; then the picture's page."""
    found = queries.camera(uid, request.user)
    require(request.user, Devices.LOOK, found.place_key)
    form = LookForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refusals_beside(form):
            made = services.look_at_camera(uid=uid, reason=form.cleaned_data["reason"], by=request.user)
            return redirect("devices:picture", made.uid)
    note = _("The look is recorded with your name and reason. Everybody who may see this camera can read it.")
    return show_form(request, form, _("Look at this camera"), _("Open the picture"), found, note=note)


@login_required
@never_cache
@require_GET
def picture(request: StaffRequest, uid: UUID) -> HttpResponse:
    """The way to the picture until the look expires."""
    found, address = services.picture_of(uid, request.user)
    context = {"look": found, "device": found.device, "address": address}
    context["crumbs"] = crumbs(found.device, Crumb(_("Look at this camera")))
    return render(request, "devices/picture.html", context)


@login_required
def stream(request: StaffRequest, uid: UUID) -> HttpResponse:
    """Where the picture is fetched from. What is on file is not shown: it may hold a password."""
    found = queries.camera(uid, request.user)
    require(request.user, Devices.TOKENS, found.place_key)
    form = StreamForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refusals_beside(form):
            services.set_stream(uid=uid, address=form.cleaned_data["address"], by=request.user)
            return redirect("devices:device", uid)
    return show_form(request, form, _("Address of the picture"), _("Save"), found)
