"""The log of looks, for the audit administrator: who opened whose protected data, when, why. Shows none of it.

Every kind of look is one type of change, so the index on (type, id) gives a page of it however long the record is.
A person stands here as the end of the file's uid and the division where the file is. Looks under an open inquiry into
abuse are left out until it closes, as in the access receipt: a line would tell whoever reads it that there is one.
The record itself is never cut; the log reaches back the months of `people.look_log_months`.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from yinling.accounts.models import User
from yinling.accounts.permissions import Accounts
from yinling.files.events import FileOpened
from yinling.kernel.actors import Actor
from yinling.kernel.clock import civil_date, start_of
from yinling.kernel.models import Change
from yinling.kernel.scope import within
from yinling.people import rules
from yinling.people.events import ListExported, NamesShown, ProtectedLooked
from yinling.people.models import Inquiry
from yinling.people.parameters import look_log_months
from yinling.people.presenting import looked_at
from yinling.places.queries import Division, city, key_ranges, tree

MOST_USERS = 200  # whose name fits what was typed
ENDING = 8  # characters of a uid that tell two files apart on a page


@dataclass(frozen=True)
class Kind:
    """A sort of look: its key in the address, the type of its changes, its title (an English msgid)."""

    key: str
    type: str
    title: str


FIELDS = Kind("fields", ProtectedLooked.kind, _("Protected fields of a person"))
_kinds = [
    FIELDS,
    Kind("names", NamesShown.kind, _("Full names in lists")),
    Kind("files", FileOpened.kind, _("Scans, photos, recordings")),
    Kind("lists", ListExported.kind, _("Lists taken out")),
]

UNDER_INQUIRY = (ProtectedLooked.kind, FileOpened.kind)  # looks that name the inquiry they belong to


def offer(*kinds: Kind) -> None:
    """Make looks of modules above known."""
    _kinds.extend(kind for kind in kinds if kind not in _kinds)


def kinds() -> tuple[Kind, ...]:
    """Every sort of look, in the order of the page."""
    return tuple(_kinds)


@dataclass(frozen=True)
class Wanted:
    """What part of the log. Empty means: any. Both days are included."""

    kind: str = FIELDS.key
    user: str = ""
    place_key: int = 0
    first: dt.date | None = None
    last: dt.date | None = None


@dataclass(frozen=True)
class Look:
    """One line of the log, in words."""

    at: dt.datetime
    who: str
    username: str
    works_at: str
    what: str
    about: str
    place: str
    reason: str


def reaches_back_to() -> dt.date:
    """The first day of the log."""
    return rules.months_after(civil_date(), -look_log_months())


def looks_found(wanted: Wanted, *, by: Actor) -> QuerySet[Change]:
    """Looks in the divisions where the actor reads the log, not ordered. Asks at most three statements."""
    kind = next((one for one in _kinds if one.key == wanted.kind), FIELDS)
    since = max(wanted.first or dt.date.min, reaches_back_to())
    found = Change.objects.filter(type=kind.type, recorded_at__gte=start_of(since))
    if not by.may(Accounts.READ_LOG, city().key):  # whoever reads the city's log reads what names no division, too
        found = found.filter(within(by.key_ranges(Accounts.READ_LOG)))
    if wanted.place_key:
        found = found.filter(within(key_ranges([wanted.place_key])))
    if wanted.last:
        found = found.filter(recorded_at__lt=start_of(wanted.last + dt.timedelta(days=1)))
    if text := wanted.user.strip():
        found = found.filter(actor_uid__in=_users(text))
    if kind.type not in UNDER_INQUIRY:
        return found
    # What was written before looks named an inquiry has no such key, and NULL is in no list and out of none.
    return found.filter(Q(data__inquiry__isnull=True) | ~Q(data__inquiry__in=_running()))


def divisions(by: Actor) -> list[Division]:
    """The biggest divisions whose log the actor reads, and those right below them."""
    places, ranges = tree(), tuple(by.key_ranges(Accounts.READ_LOG))
    mine = {key for key in places.keys if any(low <= key <= high for low, high in ranges)}
    held = [places.divisions[key] for key in sorted(mine) if places.divisions[key].parent not in mine]
    return [*held, *(child for top in held for child in places.children(top.key))]


def _users(text: str) -> list[UUID]:
    named = User.objects.filter(Q(username__startswith=text.lower()) | Q(name__contains=text))
    return list(named.values_list("uid", flat=True)[:MOST_USERS])


def _running() -> list[str]:
    """Inquiries into abuse that nobody may know of yet."""
    return [str(uid) for uid in Inquiry.objects.open().values_list("uid", flat=True)]


def in_words(changes: Sequence[Change]) -> list[Look]:
    """The lines of the log. One statement, for the users."""
    users = {user.uid: user for user in User.objects.filter(uid__in={change.actor_uid for change in changes})}
    return [_line(change, users.get(change.actor_uid)) for change in changes]


def _line(change: Change, user: User | None) -> Look:
    places = tree()
    return Look(
        at=change.recorded_at,
        who=user.name if user else gettext("Yinling"),
        username=user.username if user else "",
        works_at=places.name(user.place_key) if user and user.place_key else "",
        what=looked_at(change) if change.type == FIELDS.type else "",
        about=_about(change),
        place=places.path(change.place_key) if change.place_key else "",
        reason=change.reason,
    )


def _about(change: Change) -> str:
    """The end of the uid of what was looked at; nothing where a whole list was."""
    if change.subject_kind == "user" or change.subject_uid is None:
        return ""
    return f"…{change.subject_uid.hex[-ENDING:]}"
