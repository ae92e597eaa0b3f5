"""Users, roles, log-ins, workers on the move and programs as workbooks hold them, filtered as the pages are."""

from collections.abc import Iterator, Mapping
from typing import Any, cast

from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from yinling.accounts import queries, tokens
from yinling.accounts.forms import DivisionField
from yinling.accounts.models import WorkerTransfer
from yinling.accounts.permissions import Accounts
from yinling.accounts.roles import all_roles, permission_words
from yinling.accounts.templatetags.accounts import device
from yinling.kernel.actors import Actor
from yinling.kernel.clock import CITY_ZONE, civil_date
from yinling.kernel.listings import Heading, Listing
from yinling.places.queries import tree

BATCH = 500
WAYS = {"password": _("password"), "totp": _("code from the phone"), "pin": _("PIN"), "logout": _("logged out")}
STATES = {
    WorkerTransfer.State.SENT: _("on the way"), WorkerTransfer.State.RECEIVED: _("received"),
    WorkerTransfer.State.DECLINED: _("declined"), WorkerTransfer.State.WITHDRAWN: _("withdrawn"),
}  # fmt: skip

TOKEN_STATES = {
    "waiting": _("waits to be collected"), "in_use": _("token in use"), "expired": _("token expired"),
    "revoked": _("token revoked"),
}  # fmt: skip


def _users(by: Actor, address: Mapping[str, str]) -> Iterator[tuple[Any, ...]]:
    division = _division(address.get("division", ""))
    found = queries.users_found(by, text=address.get("q", ""), role=address.get("role", ""), place_key=division)
    places, titles = tree(), {role.key: role.title for role in all_roles()}
    for user in queries.with_roles(found).order_by("username").iterator(BATCH):
        roles = tuple(f"{gettext(titles.get(a.role, a.role))} · {places.name(a.place_id)}" for a in user.roles_today)
        state = gettext("open account") if user.is_active else gettext("closed account")
        last = user.last_login.astimezone(CITY_ZONE) if user.last_login else None
        yield user.name, user.username, places.path(user.place_key) or places.name(user.place_key), roles, state, last


def _division(text: str) -> int | None:
    try:
        return cast(int | None, DivisionField(required=False).clean(text))
    except ValidationError:
        return None


def _roles(by: Actor, address: Mapping[str, str]) -> Iterator[tuple[Any, ...]]:
    for role in all_roles():
        may = tuple(gettext(permission_words(key)) for key in sorted(role.permissions))
        yield gettext(role.title), gettext(role.description), may


def _log_ins(by: Actor, address: Mapping[str, str]) -> Iterator[tuple[Any, ...]]:
    attempts = queries.log_ins_seen_by(by)
    if text := address.get("q", "").strip().lower():
        attempts = attempts.filter(username__startswith=text)
    if address.get("result") == "wrong":
        attempts = attempts.filter(succeeded=False)
    for one in attempts.order_by("-at", "-id").iterator(BATCH):
        result = gettext("let in") if one.succeeded else gettext("turned away")
        way = gettext(WAYS.get(one.way, one.way))
        yield one.at.astimezone(CITY_ZONE), one.username, way, one.address or "", device(one.agent), result


def _moves(by: Actor, address: Mapping[str, str]) -> Iterator[tuple[Any, ...]]:
    places = tree()
    for move in queries.transfers_seen_by(by).order_by("-sent_at", "-id").iterator(BATCH):
        answered = move.answered_at.astimezone(CITY_ZONE) if move.answered_at else None
        yield (
            move.user.name, places.path(move.from_place_id), places.path(move.to_place_id), move.sent_by.name,
            move.sent_at.astimezone(CITY_ZONE), gettext(STATES[WorkerTransfer.State(move.state)]),
            move.answered_by.name if move.answered_by else "", answered, move.note, move.answer,
        )  # fmt: skip


def _tokens(by: Actor, address: Mapping[str, str]) -> Iterator[tuple[Any, ...]]:
    """What each program may do and where it stands; never its secret."""
    today = civil_date()
    for one in tokens.tokens_overseen(by).order_by("-id").iterator(BATCH):
        may = tuple(gettext(permission_words(scope)) for scope in one.scopes)
        used = one.seen_at.astimezone(CITY_ZONE) if one.seen_at else None
        state = gettext(TOKEN_STATES[one.state_on(today)])
        yield (
            one.name,
            one.user.name,
            may,
            one.granted_by.name,
            one.granted_at.astimezone(CITY_ZONE),
            one.expires_on,
            used,
            state,
        )


LISTINGS = (
    Listing(
        "tokens", _("Programs that act for users"),
        (Heading(_("Program"), 24), Heading(_("User"), 12), Heading(_("It may"), 50), Heading(_("Granted by"), 12),
         Heading(_("Granted"), 18), Heading(_("Ends on"), 12), Heading(_("Last used"), 18), Heading(_("State"), 12)),
        _tokens, (Accounts.ASSIGN_ROLES,),
    ),
    Listing(
        "users", _("Users"),
        (Heading(_("Name"), 12), Heading(_("User name"), 20, is_identifier=True), Heading(_("Belongs to"), 30),
         Heading(_("Roles today"), 50), Heading(_("State"), 10), Heading(_("Last log-in"), 18)),
        _users, queries.OVERSEERS,
    ),
    Listing(
        "roles", _("Roles"),
        (Heading(_("Role"), 16), Heading(_("Description"), 60), Heading(_("What it may do"), 90)),
        _roles, queries.OVERSEERS,
    ),
    Listing(
        "log_ins", _("Log of log-ins"),
        (Heading(_("When"), 18), Heading(_("User name"), 20, is_identifier=True), Heading(_("Way"), 14),
         Heading(_("Network address"), 18, is_identifier=True), Heading(_("Device"), 22), Heading(_("Result"), 12)),
        _log_ins, (Accounts.READ_LOG,),
    ),
    Listing(
        "moves", _("Workers on the move"),
        (Heading(_("Worker"), 12), Heading(_("From division"), 24), Heading(_("To division"), 24),
         Heading(_("Sent by"), 12), Heading(_("Sent"), 18), Heading(_("State"), 10), Heading(_("Answered by"), 12),
         Heading(_("Answered"), 18), Heading(_("Note"), 30), Heading(_("Answer"), 30)),
        _moves, (Accounts.MOVE_WORKERS,),
    ),
)  # fmt: skip
