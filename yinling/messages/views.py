"""Pages of messages: my inbox, and dead letters."""

from uuid import UUID

from django.contrib import messages as flashes
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from yinling.accounts.models import User
from yinling.messages import queries, services
from yinling.messages.forms import ReachForm
from yinling.web.paging import keyset_page
from yinling.web.pieces import Chip
from yinling.web.refusals import refusals_beside
from yinling.web.requests import StaffRequest


def _user(request: StaffRequest) -> User:
    assert isinstance(request.user, User)
    return request.user


@login_required
@require_GET
def inbox(request: StaffRequest) -> HttpResponse:
    """My messages, newest first."""
    user = _user(request)
    unread = queries.unread_count(user)
    page = queries.inbox(user, request.GET)
    context = {"page": page, "unread": unread, "filters": [Chip("unread", _("Unread"), unread)]}
    return render(request, "messages/inbox.html", context)


@login_required
@require_POST
def read(request: StaffRequest, uid: UUID) -> HttpResponse:
    """Mark as read and go where it leads."""
    message = services.mark_read(uid=uid, by=_user(request))
    return redirect(queries.link_of(message) or "messages:inbox")


@login_required
@require_POST
def read_all(request: StaffRequest) -> HttpResponse:
    """Mark everything as read."""
    services.mark_all_read(by=_user(request))
    return redirect("messages:inbox")


@login_required
@require_GET
def dead(request: StaffRequest) -> HttpResponse:
    """What did not go out; no addressee, no text."""
    rows = queries.dead_letters(_user(request)).order_by()
    page = keyset_page(rows, order=("-id",), address=request.GET)
    return render(request, "messages/dead.html", {"page": page})


@login_required
@require_POST
def try_again(request: StaffRequest, uid: UUID) -> HttpResponse:
    """Send a dead letter once more."""
    services.try_again(uid=uid, by=_user(request))
    flashes.success(request, _("The message goes out again."), extra_tags="ok")
    return redirect("messages:dead")


@login_required
def reach(request: StaffRequest) -> HttpResponse:
    """Where I am reached when I am not at the platform."""
    user = _user(request)
    form = ReachForm(request.POST or None, initial=queries.addresses_of(user))
    if request.method == "POST" and form.is_valid():
        with refusals_beside(form), transaction.atomic():
            for way, address in form.cleaned_data.items():
                services.set_reach(way=way, address=address, by=user)
            flashes.success(request, _("Alerts reach you there from now on."), extra_tags="ok")
            return redirect("messages:inbox")
    return render(request, "messages/reach.html", {"form": form}, status=422 if form.errors else 200)
