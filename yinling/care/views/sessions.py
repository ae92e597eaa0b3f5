"""Sessions: the list of a carer or partner, and what is written down of each."""

import datetime as dt
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from yinling.care.forms import plans as forms
from yinling.care.models import Session
from yinling.care.permissions import Care
from yinling.care.queries import sessions as queries
from yinling.care.queries.sessions import SessionFilters
from yinling.care.services import sessions as services
from yinling.care.views.plans import may_enter
from yinling.kernel.clock import civil_date, now
from yinling.reference.queries import label
from yinling.web.form_pages import FormPage, form_page
from yinling.web.paging import keyset_page
from yinling.web.pieces import Chip
from yinling.web.requests import StaffRequest


@login_required
@require_GET
def session_list(request: StaffRequest) -> HttpResponse:
    """Sessions of a week, or of days chosen: mine, my organisation's, my divisions'."""
    may_enter(request)
    asked = SessionFilters.from_address(request.GET)
    found = queries.sessions_for(request.user, asked)
    page = keyset_page(found, order=("planned_on", "id"), address=request.GET, size=60)
    week = dt.timedelta(days=7)
    context = {
        "page": page, "asked": asked, "today": civil_date(), "may_export": request.user.may(Care.EXPORT),
        "states": [Chip(value, str(words)) for value, words in Session.State.choices],
        "mine": [Chip("yes", _("My own"))], "before": asked.first - week, "after": asked.first + week,
        "form": forms.DaysForm(initial={"first": asked.first, "last": asked.last}),
        "is_staff": request.user.may(Care.READ),
    }  # fmt: skip
    return render(request, "care/session_list.html", context)


def _page(request: StaffRequest, found: Session, heading: str, action: str) -> FormPage:
    """Back to the list the reader came from, or to the plan."""
    came = request.GET.get("next", "")
    own = url_has_allowed_host_and_scheme(came, allowed_hosts=None)
    to = came if own and came.startswith("/work/care/") else reverse("care:plan", args=[found.line.plan.uid])
    service = label("home_service", found.line.service)
    note = f"{found.line.plan.person.name} · {service} · {found.planned_on}"
    return FormPage(heading, action, _("Saved."), to, note=note, back=to)


@login_required
def hold(request: StaffRequest, uid: UUID) -> HttpResponse:
    """It was held."""
    may_enter(request)
    found = queries.session(uid, request.user)
    at = min(forms.first_moment(found.planned_on), now())
    form = forms.HoldForm(request.POST or None, initial={"held_at": at, "minutes": found.line.minutes})
    return form_page(
        request, form, lambda given: services.hold_session(uid=uid, by=request.user, **given),
        _page(request, found, _("The session was held"), _("Save")),
    )  # fmt: skip


@login_required
def miss(request: StaffRequest, uid: UUID) -> HttpResponse:
    """It was not held."""
    return _why(request, uid, _("The session was missed"), services.miss_session)


@login_required
def cancel(request: StaffRequest, uid: UUID) -> HttpResponse:
    """It will not be held."""
    return _why(request, uid, _("Cancel the session"), services.cancel_session)


@login_required
def take_back(request: StaffRequest, uid: UUID) -> HttpResponse:
    """What was recorded was a mistake."""
    return _why(request, uid, _("Take back what was recorded"), services.take_back_session)


def _why(request: StaffRequest, uid: UUID, heading: str, do: services.Verb) -> HttpResponse:
    may_enter(request)
    found = queries.session(uid, request.user)
    form = forms.WhyForm(request.POST or None)
    return form_page(
        request, form, lambda given: do(uid=uid, why=given["why"], by=request.user),
        _page(request, found, heading, _("Save")),
    )  # fmt: skip
