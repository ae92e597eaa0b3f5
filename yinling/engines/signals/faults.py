"""Faults of a rule file: each with its place, what was found, what is allowed, and the nearest right word."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any

import yaml

Path = tuple[str | int, ...]
UNITS_MS = {"ms": 1, "s": 1000, "m": 60_000, "h": 3_600_000, "d": 86_400_000}


class FaultyRule(ValueError):
    """A rule that would not do what it says. The message lists every fault, one a line."""


@dataclass
class Faults:
    """Faults found so far. `lines` maps a path to its line, where the data came from a file."""

    name: str
    lines: Mapping[Path, int] = field(default_factory=dict)
    found: list[str] = field(default_factory=list)

    def add(self, path: Path, what: str) -> None:
        """Note a fault at a path such as ("levels", "red", "raise")."""
        at = path
        while at and at not in self.lines:
            at = at[:-1]
        line = f":{self.lines[at]}" if at in self.lines else ""
        self.found.append(f"{self.name}{line}: {'.'.join(map(str, path)) or 'rule'}: {what}")

    def raise_if_any(self) -> None:
        if self.found:
            raise FaultyRule("\n".join(self.found))

    def unknown(self, path: Path, data: Mapping[str, Any], allowed: Iterable[str]) -> None:
        """Name every key that is not a word of this place."""
        words = sorted(allowed)
        for key in data:
            if key not in words:
                self.add((*path, key), f"unknown word. {nearest(str(key), words)}")

    def choice(self, path: Path, value: object, allowed: Iterable[str], default: str) -> str:
        """One of the allowed words, or the default with a fault noted."""
        words = list(allowed)
        if value in words:
            return str(value)
        self.add(path, f"{value!r} is not one of them. {nearest(str(value), words)}")
        return default

    def mapping(self, path: Path, value: object) -> Mapping[str, Any]:
        if isinstance(value, Mapping):
            return value
        self.add(path, f"expected words with values, found {value!r}")
        return {}

    def number(self, path: Path, value: object, least: float = float("-inf")) -> float:
        if isinstance(value, int | float) and not isinstance(value, bool) and value == value and value >= least:
            return float(value)
        self.add(
            path, f"expected a number{'' if least == float('-inf') else f' of at least {least:g}'}, found {value!r}"
        )
        return 1.0

    def whole(self, path: Path, value: object, least: int, most: int) -> int:
        if type(value) is int and least <= value <= most:
            return value
        self.add(path, f"expected a whole number from {least} to {most}, found {value!r}")
        return least

    def length_ms(self, path: Path, value: object) -> int:
        """Milliseconds of "90s", "5m", "2h", "3d"."""
        text = str(value).strip()
        digits = text.rstrip("msdh")
        unit = text[len(digits) :]
        try:
            length = round(float(digits) * UNITS_MS[unit])
        except (ValueError, KeyError, OverflowError):
            self.add(path, f"expected a length of time such as 90s, 5m, 2h or 3d, found {value!r}")
            return 1
        if length <= 0:
            self.add(path, f"a length of time is above 0, found {value!r}")
            return 1
        return length


def nearest(word: str, allowed: Iterable[str]) -> str:
    """A suggestion, or the list."""
    words = list(allowed)
    close = get_close_matches(word, words, n=1, cutoff=0.6)
    return f'Did you mean "{close[0]}"?' if close else f"Allowed: {', '.join(words)}."


def lines_of(text: str) -> dict[Path, int]:
    """The line of every key and list entry of a YAML text, by path."""
    found: dict[Path, int] = {}
    root = yaml.compose(text, Loader=yaml.SafeLoader)
    waiting: list[tuple[Path, Any]] = [((), root)] if root else []
    while waiting:
        path, node = waiting.pop()
        found.setdefault(path, node.start_mark.line + 1)
        if isinstance(node, yaml.MappingNode):
            for key, value in node.value:
                found[(*path, key.value)] = key.start_mark.line + 1
                waiting.append(((*path, key.value), value))
        elif isinstance(node, yaml.SequenceNode):
            waiting.extend(((*path, i), child) for i, child in enumerate(node.value))
    return found
