"""The form on a phone: one question per row, nothing chosen beforehand, saved as often as one likes."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from yinling.assessments import forms, presenting, queries, rules, services
from yinling.assessments.models import Assessment
from yinling.assessments.permissions import Assessments
from yinling.assessments.rules import Entered
from yinling.assessments.views.lists import acting
from yinling.engines.scales.instruments import Instrument as Scale
from yinling.kernel.actors import require
from yinling.kernel.errors import Refused
from yinling.kernel.names import mask_name
from yinling.web.refusals import refuse_form
from yinling.web.sentences import sentence


@login_required
def entry(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Fill in and save."""
    found = queries.one_assessment(uid, acting(request))
    require(acting(request), Assessments.ENTER, found.place_key)
    if rules.why_not_edited(found.state):
        return redirect("assessments:report", uid)
    form_a = queries.form_a_of(found.instrument)
    if request.method != "POST":
        entered = services.entered_of(found)
        return _page(request, found, entered, forms.DetailsForm(initial=forms.initial_of(entered), form_a=form_a))
    details = forms.DetailsForm(request.POST, form_a=form_a)
    details.is_valid()
    entered = forms.entered_from(request.POST, _filled(details), queries.scale_of(found.instrument))
    if not details.errors and _saved(request, found, entered, details):
        return redirect("assessments:sign" if "sign" in request.POST else "assessments:entry", uid)
    return _page(request, found, entered, details, status=422)


def _filled(details: forms.DetailsForm) -> forms.DetailsForm:
    """Also a form with errors can be shown again: fields that failed read as empty."""
    for name in details.fields:
        details.cleaned_data.setdefault(name, None if name.startswith("happened") else "")
    return details


def _saved(request: HttpRequest, found: Assessment, entered: Entered, details: forms.DetailsForm) -> bool:
    had = len(found.live_signatures)  # type: ignore[attr-defined]
    try:
        saved = services.save_draft(uid=found.uid, entered=entered, by=acting(request))
    except Refused as no:
        refuse_form(details, no)
        return False
    missing = len(presenting.gaps_for(*_standing(saved)))
    if missing:
        words = ngettext(
            "Saved. {count} answer is still missing.", "Saved. {count} answers are still missing.", missing
        )
        messages.info(request, words.format(count=missing), extra_tags="")
    else:
        messages.success(request, _("Saved. Nothing is missing; it can be signed."), extra_tags="ok")
    if had and not saved.signatures.filter(fell_away_at__isnull=True).exists():
        messages.warning(request, _("The content changed, so the signature fell away."), extra_tags="yellow")
    return True


def _standing(found: Assessment) -> tuple[Scale, rules.Standing, Entered]:
    scale, entered = queries.scale_of(found.instrument), services.entered_of(found)
    return scale, rules.standing(scale, entered), entered


def _page(
    request: HttpRequest, found: Assessment, entered: Entered, details: forms.DetailsForm, status: int = 200
) -> HttpResponse:
    scale = queries.scale_of(found.instrument)
    standing = rules.standing(scale, services.entered_of(found))
    faults = [sentence(fault) for fault in services.why_not_entered(found.instrument, entered)] if status != 200 else []
    context = {
        "found": found, "scale": scale, "name": mask_name(found.person.name), "details": details,
        "parts": presenting.parts_for(scale, entered, found.sub_scores), "facts": presenting.facts_for(scale, entered),
        "gaps": presenting.gaps_for(scale, standing, services.entered_of(found)) if found.saved_at else [],
        "is_complete": found.final_level is not None, "faults": faults[1:],
        "level": presenting.level_line(scale, found.final_level), "attach_form": forms.AttachForm(),
        "picture_expected": queries.picture_expected(found.recorded_at.date()),
    }  # fmt: skip
    return render(request, "assessments/entry.html", context, status=status)


@login_required
@require_POST
def attach(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Keep a photo, a video or a sheet."""
    form = forms.AttachForm(request.POST, request.FILES)
    if form.is_valid():
        file = form.cleaned_data["file"]
        services.attach(uid=uid, kind=form.cleaned_data["kind"], stream=file, name=file.name, by=acting(request))
        messages.success(request, _("The file is kept."), extra_tags="ok")
    else:
        messages.error(request, _("Choose a file first."), extra_tags="red")
    return redirect("assessments:report" if "back" in request.POST else "assessments:entry", uid)
