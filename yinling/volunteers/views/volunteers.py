"""Volunteers: the list, one with checks, trainings, insurance, honours; what is decided about them."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.forms import BaseForm
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from yinling.kernel.actors import require
from yinling.kernel.clock import civil_date
from yinling.reference.queries import choices
from yinling.volunteers import forms, parameters, services
from yinling.volunteers.models import Volunteer
from yinling.volunteers.permissions import Volunteers
from yinling.volunteers.queries import books
from yinling.volunteers.queries.lists import VolunteerFilters, volunteers_for
from yinling.volunteers.queries.members import volunteers_of
from yinling.volunteers.services.accounts import MEMBER
from yinling.volunteers.services.receipts import may_act
from yinling.volunteers.views.members import application_of
from yinling.web.form_pages import FormPage, form_page
from yinling.web.paging import keyset_page
from yinling.web.pieces import Chip
from yinling.web.requests import StaffRequest


@login_required
@require_GET
def volunteers(request: StaffRequest) -> HttpResponse:
    """Volunteers of my divisions."""
    require(request.user, Volunteers.READ)
    found = volunteers_for(request.user, VolunteerFilters.from_address(request.GET))
    page = keyset_page(found, order=("-id",), address=request.GET, size=50)
    held = books.held_by(MEMBER, [one.member.uid for one in page.rows], "saved")
    context = {
        "page": page, "rows": [(one, held.get(one.member.uid, 0)) for one in page.rows],
        "states": [Chip(value, str(words)) for value, words in Volunteer.State.choices],
        "skills": [Chip(code, words) for code, words in choices("visit_skill")], "q": request.GET.get("q", ""),
        "may_export": request.user.may(Volunteers.EXPORT), "is_filtered": bool(request.GET),
    }  # fmt: skip
    return render(request, "volunteers/volunteers.html", context)


def _one(request: StaffRequest, uid: UUID) -> Volunteer:
    return volunteers_of(request.user).select_related("member__user", "member__branch", "visitor").one(uid=uid)


@login_required
@require_GET
def volunteer(request: StaffRequest, uid: UUID) -> HttpResponse:
    """One volunteer."""
    found = _one(request, uid)
    place, user = found.member.place_key, request.user
    last = found.insurances.order_by("-valid_to").first()
    context = {
        "volunteer": found, "member": found.member,
        "checks": found.checks.order_by("-checked_on", "-id"), "trainings": found.trainings.order_by("-held_on"),
        "insurance": last, "is_insured": last is not None and last.valid_to >= civil_date(),
        "honours": found.honours.order_by("-given_on"), "groups": found.groups.order_by("name"),
        "offers": found.offers.filter(ended_at__isnull=True), "needed": parameters.checks_needed(),
        "orders": found.orders.order_by("-id")[:10],
        "balance": books.held_by(MEMBER, [found.member.uid], "saved").get(found.member.uid, 0),
        "may_register": user.may(Volunteers.REGISTER, place), "may_accept": user.may(Volunteers.ACCEPT, place),
        "may_act": may_act(found.member, user),
    }  # fmt: skip
    return render(request, "volunteers/volunteer.html", context)


def _form(
    request: StaffRequest, found: Volunteer, form: BaseForm, do: Callable[[dict[str, Any]], object], heading: str
) -> HttpResponse:
    to = reverse("volunteers:volunteer", args=[found.uid])
    page = FormPage(heading, _("Save"), _("Saved."), to, note=found.member.name, back=to)
    return form_page(request, form, do, page)


def _kept(request: StaffRequest, uid: UUID) -> Volunteer:
    found = _one(request, uid)
    require(request.user, Volunteers.REGISTER, found.member.place_key)
    return found


@login_required
def check(request: StaffRequest, uid: UUID) -> HttpResponse:
    """What came of a check."""
    found, form = _kept(request, uid), forms.CheckForm(request.POST or None)
    return _form(
        request, found, form, lambda typed: services.enter_check(uid=uid, **typed, by=request.user), _("Enter a check")
    )


@login_required
def train(request: StaffRequest, uid: UUID) -> HttpResponse:
    """A course."""
    found, form = _kept(request, uid), forms.TrainForm(request.POST or None)
    return _form(
        request, found, form, lambda typed: services.train(uid=uid, **typed, by=request.user), _("Enter a course")
    )


@login_required
def insure(request: StaffRequest, uid: UUID) -> HttpResponse:
    """An insurance."""
    found, form = _kept(request, uid), forms.InsureForm(request.POST or None)
    return _form(
        request, found, form, lambda typed: services.insure(uid=uid, **typed, by=request.user), _("Enter an insurance")
    )


@login_required
def honour(request: StaffRequest, uid: UUID) -> HttpResponse:
    """An honour."""
    found, form = _kept(request, uid), forms.HonourForm(request.POST or None)
    return _form(
        request, found, form, lambda typed: services.honour(uid=uid, **typed, by=request.user), _("Enter an honour")
    )


@login_required
def groups(request: StaffRequest, uid: UUID) -> HttpResponse:
    """Groups of the branch."""
    found = _kept(request, uid)
    first = {"groups": [str(one) for one in found.groups.values_list("uid", flat=True)]}
    form = forms.GroupsForm(found.member.branch, request.POST or None, initial=first)

    def do(typed: dict[str, Any]) -> object:
        return services.join_groups(uid=uid, group_uids=[UUID(one) for one in typed["groups"]], by=request.user)

    return _form(request, found, form, do, _("Groups"))


@login_required
def availability(request: StaffRequest, uid: UUID) -> HttpResponse:
    """Skills, languages, weekdays, hours."""
    found = _one(request, uid)
    first = {name: getattr(found, name) for name in ("skills", "speaks", "from_hour", "until_hour")}
    form = forms.TimesForm(request.POST or None, initial=first | {"days": [str(day) for day in found.days]})

    def do(typed: dict[str, Any]) -> object:
        return services.set_availability(uid=uid, application=application_of(typed), by=request.user)

    return _form(request, found, form, do, _("Skills and time"))


@login_required
def offer(request: StaffRequest, uid: UUID) -> HttpResponse:
    """A service offered."""
    found, form = _one(request, uid), forms.OfferForm(request.POST or None)

    def do(typed: dict[str, Any]) -> object:
        days = [int(day) for day in typed.pop("days")]
        return services.offer(volunteer_uid=uid, days=days, **typed, by=request.user)

    return _form(request, found, form, do, _("Offer a service"))


@login_required
@require_POST
def accept(request: StaffRequest, uid: UUID) -> HttpResponse:
    """Accept the application."""
    services.accept(uid=uid, by=request.user)
    messages.success(request, _("Accepted."), extra_tags="ok")
    return redirect("volunteers:volunteer", uid)


OUT = {"refuse": services.refuse, "suspend": services.suspend, "end": services.end}


@login_required
def out(request: StaffRequest, uid: UUID, how: str) -> HttpResponse:
    """Refuse, suspend, or end."""
    found = _one(request, uid)
    require(request.user, Volunteers.ACCEPT, found.member.place_key)
    headings = {
        "refuse": _("Refuse the application"),
        "suspend": _("Suspend the volunteer"),
        "end": _("End the service"),
    }
    form = forms.WhyForm(request.POST or None)
    return _form(
        request, found, form, lambda typed: OUT[how](uid=uid, reason=typed["reason"], by=request.user), headings[how]
    )
