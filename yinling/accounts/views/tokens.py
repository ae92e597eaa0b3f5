"""Tokens of programs: one's own, those the security administrator oversees, granting and taking back."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from yinling.accounts import queries, tokens
from yinling.accounts.forms import TokenForm
from yinling.accounts.models import User
from yinling.accounts.permissions import Accounts
from yinling.accounts.roles import permission_words
from yinling.accounts.views.users import me
from yinling.kernel.actors import require
from yinling.kernel.clock import civil_date
from yinling.kernel.errors import NotFound
from yinling.web.paging import keyset_page
from yinling.web.refusals import refusals_beside


def _rows(found: Any) -> list[dict[str, Any]]:
    """Tokens with what they allow in words, and where they stand."""
    today = civil_date()
    return [
        {"one": token, "may": [permission_words(scope) for scope in token.scopes], "state": token.state_on(today)}
        for token in found
    ]


@login_required
def own_tokens(request: HttpRequest) -> HttpResponse:
    """Programs that act for me; a waiting token is collected here."""
    rows = _rows(tokens.tokens_of(me(request)))
    return render(request, "accounts/own_tokens.html", {"rows": rows, "limits": queries.token_rules()})


@require_POST
@login_required
def collect(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The secret, shown this once."""
    token, secret = tokens.collect_token(uid=uid, by=me(request))
    response = render(request, "accounts/token_secret.html", {"token": token, "secret": secret})
    response["Cache-Control"] = "no-store"
    return response


@require_POST
@login_required
def revoke(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Take a token back; to the list where the button stood."""
    token = tokens.revoke_token(uid=uid, by=me(request))
    messages.success(request, gettext("Ended. It opens nothing from this moment."), extra_tags="ok")
    return redirect("accounts:own_tokens" if token.user_id == me(request).pk else "accounts:tokens")


@login_required
def overseen(request: HttpRequest) -> HttpResponse:
    """Every token of the divisions where I give roles."""
    require(me(request), Accounts.ASSIGN_ROLES)
    page = keyset_page(tokens.tokens_overseen(me(request)), order=("-id",), address=request.GET)
    return render(request, "accounts/tokens.html", {"rows": _rows(page), "page": page})


@login_required
def grant(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Let a program act for a user, who then collects the secret."""
    require(me(request), Accounts.ASSIGN_ROLES)
    user = queries.users_seen_by(me(request), Accounts.ASSIGN_ROLES).filter(uid=uid).first()
    if user is None:
        raise NotFound("user")
    form = TokenForm(_choices(user), request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refusals_beside(form):
            tokens.grant_token(user_uid=uid, by=me(request), **form.cleaned_data)
            messages.success(request, gettext("Granted. The user collects the secret."), extra_tags="ok")
            return redirect("accounts:tokens")
    context = {"form": form, "user_shown": user}
    return render(request, "accounts/grant_token.html", context, status=422 if form.errors else 200)


def _choices(user: User) -> list[tuple[str, str]]:
    return [(scope, gettext(permission_words(scope))) for scope in tokens.scopes_for(user)]
