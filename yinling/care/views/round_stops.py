"""What is done to one stop: why this one, what another would cost, lock, promise, move; news of the day."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from yinling.care import round_drawing
from yinling.care.forms import rounds as forms
from yinling.care.models import DayPlan, Stop, Visit, Visitor
from yinling.care.permissions import Care
from yinling.care.queries import rounds as queries
from yinling.care.services import rounds as services
from yinling.care.services import rounds_moving as moving
from yinling.engines.planning.offering import offers, why
from yinling.kernel.actors import require
from yinling.kernel.errors import NotFound, Refused
from yinling.kernel.names import mask_name
from yinling.kernel.reasons import Reason
from yinling.kernel.scope import within
from yinling.kernel.uids import uid_of
from yinling.places.queries import key_ranges
from yinling.web.requests import StaffRequest
from yinling.web.sentences import sentence

HOW = ("lock", "unlock", "promise", "release")
MOST = 200


def _seen(request: StaffRequest, uid: UUID) -> Stop:
    require(request.user, Care.ROUNDS)
    return queries.stop(uid, request.user)


def _names(plan: DayPlan) -> dict[str, str]:
    uids = [hand["uid"] for hand in plan.given["hands"]]
    return {str(one.uid): one.name for one in Visitor.objects.filter(uid__in=uids)}


def _in_words(reason: Reason, names: dict[str, str]) -> str:
    """A planner's sentence with names instead of uids."""
    values = {key: names.get(value, value) if isinstance(value, str) else value for key, value in reason.values.items()}
    return sentence(Reason(reason.text, **values))


def _offered(stop: Stop, names: dict[str, str]) -> list[tuple[str, str, float]]:
    """(uid, name, minutes more than now) of everybody who may come, the cheapest first."""
    problem, plan = queries.as_plan(stop.day_plan)
    found = [one for one in offers(problem, plan, stop.door) if one.task == stop.task]
    now = next((one.adds for one in found if one.carer == str(stop.visitor.uid)), 0.0)
    return [(one.carer, names.get(one.carer, one.carer), round(one.adds - now, 1)) for one in found]


@login_required
@require_GET
def stop_page(request: StaffRequest, uid: UUID) -> HttpResponse:
    """Why this visitor, what others would cost; lock, promise, move."""
    stop = _seen(request, uid)
    names = _names(stop.day_plan)
    problem, plan = queries.as_plan(stop.day_plan)
    context = {
        "stop": stop, "plan": stop.day_plan, "words": round_drawing.words_of(stop),
        "why": [_in_words(one, names) for one in why(problem, plan, stop.door)[:MOST]],
        "offers": _offered(stop, names), "may_plan": request.user.may(Care.ROUNDS, stop.day_plan.place_key),
    }  # fmt: skip
    return render(request, "care/round_stop.html", context)


@login_required
@require_GET
def costs(request: StaffRequest, uid: UUID) -> HttpResponse:
    """What each visitor would cost, for the hand that drags: {visitor uid: minutes more}."""
    stop = _seen(request, uid)
    return JsonResponse({carer: adds for carer, _name, adds in _offered(stop, {})})


@login_required
@require_POST
def fix(request: StaffRequest, uid: UUID, how: str) -> HttpResponse:
    """Lock, unlock, promise or release."""
    if how not in HOW:
        raise NotFound("verb")
    services.fix_stop(uid=uid, how=how, by=request.user)
    messages.success(request, _("Saved."), extra_tags="ok")
    return redirect("care:round_stop", uid)


@login_required
def move(request: StaffRequest, uid: UUID) -> HttpResponse:
    """Give the stop to another visitor: what it costs first, then the confirmation."""
    if request.method == "POST":
        made = moving.move_stop(uid=uid, visitor_uid=uid_of(request.POST.get("to", "")), by=request.user)
        messages.success(request, _("Moved. This is a new version; publish it when it is right."), extra_tags="ok")
        return redirect("care:day_plan", made.uid)
    stop = _seen(request, uid)
    to = Visitor.objects.visible_to(request.user).one(uid=uid_of(request.GET.get("to", "")))
    change = moving.try_move(stop, to)
    parts: Any = change.plan
    names = {"travel": _("On the road"), "late": _("Late"), "overtime": _("Overtime"), "liking": _("Known faces"),
             "cost": _("Total")}  # fmt: skip
    rows = [
        (words, round(getattr(parts.before, key)), round(getattr(parts.after, key))) for key, words in names.items()
    ]
    context = {"stop": stop, "to": to, "words": round_drawing.words_of(stop), "parts": rows,
               "broken": broken_words(stop.day_plan, change)}  # fmt: skip
    return render(request, "care/round_move.html", context)


def broken_words(plan: DayPlan, change: moving.Change) -> list[str]:
    """Each promise that would not hold: whose, at what time, and what comes instead."""
    names, found = _names(plan), []
    persons = {(one.door, one.task): one for one in queries.stops_of(plan)}
    names |= {one.door: mask_name(queries.person_of(one).name) for one in persons.values()}
    for one in change.broken:
        promise = one.promise
        stop = persons[promise.visit, promise.task]
        who = mask_name(queries.person_of(stop).name)
        found.append(f"{who} {round_drawing.clock(promise.start)}: {_in_words(one.reason, names)}")
    return found


@login_required
def news(request: StaffRequest, uid: UUID) -> HttpResponse:
    """An urgent visit, or a visitor who is ill: what would change, which promises would break, the confirmation."""
    require(request.user, Care.ROUNDS)
    plan = queries.day_plan(uid, request.user)
    urgent, sick = (uid_of(request.POST.get(name) or request.GET.get(name, "")) for name in ("urgent", "sick"))
    if request.method == "POST":
        made = moving.take_up(
            uid=uid, urgent_uid=urgent, sick_uid=sick, confirmed=request.POST.get("confirmed") == "yes", by=request.user
        )
        messages.success(request, _("Taken up and published. Every visitor has been told."), extra_tags="ok")
        return redirect("care:day_plan", made.uid)
    form = forms.NewsForm(request.GET or None, visits=_open(plan, request), visitors=_hands(plan))
    context: dict[str, Any] = {"plan": plan, "form": form}
    if urgent or sick:
        context |= _preview(request, plan, urgent, sick)
    return render(request, "care/round_news.html", context)


def _preview(request: StaffRequest, plan: DayPlan, urgent: UUID | None, sick: UUID | None) -> dict[str, Any]:
    try:
        change = moving.try_news(plan, *moving.news_of(urgent, sick, request.user))
    except Refused as no:
        return {"refused": sentence(no)}
    done: Any = change.plan
    return {
        "urgent": urgent or "", "sick": sick or "", "broken": broken_words(plan, change), "moved": len(done.moved),
        "left_out": len(done.plan.left_out) - len(plan.left_out), "is_tried": True,
    }  # fmt: skip


def _open(plan: DayPlan, request: StaffRequest) -> list[tuple[str, str]]:
    """Open visits of the block that are not in the plan, the most pressing first."""
    planned = [one["uid"] for one in plan.given["doors"]]
    found = (
        Visit.objects.visible_to(request.user)
        .open()
        .filter(within(key_ranges([plan.place_key]), "person__place_key"))
        .exclude(uid__in=planned)
    )
    rows = found.filter(opens_on__lte=plan.day).select_related("person").order_by("due_on", "-id")[:MOST]
    return [(str(one.uid), f"{mask_name(one.person.name)} {one.due_on:%m-%d}") for one in rows]


def _hands(plan: DayPlan) -> list[tuple[str, str]]:
    return sorted(_names(plan).items(), key=lambda one: one[1])
