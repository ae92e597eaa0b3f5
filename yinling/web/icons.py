"""Tabler icons as inline SVG. The shapes come from built/icons.json, which `assets.build()` writes."""

import json
from functools import cache

from django.conf import settings
from django.utils.safestring import SafeString, mark_safe

from yinling.web.assets import BUILT


class UnknownIcon(LookupError):
    """A template names an icon that Tabler does not have, or the assets were not built since."""


ICONS_FILE = BUILT / "icons.json"


def icon_svg(name: str) -> SafeString:
    """The icon as `<svg class="i" aria-hidden="true">`; hidden from readers, so words must stand beside it.

    Raises UnknownIcon in debug; in production a missing icon is left out rather than losing the page.
    """
    icons = _icons(_built_at())
    if name in icons:
        return icons[name]
    if settings.DEBUG:
        raise UnknownIcon(f"No icon {name!r} in built/icons.json. Run `make assets`, or choose another name.")
    return SafeString("")


def _built_at() -> float:
    # In debug a rebuild shows at once; a running server keeps what it started with.
    return ICONS_FILE.stat().st_mtime if settings.DEBUG and ICONS_FILE.is_file() else 0.0


@cache
def _icons(built_at: float) -> dict[str, SafeString]:
    """Every icon, drawn. The shapes are Tabler's own markup from the locked package: nothing comes from people."""
    shapes = json.loads(ICONS_FILE.read_text(encoding="utf-8")) if ICONS_FILE.is_file() else {}
    return {
        name: mark_safe(f'<svg class="i" viewBox="0 0 24 24" aria-hidden="true">{inside}</svg>')
        for name, inside in shapes.items()
    }
