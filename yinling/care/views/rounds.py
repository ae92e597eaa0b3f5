"""The planner's pages: choose a block and a day, look at a version, publish, compare, print, one's own round."""

import datetime as dt
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from yinling.care import round_drawing
from yinling.care.forms import rounds as forms
from yinling.care.models import DayPlan, Stop, Visit, Visitor
from yinling.care.permissions import Care
from yinling.care.queries import rounds as queries
from yinling.care.rules.rounds import given_of
from yinling.care.services import rounds as services
from yinling.kernel import jobs
from yinling.kernel.actors import require
from yinling.kernel.clock import civil_date
from yinling.kernel.errors import NotFound
from yinling.kernel.models import Job
from yinling.kernel.uids import uid_of
from yinling.people.models import Person
from yinling.places.queries import tops, tree
from yinling.web.form_pages import FormPage, form_page
from yinling.web.paging import keyset_page
from yinling.web.requests import StaffRequest

TONES = {"draft": "doubt", "published": "ok", "replaced": ""}


@login_required
def round_list(request: StaffRequest) -> HttpResponse:
    """Versions of my divisions; asking for a plan; what is being planned."""
    require(request.user, Care.ROUNDS)
    page = keyset_page(queries.day_plans_for(request.user), order=("-id",), address=request.GET, size=20)
    waiting = Job.objects.filter(kind=services.WORK, actor_uid=request.user.uid, state__in=["queued", "running"])
    rows = [(one, tree().path(one.place_key) or tree().name(one.place_key), TONES[one.state]) for one in page]
    form = forms.PlanForm(request.POST or None, places=_divisions(request), initial={"day": civil_date()})
    about = FormPage(
        _("Rounds"), _("Plan"), _("Being planned. The version appears in this list."), reverse("care:rounds"),
        template="care/round_list.html", more={"rows": rows, "listed": page, "waiting": list(waiting)},
    )  # fmt: skip
    return form_page(request, form, lambda given: services.ask_for_rounds(**given, by=request.user), about)


def _divisions(request: StaffRequest) -> list[tuple[int, str]]:
    """The user's divisions down to the township, each below the one it belongs to."""
    found: list[tuple[int, str]] = []
    waiting = [one.key for one in tops(request.user)]
    while waiting:
        key = waiting.pop(0)
        if tree().divisions[key].level != "village":
            found.append((key, tree().path(key) or tree().name(key)))
            waiting = [one.key for one in tree().children(key)] + waiting
    return found


@login_required
@require_POST
def cancel(request: StaffRequest, uid: UUID) -> HttpResponse:
    """Stop a planning of one's own."""
    jobs.cancel(uid, by=request.user)
    messages.success(request, _("Stopped. Blocks that were done are kept."), extra_tags="ok")
    return redirect("care:rounds")


@login_required
@require_GET
def day_plan(request: StaffRequest, uid: UUID) -> HttpResponse:
    """The planner's page of one version."""
    require(request.user, Care.ROUNDS)
    plan = queries.day_plan(uid, request.user)
    stops, versions = queries.stops_of(plan), queries.versions_of(plan, request.user)
    chart = round_drawing.chart_of(plan, stops, _names(plan), _new(plan, versions))
    given, before = given_of(plan.given), queries.yesterday_of(plan, request.user)
    known = {(door.uid, uid) for door in given.doors for uid, points in door.liking.items() if points < 0}
    familiar = sum((one.door, str(one.visitor.uid)) in known for one in stops)
    context = {
        "plan": plan, "place": tree().path(plan.place_key) or tree().name(plan.place_key), "tone": TONES[plan.state],
        "chart": chart, "ways": round_drawing.ways_of(given, stops), "versions": versions, "before": before,
        "left_out": _left_out(plan), "late": sum(one.late_minutes > 0 for lane in chart.lanes for one in lane.blocks),
        "travel": round(plan.parts.get("travel", 0)), "familiar": round(100 * familiar / len(stops)) if stops else 0,
        "previous": next((one for one in versions if one.version < plan.version), None), "count": len(stops),
        "may_plan": request.user.may(Care.ROUNDS, plan.place_key),
        "may_export": request.user.may(Care.EXPORT, plan.place_key),
    }  # fmt: skip
    return render(request, "care/day_plan.html", context)


def _names(plan: DayPlan) -> dict[str, tuple[str, str]]:
    uids = [hand["uid"] for hand in plan.given["hands"]]
    return {str(one.uid): (one.name, one.get_mode_display()) for one in Visitor.objects.filter(uid__in=uids)}


def _new(plan: DayPlan, versions: list[DayPlan]) -> frozenset[str]:
    """Doors that the version before did not have."""
    before = next((one for one in versions if one.version < plan.version), None)
    if before is None:
        return frozenset()
    was = DayPlan.objects.values_list("given", flat=True).get(pk=before.pk)
    return frozenset(one["uid"] for one in plan.given["doors"]) - {one["uid"] for one in was["doors"]}


def _left_out(plan: DayPlan) -> list[str]:
    persons = Person.objects.filter(visits__uid__in=plan.left_out).values_list("name", flat=True)
    others = Person.objects.filter(care_plans__lines__sessions__uid__in=plan.left_out).values_list("name", flat=True)
    return [*persons, *others]


@login_required
@require_POST
def publish(request: StaffRequest, uid: UUID) -> HttpResponse:
    """Send a version to the telephones."""
    services.publish_rounds(uid=uid, by=request.user)
    messages.success(request, _("Published. Every visitor has been told."), extra_tags="ok")
    return redirect("care:day_plan", uid)


@login_required
@require_GET
def compare(request: StaffRequest, uid: UUID) -> HttpResponse:
    """A version beside another, or beside the last one published on an earlier day."""
    require(request.user, Care.ROUNDS)
    plan = queries.day_plan(uid, request.user)
    asked = uid_of(request.GET.get("with", ""))
    other = queries.day_plan(asked, request.user) if asked else queries.yesterday_of(plan, request.user)
    if other is None:
        raise NotFound("day plan")
    names = {
        "travel": _("On the road"), "late": _("Late"), "latest": _("Latest of all"), "overtime": _("Overtime"),
        "liking": _("Known faces"), "skipped": _("Left out"), "cost": _("Total"),
    }  # fmt: skip
    parts = [(words, *(round(one.parts.get(name, 0)) for one in (other, plan))) for name, words in names.items()]
    found = queries.compared(other, plan)
    rows = [(person, one, _side(one.was), _side(one.now)) for person, one in found]
    context = {"plan": plan, "other": other, "parts": parts, "rows": rows, "place": tree().path(plan.place_key),
               "faces": sum(one.is_another_face for _person, one in found)}  # fmt: skip
    return render(request, "care/round_compare.html", context)


def _side(side: tuple[str, float] | None) -> str:
    return f"{side[0]} {round_drawing.clock(side[1])}" if side else _("nobody")


@login_required
@require_GET
def printed(request: StaffRequest, uid: UUID, visitor: UUID) -> HttpResponse:
    """One visitor's round on paper."""
    require(request.user, Care.ROUNDS)
    plan = queries.day_plan(uid, request.user)
    mine = [one for one in queries.stops_of(plan) if one.visitor.uid == visitor]
    if not mine:
        raise NotFound("round")
    context = {"plan": plan, "visitor": mine[0].visitor, "rows": _rows(mine),
               "back": reverse("care:day_plan", args=[uid]),
               "place": tree().path(plan.place_key) or tree().name(plan.place_key)}  # fmt: skip
    return render(request, "care/round_print.html", context)


def _rows(stops: list[Stop]) -> list[tuple[Stop, Any, str]]:
    return [(one, person, tree().path(person.place_key)) for one in stops if (person := queries.person_of(one))]


@login_required
@require_GET
def mine(request: StaffRequest) -> HttpResponse:
    """The user's own round of a day (today): with times where it is published, else in a sensible order."""
    visitor = Visitor.objects.filter(user=request.user).first()
    if visitor is None:
        raise NotFound("visitor")
    try:
        day = dt.date.fromisoformat(request.GET.get("day", ""))
    except ValueError:
        day = civil_date()
    rows = [(one, tree().path(one.person.place_key)) for one in queries.round_of(visitor, day)]
    return render(request, "care/my_round.html", {"rows": rows, "day": day, "states": Visit.State})
