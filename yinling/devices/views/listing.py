"""The list, one device, the models."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from yinling.devices import queries
from yinling.devices.forms import FilterForm
from yinling.devices.models import Metric, Profile
from yinling.devices.permissions import Devices
from yinling.devices.presenting import crumbs, kind_chips, rows_of
from yinling.kernel.actors import require
from yinling.places.queries import tree
from yinling.web.requests import StaffRequest


@login_required
@require_GET
def device_list(request: StaffRequest) -> HttpResponse:
    """Search and filters in the address; pages by key."""
    require(request.user, Devices.READ)
    filters = queries.Filters.from_address(request.GET)
    page = queries.device_page(request.user, filters, request.GET)
    context = {
        "page": page, "rows": rows_of(page), "filters": filters, "kinds": kind_chips(),
        "more": FilterForm(initial=request.GET.dict()),
        "division": tree().name(filters.place_key) if filters.place_key else "",
        "may_edit": request.user.may(Devices.EDIT), "may_export": request.user.may(Devices.EXPORT),
        "may_claim": request.user.may(Devices.CLAIM), "may_label": request.user.may(Devices.TOKENS),
    }  # fmt: skip
    return render(request, "devices/list.html", context)


@login_required
@require_GET
def device(request: StaffRequest, uid: UUID) -> HttpResponse:
    """Facts and next steps; panels load by themselves."""
    require(request.user, Devices.READ)
    found, user = queries.device(uid, request.user), request.user
    may_tokens = user.may(Devices.TOKENS, found.place_key)
    context = {
        "device": found, "row": rows_of([found])[0], "crumbs": crumbs(found),
        "metrics": queries.allowed_metrics(found), "held_back": len(found.profile.data["metrics"]),
        "children": queries.children_of(found) if found.profile.kind == "gateway" else [],
        "tokens": queries.tokens_of(found) if may_tokens else [], "may_tokens": may_tokens,
        "is_camera": found.profile.kind == "camera", "is_gateway": found.profile.kind == "gateway",
        "looks": queries.looks_of(found) if found.profile.kind == "camera" else [],
        "may_edit": user.may(Devices.EDIT, found.place_key), "may_look": user.may(Devices.LOOK, found.place_key),
    }  # fmt: skip
    return render(request, "devices/device.html", context)


@login_required
@require_GET
def models(request: StaffRequest) -> HttpResponse:
    """What the models measure, on which consent, and how long readings are kept."""
    require(request.user, Devices.READ)
    metrics = {one.key: one for one in Metric.objects.order_by("number")}
    profiles = [
        (one, [(metrics[key], seconds) for key, seconds in one.data["metrics"].items() if key in metrics])
        for one in Profile.objects.order_by("id")
    ]
    return render(request, "devices/models.html", {"profiles": profiles})
