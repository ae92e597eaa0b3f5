"""Protected values: sealed for storage, found through a blind index, never stored plain.

A sealed value is: 1 byte cipher (1 AES-256-GCM, 2 SM4-GCM), 2 bytes key version, 12 bytes nonce, ciphertext and tag.
`where` ("people.person.document:<uid>") is authenticated with it, so a value moved to another row does not open.
A blind index is: 1 byte index-key version, 16 bytes of keyed hash. Algorithm support is not a certified module.
"""

import hashlib
import hmac
import os
from functools import lru_cache

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives import hmac as keyed
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from yinling.kernel.keyring import keyring

AES, SM4 = 1, 2
TAG = 16


@lru_cache(maxsize=32)
def _aes(key: bytes) -> AESGCM:
    return AESGCM(key)


def seal(text: str, where: str) -> bytes:
    """Encrypt `text` for the place `where`. Empty text stays empty."""
    if not text:
        return b""
    ring = keyring()
    nonce, key = os.urandom(12), ring.data[ring.current]
    version = ring.current.to_bytes(2, "big")
    if ring.cipher == "aes":
        return bytes([AES]) + version + nonce + _aes(key).encrypt(nonce, text.encode(), where.encode())
    return bytes([SM4]) + version + nonce + _sm4_encrypt(key, nonce, text.encode(), where.encode())


def unseal(sealed: bytes | memoryview, where: str) -> str:
    """Decrypt a sealed value. Raises cryptography's InvalidTag if it was altered or moved."""
    raw = bytes(sealed)
    if not raw:
        return ""
    key = keyring().data[int.from_bytes(raw[1:3], "big")]
    nonce, body = raw[3:15], raw[15:]
    if raw[0] == AES:
        return _aes(key).decrypt(nonce, body, where.encode()).decode()
    return _sm4_decrypt(key, nonce, body, where.encode()).decode()


def sealed_with(sealed: bytes | memoryview) -> int:
    """The version of the key that a value was sealed with; 0 for an empty one."""
    raw = bytes(sealed[:3])
    return int.from_bytes(raw[1:3], "big") if raw else 0


def indexed_with(index: bytes | memoryview) -> int:
    """The version of the index key that a blind index was made with; 0 for an empty one."""
    return bytes(index[:1])[0] if index else 0


def blind(purpose: str, text: str) -> bytes:
    """The blind index of a normalised value under the current index key; empty for empty text."""
    ring = keyring()
    return _blind(ring.index[ring.index_current], ring.index_current, purpose, text) if text else b""


def blinds(purpose: str, text: str) -> list[bytes]:
    """The blind indexes of a value under every live index key: search for all of them during a rotation."""
    return [_blind(key, version, purpose, text) for version, key in keyring().index.items()] if text else []


def _blind(key: bytes, version: int, purpose: str, text: str) -> bytes:
    message = f"{purpose}\0{text}".encode()
    if keyring().cipher_of_index(version) == "aes":
        return bytes([version]) + hmac.digest(key, message, hashlib.sha256)[:16]
    sm3 = keyed.HMAC(key, hashes.SM3())
    sm3.update(message)
    return bytes([version]) + sm3.finalize()[:16]


def _sm4_encrypt(key: bytes, nonce: bytes, text: bytes, where: bytes) -> bytes:
    encryptor = Cipher(algorithms.SM4(key[:16]), modes.GCM(nonce)).encryptor()
    encryptor.authenticate_additional_data(where)
    return encryptor.update(text) + encryptor.finalize() + encryptor.tag


def _sm4_decrypt(key: bytes, nonce: bytes, body: bytes, where: bytes) -> bytes:
    decryptor = Cipher(algorithms.SM4(key[:16]), modes.GCM(nonce, body[-TAG:])).decryptor()
    decryptor.authenticate_additional_data(where)
    return decryptor.update(body[:-TAG]) + decryptor.finalize()
