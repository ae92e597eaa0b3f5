"""Doubts about visits: the list, one of them with its evidence drawn, and what was found out."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from yinling.care import visit_drawing, visit_words
from yinling.care.forms import visits as forms
from yinling.care.models import Doubt
from yinling.care.queries import visits as queries
from yinling.care.services import doubts as services
from yinling.places.queries import tree
from yinling.web.form_pages import FormPage, form_page
from yinling.web.pieces import Chip
from yinling.web.requests import StaffRequest


@login_required
@require_GET
def doubt_list(request: StaffRequest) -> HttpResponse:
    """Visits that can hardly be true together. A case to look into, never a verdict."""
    found = queries.doubts_for(request.user, request.GET.get("state", ""), request.GET.get("kind", ""))
    places = tree()
    context = {
        "lines": [(one, visit_words.evidence(one), places.path(one.place_key)) for one in found],
        "states": [Chip(value, str(words)) for value, words in Doubt.State.choices],
        "kinds": [Chip(value, str(words)) for value, words in Doubt.Kind.choices],
    }  # fmt: skip
    return render(request, "care/doubt_list.html", context)


@login_required
def doubt(request: StaffRequest, uid: UUID) -> HttpResponse:
    """The evidence, drawn; the form for what was found out, for somebody other than the visitor."""
    found = queries.doubt_seen(uid, request.user)
    visits = list(found.visits.select_related("person", "visitor").order_by("started_at", "id"))
    here = reverse("care:doubt", args=[uid])
    page = FormPage(
        _("Visits to be looked into"), _("Write down"), _("Written down."), here, back=reverse("care:doubts"),
        template="care/doubt.html", more={
            "doubt": found, "words": visit_words.evidence(found), "lines": [visit_words.line(one) for one in visits],
            "track": visit_drawing.track(visits), "hours": visit_drawing.hours(visits),
            "finding": found.finding() if found.finding_sealed else "", "place": tree().path(found.place_key),
        },
    )  # fmt: skip
    form = forms.SettleForm(request.POST or None)
    return form_page(
        request, form,
        lambda given: services.settle_doubt(
            uid=uid, is_confirmed=given["is_confirmed"] == "yes", finding=given["finding"], by=request.user
        ), page,
    )  # fmt: skip
