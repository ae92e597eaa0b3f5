"""Pages of the ledger: accounts, a statement, the proof of the books."""

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_POST

from yinling.kernel.actors import require
from yinling.kernel.clock import civil_date
from yinling.kernel.errors import Refused
from yinling.ledger import proof as proofs
from yinling.ledger import services, showing
from yinling.ledger.exports import export_statement
from yinling.ledger.forms import DaysForm, ReasonForm, TakeBackForm, usual_days
from yinling.ledger.models import Account, Transfer
from yinling.ledger.permissions import Ledger
from yinling.ledger.queries import (
    Statement,
    accounts_read_by,
    lines_between,
    statement,
    transfer_on,
    why_not_reversed,
)
from yinling.web.form_pages import FormPage, form_page
from yinling.web.paging import keyset_page
from yinling.web.pieces import Chip
from yinling.web.refusals import refusals_beside, refuse_form
from yinling.web.requests import StaffRequest
from yinling.web.sentences import sentence

MOST_LINES = 3000  # on one page; an export holds more


@login_required
@require_GET
def accounts(request: StaffRequest) -> HttpResponse:
    """The books, and the accounts in them that are mine to read."""
    mine = accounts_read_by(request.user)
    rows = showing.filtered(mine, request.GET).select_related("book")
    page = keyset_page(rows, order=("place_key", "id"), address=request.GET, size=50)
    context = {
        "page": page,
        "rows": showing.account_rows(page.rows, request.user),
        "books": showing.book_chips(),
        "kinds": showing.kind_chips(mine),
        "states": [Chip("locked", str(showing.LOCKED))],
        "proof": proofs.latest_proof(),
        "may_prove": request.user.may(Ledger.PROVE),
        "may_export": request.user.may(Ledger.EXPORT),
        "is_filtered": bool(request.GET),
    }
    return render(request, "ledger/accounts.html", context)


def _account(request: StaffRequest, uid: UUID) -> Account:
    return accounts_read_by(request.user).select_related("book").one(uid=uid)


def _statement(request: StaffRequest, uid: UUID) -> tuple[DaysForm, Statement]:
    """The days asked for (the usual ones, when what was typed makes no sense) and the statement over them."""
    account = _account(request, uid)
    form = DaysForm({**usual_days(), **request.GET.dict()})
    days = form.cleaned_data if form.is_valid() else usual_days()
    return form, statement(account, days["first"], days["last"])


def _context(request: StaffRequest, found: Statement) -> dict[str, Any]:
    return {
        "row": showing.account_rows([found.account], request.user)[0],
        "statement": found,
        "lines": showing.line_rows(found),
        "totals": showing.totals(found),
        "days": f"first={found.first}&last={found.last}",
        "may_export": request.user.may(Ledger.EXPORT, found.account.place_key),
        "may_reverse": request.user.may(Ledger.REVERSE, found.account.place_key),
    }


@login_required
@require_GET
def account(request: StaffRequest, uid: UUID) -> HttpResponse:
    """The statement of one account between two days."""
    mine, form = _account(request, uid), DaysForm({**usual_days(), **request.GET.dict()})
    if form.is_valid() and (count := lines_between(mine, **form.cleaned_data)) > MOST_LINES:
        refuse_form(form, Refused("These days hold {count:,} lines. Choose fewer days.", field="first", count=count))
    days = form.cleaned_data if form.is_valid() else usual_days()
    context = _context(request, statement(mine, days["first"], days["last"]))
    return render(request, "ledger/statement.html", {**context, "form": form}, status=200 if form.is_valid() else 422)


@login_required
@require_GET
def printed(request: StaffRequest, uid: UUID) -> HttpResponse:
    """The same, as an official form to print."""
    _form, found = _statement(request, uid)
    return render(
        request,
        "ledger/print.html",
        {**_context(request, found), "today": civil_date(), "back": reverse("ledger:statement", args=[uid])},
    )


@login_required
def export(request: StaffRequest, uid: UUID) -> HttpResponseBase:
    """The same as a workbook, once the reason is given."""
    _form, found = _statement(request, uid)
    require(request.user, Ledger.EXPORT, found.account.place_key)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refusals_beside(form):
            path = export_statement(found=found, by=request.user, reason=form.cleaned_data["reason"])
            return FileResponse(path.open("rb"), as_attachment=True, filename=f"statement-{civil_date()}.xlsx")
    context = {**_context(request, found), "form": form}
    return render(request, "ledger/export.html", context, status=422 if form.errors else 200)


@login_required
def take_back(request: StaffRequest, uid: UUID, transfer: UUID) -> HttpResponse:
    """Reverse what was posted wrongly: what would move, why, and a tick before it does."""
    mine = _account(request, uid)
    made = transfer_on(mine, transfer)
    require(request.user, Ledger.REVERSE, made.place_key)
    page = FormPage(
        gettext("Take a posting back"), gettext("Take it back"),
        done=gettext("Taken back. Both lines stand in the books."),
        to=reverse("ledger:statement", args=[uid]), back=reverse("ledger:statement", args=[uid]),
        template="ledger/take_back.html",
        more={
            "made": made, "what": sentence(made.memo or made.kind), "lines": showing.lines_back(made, request.user),
            "row": showing.account_rows([mine], request.user)[0], "refusal": why_not_reversed(made),
        },
    )  # fmt: skip

    def do(typed: dict[str, Any]) -> Transfer:
        return services.take_back(uid=transfer, by=request.user, reason=typed["reason"])

    return form_page(request, TakeBackForm(request.POST or None), do, page)


@login_required
@require_GET
def person_panel(request: StaffRequest, uid: UUID) -> HttpResponse:
    """Accounts of a person: those of the stays."""
    return render(request, "ledger/panel.html", {"rows": showing.panel_rows("person", uid, request.user)})


@login_required
@require_GET
def institution_panel(request: StaffRequest, uid: UUID) -> HttpResponse:
    """Accounts of a home."""
    return render(request, "ledger/panel.html", {"rows": showing.panel_rows("institution", uid, request.user)})


@login_required
@require_GET
def proof(request: StaffRequest) -> HttpResponse:
    """When the books were proved last, and what is broken."""
    require(request.user, Ledger.PROVE)
    found = proofs.latest_proof()
    context = {
        "proof": found,
        "faults": showing.fault_rows(found.faults, request.user) if found else [],
        "job": proofs.under_way(),
        "failed": proofs.failed_since(found),
    }
    return render(request, "ledger/proof.html", context)


@login_required
@require_POST
def prove(request: StaffRequest) -> HttpResponse:
    """Have the books proved now."""
    proofs.ask_for_proof(by=request.user)
    return redirect("ledger:proof")


@login_required
@require_GET
def progress(request: StaffRequest) -> HttpResponse:
    """How far the proof is; once it has ended, the page is asked to load again."""
    require(request.user, Ledger.PROVE)
    job = proofs.under_way()
    response = render(request, "ledger/_progress.html", {"job": job})
    if job is None:
        response["HX-Refresh"] = "true"
    return response
