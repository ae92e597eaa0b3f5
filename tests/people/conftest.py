"""What every test of the register has: a vault of its own for photographs and proofs."""

from pathlib import Path
from typing import Any

import pytest


@pytest.fixture(autouse=True)
def files_of_the_test(settings: Any, tmp_path: Path) -> None:
    settings.FILES_DIR = tmp_path
