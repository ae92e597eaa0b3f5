"""Inquiries into abuse. Every page asks for the permission first, so that nobody else learns whether there is one."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from yinling.kernel.actors import require
from yinling.people import services
from yinling.people.forms import CloseInquiryForm, InquiryForm
from yinling.people.models import Inquiry
from yinling.people.permissions import People
from yinling.people.presenting import named_changes, person_rows
from yinling.people.queries import looks_under, person_page
from yinling.web.paging import keyset_page
from yinling.web.refusals import refusals_beside
from yinling.web.requests import StaffRequest


@login_required
@require_GET
def inquiry_list(request: StaffRequest) -> HttpResponse:
    """Inquiries in my divisions: the open ones, or with `state=closed` those that ended."""
    require(request.user, People.INQUIRE)
    is_closed = request.GET.get("state") == "closed"
    found = Inquiry.objects.visible_to(request.user).filter(closed_at__isnull=not is_closed).select_related("person")
    page = keyset_page(found, order=("id",), address=request.GET)
    rows = list(zip(page.rows, person_rows(inquiry.person for inquiry in page.rows), strict=True))
    return render(request, "people/inquiries.html", {"page": page, "rows": rows, "is_closed": is_closed})


@login_required
def open_inquiry(request: StaffRequest, uid: UUID) -> HttpResponse:
    """Open an inquiry into what was done to a person."""
    require(request.user, People.INQUIRE)
    person = person_page(uid, request.user)
    form = InquiryForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refusals_beside(form):
            opened = services.open_inquiry(uid=uid, why=form.cleaned_data["why"], by=request.user)
            return redirect("people:inquiry", opened.uid)
    context = {"form": form, "person": person, "row": person_rows([person])[0]}
    return render(request, "people/open_inquiry.html", context, status=422 if form.errors else 200)


@login_required
def inquiry(request: StaffRequest, uid: UUID) -> HttpResponse:
    """One inquiry: its cause, the looks made under it, and how it ends."""
    require(request.user, People.INQUIRE)
    found = Inquiry.objects.visible_to(request.user).select_related("person").one(uid=uid)
    form = CloseInquiryForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refusals_beside(form):
            services.close_inquiry(uid=uid, by=request.user, **form.cleaned_data)
            return redirect("people:inquiry", uid)
    looks = named_changes(looks_under(found), request.user)
    outcome = dict(CloseInquiryForm.base_fields["outcome"].choices).get(found.outcome)  # type: ignore[attr-defined]
    context = {
        "inquiry": found,
        "form": form,
        "row": person_rows([found.person])[0],
        "looks": looks,
        "outcome": outcome,
    }
    response = render(request, "people/inquiry.html", context, status=422 if form.errors else 200)
    response["Cache-Control"] = "no-store"
    return response
