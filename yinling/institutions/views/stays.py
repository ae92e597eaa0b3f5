"""Applications and stays: the waiting list, admission, moving, leaving, slips."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from yinling.institutions import queries, services
from yinling.institutions.beds_free import bed_words, free_beds
from yinling.institutions.forms import (
    AdmitForm,
    ApplyForm,
    DecisionForm,
    DischargeForm,
    LeaveForm,
    MoveForm,
    TransferForm,
)
from yinling.institutions.models import Application, Institution, Leave, Stay
from yinling.institutions.models.sites import HOMES
from yinling.institutions.permissions import Institutions
from yinling.institutions.presenting import crumbs, reasons_of
from yinling.kernel.actors import require
from yinling.kernel.errors import Refused
from yinling.kernel.names import mask_name
from yinling.reference.queries import label
from yinling.web.pieces import Crumb
from yinling.web.refusals import refuse_form
from yinling.web.requests import StaffRequest
from yinling.web.sentences import sentence


def _shown(request: StaffRequest, form: Any, heading: str, action: str, **more: Any) -> HttpResponse:
    context = {"form": form, "heading": heading, "action": action, **more}
    return render(request, "institutions/form.html", context, status=422 if form.errors else 200)


def _bed_choices(home: Institution) -> list[tuple[str, str]]:
    beds = free_beds(home).select_related("room").order_by("id")[:300]
    return [(str(bed.uid), f"{bed_words(bed)} · {label('bed_kind', bed.kind)}") for bed in beds]


@login_required
@require_GET
def waiting(request: StaffRequest) -> HttpResponse:
    """Applications to review, then the waiting list in its order, which the page states."""
    require(request.user, Institutions.READ)
    home = request.GET.get("home", "")
    uid = queries.institution(home, request.user).uid if len(home) == 36 else None
    rows = [
        (mask_name(one.person.name), label("bed_kind", one.bed_kind), reasons_of(one.reasons)[:1], one)
        for one in queries.waiting_list(request.user, uid)
    ]
    return render(request, "institutions/waiting.html", {"rows": rows})


@login_required
def apply(request: StaffRequest, uid: UUID) -> HttpResponse:
    """Enter an application for this home."""
    home = queries.institution(uid, request.user)
    require(request.user, Institutions.APPLY)
    form = ApplyForm(request.POST or None, initial={"person": request.GET.get("person", "")})
    if request.method == "POST" and form.is_valid():
        typed = dict(form.cleaned_data)
        try:
            made = services.apply_for_admission(
                person_uid=typed.pop("person"), institution_uid=uid, by=request.user, **typed
            )
        except Refused as refusal:
            refuse_form(form, refusal)
        else:
            return redirect("institutions:application", made.uid)
    heading = _("Application for admission")
    return _shown(request, form, heading, _("Enter"), home=home, crumbs=crumbs(home, Crumb(heading)))


def _application_context(found: Application, request: StaffRequest, **forms: Any) -> dict[str, Any]:
    home, may = found.institution, request.user.may
    return {
        "application": found, "name": mask_name(found.person.name), "reasons": reasons_of(found.reasons),
        "bed_kind": label("bed_kind", found.bed_kind), "crumbs": crumbs(home, Crumb(found.number)),
        "decision_form": forms.get("decision") or DecisionForm(),
        "admit_form": forms.get("admit")
        or AdmitForm(beds=_bed_choices(home), initial={"fee": f"{home.fees.get('low_fen', 0) / 100:.2f}"}),
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
    found, form = queries.application(uid, request.user), DecisionForm(request.POST)
    if form.is_valid():
        try:
            services.review(application_uid=uid, by=request.user, **form.cleaned_data)
        except Refused as refusal:
            refuse_form(form, refusal)
        else:
            return redirect("institutions:application", uid)
    context = _application_context(found, request, decision=form)
    return render(request, "institutions/application.html", context, status=422)


@login_required
@require_POST
def admit(request: StaffRequest, uid: UUID) -> HttpResponse:
    """The person moves in."""
    found = queries.application(uid, request.user)
    form = AdmitForm(request.POST, beds=_bed_choices(found.institution))
    if form.is_valid():
        typed = form.cleaned_data
        fee = int(typed["fee"] * 100) if typed["fee"] is not None else None
        try:
            done = services.admit(
                application_uid=uid, by=request.user, bed_uid=typed["bed"] or None, at=typed["at"], fee_fen=fee,
                agreement_number=typed["agreement_number"],
            )  # fmt: skip
        except Refused as refusal:
            refuse_form(form, refusal)
        else:
            for warning in done.warnings:
                messages.warning(request, sentence(warning), extra_tags="yellow")
            return redirect("institutions:stay", done.stay.uid)
    context = _application_context(found, request, admit=form)
    return render(request, "institutions/application.html", context, status=422)


@login_required
@require_GET
def stay(request: StaffRequest, uid: UUID) -> HttpResponse:
    """One stay: bed, leaves, balances, next steps."""
    require(request.user, Institutions.READ)
    found = queries.stay(uid, request.user)
    uses = list(found.uses.filter(superseded_at__isnull=True).select_related("bed__room").order_by("-valid_from"))
    may = request.user.may(Institutions.ADMIT, found.institution.place_key)
    context = {
        "stay": found, "name": mask_name(found.person.name), "uses": uses, "leaves": queries.leaves_of(found),
        "balances": services.balances(found), "crumbs": crumbs(found.institution, Crumb(found.number)),
        "may_admit": may and found.left_at is None and found.voided_at is None,
        "may_bill": request.user.may(Institutions.BILL, found.institution.place_key),
        "out": Leave.objects.filter(stay=found, back_at__isnull=True).first(),
    }  # fmt: skip
    return render(request, "institutions/stay.html", context)


def _stay_form(request: StaffRequest, found: Stay, form: Any, heading: str, action: str, verb: Any) -> HttpResponse:
    """A form about a stay: the verb is called when it is valid, then its page shows."""
    require(request.user, Institutions.ADMIT, found.institution.place_key)
    if request.method == "POST" and form.is_valid():
        try:
            done = verb(form.cleaned_data)
        except Refused as refusal:
            refuse_form(form, refusal)
        else:
            return redirect("institutions:stay", done.uid if isinstance(done, Stay) else found.uid)
    way = crumbs(found.institution, Crumb(f"{mask_name(found.person.name)} · {heading}"))
    return _shown(request, form, heading, action, home=found.institution, crumbs=way)


@login_required
def move(request: StaffRequest, uid: UUID) -> HttpResponse:
    """Another bed of the home."""
    found = queries.stay(uid, request.user)
    form = MoveForm(request.POST or None, beds=_bed_choices(found.institution))

    def verb(typed: dict[str, Any]) -> Any:
        return services.move(stay_uid=uid, bed_uid=typed["bed"], by=request.user, reason=typed["reason"])

    return _stay_form(request, found, form, _("Another bed"), _("Move"), verb)


@login_required
def transfer(request: StaffRequest, uid: UUID) -> HttpResponse:
    """To another home, in one step."""
    found = queries.stay(uid, request.user)
    homes = Institution.objects.visible_to(request.user, Institutions.ADMIT).filter(kind__in=HOMES, closed_on=None)
    choices = [(str(h.uid), h.name) for h in homes.exclude(pk=found.institution_id).order_by("name", "id")[:300]]
    form = TransferForm(request.POST or None, homes=choices)

    def verb(typed: dict[str, Any]) -> Stay:
        return services.transfer(stay_uid=uid, to_uid=typed["to"], by=request.user, reason=typed["reason"])

    return _stay_form(request, found, form, _("Transfer to another home"), _("Transfer"), verb)


@login_required
def discharge(request: StaffRequest, uid: UUID) -> HttpResponse:
    """The person has left."""
    found = queries.stay(uid, request.user)
    form = DischargeForm(request.POST or None)

    def verb(typed: dict[str, Any]) -> Stay:
        return services.discharge(stay_uid=uid, by=request.user, **typed)

    return _stay_form(request, found, form, _("Discharge"), _("Discharge"), verb)


@login_required
def leave(request: StaffRequest, uid: UUID) -> HttpResponse:
    """Write a slip."""
    found = queries.stay(uid, request.user)
    form = LeaveForm(request.POST or None)

    def verb(typed: dict[str, Any]) -> Any:
        return services.go_on_leave(stay_uid=uid, by=request.user, **typed)

    return _stay_form(request, found, form, _("Leave slip"), _("Write the slip"), verb)


@login_required
@require_GET
def slip(request: StaffRequest, uid: UUID) -> HttpResponse:
    """The slip, to print and sign."""
    require(request.user, Institutions.READ)
    found = queries.leave(uid, request.user)
    bed = found.stay.uses.filter(superseded_at__isnull=True, valid_to__isnull=True).select_related("bed__room").first()
    context = {
        "leave": found, "home": found.stay.institution, "person": found.stay.person,
        "bed": bed_words(bed.bed) if bed else "",
    }  # fmt: skip
    return render(request, "institutions/slip.html", context)


@login_required
@require_POST
def back(request: StaffRequest, uid: UUID) -> HttpResponse:
    """The resident is back."""
    found = services.come_back(leave_uid=uid, by=request.user)
    return redirect("institutions:stay", found.stay.uid)
