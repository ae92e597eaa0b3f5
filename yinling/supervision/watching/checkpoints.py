"""What survives a kill: the state with everything that is needed to go on from it, in files that are whole or absent.

`checkpoint` and `checkpoint.before` hold the last two; `plan-<digest>` the rules and devices they belong to, written
only when those change.
"""

import base64
import hashlib
import io
import json
import os
import pickle
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from yinling.engines.signals.areas import AreaState
from yinling.engines.signals.register import Register
from yinling.engines.signals.rules import Scope
from yinling.engines.signals.state import BrokenState, State, from_bytes, to_bytes

NEWEST, BEFORE = "checkpoint", "checkpoint.before"
ARRAYS = ("device_id", "device_kind", "channel_device", "channel_metric", "latitude", "longitude")


@dataclass(frozen=True)
class Checkpoint:
    """`mark` is what the watcher writes beside the states, as plain JSON; `plan` names the file of its rules."""

    mark: dict[str, Any]
    plan: str
    areas: AreaState
    state: State


def save(folder: Path, checkpoint: Checkpoint) -> None:
    """Put a new checkpoint in the place of the last, which stays as the one before. Raises OSError on a full disk."""
    areas = base64.b64encode(pickle.dumps(checkpoint.areas)).decode()
    head = json.dumps({"mark": checkpoint.mark, "plan": checkpoint.plan, "areas": areas}).encode()
    _write(folder / f"{NEWEST}.part", b"\n".join([_check(head), head, to_bytes(checkpoint.state)]))
    if (folder / NEWEST).exists():
        (folder / NEWEST).replace(folder / BEFORE)
    (folder / f"{NEWEST}.part").replace(folder / NEWEST)
    _sync(folder)
    _forget_plans(folder)


def load(folder: Path) -> Checkpoint | None:
    """The newest whole checkpoint, None where there never was one."""
    for name in (NEWEST, BEFORE):
        with suppress(FileNotFoundError, BrokenState, ValueError):
            return _read(folder / name)
    return None


def _read(path: Path) -> Checkpoint:
    check, head, body = path.read_bytes().split(b"\n", 2)
    if _check(head) != check:
        raise BrokenState(f"{path.name} is not whole.")
    data = json.loads(head)
    areas = pickle.loads(base64.b64decode(data["areas"]))  # noqa: S301  our own file, checked above
    return Checkpoint(data["mark"], data["plan"], areas, from_bytes(body))


def _check(head: bytes) -> bytes:
    return hashlib.blake2b(head, digest_size=8).hexdigest().encode()


def save_plan(folder: Path, rules: list[dict[str, Any]], register: Register) -> str:
    """Keep what a plan is made of; its digest. The rules are plain data, as their pack gave them."""
    folder.mkdir(parents=True, exist_ok=True)
    content = _packed(rules, register)
    name = hashlib.blake2b(content, digest_size=16).hexdigest()
    path = folder / f"plan-{name}"
    if not path.exists():
        _write(path.with_suffix(".part"), content)
        path.with_suffix(".part").replace(path)
        _sync(folder)
    return name


def load_plan(folder: Path, name: str) -> tuple[list[dict[str, Any]], Register]:
    """Rules (plain data) and register of a plan."""
    with np.load(io.BytesIO((folder / f"plan-{name}").read_bytes())) as kept:
        words = json.loads(kept["words"].tobytes())
        register = Register(
            **{key: kept[key] for key in ARRAYS},
            kinds=tuple(words["kinds"]),
            metrics=tuple(words["metrics"]),
            subjects={Scope(key): kept[f"subject_{key}"] for key in words["subjects"]},
            consents={key: kept[f"consent_{key}"] for key in words["consents"]},
            utc_offset=words["utc_offset"],
        )
    return words["rules"], register


def _packed(rules: list[dict[str, Any]], register: Register) -> bytes:
    words = {
        "rules": rules, "kinds": register.kinds, "metrics": register.metrics, "utc_offset": register.utc_offset,
        "subjects": [str(scope) for scope in register.subjects], "consents": list(register.consents),
    }  # fmt: skip
    columns = {key: getattr(register, key) for key in ARRAYS}
    columns |= {f"subject_{scope}": ids for scope, ids in register.subjects.items()}
    columns |= {f"consent_{name}": given for name, given in register.consents.items()}
    said = np.frombuffer(json.dumps(words, ensure_ascii=False, sort_keys=True).encode(), np.uint8)
    buffer = io.BytesIO()
    np.savez(buffer, words=said, **columns)
    return buffer.getvalue()


def _forget_plans(folder: Path) -> None:
    """Leave the plans of the two checkpoints."""
    needed = {_plan_of(folder / name) for name in (NEWEST, BEFORE)}
    for path in folder.glob("plan-*"):
        if path.suffix == "" and path.name.removeprefix("plan-") not in needed:
            path.unlink(missing_ok=True)


def _plan_of(path: Path) -> str:
    """The name of a checkpoint's plan, without reading its state; "" where there is no checkpoint."""
    if not path.exists():
        return ""
    with path.open("rb") as file:
        file.readline()
        return str(json.loads(file.readline())["plan"])


def _write(path: Path, content: bytes) -> None:
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
