"""What pages of divisions show: the line above, what changed from version to version, what a change carries along."""

from collections import Counter
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from yinling.kernel.actors import Actor
from yinling.places import carrying
from yinling.places.models import Place, PlaceVersion
from yinling.places.permissions import Places
from yinling.places.queries import Tree, key_ranges, tree
from yinling.places.rules import LEVELS
from yinling.web.pieces import Crumb
from yinling.web.sentences import sentence


def crumbs(places: Tree, key: int, by: Actor, here: str = "") -> list[Crumb]:
    """The line from the top down to a division; those of the actor open. `here`: a page below the division's own."""
    ranges = by.key_ranges(Places.READ)
    line = [Crumb(_("Divisions"), reverse("places:divisions"))]
    for one in reversed(places.line(key)):
        is_open = (one.key != key or here) and any(low <= one.key <= high for low, high in ranges)
        line.append(Crumb(one.name, reverse("places:division", args=[one.key]) if is_open else ""))
    return [*line, Crumb(here)] if here else line


@dataclass(frozen=True)
class FoundRow:
    """One division that was found; `path` names those above it."""

    place: Place
    level: str
    path: str


def found_rows(found: list[Place]) -> list[FoundRow]:
    """Lines of the search."""
    places = tree()
    return [FoundRow(p, level_words(p.level), places.path(p.parent_id, below="") if p.parent_id else "") for p in found]


def level_words(level: str) -> str:
    """A level in the reader's language."""
    return sentence(LEVELS[level])


@dataclass(frozen=True)
class VersionRow:
    """One version, and what had changed when it began, in words."""

    version: PlaceVersion
    what: str


def version_rows(versions: list[PlaceVersion]) -> list[VersionRow]:
    """Versions newest first, each compared with the one before it."""
    return [VersionRow(one, _what(one, before)) for one, before in zip_longest(versions, versions[1:])][: len(versions)]


def _what(version: PlaceVersion, before: PlaceVersion | None) -> str:
    if version.successor is not None and version.valid_to is None:
        return _("Ended; continues in {place}").format(place=version.successor.name)
    if before is None:
        origin = version.split_from
        return _("Cut out of {place}").format(place=origin.name) if origin else _("First known")
    changed = [
        (before.name != version.name, _("renamed")),
        (before.code != version.code, _("new code")),
        (before.parent_id != version.parent_id, _("moved to {place}").format(place=version.parent)),
    ]
    return _(", ").join(words for is_so, words in changed if is_so)


@dataclass(frozen=True)
class Preview:
    """What a change carries along: (what, how many), and what the reader should know beside."""

    lines: list[tuple[Any, int]]
    notes: list[str]


def preview_of(place: Place, verb: str, data: dict[str, Any]) -> Preview:
    """The divisions below, and the rows of every register, that come along with a change."""
    origin = place.key if verb != "add" else data["split_from"]
    if origin is None:
        return Preview([], [_("Nobody is moved: the new division begins empty.")])
    places, ranges = tree(), key_ranges([origin])
    below = Counter(places.divisions[k].level for k, line in places.lines.items() if origin in line[1:])
    lines = [(level_words(level), below[level]) for level in LEVELS if below[level]]
    return Preview([*lines, *carrying.counts_in(ranges)], _notes(places, place, verb, data))


def _notes(places: Tree, place: Place, verb: str, data: dict[str, Any]) -> list[str]:
    if verb == "add":
        stay = _("They stay with {place} until each is moved, because no document says who lives on which side.")
        return [stay.format(place=places.name(data["split_from"]))]
    target = data["into"] if verb == "merge" else data.get("parent")
    kept = [_("Numbers of files, beds and past figures stay as they are; the past reads as it was.")]
    if not target or target == place.parent_id:
        return kept
    sees = [_("Users of {place} see all of this from then on.").format(place=places.path(target, below=""))]
    if place.parent_id and place.parent_id not in places.lines.get(target, ()):
        sees.append(_("Users of {place} alone no longer do.").format(place=places.name(place.parent_id)))
    return [*sees, *kept]
