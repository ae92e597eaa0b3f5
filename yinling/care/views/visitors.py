"""The register of visitors: the list, one of them, entering, changing, ending, standing in."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from yinling.care.forms import pairings as forms
from yinling.care.models import Visitor
from yinling.care.permissions import Care
from yinling.care.queries import pairings as queries
from yinling.care.services import pairings as pairing_services
from yinling.care.services import visitors as services
from yinling.kernel.actors import require
from yinling.kernel.clock import civil_date
from yinling.kernel.uids import uid_of
from yinling.people.services import look
from yinling.places.queries import tops, tree
from yinling.reference.queries import label
from yinling.web.form_pages import FormPage, form_page
from yinling.web.paging import keyset_page
from yinling.web.pieces import Chip
from yinling.web.requests import StaffRequest

MOST_VILLAGES, MOST_OTHERS = 800, 400


@login_required
@require_GET
def visitor_list(request: StaffRequest) -> HttpResponse:
    """Visitors I see, with what each carries."""
    require(request.user, Care.READ)
    filters = queries.VisitorFilters.from_address(request.GET)
    page = keyset_page(
        queries.visitors_for(request.user, filters), order=("place_key", "id"), address=request.GET, size=30
    )
    rows = list(page)
    carried = queries.loads([one.pk for one in rows], civil_date())
    context = {
        "page": page, "rows": [(one, tree().path(one.place_key), *carried.get(one.pk, (0, 0))) for one in rows],
        "kinds": [Chip(value, str(words)) for value, words in Visitor.Kind.choices],
        "states": [Chip("ended", _("Stopped")), Chip("all", _("All"))], "filters": filters,
        "may_pair": request.user.may(Care.PAIR), "may_export": request.user.may(Care.EXPORT),
    }  # fmt: skip
    return render(request, "care/visitor_list.html", context)


@login_required
@require_GET
def visitor(request: StaffRequest, uid: UUID) -> HttpResponse:
    """One visitor: whom she visits, how much room she has."""
    require(request.user, Care.READ)
    found, today = queries.visitor(uid, request.user), civil_date()
    persons, visits = queries.loads([found.pk], today).get(found.pk, (0, 0))
    context = {
        "visitor": found, "place": tree().path(found.place_key), "persons": persons, "visits": visits,
        "pairings": queries.pairings_of_visitor(found, request.user, today), "today": today,
        "speaks": [label("language", code) for code in found.speaks],
        "skills": [label("visit_skill", code) for code in found.skills], "sex": label("sex", found.sex),
        "may_pair": request.user.may(Care.PAIR, found.place_key) and found.ended_on is None,
    }  # fmt: skip
    return render(request, "care/visitor.html", context)


def _villages(request: StaffRequest) -> list[int]:
    """Villages of the user's divisions; a county officer chooses in the first `MOST_VILLAGES`."""
    found: list[int] = []
    waiting = [one.key for one in tops(request.user)]
    while waiting and len(found) < MOST_VILLAGES:
        key = waiting.pop(0)
        below = [one.key for one in tree().children(key)]
        waiting = below + waiting
        if not below:
            found.append(key)
    return found


@login_required
def add(request: StaffRequest) -> HttpResponse:
    """Enter a visitor."""
    require(request.user, Care.PAIR)
    form = forms.VisitorForm(request.POST or None, places=_villages(request))
    back = reverse("care:visitors")
    page = FormPage(_("Enter a visitor"), _("Enter"), _("Entered."), back, back=back)
    return form_page(request, form, lambda _given: services.add_visitor(details=form.details(), by=request.user), page)


@login_required
def change(request: StaffRequest, uid: UUID) -> HttpResponse:
    """Change what is written about a visitor."""
    found = queries.visitor(uid, request.user)
    require(request.user, Care.PAIR, found.place_key)
    places = _villages(request)
    if found.place_key not in places:
        places = [found.place_key, *places]
    form = forms.VisitorForm(request.POST or None, places=places, initial=vars(found))
    to = reverse("care:visitor", args=[uid])
    page = FormPage(_("Change a visitor"), _("Save"), _("Saved."), to, note=found.name, back=to)
    return form_page(
        request, form, lambda _given: services.change_visitor(uid=uid, details=form.details(), by=request.user), page
    )


@login_required
def end(request: StaffRequest, uid: UUID) -> HttpResponse:
    """Somebody stops visiting."""
    found = queries.visitor(uid, request.user)
    require(request.user, Care.PAIR, found.place_key)
    to = reverse("care:visitor", args=[uid])
    page = FormPage(
        _("A visitor stops"), _("Save"), to=to, note=found.name, back=to, template="care/form.html",
        more={"warnings": [_("Her pairings end that day. Persons left without a visitor are to be paired anew.")]},
    )  # fmt: skip

    def do(given: dict[str, Any]) -> None:
        left = services.end_visitor(uid=uid, by=request.user, **given)
        words = ngettext("Saved. {n} person has no visitor now.", "Saved. {n} persons have no visitor now.", left)
        messages.success(request, words.format(n=left), extra_tags="ok")

    return form_page(request, forms.EndVisitorForm(request.POST or None), do, page)


def others_of(request: StaffRequest, found: Visitor | None, near: int) -> list[tuple[str, str]]:
    """Visitors who may be chosen: of the township first, then of the county."""
    county = tree().above(near, "county")
    low = county.key if county else near
    rows = queries.visitors_for(request.user).filter(place_key__range=(low, low + 10**9 - 1))
    township = near // 1000
    ordered = sorted(rows[:2000], key=lambda one: (one.place_key // 1000 != township, one.place_key, one.pk))
    return [
        (str(one.uid), f"{one.name} · {tree().name(one.place_key)}")
        for one in ordered[:MOST_OTHERS] if found is None or one.pk != found.pk
    ]  # fmt: skip


@login_required
def substitute(request: StaffRequest, uid: UUID) -> HttpResponse:
    """Somebody stands in for a time."""
    found = queries.visitor(uid, request.user)
    require(request.user, Care.PAIR, found.place_key)
    to = reverse("care:visitor", args=[uid])
    form = forms.SubstituteForm(request.POST or None, others=others_of(request, found, found.place_key))
    page = FormPage(
        _("Somebody stands in"), _("Have them stand in"), to=to, note=found.name, back=to, template="care/form.html",
        more={"warnings": [_("Visits that fall due in these days go to whoever stands in.")]},
    )  # fmt: skip

    def do(given: dict[str, Any]) -> None:
        chosen = uid_of(given["substitute"])
        done, left = pairing_services.substitute(
            visitor_uid=uid, substitute_uid=chosen, first=given["first"], last=given["last"], by=request.user
        )
        words = ngettext("Stands in at {n} person's.", "Stands in at {n} persons'.", done).format(n=done)
        if left:
            more = _("Not at {names}: one household, or not wanted. Choose another there.")
            words += " " + more.format(names=_(", ").join(left))
        messages.success(request, words, extra_tags="ok")

    return form_page(request, form, do, page)


@login_required
@require_GET
def printed(request: StaffRequest, uid: UUID) -> HttpResponse:
    """The pairing sheet of a visitor. It opens names, so it leaves a line at each person."""
    require(request.user, Care.PAIR)
    found, today = queries.visitor(uid, request.user), civil_date()
    pairings = queries.pairings_of_visitor(found, request.user, today)
    for one in pairings:
        look(person=one.person, items=("pairing",), by=request.user, reason=_("printed the pairing sheet"))
    often = queries.visits_a_month([one.person_id for one in pairings], today)
    context = {
        "visitor": found, "place": tree().path(found.place_key), "today": today,
        "rows": [(one, tree().name(one.person.place_key), max(1, often[one.person_id])) for one in pairings],
        "back": reverse("care:visitor", args=[uid]),
    }  # fmt: skip
    return render(request, "care/pairing_print.html", context)
