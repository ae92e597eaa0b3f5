"""Visits for staff: the list, one visit, coverage, the rules and spells, the panel on a person's page."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from yinling.care import visit_words
from yinling.care.forms import visits as forms
from yinling.care.models import Spell, Visit
from yinling.care.permissions import Care
from yinling.care.queries import coverage as coverage_queries
from yinling.care.queries import due as due_queries
from yinling.care.queries import visits as queries
from yinling.care.services import asking, proofs, visiting
from yinling.care.services import visits as services
from yinling.kernel.actors import require
from yinling.kernel.clock import civil_date
from yinling.people.queries import person_for_panel
from yinling.places.models import Level
from yinling.places.queries import tree
from yinling.web.form_pages import FormPage, form_page
from yinling.web.paging import keyset_page
from yinling.web.pieces import Chip
from yinling.web.requests import StaffRequest

MONTHS_BACK = 12


@login_required
@require_GET
def visit_list(request: StaffRequest) -> HttpResponse:
    """Visits of my divisions: due, made, missed, or past their day."""
    filters = queries.VisitFilters.from_address(request.GET)
    page = keyset_page(
        queries.visits_for(request.user, filters), order=("-due_on", "-id"), address=request.GET, size=30
    )
    states = [Chip(queries.LATE, _("Past their day")), *(Chip(v, str(words)) for v, words in Visit.State.choices)]
    context = {
        "page": page, "lines": [visit_words.line(one) for one in page], "states": states,
        "founds": [Chip(value, str(words)) for value, words in Visit.Found.choices],
        "place": tree().path(filters.place) if filters.place else "", "may": visit_words.powers(request.user),
    }  # fmt: skip
    return render(request, "care/visit_list.html", context)


@login_required
@require_GET
def visit(request: StaffRequest, uid: UUID) -> HttpResponse:
    """One visit: what came of it, what was measured, what was tried."""
    found, user = queries.visit_seen(uid, request.user), request.user
    is_open = found.state == Visit.State.DUE
    may_enter = user.may(Care.ENTER, found.person.place_key)
    context = {
        "visit": found, "line": visit_words.line(found), "remarks": visit_words.remarks(found),
        "blocks": visit_words.blocks(found), "actions": visit_words.actions(found),
        "attempts": queries.attempts_of(found),
        "note": found.note() if found.note_sealed else "", "proofs": list(found.proofs.order_by("id")),
        "may_record": is_open and (may_enter or visit_words.is_own(found, user)),
        "may_void": is_open and may_enter, "may_try": found.state == Visit.State.DONE and not found.has_contact,
        "may_take_back": found.state == Visit.State.DONE and (may_enter or str(found.made_by) == str(user.uid)),
        "may_photograph": found.state == Visit.State.DONE and proofs.has_photo_consent(found.person, civil_date()),
        "may_search": user.may(Care.READ),
    }  # fmt: skip
    return render(request, "care/visit.html", context)


def _back_to(uid: UUID, heading: str, action: str, done: str) -> FormPage:
    to = reverse("care:visit", args=[uid])
    return FormPage(heading, action, done, to, back=to)


@login_required
def take_back(request: StaffRequest, uid: UUID) -> HttpResponse:
    """A report was a mistake."""
    queries.visit_seen(uid, request.user)
    form = forms.ReasonForm(request.POST or None)
    page = _back_to(uid, _("Take a visit back"), _("Take back"), _("Taken back. It no longer counts."))
    return form_page(
        request, form, lambda given: services.take_back(visit_uid=uid, reason=given["reason"], by=request.user), page
    )


@login_required
def void(request: StaffRequest, uid: UUID) -> HttpResponse:
    """A visit is no longer needed."""
    found = queries.visit_seen(uid, request.user)
    require(request.user, Care.ENTER, found.person.place_key)
    form = forms.ReasonForm(request.POST or None)
    page = _back_to(uid, _("Call a visit off"), _("Call off"), _("Called off."))
    return form_page(
        request, form, lambda given: asking.void_visit(visit_uid=uid, reason=given["reason"], by=request.user), page
    )


@login_required
@require_GET
def photo(request: StaffRequest, uid: UUID) -> HttpResponse:
    """A photograph of a visit."""
    opened = proofs.open_photo(proof_uid=uid, by=request.user, reason=_("To check a visit"))
    return HttpResponse(opened.content(), content_type=opened.file.media_type)


@login_required
@require_GET
def coverage(request: StaffRequest) -> HttpResponse:
    """Whom we met this month, of those who were due, by division; each number opens."""
    require(request.user, Care.READ)
    asked, places = request.GET.get("place", ""), tree()
    mine = coverage_queries.own_divisions(request.user)
    known = int(asked) if asked.isascii() and asked.isdigit() and int(asked) in places.divisions else mine[0].key
    month = visit_words.month_asked(request.GET.get("month", ""))
    total, rows = coverage_queries.coverage(request.user, known, month)
    first, last = coverage_queries.month_of(month)
    division = places.divisions[known]
    context = {
        "total": total, "rows": rows, "division": division, "month": first, "first": first, "last": last,
        "above": division.parent if known not in {one.key for one in mine} else None,
        "months": visit_words.months(MONTHS_BACK), "is_village": division.level == Level.VILLAGE,
        "may": visit_words.powers(request.user),
    }  # fmt: skip
    return render(request, "care/coverage.html", context)


@login_required
@require_GET
def rules(request: StaffRequest) -> HttpResponse:
    """Who is visited how often, and the spells that are on."""
    require(request.user, Care.READ)
    held, read = due_queries.ruleset()
    spells = Spell.objects.visible_to(request.user).filter(last_on__gte=civil_date(), withdrawn_at__isnull=True)
    places = tree()
    context = {
        "held": held, "rules": visit_words.rule_rows(read), "groups": visit_words.target_words(read),
        "events": visit_words.event_rows(read), "festivals": due_queries.today(civil_date()).festivals,
        "spells": [(one, places.path(one.place_key, "")) for one in spells.order_by("first_on", "id")],
        "may_declare": request.user.may(Care.ENTER),
    }  # fmt: skip
    return render(request, "care/visit_rules.html", context)


@login_required
def declare(request: StaffRequest) -> HttpResponse:
    """Declare cold or heat in a division."""
    require(request.user, Care.ENTER)
    back = reverse("care:visit_rules")
    places = visit_words.divisions_to_choose(request.user)
    form = forms.SpellForm(request.POST or None, places=places)
    page = FormPage(
        _("Declare cold or heat"),
        _("Declare it"),
        _("Declared. The next night opens the extra visits."),
        back,
        back=back,
    )

    def do(given: dict[str, object]) -> None:
        visiting.declare_spell(
            kind=given["kind"], place_key=given["place"], first_on=given["first_on"], last_on=given["last_on"],  # type: ignore[arg-type]
            by=request.user,
        )  # fmt: skip

    return form_page(request, form, do, page)


@login_required
@require_POST
def withdraw(request: StaffRequest, uid: UUID) -> HttpResponse:
    """A spell is over before its last day."""
    visiting.withdraw_spell(uid=uid, by=request.user)
    messages.success(request, _("Withdrawn."), extra_tags="ok")
    return redirect("care:visit_rules")


@login_required
def tier(request: StaffRequest, uid: UUID) -> HttpResponse:
    """Set a person's risk by hand."""
    person = person_for_panel(uid, request.user)
    require(request.user, Care.ENTER, person.place_key)
    to = reverse("people:person", args=[uid])
    form = forms.TierForm(request.POST or None)
    page = FormPage(
        _("Risk, for visits"), _("Set the risk"), _("The risk is set."), to, back=to, note=visit_words.call(person)
    )
    return form_page(
        request, form,
        lambda given: visiting.set_tier(person_uid=uid, risk=given["risk"], why=given["why"], by=request.user), page,
    )  # fmt: skip


@login_required
@require_GET
def panel(request: StaffRequest, uid: UUID) -> HttpResponse:
    """On a person's page: why they are visited, the last visits and the next."""
    person = person_for_panel(uid, request.user)
    past, ahead = queries.visits_of(person, request.user)
    context = {
        "person": person, "past": [visit_words.line(one) for one in past],
        "ahead": [visit_words.line(one) for one in ahead],
        "told": due_queries.told(person, civil_date()), "may_enter": request.user.may(Care.ENTER, person.place_key),
    }  # fmt: skip
    return render(request, "care/panels/visits.html", context)
