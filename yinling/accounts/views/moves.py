"""Workers on the way between divisions, seen from both sides."""

from collections.abc import Callable
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from yinling.accounts import queries, services
from yinling.accounts.models import WorkerTransfer
from yinling.accounts.permissions import Accounts
from yinling.accounts.views.users import PAGE_SIZE, me
from yinling.kernel.actors import require
from yinling.kernel.errors import NotFound
from yinling.web.paging import keyset_page

VERBS: dict[str, Callable[..., WorkerTransfer]] = {
    "receive": services.receive_worker,
    "decline": services.decline_worker,
    "withdraw": services.withdraw_worker,
}


@login_required
def moves(request: HttpRequest) -> HttpResponse:
    """Who is on the way here, who was sent from here, and what became of them."""
    require(me(request), Accounts.MOVE_WORKERS)
    page = keyset_page(
        queries.transfers_seen_by(me(request)), order=("-sent_at", "-id"), address=request.GET, size=PAGE_SIZE
    )
    by = me(request)
    rows = [
        {
            "move": move,
            "may_answer": move.state == WorkerTransfer.State.SENT and by.may(Accounts.MOVE_WORKERS, move.to_place_id),
            "may_withdraw": move.state == WorkerTransfer.State.SENT
            and by.may(Accounts.MOVE_WORKERS, move.from_place_id),
        }
        for move in page
    ]
    return render(request, "accounts/moves.html", {"rows": rows, "page": page})


@require_POST
@login_required
def answer(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Receive, decline or withdraw."""
    verb = VERBS.get(request.POST.get("verb", ""))
    if verb is None:
        raise NotFound("verb")
    verb(transfer_uid=uid, by=me(request), note=request.POST.get("note", ""))
    return redirect("accounts:moves")
