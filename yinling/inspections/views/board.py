"""The supervisors' board, and the panel on the page of a home."""

import datetime as dt
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from yinling.inspections import presenting, queries
from yinling.inspections.permissions import Inspections
from yinling.inspections.queries.board import NOTICE_DAYS
from yinling.institutions.queries import institution
from yinling.kernel.actors import require
from yinling.kernel.clock import civil_date
from yinling.places.queries import tree
from yinling.web.requests import StaffRequest

TERMS = (90, 365, 730)
FEW = 5


@login_required
@require_GET
def board(request: StaffRequest) -> HttpResponse:
    """Hazards and inspections by division; who of the supervisors was late."""
    require(request.user, Inspections.SUPERVISE)
    asked, places = request.GET.get("place", ""), tree()
    mine = queries.supervised(request.user)
    division = int(asked) if asked.isascii() and asked.isdigit() and int(asked) in places.divisions else mine[0].key
    days = next((term for term in TERMS if request.GET.get("days") == str(term)), TERMS[1])
    since = civil_date() - dt.timedelta(days=days)
    total, rows = queries.board(request.user, division, since)
    words = {"notices": _("Notices within {days} days").format(days=NOTICE_DAYS),
             "rechecks": _("Re-checks within their term"), "inspections": _("Inspections by their day")}  # fmt: skip
    above = places.divisions[division].parent
    context = {
        "total": total, "rows": rows, "division": places.name(division), "since": since, "days": days,
        "terms": TERMS, "key": division, "above": above if division not in {one.key for one in mine} else None,
        "is_leaf": any(not isinstance(row.key, int) for row in rows),
        "punctuality": [(words[one.what], one) for one in queries.punctuality(request.user, division, since)],
    }  # fmt: skip
    return render(request, "inspections/board.html", context)


@login_required
@require_GET
def panel(request: StaffRequest, uid: UUID) -> HttpResponse:
    """On a home's page: open hazards, the last inspection, and for those who may the internal risk grade."""
    require(request.user, Inspections.READ)
    home = institution(uid, request.user)
    hazards = queries.open_hazards_of(home, request.user)
    user = request.user
    context = {
        "home": home, "lines": presenting.hazard_lines(hazards[:FEW]), "count": len(hazards),
        "last": queries.last_inspection(home, user), "summary": queries.hazards_of_home(
            home, civil_date() - dt.timedelta(days=365)),
        "grade": queries.grade_of(home) if user.may(Inspections.RISK, home.place_key) else None,
        "may_plan": user.may(Inspections.PLAN, home.place_key) and home.closed_on is None,
        "may_check": user.may(Inspections.SELF_CHECK, home.place_key) and home.closed_on is None,
    }  # fmt: skip
    return render(request, "inspections/panels/home.html", context)
