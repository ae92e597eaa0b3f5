"""The registry that names what duties are about: kind of subject -> function that labels many at once.

`config/wiring.py` fills it, because persons and institutions live on floors above. A resolver asks a constant number
of queries whatever the number of uids, and leaves out what the user may not see.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple
from uuid import UUID

from yinling.kernel.actors import Actor
from yinling.worklist.models import Subject


class Label(NamedTuple):
    """How a subject is shown: 舒** 女 84 岁, 卢峰镇, its page."""

    text: str
    place: str = ""
    url: str = ""


Resolver = Callable[[Sequence[UUID], Actor], Mapping[UUID, tuple[str, str, str]]]
_resolvers: dict[str, Resolver] = {}


def offer(kind: str, resolver: Resolver) -> None:
    """Have `resolver` label subjects of this kind: (uids, user) -> {uid: (label, place name, url)}."""
    _resolvers[kind] = resolver


def labels(subjects: Iterable[Subject], user: Actor) -> dict[Subject, Label]:
    """Labels of many subjects; those that are unknown or not the user's are missing. One call per kind."""
    by_kind: dict[str, set[UUID]] = defaultdict(set)
    for kind, uid in subjects:
        by_kind[kind].add(uid)
    found: dict[Subject, Label] = {}
    for kind, uids in by_kind.items():
        if resolver := _resolvers.get(kind):
            found |= {Subject(kind, uid): Label(*shown) for uid, shown in resolver(sorted(uids), user).items()}
    return found
