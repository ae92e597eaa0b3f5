"""The encrypted store on disk: bounded memory, never half written, nothing altered goes unnoticed.

A blob is: 4 bytes mark, 1 byte cipher, 7 bytes random prefix, then chunks of 64 KiB sealed one by one. A chunk's nonce
is prefix, its number (4 bytes) and whether it is the last (1 byte): chunks cannot be swapped, dropped or appended
(the STREAM construction of Hoang, Reyhanitabar, Rogaway and Vizár, 2015). Every blob has a random key of its own, which
the keyring seals; rotation therefore touches rows, not files. The blob's name is authenticated with each chunk.
"""

import hashlib
import os
import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

CHUNK = 64 * 1024
TAG = 16
MARK = b"YLF1"
AES, SM4 = 1, 2
HEADER = len(MARK) + 1 + 7
PART = ".part"


class Readable(Protocol):
    """Anything with read(size)."""

    def read(self, size: int = -1, /) -> bytes:
        """At most `size` bytes; none at the end."""
        ...


class Altered(Exception):
    """A blob is not what was written: bytes changed, cut off, or put in another's place."""


@dataclass(frozen=True)
class Written:
    """What was written: size and SHA-256 of the plain content, and the key that opens it."""

    size: int
    sha256: bytes
    key: bytes


class TooLarge(Exception):
    """The stream goes on past the limit."""


def write(source: Readable, target: Path, *, most_bytes: int, cipher: str) -> Written:
    """Encrypt a stream into `target`, which appears whole or not at all. Raises TooLarge."""
    key, name = secrets.token_bytes(32), target.name.encode()
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    part = target.with_name(target.name + PART)
    file = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(file, "wb") as out:
            size, digest = _encrypt(source, out, key, name, most_bytes, SM4 if cipher == "sm4" else AES)
            out.flush()
            os.fsync(out.fileno())
        part.replace(target)
        _sync_folder(target.parent)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    return Written(size, digest, key)


def _encrypt(
    source: Readable, out: IO[bytes], key: bytes, name: bytes, most_bytes: int, cipher: int
) -> tuple[int, bytes]:
    """Read one chunk ahead, so that the last is known as the last."""
    prefix, digest, size = secrets.token_bytes(7), hashlib.sha256(), 0
    seal = _sealer(cipher, key)
    out.write(MARK + bytes([cipher]) + prefix)
    chunk, number = _full_chunk(source), 0
    while True:
        following = _full_chunk(source) if len(chunk) == CHUNK else b""
        size += len(chunk)
        if size > most_bytes:
            raise TooLarge
        digest.update(chunk)
        out.write(seal(_nonce(prefix, number, is_last=not following), chunk, name))
        if not following:
            return size, digest.digest()
        chunk, number = following, number + 1


def _full_chunk(source: Readable) -> bytes:
    """64 KiB, or what is left: uploads hand out less than asked for."""
    parts, left = [], CHUNK
    while left and (part := source.read(left)):
        parts.append(part)
        left -= len(part)
    return b"".join(parts)


def read(path: Path, key: bytes, name: str) -> Iterator[bytes]:
    """The plain content, chunk by chunk, each proved before it is given out. Raises Altered."""
    try:
        with path.open("rb") as file:
            yield from _decrypt(file, key, name.encode())
    except FileNotFoundError:
        raise Altered(f"{name} is missing") from None


def _decrypt(file: IO[bytes], key: bytes, name: bytes) -> Iterator[bytes]:
    header = file.read(HEADER)
    if len(header) != HEADER or header[:4] != MARK or header[4] not in (AES, SM4):
        raise Altered(f"{name.decode()} does not begin as it should")
    opened = _opener(header[4], key)
    chunk, number = file.read(CHUNK + TAG), 0
    while True:
        following = file.read(CHUNK + TAG) if len(chunk) == CHUNK + TAG else b""
        try:
            yield opened(_nonce(header[5:], number, is_last=not following), chunk, name)
        except (InvalidTag, ValueError):
            raise Altered(f"{name.decode()}: chunk {number} was altered") from None
        if not following:
            return
        chunk, number = following, number + 1


def check(path: Path, key: bytes, name: str) -> None:
    """Prove the whole blob without giving any of it out. Raises Altered."""
    for _ in read(path, key, name):
        pass


def _nonce(prefix: bytes, number: int, *, is_last: bool) -> bytes:
    return prefix + number.to_bytes(4, "big") + bytes([is_last])


Step = Callable[[bytes, bytes, bytes], bytes]


def _sealer(cipher: int, key: bytes) -> Step:
    if cipher == AES:
        return AESGCM(key).encrypt

    def seal(nonce: bytes, chunk: bytes, name: bytes) -> bytes:
        encryptor = Cipher(algorithms.SM4(key[:16]), modes.GCM(nonce)).encryptor()
        encryptor.authenticate_additional_data(name)
        return encryptor.update(chunk) + encryptor.finalize() + encryptor.tag

    return seal


def _opener(cipher: int, key: bytes) -> Step:
    if cipher == AES:
        return AESGCM(key).decrypt

    def unseal(nonce: bytes, chunk: bytes, name: bytes) -> bytes:
        decryptor = Cipher(algorithms.SM4(key[:16]), modes.GCM(nonce, chunk[-TAG:])).decryptor()
        decryptor.authenticate_additional_data(name)
        return decryptor.update(chunk[:-TAG]) + decryptor.finalize()

    return unseal


def _sync_folder(folder: Path) -> None:
    """Make the new name survive a power cut, not only the bytes."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
