"""The cache of compiled code notices every change."""

from pathlib import Path

import pytest

from yinling.engines.planning import compiling


def test_the_cache_lies_in_a_folder_named_by_the_sources(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compiling, "HERE", tmp_path)
    (tmp_path / "moves.py").write_text("x = 1\n\n@compiled\ndef f(): ...\n")
    before = compiling.digest_of_sources()
    (tmp_path / "words.py").write_text("nothing of this is compiled")
    assert compiling.digest_of_sources() == before
    (tmp_path / "moves.py").write_text("x = 2\n\n@compiled\ndef f(): ...\n")
    assert compiling.digest_of_sources() != before


def test_where_nothing_may_be_written_nothing_is_cached(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "closed").write_text("a file, so no folder can be made below it")
    monkeypatch.setattr(compiling, "HERE", tmp_path / "closed")
    monkeypatch.setattr(compiling.settings, "CACHE_DIR", "")
    monkeypatch.setattr(Path, "home", lambda: tmp_path / "closed")
    assert compiling.cache_folder() is None


def test_the_setting_of_numba_comes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compiling.settings, "CACHE_DIR", str(tmp_path))
    folder = compiling.cache_folder()
    assert folder is not None and folder.parent == tmp_path
