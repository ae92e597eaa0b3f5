"""Applications: the waiting list, entering, deciding, a bed kept, moving in, withdrawing."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from yinling.institutions import queries, services
from yinling.institutions.beds_free import bed_words
from yinling.institutions.forms import AdmitForm, ApplyForm, ChooseHomeForm, DecisionForm, ReserveForm, WithdrawForm
from yinling.institutions.models import Application, Institution
from yinling.institutions.permissions import Institutions
from yinling.institutions.presenting import bed_choices, crumbs, home_choices, kept_until, person_words, reasons_of
from yinling.institutions.views.showing import show_form
from yinling.kernel.actors import require
from yinling.kernel.errors import NotFound
from yinling.kernel.names import mask_name
from yinling.kernel.uids import uid_of
from yinling.people.models import Person
from yinling.people.queries import Filters as PersonFilters
from yinling.people.queries import find_persons, person_for_panel
from yinling.reference.queries import label
from yinling.web.pieces import Crumb
from yinling.web.refusals import refusals_beside
from yinling.web.requests import StaffRequest
from yinling.web.sentences import sentence


@login_required
@require_GET
def waiting(request: StaffRequest) -> HttpResponse:
    """Applications to review, then the waiting list in its order, which the page states."""
    require(request.user, Institutions.READ)
    home = uid_of(request.GET.get("home", ""))
    uid = queries.institution(home, request.user).uid if home else None
    rows = [
        (mask_name(one.person.name), label("bed_kind", one.bed_kind), reasons_of(one.reasons)[:1], one)
        for one in queries.waiting_list(request.user, uid)
    ]
    context = {"rows": rows, "may_export": request.user.may(Institutions.EXPORT)}
    return render(request, "institutions/waiting.html", context)


def _applicant(request: StaffRequest) -> Person | None:
    """The person named in the address, when the user may see them. Raises NotFound."""
    uid = uid_of(request.GET.get("person", ""))
    return person_for_panel(uid, request.user) if uid else None


@login_required
def apply(request: StaffRequest, uid: UUID) -> HttpResponse:
    """Enter an application for this home: first find the person, then say what is wanted."""
    require(request.user, Institutions.APPLY)
    home, person = queries.institution(uid, request.user), _applicant(request)
    if person is None and request.method != "POST":
        return _find_applicant(request, home)
    form = ApplyForm(request.POST or None, initial={"person": person.uid if person else ""})
    if request.method == "POST" and form.is_valid():
        typed = dict(form.cleaned_data)
        with refusals_beside(form):
            made = services.apply_for_admission(
                person_uid=typed.pop("person"), institution_uid=uid, by=request.user, **typed
            )
            return redirect("institutions:application", made.uid)
    heading = _("Application for admission")
    way, note = crumbs(home, Crumb(heading)), person_words(person) if person else ""
    return show_form(request, form, heading, _("Enter"), home=home, crumbs=way, note=note)


def _find_applicant(request: StaffRequest, home: Institution) -> HttpResponse:
    """Search first: by name, reading, initials, ID or telephone, within what the user may see."""
    text = request.GET.get("who", "").strip()[:60]
    found = find_persons(PersonFilters(text=text), by=request.user, size=20).persons if text else ()
    context = {
        "home": home, "text": text, "rows": [(person.uid, person_words(person)) for person in found],
        "crumbs": crumbs(home, Crumb(_("Application for admission"))),
    }  # fmt: skip
    return render(request, "institutions/find_applicant.html", context)


@login_required
@require_GET
def choose_home(request: StaffRequest) -> HttpResponse:
    """A person wants to live in a home: which one?"""
    require(request.user, Institutions.APPLY)
    person = _applicant(request)
    if person is None:
        raise NotFound("person")
    form = ChooseHomeForm(request.GET if "home" in request.GET else None, homes=home_choices(request.user))
    if form.is_bound and form.is_valid():
        url = reverse("institutions:apply", args=[form.cleaned_data["home"]])
        return redirect(f"{url}?person={person.uid}")
    context = {"form": form, "person": person, "words": person_words(person)}
    return render(request, "institutions/choose_home.html", context)


def _application_context(found: Application, request: StaffRequest, **forms: Any) -> dict[str, Any]:
    home, may = found.institution, request.user.may
    beds, reserved = bed_choices(home), queries.reservation_of(found)
    first = _("The reserved bed") if reserved else _("The first free bed")
    return {
        "application": found, "name": mask_name(found.person.name), "reasons": reasons_of(found.reasons),
        "bed_kind": label("bed_kind", found.bed_kind), "crumbs": crumbs(home, Crumb(found.number)),
        "decision_form": forms.get("decision") or DecisionForm(),
        "admit_form": forms.get("admit")
        or AdmitForm(beds=beds, first=first, initial={"fee": f"{home.fees.get('low_fen', 0) / 100:.2f}"}),
        "reserved": reserved, "reserved_bed": bed_words(reserved.bed) if reserved else "",
        "kept_until": kept_until(reserved),
        "reserve_form": forms.get("reserve") or ReserveForm(beds=beds),
        "withdraw_form": forms.get("withdraw") or WithdrawForm(),
        "may_withdraw": may(Institutions.APPLY, home.place_key) and found.state in ("submitted", "waiting"),
        "may_review": may(Institutions.REVIEW, home.place_key) and found.state == "submitted",
        "may_admit": may(Institutions.ADMIT, home.place_key) and found.state == "waiting",
    }  # fmt: skip


@login_required
@require_GET
def application(request: StaffRequest, uid: UUID) -> HttpResponse:
    """One application: class with reasons, and the next step."""
    require(request.user, Institutions.READ)
    found = queries.application(uid, request.user)
    return render(request, "institutions/application.html", _application_context(found, request))


@login_required
@require_POST
def decide(request: StaffRequest, uid: UUID) -> HttpResponse:
    """Accept onto the waiting list, or refuse with a reason."""
    found = queries.application(uid, request.user)

    def verb(typed: dict[str, Any]) -> Any:
        return services.review(application_uid=uid, by=request.user, **typed)

    return _decided(request, found, Institutions.REVIEW, "decision", DecisionForm(request.POST), verb)


@login_required
@require_POST
def admit(request: StaffRequest, uid: UUID) -> HttpResponse:
    """The person moves in."""
    found = queries.application(uid, request.user)
    require(request.user, Institutions.ADMIT, found.institution.place_key)
    form = AdmitForm(request.POST, beds=bed_choices(found.institution), first="")
    if form.is_valid():
        typed = form.cleaned_data
        fee = int(typed["fee"] * 100) if typed["fee"] is not None else None
        with refusals_beside(form):
            done = services.admit(
                application_uid=uid, by=request.user, bed_uid=typed["bed"] or None, at=typed["at"], fee_fen=fee,
                agreement_number=typed["agreement_number"],
            )  # fmt: skip
            for warning in done.warnings:
                messages.warning(request, sentence(warning), extra_tags="yellow")
            return redirect("institutions:stay", done.stay.uid)
    context = _application_context(found, request, admit=form)
    return render(request, "institutions/application.html", context, status=422)


def _decided(
    request: StaffRequest, found: Application, permission: Institutions, name: str, form: Any, verb: Any
) -> HttpResponse:
    """One of the forms of the application's page: done, or shown again with the sentence."""
    require(request.user, permission, found.institution.place_key)
    if form.is_valid():
        with refusals_beside(form):
            verb(form.cleaned_data)
            return redirect("institutions:application", found.uid)
    context = _application_context(queries.application(found.uid, request.user), request, **{name: form})
    return render(request, "institutions/application.html", context, status=422)


@login_required
@require_POST
def reserve(request: StaffRequest, uid: UUID) -> HttpResponse:
    """Keep a bed for somebody on the waiting list."""
    found = queries.application(uid, request.user)
    form = ReserveForm(request.POST, beds=bed_choices(found.institution))

    def verb(typed: dict[str, Any]) -> Any:
        return services.reserve_bed(application_uid=uid, bed_uid=typed["bed"] or None, by=request.user)

    return _decided(request, found, Institutions.ADMIT, "reserve", form, verb)


@login_required
@require_POST
def release(request: StaffRequest, uid: UUID) -> HttpResponse:
    """Give the reserved bed back."""
    services.release_bed(application_uid=queries.application(uid, request.user).uid, by=request.user)
    return redirect("institutions:application", uid)


@login_required
@require_POST
def withdraw(request: StaffRequest, uid: UUID) -> HttpResponse:
    """The family no longer wants the place."""
    found = queries.application(uid, request.user)

    def verb(typed: dict[str, Any]) -> Any:
        return services.withdraw(application_uid=uid, by=request.user, **typed)

    return _decided(request, found, Institutions.APPLY, "withdraw", WithdrawForm(request.POST), verb)
