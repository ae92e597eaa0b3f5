"""The carer's day on a phone. Everything under day/ is kept by the phone for when there is no signal."""

import datetime as dt
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from yinling.kernel.actors import require
from yinling.kernel.clock import now
from yinling.kernel.errors import NotFound
from yinling.kernel.uids import new_uid
from yinling.reference.queries import choices
from yinling.shifts import forms, presenting, queries, services
from yinling.shifts.models import CareRecord, Kind
from yinling.shifts.permissions import Shifts
from yinling.shifts.queries import WardDay
from yinling.shifts.rules.due import Span
from yinling.shifts.views.showing import done, local_moment, queued, sent_of, slot_at, slot_of, stay_of
from yinling.web.assets import BUILT
from yinling.web.form_pages import FormPage, form_page
from yinling.web.requests import StaffRequest


def span_asked(request: StaffRequest) -> Span:
    """The shift the address names, else the one that runs. Raises NotFound."""
    day, shift = request.GET.get("day", ""), request.GET.get("shift", "")
    if not day:
        return queries.span_at(now())
    try:
        return queries.span_named(dt.date.fromisoformat(day), shift)
    except ValueError:
        raise NotFound("shift") from None


def _day(request: StaffRequest, uid: UUID) -> WardDay:
    """A ward's day, for whoever works in its home: it names residents and medicines. Raises NotFound."""
    require(request.user, Shifts.WORK)
    ward = queries.ward(uid, request.user)
    if not queries.works_in(ward.institution, request.user):
        raise NotFound("ward")
    return queries.ward_day(ward, span_asked(request))


@login_required
@require_GET
def day(request: StaffRequest, uid: UUID) -> HttpResponse:
    """What is due next, what waits for a second person, what was done."""
    found = _day(request, uid)
    soon, later = presenting.lines(found, now())
    done_lines = presenting.done_lines(found, request.user.uid)
    on_duty = queries.carers_on(found.ward.institution, found.span)
    context = {
        "day": found, "ward": found.ward, "span": found.span, "shift": presenting.shift_words(found.span.key),
        "on_duty": on_duty, "is_mine": request.user in on_duty, "soon": soon, "later": later, "done": done_lines,
        "checks": [one for one in done_lines if one.waits],
        "out": [one for one in found.residents.values() if one.leave],
        "before": queries.span_before(found.span),
        "before_words": presenting.shift_words(queries.span_before(found.span).key),
        "is_new": found.ward.opened_at > found.span.starts_at,
    }  # fmt: skip
    return render(request, "shifts/day.html", context)


@login_required
@require_POST
@queued
def record(request: StaffRequest, uid: UUID) -> HttpResponse:
    """One task was done."""
    given = request.POST
    services.record_care(
        ward_uid=uid, task=given.get("task", ""), slot_at=slot_of(given), by=request.user,
        result=given.get("result") or "done", note=given.get("note", ""), sent=sent_of(given),
    )  # fmt: skip
    return done(request, _("Recorded."), reverse("shifts:day", args=[uid]))


@login_required
@queued
def meal(request: StaffRequest, uid: UUID, slot: int) -> HttpResponse:
    """Who ate what, with the tags of each."""
    at = slot_at(slot)
    if request.method == "POST":
        given = {key[5:]: str(value) for key, value in request.POST.items() if key.startswith("stay-")}
        count = services.record_meal(
            ward_uid=uid, slot_at=at, by=request.user, sent=sent_of(request.POST),
            results={stay_of(key): value for key, value in given.items() if value},
        )  # fmt: skip
        words = _("Recorded for {count} residents.").format(count=count)
        return done(request, words, reverse("shifts:day", args=[uid]))
    found = _day(request, uid)
    eaters = presenting.eaters(found, at)
    results = [(one.value, one.label) for one in CareRecord.Result if one.value in ("done", "part", "refused")]
    context = {"ward": found.ward, "slot_at": at, "slot": slot, "eaters": eaters, "results": results}
    return render(request, "shifts/meal.html", context)


@login_required
@require_POST
@queued
def check(request: StaffRequest, uid: UUID) -> HttpResponse:
    """I confirm a medicine that a colleague gave."""
    held = services.check_medicine(uid=uid, by=request.user)
    return done(request, _("Confirmed."), reverse("shifts:day", args=[held.ward.uid]))


@login_required
def check_by_pin(request: StaffRequest, uid: UUID) -> HttpResponse:
    """A colleague beside me confirms with the PIN. Not kept by the phone: a PIN is never stored there."""
    require(request.user, Shifts.WORK)
    held = queries.record(uid, request.user)
    colleagues = queries.colleagues_in(held.ward.institution, request.user)
    back = reverse("shifts:day", args=[held.ward.uid])
    form = forms.PinForm(request.POST or None, colleagues=colleagues)
    page = FormPage(
        _("Second check"), _("Confirm"), _("Confirmed."), back, back=back, template="shifts/phone_form.html",
        note=held.stay.person.name if held.stay else "",
    )  # fmt: skip
    return form_page(
        request, form,
        lambda given: services.check_by_pin(
            uid=uid, colleague_uid=given["colleague"], pin=given["pin"], by=request.user
        ), page,
    )  # fmt: skip


@login_required
def take_back(request: StaffRequest, uid: UUID) -> HttpResponse:
    """A record of mine was a mistake."""
    require(request.user, Shifts.WORK)
    held = queries.record(uid, request.user)
    back = reverse("shifts:day", args=[held.ward.uid])
    page = FormPage(
        _("Take a record back"), _("Take back"), _("Taken back. It is due again."), back, back=back,
        note=str(Kind(held.kind).label), template="shifts/phone_form.html",
    )  # fmt: skip
    form = forms.TakeBackForm(request.POST or None)
    return form_page(
        request, form, lambda given: services.take_back(uid=uid, reason=given["reason"], by=request.user), page
    )


@login_required
def come_back(request: StaffRequest, uid: UUID, leave: UUID) -> HttpResponse:
    """A resident is back from an outing: when, and how they are."""
    found = _day(request, uid)
    resident = next((one for one in found.residents.values() if one.leave and one.leave.uid == leave), None)
    if resident is None or resident.leave is None:
        raise NotFound("leave")
    here = reverse("shifts:day", args=[uid])
    page = FormPage(
        _("Back from an outing"), _("Is back"), _("Back, and counted again."), here, back=here,
        note=f"{resident.bed} {resident.stay.person.name} · {resident.leave.destination}",
        template="shifts/phone_form.html",
    )  # fmt: skip
    form = forms.BackForm(request.POST or None)
    return form_page(
        request, form, lambda given: services.note_return(
            ward_uid=uid, leave_uid=leave, back_at=given["back_at"], by=request.user
        ), page,
    )  # fmt: skip


@login_required
@queued
def patrol(request: StaffRequest, token: str) -> HttpResponse:
    """The code of a patrol point was read: one button says so."""
    point = queries.point_by_token(token, request.user)
    to = reverse("shifts:day", args=[point.ward.uid])
    if request.method == "POST":
        services.patrol(token=token, by=request.user, sent=sent_of(request.POST))
        return done(request, _("{point}: passed.").format(point=point.name), to)
    return render(request, "shifts/point.html", {"point": point, "ward": point.ward})


@login_required
@require_GET
def scan(request: StaffRequest) -> HttpResponse:
    """The page of a point without its name, which the phone shows when there is no signal."""
    require(request.user, Shifts.WORK)
    return render(request, "shifts/point.html", {"point": None})


@login_required
@queued
def hand_over(request: StaffRequest, uid: UUID) -> HttpResponse:
    """Everybody is counted, then the shift is handed over."""
    if request.method == "POST":
        given = request.POST
        stays = {stay_of(key) for key in given.getlist("stay")}
        seen = {one: None if given.get(f"seen-{one}") else given.get(f"note-{one}", "") for one in stays}
        made = services.hand_over(
            ward_uid=uid, day=span_of(given.get("day", "")), shift=given.get("shift", ""), seen=seen,
            note=given.get("note", ""), by=request.user, sent=sent_of(given),
        )  # fmt: skip
        words = _("Handed over: {seen} of {expected} seen.").format(seen=made.seen, expected=made.expected)
        return done(request, words, reverse("shifts:day", args=[uid]))
    found = _day(request, uid)
    soon, later = presenting.lines(found, now())
    after = queries.span_after(found.span)
    context = {
        "next": queries.carers_on(found.ward.institution, after), "after": after,
        "has_roster": queries.has_roster(found.ward.institution),
        "day": found, "ward": found.ward, "span": found.span, "shift": presenting.shift_words(found.span.key),
        "open": [*soon, *later], "residents": list(found.residents.items()),
    }  # fmt: skip
    return render(request, "shifts/hand_over.html", context)


def span_of(text: str) -> dt.date:
    """A day of a form. Raises NotFound."""
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise NotFound("shift") from None


@login_required
@require_POST
@queued
def take_over(request: StaffRequest, uid: UUID) -> HttpResponse:
    """I take the ward over."""
    held = services.take_over(uid=uid, by=request.user)
    return done(request, _("You have taken over."), reverse("shifts:day", args=[held.ward.uid]))


@login_required
@queued
def incident(request: StaffRequest, uid: UUID) -> HttpResponse:
    """An incident in two taps: what, and to whom."""
    found = _day(request, uid)
    if request.method == "POST":
        given = request.POST
        sent, stays = sent_of(given), [stay_of(one) for one in given.getlist("stay") if one]
        at = local_moment(given.get("happened_local", "")) or sent.done_at or now()
        report = services.Report(given.get("kind", ""), at, tuple(stays))
        made = services.report_incident(
            institution_uid=found.ward.institution.uid, ward_uid=uid, report=report, by=request.user, sent=sent
        )
        words = _("Reported as {number}. Now write what happened.").format(number=made.number)
        return done(request, words, reverse("shifts:complete", args=[made.uid]))
    context = {
        "ward": found.ward, "kinds": choices("incident_kind"), "residents": list(found.residents.items()),
        "uid": new_uid(),
    }  # fmt: skip
    return render(request, "shifts/report.html", context)


@login_required
@require_GET
@never_cache
def ready(request: StaffRequest) -> JsonResponse:
    """Whether the platform can be reached, who is logged in, and with which token forms are sent."""
    return JsonResponse({"user": str(request.user.uid), "token": get_token(request)})


@require_GET
@never_cache
def worker(request: StaffRequest) -> HttpResponse:
    """The service worker. Served from here, so that it reaches no further than the carer's pages."""
    return HttpResponse((BUILT / "shifts-worker.js").read_bytes(), content_type="text/javascript")
