"""Places of care that anybody may find: what kinds there are, which are near, how many beds are free."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Count, QuerySet
from django.utils.translation import gettext as _

from yinling.institutions.models import Institution
from yinling.institutions.queries import beds_of
from yinling.kernel.clock import civil_date
from yinling.kernel.names import normalise_name
from yinling.kernel.scope import within
from yinling.places.models import Level
from yinling.places.queries import Division, Tree, city, key_ranges, tree
from yinling.reference.queries import label
from yinling.web import words
from yinling.web.paging import Page, keyset_page
from yinling.web.pieces import Chip

LIVE, EAT, DAY, VILLAGE, HOME = "live", "eat", "day", "village", "home"
KINDS = {
    LIVE: ("city_centre", "county_centre", "regional_home", "home"),
    EAT: ("canteen",),
    DAY: ("day_centre",),
    VILLAGE: ("village_point",),
    HOME: ("home_care",),
}
NEEDS = {kind: need for need, kinds in KINDS.items() for kind in kinds}
ICONS = {LIVE: "bed", EAT: "soup", DAY: "sun", VILLAGE: "users-group", HOME: "home"}
PAGE_SIZE = 20


def needs() -> dict[str, str]:
    """What people look for, in words of the kitchen table, in the order of the page."""
    return {
        LIVE: _("Live in a home"), EAT: _("Eat"), DAY: _("Be cared for by day"), VILLAGE: _("Meet in the village"),
        HOME: _("Help at home"),
    }  # fmt: skip


@dataclass(frozen=True)
class Asked:
    """What the reader looks for. Empty means: any."""

    need: str = ""
    county: int = 0
    text: str = ""

    @classmethod
    def from_address(cls, address: Mapping[str, str]) -> "Asked":
        """The filters in an address; what makes no sense is left out."""
        need, place = address.get("need", ""), address.get("place", "")
        county = int(place) if place.isascii() and place.isdigit() else 0
        known = county in {division.key for division in counties()}
        return cls(need if need in KINDS else "", county if known else 0, normalise_name(address.get("q", "")[:40]))


@dataclass(frozen=True)
class Found:
    """One place of care, in words. `free` and `free_nursing` are None where there are no beds to give."""

    name: str
    icon: str
    kind: str
    operator: str
    where: str
    address: str
    phone: str
    price: str
    free: int | None
    free_nursing: int | None


def city_division() -> Division | None:
    """The city; None while no divisions are loaded."""
    return city() if tree().divisions else None


def counties() -> list[Division]:
    """The county-level units, in official order."""
    home = city_division()
    return [one for one in tree().children(home.key) if one.level == Level.COUNTY] if home else []


def open_to_all(asked: Asked) -> QuerySet[Institution]:
    """Places open today that are there for everybody. What is shown of them is public: no scope."""
    kinds = KINDS[asked.need] if asked.need else tuple(NEEDS)
    found = Institution.objects.open_on(civil_date()).filter(kind__in=kinds)
    if asked.county:
        found = found.filter(within(key_ranges([asked.county])))
    return found.filter(name__contains=asked.text) if asked.text else found


def counts(asked: Asked) -> dict[str, int]:
    """How many places there are per need, whatever need is asked. One statement."""
    per_need = dict.fromkeys(KINDS, 0)
    rows = open_to_all(Asked("", asked.county, asked.text)).values_list("kind").annotate(Count("id")).order_by()
    for kind, count in rows:
        per_need[NEEDS[kind]] += count
    return per_need


def chips_of(per_need: dict[str, int]) -> list[Chip]:
    """The needs as filters with their counts."""
    return [Chip(need, text, per_need[need], ICONS[need]) for need, text in needs().items()]


def page_of(asked: Asked, address: Mapping[str, str]) -> tuple[Page[Institution], list[Found]]:
    """One page of places in order of place. Four statements."""
    page = keyset_page(open_to_all(asked), order=("place_key", "id"), address=address, size=PAGE_SIZE)
    homes = [place for place in page.rows if NEEDS[place.kind] == LIVE]
    beds, places = beds_of(homes) if homes else {}, tree()
    return page, [_found(place, beds.get(place.pk), places) for place in page.rows]


def _found(place: Institution, beds: object, places: Tree) -> Found:
    free, nursing, held = (getattr(beds, name, 0) for name in ("free", "nursing", "nursing_held"))
    return Found(
        name=place.name,
        icon=ICONS[NEEDS[place.kind]],
        kind=label("institution_kind", place.kind),
        operator=label("operator_model", place.operator_model) if place.operator_model else "",
        where=places.path(place.place_key) or places.name(place.place_key),
        address=place.address,
        phone=place.phone,
        price=_price(place.fees),
        free=free if beds else None,
        free_nursing=min(max(nursing - held, 0), free) if beds else None,
    )


def _price(fees: Mapping[str, int]) -> str:
    """每月 1,680–3,200 元; "" when the home has not said."""
    low, high = fees.get("low_fen"), fees.get("high_fen")
    if low is None or high is None:
        return ""
    least, most = (words.number(fen / 100, 2 if fen % 100 else 0) for fen in (low, high))
    return _("CNY %(price)s a month") % {"price": least if low == high else f"{least}–{most}"}
