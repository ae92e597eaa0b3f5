"""Public figures of the time bank: every one a sum of postings, read from the ledger when the page is made."""

import datetime as dt

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from yinling.kernel.actors import WHOLE_CITY
from yinling.kernel.clock import civil_date, now
from yinling.volunteers import parameters
from yinling.volunteers.models import Branch, Volunteer
from yinling.volunteers.queries import books


@require_safe
@cache_control(public=True, max_age=0, s_maxage=300)
def figures(request: HttpRequest) -> HttpResponse:
    """What the bank holds, what was given and received, and the rules in force."""
    totals = books.totals()
    year = books.monthly(WHOLE_CITY, (civil_date() - dt.timedelta(days=365)).replace(day=1))
    context = {
        "totals": totals, "limits": parameters.limits(), "redeem_age": parameters.redeem_age(), "at": now(),
        "expiry": parameters.expiry_months(), "cap_hours": parameters.limits().cap // 60,
        "day_hours": parameters.limits().day // 60, "branches": Branch.objects.open().count(),
        "volunteers": Volunteer.objects.active().count(), "language": get_language(),
        "months": [(f"{month}", given / 60, f"{given // 60:,}") for (_year, month), (given, _got) in year.items()],
        "csrf_token": "",
    }  # fmt: skip
    return render(request, "volunteers/public.html", context)
