"""The request of a page behind the log-in: its user is known, and is the actor of services."""

from typing import Any

from django.http import HttpRequest


class StaffRequest(HttpRequest):
    """What views behind `login_required` are given. The user's type belongs to a floor above this one."""

    user: Any
