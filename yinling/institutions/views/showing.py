"""How a form of this module is shown."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpResponse
from django.urls import reverse

from yinling.institutions.models import Institution
from yinling.web.form_pages import FormPage, show_form_page
from yinling.web.pieces import Crumb
from yinling.web.requests import StaffRequest


def show_form(
    request: StaffRequest, form: Any, heading: str, action: str, *,
    home: Institution | None = None, crumbs: Sequence[Crumb] = (), note: str = "",
) -> HttpResponse:  # fmt: skip
    """The one form page; back to the home, or to the list where there is none yet."""
    back = reverse("institutions:institution", args=[home.uid]) if home else reverse("institutions:list")
    page = FormPage(heading, action, note=note, back=back, more={"crumbs": crumbs, "home": home})
    return show_form_page(request, form, page)
