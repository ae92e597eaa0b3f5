"""The house keeps its own rules: sizes, names, doors, what may stand in git."""

import ast
import gc
import re
import subprocess
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "yinling"
MOST_LINES, MOST_FUNCTION, MOST_VIEW = 400, 60, 25
DOORS = {"services", "queries", "events", "measures", "facts", "permissions", "models", "registry"}
SIGNALS = ROOT / "yinling" / "engines" / "signals"  # what devices send; Django's signals are meant below
FORBIDDEN_NAMES = {"utils", "helpers", "common", "mixins", "managers", "signals"}
# Modules below the domain are ground, look and brains: every public file of theirs is a door.
OPEN = {"kernel", "web", "engines", "spreadsheets", "benches", "config"}


def python_files() -> list[Path]:
    return [p for p in sorted(PACKAGE.rglob("*.py")) if "migrations" not in p.parts]


@lru_cache(maxsize=1)
def trees() -> list[tuple[Path, ast.Module]]:
    """Every file parsed, once. A tree has no waste to collect, and looking for some takes twice as long as parsing."""
    gc.disable()
    try:
        return [(path, ast.parse(path.read_text())) for path in python_files()]
    finally:
        gc.freeze()  # nor look through them ever after
        gc.enable()


def module_of(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def test_no_file_is_longer_than_four_hundred_lines() -> None:
    scripts = (ROOT / "frontend").glob("src/**/*.ts")
    files = [*python_files(), *(ROOT / "tests").rglob("*.py"), *PACKAGE.rglob("*.html"), *scripts]
    long = {str(p.relative_to(ROOT)): n for p in files if (n := len(p.read_text().splitlines())) > MOST_LINES}
    assert not long


def test_nine_files_in_ten_stay_under_three_hundred_lines() -> None:
    sizes = sorted(len(p.read_text().splitlines()) for p in python_files())
    assert sizes[int(0.9 * len(sizes))] < 300


def statements(node: ast.AST) -> Iterator[ast.AST]:
    """Every statement below a node. Expressions hold none, and leaving them out is four times as fast as `ast.walk`."""
    for part in ("body", "orelse", "handlers", "finalbody", "cases"):
        below = getattr(node, part, ())
        for child in below if isinstance(below, list) else ():
            yield child
            yield from statements(child)


@lru_cache(maxsize=2000)
def functions(tree: ast.Module) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
    return [node for node in statements(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]


def length(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    return (node.end_lineno or node.lineno) - node.lineno + 1


def test_functions_and_views_keep_their_budgets() -> None:
    long = []
    for path, tree in trees():
        limit = MOST_VIEW if path.name == "views.py" or path.parent.name == "views" else MOST_FUNCTION
        long += [f"{path.relative_to(ROOT)}:{f.name} {length(f)}" for f in functions(tree) if length(f) > limit]
    assert not long


def test_the_median_function_has_under_ten_lines() -> None:
    sizes = sorted(length(f) for _, tree in trees() for f in functions(tree))
    assert sizes[len(sizes) // 2] < 10


def test_no_star_imports_and_no_imports_inside_functions_outside_config() -> None:
    bad = []
    for path, tree in trees():
        for node in statements(tree):
            if isinstance(node, ast.ImportFrom) and any(alias.name == "*" for alias in node.names):
                bad.append(f"{path.relative_to(ROOT)}:{node.lineno} star")
        if module_of(path) == "config":
            continue
        for function in functions(tree):
            for node in statements(function):
                if isinstance(node, ast.Import | ast.ImportFrom):
                    bad.append(f"{path.relative_to(ROOT)}:{node.lineno} inside {function.name}")
    assert not bad


def test_no_drawer_is_called_utils() -> None:
    found = [p for p in python_files() if p.stem in FORBIDDEN_NAMES or p.parent.name in FORBIDDEN_NAMES]
    assert not [p for p in found if p.parent != SIGNALS]


def test_other_modules_are_entered_by_their_doors() -> None:
    bad = []
    for path, tree in trees():
        for node in statements(tree):
            if not isinstance(node, ast.ImportFrom) or not (node.module or "").startswith("yinling."):
                continue
            parts = (node.module or "").split(".")
            other = parts[1]
            if other in OPEN or other == module_of(path) or module_of(path) in ("config", "city", "benches"):
                continue
            door = parts[2] if len(parts) > 2 else node.names[0].name
            if door not in DOORS | public_doors(other):
                bad.append(f"{path.relative_to(ROOT)}:{node.lineno} enters {node.module}")
    assert not bad


def public_doors(module: str) -> set[str]:
    """Further doors a module names in its docstring with `name`."""
    text = ast.get_docstring(ast.parse((PACKAGE / module / "__init__.py").read_text())) or ""
    return set(re.findall(r"`(\w+)(?:\.\w+)?`", text.split("Doors:")[-1])) if "Doors:" in text else set()


def test_every_package_says_what_it_is() -> None:
    silent = [p for p in python_files() if p.name == "__init__.py" and not ast.get_docstring(ast.parse(p.read_text()))]
    assert not [p for p in silent if p.parent.name != "templatetags"]


HOSTS = ["pypi" + ".org", "files.python" + "hosted", "registry.npm" + "js", "deb.debian" + ".org"]


@pytest.mark.parametrize("host", HOSTS)
def test_nothing_in_git_names_a_registry(host: str) -> None:
    found = subprocess.run(["git", "grep", "-lI", host], cwd=ROOT, capture_output=True, text=True, check=False)
    assert not found.stdout


def test_templates_carry_no_style_attributes() -> None:
    assert not [p for p in PACKAGE.rglob("*.html") if re.search(r"\sstyle=", p.read_text())]


def test_no_test_holds_a_bar_in_seconds() -> None:
    """A busy machine fails it: a bar is a bench. A guard against hanging is generous, and called NOT_HANGING_S."""
    timed = re.compile(r"assert .*\b(process_time|perf_counter|monotonic|cpu_seconds|time\.time)\(.*[-<>]")
    found = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in sorted((ROOT / "tests").rglob("test_*.py"))
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if timed.search(line) and "NOT_HANGING_S" not in line and path != Path(__file__)
    ]
    assert not found
