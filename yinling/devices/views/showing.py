"""How a form of this module is shown."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from yinling.devices.models import Device
from yinling.devices.presenting import crumbs
from yinling.web.pieces import Crumb
from yinling.web.requests import StaffRequest


def show_form(
    request: StaffRequest, form: Any, heading: str, action: str, device: Device | None = None, **more: Any
) -> HttpResponse:
    """The one form page. `more`: a note above the form, `template` where it is not the usual one."""
    back = reverse("devices:device", args=[device.uid]) if device else reverse("devices:list")
    way = crumbs(device, Crumb(heading)) if device else []
    context = {"form": form, "heading": heading, "action": action, "back": back, "crumbs": way, "device": device}
    template = more.pop("template", "devices/form.html")
    return render(request, template, context | more, status=422 if form.errors else 200)
