"""Hazards: the list, one of them with everything that can be done about it."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms as django_forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from yinling.inspections import forms, presenting, printing, queries, services
from yinling.inspections.models import Hazard, Photo
from yinling.inspections.permissions import Inspections
from yinling.inspections.shapes import shapes_of
from yinling.inspections.views.visits import as_pdf
from yinling.institutions.queries import institution
from yinling.kernel.actors import Actor, require
from yinling.kernel.clock import civil_date
from yinling.web.form_pages import FormPage, form_page
from yinling.web.paging import keyset_page
from yinling.web.pieces import Chip
from yinling.web.requests import StaffRequest


@login_required
@require_GET
def hazard_list(request: StaffRequest) -> HttpResponse:
    """Hazards I see, newest first."""
    require(request.user, Inspections.READ)
    filters = queries.HazardFilters.from_address(request.GET)
    page = keyset_page(queries.hazards_for(request.user, filters), order=("-id",), address=request.GET)
    context = {
        "page": page, "lines": presenting.hazard_lines(page),
        "states": [Chip("late", _("Past the deadline")), *(Chip(v, str(w)) for v, w in Hazard.State.choices)],
        "levels": [Chip(value, str(words)) for value, words in Hazard.Level.choices],
        "may_find": request.user.may(Inspections.INSPECT) or request.user.may(Inspections.SELF_CHECK),
        "may_export": request.user.may(Inspections.EXPORT),
        "shapes": shapes_of("hazards") if request.user.may(Inspections.EXPORT) else [],
    }  # fmt: skip
    return render(request, "inspections/hazards.html", context)


@login_required
@require_GET
def hazard(request: StaffRequest, uid: UUID) -> HttpResponse:
    """One hazard: what, where, the loop, before and after, what can be done."""
    require(request.user, Inspections.READ)
    found = queries.hazard(uid, request.user)
    steps = queries.steps_of(found)
    waiting = next((one for one in found.extensions.all() if one.decided_at is None), None)
    context = {
        "hazard": found, "loop": presenting.loop_of(found, steps), "sides": presenting.sides_of(found),
        "steps": [(step, presenting.step_words(step)) for step in steps], "extension": waiting,
        "notice": getattr(found, "notice", None), "tone": presenting.HAZARD_TONES.get(found.state, ""),
        "is_late": presenting.is_late(found, civil_date()), "may": _may(found, request.user),
        "origin": presenting.origin_words(found), "submissions": found.submissions.all(),
    }  # fmt: skip
    return render(request, "inspections/hazard.html", context)


def _may(found: Hazard, user: Actor) -> dict[str, bool]:
    """Which buttons are drawn; the services decide once more."""
    here, state = found.place_key, found.state
    is_open = state in ("found", "rectifying", "submitted")
    is_major = is_open and found.level == "major" and user.may(Inspections.SUPERVISE, here)
    return {
        "grade": is_open and user.may(Inspections.NOTICE, here),
        "notice": state == "found" and user.may(Inspections.NOTICE, here),
        "void": state == "found" and user.may(Inspections.SUPERVISE, here),
        "photograph": state == "found" and user.may(Inspections.INSPECT, here),
        "rectify": state == "rectifying" and user.may(Inspections.RECTIFY, here),
        "recheck": state == "submitted" and user.may(Inspections.RECHECK, here) and not services.has_found(found, user),
        "is_finder": state == "submitted" and services.has_found(found, user),
        "decide": user.may(Inspections.SUPERVISE, here),
        "list": is_major and found.listed_at is None, "report": is_major and found.reported_at is None,
        "shut": is_major and found.shut_at is None,
    }  # fmt: skip


@login_required
def find(request: StaffRequest, uid: UUID) -> HttpResponse:
    """Write a hazard down that was seen outside a checklist."""
    home = institution(uid, request.user)
    page = FormPage(
        _("Report a hazard"), _("Write it down"), _("The hazard is on the list. The county grades it."),
        reverse("inspections:hazards"), note=home.name, back=reverse("inspections:hazards"),
    )  # fmt: skip
    form = forms.HazardForm(request.POST or None)
    return form_page(
        request, form,
        lambda given: services.find_hazard(institution_uid=uid, what=services.What(**given), by=request.user), page,
    )  # fmt: skip


def _act(
    request: StaffRequest, found: Hazard, form: django_forms.Form, do: Callable[[dict[str, Any]], Any],
    words: tuple[str, str, str], note: str = "",
) -> HttpResponse:  # fmt: skip
    """One act on a hazard. `words`: heading, button, what is said afterwards."""
    here = reverse("inspections:hazard", args=[found.uid])
    above = note or f"{found.institution.name} · {found.number} · {found.words}"
    return form_page(request, form, do, FormPage(*words, here, note=above, back=here))


@login_required
def grade(request: StaffRequest, uid: UUID) -> HttpResponse:
    """General or major."""
    found = queries.hazard(uid, request.user)
    form = forms.GradeForm(request.POST or None, initial={"level": found.level})
    words = (_("Grade the hazard"), _("Save"), _("Graded."))
    return _act(request, found, form, lambda given: services.grade_hazard(uid=uid, by=request.user, **given), words)


@login_required
def notice(request: StaffRequest, uid: UUID) -> HttpResponse:
    """The notice with its five fixings."""
    found = queries.hazard(uid, request.user)
    form = forms.NoticeForm(request.POST or None, initial={"level": found.level, "money": 0})
    words = (_("Issue the notice"), _("Issue"), _("The notice is issued. The home has it on its list."))
    return _act(
        request, found, form,
        lambda given: services.issue_notice(uid=uid, level=given["level"], fixings=form.fixings(), by=request.user),
        words,
    )  # fmt: skip


@login_required
@require_GET
def notice_pdf(request: StaffRequest, uid: UUID) -> HttpResponse:
    """The notice as paper."""
    require(request.user, Inspections.READ)
    found = queries.hazard(uid, request.user)
    return as_pdf(printing.notice_pdf(found, is_demonstration=settings.DEMO), found.notice.number)


@login_required
def submit(request: StaffRequest, uid: UUID) -> HttpResponse:
    """Hand the work in."""
    found = queries.hazard(uid, request.user)
    words = (_("Hand in the work"), _("Hand in"), _("Handed in. Somebody from outside looks again."))
    form = forms.SubmitForm(request.POST or None)
    return _act(request, found, form, lambda given: services.submit_work(uid=uid, by=request.user, **given), words)


@login_required
def recheck(request: StaffRequest, uid: UUID) -> HttpResponse:
    """Look again."""
    found = queries.hazard(uid, request.user)
    words = (_("Re-check"), _("Save the re-check"), _("The re-check is on record."))
    form = forms.RecheckForm(request.POST or None)
    return _act(request, found, form, lambda given: services.recheck(uid=uid, by=request.user, **given), words)


@login_required
def photograph(request: StaffRequest, uid: UUID, stage: str) -> HttpResponse:
    """Attach a photo: as found, after the work, at the re-check."""
    found = queries.hazard(uid, request.user)
    before = [one for one in found.photos.all() if one.stage == Photo.Stage.FOUND]
    form = forms.HazardPhotoForm(
        request.POST or None, request.FILES or None, before=before if stage != Photo.Stage.FOUND else ()
    )
    here = reverse("inspections:hazard", args=[uid])
    page = FormPage(
        _("Attach a photo"), _("Attach"), _("Attached."), here, note=f"{found.institution.name} · {found.words}",
        back=here, template="inspections/phone_form.html", more={"before": before, "stage": stage},
    )  # fmt: skip

    def do(given: dict[str, Any]) -> None:
        angle = UUID(given["angle_of"]) if given.get("angle_of") else None
        services.photograph_hazard(
            uid=uid, stage=stage, stream=given["photo"], name=given["photo"].name, angle_of=angle, by=request.user,
            at=form.point(),
        )  # fmt: skip

    return form_page(request, form, do, page)


@login_required
def extend(request: StaffRequest, uid: UUID) -> HttpResponse:
    """Ask for more time."""
    found = queries.hazard(uid, request.user)
    words = (_("Ask for more time"), _("Ask"), _("Asked. Until it is decided, the deadline stays."))
    form = forms.ExtensionForm(request.POST or None)
    return _act(request, found, form, lambda given: services.ask_extension(uid=uid, by=request.user, **given), words)


@login_required
def decide(request: StaffRequest, uid: UUID) -> HttpResponse:
    """Grant more time, or not (`uid` of the hazard; its waiting extension is decided)."""
    found = queries.hazard(uid, request.user)
    asked = next((one for one in found.extensions.all() if one.decided_at is None), None)
    if asked is None:
        return redirect("inspections:hazard", uid)
    note = _("Asked for: {until}. {reason}").format(until=asked.until, reason=asked.reason)
    words = (_("Decide on more time"), _("Decide on it"), _("Decided."))
    form = forms.DecideForm(request.POST or None)
    return _act(
        request, found, form,
        lambda given: services.decide_extension(uid=asked.uid, by=request.user, **given), words, note,
    )  # fmt: skip


@login_required
@require_POST
def list_it(request: StaffRequest, uid: UUID) -> HttpResponse:
    """Put a major hazard on the list under supervision."""
    services.list_hazard(uid=uid, words="", by=request.user)
    messages.success(request, _("The hazard is listed for supervision."), extra_tags="ok")
    return redirect("inspections:hazard", uid)


@login_required
def report(request: StaffRequest, uid: UUID) -> HttpResponse:
    """Say that it was reported upward."""
    found = queries.hazard(uid, request.user)
    words = (_("Report upward"), _("Save"), _("On record: the level above knows."))
    form = forms.WordsForm(_("To whom, and by which paper"), request.POST or None)
    return _act(request, found, form, lambda given: services.report_upward(uid=uid, by=request.user, **given), words)


@login_required
def shut(request: StaffRequest, uid: UUID) -> HttpResponse:
    """Take part of the home out of use."""
    found = queries.hazard(uid, request.user)
    words = (_("Shut part of the home"), _("Shut it"), _("Shut until the hazard is closed."))
    form = forms.WordsForm(_("Which part: building, floor, kitchen"), request.POST or None)
    return _act(
        request, found, form, lambda given: services.shut_part(uid=uid, part=given["words"], by=request.user), words
    )


@login_required
def void(request: StaffRequest, uid: UUID) -> HttpResponse:
    """It was none."""
    found = queries.hazard(uid, request.user)
    words = (_("Take the hazard back"), _("Take it back"), _("Taken back. The reason stays on record."))
    form = forms.ReasonForm(request.POST or None)
    return _act(request, found, form, lambda given: services.void_hazard(uid=uid, by=request.user, **given), words)
