"""Words for tests of the interface: `asking(user)` is a program that acts for a user."""

import datetime as dt
from itertools import count
from typing import Any

from django.http import HttpResponse
from django.test import Client

from yinling.accounts.models import Token, User
from yinling.accounts.tokens import digest
from yinling.config.scopes import SCOPES
from yinling.kernel.clock import civil_date, now

_serial = count(1)
ROOT = "/api/v1"


def a_token(user: User, *scopes: str, days: int = 30) -> tuple[Token, str]:
    """A collected token of a user and its secret; every scope unless some are named."""
    secret = f"yl_test-{next(_serial)}"
    token = Token.objects.create(
        user=user, name="邻县医院", scopes=sorted(str(scope) for scope in scopes or SCOPES), granted_by=user,
        digest=digest(secret), hint=secret[:8], collected_at=now(), expires_on=civil_date() + dt.timedelta(days=days),
    )  # fmt: skip
    return token, secret


class Program:
    """A program with a token, asking in English."""

    def __init__(self, secret: str) -> None:
        self.client = Client(headers={"authorization": f"Bearer {secret}", "accept-language": "en"})

    def get(self, path: str, **parameters: Any) -> HttpResponse:
        """Ask."""
        return self.client.get(ROOT + path, parameters)

    def post(self, path: str, **body: Any) -> HttpResponse:
        """Send."""
        return self.client.post(ROOT + path, body, content_type="application/json")

    def patch(self, path: str, **body: Any) -> HttpResponse:
        """Correct."""
        return self.client.patch(ROOT + path, body, content_type="application/json")


def asking(user: User, *scopes: str) -> Program:
    """A program that acts for a user."""
    return Program(a_token(user, *scopes)[1])
