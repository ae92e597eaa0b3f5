"""The report as a page and as paper; files of the visit."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from yinling.assessments import forms, presenting, printing, queries, rules, services
from yinling.assessments.models import Assessment
from yinling.assessments.permissions import Assessments
from yinling.assessments.views.lists import acting
from yinling.kernel.actors import require
from yinling.kernel.errors import Refused
from yinling.kernel.names import mask_name
from yinling.people.permissions import People
from yinling.people.services import reveal
from yinling.reference.queries import label
from yinling.web.refusals import refuse_form


@login_required
@require_GET
def report(request: HttpRequest, uid: UUID) -> HttpResponse:
    """One assessment: result, why, signatures, files, what can be done."""
    require(acting(request), Assessments.READ)
    found = queries.one_assessment(uid, acting(request))
    context = {
        "found": found, "report": presenting.report_of(found), "name": mask_name(found.person.name),
        "state": presenting.state_words(found.state), "notes": found.notes(),
        "tone": presenting.TONES.get(Assessment.State(found.state), ""), "may": _may(request, found),
        "reason": label("assessment_reason", found.reason), "signatures": found.live_signatures,  # type: ignore[attr-defined]
        "relation": label("informant_relation", found.informant_relation) if found.informant_relation else "",
        "answers": presenting.answers_of(found), "form_a": presenting.form_a_lines(found, opened=False),
        "attach_form": forms.AttachForm(),
    }  # fmt: skip
    return render(request, "assessments/report.html", context)


def _may(request: HttpRequest, found: Assessment) -> dict[str, bool]:
    user, is_open = acting(request), found.state in rules.OPEN_STATES
    return {
        "enter": is_open and user.may(Assessments.ENTER, found.place_key),
        "sign": is_open and found.final_level is not None and user.may(Assessments.SIGN, found.place_key),
        "void": found.state != Assessment.State.VOID and user.may(Assessments.VOID, found.place_key),
        "attach": found.state != Assessment.State.VOID and user.may(Assessments.ENTER, found.place_key),
        "reveal": user.may(People.REVEAL),
    }


@login_required
@require_GET
def pdf(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The paper with name and number masked."""
    require(acting(request), Assessments.READ)
    found = queries.one_assessment(uid, acting(request))
    return _paper(request, found, printing.Opening.masked(found))


@login_required
def full_print(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The paper with full name and number, for the file. Says why; the look is recorded in the person's receipt."""
    require(acting(request), Assessments.READ)
    found = queries.one_assessment(uid, acting(request))
    form = forms.ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            opened = reveal(
                uid=found.person.uid, items=("document",), reason=form.cleaned_data["reason"], by=acting(request)
            )
        except Refused as no:
            refuse_form(form, no)
        else:
            return _paper(request, found, printing.Opening(found.person.name, opened["document"], is_masked=False))
    context = {
        "form": form, "heading": _("Print with full name and number"), "action": _("Print"),
        "person": found.person, "name": mask_name(found.person.name),
    }  # fmt: skip
    return render(request, "assessments/form.html", context, status=422 if form.errors else 200)


def _paper(request: HttpRequest, found: Assessment, opening: printing.Opening) -> HttpResponse:
    pictures: dict[str, Any] = {}
    for file_uid in printing.drawings_of(found):
        opened = services.open_evidence(uid=found.uid, file_uid=file_uid, by=acting(request))
        pictures[str(file_uid)] = (opened.file.media_type, opened.content())
    content = printing.report_pdf(found, opening, is_demonstration=settings.DEMO, pictures=pictures)
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{found.number}.pdf"'
    response["Cache-Control"] = "no-store"
    return response


@login_required
@require_GET
def file(request: HttpRequest, uid: UUID, file_uid: UUID) -> HttpResponseBase:
    """A photo, video or sheet of the visit; the look is recorded."""
    opened = services.open_evidence(uid=uid, file_uid=file_uid, by=acting(request))
    response = StreamingHttpResponse(opened.chunks, content_type=opened.file.media_type)
    response["Cache-Control"] = "no-store"
    return response
