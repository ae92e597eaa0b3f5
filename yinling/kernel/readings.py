"""What a file of a pack says, beside what stands here: how the page of packs compares the two."""

import datetime as dt
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Reading:
    """One reading of whatever a file holds: a scale, a checklist, a rule, a profile."""

    content: dict[str, Any]
    valid_from: dt.date
    valid_to: dt.date | None
    verified: bool


@dataclass(frozen=True)
class Difference:
    """What a file changes: `kind` added or changed."""

    kind: str
    key: str
    before: Reading | None
    after: Reading


def difference(key: str, before: Reading | None, after: Reading) -> Difference:
    """Added where nothing stood before, changed otherwise."""
    return Difference("added" if before is None else "changed", key, before, after)


def digest_of(content: Mapping[str, Any]) -> str:
    """SHA-256 of the canonical JSON: what a signature covers, and what tells two readings apart."""
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(text.encode()).hexdigest()
