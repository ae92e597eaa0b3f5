"""Menus, panels and tabs, as data. `config/navigation.py` fills this at start; pages read it.

Modules name their own URLs and permissions; who stands where on a page is decided in one place,
above all of them, so that a module can be removed with a few lines there.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from django.urls import reverse


class Visitor(Protocol):
    """Whoever looks at a page: a user of `accounts`, or nobody."""

    def may(self, permission: str, place_key: int | None = None) -> bool:
        """Whether the visitor holds the permission somewhere, or at this place."""
        ...


@dataclass(frozen=True)
class MenuItem:
    """One line of the rail. `label` is a lazy translation; `permission` "" shows it to every staff member.

    `also` names URL name prefixes (`people:`) whose pages keep this line marked as the current one.
    """

    label: Any
    icon: str
    url_name: str
    permission: str = ""
    order: int = 100
    also: tuple[str, ...] = ()


@dataclass(frozen=True)
class Panel:
    """One fragment on the page of a thing: reverse(url_name, args=[subject]) answers with `web/panel.html`.

    `subject` is the kind of thing ("person", "institution", "division", "desk"); `column` is "main" or "side".
    Without the permission the panel is left out, or shown locked when `who_may` (lazy words) is given.
    """

    key: str
    subject: str
    title: Any
    url_name: str
    permission: str = ""
    order: int = 100
    column: str = "main"
    who_may: Any = ""


@dataclass(frozen=True)
class Tab:
    """One whole page about a thing that is too large for a panel: reverse(url_name, args=[subject])."""

    key: str
    subject: str
    title: Any
    url_name: str
    permission: str = ""
    order: int = 100


@dataclass(frozen=True)
class Identity:
    """Who is logged in, in words: 舒禾, 县级经办, 溆浦县."""

    name: str
    role: str = ""
    place: str = ""


def _plain_identity(user: Any) -> Identity:
    return Identity(name=str(getattr(user, "label", user)))


@dataclass
class Registry:
    """Everything that navigation has put up."""

    menu: list[MenuItem] = field(default_factory=list)
    panels: dict[str, Panel] = field(default_factory=dict)
    tabs: dict[str, Tab] = field(default_factory=dict)
    search_url_name: str = ""
    search_permission: str = ""
    home_url_name: str = ""
    public_home_url_name: str = ""
    elder_home_url_name: str = ""
    sign_in_url_name: str = ""
    sign_out_url_name: str = ""
    account_url_name: str = ""
    brand: Any = "银龄"
    public_brand: Any = "银龄"
    scale_words: Callable[[], str] = str  # what the demonstration mark adds, e.g. how much of the city it holds
    identify: Callable[[Any], Identity] = _plain_identity
    landing: Callable[[Any], str] = lambda user: ""  # where somebody begins after the log-in; "" at the desk

    def put_menu(self, *items: MenuItem) -> None:
        """Add lines to the rail."""
        self.menu.extend(items)
        self.menu.sort(key=lambda item: item.order)

    def put_panels(self, *panels: Panel) -> None:
        """Add panels; a key is used once."""
        for panel in panels:
            if panel.key in self.panels:
                raise ValueError(f"Two panels are called {panel.key!r}.")
            self.panels[panel.key] = panel

    def put_tabs(self, *tabs: Tab) -> None:
        """Add tabs; a key is used once."""
        for tab in tabs:
            if tab.key in self.tabs:
                raise ValueError(f"Two tabs are called {tab.key!r}.")
            self.tabs[tab.key] = tab

    def clear(self) -> None:
        """Empty it again (tests)."""
        self.menu.clear()
        self.panels.clear()
        self.tabs.clear()

    def menu_for(self, user: Visitor | Any) -> list[MenuItem]:
        """The rail of this user."""
        return [item for item in self.menu if allowed(user, item.permission)]

    def panels_for(self, subject: str, column: str = "") -> list[Panel]:
        """Panels of one kind of thing (in one column), in order; whoever draws them asks for the permission."""
        found = [p for p in self.panels.values() if p.subject == subject and column in ("", p.column)]
        return sorted(found, key=lambda panel: panel.order)

    def tabs_for(self, subject: str, user: Visitor | Any) -> list[Tab]:
        """Tabs of one kind of thing that this user may open, in order."""
        found = [t for t in self.tabs.values() if t.subject == subject and allowed(user, t.permission)]
        return sorted(found, key=lambda tab: tab.order)


def allowed(user: Visitor | Any, permission: str) -> bool:
    """Whether this visitor may; an empty permission is everybody's, an unknown visitor may nothing else."""
    return not permission or (hasattr(user, "may") and user.may(permission))


def address_of(url_name: str, args: Sequence[object] = ()) -> str:
    """The address of a named page, or "" when no name is set."""
    return reverse(url_name, args=list(args)) if url_name else ""


registry = Registry()
