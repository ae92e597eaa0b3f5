"""The log of looks."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from yinling.accounts.permissions import Accounts
from yinling.kernel.actors import require
from yinling.people.forms import LookForm
from yinling.people.looks import in_words, looks_found, reaches_back_to
from yinling.web.paging import keyset_page
from yinling.web.requests import StaffRequest


@login_required
@require_GET
def look_list(request: StaffRequest) -> HttpResponse:
    """Who looked at whose protected data, newest first, filtered by kind, user, division and day."""
    require(request.user, Accounts.READ_LOG)
    form = LookForm(request.GET, by=request.user)
    page = keyset_page(looks_found(form.wanted(), by=request.user), order=("-id",), address=request.GET)
    context = {"form": form, "wanted": form.wanted(), "page": page, "rows": in_words(page.rows)}
    return render(request, "people/looks.html", {**context, "since": reaches_back_to()})
