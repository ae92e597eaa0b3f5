"""What the list and the forms are made of: filters of the address, chips, divisions to choose from."""

from typing import Any

from django.http import QueryDict
from django.utils.translation import pgettext

from yinling.kernel.actors import Actor
from yinling.kernel.scope import within
from yinling.organisations.models import Organisation, Status
from yinling.organisations.permissions import Organisations
from yinling.places.models import Level, Place
from yinling.places.queries import tree
from yinling.reference.queries import choices, entries, label
from yinling.web.paging import Page
from yinling.web.pieces import Chip


def read_filters(address: QueryDict) -> dict[str, Any]:
    """The filters in an address; what makes no sense is left out."""
    place = address.get("place", "")
    return {
        "text": address.get("q", ""),
        "form": address.get("form", ""),
        "status": address.get("status", ""),
        "role": address.get("role", ""),
        "place": int(place) if place.isdigit() and len(place) == 12 else 0,
    }


def context(page: Page[Organisation], filters: dict[str, Any]) -> dict[str, Any]:
    """Everything the list shows. The page's rows get words for their codes."""
    places = tree()
    for row in page:
        row.place, row.form = places.path(row.place_key), label("legal_form", row.legal_form)  # type: ignore[attr-defined]
    return {
        "page": page,
        "filters": filters,
        "statuses": [Chip(status.value, status_word(status.value)) for status in Status],
        "forms": [Chip(code, words) for code, words in choices("legal_form")],
        "roles": [Chip(entry.code, label("organisation_role", entry.code)) for entry in entries("organisation_role")],
        "division": places.name(filters["place"]) if filters["place"] else "",
    }


def status_word(status: str) -> str:
    """A standing in words."""
    words = {
        "active": pgettext("organisation", "working"),
        "suspended": pgettext("organisation", "suspended"),
        "closed": pgettext("organisation", "closed"),
    }
    return words.get(status, status)


def own_places(user: Actor) -> list[tuple[int, str]]:
    """Counties and townships in which this user may register, for a list to choose from."""
    ranges = user.key_ranges(Organisations.EDIT)
    order = list(Level.values)
    rows = Place.objects.filter(within(ranges, "key"), is_current=True).exclude(level=Level.VILLAGE)
    places = tree()
    found = sorted(rows.values_list("key", "level"), key=lambda row: (order.index(row[1]), row[0]))
    return [(key, places.path(key) or places.name(key)) for key, _level in found]


def initial(found: Organisation) -> dict[str, Any]:
    """What a form of change starts from; the telephone number stays out."""
    names = ("name", "short_name", "uscc", "legal_form", "registrar", "representative", "address", "founded_on")
    return {name: getattr(found, name) for name in names}
