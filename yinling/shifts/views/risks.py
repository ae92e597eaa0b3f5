"""The nine safety risks: the checklist of a resident, and the panel on the person's page."""

from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from yinling.kernel.actors import require
from yinling.kernel.errors import NotAllowed, NotFound, Refused
from yinling.people.permissions import People
from yinling.people.queries import person_for_panel
from yinling.reference.queries import choices, label
from yinling.shifts import parameters, queries, services
from yinling.shifts.permissions import Shifts
from yinling.shifts.rules import risks as rules
from yinling.web.requests import StaffRequest
from yinling.web.sentences import sentence


@dataclass(frozen=True)
class RiskBlock:
    """One risk on the checklist: questions and measures as (code, words, ticked)."""

    key: str
    words: str
    questions: list[tuple[str, str, bool]]
    measures: list[tuple[str, str, bool]]


def blocks(answers: list[str], measures: list[str]) -> list[RiskBlock]:
    """The checklist with what was ticked."""
    asked, agreed = choices("risk_question"), choices("risk_measure")
    return [
        RiskBlock(
            risk, label("incident_kind", risk),
            [(code, words, code in answers) for code, words in asked if rules.risk_of(code) == risk],
            [(code, words, code in measures) for code, words in agreed if rules.risk_of(code) == risk],
        )
        for risk in rules.NINE
    ]  # fmt: skip


@login_required
def assess(request: StaffRequest, uid: UUID) -> HttpResponse:
    """Tick what is so, choose measures; the grades follow."""
    require(request.user, Shifts.ASSESS)
    stay = queries.stay_for_risks(uid, request.user)
    answers, measures, refusal = request.POST.getlist("answer"), request.POST.getlist("measure"), ""
    if request.method == "POST":
        try:
            services.assess_risks(stay_uid=uid, answers=answers, measures=measures, by=request.user)
        except (NotAllowed, NotFound):
            raise
        except Refused as no:
            refusal = sentence(no)
        else:
            messages.success(request, _("Assessed."), extra_tags="ok")
            return redirect("shifts:plans", uid)
    elif held := stay.risk_assessments.filter(superseded_at__isnull=True).first():
        answers = held.answers
        measures = [code for one in held.findings.all() for code in one.measures]
    context = {"stay": stay, "blocks": blocks(answers, measures), "refusal": refusal}
    return render(request, "shifts/assess.html", context, status=422 if refusal else 200)


@login_required
@require_GET
def panel(request: StaffRequest, uid: UUID) -> HttpResponse:
    """Grades, measures and incidents of a person who lives in a home."""
    require(request.user, People.READ)
    person = person_for_panel(uid, request.user)
    found = queries.risks_of(person)
    grades = {one.risk: one for one in found.findings.all()} if found else {}
    rows = [
        (label("incident_kind", risk), grades[risk].grade if risk in grades else "",
         label("risk_grade", grades[risk].grade if risk in grades else "unset"),
         [label("risk_measure", code) for code in grades[risk].measures] if risk in grades else [])
        for risk in rules.NINE
    ]  # fmt: skip
    stay = found.stay if found else None
    due = rules.next_due(found.assessed_on, found.assessed_on, parameters.assess_months()) if found else None
    incidents = [(one, label("incident_kind", one.kind)) for one in queries.incidents_of(person)]
    context = {"person": person, "found": found, "stay": stay, "rows": rows, "due": due, "incidents": incidents}
    return render(request, "shifts/panels/risks.html", context)
