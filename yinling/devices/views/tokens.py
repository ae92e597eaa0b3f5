"""Tokens, shown once; labels to print."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from yinling.devices import queries, services
from yinling.devices.forms import ReasonForm
from yinling.devices.models import Device
from yinling.devices.permissions import Devices
from yinling.devices.presenting import crumbs, rows_of
from yinling.devices.qr import qr_path
from yinling.devices.services import Label
from yinling.devices.views.showing import show_form
from yinling.kernel.actors import require
from yinling.reference.queries import parameter
from yinling.web.paging import keyset_page
from yinling.web.pieces import Crumb
from yinling.web.refusals import refusals_beside
from yinling.web.requests import StaffRequest


@login_required
@never_cache
def rotate(request: StaffRequest, uid: UUID) -> HttpResponse:
    """Ask first; then show the new token, this once."""
    found = queries.device(uid, request.user)
    require(request.user, Devices.TOKENS, found.place_key)
    context = {"device": found, "hours": parameter("devices.token_overlap_hours"), "tokens": queries.tokens_of(found)}
    if request.method == "POST":
        context["issued"] = services.rotate_token(uid=uid, by=request.user)
    context["crumbs"] = crumbs(found, Crumb(_("Token of the device")))
    return render(request, "devices/token.html", context)


@login_required
def revoke(request: StaffRequest, uid: UUID) -> HttpResponse:
    """End all tokens at once."""
    found = queries.device(uid, request.user)
    require(request.user, Devices.TOKENS, found.place_key)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refusals_beside(form):
            services.revoke_tokens(uid=uid, why=form.cleaned_data["why"], by=request.user)
            messages.success(request, _("No token of this device opens any more."), extra_tags="ok")
            return redirect("devices:device", uid)
    note = _("Use this when a token may be in wrong hands. The device is shut out until it gets a new one.")
    return show_form(request, form, _("Revoke the tokens"), _("Revoke"), found, note=note)


@login_required
@never_cache
def labels(request: StaffRequest) -> HttpResponse:
    """Choose devices in store; then a sheet of labels to print, this once."""
    require(request.user, Devices.TOKENS)
    if request.method == "POST":
        made = services.print_labels(uids=request.POST.getlist("device"), by=request.user)
        return render(request, "devices/labels.html", {"labels": [_drawn(request, one) for one in made]})
    stored = Device.objects.visible_to(request.user, Devices.TOKENS).filter(state=Device.State.IN_STORE)
    page = keyset_page(stored.select_related("profile"), order=("place_key", "id"), address=request.GET)
    return render(request, "devices/choose_labels.html", {"page": page, "rows": rows_of(page)})


def _drawn(request: StaffRequest, label: Label) -> dict[str, object]:
    url = request.build_absolute_uri(reverse("devices:claim", args=[label.code]))
    path, side = qr_path(url)
    code = "-".join(label.code[at : at + 4] for at in range(0, len(label.code), 4))
    return {"device": label.device, "code": code, "path": path, "side": side}
