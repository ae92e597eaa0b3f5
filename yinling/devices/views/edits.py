"""Registering, placing, states, maintenance."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from yinling.devices import queries, services
from yinling.devices.forms import (
    ChangeForm,
    GatewayForm,
    InRoomForm,
    MaintenanceForm,
    PlaceForm,
    ReasonForm,
    RegisterForm,
    StateForm,
)
from yinling.devices.models import Device
from yinling.devices.permissions import Devices
from yinling.devices.rules.placing import NEXT
from yinling.devices.views.showing import show_form
from yinling.institutions.queries import Filters as HomeFilters
from yinling.institutions.queries import institution, institutions_for
from yinling.kernel.actors import require
from yinling.web.refusals import refusals_beside
from yinling.web.requests import StaffRequest

MOST_HOMES = 30


def editable(request: StaffRequest, uid: UUID) -> Device:
    """The device, if the user may change it."""
    found = queries.device(uid, request.user)
    require(request.user, Devices.EDIT, found.place_key)
    return found


@login_required
def register(request: StaffRequest) -> HttpResponse:
    """Enter a device."""
    require(request.user, Devices.EDIT)
    form = RegisterForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        with refusals_beside(form):
            made = services.register_device(
                profile_key=data["profile"], place_key=data["place_key"], facts=form.facts(), by=request.user
            )
            return redirect("devices:device", made.uid)
    return show_form(request, form, _("Register a device"), _("Register"))


@login_required
def change(request: StaffRequest, uid: UUID) -> HttpResponse:
    """Correct what is on file."""
    found = editable(request, uid)
    owner = found.owner.uscc if found.owner else ""
    start = {"maker": found.maker, "serial": found.serial, "bought_on": found.bought_on, "owner_uscc": owner}
    form = ChangeForm(request.POST or None, initial=start)
    if request.method == "POST" and form.is_valid():
        with refusals_beside(form):
            services.change_device(uid=uid, facts=form.facts(), by=request.user)
            return redirect("devices:device", uid)
    return show_form(request, form, _("Correct the device"), _("Save"), found)


@login_required
def place(request: StaffRequest, uid: UUID) -> HttpResponse:
    """Stand a device in somebody's home or a public place, or choose an institution first."""
    found = editable(request, uid)
    form = PlaceForm(request.POST or None, profile=found.profile, by=request.user)
    if request.method == "POST" and form.is_valid():
        with refusals_beside(form):
            services.place_device(uid=uid, spot=form.asked(), by=request.user)
            return redirect("devices:device", uid)
    homes = homes_to_choose(request) if "institution" in found.profile.data["stands"] else []
    return show_form(
        request, form, _("Place the device"), _("Place here"), found, template="devices/place.html", homes=homes
    )


def homes_to_choose(request: StaffRequest) -> list[object]:
    """Institutions by a part of the name, for the search on the page."""
    text = request.GET.get("q", "")[:60]
    return list(institutions_for(request.user, HomeFilters(text=text)).order_by("place_key", "id")[:MOST_HOMES])


@login_required
def place_in(request: StaffRequest, uid: UUID, home: UUID) -> HttpResponse:
    """Stand a device in an institution: room, bed or resident."""
    found, there = editable(request, uid), institution(home, request.user)
    form = InRoomForm(request.POST or None, profile=found.profile, home=there)
    if request.method == "POST" and form.is_valid():
        with refusals_beside(form):
            services.place_device(uid=uid, spot=form.asked(), by=request.user)
            return redirect("devices:device", uid)
    return show_form(request, form, _("Place the device in {home}").format(home=there.name), _("Place here"), found)


@login_required
def take_down(request: StaffRequest, uid: UUID) -> HttpResponse:
    """Back into store."""
    found = editable(request, uid)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refusals_beside(form):
            services.take_down(uid=uid, why=form.cleaned_data["why"], by=request.user)
            messages.success(request, _("The device is back in store."), extra_tags="ok")
            return redirect("devices:device", uid)
    return show_form(request, form, _("Take the device down"), _("Take down"), found)


@login_required
def gateway(request: StaffRequest, uid: UUID) -> HttpResponse:
    """Through which gateway it reports."""
    found = editable(request, uid)
    start = {"gateway": str(found.gateway.uid)} if found.gateway else {}
    form = GatewayForm(request.POST or None, gateways=queries.gateways_near(found), initial=start)
    if request.method == "POST" and form.is_valid():
        with refusals_beside(form):
            services.hang_on(uid=uid, gateway_uid=form.cleaned_data["gateway"] or None, by=request.user)
            return redirect("devices:device", uid)
    return show_form(request, form, _("Gateway of the device"), _("Save"), found)


@login_required
def state(request: StaffRequest, uid: UUID) -> HttpResponse:
    """Faulty, working again, out of use."""
    found = editable(request, uid)
    form = StateForm(request.POST or None, states=NEXT[found.state])
    if request.method == "POST" and form.is_valid():
        with refusals_beside(form):
            services.set_state(uid=uid, by=request.user, **form.cleaned_data)
            return redirect("devices:device", uid)
    note = _("A device out of use is taken down, and its tokens open nothing any more.")
    return show_form(request, form, _("State of the device"), _("Save"), found, note=note)


@login_required
def maintenance(request: StaffRequest, uid: UUID) -> HttpResponse:
    """Record work done."""
    found = editable(request, uid)
    form = MaintenanceForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refusals_beside(form):
            services.record_maintenance(uid=uid, by=request.user, **form.cleaned_data)
            return redirect("devices:device", uid)
    return show_form(request, form, _("Record maintenance"), _("Record"), found)
