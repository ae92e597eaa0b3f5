"""Doubts and transfers: what waits for somebody to decide about whole files."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from yinling.kernel.actors import require
from yinling.kernel.errors import NotFound, Refused
from yinling.kernel.names import mask_name
from yinling.people.cards import entry_of
from yinling.people.forms import AnswerForm
from yinling.people.models import Transfer
from yinling.people.permissions import People
from yinling.people.presenting import person_rows, side_by_side
from yinling.people.queries import open_doubts, transfers_of
from yinling.people.services import answer_transfer, settle_doubt
from yinling.people.services.doubts import entry_from_json
from yinling.places.queries import tree
from yinling.web.paging import keyset_page
from yinling.web.refusals import refusals_beside
from yinling.web.requests import StaffRequest
from yinling.web.sentences import sentence


@login_required
@require_GET
def doubt_list(request: StaffRequest) -> HttpResponse:
    """Records that may be somebody we know."""
    require(request.user, People.EDIT)
    page = keyset_page(open_doubts(request.user), order=("place_key", "id"), address=request.GET)
    rows = [(doubt, person_rows([doubt.candidate])[0], tree().path(doubt.place_key)) for doubt in page]
    return render(request, "people/doubts.html", {"page": page, "rows": rows})


@login_required
def doubt(request: StaffRequest, uid: UUID) -> HttpResponse:
    """One record beside the person it resembles, field by field."""
    found = open_doubts(request.user).filter(uid=uid).first()
    if found is None:
        raise NotFound("doubt")
    if request.method == "POST":
        try:
            person = settle_doubt(uid=uid, answer=request.POST.get("answer", ""), by=request.user)
        except Refused as refusal:
            messages.error(request, sentence(refusal), extra_tags="red")
        else:
            messages.success(request, _("Settled."), extra_tags="ok")
            return redirect("people:person", person.uid) if person else redirect("people:doubts")
    entry, held = entry_from_json(found.record()), entry_of(found.candidate)
    context = {"doubt": found, "row": person_rows([found.candidate])[0], "fields": side_by_side(entry, held, found.why)}
    context["may_merge"] = request.user.may(People.MERGE, found.candidate.place_key)
    return render(request, "people/doubt.html", context)


@login_required
@require_GET
def transfer_list(request: StaffRequest) -> HttpResponse:
    """Transfers to and from my divisions."""
    require(request.user, People.TRANSFER)
    page = keyset_page(transfers_of(request.user), order=("-id",), address=request.GET)
    rows = [_transfer_row(transfer, request) for transfer in page]
    return render(request, "people/transfers.html", {"page": page, "rows": rows})


def _transfer_row(transfer: Transfer, request: StaffRequest) -> dict[str, Any]:
    return {
        "transfer": transfer,
        "who": mask_name(transfer.person.name),
        "from": tree().path(transfer.from_key),
        "to": tree().path(transfer.to_key),
        "may_answer": transfer.state == Transfer.SENT and request.user.may(People.TRANSFER, transfer.to_key),
    }


@login_required
def answer(request: StaffRequest, uid: UUID) -> HttpResponse:
    """Receive a person, or send the case back."""
    transfer = transfers_of(request.user).filter(uid=uid).first()
    if transfer is None:
        raise NotFound("transfer")
    form = AnswerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        with refusals_beside(form):
            answer_transfer(uid=uid, receives=data["receives"] == "yes", answer=data["answer"], by=request.user)
            return redirect("people:transfers")
    context = {"form": form, "item": _transfer_row(transfer, request)}
    return render(request, "people/answer.html", context, status=422 if form.errors else 200)
