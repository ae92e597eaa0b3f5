"""The desk and the pages of divisions."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_GET

from yinling.accounts.models import User
from yinling.desk.exports import export_divisions, export_duties, export_listing, listing_for
from yinling.desk.figures import as_of, desk_measures, figures_of
from yinling.desk.forms import ReasonForm
from yinling.desk.tiles import compare, tiles_of, titles
from yinling.kernel.actors import KeyRange
from yinling.kernel.clock import civil_date, now
from yinling.kernel.errors import NotFound
from yinling.places.models import Level
from yinling.places.queries import place_named, tree
from yinling.web.pieces import Crumb
from yinling.web.refusals import refusals_beside
from yinling.web.requests import StaffRequest
from yinling.worklist.permissions import Worklist
from yinling.worklist.showing import lines_of, list_context

EXPORTS = {"divisions": export_divisions, "duties": export_duties}


def home_division(user: User) -> int:
    """The division whose figures a user's desk shows: the first one held that sees registers."""
    held = [assignment.place_id for assignment in user.held if assignment.grants(None)]
    return held[0] if held else 0


@login_required
@require_GET
def home(request: StaffRequest) -> HttpResponse:
    """Today's work, figures of my division, who has not moved yet."""
    division = home_division(request.user)
    context: dict[str, Any] = {
        "now": now(),
        **list_context(request),
        "division": place_named(division) if division else None,
        "figures": figures_of(division, civil_date(), get_language() or "zh-hans") if division else [],
        "as_of": as_of(division, civil_date()) if division else None,
        "lines": lines_of(request.user, ""),
        "supervises": any(a.grants(Worklist.SUPERVISE) for a in request.user.held),
    }
    return render(request, "desk/home.html", context)


@login_required
@require_GET
def division(request: StaffRequest, key: int) -> HttpResponse:
    """One division: its figures, and those below it side by side; each opens the next."""
    found = place_named(key)
    ranges = request.user.key_ranges()
    if not any(low <= key <= high for low, high in ranges):
        raise NotFound("place")
    places, keys = tree(), desk_measures()
    compared = compare(places.children(key), keys)
    by = keys.index(request.GET["by"]) if request.GET.get("by") in keys else 0
    context = {
        "division": found,
        "crumbs": [Crumb(d.name, _address(d.key, key, ranges)) for d in reversed(places.line(key))],
        "figures": figures_of(key, civil_date(), get_language() or "zh-hans"),
        "titles": list(zip(keys, titles(keys), strict=True)),
        "by": keys[by] if keys else "",
        "by_title": titles(keys)[by] if keys else "",
        "rows": compared,
        "tiles": tiles_of(compared, by) if found.level == Level.CITY and keys else [],
    }
    return render(request, "desk/division.html", context)


def _address(key: int, here: int, ranges: Sequence[KeyRange]) -> str:
    """The page of a division, where the user may see it and is not there already."""
    mine = any(low <= key <= high for low, high in ranges)
    return reverse("desk:division", args=[key]) if mine and key != here else ""


@login_required
@require_GET
def my_division(request: StaffRequest) -> HttpResponse:
    """The page of the division I work in."""
    key = home_division(request.user)
    return redirect("desk:division", key) if key else redirect("desk:home")


def _taken_out(what: str, request: StaffRequest, reason: str) -> Path:
    if what in EXPORTS:
        return EXPORTS[what](by=request.user, reason=reason)
    return export_listing(what, request.GET, by=request.user, reason=reason)


@login_required
def export(request: StaffRequest, what: str) -> HttpResponseBase:
    """A list as a workbook, once the reason is given."""
    if what not in EXPORTS:
        listing_for(what, request.user)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refusals_beside(form):
            path = _taken_out(what, request, form.cleaned_data["reason"])
            return FileResponse(path.open("rb"), as_attachment=True, filename=f"{what}-{civil_date()}.xlsx")
    return render(request, "desk/export.html", {"form": form}, status=422 if form.errors else 200)
