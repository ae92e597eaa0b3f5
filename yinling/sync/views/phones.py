"""Whose phones hold data, when they were last here; declaring one lost."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from yinling.sync import queries, services
from yinling.sync.models import Phone
from yinling.sync.permissions import Sync
from yinling.web.paging import keyset_page
from yinling.web.pieces import Chip
from yinling.web.requests import StaffRequest


@login_required
@require_GET
def phone_list(request: StaffRequest) -> HttpResponse:
    """One's own phones; with the permission, those of one's divisions."""
    state = request.GET.get("state", "")
    page = keyset_page(queries.phones_for(request.user, state), order=("-id",), address=request.GET)
    chips = [Chip("", _("All")), *(Chip(one.value, str(one.label)) for one in Phone.State)]
    context = {
        "page": page,
        "rows": page.rows,
        "chips": chips,
        "state": state,
        "may_export": request.user.may(Sync.PHONES),
    }
    return render(request, "sync/phones.html", context)


@login_required
@require_POST
def lost(request: StaffRequest, uid: UUID) -> HttpResponse:
    """Declare a phone lost."""
    services.lose_phone(uid=uid, reason=request.POST.get("reason", ""), by=request.user)
    messages.success(request, _("The key is withdrawn. The telephone is wiped when it comes near."), extra_tags="ok")
    return redirect("sync:phones")
