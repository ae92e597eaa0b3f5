"""A pack's folder, read into values. Nothing here touches the database."""

import datetime as dt
import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from yinling.kernel.errors import Refused

MANIFEST = "pack.yaml"
KEY = re.compile(r"[a-z][a-z0-9_-]{1,39}")


@dataclass(frozen=True)
class Folder:
    """What `pack.yaml` says. `files`: (part, path inside the folder), in the order written."""

    path: Path
    key: str
    zh: str
    en: str
    version: str
    source: str
    requires: tuple[str, ...]
    valid_from: dt.date | None
    files: tuple[tuple[str, str], ...]

    def digest(self) -> str:
        """SHA-256 over every file it names, in order."""
        whole = hashlib.sha256()
        for name in [MANIFEST, *(file for _, file in self.files)]:
            content = (self.path / name).read_bytes()
            whole.update(f"{name}\0{len(content)}\0".encode())
            whole.update(content)
        return whole.hexdigest()


def read_folder(path: Path) -> Folder:
    """The manifest of a pack. Raises Refused naming what is wrong with it."""
    if not (path / MANIFEST).is_file():
        raise Refused("There is no {file} in the folder {folder}.", file=MANIFEST, folder=path.name)
    data = read_yaml(path / MANIFEST, MANIFEST)
    try:
        folder = Folder(
            path=path,
            key=data["key"],
            zh=data["title"]["zh"],
            en=data["title"]["en"],
            version=str(data["version"]),
            source=data.get("source", "").strip(),
            requires=tuple(data.get("requires") or ()),
            valid_from=data.get("valid_from"),
            files=tuple(_files(data.get("files") or {})),
        )
    except (KeyError, TypeError, AttributeError) as error:
        raise Refused("{file} lacks or misstates {what}.", file=f"{path.name}/{MANIFEST}", what=str(error)) from None
    _check(folder)
    return folder


def _files(named: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for part, files in named.items():
        for file in [files] if isinstance(files, str) else files:
            yield part, str(file)


def _check(folder: Folder) -> None:
    if not KEY.fullmatch(folder.key) or folder.key != folder.path.name:
        raise Refused(
            "The pack in the folder {folder} calls itself {key}; both must be the same small letters.",
            folder=folder.path.name, key=folder.key,
        )  # fmt: skip
    home = folder.path.resolve()
    for _, file in folder.files:
        inside = (folder.path / file).resolve()
        if not inside.is_relative_to(home) or not inside.is_file():
            raise Refused("{pack} names the file {file}, which is not in its folder.", pack=folder.key, file=file)


def read_yaml(path: Path, name: str) -> Any:
    """A YAML file as plain values. Raises Refused naming the line that cannot be read."""
    try:
        return yaml.load(path.read_text(encoding="utf-8-sig"), Loader=_FastLoader)  # noqa: S506  a safe loader
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        raise Refused("{file} cannot be read near line {line}.", file=name, line=mark.line + 1 if mark else 1) from None
    except UnicodeDecodeError:
        raise Refused("{file} is not text in UTF-8.", file=name) from None


_FastLoader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def packs_in(root: Path) -> list[Path]:
    """The folders under `root` that hold a pack, by name."""
    return sorted(path.parent for path in root.glob(f"*/{MANIFEST}"))


def in_order(root: Path, wanted: str) -> list[Folder]:
    """A pack and all it requires, what is required first. Raises Refused on a missing pack or a circle."""
    ordered: dict[str, Folder] = {}

    def visit(key: str, above: tuple[str, ...]) -> None:
        if key in above:
            raise Refused("The packs {keys} require each other in a circle.", keys=[*above, key])
        if key in ordered:
            return
        folder = read_folder(root / key)
        for required in folder.requires:
            visit(required, (*above, key))
        ordered[key] = folder

    visit(wanted, ())
    return list(ordered.values())
