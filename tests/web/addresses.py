"""Addresses for the tests of `web`: its own pages, and views that say no in every way."""

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from yinling.kernel.errors import NotAllowed, NotFound, Refused
from yinling.web.refusals import forbidden, not_found
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


def crashes(request: HttpRequest) -> HttpResponse:
    """A bug."""
    raise RuntimeError("a secret detail")


urlpatterns = [
    path("look/", include("yinling.web.urls")),
    path("refuses/", refuses),
    path("forbids/", forbids),
    path("misses/", misses),
    path("crashes/", crashes),
]
