"""What other departments share with us: the record that each of them, and the person concerned, may ask for."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from yinling.kernel.actors import require
from yinling.people.permissions import People
from yinling.people.rosters.sharing import shared_lists
from yinling.web.requests import StaffRequest


@login_required
@require_GET
def shared(request: StaffRequest) -> HttpResponse:
    """Every shared field with source, purpose and term, and the last edition of each list."""
    require(request.user, People.IMPORT)
    return render(request, "people/shared.html", {"lists": shared_lists(request.user)})
