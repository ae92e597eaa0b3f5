"""Taking a device into use on a phone: the code on the label, where it hangs, done."""

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache

from yinling.devices import services
from yinling.devices.forms import CodeForm, InRoomForm, PlaceForm
from yinling.devices.permissions import Devices
from yinling.devices.presenting import rows_of
from yinling.devices.views.edits import homes_to_choose
from yinling.institutions.queries import institution
from yinling.kernel.actors import require
from yinling.web.refusals import refusals_beside
from yinling.web.requests import StaffRequest


@login_required
def enter(request: StaffRequest) -> HttpResponse:
    """The code, typed by hand where no camera reads it."""
    require(request.user, Devices.CLAIM)
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        code = form.cleaned_data["code"].replace(" ", "").replace("-", "")
        with refusals_beside(form):
            services.label_of(code)
            return redirect("devices:claim", code)
    return render(request, "devices/enter_code.html", {"form": form}, status=422 if form.errors else 200)


@login_required
@never_cache
def claim(request: StaffRequest, code: str) -> HttpResponse:
    """Which device it is; in whose home it hangs, or which institution to choose."""
    require(request.user, Devices.CLAIM)
    device = services.label_of(code).device
    form = PlaceForm(request.POST or None, profile=device.profile, by=request.user)
    homes = homes_to_choose(request) if "institution" in device.profile.data["stands"] else []
    may_stay_outside = {"home", "public"} & set(device.profile.data["stands"])
    context = {"device": device, "code": code, "homes": homes, "form": form if may_stay_outside else None}
    return _taken(request, code, form, context)


@login_required
@never_cache
def claim_in(request: StaffRequest, code: str, home: UUID) -> HttpResponse:
    """In which room, at which bed, on whom."""
    require(request.user, Devices.CLAIM)
    device, there = services.label_of(code).device, institution(home, request.user)
    form = InRoomForm(request.POST or None, profile=device.profile, home=there)
    return _taken(request, code, form, {"device": device, "code": code, "home": there, "form": form})


def _taken(request: StaffRequest, code: str, form: Any, context: dict[str, Any]) -> HttpResponse:
    """The form, or what came of it."""
    if request.method == "POST" and form.is_valid():
        with refusals_beside(form):
            done = services.claim_device(code=code, spot=form.asked(), by=request.user)
            return render(request, "devices/claimed.html", {"done": done, "row": rows_of([done.device])[0]})
    return render(request, "devices/claim.html", context, status=422 if form.errors else 200)
