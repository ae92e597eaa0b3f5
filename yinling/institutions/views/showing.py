"""How a form of this module is shown."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from yinling.web.requests import StaffRequest


def show_form(request: StaffRequest, form: Any, heading: str, action: str, **more: Any) -> HttpResponse:
    """The one form page. `more`: home, crumbs, a note above the form, `back` where the home's page is not the way."""
    context = {"form": form, "heading": heading, "action": action, **more}
    return render(request, "institutions/form.html", context, status=422 if form.errors else 200)
