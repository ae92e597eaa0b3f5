"""Draws: for staff, and the public pages that replay them."""

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_GET, require_safe

from yinling.inspections import forms, queries, services
from yinling.inspections.models import Draw
from yinling.inspections.permissions import Inspections
from yinling.inspections.rules import drawing
from yinling.kernel.actors import require
from yinling.places.queries import tree
from yinling.web.form_pages import FormPage, form_page
from yinling.web.paging import keyset_page
from yinling.web.requests import StaffRequest

TONES = {"open": "doubt", "closed": "doubt", "revealed": "ok", "abandoned": "bad"}
Drawn = tuple[dict[str, Any], list[str]]


@login_required
@require_GET
def draw_list(request: StaffRequest) -> HttpResponse:
    """Draws of my divisions, newest first."""
    require(request.user, Inspections.READ)
    page = keyset_page(queries.draws_for(request.user), order=("-id",), address=request.GET)
    places = tree()
    context = {
        "page": page, "rows": [(one, places.name(one.place_key), TONES[one.state]) for one in page],
        "may_draw": request.user.may(Inspections.DRAW), "may_export": request.user.may(Inspections.EXPORT),
    }  # fmt: skip
    return render(request, "inspections/draws.html", context)


@login_required
@require_GET
def draw(request: StaffRequest, uid: UUID) -> HttpResponse:
    """One draw: where it stands, what comes next."""
    require(request.user, Inspections.READ)
    found = queries.draw(uid, request.user)
    context = _shown(found, is_whole=False) | {
        "may_draw": request.user.may(Inspections.DRAW, found.place_key),
        "may_risk": request.user.may(Inspections.RISK, found.place_key),
        "inspections": found.inspections.select_related("institution").order_by("id"),
    }
    return render(request, "inspections/draw.html", context)


def _shown(found: Draw, *, is_whole: bool) -> dict[str, Any]:
    record = queries.record_of(found, is_whole=is_whole)
    shown = record["revealed"] or {}
    result: list[Drawn] = [
        (one, [record["inspectors"].get(code, "") for code in one["inspectors"]]) for one in shown.get("result", ())
    ]
    return {
        "draw": found, "record": record, "checks": drawing.verify(record), "result": result,
        "division": record["division"], "tone": TONES[found.state],
        "slips": len(record["list"]["slips"]) if record["list"] else 0,
    }  # fmt: skip


@login_required
def open_one(request: StaffRequest) -> HttpResponse:
    """Open a draw: the seed is committed to."""
    require(request.user, Inspections.DRAW)
    form = forms.DrawForm(request.POST or None, by=request.user, checklists=queries.checklists_in_force())
    page = FormPage(
        _("Open a draw"), _("Commit to a seed"), _("The draw is open. The hash of its seed is published."),
        reverse("inspections:draws"), back=reverse("inspections:draws"),
        note=_("Every open home of the division takes part. Nobody can be left out by hand."),
    )  # fmt: skip

    def do(given: dict[str, Any]) -> None:
        wanted = services.Wanted(**{name: value for name, value in given.items() if name != "place_key"})
        services.open_draw(place_key=given["place_key"], wanted=wanted, by=request.user)

    return form_page(request, form, do, page)


@login_required
def close(request: StaffRequest, uid: UUID) -> HttpResponse:
    """Close the list."""
    found = queries.draw(uid, request.user)
    require(request.user, Inspections.DRAW, found.place_key)
    form = forms.CloseListForm(request.POST or None, inspectors=queries.possible_inspectors(found))
    here = reverse("inspections:draw", args=[uid])
    page = FormPage(
        _("Close the list"), _("Close the list"), _("The list is closed and its digest published."), here, back=here,
        note=_("Own unit, declared interests and workplaces are left out home by home, without anybody asking."),
    )  # fmt: skip
    return form_page(
        request, form, lambda _given: services.close_list(uid=uid, inspectors=form.chosen(), by=request.user), page
    )


@login_required
def reveal(request: StaffRequest, uid: UUID) -> HttpResponse:
    """Before the witness."""
    found = queries.draw(uid, request.user)
    require(request.user, Inspections.DRAW, found.place_key)
    here = reverse("inspections:draw", args=[uid])
    page = FormPage(
        _("Reveal the draw"), _("Reveal and draw"), _("Drawn. The inspections are planned, the record is public."),
        here, note=found.title, back=here,
    )  # fmt: skip
    form = forms.RevealForm(request.POST or None)
    return form_page(request, form, lambda given: services.reveal_draw(uid=uid, by=request.user, **given), page)


@login_required
def abandon(request: StaffRequest, uid: UUID) -> HttpResponse:
    """Give a draw up. It stays public."""
    found = queries.draw(uid, request.user)
    require(request.user, Inspections.DRAW, found.place_key)
    here = reverse("inspections:draw", args=[uid])
    page = FormPage(_("Give the draw up"), _("Give it up"), _("Given up. It stays public, with the reason."), here,
                    note=found.title, back=here)  # fmt: skip
    form = forms.ReasonForm(request.POST or None)
    return form_page(request, form, lambda given: services.abandon_draw(uid=uid, by=request.user, **given), page)


@login_required
@require_GET
def whole_record(request: StaffRequest, uid: UUID) -> HttpResponse:
    """The whole record, for auditors: it tells internal risk grades."""
    found = queries.draw(uid, request.user)
    require(request.user, Inspections.RISK, found.place_key)
    if found.revealed is None:
        return redirect("inspections:draw", uid)
    return _json(queries.record_of(found, is_whole=True), f"{found.number}-whole")


def _json(record: dict[str, Any], name: str) -> HttpResponse:
    response = JsonResponse(record, json_dumps_params={"ensure_ascii": False, "indent": 1})
    response["Content-Disposition"] = f'attachment; filename="{name}.json"'
    return response


@require_safe
def public_list(request: HttpRequest) -> HttpResponse:
    """All draws, for everybody: also those given up."""
    places = tree()
    rows = [(one, places.name(one.place_key), TONES[one.state]) for one in queries.public_draws()]
    return render(request, "inspections/public_draws.html", {"rows": rows})


@require_safe
def public(request: HttpRequest, uid: UUID) -> HttpResponse:
    """One draw, replayed from its published record."""
    return render(request, "inspections/public_draw.html", _shown(queries.public_draw(uid), is_whole=False))


@require_safe
@cache_control(public=True, max_age=60)
def public_record(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The published record."""
    found = queries.public_draw(uid)
    return _json(queries.record_of(found, is_whole=False), found.number)
