"""Register, correct, move, register a death, hand over: one page and one service each."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from yinling.kernel.actors import require
from yinling.kernel.clock import civil_date
from yinling.kernel.errors import Refused
from yinling.people import services
from yinling.people.cards import entry_of
from yinling.people.forms import (
    CategoryForm,
    DeathForm,
    LeaveCategoryForm,
    MoveForm,
    PersonForm,
    ReasonForm,
    TransferForm,
    initial_of,
)
from yinling.people.matching import matches
from yinling.people.permissions import People
from yinling.people.presenting import person_rows
from yinling.people.queries import person_page
from yinling.people.rules import check
from yinling.people.views.changing import change
from yinling.web.refusals import refuse_form
from yinling.web.requests import StaffRequest


@login_required
def register(request: StaffRequest) -> HttpResponse:
    """Open a file; shows whom the entry resembles before it becomes a new person."""
    require(request.user, People.REGISTER)
    form, resembling = PersonForm(request.POST or None), []
    if request.method == "POST" and form.is_valid():
        try:
            sure = form.cleaned_data["is_new_for_sure"]
            person = services.register_person(entry=form.entry(), by=request.user, is_new_for_sure=sure)
        except Refused as refusal:
            resembling = _resembling(form, request) if refusal.field == "match" else []
            refuse_form(form, refusal)
        else:
            messages.success(request, _("The file is open."), extra_tags="ok")
            return redirect("people:person", person.uid)
    context = {"form": form, "resembling": resembling}
    return render(request, "people/register.html", context, status=422 if form.errors else 200)


def _resembling(form: PersonForm, request: StaffRequest) -> list[Any]:
    """Files the actor may see that the typed entry resembles."""
    found = matches(check(form.entry(), civil_date()).entry)
    mine = {
        p.uid
        for p in type(found[0].person).objects.visible_to(request.user).filter(pk__in=[m.person.pk for m in found])
    }
    form.data = {**form.data.dict(), "is_new_for_sure": "on"}  # type: ignore[attr-defined]
    return person_rows([match.person for match in found if match.person.uid in mine])


@login_required
def correct(request: StaffRequest, uid: UUID) -> HttpResponse:
    """Correct the card. Opening the form shows protected data, so it leaves a line."""
    person = person_page(uid, request.user)
    require(request.user, People.EDIT, person.place_key)
    if request.method == "GET":
        services.look(
            person=person, items=("document", "phone", "address"), by=request.user, reason=_("Correcting the card")
        )
    form = PersonForm(request.POST or None, initial=initial_of(entry_of(person)))
    form.fields["place"].disabled = True

    def act(_data: dict[str, Any]) -> None:
        services.correct_person(uid=uid, entry=form.entry(), by=request.user)

    return change(request, uid, form, act, (_("Correct the card"), _("Save")))


@login_required
def move(request: StaffRequest, uid: UUID) -> HttpResponse:
    """Record where the person lives from a day on."""

    def act(data: dict[str, Any]) -> None:
        services.move_person(uid=uid, to_key=data["place"], on=data["on"], reason=data["reason"], by=request.user)

    form = MoveForm(request.POST or None, initial={"on": civil_date()})
    return change(request, uid, form, act, (_("Record a move"), _("Save")))


@login_required
def death(request: StaffRequest, uid: UUID) -> HttpResponse:
    """Register a death."""

    def act(data: dict[str, Any]) -> None:
        services.register_death(uid=uid, died_on=data["died_on"], reason=data["reason"], by=request.user)

    form = DeathForm(request.POST or None)
    return change(request, uid, form, act, (_("Register a death"), _("Register")))


@login_required
def reverse_death(request: StaffRequest, uid: UUID) -> HttpResponse:
    """Take the registration of a death back."""

    def act(data: dict[str, Any]) -> None:
        services.reverse_death(uid=uid, reason=data["reason"], by=request.user)

    return change(request, uid, ReasonForm(request.POST or None), act, (_("Take a death back"), _("Take back")))


@login_required
def transfer(request: StaffRequest, uid: UUID) -> HttpResponse:
    """Offer the person to another county."""

    def act(data: dict[str, Any]) -> None:
        services.send_transfer(uid=uid, to_key=data["place"], note=data["note"], by=request.user)

    form = TransferForm(request.POST or None)
    return change(request, uid, form, act, (_("Hand over to another county"), _("Send")))


@login_required
def category(request: StaffRequest, uid: UUID) -> HttpResponse:
    """Put the person into a category."""

    def act(data: dict[str, Any]) -> None:
        services.join_category(uid=uid, by=request.user, **data)

    return change(request, uid, CategoryForm(request.POST or None), act, (_("Add a category"), _("Add")))


@login_required
def leave_category(request: StaffRequest, uid: UUID) -> HttpResponse:
    """End a category the person is in."""
    person = person_page(uid, request.user)
    require(request.user, People.EDIT, person.place_key)
    held = person.open_categories  # type: ignore[attr-defined]
    form = LeaveCategoryForm(request.POST or None, held=held, initial={"on": civil_date()})

    def act(data: dict[str, Any]) -> None:
        services.leave_category(uid=uid, by=request.user, **data)

    return change(request, uid, form, act, (_("End a category"), _("End the category")))
