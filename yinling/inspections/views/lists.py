"""The list of inspections, one inspection, what is planned, the checklists, interests."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from yinling.inspections import forms, presenting, queries, services
from yinling.inspections.models import Inspection, Interest
from yinling.inspections.permissions import Inspections
from yinling.inspections.rules.checklists import basis_words
from yinling.inspections.shapes import shapes_of
from yinling.institutions.queries import institution
from yinling.kernel.actors import require
from yinling.web.form_pages import FormPage, form_page, show_form_page
from yinling.web.paging import keyset_page
from yinling.web.pieces import Chip
from yinling.web.requests import StaffRequest


@login_required
@require_GET
def inspection_list(request: StaffRequest) -> HttpResponse:
    """Inspections I see, newest first."""
    require(request.user, Inspections.READ)
    filters = queries.InspectionFilters.from_address(request.GET)
    page = keyset_page(queries.inspections_for(request.user, filters), order=("-id",), address=request.GET)
    user = request.user
    context = {
        "page": page, "lines": presenting.inspection_lines(page),
        "states": [Chip(value, str(words)) for value, words in Inspection.State.choices],
        "kinds": [Chip(value, str(words)) for value, words in Inspection.Kind.choices],
        "may": {"plan": user.may(Inspections.PLAN), "check": user.may(Inspections.SELF_CHECK),
                "export": user.may(Inspections.EXPORT), "supervise": user.may(Inspections.SUPERVISE),
                "inspect": user.may(Inspections.INSPECT)},
        "shapes": shapes_of("inspections") if user.may(Inspections.EXPORT) else [],
    }  # fmt: skip
    return render(request, "inspections/list.html", context)


@login_required
@require_GET
def inspection(request: StaffRequest, uid: UUID) -> HttpResponse:
    """One inspection: what was found, who signed, what comes next."""
    require(request.user, Inspections.READ)
    found = queries.inspection(uid, request.user)
    is_open = found.state in (Inspection.State.PLANNED, Inspection.State.STARTED, Inspection.State.FIRST_SIGNED)
    needed = Inspections.SUPERVISE if found.draw_id else Inspections.PLAN
    own = Inspections.SELF_CHECK if found.kind == Inspection.Kind.SELF_CHECK else needed
    context = {
        "found": found, "groups": presenting.checklist_lines(found), "title": presenting.checklist_title(found),
        "tone": presenting.INSPECTION_TONES.get(found.state, ""), "is_open": is_open,
        "hazards": queries.hazards_for(request.user, queries.HazardFilters()).filter(origin_uid=found.uid),
        "may_void": is_open and request.user.may(own, found.place_key),
        "gaps": presenting.gaps_of(found) if is_open else [],
    }  # fmt: skip
    return render(request, "inspections/inspection.html", context)


@login_required
def choose_home(request: StaffRequest) -> HttpResponse:
    """Which home, then what for (`for` in the address: plan, self_check, hazard)."""
    require(request.user, Inspections.READ)
    purpose = request.GET.get("for", "plan")
    to = {"self_check": "inspections:self_check", "hazard": "inspections:find_hazard"}.get(purpose, "inspections:plan")
    form = forms.ChooseHomeForm(request.POST or None, by=request.user)
    if request.method == "POST" and form.is_valid():
        return redirect(to, form.cleaned_data["home"])
    page = FormPage(_("Choose a home"), _("Continue"), "", "", back=reverse("inspections:list"))
    return show_form_page(request, form, page)


@login_required
def plan(request: StaffRequest, uid: UUID) -> HttpResponse:
    """Plan an inspection of a home."""
    home = institution(uid, request.user)
    require(request.user, Inspections.PLAN, home.place_key)
    checklists, people = queries.checklists_in_force(), queries.inspectors_near(home.place_key)
    form = forms.PlanForm(request.POST or None, checklists=checklists, inspectors=people)
    page = FormPage(
        _("Plan an inspection"), _("Plan it"), _("The inspection is planned. The home is not told."),
        reverse("inspections:list"), note=home.name, back=reverse("inspections:list"),
    )  # fmt: skip

    def do(given: dict[str, object]) -> None:
        services.plan_inspection(
            institution_uid=uid, kind=str(given["kind"]), checklist_key=str(given["checklist_key"]),
            planned_on=form.cleaned_data["planned_on"], inspectors=form.chosen(), by=request.user,
        )  # fmt: skip

    return form_page(request, form, do, page)


@login_required
def self_check(request: StaffRequest, uid: UUID) -> HttpResponse:
    """The home checks itself."""
    home = institution(uid, request.user)
    require(request.user, Inspections.SELF_CHECK, home.place_key)
    form = forms.SelfCheckForm(request.POST or None, checklists=queries.checklists_in_force(for_homes=True))
    page = FormPage(
        _("Self-check"), _("Begin"), _("The self-check is on the list. Open it on the spot."),
        reverse("inspections:list"), note=home.name, back=reverse("inspections:list"),
    )  # fmt: skip
    kind = Inspection.Kind.SELF_CHECK
    return form_page(
        request, form,
        lambda given: services.plan_inspection(institution_uid=uid, kind=kind, by=request.user, **given), page,
    )  # fmt: skip


@login_required
def void(request: StaffRequest, uid: UUID) -> HttpResponse:
    """Take an inspection away, with the reason."""
    found = queries.inspection(uid, request.user)
    here = reverse("inspections:inspection", args=[uid])
    page = FormPage(
        _("Void inspection {number}").format(number=found.number), _("Void it"), _("The inspection is void."), here,
        note=found.institution.name, back=here,
    )  # fmt: skip
    form = forms.ReasonForm(request.POST or None)
    return form_page(request, form, lambda given: services.void_inspection(uid=uid, by=request.user, **given), page)


@login_required
@require_GET
def checklists(request: StaffRequest) -> HttpResponse:
    """What is asked, where each wording comes from, which texts are missing."""
    require(request.user, Inspections.READ)
    rows = [
        (row, row.questions, [(group, [(item, basis_words(item.basis)) for item in group.items])
                              for group in row.questions.groups])
        for row in queries.checklists_in_force()
    ]  # fmt: skip
    return render(request, "inspections/checklists.html", {"rows": rows})


@login_required
def interests(request: StaffRequest) -> HttpResponse:
    """My own declared interests, and a new one."""
    require(request.user, Inspections.INSPECT)
    mine = Interest.objects.standing().filter(user=request.user).select_related("institution").order_by("-id")
    here = reverse("inspections:interests")
    page = FormPage(
        _("Interests"), _("Declare"), _("Declared. You are not drawn or sent there."), here,
        template="inspections/interests.html", more={"rows": mine},
    )  # fmt: skip
    form = forms.InterestForm(request.POST or None, by=request.user)
    return form_page(
        request, form,
        lambda given: services.declare_interest(institution_uid=given["home"], why=given["why"], by=request.user),
        page,
    )  # fmt: skip


@login_required
@require_POST
def withdraw_interest(request: StaffRequest, uid: UUID) -> HttpResponse:
    """The interest is gone."""
    services.withdraw_interest(uid=uid, by=request.user)
    messages.success(request, _("The interest is withdrawn."), extra_tags="ok")
    return redirect("inspections:interests")
