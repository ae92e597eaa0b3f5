"""Menus and panels as data."""

import pytest

from yinling.web.registry import MenuItem, Panel, Registry, Tab


class Visitor:
    """Holds what is given."""

    def __init__(self, *permissions: str) -> None:
        self.permissions = permissions

    def may(self, permission: str, place_key: int | None = None) -> bool:
        return permission in self.permissions


def test_the_rail_shows_what_the_user_may_in_order() -> None:
    registry = Registry()
    registry.put_menu(
        MenuItem("Homes", "home-2", "x", "homes.read", 20), MenuItem("Today", "list-check", "y", order=10)
    )
    registry.put_menu(MenuItem("Audit", "eye", "z", "audit.read", 5))
    assert [item.label for item in registry.menu_for(Visitor("homes.read"))] == ["Today", "Homes"]
    assert [item.label for item in registry.menu_for(Visitor())] == ["Today"]


def test_two_panels_of_one_name_are_a_mistake() -> None:
    registry = Registry()
    registry.put_panels(Panel("visits", "person", "Visits", "x"))
    with pytest.raises(ValueError, match="visits"):
        registry.put_panels(Panel("visits", "home", "Visits", "x"))


def test_panels_are_found_by_thing_and_column() -> None:
    registry = Registry()
    registry.put_panels(
        Panel("late", "person", "Late", "x", order=9), Panel("early", "person", "Early", "x", order=1),
        Panel("beside", "person", "Beside", "x", column="side"), Panel("beds", "home", "Beds", "x"),
    )  # fmt: skip
    assert [panel.key for panel in registry.panels_for("person", "main")] == ["early", "late"]
    assert [panel.key for panel in registry.panels_for("person", "side")] == ["beside"]
    assert len(registry.panels_for("person")) == 3


def test_tabs_ask_for_permission() -> None:
    registry = Registry()
    registry.put_tabs(Tab("visits", "person", "Visits", "x", "visits.read"), Tab("file", "person", "File", "x"))
    assert [tab.key for tab in registry.tabs_for("person", Visitor())] == ["file"]
