"""A member's own hours, under /my/hours/: what is saved, what was done, what can be done with it."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from yinling.kernel.clock import civil_date
from yinling.volunteers.queries.lists import OrderFilters, orders_for
from yinling.volunteers.queries.members import own_member
from yinling.volunteers.views.members import statement_of
from yinling.web.requests import StaffRequest


@login_required
@require_GET
def home(request: StaffRequest) -> HttpResponse:
    """My hours; for somebody who is no member, how to become one."""
    member = own_member(request.user)
    if member is None:
        return render(request, "volunteers/my_none.html", {})
    volunteer = getattr(member, "volunteer", None)
    mine = orders_for(request.user, OrderFilters()).order_by("-id")
    context = statement_of(member, request) | {
        "volunteer": volunteer, "year": civil_date().year,
        "orders": mine.filter(volunteer__member=member)[:10], "received": mine.filter(member=member)[:10],
        "requests": member.requests.order_by("-id")[:5], "receipts": member.receipts.order_by("-id")[:5],
    }  # fmt: skip
    return render(request, "volunteers/my_hours.html", context)
