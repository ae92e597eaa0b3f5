"""The registry of what the books are called: books, kinds of account, owners. `config/wiring.py` fills it at start.

Owners live on floors above, so the ledger knows only their kind and uid. Whoever keeps them says how they are named,
which of them are a user's own, and whose accounts stand on the page of a thing.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Q, QuerySet

from yinling.kernel.actors import Actor

OwnerKey = tuple[str, UUID]
Labels = Callable[[Sequence[UUID], Actor], Mapping[UUID, tuple[str, str, str]]]


class Label(NamedTuple):
    """How an owner is shown: 舒** , 卢峰镇敬老院, its page."""

    text: str
    place: str = ""
    url: str = ""


@dataclass(frozen=True)
class Owner:
    """A sort of owner. `title`: English msgid. `labels`: (uids, user) -> {uid: (label, place, url)}, leaving out what
    the user may not see. `mine`: uids, as a subquery, of the owners whose accounts are the user's own to read."""

    kind: str
    title: str
    labels: Labels
    mine: Callable[[Actor], "QuerySet[Any, Any]"] | None = None


_titles: dict[str, str] = {}
_owners: dict[str, Owner] = {}
_holders: dict[str, Callable[[UUID, Actor], Iterable[OwnerKey]]] = {}


def call(titles: Mapping[str, str]) -> None:
    """Say in words (English msgids) what books and kinds of account are called."""
    _titles.update(titles)


def title(key: str) -> str:
    """What a book or a kind of account is called, as a msgid; its key when nobody has said."""
    return _titles.get(key, key)


def offer(*owners: Owner) -> None:
    """Make kinds of owner known."""
    _owners.update({owner.kind: owner for owner in owners})


def show_on(page: str, holders: Callable[[UUID, Actor], Iterable[OwnerKey]]) -> None:
    """Say whose accounts stand on the page of a thing ("person"): (its uid, user) -> owners."""
    _holders[page] = holders


def holders_on(page: str, uid: UUID, user: Actor) -> list[OwnerKey]:
    """Whose accounts stand on that page, as far as the user may know."""
    return list(_holders[page](uid, user)) if page in _holders else []


def owned_by(user: Actor) -> Q:
    """Accounts that are the user's own, as the modules of their owners say."""
    condition = Q(pk__in=[])
    for owner in _owners.values():
        if owner.mine is not None:
            condition |= Q(owner_kind=owner.kind, owner_uid__in=owner.mine(user))
    return condition


def labels(owners: Iterable[OwnerKey], user: Actor) -> dict[OwnerKey, Label]:
    """Labels of many owners; those that are unknown or not the user's show their kind alone. One call per kind."""
    by_kind: dict[str, set[UUID]] = defaultdict(set)
    for kind, uid in owners:
        by_kind[kind].add(uid)
    found: dict[OwnerKey, Label] = {}
    for kind, uids in by_kind.items():
        if known := _owners.get(kind):
            found |= {(kind, uid): Label(*shown) for uid, shown in known.labels(sorted(uids), user).items()}
    return found


def owner_title(kind: str) -> str:
    """What a kind of owner is called, as a msgid."""
    return _owners[kind].title if kind in _owners else kind
