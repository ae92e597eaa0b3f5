"""Plans: the list, one of them drawn as a time line, its forms, what is printed, the panel on the person's page."""

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from yinling.care.forms import plans as forms
from yinling.care.models import Plan
from yinling.care.permissions import Care
from yinling.care.plan_drawing import amount, curve, time_line
from yinling.care.queries import plans as queries
from yinling.care.queries.plans import Filters, Sheet
from yinling.care.rules.plans import progress
from yinling.care.services import plans as services
from yinling.kernel.actors import require
from yinling.kernel.clock import civil_date
from yinling.kernel.errors import NotAllowed
from yinling.people.queries import person_for_panel
from yinling.people.services import look
from yinling.reference.queries import label
from yinling.web.form_pages import FormPage, form_page
from yinling.web.paging import keyset_page
from yinling.web.pieces import Chip
from yinling.web.requests import StaffRequest


def language() -> str:
    """The reader's."""
    return get_language() or "zh-hans"


def may_enter(request: StaffRequest) -> None:
    """Staff of the divisions, and people of partners."""
    if not (request.user.may(Care.READ) or request.user.may(Care.DELIVER)):
        raise NotAllowed(Care.READ)


def programme_words() -> dict[str, str]:
    """Programmes in the reader's language."""
    return {key: title.in_language(language()) for key, title in queries.programmes().items()}


@login_required
@require_GET
def plan_list(request: StaffRequest) -> HttpResponse:
    """Plans I see, those to be reviewed soonest first."""
    may_enter(request)
    filters, named = Filters.from_address(request.GET), programme_words()
    page = keyset_page(
        queries.plans_for(request.user, filters), order=("review_on", "id"), address=request.GET, size=30
    )
    rows = [(one, named.get(one.programme, one.programme), one.review_on <= civil_date()) for one in page]
    context = {
        "page": page, "rows": rows, "states": [Chip(value, str(words)) for value, words in Plan.State.choices],
        "programmes": [Chip(key, words) for key, words in named.items()], "due": [Chip("yes", _("Review is due"))],
        "may_export": request.user.may(Care.EXPORT), "is_staff": request.user.may(Care.READ),
    }  # fmt: skip
    return render(request, "care/plan_list.html", context)


@login_required
@require_GET
def plan(request: StaffRequest, uid: UUID) -> HttpResponse:
    """One plan, drawn as a time line and written as a list."""
    may_enter(request)
    found = queries.plan(uid, request.user)
    sheet = queries.sheet(found, request.user)
    context = sheet_context(sheet) | {
        "drawn": drawing_of(sheet), "may_plan": sheet.whole and request.user.may(Care.PLAN, found.person.place_key),
        "may_deliver": request.user.may(Care.DELIVER) or request.user.may(Care.PLAN, found.person.place_key),
        "today": civil_date(),
    }  # fmt: skip
    return render(request, "care/plan.html", context)


def drawing_of(sheet: Sheet) -> Any:
    """The time line of what somebody sees."""
    today = civil_date()
    sessions = queries.sessions_between(sheet.lines, sheet.plan.begins_on, sheet.plan.review_on)
    return time_line(sheet, sessions, queries.session_counts(sheet.lines), today)


def sheet_context(sheet: Sheet) -> dict[str, Any]:
    """What pages and prints show of a plan."""
    found = sheet.plan
    counts = queries.session_counts(sheet.lines)
    return {
        "plan": found, "sheet": sheet, "person": found.person,
        "programme": programme_words().get(found.programme, found.programme),
        "title": found.template.reading.title.in_language(language()) if found.template else _("Plan of its own"),
        "is_unverified": bool(found.template and not found.template.verified),
        "needs": [label("care_need", code) for code in found.needs] if sheet.whole else [],
        "lines": [(one, label("home_service", one.service), counts.get(one.pk, {})) for one in sheet.lines],
        "goals": [curve(one, found.begins_on, how_far(one)) for one in sheet.goals],
    }  # fmt: skip


def how_far(goal: Any) -> int:
    """Percent of the way from start to target, by the last value."""
    last = goal.values[-1].value if goal.values else goal.start_value
    return progress(float(goal.start_value), float(goal.target_value), float(last))


@login_required
def write(request: StaffRequest, uid: UUID) -> HttpResponse:
    """Begin a plan for somebody: the template that fits best stands first."""
    require(request.user, Care.PLAN)
    person = queries.person_to_plan_for(uid, request.user)
    offered = queries.fitting(queries.about(person))
    form = forms.WriteForm(request.POST or None, offered=offered, language=language())
    back = reverse("people:person", args=[uid])
    page = FormPage(
        _("Write a care plan"), _("Begin the plan"), to=back, note=person.name, back=back, template="care/form.html",
        more={"organisations": forms.offered_organisations(person.place_key)},
    )  # fmt: skip
    made: list[Plan] = []

    def do(given: dict[str, Any]) -> None:
        made.append(services.write_plan(
            person_uid=uid, template=given["template"], begins_on=given["begins_on"], lead_uid=given["lead"],
            by=request.user,
        ))  # fmt: skip

    answer = form_page(request, form, do, page)
    return redirect("care:plan", made[0].uid) if made else answer


def page_of(found: Plan, heading: str, action: str, done: str = "") -> FormPage:
    to = reverse("care:plan", args=[found.uid])
    more = {"organisations": forms.offered_organisations(found.person.place_key)}
    note = f"{found.person.name} · {programme_words().get(found.programme, found.programme)}"
    return FormPage(heading, action, done or _("Saved."), to, note=note, back=to, template="care/form.html", more=more)


def own_plan(request: StaffRequest, uid: UUID) -> Plan:
    """A plan that the reader may change. Raises NotFound, NotAllowed."""
    require(request.user, Care.PLAN)
    return queries.plan(uid, request.user)


@login_required
def agree(request: StaffRequest, uid: UUID) -> HttpResponse:
    """Put a plan into force."""
    found = own_plan(request, uid)
    form = forms.AgreeForm(request.POST or None, initial={"agreed_by": found.person.name})
    return form_page(
        request, form, lambda given: services.agree_plan(uid=uid, agreed_by=given["agreed_by"], by=request.user),
        page_of(found, _("Agree the plan"), _("Agree"), _("Agreed. Partners see their parts; sessions are planned.")),
    )  # fmt: skip


@login_required
def review(request: StaffRequest, uid: UUID) -> HttpResponse:
    """Look at a plan again."""
    found = own_plan(request, uid)
    form = forms.ReviewForm(request.POST or None)
    return form_page(
        request, form, lambda given: services.review_plan(uid=uid, by=request.user, **given),
        page_of(found, _("Review the plan"), _("Save the review"), _("The plan is reviewed.")),
    )  # fmt: skip


@login_required
def end(request: StaffRequest, uid: UUID) -> HttpResponse:
    """End a plan."""
    found = own_plan(request, uid)
    form = forms.EndForm(request.POST or None)
    return form_page(
        request, form, lambda given: services.end_plan(uid=uid, reason=given["reason"], by=request.user),
        page_of(found, _("End the plan"), _("End it"), _("Ended.")),
    )  # fmt: skip


@login_required
@require_GET
def printed(request: StaffRequest, uid: UUID) -> HttpResponse:
    """The plan as a sheet to sign. Opens names and words, so it leaves a line."""
    return _printed(request, uid, "care/plan_print.html", _("printed the plan to sign"))


@login_required
@require_GET
def report(request: StaffRequest, uid: UUID) -> HttpResponse:
    """The family's report: what was done, and the measures drawn."""
    return _printed(request, uid, "care/plan_report.html", _("printed the family's report"))


def _printed(request: StaffRequest, uid: UUID, template: str, why: str) -> HttpResponse:
    require(request.user, Care.READ)
    found = queries.plan(uid, request.user)
    sheet = queries.sheet(found, request.user)
    if not sheet.whole:
        raise NotAllowed(Care.READ)
    look(person=found.person, items=("care_plan",), by=request.user, reason=why)
    context = sheet_context(sheet) | {"back": reverse("care:plan", args=[uid]), "today": civil_date()}
    done = [(words, counts.get("held", 0), counts.get("missed", 0)) for _one, words, counts in context["lines"]]
    return render(request, template, context | {"done": done, "amount": amount})


@login_required
@require_GET
def panel(request: StaffRequest, uid: UUID) -> HttpResponse:
    """A person's plans."""
    require(request.user, Care.READ)
    person, named = person_for_panel(uid, request.user), programme_words()
    rows = [(one, named.get(one.programme, one.programme)) for one in queries.plans_of(person, request.user)]
    context = {"person": person, "rows": rows, "may_plan": request.user.may(Care.PLAN, person.place_key)}
    return render(request, "care/panels/plans.html", context)
