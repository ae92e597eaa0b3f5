"""Paper: sheets with a code for each line, and the page on which they are entered by keyboard."""

import datetime as dt
from collections.abc import Mapping
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from yinling.care import visit_words
from yinling.care.models import Visit, Visitor
from yinling.care.permissions import Care
from yinling.care.queries import visits as queries
from yinling.care.rules.sheets import Typed, code_of
from yinling.care.services import paper as services
from yinling.care.services import visits as visit_services
from yinling.kernel.actors import require
from yinling.kernel.clock import civil_date
from yinling.kernel.errors import NotFound
from yinling.kernel.uids import uid_of
from yinling.people.services import look
from yinling.places.queries import tree
from yinling.reference.queries import label
from yinling.web.requests import StaffRequest
from yinling.web.sentences import sentence

LINES = 20
FIELDS = ("code", "day", "start", "minutes", "contact", "found", "actions", "way")


def _monday(text: str) -> dt.date:
    try:
        day = dt.date.fromisoformat(text)
    except ValueError:
        day = civil_date()
    return day - dt.timedelta(days=day.weekday())


@login_required
@require_GET
def sheets(request: StaffRequest) -> HttpResponse:
    """Whose sheet, and for which week."""
    require(request.user, Care.ENTER)
    place = request.GET.get("place", "")
    places, monday = tree(), _monday(request.GET.get("week", ""))
    found = queries.visitors_of(request.user, int(place) if place.isascii() and place.isdigit() else 0)
    context = {
        "visitors": [(one, places.path(one.place_key)) for one in found], "monday": monday,
        "before": monday - dt.timedelta(days=7), "after": monday + dt.timedelta(days=7),
    }  # fmt: skip
    return render(request, "care/sheets.html", context)


@login_required
@require_GET
def sheet(request: StaffRequest, uid: UUID) -> HttpResponse:
    """The sheet of a visitor's week: their own, or for a clerk."""
    visitor = Visitor.objects.select_related("user").filter(uid=uid).first()
    own = visit_services.own_visitor(request.user)
    if visitor is None or (own is None or own.pk != visitor.pk):
        require(request.user, Care.ENTER)
        visitor = Visitor.objects.visible_to(request.user, Care.ENTER).one(uid=uid)
    monday = _monday(request.GET.get("week", ""))
    lines = queries.sheet_lines(visitor, monday, request.user)
    for one in lines:
        look(person=one.person, items=("address",), by=request.user, reason="paper sheet")
    context = {
        "visitor": visitor, "monday": monday, "sunday": monday + dt.timedelta(days=6),
        "village": tree().path(visitor.place_key),
        "lines": [_printed(one) for one in lines],
        "actions": [(digit, label("visit_action", code)) for digit, code in services.action_digits().items()],
        "back": reverse("care:my_visits") if own and own.pk == visitor.pk else reverse("care:sheets"),
    }  # fmt: skip
    return render(request, "care/sheet.html", context)


def _printed(one: Visit) -> tuple[object, ...]:
    code = code_of(one.pk)
    address = one.person.address() if one.person.address_sealed else ""
    return visit_words.line(one), visit_words.call(one.person), address, code, visit_words.qr(code, 1)


@login_required
def enter(request: StaffRequest) -> HttpResponse:
    """Twenty lines by keyboard. All or none: what is wrong stands beside its line, and nothing is written."""
    require(request.user, Care.ENTER)
    lines = _typed(request.POST) if request.method == "POST" else _prefilled(request)
    wrong: dict[int, str] = {}
    if request.method == "POST":
        count, faults = services.enter_sheet(lines=lines, by=request.user)
        wrong = {one.number: sentence(one.reason) for one in faults}
        if not wrong and count:
            words = ngettext("{n} visit entered.", "{n} visits entered.", count).format(n=count)
            messages.success(request, words, extra_tags="ok")
            return redirect("care:enter")
        if not wrong:
            wrong = {0: _("Nothing was filled in. Type the code of the first line.")}
    names = services.names_of(lines, request.user)
    rows = [(at, one, names.get(at), wrong.get(at, "")) for at, one in enumerate(lines)]
    context = {
        "rows": [(at, one, visit_words.line(seen) if seen else None, no) for at, one, seen, no in rows],
        "wrong": len(wrong), "actions": [(d, label("visit_action", c)) for d, c in services.action_digits().items()],
    }  # fmt: skip
    return render(request, "care/enter.html", context, status=422 if wrong else 200)


def _typed(given: Mapping[str, str]) -> list[Typed]:
    return [Typed(*(given.get(f"{name}-{at}", "").strip()[:12] for name in FIELDS)) for at in range(LINES)]


def _prefilled(request: StaffRequest) -> list[Typed]:
    """Empty lines; with a visitor and a week in the address, the codes of that sheet."""
    asked, lines = uid_of(request.GET.get("visitor", "")), []
    if asked is not None:
        visitor = Visitor.objects.visible_to(request.user, Care.ENTER).filter(uid=asked).first()
        if visitor is None:
            raise NotFound("visitor")
        week = queries.sheet_lines(visitor, _monday(request.GET.get("week", "")), request.user)
        lines = [Typed(code=code_of(one.pk)) for one in week[:LINES]]
    return [*lines, *[Typed()] * (LINES - len(lines))]
