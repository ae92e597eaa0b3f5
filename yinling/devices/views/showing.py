"""How a form of this module is shown."""

from typing import Any

from django.http import HttpResponse
from django.urls import reverse

from yinling.devices.models import Device
from yinling.devices.presenting import crumbs
from yinling.web.form_pages import FormPage, show_form_page
from yinling.web.pieces import Crumb
from yinling.web.requests import StaffRequest


def show_form(
    request: StaffRequest, form: Any, heading: str, action: str, device: Device | None = None, *,
    note: str = "", template: str = "web/form.html", **more: Any,
) -> HttpResponse:  # fmt: skip
    """The one form page; back to the device, or to the list where there is none yet."""
    back = reverse("devices:device", args=[device.uid]) if device else reverse("devices:list")
    way = crumbs(device, Crumb(heading)) if device else []
    more |= {"crumbs": way, "device": device}
    return show_form_page(request, form, FormPage(heading, action, "", "", note, back, template, more))
