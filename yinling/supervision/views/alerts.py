"""The list of alerts, one alert, its steps."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from yinling.accounts.models import User
from yinling.files.services import open_for
from yinling.institutions.models import Staff
from yinling.kernel.actors import require
from yinling.supervision import forms, presenting, queries, services
from yinling.supervision.duties import on_duty_for
from yinling.supervision.models import Alert
from yinling.supervision.permissions import Supervision
from yinling.supervision.views.board import alert_context
from yinling.web.form_pages import FormPage, form_page
from yinling.web.paging import keyset_page
from yinling.web.requests import StaffRequest
from yinling.web.sentences import sentence


@login_required
@require_GET
def alert_list(request: StaffRequest) -> HttpResponse:
    """Alerts I see, newest first."""
    require(request.user, Supervision.READ)
    filters = queries.Filters.from_address(request.GET)
    page = keyset_page(queries.alerts_for(request.user, filters), order=("-id",), address=request.GET)
    context = {
        "page": page, "lines": presenting.lines_of(page), "levels": presenting.level_chips(),
        "states": presenting.state_chips(),
        "may": {"export": request.user.may(Supervision.EXPORT), "rules": request.user.may(Supervision.RULES)},
    }  # fmt: skip
    return render(request, "supervision/list.html", context)


@login_required
@require_GET
def alert(request: StaffRequest, uid: UUID) -> HttpResponse:
    """One alert: what, where, the rule in words, what was done, what comes next."""
    require(request.user, Supervision.READ)
    found = queries.alert(uid, request.user)
    return render(request, "supervision/alert.html", alert_context(found, request.user))


@login_required
@require_GET
def phone(request: StaffRequest, uid: UUID) -> HttpResponse:
    """The same on a phone: one alert, three buttons."""
    require(request.user, Supervision.READ)
    found = queries.alert(uid, request.user)
    return render(request, "supervision/phone.html", alert_context(found, request.user))


def _back(request: StaffRequest, uid: UUID) -> str:
    """To the page from which the step was taken."""
    name = {"phone": "supervision:phone"}.get(request.GET.get("from", ""), "supervision:alert")
    return reverse(name, args=[uid])


@login_required
@require_POST
def acknowledge(request: StaffRequest, uid: UUID) -> HttpResponse:
    """I have read it and answer for it."""
    services.acknowledge_alert(uid=uid, by=request.user)
    messages.success(request, _("Acknowledged. The next step has a clock of its own."), extra_tags="ok")
    return redirect(_back(request, uid))


@login_required
@require_POST
def arrive(request: StaffRequest, uid: UUID) -> HttpResponse:
    """I am there."""
    form = forms.PlacedForm(request.POST)
    services.arrive(uid=uid, by=request.user, at=form.point() if form.is_valid() else None)
    messages.success(request, _("You are there. Write down what you find when it is dealt with."), extra_tags="ok")
    return redirect(_back(request, uid))


@login_required
@require_POST
def close(request: StaffRequest, uid: UUID) -> HttpResponse:
    """Nothing is left to do."""
    services.close_alert(uid=uid, by=request.user)
    messages.success(request, _("The alert is closed."), extra_tags="ok")
    return redirect(_back(request, uid))


def _page(request: StaffRequest, found: Alert, heading: str, action: str, done: str) -> FormPage:
    note, back = sentence(found.rule.title) + " · " + presenting.lines_of([found])[0].where, _back(request, found.uid)
    return FormPage(heading, action, done, back, note, back)


def _who_may_go(found: Alert, user: Any) -> list[User]:
    """Whoever is on duty there, the home's staff with accounts, and oneself."""
    staff = Staff.objects.filter(institution=found.institution, left_on__isnull=True, user__is_active=True)
    members = [one.user for one in staff.select_related("user") if one.user] if found.institution_id else []
    return list({one.pk: one for one in [user, *on_duty_for(found), *members]}.values())


@login_required
def dispatch(request: StaffRequest, uid: UUID) -> HttpResponse:
    """Send somebody."""
    found = queries.alert(uid, request.user)
    form = forms.DispatchForm(request.POST or None, users=_who_may_go(found, request.user))
    page = _page(request, found, _("Send somebody"), _("Send"), _("Somebody is on the way."))

    def do(given: dict[str, Any]) -> None:
        services.dispatch_alert(uid=uid, to=form.chosen(), note=given["note"], by=request.user, at=form.point())

    return form_page(request, form, do, page)


@login_required
def resolve(request: StaffRequest, uid: UUID) -> HttpResponse:
    """It was dealt with."""
    found = queries.alert(uid, request.user)
    page = _page(request, found, _("Resolve the alert"), _("Resolved, save"), _("Resolved. Somebody else verifies it."))
    return _noted(request, page, services.resolve_alert, uid)


@login_required
def note(request: StaffRequest, uid: UUID) -> HttpResponse:
    """Write something down."""
    found = queries.alert(uid, request.user)
    page = _page(request, found, _("Write something down"), _("Save"), _("Written down."))
    return _noted(request, page, services.note_alert, uid, _("What you saw or did"))


@login_required
def reopen(request: StaffRequest, uid: UUID) -> HttpResponse:
    """There is more to do."""
    found = queries.alert(uid, request.user)
    page = _page(request, found, _("Open the alert again"), _("Open it again"), _("Open again. The clock starts anew."))
    form = forms.NoteForm(request.POST or None, label=_("What came up"))
    return form_page(
        request, form, lambda given: services.reopen_alert(uid=uid, note=given["note"], by=request.user), page
    )


def _noted(
    request: StaffRequest, page: FormPage, service: Callable[..., Any], uid: UUID, label: str = ""
) -> HttpResponse:
    form = forms.NoteForm(request.POST or None, label=label)
    return form_page(
        request, form, lambda given: service(uid=uid, note=given["note"], by=request.user, at=form.point()), page
    )


@login_required
def false_alarm(request: StaffRequest, uid: UUID) -> HttpResponse:
    """Nothing was wrong: what set it off."""
    found = queries.alert(uid, request.user)
    form = forms.FalseAlarmForm(request.POST or None)
    page = _page(request, found, _("False alarm"), _("Save the cause"), _("Saved. Somebody else verifies it."))

    def do(given: dict[str, Any]) -> None:
        services.mark_false_alarm(uid=uid, cause=given["cause"], note=given["note"], by=request.user, at=form.point())

    return form_page(request, form, do, page)


@login_required
def verify(request: StaffRequest, uid: UUID) -> HttpResponse:
    """Look at what a colleague resolved; yes closes it, no gives it back."""
    found = queries.alert(uid, request.user)
    form = forms.VerifyForm(request.POST or None)
    page = _page(request, found, _("Verify and close"), _("Save"), _("Saved."))

    def do(given: dict[str, Any]) -> None:
        is_right = given["is_right"] == "yes"
        services.verify_alert(uid=uid, is_right=is_right, note=given["note"], by=request.user)
        if is_right:
            services.close_alert(uid=uid, by=request.user)

    return form_page(request, form, do, page)


@login_required
def silence(request: StaffRequest, uid: UUID) -> HttpResponse:
    """No more alerts of this rule about this subject, until a time."""
    found = queries.alert(uid, request.user)
    form = forms.SilenceForm(request.POST or None)
    page = _page(request, found, _("Silence this rule here"), _("Silence it"), _("Silent. It speaks again by itself."))
    return form_page(
        request, form,
        lambda given: services.silence(scope=found.scope, rule=found.rule_key, by=request.user, **given), page,
    )  # fmt: skip


@login_required
@require_POST
def end_silence(request: StaffRequest, uid: UUID) -> HttpResponse:
    """Let it speak again."""
    services.end_silence(uid=uid, by=request.user)
    messages.success(request, _("The rule speaks again."), extra_tags="ok")
    return redirect("supervision:rules")


@login_required
def photograph(request: StaffRequest, uid: UUID) -> HttpResponse:
    """Keep a photo from the spot."""
    found = queries.alert(uid, request.user)
    form = forms.PhotoForm(request.POST or None, request.FILES or None)
    page = _page(request, found, _("Photo from the spot"), _("Attach it"), _("The photo is attached."))

    def do(given: dict[str, Any]) -> None:
        services.attach_photo(uid=uid, by=request.user, stream=given["photo"], name=given["photo"].name)

    return form_page(request, form, do, page)


@login_required
@require_GET
def photo(request: StaffRequest, uid: UUID, file_uid: UUID) -> HttpResponse:
    """A photo of an alert the user sees; the look is recorded."""
    require(request.user, Supervision.READ)
    found = queries.alert(uid, request.user)
    opened = open_for(file_uid, subject_kind="alert", subject_uid=found.uid, by=request.user)
    response = HttpResponse(opened.content(), content_type=opened.file.media_type)
    response["Cache-Control"] = "private, no-store"
    return response
