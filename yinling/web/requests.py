"""The request of a page behind the log-in: its user is known, and is the actor of services."""

from typing import Any

from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme


class StaffRequest(HttpRequest):
    """What views behind `login_required` are given. The user's type belongs to a floor above this one."""

    user: Any


def came_from(request: HttpRequest) -> str:
    """The page of this site that the reader came from, as the address says (`next`); "" for none, or another site's."""
    back = request.GET.get("next", "")
    own = url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}, require_https=request.is_secure())
    return back if own and back.startswith("/") else ""
