"""Who takes which file of a pack. One line per part; modules above or beside offer theirs from `config/wiring.py`.

A part that nobody offers (facts and parameters of the demonstration city) is left alone and named as such.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from yinling.kernel.actors import Actor
from yinling.packs import divisions
from yinling.packs.folders import Folder, read_yaml
from yinling.reference import services as reference


class Dated(Protocol):
    """A difference as a module states it: kind (added, changed, ended, removed), key, and the two periods."""

    @property
    def kind(self) -> str: ...

    @property
    def key(self) -> str: ...

    @property
    def before(self) -> Any: ...

    @property
    def after(self) -> Any: ...


@dataclass(frozen=True)
class Source:
    """One file of a pack that is being loaded."""

    folder: Folder
    part: str
    file: str
    layer: int

    @property
    def path(self) -> Path:
        """Where it lies."""
        return self.folder.path / self.file

    def data(self) -> Any:
        """Its YAML. Raises Refused."""
        return read_yaml(self.path, f"{self.folder.key}/{self.file}")


@dataclass(frozen=True)
class Line:
    """One difference in words a person can compare."""

    part: str
    kind: str
    key: str
    before: str = ""
    after: str = ""


@dataclass(frozen=True)
class Part:
    """`preview` says what `load` would do; `load` does it and says what it did. `order`: divisions come first."""

    name: str
    preview: Callable[[Source], list[Line]]
    load: Callable[[Source, Actor], list[Line]]
    order: int = 100


_parts: dict[str, Part] = {}


def offer(part: Part) -> None:
    """Have this part taken."""
    _parts[part.name] = part


def offered() -> Mapping[str, Part]:
    """All parts that somebody takes, by name."""
    return _parts


def dated(name: str, preview: Callable[..., list[Any]], load: Callable[..., list[Any]], order: int = 100) -> Part:
    """A part out of two services: `preview(data, file=, pack=)` and `load(data, file=, pack=, layer=, by=)`.

    Both return differences with kind, key, before and after.
    """

    def look(source: Source) -> list[Line]:
        found = preview(source.data(), file=source.file, pack=source.folder.key)
        return [_line(name, difference) for difference in found]

    def bring(source: Source, by: Actor) -> list[Line]:
        done = load(source.data(), file=source.file, pack=source.folder.key, layer=source.layer, by=by)
        return [_line(name, difference) for difference in done]

    return Part(name, look, bring, order)


def _line(part: str, difference: Dated) -> Line:
    return Line(part, str(difference.kind), difference.key, _words(difference.before), _words(difference.after))


def _words(period: Any) -> str:
    """30 days, from 2025-01-01 until 2026-01-01."""
    if period is None:
        return ""
    content = period.content
    shown = content.get("value", content.get("zh", ""))
    until = f" – {period.valid_to}" if period.valid_to else ""
    mark = "" if period.verified or content.get("authority") == "operator" else " ?"
    return f"{shown} {content.get('unit', '')}".strip() + f" ({period.valid_from}{until}){mark}"


def _divisions(source: Source, by: Actor | None) -> list[Line]:
    source_words = source.folder.source[:120]
    found = divisions.missing(source.path)
    if by is not None and found:
        divisions.add(source.path, by=by, valid_from=source.folder.valid_from, source=source_words)
    return [Line("divisions", "added", key, after=name) for key, name in found]


def _division_changes(source: Source, by: Actor | None) -> list[Line]:
    found = divisions.due_changes(source.data(), file=source.file)
    if by is not None:
        for change in found:
            divisions.apply(change, by=by)
    return [Line("division_changes", "changed", str(change.key), after=change.words()) for change in found]


offer(Part("divisions", lambda source: _divisions(source, None), _divisions, order=10))
offer(Part("division_changes", lambda source: _division_changes(source, None), _division_changes, order=20))
offer(dated("codelists", reference.code_list_differences, reference.load_code_lists, order=30))
offer(dated("parameters", reference.parameter_differences, reference.load_parameters, order=40))
offer(dated("holidays", reference.special_day_differences, reference.load_special_days, order=50))
