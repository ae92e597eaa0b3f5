"""Who is late below: by division, by worker, and down to the single duty."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from yinling.web.requests import StaffRequest
from yinling.worklist import showing
from yinling.worklist.lateness import MOST, late_duties


@login_required
@require_GET
def late(request: StaffRequest) -> HttpResponse:
    """Who is late in a division, or in all that I supervise."""
    asked = request.GET.get("division", "")
    context = {
        "lines": showing.lines_of(request.user, asked),
        "workers": showing.worker_lines_of(request.user, asked),
        "crumbs": showing.late_crumbs(request.user, asked),
        "division": asked,
    }
    return render(request, "worklist/late.html", context)


@login_required
@require_GET
def duties(request: StaffRequest) -> HttpResponse:
    """The late duties of a division, or of one worker there."""
    asked, worker = request.GET.get("division", ""), request.GET.get("worker", "")
    division = next(iter(showing.divisions_of(request.user, asked)), 0)
    found = late_duties(request.user, division, worker)
    context = {
        "rows": [(showing.worker_words(who), duty) for who, duty in found],
        "crumbs": showing.late_crumbs(request.user, asked or str(division), is_last=False),
        "worker": showing.worker_words(found[0][0]) if worker and found else "",
        "is_cut": len(found) == MOST,
    }
    return render(request, "worklist/late_duties.html", context)


@login_required
@require_GET
def panel(request: StaffRequest) -> HttpResponse:
    """Who is late below, as a panel of the desk."""
    return render(request, "worklist/late_panel.html", {"lines": showing.lines_of(request.user, "")})
