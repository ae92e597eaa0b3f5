"""Rosters: the list, a month on screen and on paper, shifts, planning."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yinling.kernel.actors import require
from yinling.rosters import queries, services
from yinling.rosters.forms import PlanForm, PutOnForm, RosterForm, ShiftForm
from yinling.rosters.models import Roster, Shift
from yinling.rosters.permissions import Rosters
from yinling.rosters.presenting import list_context, month_asked, month_context, shift_times, whose
from yinling.web.refusals import refusals_beside
from yinling.web.requests import StaffRequest
from yinling.web.sentences import sentence


@login_required
@require_GET
def rosters(request: StaffRequest) -> HttpResponse:
    """Every roster in scope, and who serves now."""
    require(request.user, Rosters.READ)
    return render(request, "rosters/rosters.html", list_context(request.user, request.GET))


@login_required
@require_GET
def roster(request: StaffRequest, uid: UUID) -> HttpResponse:
    """One month of a roster: a row per day, a column per shift."""
    found = queries.roster(uid, request.user)
    whole = request.GET.get("days") == "all"
    context = month_context(found, month_asked(request.GET), request.user, is_whole=whole)
    context["to_receive"] = queries.swaps_to_receive(found) if context["may_plan"] else []
    return render(request, "rosters/roster.html", context)


@login_required
@require_GET
def paper(request: StaffRequest, uid: UUID) -> HttpResponse:
    """The month as it hangs on the wall."""
    found = queries.roster(uid, request.user)
    context = month_context(found, month_asked(request.GET), request.user, is_whole=True)
    context["back"] = f"{reverse('rosters:roster', args=[uid])}?month={context['month'].first:%Y-%m}"
    return render(request, "rosters/print.html", context)


def _done(form: Form, act: Callable[[], Any]) -> Any:
    """What the service answers; None when the form or the service says no, which then stands in the form."""
    if not form.is_valid():
        return None
    with refusals_beside(form):
        return act()
    return None


def _to_plan(request: StaffRequest, uid: UUID) -> Roster:
    found = queries.roster(uid, request.user)
    require(request.user, Rosters.PLAN, found.place_key)
    return found


@login_required
@require_http_methods(["GET", "POST"])
def open_one(request: StaffRequest) -> HttpResponse:
    """A new roster."""
    require(request.user, Rosters.PLAN)
    form = RosterForm(request.user, request.POST or None)
    if request.method == "POST":
        made = _done(form, lambda: services.open_roster(by=request.user, **form.cleaned_data))
        if made:
            messages.success(request, _("The roster is open. Add its shifts."), extra_tags="ok")
            return redirect("rosters:shifts", made.uid)
    return render(request, "rosters/open.html", {"form": form}, status=422 if form.errors else 200)


@login_required
@require_http_methods(["GET", "POST"])
def shifts(request: StaffRequest, uid: UUID) -> HttpResponse:
    """The patterns of a roster: what there is, and a new one."""
    found = _to_plan(request, uid)
    form = ShiftForm(request.POST or None)
    if request.method == "POST" and _done(
        form, lambda: services.add_shift(roster_uid=uid, by=request.user, **form.cleaned_data)
    ):
        messages.success(request, _("The shift is added."), extra_tags="ok")
        return redirect("rosters:shifts", uid)
    in_use = found.shifts.in_use().order_by("starts_minute", "id")
    context = {
        "roster": found, "whose": whose(found), "form": form,
        "shifts": [(shift, shift_times(shift)) for shift in in_use],
    }  # fmt: skip
    return render(request, "rosters/shifts.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def end_shift(request: StaffRequest, uid: UUID) -> HttpResponse:
    """Plan a pattern no more."""
    ended: Shift = services.end_shift(shift_uid=uid, by=request.user)
    messages.success(request, _("The shift is planned no more. Turns already planned stay."), extra_tags="ok")
    return redirect("rosters:shifts", ended.roster.uid)


@login_required
@require_http_methods(["GET", "POST"])
def plan(request: StaffRequest, uid: UUID) -> HttpResponse:
    """Fill a shift over days."""
    found = _to_plan(request, uid)
    form = PlanForm(found, request.POST or None)
    if request.method == "POST":
        made: services.Plan | None = _done(form, lambda: _plan(form, request.user))
        if made:
            _tell(request, made)
            return redirect(f"{reverse('rosters:roster', args=[uid])}?month={form.cleaned_data['first']:%Y-%m}")
    context = {"roster": found, "whose": whose(found), "form": form, "title": _("Plan turns"), "action": _("Plan")}
    return render(request, "rosters/plan.html", context, status=422 if form.errors else 200)


def _plan(form: PlanForm, by: Any) -> services.Plan:
    typed = form.cleaned_data
    days = {"first": typed["first"], "last": typed["last"]}
    return services.plan_turns(shift_uid=typed["shift"].uid, users=form.chosen(), by=by, **days)


def _tell(request: StaffRequest, made: services.Plan) -> None:
    """What planning made, what is left open, what is in doubt."""
    count, gaps = len(made.turns), len(made.open_slots)
    said = ngettext("{count} turn is planned.", "{count} turns are planned.", count).format(count=count)
    if gaps:
        left = ngettext("For {count} nobody is free.", "For {count} nobody is free.", gaps).format(count=gaps)
        messages.warning(request, f"{said} {left}", extra_tags="yellow")
    else:
        messages.success(request, said, extra_tags="ok")
    if made.doubt:
        messages.warning(request, sentence(made.doubt), extra_tags="yellow")


@login_required
@require_http_methods(["GET", "POST"])
def put_on(request: StaffRequest, uid: UUID) -> HttpResponse:
    """One turn by hand."""
    found = _to_plan(request, uid)
    form = PutOnForm(found, request.POST or None, initial={"day": request.GET.get("day", "")})
    if request.method == "POST":
        made = _done(form, lambda: services.put_on(roster_uid=uid, by=request.user, **form.turn()))
        if made:
            messages.success(request, _("Put on duty."), extra_tags="ok")
            return redirect(f"{reverse('rosters:roster', args=[uid])}?month={form.cleaned_data['day']:%Y-%m}")
    context = {"roster": found, "whose": whose(found), "form": form, "title": _("Put on duty"), "action": _("Put on")}
    return render(request, "rosters/plan.html", context, status=422 if form.errors else 200)
