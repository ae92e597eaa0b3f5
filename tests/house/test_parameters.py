"""Parameters: code asks for none that no pack ships, and packs ship none that no code reads."""

import ast
from dataclasses import fields
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from yinling.accounts.rules import ProofRules, TokenRules

ROOT = Path(__file__).resolve().parents[2]
ASKING = {
    "parameter",
    "parameter_or",
    "fact",
    "fact_if_any",
    "_parameter",
    "_whole",
}  # functions whose first argument is a key
# A key put together from a prefix and a name: every name it can get.
FAMILIES = {"accounts.": [field.name for kind in (ProofRules, TokenRules) for field in fields(kind)]}
# Shipped ahead of the code that will read them, by the module that is to. Whoever reads one strikes it out here.
AWAITED = {
    "benefits": ["assessment.level_for_voucher"],
}  # fmt: skip


@lru_cache(maxsize=1)
def shipped() -> dict[str, list[dict[str, Any]]]:
    """Every row of every pack's parameters, by key."""
    found: dict[str, list[dict[str, Any]]] = {}
    for path in sorted((ROOT / "packs").glob("*/parameters.yaml")):
        for row in yaml.safe_load(path.read_text(encoding="utf-8"))["parameters"]:
            found.setdefault(row["key"], []).append(row)
    return found


@lru_cache(maxsize=1)
def asked() -> set[str]:
    """Every key that a call names, in words or as a family."""
    found = {prefix + name for prefix, names in FAMILIES.items() for name in names}
    for path in (ROOT / "yinling").rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        if any(f"{name}(" in text for name in ASKING):
            found |= {key for call in ast.walk(ast.parse(text)) for key in _named(call)}
    return found


def _named(node: ast.AST) -> list[str]:
    """The key as text in `parameter("visit.per_month")`, whatever the function is reached through."""
    if not isinstance(node, ast.Call) or not node.args:
        return []
    name = getattr(node.func, "attr", getattr(node.func, "id", ""))
    key = node.args[0]
    return [key.value] if name in ASKING and isinstance(key, ast.Constant) and isinstance(key.value, str) else []


def test_code_asks_for_no_parameter_that_no_pack_ships() -> None:
    assert not asked() - set(shipped())


def test_packs_ship_no_parameter_that_no_code_reads() -> None:
    awaited = {key for keys in AWAITED.values() for key in keys}
    assert not set(shipped()) - asked() - awaited


def test_what_is_read_by_now_is_awaited_no_more() -> None:
    awaited = {key for keys in AWAITED.values() for key in keys}
    assert not awaited & asked()
    assert not awaited - set(shipped())


def test_a_verified_value_names_a_document_and_an_own_limit_is_not_called_verified() -> None:
    rows = [row for found in shipped().values() for row in found]
    own = [row["key"] for row in rows if "own rule" in row["source"] and row.get("authority") != "operator"]
    verified = [row["key"] for row in rows if row.get("authority") == "operator" and row.get("verified")]
    assert not own and not verified
