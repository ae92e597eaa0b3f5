"""Who visits a person: possible visitors with their costs, pairing, ending, wishes, the panel; proposals."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from yinling.care import pairing_words, parameters
from yinling.care.forms import pairings as forms
from yinling.care.models import Pairing, Proposal
from yinling.care.permissions import Care
from yinling.care.queries import pairings as queries
from yinling.care.services import pairings as services
from yinling.care.services import proposals
from yinling.care.services import visitors as visitor_services
from yinling.care.views.visitors import others_of
from yinling.kernel.actors import require
from yinling.kernel.clock import civil_date
from yinling.kernel.models import Job
from yinling.kernel.uids import uid_of
from yinling.people.queries import person_for_panel
from yinling.places.queries import tops, tree
from yinling.reference.queries import label
from yinling.web.form_pages import FormPage, form_page
from yinling.web.paging import keyset_page
from yinling.web.requests import StaffRequest

TONES = {"working": "doubt", "draft": "doubt", "applying": "doubt", "applied": "ok", "discarded": ""}


@login_required
@require_GET
def choose(request: StaffRequest, uid: UUID) -> HttpResponse:
    """Possible visitors of a person, ranked, each with what she costs or why not."""
    person = queries.person_to_pair(uid, request.user)
    require(request.user, Care.PAIR, person.place_key)
    today = civil_date()
    elder, found = queries.candidates(person, request.user, today)
    limits = parameters.pairing_limits(today)
    context = {
        "person": person, "now": queries.standing_pairing(person, today), "elder": elder,
        "rows": [pairing_words.shown(one, elder, limits) for one in found],
    }  # fmt: skip
    return render(request, "care/pair.html", context)


@login_required
@require_POST
def pair(request: StaffRequest, uid: UUID) -> HttpResponse:
    """Pair the person with the visitor chosen."""
    ground = Pairing.Ground.WISHED if request.POST.get("wished") else Pairing.Ground.CHOSEN
    made = services.pair(
        person_uid=uid, visitor_uid=uid_of(request.POST.get("visitor", "")), ground=ground, by=request.user
    )
    words = _("{visitor} visits from today on. Open visits are hers now.").format(visitor=made.visitor.name)
    messages.success(request, words, extra_tags="ok")
    return redirect("people:person", uid)


@login_required
def end(request: StaffRequest, uid: UUID) -> HttpResponse:
    """A pairing ends."""
    require(request.user, Care.PAIR)
    found = Pairing.objects.visible_to(request.user).select_related("person", "visitor").one(uid=uid)
    to = reverse("people:person", args=[found.person.uid])
    page = FormPage(_("End a pairing"), _("End it"), _("Ended."), to, back=to,
                    note=f"{found.person.name} · {found.visitor.name}")  # fmt: skip
    form = forms.EndForm(request.POST or None)
    return form_page(request, form, lambda given: services.end_pairing(uid=uid, by=request.user, **given), page)


@login_required
def wish(request: StaffRequest, uid: UUID) -> HttpResponse:
    """Whom a person would like at the door."""
    person = queries.person_to_pair(uid, request.user)
    require(request.user, Care.PAIR, person.place_key)
    held = queries.wish_of(person)
    initial = vars(held) | {"not_visitor": str(held.not_visitor.uid) if held.not_visitor else ""} if held else {}
    form = forms.WishForm(request.POST or None, others=others_of(request, None, person.place_key), initial=initial)
    to = reverse("people:person", args=[uid])
    page = FormPage(_("Wishes about visitors"), _("Save"), _("Saved."), to, note=person.name, back=to)

    def do(given: dict[str, Any]) -> None:
        visitor_services.set_wish(
            person_uid=uid, speaks=tuple(given["speaks"]), sex=given["sex"], skills=tuple(given["skills"]),
            not_visitor_uid=uid_of(given["not_visitor"]), by=request.user,
        )  # fmt: skip

    return form_page(request, form, do, page)


@login_required
@require_GET
def panel(request: StaffRequest, uid: UUID) -> HttpResponse:
    """Who visits and visited a person, drawn; what the person wishes."""
    require(request.user, Care.READ)
    person = person_for_panel(uid, request.user)
    found, held = queries.pairings_of(person, request.user), queries.wish_of(person)
    wishes = [label("language", code) for code in held.speaks] if held else []
    wishes += [label("sex", held.sex)] if held and held.sex else []
    wishes += [label("visit_skill", code) for code in held.skills] if held else []
    context = {
        "person": person, "spans": pairing_words.spans(found, civil_date()), "today": civil_date(), "wishes": wishes,
        "may_pair": request.user.may(Care.PAIR, person.place_key),
        "current": [one for one in found if one.valid_to is None or one.valid_to > civil_date()],
    }  # fmt: skip
    return render(request, "care/panels/pairings.html", context)


@login_required
def proposal_list(request: StaffRequest) -> HttpResponse:
    """Proposals of my divisions; asking for one."""
    require(request.user, Care.PAIR)
    page = keyset_page(queries.proposals_for(request.user), order=("-id",), address=request.GET, size=20)
    form = forms.ProposeForm(request.POST or None, places=_divisions(request))
    named = tree()
    rows = [(one, named.path(one.place_key) or named.name(one.place_key), TONES[one.state]) for one in page]
    about = FormPage(
        _("Proposals of pairings"), _("Work a proposal out"), to=reverse("care:proposals"),
        template="care/proposal_list.html", more={"rows": rows, "listed": page},
    )  # fmt: skip
    return form_page(
        request, form, lambda given: proposals.ask_for_proposal(place_key=given["place_key"], by=request.user), about
    )


def _divisions(request: StaffRequest) -> list[tuple[int, str]]:
    """Counties and townships of the user's, each below the one it belongs to."""
    found: list[tuple[int, str]] = []
    waiting = [one.key for one in tops(request.user)]
    while waiting:
        key = waiting.pop(0)
        division = tree().divisions[key]
        if division.level in ("county", "township"):
            found.append((key, tree().path(key)))
        if division.level in ("city", "county"):
            waiting = [one.key for one in tree().children(key)] + waiting
    return found


@login_required
@require_GET
def proposal(request: StaffRequest, uid: UUID) -> HttpResponse:
    """One proposal: figures, helpers by village, line by line who would visit whom."""
    require(request.user, Care.PAIR)
    found = queries.proposal(uid, request.user)
    lines = keyset_page(queries.lines_of(found, request.user), order=("id",), address=request.GET, size=50)
    total = max(1, sum(found.parts.values()))
    context = {
        "proposal": found, "place": tree().path(found.place_key) or tree().name(found.place_key),
        "tone": TONES[found.state], "page": lines, "job": _job_of(found),
        "rows": [(one, pairing_words.why(one.parts, has_visitor=one.new_id is not None)) for one in lines],
        "parts": [(name, points, round(100 * points / total)) for name, points in pairing_words.parts(found.parts)],
        "villages": pairing_words.villages(found.villages), "may_pair": request.user.may(Care.PAIR, found.place_key),
    }  # fmt: skip
    return render(request, "care/proposal.html", context)


def _job_of(found: Proposal) -> Job | None:
    return Job.objects.filter(uid=found.job_uid).first() if found.job_uid else None


@login_required
@require_POST
def settle(request: StaffRequest, uid: UUID, verb: str) -> HttpResponse:
    """Apply all of a proposal, apply what is ticked, or discard it."""
    if verb == "discard":
        proposals.discard_proposal(uid=uid, by=request.user)
        messages.success(request, _("Discarded. Nothing was changed."), extra_tags="ok")
        return redirect("care:proposal", uid)
    ticked = [int(one) for one in request.POST.getlist("line") if one.isascii() and one.isdigit()]
    proposals.apply_proposal(uid=uid, lines=ticked if verb == "some" else None, by=request.user)
    messages.success(request, _("It is being applied, line by line."), extra_tags="ok")
    return redirect("care:proposal", uid)


@login_required
@require_GET
def progress(request: StaffRequest, uid: UUID) -> HttpResponse:
    """How far the work on a proposal is; once it has ended, the page is asked to load again."""
    require(request.user, Care.PAIR)
    found = queries.proposal(uid, request.user)
    job = _job_of(found)
    response = render(request, "care/_proposal_progress.html", {"proposal": found, "job": job})
    if found.state not in ("working", "applying") or job is None or job.state in ("failed", "cancelled"):
        response["HX-Refresh"] = "true"
    return response
