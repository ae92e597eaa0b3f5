"""The page of one person, its panels, and what is opened with a reason."""

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from yinling.accounts.models import User
from yinling.kernel.errors import Refused
from yinling.kernel.names import mask_name
from yinling.people.forms import RevealForm
from yinling.people.models import Consent, Guardian, Kin, Person, Residence, Transfer, Willingness
from yinling.people.permissions import People
from yinling.people.presenting import crumbs, person_rows
from yinling.people.queries import file_ids, history_of, looks_at, person_for_panel, person_page
from yinling.people.services import reveal
from yinling.places.queries import tree
from yinling.web.refusals import refuse_form
from yinling.web.requests import StaffRequest

MAY = {
    "edit": People.EDIT, "register_death": People.REGISTER_DEATH, "transfer": People.TRANSFER, "reveal": People.REVEAL,
    "merge": People.MERGE,
}  # fmt: skip


def shell_context(person: Person, request: StaffRequest) -> dict[str, Any]:
    """What the head of a person's page shows."""
    return {
        "person": person,
        "row": person_rows([person])[0],
        "crumbs": crumbs(person.place_key, request.user),
        "may": {name: request.user.may(permission, person.place_key) for name, permission in MAY.items()},
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
        try:
            opened = reveal(
                uid=uid, items=tuple(form.cleaned_data["items"]), reason=form.cleaned_data["reason"], by=request.user
            )
        except Refused as refusal:
            refuse_form(form, refusal)
    context = {**shell_context(found, request), "form": form, "opened": opened}
    response = render(request, "people/show.html", context, status=422 if form.errors else 200)
    response["Cache-Control"] = "no-store"
    return response


@login_required
@require_GET
def panel_card(request: StaffRequest, uid: UUID) -> HttpResponse:
    """Plain facts of the card."""
    found = person_for_panel(uid, request.user)
    residences = Residence.objects.filter(person__in=file_ids(found), superseded_at__isnull=True).order_by(
        "-valid_from"
    )
    rows = [(tree().path(r.place_key), r) for r in residences[:10]]
    household = list(found.household.members.exclude(pk=found.pk)[:10]) if found.household else []
    context = {"person": found, "residences": rows, "household": person_rows(household)}
    return render(request, "people/panels/card.html", context)


@login_required
@require_GET
def panel_kin(request: StaffRequest, uid: UUID) -> HttpResponse:
    """Kin, contacts, guardians."""
    found = person_for_panel(uid, request.user)
    files = file_ids(found)
    context = {
        "person": found,
        "kin": [(mask_name(k.name), k) for k in Kin.objects.filter(person__in=files, ended_at__isnull=True)[:20]],
        "guardians": Guardian.objects.filter(person__in=files, superseded_at__isnull=True).select_related("kin")[:10],
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
        "consents": Consent.objects.filter(person__in=files).order_by("-id")[:10],
        "willingness": Willingness.objects.filter(person__in=files).order_by("-asked_on", "-id").first(),
        "may_edit": request.user.may(People.EDIT, found.place_key),
    }
    return render(request, "people/panels/consents.html", context)


@login_required
@require_GET
def panel_looks(request: StaffRequest, uid: UUID) -> HttpResponse:
    """The access receipt: who opened this file, and why."""
    found = person_for_panel(uid, request.user)
    return render(request, "people/panels/looks.html", {"person": found, "looks": _named(looks_at(found), request)})


@login_required
@require_GET
def receipt(request: StaffRequest, uid: UUID) -> HttpResponse:
    """The access receipt, to print for the person."""
    found = person_for_panel(uid, request.user)
    context = {"person": found, "row": person_rows([found])[0], "looks": _named(looks_at(found, 200), request)}
    return render(request, "people/receipt.html", context)


@login_required
@require_GET
def panel_history(request: StaffRequest, uid: UUID) -> HttpResponse:
    """What happened to the file."""
    found = person_for_panel(uid, request.user)
    return render(
        request, "people/panels/history.html", {"person": found, "changes": _named(history_of(found), request)}
    )


def _named(changes: list[Any], request: StaffRequest) -> list[tuple[str, str, Any]]:
    """Who acted, in words, beside each change. One query."""
    users = {
        u.uid: u for u in User.objects.filter(uid__in={c.actor_uid for c in changes}).prefetch_related("assignments")
    }
    named = []
    for change in changes:
        user = users.get(change.actor_uid)
        who = _("You") if user == request.user else (mask_name(user.name) if user else _("Yinling"))
        where = tree().name(user.place_key) if user and user.place_key else ""
        named.append((who, where, change))
    return named
