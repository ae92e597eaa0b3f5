"""The registry of roles. Roles themselves are prose in `config/roles.py`, which fills this at start."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Role:
    """A named set of permissions. `title` and `description` are English msgids; `level` where it is usually held."""

    key: str
    title: str
    description: str
    permissions: frozenset[str]
    level: str = "county"
    sees_people: bool = True


_roles: dict[str, Role] = {}
_words: dict[str, str] = {}


def offer(roles: Iterable[Role]) -> None:
    """Make roles known."""
    _roles.update({role.key: role for role in roles})


def role(key: str) -> Role | None:
    """A role by its key; None for one that no longer exists."""
    return _roles.get(key)


def all_roles() -> list[Role]:
    """Every role, in the order of the prose."""
    return list(_roles.values())


def describe(words: Mapping[str, str]) -> None:
    """Say in words (msgids) what permissions allow, for the page of roles."""
    _words.update(words)


def permission_words(key: str) -> str:
    """What a permission allows, as a msgid; the key itself until somebody has described it."""
    return _words.get(key, key)
