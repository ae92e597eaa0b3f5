"""The page of one person, its panels, and what is opened with a reason."""

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from yinling.kernel.clock import civil_date
from yinling.kernel.names import mask_name
from yinling.people.forms import RevealForm
from yinling.people.models import Consent, Guardian, HospitalStay, Kin, Person, Residence, Transfer, Willingness
from yinling.people.permissions import People
from yinling.people.presenting import crumbs, named_changes, person_rows
from yinling.people.queries import (
    file_ids,
    history_of,
    household_of,
    looks_at,
    merged_into,
    person_for_panel,
    person_page,
)
from yinling.people.services import reveal
from yinling.people.services.inquiries import inquiry_of
from yinling.people.views.around import household_lines
from yinling.places.queries import tree
from yinling.web.refusals import refusals_beside
from yinling.web.requests import StaffRequest

MAY = {
    "edit": People.EDIT, "register_death": People.REGISTER_DEATH, "transfer": People.TRANSFER, "reveal": People.REVEAL,
    "merge": People.MERGE, "inquire": People.INQUIRE,
}  # fmt: skip


def shell_context(person: Person, request: StaffRequest) -> dict[str, Any]:
    """What the head of a person's page shows."""
    may = {name: request.user.may(permission, person.place_key) for name, permission in MAY.items()}
    merged = merged_into(person, request.user)
    return {
        "person": person,
        "row": person_rows([person])[0],
        "crumbs": crumbs(person.place_key, request.user),
        "may": may,
        "merged": list(zip(merged, person_rows(merge.person for merge in merged), strict=True)),
        "inquiry": inquiry_of(person, request.user) if may["inquire"] else "",
        "transfer": Transfer.objects.filter(person=person, state=Transfer.SENT).first(),
    }


@login_required
@require_GET
def person(request: StaffRequest, uid: UUID) -> HttpResponse:
    """The shell: head and panels, which load by themselves."""
    found = person_page(uid, request.user)
    return render(request, "people/person.html", shell_context(found, request))


@login_required
def show(request: StaffRequest, uid: UUID) -> HttpResponse:
    """Open protected items with a reason; they are shown once, on this page."""
    found = person_page(uid, request.user)
    form, opened = RevealForm(request.POST or None), None
    if request.method == "POST" and form.is_valid():
        with refusals_beside(form):
            opened = reveal(
                uid=uid, items=tuple(form.cleaned_data["items"]), reason=form.cleaned_data["reason"], by=request.user
            )
    context = {**shell_context(found, request), "form": form, "opened": opened}
    response = render(request, "people/show.html", context, status=422 if form.errors else 200)
    response["Cache-Control"] = "no-store"
    return response


@login_required
@require_GET
def panel_card(request: StaffRequest, uid: UUID) -> HttpResponse:
    """Plain facts of the card."""
    found = person_for_panel(uid, request.user)
    files = file_ids(found)
    residences = Residence.objects.filter(person__in=files, superseded_at__isnull=True).order_by("-valid_from")
    stays = HospitalStay.objects.filter(person__in=files, superseded_at__isnull=True).order_by("-admitted_on")
    rows = [(tree().path(r.place_key), r) for r in residences[:10]]
    context = {
        "person": found, "residences": rows, "household": household_lines(household_of(found, request.user)),
        "may_edit": request.user.may(People.EDIT, found.place_key), "hospital_stays": stays[:5],
    }  # fmt: skip
    return render(request, "people/panels/card.html", context)


@login_required
@require_GET
def panel_kin(request: StaffRequest, uid: UUID) -> HttpResponse:
    """Kin, contacts, guardians."""
    found = person_for_panel(uid, request.user)
    files = file_ids(found)
    contacts = Kin.objects.filter(person__in=files, ended_at__isnull=True).order_by("-is_emergency", "id")
    guardians = Guardian.objects.holding(civil_date())
    context = {
        "person": found,
        "kin": [(mask_name(one.name), one) for one in contacts.select_related("person")[:20]],
        "guardians": guardians.filter(person__in=files).select_related("kin", "person").order_by("id")[:10],
        "may_edit": request.user.may(People.EDIT, found.place_key),
    }
    return render(request, "people/panels/kin.html", context)


@login_required
@require_GET
def panel_consents(request: StaffRequest, uid: UUID) -> HttpResponse:
    """Consents, and what the person answered about central care."""
    found = person_for_panel(uid, request.user)
    files = file_ids(found)
    context = {
        "person": found,
        "consents": Consent.objects.filter(person__in=files).select_related("person").order_by("-id")[:10],
        "willingness": Willingness.objects.filter(person__in=files).order_by("-asked_on", "-id").first(),
        "may_edit": request.user.may(People.EDIT, found.place_key),
    }
    return render(request, "people/panels/consents.html", context)


@login_required
@require_GET
def panel_looks(request: StaffRequest, uid: UUID) -> HttpResponse:
    """The access receipt: who opened this file, and why."""
    found = person_for_panel(uid, request.user)
    return render(
        request, "people/panels/looks.html", {"person": found, "looks": named_changes(looks_at(found), request.user)}
    )


@login_required
@require_GET
def receipt(request: StaffRequest, uid: UUID) -> HttpResponse:
    """The access receipt, to print for the person."""
    found = person_for_panel(uid, request.user)
    context = {
        "person": found,
        "row": person_rows([found])[0],
        "looks": named_changes(looks_at(found, 200), request.user),
    }
    return render(request, "people/receipt.html", context)


@login_required
@require_GET
def panel_history(request: StaffRequest, uid: UUID) -> HttpResponse:
    """What happened to the file."""
    found = person_for_panel(uid, request.user)
    return render(
        request,
        "people/panels/history.html",
        {"person": found, "changes": named_changes(history_of(found), request.user)},
    )
