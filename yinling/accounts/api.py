"""Who asks: the token of a request, its share of the minute, and what it may."""

import datetime as dt

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from ninja import Schema
from ninja.errors import Throttled
from ninja.security import HttpBearer

from yinling.accounts.models import TokenActor
from yinling.accounts.tokens import authenticate, count_request
from yinling.places.queries import tree
from yinling.web.api.frame import ApiRequest, router, told

accounts = router(_("This token"))


class Bearer(HttpBearer):
    """The header `Authorization: Bearer <secret>`."""

    def authenticate(self, request: HttpRequest, token: str) -> TokenActor | None:
        """Who acts with this secret. Raises Throttled when the minute is used up."""
        actor = authenticate(token)
        if actor is not None and (wait := count_request(actor.token)):
            raise Throttled(wait)
        return actor


class DivisionHeld(Schema):
    """A division where the token's user holds a role."""

    key: int
    name: str
    role: str


class Me(Schema):
    """What a token is."""

    user: str
    program: str
    scopes: list[str]
    expires_on: dt.date
    divisions: list[DivisionHeld]


@accounts.get("/me", response=Me, **told(_("What this token may, and where")))
def me(request: ApiRequest) -> Me:
    """The user, the program, the permissions and the divisions of the token."""
    actor: TokenActor = request.auth
    places = tree()
    return Me(
        user=actor.user.label, program=actor.token.name, scopes=actor.token.scopes,
        expires_on=actor.token.expires_on,
        divisions=[DivisionHeld(key=a.place_id, name=places.name(a.place_id), role=a.role) for a in actor.held],
    )  # fmt: skip
