"""Consents and wishes: give, withdraw, print."""

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from yinling.kernel.actors import require
from yinling.kernel.clock import civil_date
from yinling.people import services
from yinling.people.forms import ConsentForm, EndForm, SheetForm, WillingnessForm
from yinling.people.models import Consent, Guardian
from yinling.people.permissions import People
from yinling.people.presenting import person_rows
from yinling.people.queries import person_page
from yinling.people.views.changing import change, file_response
from yinling.web.requests import StaffRequest


@login_required
def consent(request: StaffRequest, uid: UUID) -> HttpResponse:
    """Record a consent."""
    person = person_page(uid, request.user)
    guardians = Guardian.objects.holding(civil_date()).filter(person=person).select_related("kin")
    form = ConsentForm(request.POST or None, guardians=guardians)

    def act(_data: dict[str, Any]) -> None:
        services.give_consent(uid=uid, by=request.user, **form.given())

    return change(request, uid, form, act, (_("Record a consent"), _("Save")))


@login_required
def withdraw(request: StaffRequest, uid: UUID, consent_uid: UUID) -> HttpResponse:
    """Take a consent back."""
    form = EndForm(request.POST or None, initial={"on": civil_date()})
    form.fields["on"].label = _("Taken back on")
    form.fields["reason"].label = _("How, and said to whom")
    form.fields["reason"].help_text = _("The person need not say why.")

    def act(data: dict[str, Any]) -> None:
        services.withdraw_consent(uid=uid, consent_uid=consent_uid, by=request.user, **data)

    return change(request, uid, form, act, (_("Withdraw a consent"), _("Withdraw the consent")))


@login_required
@require_GET
def consent_sheet(request: StaffRequest, uid: UUID, consent_uid: UUID) -> HttpResponse:
    """A consent to print, with the full name, so that it can be signed: leaves a line."""
    person = person_page(uid, request.user)
    found = Consent.objects.select_related("guardian__kin").one(uid=consent_uid, person=person)
    services.look(person=person, items=("name",), by=request.user, reason=_("Printing a consent"))
    back = reverse("people:person", args=[uid])
    context = {"person": person, "row": person_rows([person], names=True)[0], "consent": found, "back": back}
    response = render(request, "people/consent_sheet.html", context)
    response["Cache-Control"] = "no-store"
    return response


@login_required
def attach_sheet(request: StaffRequest, uid: UUID, consent_uid: UUID) -> HttpResponse:
    """Attach the signed sheet of a consent, photographed or scanned."""
    person = person_page(uid, request.user)
    require(request.user, People.EDIT, person.place_key)
    Consent.objects.one(uid=consent_uid, person=person)

    def act(data: dict[str, Any]) -> None:
        sheet = data["sheet"]
        services.keep_sheet(uid=uid, consent_uid=consent_uid, stream=sheet, name=sheet.name, by=request.user)

    form = SheetForm(request.POST or None, request.FILES or None)
    return change(request, uid, form, act, (_("Signed sheet of a consent"), _("Attach")))


@login_required
@require_GET
def signed_sheet(request: StaffRequest, uid: UUID, consent_uid: UUID) -> HttpResponseBase:
    """The signed sheet of a consent; the look is recorded."""
    response = file_response(services.open_sheet(uid=uid, consent_uid=consent_uid, by=request.user))
    response["Content-Disposition"] = "attachment"
    return response


@login_required
def willingness(request: StaffRequest, uid: UUID) -> HttpResponse:
    """Record the answer about central care."""

    def act(data: dict[str, Any]) -> None:
        services.record_willingness(uid=uid, by=request.user, **data)

    form = WillingnessForm(request.POST or None, initial={"asked_on": civil_date()})
    return change(request, uid, form, act, (_("Willingness for central care"), _("Save")))
