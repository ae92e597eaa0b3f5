"""A frame of its own for the tests of `web`: what navigation puts up elsewhere stays out."""

import dataclasses
from collections.abc import Iterator
from typing import Any

import pytest

from yinling.web.registry import MenuItem, Registry, registry


@pytest.fixture(autouse=True)
def own_registry(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """The registry, emptied for one test, with two menu lines."""
    fresh = Registry()
    fresh.put_menu(MenuItem("今天的工作", "list-check", "web:gallery"), MenuItem("查找", "search", "web:gallery"))
    for field in dataclasses.fields(Registry):
        monkeypatch.setattr(registry, field.name, getattr(fresh, field.name))
    registry.search_url_name = "web:gallery"
    yield registry
