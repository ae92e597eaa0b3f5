"""Stays: bed, moving, leaving, slips, and what was entered wrongly."""

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET, require_POST

from yinling.institutions import queries, services
from yinling.institutions.beds_free import bed_words
from yinling.institutions.forms import CorrectForm, DischargeForm, LeaveForm, MoveForm, TransferForm, VoidForm
from yinling.institutions.models import Institution, Leave, Stay
from yinling.institutions.models.sites import HOMES
from yinling.institutions.permissions import Institutions
from yinling.institutions.presenting import bed_choices, crumbs
from yinling.institutions.views.showing import show_form
from yinling.kernel.actors import require
from yinling.kernel.names import mask_name
from yinling.web.pieces import Crumb
from yinling.web.refusals import refusals_beside
from yinling.web.requests import StaffRequest


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
        "balances": services.balances(found), "doubts": services.payment_doubts(found),
        "kept_until": services.papers_kept_until(found), "crumbs": crumbs(found.institution, Crumb(found.number)),
        "may_admit": may and found.left_at is None and found.voided_at is None,
        "may_correct": may and found.left_at is not None and found.voided_at is None,
        "may_void": may and found.voided_at is None,
        "may_bill": request.user.may(Institutions.BILL, found.institution.place_key),
        "out": Leave.objects.filter(stay=found, back_at__isnull=True).first(),
    }  # fmt: skip
    return render(request, "institutions/stay.html", context)


def _stay_form(
    request: StaffRequest, found: Stay, form: Any, heading: str, action: str, verb: Any, note: str = ""
) -> HttpResponse:
    """A form about a stay: the verb is called when it is valid, then its page shows."""
    require(request.user, Institutions.ADMIT, found.institution.place_key)
    if request.method == "POST" and form.is_valid():
        with refusals_beside(form):
            done = verb(form.cleaned_data)
            return redirect("institutions:stay", done.uid if isinstance(done, Stay) else found.uid)
    way = crumbs(found.institution, Crumb(f"{mask_name(found.person.name)} · {heading}"))
    return show_form(request, form, heading, action, home=found.institution, crumbs=way, note=note)


@login_required
def move(request: StaffRequest, uid: UUID) -> HttpResponse:
    """Another bed of the home."""
    found = queries.stay(uid, request.user)
    form = MoveForm(request.POST or None, beds=bed_choices(found.institution))

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

    action = pgettext("to another home", "Transfer")
    return _stay_form(request, found, form, _("Transfer to another home"), action, verb)


@login_required
def discharge(request: StaffRequest, uid: UUID) -> HttpResponse:
    """The person has left."""
    found = queries.stay(uid, request.user)
    form = DischargeForm(request.POST or None)

    def verb(typed: dict[str, Any]) -> Stay:
        return services.discharge(stay_uid=uid, by=request.user, **typed)

    return _stay_form(request, found, form, _("Discharge"), _("Discharge"), verb)


@login_required
def correct(request: StaffRequest, uid: UUID) -> HttpResponse:
    """The time of leaving was written wrongly."""
    found = queries.stay(uid, request.user)
    form = CorrectForm(request.POST or None, initial={"left_at": found.left_at})

    def verb(typed: dict[str, Any]) -> Stay:
        return services.correct_discharge(stay_uid=uid, by=request.user, **typed)

    note = _("The bed stays the same. What was written before stays on record.")
    return _stay_form(request, found, form, _("Correct the time of leaving"), _("Correct"), verb, note)


@login_required
def void(request: StaffRequest, uid: UUID) -> HttpResponse:
    """The stay was entered by mistake."""
    found = queries.stay(uid, request.user)
    form = VoidForm(request.POST or None)

    def verb(typed: dict[str, Any]) -> Stay:
        return services.void_stay(stay_uid=uid, by=request.user, **typed)

    note = _(
        "For a stay that never took place: entered for the wrong person, or twice. The bed is free again for the whole "
        "time. Whoever lived here and has left is discharged instead."
    )
    return _stay_form(request, found, form, _("Void this stay"), _("Void"), verb, note)


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
