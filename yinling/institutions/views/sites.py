"""The list, one institution, occupancy by division."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from yinling.institutions import queries
from yinling.institutions.exports import export_institutions
from yinling.institutions.forms import FilterForm, ReasonForm, occupancy_asked
from yinling.institutions.permissions import Institutions
from yinling.institutions.presenting import (
    crumbs,
    home_rows,
    is_public,
    kind_chips,
    kinds_in_words,
    list_context,
    month_ends,
    target_lines,
    trend_of,
)
from yinling.institutions.views.showing import show_form
from yinling.kernel.actors import require
from yinling.kernel.clock import civil_date
from yinling.places.models import Level
from yinling.places.queries import tree
from yinling.reference.queries import label
from yinling.web.refusals import refusals_beside
from yinling.web.requests import StaffRequest


@login_required
@require_GET
def institution_list(request: StaffRequest) -> HttpResponse:
    """Search and filters in the address; pages by key."""
    require(request.user, Institutions.READ)
    filters = queries.Filters.from_address(request.GET)
    page = queries.institution_page(request.user, filters, request.GET)
    context = list_context(filters, request.user) | {
        "page": page, "rows": home_rows(page), "more": FilterForm(initial=request.GET.dict()),
        "may_edit": request.user.may(Institutions.EDIT), "may_export": request.user.may(Institutions.EXPORT),
    }  # fmt: skip
    return render(request, "institutions/list.html", context)


@login_required
def export(request: StaffRequest) -> HttpResponse | FileResponse:
    """The list in the address as a workbook. Says why."""
    require(request.user, Institutions.EXPORT)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        filters = queries.Filters.from_address(request.GET)
        with refusals_beside(form):
            path = export_institutions(filters, by=request.user, reason=form.cleaned_data["reason"])
            return FileResponse(
                path.open("rb"), as_attachment=True, filename=f"{_('institutions')}-{civil_date()}.xlsx"
            )
    return show_form(request, form, _("Export this list"), _("Export to Excel"))


@login_required
@require_GET
def institution(request: StaffRequest, uid: UUID) -> HttpResponse:
    """The shell: head and panels, which load by themselves."""
    require(request.user, Institutions.READ)
    home = queries.institution(uid, request.user)
    context = {
        "home": home, "crumbs": crumbs(home), "kind": label("institution_kind", home.kind),
        "model": label("operator_model", home.operator_model), "is_public": is_public(home),
        "may_edit": request.user.may(Institutions.EDIT, home.place_key),
        "may_apply": request.user.may(Institutions.APPLY, home.place_key),
    }  # fmt: skip
    return render(request, "institutions/institution.html", context)


@login_required
@require_GET
def occupancy(request: StaffRequest) -> HttpResponse:
    """Beds by division, kind and home for any past day, with the denominators stated and a year drawn."""
    require(request.user, Institutions.READ)
    day, division, filters = occupancy_asked(request.GET)
    places = tree()
    found = queries.occupancy_table(request.user, division=division, day=day, filters=filters)
    days = month_ends(day)
    context = {
        "day": day, "total": found.total, "filters": filters, "may_export": request.user.may(Institutions.EXPORT),
        "division": places.name(division), "division_key": division, "above": places.divisions[division].parent,
        "all_kinds": kind_chips(), "kinds": kinds_in_words(found.kinds),
        "homes": found.homes if places.divisions[division].level != Level.CITY else [],
        "trend": trend_of(days, queries.occupancy_over_time(request.user, division, days, filters)),
        "targets": target_lines(found.total, found.public, day),
        "rows": [(places.name(key), key, found.below[key], bool(places.children(key))) for key in sorted(found.below)],
    }  # fmt: skip
    return render(request, "institutions/occupancy.html", context)
