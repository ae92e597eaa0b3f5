"""A checklist as its pack states it. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from yinling.kernel.reasons import Reason, Words

GENERAL, MAJOR = "general", "major"
LEVELS = (GENERAL, MAJOR)
SLOT = "slot"
BASES = ("seen", "from memory", "own", SLOT)
UNPLACED = "unplaced"
NO_TEXT = Words("条文未核实，待对照原文录入", "Text not verified: to be entered from the official document")


class FaultyChecklist(ValueError):
    """The file does not say what a checklist must."""


@dataclass(frozen=True)
class Item:
    """One question, worded so that yes means in order. `level`: how grave it is when the answer is no.

    `basis` says where the wording comes from; a `slot` has none yet and is not asked. `clause` names the place in the
    source, for notices.
    """

    key: str
    text: Words
    level: str
    basis: str
    clause: str

    @property
    def is_slot(self) -> bool:
        """Whether the official text is still missing."""
        return self.basis == SLOT


@dataclass(frozen=True)
class Group:
    """Items under one heading."""

    key: str
    title: Words
    items: tuple[Item, ...]

    @property
    def asked(self) -> tuple[Item, ...]:
        """Items with a text."""
        return tuple(item for item in self.items if not item.is_slot)

    @property
    def slots(self) -> int:
        """How many items wait for their text."""
        return len(self.items) - len(self.asked)


@dataclass(frozen=True)
class Checklist:
    """Questions in one version. `for_homes`: a home may use it to check itself."""

    key: str
    version: str
    title: Words
    source: str
    verified: bool
    for_homes: bool
    groups: tuple[Group, ...]

    @cached_property
    def items(self) -> dict[str, Item]:
        """Items that are asked, by key, in order."""
        return {item.key: item for group in self.groups for item in group.asked}

    @property
    def slots(self) -> int:
        """Items without a text yet."""
        return sum(group.slots for group in self.groups)

    def group_of(self, key: str) -> Group | None:
        """The group an item stands in."""
        return next((group for group in self.groups if any(item.key == key for item in group.items)), None)


def checklist_from(data: Mapping[str, Any]) -> Checklist:
    """Read a checklist. Raises FaultyChecklist naming the fault."""
    try:
        groups = tuple(_group(one, str(data["source"])) for one in data["groups"])
        found = Checklist(
            key=data["key"], version=str(data["version"]), title=Words(**data["title"]), source=data["source"],
            verified=bool(data["verified"]), for_homes=bool(data.get("for_homes", False)), groups=groups,
        )  # fmt: skip
    except (KeyError, TypeError) as fault:
        raise FaultyChecklist(f"missing or misspelt: {fault}") from None
    keys = [item.key for group in groups for item in group.items]
    if twice := {key for key in keys if keys.count(key) > 1}:
        raise FaultyChecklist(f"used twice: {', '.join(sorted(twice))}")
    return found


def _group(data: Mapping[str, Any], source: str) -> Group:
    return Group(data["key"], Words(**data["title"]), tuple(_item(one, source) for one in data["items"]))


def _item(data: Mapping[str, Any], source: str) -> Item:
    level, basis = data.get("level", GENERAL), data["basis"]
    if level not in LEVELS or basis not in BASES:
        raise FaultyChecklist(f"{data['key']}: level {level!r} or basis {basis!r} is unknown")
    if (basis == SLOT) == ("text" in data):
        raise FaultyChecklist(f"{data['key']}: a slot has no text, every other item has one")
    text = Words(**data["text"]) if "text" in data else NO_TEXT
    return Item(data["key"], text, level, basis, str(data.get("clause", source)))


def basis_words(basis: str) -> Reason:
    """Where the wording of an item comes from, as readers see it."""
    return {
        "seen": Reason("Seen in a public transcription"),
        "from memory": Reason("From memory, not verified"),
        "own": Reason("Yinling's own wording"),
        SLOT: Reason("Text not verified"),
    }[basis]
