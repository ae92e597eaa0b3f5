"""Where the address of a list asks for: a division, a home."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from django.db.models import QuerySet

from yinling.institutions.models import Institution
from yinling.kernel.actors import Actor
from yinling.kernel.scope import within
from yinling.kernel.uids import uid_of
from yinling.places.queries import key_ranges

Rows = TypeVar("Rows", bound=QuerySet[Any])


@dataclass(frozen=True)
class Where:
    """A division and a home, as the address names them; a home that nobody knows finds nothing."""

    place_key: int | None = None
    home: str = ""

    @classmethod
    def from_address(cls, address: Mapping[str, str]) -> "Where":
        """What names no division is left out."""
        place = address.get("place", "")
        return cls(int(place) if place.isascii() and place.isdigit() else None, address.get("home", ""))

    def narrow(self, found: Rows, by: Actor) -> Rows:
        """The rows of this division and of this home, when the actor sees it."""
        if self.place_key is not None:
            found = found.filter(within(key_ranges([self.place_key])))
        if self.home:
            uid, seen = uid_of(self.home), Institution.objects.visible_to(by)
            found = found.filter(institution__in=seen.filter(uid=uid) if uid else seen.none())
        return found


ANYWHERE = Where()
