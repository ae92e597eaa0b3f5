"""What every page knows: menu, who I am, marks and switches. Lazy, so that a fragment pays for nothing."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import cached_property

from yinling.web.registry import Identity, MenuItem, address_of, allowed, registry

THEME_COOKIE = "theme"
TYPE_COOKIE = "type"


@dataclass(frozen=True)
class MenuEntry:
    """One line of the rail, ready to draw."""

    label: Any
    icon: str
    url: str
    is_current: bool


class Shell:
    """The frame around a page, for one request."""

    def __init__(self, request: HttpRequest) -> None:
        self.request = request

    @cached_property
    def menu(self) -> list[MenuEntry]:
        """The rail of the logged-in user; one line is current: the one whose address reaches furthest."""
        items = registry.menu_for(self.request.user)
        urls = [address_of(item.url_name) for item in items]
        current = self._current(items, urls)
        return [
            MenuEntry(item.label, item.icon, url, place == current)
            for place, (item, url) in enumerate(zip(items, urls, strict=True))
        ]

    def _current(self, items: list[MenuItem], urls: list[str]) -> int | None:
        match = self.request.resolver_match
        name = match.view_name if match else ""
        for place, item in enumerate(items):
            if name == item.url_name or (item.also and name.startswith(item.also)):
                return place
        reached = [(len(url), place) for place, url in enumerate(urls) if self.request.path.startswith(url)]
        return max(reached)[1] if reached else None

    @cached_property
    def identity(self) -> Identity | None:
        """Who is logged in, or None."""
        user = getattr(self.request, "user", None)
        return registry.identify(user) if user is not None and user.is_authenticated else None

    @property
    def _may_search(self) -> bool:
        return allowed(getattr(self.request, "user", None), registry.search_permission)

    @property
    def is_demonstration(self) -> bool:
        """Whether the data are generated: then every page says so."""
        return bool(settings.DEMO)

    @property
    def scale(self) -> str:
        """What the mark of a demonstration adds: how much of the city it holds."""
        return registry.scale_words()

    @property
    def hotline(self) -> str:
        """The one telephone number on every public page."""
        return str(settings.HOTLINE)

    @property
    def theme(self) -> str:
        """dark or ""; chosen by the reader, never automatic."""
        return "dark" if self.request.COOKIES.get(THEME_COOKIE) == "dark" else ""

    @property
    def is_larger(self) -> bool:
        """Whether the reader asked for larger type on public pages."""
        return self.request.COOKIES.get(TYPE_COOKIE) == "larger"

    @property
    def brand(self) -> Any:
        """The product's name on staff pages."""
        return registry.brand

    @property
    def public_brand(self) -> Any:
        """The product's name on public pages."""
        return registry.public_brand

    @cached_property
    def urls(self) -> dict[str, str]:
        """Addresses that the frame links to; "" where navigation has set none."""
        return {
            "home": address_of(registry.home_url_name),
            "public": address_of(registry.public_home_url_name),
            "elder": address_of(registry.elder_home_url_name),
            "search": address_of(registry.search_url_name) if self._may_search else "",
            "sign_in": address_of(registry.sign_in_url_name),
            "sign_out": address_of(registry.sign_out_url_name),
            "account": address_of(registry.account_url_name),
        }

    @property
    def here(self) -> str:
        """This address, to come back to after a switch."""
        return self.request.get_full_path()

    @property
    def panel_title(self) -> Any:
        """The title of the panel whose address this is; "" for any other page."""
        match = self.request.resolver_match
        name = match.view_name if match else ""
        return next((panel.title for panel in registry.panels.values() if panel.url_name == name), "")

    @property
    def panel_layout(self) -> str:
        """What a panel's template extends: the bare panel inside a page, a whole page when opened alone."""
        return "web/panel.html" if getattr(self.request, "htmx", False) else "web/panel_page.html"


def shell(request: HttpRequest) -> dict[str, Any]:
    """Context processor: `shell`, and `panel_layout` for the templates of panels."""
    frame = Shell(request)
    return {"shell": frame, "panel_layout": frame.panel_layout}
