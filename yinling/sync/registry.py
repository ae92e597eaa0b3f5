"""What phones may hold and may send. `config/wiring.py` fills both from the modules above."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from yinling.accounts.models import User

Document = dict[str, Any]


@dataclass(frozen=True)
class Feed:
    """Documents of one kind. `held_by`: the uids a user's phone may hold now, computed by the database from scope;
    more than `most` are cut off. `documents`: what is sent of them. `sent`: leaves the lines of looks."""

    kind: str
    most: int
    held_by: Callable[[User], Sequence[UUID]]
    documents: Callable[[Sequence[UUID], User], Mapping[UUID, Document]]
    sent: Callable[[Sequence[UUID], User], None] = lambda uids, user: None


@dataclass(frozen=True)
class Difference:
    """A field in which two reports differ: what stands, and what this phone said."""

    field: str
    stands: str
    given: str


@dataclass(frozen=True)
class Done:
    """A handler's answer. `words` are shown on the phone; `differences` where another report stood already."""

    words: str = ""
    differences: tuple[Difference, ...] = ()


@dataclass(frozen=True)
class Order:
    """A command as its handler sees it. `moment` turns milliseconds of the phone's clock into an instant."""

    uid: UUID
    payload: Mapping[str, Any]
    by: User
    at: dt.datetime
    moment: Callable[[Any], dt.datetime]
    content: bytes = b""


@dataclass(frozen=True)
class CommandKind:
    """What a command does. `versions`: those of its payload that are still understood. `with_piece`: a photograph
    belongs to it; such a handler is idempotent by itself and keeps its own short transactions."""

    name: str
    handle: Callable[[Order], Done]
    versions: frozenset[int] = field(default_factory=lambda: frozenset({1}))
    with_piece: bool = False


_feeds: dict[str, Feed] = {}
_commands: dict[str, CommandKind] = {}


def offer(*feeds: Feed) -> None:
    """Make feeds known."""
    _feeds.update({feed.kind: feed for feed in feeds})


def accept(*kinds: CommandKind) -> None:
    """Make commands known."""
    _commands.update({kind.name: kind for kind in kinds})


def feeds() -> list[Feed]:
    """All feeds, in the order of their offering."""
    return list(_feeds.values())


def command(name: str) -> CommandKind | None:
    """A kind of command; None for one that nobody understands."""
    return _commands.get(name)
