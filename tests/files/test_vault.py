"""The encrypted store on disk. No database."""

import hashlib
import io
import os
import signal
import subprocess
import sys
import time
import tracemalloc
from pathlib import Path

import pytest

from yinling.files import vault
from yinling.files.vault import CHUNK, TAG, Altered, TooLarge

SIZES = [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK, 3 * CHUNK + 7]


def kept(folder: Path, content: bytes, cipher: str = "aes") -> tuple[Path, bytes]:
    target = folder / "blob"
    return target, vault.write(io.BytesIO(content), target, most_bytes=10**9, cipher=cipher).key


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("cipher", ["aes", "sm4"])
def test_what_goes_in_comes_out_and_is_not_readable_on_disk(size: int, cipher: str, tmp_path: Path) -> None:
    content = os.urandom(size)
    target, key = kept(tmp_path, content, cipher)
    assert b"".join(vault.read(target, key, "blob")) == content
    assert size < 16 or content not in target.read_bytes()


def test_size_and_digest_are_those_of_the_plain_content(tmp_path: Path) -> None:
    written = vault.write(io.BytesIO(b"abc" * 99_999), tmp_path / "blob", most_bytes=10**6, cipher="aes")
    assert (written.size, written.sha256) == (299_997, hashlib.sha256(b"abc" * 99_999).digest())


@pytest.mark.parametrize("place", [0, 5, 12, 200, CHUNK + 100, -1])
def test_one_flipped_bit_anywhere_is_noticed(place: int, tmp_path: Path) -> None:
    target, key = kept(tmp_path, os.urandom(2 * CHUNK))
    raw = bytearray(target.read_bytes())
    raw[place] ^= 1
    target.write_bytes(raw)
    with pytest.raises(Altered):
        vault.check(target, key, "blob")


@pytest.mark.parametrize("cut", [1, TAG, CHUNK + TAG, 2 * (CHUNK + TAG)])
def test_a_blob_cut_off_even_between_chunks_is_noticed(cut: int, tmp_path: Path) -> None:
    target, key = kept(tmp_path, os.urandom(3 * CHUNK))
    target.write_bytes(target.read_bytes()[:-cut])
    with pytest.raises(Altered):
        vault.check(target, key, "blob")


def test_chunks_that_change_places_or_a_blob_in_anothers_place_are_noticed(tmp_path: Path) -> None:
    target, key = kept(tmp_path, os.urandom(3 * CHUNK))
    raw, start, step = target.read_bytes(), vault.HEADER, CHUNK + TAG
    swapped = raw[:start] + raw[start + step : start + 2 * step] + raw[start : start + step] + raw[start + 2 * step :]
    with pytest.raises(Altered):
        vault.check(target, key, "another")
    target.write_bytes(swapped)
    with pytest.raises(Altered):
        vault.check(target, key, "blob")
    target.unlink()
    with pytest.raises(Altered, match="missing"):
        vault.check(target, key, "blob")


def test_too_large_a_stream_is_refused_and_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(TooLarge):
        vault.write(io.BytesIO(bytes(CHUNK + 1)), tmp_path / "blob", most_bytes=CHUNK, cipher="aes")
    assert not list(tmp_path.iterdir())


class Endless:
    """A stream of a given size that holds none of it."""

    def __init__(self, size: int) -> None:
        self.left = size

    def read(self, size: int = -1, /) -> bytes:
        """Zeros."""
        part = min(size, self.left, 10_000)
        self.left -= part
        return bytes(part)


def test_a_large_file_goes_in_and_out_in_little_memory(tmp_path: Path) -> None:
    tracemalloc.start()
    written = vault.write(Endless(60_000_000), tmp_path / "blob", most_bytes=10**8, cipher="aes")
    vault.check(tmp_path / "blob", written.key, "blob")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 2_000_000


SLOW = """
import sys, time
from pathlib import Path
from yinling.files import vault
class Slow:
    def read(self, size=-1, /):
        time.sleep(0.01)
        return bytes(size)
vault.write(Slow(), Path(sys.argv[1]), most_bytes=10**12, cipher="aes")
"""


def test_a_process_killed_while_writing_leaves_only_a_part(tmp_path: Path) -> None:
    process = subprocess.Popen([sys.executable, "-c", SLOW, str(tmp_path / "blob")])
    part = tmp_path / "blob.part"
    for _ in range(500):
        if part.exists() and part.stat().st_size > CHUNK:
            break
        time.sleep(0.02)
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert [path.name for path in tmp_path.iterdir()] == ["blob.part"]
