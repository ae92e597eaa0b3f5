"""Pages of parameters, code lists and holidays."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from yinling.kernel.actors import require
from yinling.kernel.clock import civil_date
from yinling.kernel.errors import NotFound
from yinling.reference import listings, queries, services
from yinling.reference.forms import VerifyForm
from yinling.reference.permissions import Reference
from yinling.web.pieces import Crumb
from yinling.web.refusals import refusals_beside
from yinling.web.requests import StaffRequest


@login_required
@require_GET
def parameters(request: StaffRequest) -> HttpResponse:
    """What is in force, group by group; filters in the address."""
    require(request.user, Reference.READ)
    query, state = request.GET.get("q", ""), request.GET.get("state", "")
    rows = listings.parameters(query=query, state=state)
    context = {"rows": rows, "states": listings.state_chips(), "query": query, "today": civil_date()}
    return render(request, "reference/parameters.html", context)


@login_required
@require_GET
def parameter(request: StaffRequest, key: str) -> HttpResponse:
    """One parameter: what is in force, and everything that ever was, with who withdrew what when."""
    require(request.user, Reference.READ)
    rows = listings.history(key)
    if not rows:
        raise NotFound("parameter")
    crumbs = [Crumb(_("Parameters"), "../.."), Crumb(key)]
    context = {"key": key, "rows": rows, "crumbs": crumbs, "today": civil_date()}
    return render(request, "reference/parameter.html", context)


@login_required
@require_GET
def lists(request: StaffRequest) -> HttpResponse:
    """All code lists, with how many codes wait to be verified."""
    require(request.user, Reference.READ)
    return render(request, "reference/lists.html", {"rows": listings.code_lists()})


@login_required
@require_GET
def code_list(request: StaffRequest, key: str) -> HttpResponse:
    """One list and its codes."""
    require(request.user, Reference.READ)
    listed = listings.code_list(key)
    crumbs = [Crumb(_("Code lists"), ".."), Crumb(listed.key)]
    context = {"listed": listed, "rows": listings.codes(key), "crumbs": crumbs}
    return render(request, "reference/code_list.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def verify(request: StaffRequest, table: str, uid: UUID) -> HttpResponse:
    """Say against which document a value was compared."""
    require(request.user, Reference.VERIFY)
    row = listings.row(table, uid)
    form = VerifyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refusals_beside(form):
            services.verify(table=table, uid=uid, source=form.cleaned_data["source"], by=request.user)
            return redirect(listings.address(row))
    return render(request, "reference/verify.html", {"form": form, "row": row, "back": listings.address(row)})


@login_required
@require_GET
def holidays(request: StaffRequest) -> HttpResponse:
    """The days of a year that differ from Monday to Friday."""
    require(request.user, Reference.READ)
    asked = request.GET.get("year", "")
    year = int(asked) if asked.isdigit() and len(asked) == 4 and asked != "0000" else civil_date().year
    today = civil_date().replace(year=year, day=1)
    context = {"year": year, "rows": queries.special_days(year), "doubt": queries.doubt_about(today, today)}
    return render(request, "reference/holidays.html", context)
