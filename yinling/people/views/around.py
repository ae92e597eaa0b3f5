"""People around a person: contacts, guardians, the household."""

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from yinling.kernel.clock import civil_date
from yinling.kernel.errors import NotFound
from yinling.people import services
from yinling.people.forms import EndForm, GuardianForm, HouseholdForm, KinForm, ReasonForm
from yinling.people.models import Kin, Membership, Person
from yinling.people.presenting import person_rows
from yinling.people.queries import household_of, person_page
from yinling.people.views.changing import candidates, change, file_response, uid_in
from yinling.web.refusals import refusals_beside
from yinling.web.requests import StaffRequest


@login_required
def kin(request: StaffRequest, uid: UUID) -> HttpResponse:
    """Add a relative or contact."""

    def act(data: dict[str, Any]) -> None:
        services.add_kin(uid=uid, by=request.user, **data)

    return change(request, uid, KinForm(request.POST or None), act, (_("Add a contact"), _("Add")))


def _kin_of(request: StaffRequest, uid: UUID, kin_uid: UUID) -> Kin:
    found = Kin.objects.visible_to(request.user).filter(person__uid=uid, uid=kin_uid, ended_at__isnull=True).first()
    if found is None:
        raise NotFound("kin")
    return found


@login_required
def correct_kin(request: StaffRequest, uid: UUID, kin_uid: UUID) -> HttpResponse:
    """Correct a contact. The number on file is not shown: it stays unless another is typed."""
    person_page(uid, request.user)
    found = _kin_of(request, uid, kin_uid)
    initial = {name: getattr(found, name) for name in ("name", "relation", "lives_at", "is_emergency")}
    form = KinForm(request.POST or None, initial=initial)
    form.fields["phone"].help_text = _("Leave empty to keep the number on file.")

    def act(data: dict[str, Any]) -> None:
        services.correct_kin(uid=uid, kin_uid=kin_uid, by=request.user, **data)

    return change(request, uid, form, act, (_("Correct a contact"), _("Save")))


@login_required
def end_kin(request: StaffRequest, uid: UUID, kin_uid: UUID) -> HttpResponse:
    """Strike a contact off."""
    person_page(uid, request.user)
    _kin_of(request, uid, kin_uid)

    def act(data: dict[str, Any]) -> None:
        services.end_kin(uid=uid, kin_uid=kin_uid, reason=data["reason"], by=request.user)

    return change(request, uid, ReasonForm(request.POST or None), act, (_("Strike a contact off"), _("Strike off")))


@login_required
def guardian(request: StaffRequest, uid: UUID) -> HttpResponse:
    """Record a guardian with the proof."""
    person = person_page(uid, request.user)
    contacts = Kin.objects.filter(person=person, ended_at__isnull=True).order_by("id")
    form = GuardianForm(request.POST or None, request.FILES or None, kin=contacts, initial={"valid_from": civil_date()})

    def act(data: dict[str, Any]) -> None:
        scan = data.pop("scan")
        proof = {"uid": uid, "purpose": "proof of guardianship", "by": request.user}
        kept = services.keep_proof(stream=scan, name=scan.name, **proof) if scan else None
        services.add_guardian(uid=uid, by=request.user, proof_file_uid=kept, **data)

    return change(request, uid, form, act, (_("Record a guardian"), _("Save")))


@login_required
def end_guardian(request: StaffRequest, uid: UUID, guardian_uid: UUID) -> HttpResponse:
    """End a guardianship."""

    def act(data: dict[str, Any]) -> None:
        services.end_guardian(uid=uid, guardian_uid=guardian_uid, by=request.user, **data)

    form = EndForm(request.POST or None, initial={"on": civil_date()})
    return change(request, uid, form, act, (_("End a guardianship"), _("End the guardianship")))


@login_required
@require_GET
def proof(request: StaffRequest, uid: UUID, guardian_uid: UUID) -> HttpResponseBase:
    """The scan of a guardian's proof; the look is recorded."""
    response = file_response(services.open_proof(uid=uid, guardian_uid=guardian_uid, by=request.user))
    response["Content-Disposition"] = "attachment"
    return response


@login_required
def household(request: StaffRequest, uid: UUID) -> HttpResponse:
    """With whom the person lives: look for somebody of the household, say what the person is to its head."""
    person = person_page(uid, request.user)
    other = person_page(chosen, request.user) if (chosen := uid_in(request, "with")) else None
    form = HouseholdForm(request.POST or None, initial={"on": civil_date()})
    if other is None:
        form.fields.pop("relation")
    if request.method == "POST" and form.is_valid():
        with refusals_beside(form):
            services.enter_household(
                uid=uid, with_uid=other.uid if other else None, on=form.cleaned_data["on"],
                relation=form.cleaned_data.get("relation", Membership.HEAD), by=request.user,
            )  # fmt: skip
            return redirect("people:person", uid)
    context = {"form": form, **_household_context(request, person, other)}
    return render(request, "people/household.html", context, status=422 if form.errors else 200)


def _household_context(request: StaffRequest, person: Person, other: Person | None) -> dict[str, Any]:
    family = Person.objects.visible_to(request.user).filter(
        pk__in=Kin.objects.filter(person=person, ended_at__isnull=True).values("kin_person")
    )
    return {
        "person": person,
        "row": person_rows([person])[0],
        "other": person_rows([other])[0] if other else None,
        "found": [] if other else candidates(request, person, family),
        "members": household_lines(household_of(other or person, request.user)),
    }


def household_lines(members: list[Person]) -> list[tuple[Any, str]]:
    """Each member with what the person is to the head (a code, "" where nobody has said), the head first."""
    codes = {member.pk: member.relation or "" for member in members}  # type: ignore[attr-defined]
    line = sorted(members, key=lambda member: codes[member.pk] != Membership.HEAD)
    return [(row, codes[member.pk]) for row, member in zip(person_rows(line), line, strict=True)]
