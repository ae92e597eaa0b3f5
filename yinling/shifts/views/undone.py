"""What was not done, for whoever runs or watches over homes; hand-overs and patrols on paper."""

import datetime as dt
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from yinling.kernel.actors import require
from yinling.kernel.clock import civil_date
from yinling.kernel.errors import NotAllowed
from yinling.shifts import forms, presenting, queries
from yinling.shifts.models import CareRecord, Kind, MissedTask
from yinling.shifts.permissions import Shifts
from yinling.shifts.rules.due import PATROL
from yinling.web.requests import StaffRequest

MOST = 200
LONGEST = dt.timedelta(days=31)


def _yesterday() -> dict[str, dt.date]:
    return {"first": civil_date() - dt.timedelta(days=1), "last": civil_date()}


@login_required
@require_GET
def undone(request: StaffRequest) -> HttpResponse:
    """By shift and carer: what is missing, what was made up, what no second person checked."""
    if not (request.user.may(Shifts.REVIEW) or request.user.may(Shifts.WATCH)):
        raise NotAllowed(Shifts.REVIEW)
    form = forms.SpanForm(request.GET if request.GET.get("first") else None, initial=_yesterday())
    asked = form.cleaned_data if form.is_bound and form.is_valid() else _yesterday()
    first, last = asked["first"], min(asked["last"], asked["first"] + LONGEST)
    rows = queries.undone_table(request.user, first, last, request.GET.get("home", ""))
    tasks = queries.undone_for(request.user, first, last, request.GET.get("home", ""))
    context = {
        "form": form, "first": first, "last": last, "kinds": Kind.choices, "total": sum(row.count for row in rows),
        "rows": [(row, presenting.shift_words(row.shift), [row.missed.get(k, 0) for k in Kind.values]) for row in rows],
        "tasks": [(one, presenting.shift_words(one.shift)) for one in tasks.order_by("-due_at", "-id")[:MOST]],
    }  # fmt: skip
    return render(request, "shifts/undone.html", context)


@login_required
@require_GET
def printed_hand_over(request: StaffRequest, uid: UUID) -> HttpResponse:
    """The hand-over record of a shift."""
    require(request.user, Shifts.READ)
    found = queries.hand_over(uid, request.user)
    lines = found.lines.select_related("stay__person").order_by("id")
    records = CareRecord.objects.standing().filter(ward=found.ward, day=found.day, shift=found.shift)
    done = [(words, sum(1 for one in records if one.kind == kind)) for kind, words in Kind.choices]
    context = {
        "found": found, "lines": lines, "done": done, "shift": presenting.shift_words(found.shift),
        "back": reverse("shifts:ward", args=[found.ward.uid]),
    }  # fmt: skip
    return render(request, "shifts/print_hand_over.html", context)


@login_required
@require_GET
def printed_patrols(request: StaffRequest, uid: UUID) -> HttpResponse:
    """The patrol record of a ward on one day: every point in every round, passed or not."""
    require(request.user, Shifts.READ)
    ward = queries.ward(uid, request.user)
    try:
        day = dt.date.fromisoformat(request.GET.get("day", ""))
    except ValueError:
        day = civil_date()
    passed = CareRecord.objects.standing().filter(ward=ward, day=day, kind=PATROL).select_related("point")
    missed = MissedTask.objects.filter(ward=ward, day=day, kind=PATROL, made_up_at__isnull=True).select_related("point")
    rows = [(one.due_at, one.shift, one.point, one.done_at, one.done_label) for one in passed]
    rows += [(one.due_at, one.shift, one.point, None, "") for one in missed]
    in_words = [
        (due, presenting.shift_words(shift), point, at, who)
        for due, shift, point, at, who in sorted(rows, key=lambda row: row[0])
    ]
    context = {"ward": ward, "day": day, "back": reverse("shifts:ward", args=[uid]), "rows": in_words}
    return render(request, "shifts/print_patrols.html", context)
