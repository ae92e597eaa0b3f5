"""Keys, versioned and outside the database: from the environment, or made at first start for a demonstration.

The ring is one JSON object: {"cipher": "aes"|"sm4", "current": 1, "data": {"1": base64}, "index": {"1": base64},
"index_current": 1, "index_cipher": {"1": "aes"}}. Environment: YINLING_KEYS holds it whole; else the file named by the
settings. `cipher` is what new values are sealed with; a sealed value says itself how it was sealed, and for a blind
index the ring remembers it by the version of its key, so that a city may change from one to the other.
"""

import base64
import json
import os
import secrets
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import Literal

from django.conf import settings

Cipher = Literal["aes", "sm4"]


@dataclass(frozen=True)
class Keyring:
    """Data keys encrypt; index keys make blind indexes. `current` is what new values use; all versions read."""

    cipher: Cipher
    current: int
    data: dict[int, bytes]
    index_current: int
    index: dict[int, bytes]
    index_cipher: dict[int, Cipher] = field(default_factory=dict)

    def with_new_data_key(self) -> "Keyring":
        """The ring after adding a fresh data key and making it current."""
        version = max(self.data) + 1
        return replace(self, current=version, data={**self.data, version: secrets.token_bytes(32)})

    def with_cipher(self, cipher: Cipher) -> "Keyring":
        """The ring with fresh keys for another cipher: what was sealed and indexed before is still read and found."""
        version = max(self.index) + 1
        return replace(
            self.with_new_data_key(), cipher=cipher, index_current=version,
            index={**self.index, version: secrets.token_bytes(32)},
            index_cipher={**{old: self.cipher_of_index(old) for old in self.index}, version: cipher},
        )  # fmt: skip

    def cipher_of_index(self, version: int) -> Cipher:
        """How blind indexes under a version of the index key are made."""
        return self.index_cipher.get(version, self.cipher)

    def as_json(self) -> str:
        """The ring as the text that YINLING_KEYS holds."""
        return json.dumps(
            {
                "cipher": self.cipher,
                "current": self.current,
                "data": {str(v): base64.b64encode(k).decode() for v, k in self.data.items()},
                "index_current": self.index_current,
                "index": {str(v): base64.b64encode(k).decode() for v, k in self.index.items()},
                "index_cipher": {str(v): self.cipher_of_index(v) for v in self.index},
            }
        )


def new_keyring(cipher: Cipher = "aes") -> Keyring:
    """A ring of fresh random keys, version 1."""
    return Keyring(cipher, 1, {1: secrets.token_bytes(32)}, 1, {1: secrets.token_bytes(32)})


def read_keyring(text: str) -> Keyring:
    """Parse the JSON form of a ring."""
    raw = json.loads(text)
    return Keyring(
        raw.get("cipher", "aes"),
        int(raw["current"]),
        {int(v): base64.b64decode(k) for v, k in raw["data"].items()},
        int(raw["index_current"]),
        {int(v): base64.b64decode(k) for v, k in raw["index"].items()},
        {int(v): cipher for v, cipher in raw.get("index_cipher", {}).items()},
    )


@lru_cache(maxsize=1)
def keyring() -> Keyring:
    """The ring in force. A demonstration makes its own at first start."""
    if text := os.environ.get("YINLING_KEYS"):
        return read_keyring(text)
    path = Path(settings.KEYS_FILE)
    if not path.exists():
        save_keyring(new_keyring(), path)
    return read_keyring(path.read_text())


def save_keyring(ring: Keyring, path: Path) -> None:
    """Write a ring for its owner's eyes only, whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    part.touch(mode=0o600)
    part.write_text(ring.as_json())
    part.replace(path)
    keyring.cache_clear()
