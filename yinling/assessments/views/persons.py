"""What is known of one person's ability; plan, report a change, write down results from paper."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from yinling.assessments import forms, presenting, queries, rules, services
from yinling.assessments.permissions import Assessments
from yinling.assessments.views.lists import acting
from yinling.engines.scales.instruments import Method
from yinling.kernel.actors import require
from yinling.kernel.names import mask_name
from yinling.people.models import Person
from yinling.web.refusals import refusals_beside
from yinling.web.sentences import sentence


def _history(person: Person) -> dict[str, Any]:
    """Drawings by scale, the state's own first; older scales are not comparable and stand apart."""
    rows = queries.history_of(person)
    scales = queries.scales()
    known, steps = {scale.key: scale for scale in scales.values()}, queries.levels_of(rows, scales)
    drawn = [presenting.history_for(steps[key], known[key]) for key in sorted(steps, key=_ability_first)]
    reports = [presenting.report_line(report) for report in queries.unsettled_reports(person)]
    return {"person": person, "rows": rows, "histories": drawn, "reports": reports}


def _ability_first(key: str) -> tuple[bool, str]:
    return key != rules.ABILITY, key


def _may(request: HttpRequest, person: Person) -> dict[str, bool]:
    user = acting(request)
    return {
        "plan": user.may(Assessments.PLAN, person.place_key),
        "enter": user.may(Assessments.ENTER, person.place_key),
    }


@login_required
@require_GET
def panel(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The panel of the person's page."""
    require(acting(request), Assessments.READ)
    person = queries.person_seen(uid, acting(request))
    context = {**_history(person), "may": _may(request, person)}
    return render(request, "assessments/panel.html", context)


@login_required
@require_GET
def of_person(request: HttpRequest, uid: UUID) -> HttpResponse:
    """All assessments of a person."""
    require(acting(request), Assessments.READ)
    person = queries.person_seen(uid, acting(request))
    context = _history(person)
    record_only = [s for s in queries.scales().values() if s.method is Method.RECORD_ONLY]
    context |= {
        "may": _may(request, person), "name": mask_name(person.name), "table": presenting.rows_for(context["rows"]),
        "old_scales": [(scale.key, sentence(scale.title)) for scale in {s.key: s for s in record_only}.values()],
    }  # fmt: skip
    return render(request, "assessments/of_person.html", context)


def _form_page(
    request: HttpRequest, person: Person, form: Form, heading: str, action: str, **more: Any
) -> HttpResponse:
    context = {
        "form": form,
        "heading": heading,
        "action": action,
        "person": person,
        "name": mask_name(person.name),
        **more,
    }
    return render(request, "assessments/form.html", context, status=422 if form.errors else 200)


@login_required
def plan(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Plan an assessment."""
    person = queries.person_seen(uid, acting(request))
    require(acting(request), Assessments.PLAN, person.place_key)
    scales = [queries.scale_of(row) for row in queries.instruments()]
    assessors = queries.assessors_for(person.place_key)
    reports = services.open_reports(person_uid=uid, by=acting(request))
    reason = "immediate" if reports else ""
    initial = {"instrument_key": rules.ABILITY, "planned_on": forms.today(), "reason": reason}
    form = forms.PlanForm(request.POST or None, scales=scales, assessors=assessors, initial=initial)
    if request.method == "POST" and form.is_valid():
        with refusals_beside(form):
            found = services.plan_assessment(person_uid=uid, by=acting(request), **form.cleaned_data)
            messages.success(request, _("Planned under {number}.").format(number=found.number), extra_tags="ok")
            return redirect("assessments:report", found.uid)
    lines = [presenting.report_line(report, note) for report, note in reports]
    return _form_page(request, person, form, _("Plan an assessment"), _("Plan it"), reports=lines)


@login_required
def condition(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Report that a person's ability changed."""
    person = queries.person_seen(uid, acting(request))
    require(acting(request), Assessments.PLAN, person.place_key)
    form = forms.ConditionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refusals_beside(form):
            services.report_change_of_condition(person_uid=uid, by=acting(request), **form.cleaned_data)
            messages.success(request, _("Reported. The county finds it on its list."), extra_tags="ok")
            return redirect("assessments:of_person", uid)
    return _form_page(request, person, form, _("Report a change of ability"), _("Report it"))


@login_required
def paper(request: HttpRequest, uid: UUID, key: str) -> HttpResponse:
    """Write down a result of an old scale, as the paper states it."""
    person = queries.person_seen(uid, acting(request))
    require(acting(request), Assessments.ENTER, person.place_key)
    scale = queries.scale_of(queries.instrument(key))
    form = forms.PaperForm(request.POST or None, scale=scale)
    if request.method == "POST" and form.is_valid():
        with refusals_beside(form):
            services.record_legacy(person_uid=uid, instrument_key=key, by=acting(request), **form.cleaned_data)
            messages.success(request, _("Written down."), extra_tags="ok")
            return redirect("assessments:of_person", uid)
    return _form_page(request, person, form, sentence(scale.title), _("Write down"))


@login_required
def self_care(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Write down what a destitute person can or cannot do, as the county decided."""
    person = queries.person_seen(uid, acting(request))
    require(acting(request), Assessments.ENTER, person.place_key)
    scale = queries.scale_of(queries.instrument(rules.SELF_CARE))
    form, answers = forms.SelfCareForm(request.POST or None), forms.answers_from(request.POST, scale)
    if request.method == "POST" and form.is_valid():
        with refusals_beside(form):
            services.record_self_care(person_uid=uid, answers=answers, by=acting(request), **form.cleaned_data)
            messages.success(request, _("Written down."), extra_tags="ok")
            return redirect("assessments:of_person", uid)
    parts = presenting.parts_for(scale, rules.Entered(answers=answers), {})
    return _form_page(request, person, form, sentence(scale.title), _("Write down"), parts=parts)
