"""Turns: mine, one of them, offers to colleagues."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from yinling.kernel.clock import now
from yinling.rosters import queries, services
from yinling.rosters.forms import OfferForm, TakeOffForm
from yinling.rosters.models import Turn
from yinling.rosters.permissions import Rosters
from yinling.rosters.presenting import span_words, whose
from yinling.web.refusals import refusals_beside
from yinling.web.requests import StaffRequest


@login_required
@require_GET
def mine(request: StaffRequest) -> HttpResponse:
    """My turns, what colleagues offer, what became of my offers."""
    user = request.user
    context = {
        "turns": [(turn, span_words(turn)) for turn in queries.next_turns(user)],
        "offers": [(swap, span_words(swap.turn)) for swap in queries.offers_to(user)],
        "own": [(swap, span_words(swap.turn)) for swap in queries.own_offers(user)],
        "now": now(),
        "may_read": user.may(Rosters.READ),
    }
    return render(request, "rosters/mine.html", context)


@login_required
@require_GET
def turn(request: StaffRequest, uid: UUID) -> HttpResponse:
    """One turn: who, when, and what may be done."""
    return _page(request, queries.turn(uid, request.user))


def _page(request: StaffRequest, found: Turn, status: int = 200, **forms: Any) -> HttpResponse:
    user, at = request.user, now()
    swap = queries.swap_of(found)
    stands = found.voided_at is None
    plans = user.may(Rosters.PLAN, found.roster.place_key)
    context = {
        "turn": found, "span": span_words(found), "whose": whose(found.roster), "swap": swap,
        "is_over": found.ends_at <= at, "is_mine": found.user_id == user.pk,
        "may_take_off": plans and stands and found.ends_at > at,
        "may_offer": found.user_id == user.pk and stands and swap is None and found.starts_at > at,
        "may_withdraw": swap is not None and swap.taken_at is None and swap.offered_by_id == user.pk and stands,
        "may_take": swap is not None and swap.taken_at is None and swap.offered_by_id != user.pk and stands
        and found.starts_at > at and user.may(Rosters.SWAP, found.roster.place_key),
        "take_off_form": TakeOffForm(prefix="off"), "offer_form": OfferForm(prefix="offer"), **forms,
    }  # fmt: skip
    return render(request, "rosters/turn.html", context, status=status)


@login_required
@require_POST
def take_off(request: StaffRequest, uid: UUID) -> HttpResponse:
    """A turn does not take place."""
    found, form = queries.turn(uid, request.user), TakeOffForm(request.POST, prefix="off")
    if form.is_valid():
        with refusals_beside(form):
            services.take_off(turn_uid=uid, reason=form.cleaned_data["reason"], by=request.user)
            messages.success(request, _("Taken off. Put somebody else on."), extra_tags="ok")
            return redirect("rosters:roster", found.roster.uid)
    return _page(request, found, 422, take_off_form=form)


@login_required
@require_POST
def offer(request: StaffRequest, uid: UUID) -> HttpResponse:
    """Offer an own turn."""
    found, form = queries.turn(uid, request.user), OfferForm(request.POST, prefix="offer")
    if form.is_valid():
        with refusals_beside(form):
            services.offer_swap(turn_uid=uid, note=form.cleaned_data["note"], by=request.user)
            said = _("Your colleagues see the offer. You stay on duty until somebody takes it.")
            messages.success(request, said, extra_tags="ok")
            return redirect("rosters:mine")
    return _page(request, found, 422, offer_form=form)


@login_required
@require_POST
def take(request: StaffRequest, uid: UUID) -> HttpResponse:
    """Take a colleague's turn."""
    services.take_swap(swap_uid=uid, by=request.user)
    messages.success(request, _("The turn is yours."), extra_tags="ok")
    return redirect("rosters:mine")


@login_required
@require_POST
def withdraw(request: StaffRequest, uid: UUID) -> HttpResponse:
    """Keep the turn after all."""
    services.withdraw_swap(swap_uid=uid, by=request.user)
    messages.success(request, _("The offer is withdrawn. You keep the turn."), extra_tags="ok")
    return redirect("rosters:mine")


@login_required
@require_POST
def receive(request: StaffRequest, uid: UUID) -> HttpResponse:
    """The receipt of a swap."""
    found = services.receive_swap(swap_uid=uid, by=request.user)
    messages.success(request, _("Receipt given."), extra_tags="ok")
    if found.offered_by_id == request.user.pk:
        return redirect("rosters:mine")
    return redirect("rosters:roster", found.turn.roster.uid)
