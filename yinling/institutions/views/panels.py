"""Panels of the institution page, and the panel for the person page."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from yinling.institutions import queries
from yinling.institutions.models import Institution
from yinling.institutions.occupancy import Beds
from yinling.institutions.permissions import Institutions
from yinling.institutions.presenting import (
    floor_plans,
    groups_of,
    medical_words,
    month_ends,
    plan_counts,
    trend_of,
)
from yinling.institutions.queries import beds_of
from yinling.kernel.actors import require
from yinling.kernel.clock import civil_date
from yinling.people.permissions import People
from yinling.people.queries import person_for_panel
from yinling.places.queries import tree
from yinling.web.paging import keyset_page
from yinling.web.requests import StaffRequest

FEW = 12  # of a list inside a page; the panel opened alone shows all


def _home(request: StaffRequest, uid: UUID) -> Institution:
    require(request.user, Institutions.READ)
    return queries.institution(uid, request.user)


@login_required
@require_GET
def facts(request: StaffRequest, uid: UUID) -> HttpResponse:
    """What is on file."""
    home = _home(request, uid)
    context = {
        "home": home, "place": tree().path(home.place_key), "medical": medical_words(home.medical_kind),
        "may_edit": request.user.may(Institutions.EDIT, home.place_key),
    }  # fmt: skip
    return render(request, "institutions/panels/facts.html", context)


@login_required
@require_GET
def licences(request: StaffRequest, uid: UUID) -> HttpResponse:
    """Licences, what ends first on top, with the clock in words."""
    home = _home(request, uid)
    context = {
        "home": home, "licences": queries.licences_of(home), "today": civil_date(),
        "may_edit": request.user.may(Institutions.EDIT, home.place_key),
    }  # fmt: skip
    return render(request, "institutions/panels/licences.html", context)


@login_required
@require_GET
def beds(request: StaffRequest, uid: UUID) -> HttpResponse:
    """The beds, floor by floor."""
    home = _home(request, uid)
    plan = queries.bed_plan(home)
    context = {
        "home": home, "plans": floor_plans(plan), "counts": plan_counts(plan),
        "may_set": request.user.may(Institutions.BEDS, home.place_key),
    }  # fmt: skip
    return render(request, "institutions/panels/beds.html", context)


@login_required
@require_GET
def residents(request: StaffRequest, uid: UUID) -> HttpResponse:
    """Who lives there, masked, a page at a time."""
    home = _home(request, uid)
    page = keyset_page(queries.residents(home), order=("id",), address=request.GET, size=20)
    return render(request, "institutions/panels/residents.html", {"home": home, "page": page})


@login_required
@require_GET
def occupancy(request: StaffRequest, uid: UUID) -> HttpResponse:
    """Occupied beds over the last year, and the figures of today with their denominators."""
    home = _home(request, uid)
    days = month_ends(civil_date())
    beds = beds_of([home]).get(home.pk, Beds())
    context = {"home": home, "beds": beds, "trend": trend_of(days, queries.home_over_time(home, days))}
    return render(request, "institutions/panels/occupancy.html", context)


@login_required
@require_GET
def staff(request: StaffRequest, uid: UUID) -> HttpResponse:
    """Who works there, with certificates."""
    home = _home(request, uid)
    everybody = queries.staff_of(home)
    shown = everybody[:FEW] if request.htmx else everybody  # type: ignore[attr-defined]
    context = {
        "home": home, "staff": shown, "count": len(everybody), "soon": queries.licence_limit(civil_date()),
        "may_edit": request.user.may(Institutions.EDIT, home.place_key) and home.closed_on is None,
    }  # fmt: skip
    return render(request, "institutions/panels/staff.html", context)


@login_required
@require_GET
def carers(request: StaffRequest, uid: UUID) -> HttpResponse:
    """Carers present against those that the residents' levels ask for, with the source of the rule."""
    home, today = _home(request, uid), civil_date()
    staffing, stated = queries.staffing_of([home], today).get(home.pk), queries.norms(today)
    context = {
        "home": home, "staffing": staffing, "stated": stated,
        "groups": groups_of(staffing, stated) if staffing and stated else [],
    }  # fmt: skip
    return render(request, "institutions/panels/carers.html", context)


@login_required
@require_GET
def person_panel(request: StaffRequest, uid: UUID) -> HttpResponse:
    """Stays and open applications of a person."""
    require(request.user, People.READ)
    person = person_for_panel(uid, request.user)
    context = {
        "person": person, "stays": queries.stays_of(person), "applications": queries.applications_of(person),
        "may_apply": request.user.may(Institutions.APPLY) and person.life_status != person.DEAD,
    }  # fmt: skip
    return render(request, "institutions/panels/person.html", context)
