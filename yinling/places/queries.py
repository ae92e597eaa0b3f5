"""Reads of places: the tree today and on a past day, key ranges under a division, ancestors, search, history.

The tree is small (3,000 rows) and changes a few times a year, so each process keeps it, and asks one row per
request's first use whether it is still the newest.
"""

import datetime as dt
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from django.db.models import Q
from django.utils.translation import gettext_noop as _

from yinling.kernel.actors import Actor, KeyRange
from yinling.kernel.errors import NotFound
from yinling.places.edition import Edition, edition
from yinling.places.models import Level, Place, PlaceQuerySet, PlaceVersion
from yinling.places.permissions import Places
from yinling.places.rules import LEVELS
from yinling.web.sentences import sentence

UNIT = {Level.CITY: 10**8, Level.COUNTY: 10**6, Level.TOWNSHIP: 10**3, Level.VILLAGE: 1}


@dataclass(frozen=True)
class Division:
    """One place of the tree, today."""

    key: int
    level: str
    code: str
    name: str
    parent: int | None


@dataclass(frozen=True)
class Tree:
    """All places, today's parents, sorted keys, and each place's line of ancestors (itself first)."""

    divisions: dict[int, Division]
    keys: list[int]
    lines: dict[int, tuple[int, ...]]

    def line(self, key: int) -> tuple[Division, ...]:
        """A place and those above it, nearest first; empty for an unknown key."""
        return tuple(self.divisions[k] for k in self.lines.get(key, ()))

    def name(self, key: int) -> str:
        """The place's name, or its number when it is unknown."""
        division = self.divisions.get(key)
        return division.name if division else str(key)

    def path(self, key: int, below: str = Level.CITY) -> str:
        """Names from below a level (of all levels, when it is "") down to the place: '溆浦县 卢峰镇 桔花园社区'."""
        order = list(Level.values)
        line = [d.name for d in self.line(key) if not below or order.index(d.level) > order.index(below)]
        return " ".join(reversed(line))

    def above(self, key: int, level: str) -> Division | None:
        """The ancestor (or the place itself) at a level."""
        return next((d for d in self.line(key) if d.level == level), None)

    def children(self, key: int) -> list[Division]:
        """Places directly below, in official order."""
        return [self.divisions[k] for k in self.keys if self.divisions[k].parent == key]


def tree() -> Tree:
    """The tree as it is now (cached per process until a version is added)."""
    return _tree(edition())


@lru_cache(maxsize=2)
def _tree(state: Edition) -> Tree:
    rows = Place.objects.order_by("key").values_list("key", "level", "code", "name", "parent_id")
    divisions = {row[0]: Division(*row) for row in rows}
    return Tree(divisions, list(divisions), {key: _line(divisions, key) for key in divisions})


def _line(divisions: dict[int, Division], key: int) -> tuple[int, ...]:
    line: list[int] = []
    at: int | None = key
    while at is not None and at in divisions and at not in line:
        line.append(at)
        at = divisions[at].parent
    return tuple(line)


def ancestors() -> dict[int, tuple[int, ...]]:
    """Every place's line: itself, then those above."""
    return tree().lines


def key_ranges(divisions: Iterable[int]) -> tuple[KeyRange, ...]:
    """Inclusive key ranges that hold exactly the places under the divisions today, fewest first."""
    return _key_ranges(edition(), frozenset(divisions))


@lru_cache(maxsize=4096)
def _key_ranges(state: Edition, divisions: frozenset[int]) -> tuple[KeyRange, ...]:
    places = _tree(state)
    mine = {key for key, line in places.lines.items() if divisions.intersection(line)}
    spans = sorted(_span(places.divisions[d]) for d in divisions if d in places.divisions)
    if _exactly(places, spans, mine):
        return tuple(_merged(spans))
    return tuple(_runs(places.keys, mine))


def _span(division: Division) -> KeyRange:
    """Every key a division's own number leaves room for."""
    return division.key, division.key + UNIT[Level(division.level)] - 1


def _exactly(places: Tree, spans: list[KeyRange], mine: set[int]) -> bool:
    """Whether the spans hold all of `mine` and nothing else: true unless a merger moved places."""
    held = {
        k for low, high in spans for k in places.keys[bisect_left(places.keys, low) : bisect_right(places.keys, high)]
    }
    return held == mine


def _merged(spans: list[KeyRange]) -> list[KeyRange]:
    """Spans without overlaps."""
    merged: list[KeyRange] = []
    for low, high in spans:
        if merged and low <= merged[-1][1] + 1:
            merged[-1] = (merged[-1][0], max(high, merged[-1][1]))
        else:
            merged.append((low, high))
    return merged


def _runs(keys: list[int], mine: set[int]) -> list[KeyRange]:
    """The shortest list of ranges over the sorted keys that holds `mine` and no other known key."""
    runs: list[KeyRange] = []
    open_run = False
    for key in keys:
        if key not in mine:
            open_run = False
        elif open_run:
            runs[-1] = (runs[-1][0], key)
        else:
            runs.append((key, key))
            open_run = True
    return runs


def place_named(key: int) -> Division:
    """One division. Raises NotFound."""
    found = tree().divisions.get(key)
    if found is None:
        raise NotFound("place")
    return found


def city() -> Division:
    """The city that this platform serves. Raises NotFound while no divisions are loaded.

    The pack of a programme may bring a few divisions of another city, to have a scope of its own (decision 0010); the
    platform's is the one with the most divisions.
    """
    key = _city(edition())
    if key is None:
        raise NotFound("place")
    return tree().divisions[key]


@lru_cache(maxsize=2)
def _city(state: Edition) -> int | None:
    places = _tree(state)
    sizes = Counter(line[-1] for line in places.lines.values())
    tops = [key for key in sizes if places.divisions[key].level == Level.CITY]
    return max(tops, key=lambda key: (sizes[key], -key), default=None)


def tree_on(day: dt.date) -> Tree:
    """The tree as it was official on a day: names, codes and parents of then, without what had ended."""
    then = Q(valid_to__isnull=True) | Q(valid_to__gt=day)
    ended = Q(valid_to__isnull=True, successor__isnull=False)  # the version that only says where it went
    versions = PlaceVersion.objects.filter(then, superseded_at__isnull=True, valid_from__lte=day).exclude(ended)
    rows = versions.order_by("place_id").values_list("place_id", "place__level", "code", "name", "parent_id")
    divisions = {row[0]: Division(*row) for row in rows}
    return Tree(divisions, list(divisions), {key: _line(divisions, key) for key in divisions})


def place_seen(key: int, by: Actor) -> Place:
    """One division of the actor's, ended ones too. Raises NotFound."""
    return Place.objects.visible_to(by, Places.READ).select_related("parent").one(key=key)


def tops(by: Actor) -> list[Division]:
    """The biggest divisions the actor sees: where drilling down begins."""
    places = tree()
    ranges = by.key_ranges(Places.READ)
    mine = {key for key in places.keys if any(low <= key <= high for low, high in ranges)}
    return [places.divisions[key] for key in places.keys if key in mine and places.divisions[key].parent not in mine]


def history_of(place: Place) -> list[PlaceVersion]:
    """Its versions as known today, newest first."""
    versions = place.versions.filter(superseded_at__isnull=True).select_related("parent", "successor", "split_from")
    return list(versions.order_by("-valid_from"))


def origins_of(place: Place) -> list[PlaceVersion]:
    """Versions of other divisions that went into this one, newest first: what was merged into it, and when."""
    ended = PlaceVersion.objects.filter(successor=place, valid_to__isnull=True, superseded_at__isnull=True)
    return list(ended.select_related("place").order_by("-valid_from"))


def offshoots_of(place: Place) -> list[PlaceVersion]:
    """First versions of divisions cut out of this one, newest first."""
    found = PlaceVersion.objects.filter(split_from=place, superseded_at__isnull=True)
    return list(found.select_related("place").order_by("-valid_from"))


def search(text: str, limit: int = 20) -> list[Place]:
    """Places by part of a name, by pinyin or by initials, bigger divisions first."""
    return matching(text, Place.objects.filter(is_current=True), limit)


def search_seen(text: str, by: Actor, limit: int = 50) -> list[Place]:
    """The same among the actor's divisions, ended ones too: whoever asks by an old name finds the new one."""
    return matching(text, Place.objects.visible_to(by, Places.READ), limit)


def matching(text: str, among: PlaceQuerySet, limit: int) -> list[Place]:
    """Places of a set by part of a name, pinyin, initials or code, bigger ones first."""
    wanted = text.strip().lower()
    if not wanted:
        return []
    found = among.filter(
        Q(name__contains=wanted) | Q(pinyin__startswith=wanted) | Q(initials__startswith=wanted) | Q(code=wanted)
    )
    order = list(Level.values)
    return sorted(found.select_related("parent")[:200], key=lambda p: (order.index(p.level), p.key))[:limit]


EXPORT_COLUMNS = (
    _("Division code"), _("Division name"), _("Level of the division"), _("Lies in"), _("Holds since"),
    _("Ended, continues in"), _("Number of the document"),
)  # fmt: skip


def export_rows(by: Actor) -> Iterator[tuple[object, ...]]:
    """Divisions of the actor, one line each, as they stand, in the order of `EXPORT_COLUMNS`."""
    mine = Place.objects.visible_to(by, Places.READ).order_by("key").values_list("key", flat=True)
    versions = PlaceVersion.objects.filter(place__in=mine, valid_to__isnull=True, superseded_at__isnull=True)
    places = tree()
    for version in versions.select_related("place", "successor").order_by("place_id").iterator(500):
        held_by = places.path(version.parent_id, below="") if version.parent_id and not version.successor else ""
        yield (
            version.code, version.name, sentence(LEVELS[version.place.level]), held_by, version.valid_from,
            version.successor.name if version.successor else "", version.source,
        )  # fmt: skip
