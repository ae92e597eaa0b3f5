"""Which state of the tree is the newest: asked once per transaction, outside transactions at most once a second.

A page asks for places dozens of times and they change a few times a year. `forget` is the last step of every write.
"""

import time
from threading import local

from django.db import connection
from django.db.models import Max

from yinling.places.models import PlaceVersion

ASK_EVERY_S = 1.0
Edition = tuple[int, str]
_mine = local()


def edition() -> Edition:
    """The newest version's number and instant. The number alone would not do: a rolled-back one is given out again."""
    inside = connection.atomic_blocks[0] if connection.atomic_blocks else None
    if not _asked_lately(inside):
        newest = PlaceVersion.objects.aggregate(number=Max("id"), at=Max("recorded_at"))
        _mine.known = (newest["number"] or 0, str(newest["at"]))
        _mine.asked_at, _mine.asked_in = time.monotonic(), inside
    return _mine.known


def forget() -> None:
    """Ask again at the next use."""
    _mine.asked_at, _mine.asked_in = 0.0, None


def _asked_lately(inside: object | None) -> bool:
    if inside is not None:
        return getattr(_mine, "asked_in", None) is inside
    return getattr(_mine, "asked_in", None) is None and time.monotonic() - getattr(_mine, "asked_at", 0.0) < ASK_EVERY_S
