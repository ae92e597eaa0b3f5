"""Forms of what a plan holds: goals, values, services, parts."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from yinling.care.forms import plans as forms
from yinling.care.queries import plans as queries
from yinling.care.services import lines as services
from yinling.care.views.plans import may_enter, own_plan, page_of
from yinling.web.form_pages import FormPage, form_page
from yinling.web.requests import StaffRequest


@login_required
def add_goal(request: StaffRequest, uid: UUID) -> HttpResponse:
    """A goal more."""
    found = own_plan(request, uid)
    form = forms.GoalForm(request.POST or None, plan=found)
    return form_page(
        request, form,
        lambda given: services.add_goal(
            plan_uid=uid, partner_uid=given.pop("partner") or None, aim=services.Aim(**given), by=request.user
        ),
        page_of(found, _("Add a goal"), _("Add")),
    )  # fmt: skip


@login_required
def measure(request: StaffRequest, uid: UUID) -> HttpResponse:
    """A value of a goal's measure."""
    may_enter(request)
    goal = queries.goal(uid, request.user)
    to = reverse("care:plan", args=[goal.plan.uid])
    unit = f" ({goal.unit})" if goal.unit else ""
    page = FormPage(_("Write down a value"), _("Save"), _("Saved."), to, note=f"{goal.measure}{unit}", back=to)
    form = forms.MeasureForm(request.POST or None)
    return form_page(
        request, form, lambda given: services.measure_goal(uid=uid, by=request.user, **given), page
    )  # fmt: skip


@login_required
def end_goal(request: StaffRequest, uid: UUID) -> HttpResponse:
    """Reached, or given up."""
    goal = queries.goal(uid, request.user)
    found = own_plan(request, goal.plan.uid)
    form = forms.EndGoalForm(request.POST or None)
    return form_page(
        request, form, lambda given: services.end_goal(uid=uid, is_reached=given["is_reached"], by=request.user),
        page_of(found, _("End the goal"), _("End it"), _("Ended.")),
    )  # fmt: skip


@login_required
def add_line(request: StaffRequest, uid: UUID) -> HttpResponse:
    """A service more."""
    found = own_plan(request, uid)
    form = forms.LineForm(request.POST or None, plan=found)
    return form_page(
        request, form,
        lambda given: services.add_line(
            plan_uid=uid, partner_uid=given.pop("partner") or None, carer_uid=given.pop("carer") or None,
            goals=given.pop("goals"), service=services.Service(**given), by=request.user,
        ),
        page_of(found, _("Add a service"), _("Add")),
    )  # fmt: skip


@login_required
@require_POST
def end_line(request: StaffRequest, uid: UUID) -> HttpResponse:
    """A service ends today."""
    line = services.end_line(uid=uid, by=request.user)
    messages.success(request, _("Ended. Its sessions ahead are cancelled."), extra_tags="ok")
    return redirect("care:plan", line.plan.uid)


@login_required
def add_part(request: StaffRequest, uid: UUID) -> HttpResponse:
    """A part more."""
    found = own_plan(request, uid)
    form = forms.PartForm(request.POST or None)
    return form_page(
        request, form,
        lambda given: services.add_part(
            plan_uid=uid, part=given["part"], organisation_uid=given["organisation"], by=request.user
        ),
        page_of(found, _("Add a part"), _("Add")),
    )  # fmt: skip


@login_required
def give_part(request: StaffRequest, uid: UUID) -> HttpResponse:
    """Who delivers a part."""
    part = queries.partner(uid, request.user)
    found = own_plan(request, part.plan.uid)
    form = forms.GiveForm(request.POST or None)
    return form_page(
        request, form,
        lambda given: services.give_part(uid=uid, organisation_uid=given["organisation"], by=request.user),
        page_of(found, _("Who delivers this part"), _("Save")),
    )  # fmt: skip


@login_required
@require_POST
def end_part(request: StaffRequest, uid: UUID) -> HttpResponse:
    """A partner delivers no more."""
    part = services.end_part(uid=uid, by=request.user)
    messages.success(request, _("Ended. Its people see this plan no more."), extra_tags="ok")
    return redirect("care:plan", part.plan.uid)
