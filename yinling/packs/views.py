"""Pages of packs: what is loaded, what an upgrade would do, and the upgrade."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from yinling.kernel.actors import require
from yinling.packs import queries, services
from yinling.packs.permissions import Packs
from yinling.web.pieces import Crumb
from yinling.web.requests import StaffRequest

MOST_SHOWN = 300


@login_required
@require_GET
def packs(request: StaffRequest) -> HttpResponse:
    """What is loaded, in which version, and how much of it nobody has verified."""
    require(request.user, Packs.READ)
    return render(request, "packs/packs.html", {"rows": queries.overview()})


@login_required
@require_GET
def pack(request: StaffRequest, key: str) -> HttpResponse:
    """One pack: what loading it now would change, and its earlier loads."""
    require(request.user, Packs.READ)
    found = services.preview(queries.pack_path(key), by=request.user)
    context = {
        "preview": found,
        "shown": found.lines[:MOST_SHOWN],
        "more": max(len(found.lines) - MOST_SHOWN, 0),
        "loads": queries.loads(key),
        "may_load": request.user.may(Packs.LOAD),
        "crumbs": [Crumb(_("Packs"), ".."), Crumb(key)],
    }
    return render(request, "packs/pack.html", context)


@login_required
@require_POST
def load(request: StaffRequest, key: str) -> HttpResponse:
    """Load it."""
    done = services.load_pack(queries.pack_path(key), by=request.user)
    messages.success(request, _("%(count)d changes made.") % {"count": len(done.lines)})
    return redirect("packs:pack", key)
