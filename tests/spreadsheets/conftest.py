"""A home of the test's own for uploads, outcomes and files."""

from pathlib import Path
from typing import Any

import pytest


@pytest.fixture(autouse=True)
def home(settings: Any, tmp_path: Path) -> Path:
    """Where this test's imports lie."""
    settings.HOME, settings.FILES_DIR = tmp_path / "home", tmp_path / "home" / "files"
    return tmp_path / "home"
