"""Addresses for the tests of `web`: its own pages, and views that say no in every way."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from yinling.kernel.errors import NotAllowed, NotFound, Refused
from yinling.web.form_pages import FormPage, form_page
from yinling.web.refusals import forbidden, not_found
from yinling.web.requests import StaffRequest
from yinling.web.views import page_broken

handler403, handler404, handler500 = forbidden, not_found, page_broken


class PhoneForm(forms.Form):
    """One field."""

    phone = forms.CharField(help_text="digits only")


def refuses(request: HttpRequest) -> HttpResponse:
    """A rule says no."""
    raise Refused("Checked in {distance_m} m away; the limit is {limit_m} m.", distance_m=840, limit_m=300)


def forbids(request: HttpRequest) -> HttpResponse:
    """A role is missing."""
    raise NotAllowed("people.merge")


def misses(request: HttpRequest) -> HttpResponse:
    """Nothing there, or not yours."""
    raise NotFound("person")


def asks(request: StaffRequest) -> HttpResponse:
    """A page that is one form; its service says no in every way."""
    answers = {"refuse": Refused("{phone} is no number.", field="phone", phone="refuse"), "forbid": NotAllowed("x")}

    def do(given: dict[str, Any]) -> None:
        if given["phone"] in answers:
            raise answers[given["phone"]]

    page = FormPage("Telephone", "Save", "Saved.", "/look/", note="The new one", back="/look/")
    return form_page(request, PhoneForm(request.POST or None), do, page)


def crashes(request: HttpRequest) -> HttpResponse:
    """A bug."""
    raise RuntimeError("a secret detail")


urlpatterns = [
    path("look/", include("yinling.web.urls")),
    path("refuses/", refuses),
    path("forbids/", forbids),
    path("misses/", misses),
    path("crashes/", crashes),
    path("asks/", asks),
]
