"""Home beds: the list, one of them, its forms, the sheet of the contract, the panel on the person's page."""

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from yinling.care.forms import beds as forms
from yinling.care.forms.plans import offered_organisations
from yinling.care.models import HomeBed
from yinling.care.permissions import Care
from yinling.care.queries import beds as queries
from yinling.care.queries.plans import person_to_plan_for
from yinling.care.services import beds as services
from yinling.care.views.plans import may_enter
from yinling.devices.permissions import Devices
from yinling.devices.queries import devices_about
from yinling.kernel.actors import require
from yinling.kernel.clock import civil_date
from yinling.kernel.reasons import Reason
from yinling.people.queries import person_for_panel
from yinling.people.services import look
from yinling.reference.queries import label
from yinling.web.form_pages import FormPage, form_page
from yinling.web.paging import keyset_page
from yinling.web.pieces import Chip
from yinling.web.requests import StaffRequest
from yinling.web.sentences import sentence


@login_required
@require_GET
def bed_list(request: StaffRequest) -> HttpResponse:
    """Home beds I see, with the services of this month."""
    may_enter(request)
    filters = queries.BedFilters.from_address(request.GET)
    page = keyset_page(
        queries.beds_for(request.user, filters), order=("-applied_on", "-id"), address=request.GET, size=30
    )
    beds = list(page)
    counts = queries.services_in_month(beds, civil_date())
    in_time, calls = queries.answered_in_time(request.user)
    context = {
        "page": page, "rows": [(bed, counts.get(bed.pk, 0)) for bed in beds], "in_time": in_time, "calls": calls,
        "states": [Chip(value, str(words)) for value, words in HomeBed.State.choices],
        "may_export": request.user.may(Care.EXPORT),
    }  # fmt: skip
    return render(request, "care/bed_list.html", context)


@login_required
@require_GET
def bed(request: StaffRequest, uid: UUID) -> HttpResponse:
    """One home bed: criteria, contract, devices, services of the month, calls and how fast they were answered."""
    may_enter(request)
    found, user = queries.bed(uid, request.user), request.user
    here = found.person.place_key
    is_open = found.state in queries.OPEN
    context = {
        "bed": found, "person": found.person, "warnings": warning_words(found),
        "end": label("home_bed_end", found.end_reason) if found.end_reason else "",
        "devices": devices_about(found.person, user) if user.may(Devices.READ) else None,
        "calls": [(call, label("call_way", call.way), label("call_outcome", call.outcome) if call.outcome else "")
                  for call in queries.calls_of(found)],
        "done": queries.services_in_month([found], civil_date()).get(found.pk, 0), "month": civil_date(),
        "may_apply": user.may(Care.APPLY_BED, here) and is_open, "is_staff": user.may(Care.READ),
        "may_decide": user.may(Care.APPROVE_BED, here) and found.state == "applied",
        "may_answer": user.may(Care.APPLY_BED, here) or user.may(Care.DELIVER),
    }  # fmt: skip
    return render(request, "care/bed.html", context)


def warning_words(found: HomeBed) -> list[str]:
    """What the criteria warned of when the bed was applied for, in the reader's language."""
    return [sentence(Reason.from_data(one)) for one in found.criteria.get("warnings", ())]


def _page(found: HomeBed, heading: str, action: str, done: str = "") -> FormPage:
    to = reverse("care:bed", args=[found.uid])
    note = f"{found.person.name} · {found.provider.name}"
    return FormPage(heading, action, done or _("Saved."), to, note=note, back=to)


@login_required
def apply(request: StaffRequest, uid: UUID) -> HttpResponse:
    """Enter a home bed for somebody. What the criteria say stands above the form."""
    require(request.user, Care.APPLY_BED)
    person = person_to_plan_for(uid, request.user)
    told = [sentence(one) for one in services.judged(person).warnings]
    back = reverse("people:person", args=[uid])
    page = FormPage(
        _("Apply for a home bed"), _("Apply"), to=back, note=person.name, back=back,
        template="care/form.html", more={"warnings": told, "organisations": offered_organisations(person.place_key)},
    )  # fmt: skip
    made: list[HomeBed] = []

    def do(given: dict[str, Any]) -> None:
        made.append(services.apply_for_bed(person_uid=uid, provider_uid=given["provider"], by=request.user))

    answer = form_page(request, forms.ApplyForm(request.POST or None), do, page)
    return redirect("care:bed", made[0].uid) if made else answer


@login_required
def decide(request: StaffRequest, uid: UUID) -> HttpResponse:
    """The county decides."""
    require(request.user, Care.APPROVE_BED)
    found = queries.bed(uid, request.user)
    page = _page(found, _("Decide on a home bed"), _("Decide on it"))
    page = FormPage(**(vars(page) | {"template": "care/form.html", "more": {"warnings": warning_words(found)}}))
    form = forms.DecideForm(request.POST or None)
    return form_page(request, form, lambda given: services.decide_on_bed(uid=uid, by=request.user, **given), page)


@login_required
def set_up(request: StaffRequest, uid: UUID) -> HttpResponse:
    """Contract signed, bed in use."""
    require(request.user, Care.APPLY_BED)
    page = _page(queries.bed(uid, request.user), _("Set a home bed up"), _("Save"))
    form = forms.SetUpForm(request.POST or None)
    return form_page(request, form, lambda given: services.set_bed_up(uid=uid, by=request.user, **given), page)


@login_required
def call(request: StaffRequest, uid: UUID) -> HttpResponse:
    """Somebody called."""
    require(request.user, Care.APPLY_BED)
    page = _page(queries.bed(uid, request.user), _("Write down a call"), _("Save"), _("Saved. The clock runs."))
    form = forms.CallForm(request.POST or None)
    return form_page(request, form, lambda given: services.log_call(uid=uid, by=request.user, **given), page)


@login_required
def answer(request: StaffRequest, uid: UUID) -> HttpResponse:
    """A call was answered."""
    may_enter(request)
    found = queries.call(uid, request.user)
    page = _page(found.bed, _("A call was answered"), _("Save"))
    form = forms.AnswerForm(request.POST or None)
    return form_page(request, form, lambda given: services.answer_call(uid=uid, by=request.user, **given), page)


@login_required
def close(request: StaffRequest, uid: UUID) -> HttpResponse:
    """Close a home bed."""
    require(request.user, Care.APPLY_BED)
    page = _page(queries.bed(uid, request.user), _("Close a home bed"), _("Close it"), _("The home bed is closed."))
    form = forms.CloseForm(request.POST or None)
    return form_page(request, form, lambda given: services.close_bed(uid=uid, by=request.user, **given), page)


@login_required
@require_GET
def printed(request: StaffRequest, uid: UUID) -> HttpResponse:
    """The sheet that goes with the contract. It opens the name, so it leaves a line."""
    require(request.user, Care.READ)
    found = queries.bed(uid, request.user)
    look(person=found.person, items=("home_bed",), by=request.user, reason=_("printed the sheet of the contract"))
    devices = devices_about(found.person, request.user)
    context = {"bed": found, "person": found.person, "devices": devices, "back": reverse("care:bed", args=[uid])}
    return render(request, "care/bed_print.html", context)


@login_required
@require_GET
def panel(request: StaffRequest, uid: UUID) -> HttpResponse:
    """A person's home bed."""
    require(request.user, Care.READ)
    person = person_for_panel(uid, request.user)
    beds = queries.beds_of(person, request.user)
    may_apply = request.user.may(Care.APPLY_BED, person.place_key) and not any(
        one.state in queries.OPEN for one in beds
    )
    return render(request, "care/panels/home_bed.html", {"person": person, "beds": beds, "may_apply": may_apply})
