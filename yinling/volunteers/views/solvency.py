"""Will the hours promised be served? And what branches and counties owe each other."""

from dataclasses import replace
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from yinling.kernel.actors import require
from yinling.kernel.errors import NotFound
from yinling.places.queries import Division, tops, tree
from yinling.volunteers import forms, parameters
from yinling.volunteers.drawing import lines_of
from yinling.volunteers.models import Branch
from yinling.volunteers.permissions import Volunteers
from yinling.volunteers.queries import books
from yinling.volunteers.queries.members import branches_of
from yinling.volunteers.queries.solvency import Projected, projected, villages_under
from yinling.volunteers.rules.solvency import Assumptions, first_short, volunteers_missing
from yinling.volunteers.services.accounts import BRANCH, COUNTY_OWNER, county_uid
from yinling.web.requests import StaffRequest

ASKED = ("share_serving", "hours_a_year", "claims_from", "share_claimed", "donated", "years")


def _division(request: StaffRequest) -> Division:
    """The division asked for, else the highest of the user's."""
    mine = tops(request.user)
    asked = request.GET.get("place", "")
    if asked.isdecimal():
        found = tree().divisions.get(int(asked))
        if found is None or not any(tree().above(found.key, top.level) == top for top in mine):
            raise NotFound("place")
        return found
    if not mine:
        raise NotFound("place")
    return mine[0]


@login_required
@require_GET
def solvency(request: StaffRequest) -> HttpResponse:
    """The projection of a division and its parts, and beside it that of other assumptions."""
    require(request.user, Volunteers.READ)
    division, today = _division(request), parameters.assumptions()
    plain = {name: getattr(today, name) for name in ASKED}
    form = forms.AssumptionsForm({**plain, **request.GET.dict()})
    tried = replace(today, **form.cleaned_data) if form.is_valid() else today
    villages = villages_under(division, request.user)
    base = replace(today, years=tried.years)
    rows, others = projected(villages, division, base), projected(villages, division, tried)
    context = {
        "division": division, "form": form, "rows": [_row(one, base) for one in rows[1:]],
        "whole": _row(rows[0], base) if rows else None, "years": _years(rows, others),
        "other": _row(others[0], tried) if others and tried != base else None,
        "drawing": lines_of(rows[0].years, others[0].years if tried != base else ()) if rows else None,
        "assumed": base, "is_changed": tried != base, "path": tree().line(division.key)[::-1],
    }  # fmt: skip
    return render(request, "volunteers/solvency.html", context, status=200 if form.is_valid() else 422)


def _row(one: Projected, assumed: Assumptions) -> dict[str, Any]:
    """A place: today, the first year that is short, the last year's coverage, volunteers missing then."""
    last = one.years[-1]
    return {
        "key": one.key, "name": one.name, "promised": one.years[0].promised, "volunteers": one.start.serving,
        "expected": one.years[0].volunteers, "coverage": one.years[0].coverage, "last": last.coverage,
        "short": first_short(one.years), "missing": max(volunteers_missing(year, assumed) for year in one.years),
    }  # fmt: skip


def _years(rows: list[Projected], others: list[Projected]) -> list[tuple[Any, Any]]:
    if not rows:
        return []
    return list(zip(rows[0].years, others[0].years if others else rows[0].years, strict=True))


@login_required
@require_GET
def settlement(request: StaffRequest) -> HttpResponse:
    """What passed between branches, and between counties, on some days."""
    require(request.user, Volunteers.READ)
    form = forms.DaysForm({**forms.usual_days(), **request.GET.dict()})
    days = form.cleaned_data if form.is_valid() else forms.usual_days()
    names = dict(Branch.objects.values_list("uid", "name"))
    counties = {county_uid(one.key): one.name for one in tree().divisions.values() if one.level == "county"}
    mine = list(branches_of(request.user).values_list("uid", "place_key"))
    found = {
        "branches": _settled(BRANCH, {uid for uid, _place in mine}, names, days),
        "counties": _settled(COUNTY_OWNER, {county_uid(place) for _uid, place in mine}, counties, days),
    }
    may_export = request.user.may(Volunteers.EXPORT)
    context = {"form": form, "days": days, "may_export": may_export, "query": request.GET.urlencode(), **found}
    return render(request, "volunteers/settlement.html", context)


def _settled(
    kind: str, uids: set[UUID], names: dict[UUID, str], days: dict[str, Any]
) -> list[tuple[str, str, books.Settled]]:
    found = books.settlements(kind, uids, days["first"], days["last"])
    elsewhere = _("Branch elsewhere")
    return [(names.get(uid, ""), names.get(row.other, elsewhere), row) for uid in found for row in found[uid]]
