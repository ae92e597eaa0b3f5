"""How the search is compiled: two decorators, and a cache that notices every change.

`_nrt=False` switches reference counting off in compiled code. It is safe because compiled functions here make no
arrays: all live outside, in the `Board`, for as long as they run. It made the search five times as fast, since every
look into a column had counted twice.

Numba looks for a change of the file that holds the entry point alone; a change of a function it calls in another file
would go unseen and old code would run. So the cache lies in a folder named by a digest of every compiled file. Where
no folder may be written, nothing is cached: compiled code is loaded as it lies, so a folder open to all is no place.
"""

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar, cast

import numba

F = TypeVar("F", bound=Callable)
HERE = Path(__file__).parent
settings: Any = numba.config
njit: Any = numba.njit  # its own types do not know `_nrt`


def digest_of_sources() -> str:
    """Of this file, the arrays' types and every file that is compiled."""
    digest = hashlib.sha256(numba.__version__.encode())
    for path in sorted(HERE.rglob("*.py")):
        text = path.read_bytes()
        if path.name in ("compiling.py", "board.py") or b"\n@compiled" in text or b"\n@entry" in text:
            digest.update(text)
    return digest.hexdigest()[:16]


def cache_folder() -> Path | None:
    """Numba's own setting if there is one, else beside the code, else in the user's cache; None if all are closed."""
    name = f"planning-{digest_of_sources()}"
    asked = [Path(settings.CACHE_DIR)] if settings.CACHE_DIR else []
    for root in [*asked, HERE / "__pycache__", Path.home() / ".cache" / "yinling"]:
        try:
            (root / name).mkdir(parents=True, exist_ok=True)
            (root / name / "may_write").touch()
        except OSError:
            continue
        return root / name
    return None


FOLDER = cache_folder()


def compiled(function: F) -> F:
    """A part of the search: compiled into the entry point that calls it, so not cached itself."""
    return cast(F, njit(_nrt=False, error_model="numpy")(function))


def entry(function: F) -> F:
    """What Python calls: compiled at its first call, or loaded from the cache."""
    before = settings.CACHE_DIR
    settings.CACHE_DIR = str(FOLDER or "")
    try:
        return cast(F, njit(_nrt=False, error_model="numpy", cache=FOLDER is not None)(function))
    finally:
        settings.CACHE_DIR = before
