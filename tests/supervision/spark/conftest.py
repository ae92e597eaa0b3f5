"""Sessions that a test began; the last is ended after it."""

from collections.abc import Iterator
from typing import Any

import pytest


@pytest.fixture
def sessions() -> Iterator[list[Any]]:
    """A list to put them in."""
    begun: list[Any] = []
    yield begun
    if begun:
        begun[-1].stop()
