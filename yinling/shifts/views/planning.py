"""Wards of a home, their patrol points, and what is due for each resident."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from yinling.institutions import queries as institutions
from yinling.kernel.actors import require
from yinling.kernel.clock import now
from yinling.shifts import forms, presenting, queries, services
from yinling.shifts.codes import code_of
from yinling.shifts.models import Diet, MedicineOrder, PatrolPoint, TurningPlan
from yinling.shifts.permissions import Shifts
from yinling.web.form_pages import FormPage, form_page
from yinling.web.requests import StaffRequest


@login_required
@require_GET
def wards(request: StaffRequest) -> HttpResponse:
    """Wards I see; where I work, each opens the day."""
    require(request.user, Shifts.READ)
    found = list(queries.wards_for(request.user).order_by("institution__place_key", "institution_id", "id")[:200])
    own = queries.workplaces_of(request.user)
    rows = [(ward, ward.institution in own) for ward in found]
    span = queries.span_at(now())
    may_plan = request.user.may(Shifts.PLAN)
    context = {
        "rows": rows, "span": span, "shift": presenting.shift_words(span.key),
        "own": own[0] if own and may_plan else None,
        "may_see_undone": request.user.may(Shifts.REVIEW) or request.user.may(Shifts.WATCH),
    }  # fmt: skip
    return render(request, "shifts/wards.html", context)


@login_required
@require_GET
def home(request: StaffRequest, uid: UUID) -> HttpResponse:
    """The wards of one home, to open and close."""
    require(request.user, Shifts.READ)
    found = institutions.institution(uid, request.user)
    rows = list(queries.wards_for(request.user).filter(institution=found).order_by("id"))
    context = {"home": found, "rows": rows, "form": forms.WardForm(home=found)}
    return render(request, "shifts/home.html", context)


@login_required
def open_ward(request: StaffRequest, uid: UUID) -> HttpResponse:
    """A ward more."""
    found = institutions.institution(uid, request.user)
    to = reverse("shifts:home", args=[uid])
    page = FormPage(_("Open a ward"), _("Open"), _("Opened."), to, note=found.name, back=to)
    form = forms.WardForm(request.POST or None, home=found)
    return form_page(
        request, form,
        lambda given: services.open_ward(
            institution_uid=uid, name=given["name"], floor_id=given["floor"], by=request.user
        ), page,
    )  # fmt: skip


@login_required
@require_GET
def ward(request: StaffRequest, uid: UUID) -> HttpResponse:
    """A ward: residents with their plans, patrol points, the last hand-overs."""
    require(request.user, Shifts.READ)
    found = queries.ward(uid, request.user)
    day = queries.ward_day(found, queries.span_at(now()))
    stays = [one.stay.pk for one in day.residents.values()]
    grades = queries.current_risks(stays)
    turning = dict(TurningPlan.objects.standing().filter(stay__in=stays).values_list("stay__uid", "every_minutes"))
    orders = [order.stay.uid for order in day.orders.values() if order.ended_at is None]
    works_here = queries.works_in(found.institution, request.user)
    rows = [
        (uid, one, presenting.tag_words(one), turning.get(uid), orders.count(uid),
         [risk for risk, grade in grades.get(uid, {}).items() if grade == "high"], uid in grades)
        for uid, one in day.residents.items()
    ]  # fmt: skip
    context = {
        "ward": found, "rows": rows, "points": list(day.points.values()), "works_here": works_here,
        "hand_overs": found.hand_overs.order_by("-handed_at", "-id")[:9], "may_plan": request.user.may(Shifts.PLAN),
    }  # fmt: skip
    return render(request, "shifts/ward.html", context)


@login_required
@require_POST
def end_ward(request: StaffRequest, uid: UUID) -> HttpResponse:
    """The ward is used no more."""
    found = services.end_ward(uid=uid, by=request.user)
    messages.success(request, _("Closed. What was recorded stays."), extra_tags="ok")
    return redirect("shifts:home", found.institution.uid)


@login_required
def add_point(request: StaffRequest, uid: UUID) -> HttpResponse:
    """A patrol point more."""
    found = queries.ward(uid, request.user)
    to = reverse("shifts:codes", args=[uid])
    page = FormPage(
        _("Put up a patrol point"), _("Put up"), _("Print its code and put it up."), to, note=found.name,
        back=reverse("shifts:ward", args=[uid]),
    )  # fmt: skip
    form = forms.PointForm(request.POST or None)
    return form_page(
        request, form, lambda given: services.add_point(ward_uid=uid, name=given["name"], by=request.user), page
    )


@login_required
@require_GET
def codes(request: StaffRequest, uid: UUID) -> HttpResponse:
    """The codes of a ward's points, to print. The same addresses go onto NFC tags."""
    require(request.user, Shifts.PLAN)
    found = queries.ward(uid, request.user)
    points = PatrolPoint.objects.filter(ward=found, ended_at__isnull=True).order_by("id")
    rows = []
    for point in points:
        address = request.build_absolute_uri(reverse("shifts:patrol", args=[point.token]))
        rows.append((point, address, code_of(address)))
    return render(request, "shifts/codes.html", {"ward": found, "rows": rows})


@login_required
@require_POST
def replace_point(request: StaffRequest, uid: UUID) -> HttpResponse:
    """A new code; the old one is worthless."""
    point = services.replace_point(uid=uid, by=request.user)
    messages.success(request, _("Print the new code and put it up."), extra_tags="ok")
    return redirect("shifts:codes", point.ward.uid)


@login_required
@require_POST
def end_point(request: StaffRequest, uid: UUID) -> HttpResponse:
    """The point is taken down."""
    point = services.end_point(uid=uid, by=request.user)
    messages.success(request, _("Taken down."), extra_tags="ok")
    return redirect("shifts:codes", point.ward.uid)


@login_required
@require_GET
def plans(request: StaffRequest, uid: UUID) -> HttpResponse:
    """What is due for one resident: turns, diet, medicines. Medicines only for those who work there."""
    require(request.user, Shifts.READ)
    stay = queries.stay_for_risks(uid, request.user)
    works_here = queries.works_in(stay.institution, request.user)
    orders = MedicineOrder.objects.standing().filter(stay=stay).order_by("id") if works_here else []
    context = {
        "stay": stay, "turning": TurningPlan.objects.standing().filter(stay=stay).first(),
        "diet": Diet.objects.standing().filter(stay=stay).first(), "works_here": works_here,
        "orders": [(one, *(one.plain(name) for name in ("medicine", "dose", "prescriber"))) for one in orders],
        "may_plan": works_here and request.user.may(Shifts.PLAN), "may_assess": request.user.may(Shifts.ASSESS),
    }  # fmt: skip
    return render(request, "shifts/plans.html", context)


def _plan_page(uid: UUID, heading: str, action: str) -> FormPage:
    to = reverse("shifts:plans", args=[uid])
    return FormPage(heading, action, _("Saved."), to, back=to)


@login_required
def turning(request: StaffRequest, uid: UUID) -> HttpResponse:
    """How often a resident is turned."""
    stay = queries.stay_for_risks(uid, request.user)
    held = TurningPlan.objects.standing().filter(stay=stay).first()
    form = forms.TurningForm(request.POST or None, initial={"every_minutes": held.every_minutes if held else None})
    return form_page(
        request, form,
        lambda given: services.plan_turning(stay_uid=uid, every_minutes=given["every_minutes"], by=request.user),
        _plan_page(uid, _("Turning plan"), _("Save")),
    )  # fmt: skip


@login_required
def diet(request: StaffRequest, uid: UUID) -> HttpResponse:
    """How a resident's food must be."""
    stay = queries.stay_for_risks(uid, request.user)
    held = Diet.objects.standing().filter(stay=stay).first()
    first = {"tags": held.tags, "allergy": held.allergy()} if held else {}
    form = forms.DietForm(request.POST or None, initial=first)
    return form_page(
        request, form,
        lambda given: services.set_diet(
            stay_uid=uid, tags=given["tags"], allergy=given["allergy"], by=request.user
        ), _plan_page(uid, _("Diet"), _("Save")),
    )  # fmt: skip


@login_required
def medicine(request: StaffRequest, uid: UUID) -> HttpResponse:
    """A medicine to be given."""
    queries.stay_for_risks(uid, request.user)
    form = forms.OrderForm(request.POST or None)

    def do(given: dict[str, str]) -> None:
        order = services.Order(**{**given, "times": tuple(given["times"].replace(",", " ").split())})  # type: ignore[arg-type]
        services.order_medicine(stay_uid=uid, order=order, by=request.user)

    return form_page(request, form, do, _plan_page(uid, _("Medicine to be given"), _("Save")))


@login_required
@require_POST
def end_order(request: StaffRequest, uid: UUID) -> HttpResponse:
    """A medicine is stopped."""
    found = services.end_order(uid=uid, by=request.user)
    messages.success(request, _("Stopped."), extra_tags="ok")
    return redirect("shifts:plans", found.stay.uid)
