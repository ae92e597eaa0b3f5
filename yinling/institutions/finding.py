"""The list of institutions: what it may be narrowed to, in which orders it may stand. Private; the door is `queries`.

Orders that an index carries are paged by key. The others (occupancy, nursing beds, carers, papers) follow from counts:
they are computed for everything that matches, a few thousand at most, and paged by the institution's number.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, fields

from django.db.models import Exists, Min, OuterRef, Q, QuerySet

from yinling.institutions import ratios
from yinling.institutions.models import Institution, Licence
from yinling.institutions.occupancy import by_institution
from yinling.kernel.actors import Actor
from yinling.kernel.clock import civil_date, now
from yinling.kernel.names import normalise_name
from yinling.kernel.scope import within
from yinling.places.queries import key_ranges
from yinling.reference.queries import parameter_or
from yinling.web.paging import Page, keyset_page

ANY = "any"
EXPIRED, EXPIRING, VALID, NONE = "expired", "expiring", "valid", "none"
SHORT, ENOUGH = "short", "enough"
KEYED = {"place": ("place_key", "id"), "name": ("name", "id"), "kind": ("kind", "place_key", "id")}
COUNTED = ("rate", "nursing", "carers", "licence")
WARN_DAYS = 60  # while no pack states licence.warning_days


@dataclass(frozen=True)
class Filters:
    """What a list is narrowed to. Empty means: any."""

    text: str = ""
    kind: str = ""
    model: str = ""
    place_key: int = 0
    with_closed: bool = False
    mutual: str = ""
    combination: str = ""
    medical: str = ""  # a kind of medical unit in the house, or `any`
    has_plaque: bool = False
    licence: str = ""  # expired, expiring, valid, none
    carers: str = ""  # short, enough

    @classmethod
    def from_address(cls, address: Mapping[str, str]) -> "Filters":
        """The filters in an address; what makes no sense is left out."""
        place = address.get("place", "")
        plain = {name: address.get(name, "")[:30] for name in ("kind", "model", "mutual", "combination", "medical")}
        licence, carers = address.get("licence", ""), address.get("carers", "")
        return cls(
            text=address.get("q", "")[:60],
            place_key=int(place) if place.isascii() and place.isdigit() and len(place) == 12 else 0,
            with_closed=address.get("closed") == "1",
            has_plaque=address.get("plaque") == "1",
            licence=licence if licence in (EXPIRED, EXPIRING, VALID, NONE) else "",
            carers=carers if carers in (SHORT, ENOUGH) else "",
            **plain,
        )

    @property
    def has_more(self) -> bool:
        """Whether any of the rarer filters is set."""
        return any(getattr(self, one.name) for one in fields(self) if one.name not in ("text", "kind", "place_key"))


def institutions_for(by: Actor, filters: Filters) -> QuerySet[Institution]:
    """Institutions the actor sees that match every filter. Unordered. Asks two statements for `carers` alone."""
    found: QuerySet[Institution] = Institution.objects.visible_to(by).filter(**_equal(filters))
    if filters.place_key:
        found = found.filter(within(key_ranges([filters.place_key])))
    if filters.medical == ANY:
        found = found.exclude(medical_kind="")
    if not filters.with_closed:
        found = found.filter(closed_on__isnull=True)
    if text := normalise_name(filters.text):
        found = found.filter(Q(name__contains=text) | Q(initials__startswith=text.lower()) | Q(filing_number=text))
    if filters.licence:
        found = _with_licence(found, filters.licence, civil_date())
    return _with_carers(found, filters.carers) if filters.carers else found


def _equal(filters: Filters) -> dict[str, object]:
    columns = {
        "kind": filters.kind, "operator_model": filters.model, "mutual_aid_model": filters.mutual,
        "combination": filters.combination, "has_canteen_plaque": filters.has_plaque,
        "medical_kind": "" if filters.medical == ANY else filters.medical,
    }  # fmt: skip
    return {column: value for column, value in columns.items() if value}


def licence_limit(day: dt.date) -> dt.date:
    """The last day on which a licence that ends counts as running out (parameter licence.warning_days)."""
    days = max(int(step) for step in parameter_or("licence.warning_days", (WARN_DAYS,)))
    return day + dt.timedelta(days=days)


def _with_licence(found: QuerySet[Institution], state: str, day: dt.date) -> QuerySet[Institution]:
    """By the licence that ends first: one expired makes the institution's papers expired."""
    held = Licence.objects.current().filter(institution=OuterRef("pk"))
    expired = Exists(held.filter(expires_on__lt=day))
    ending = Exists(held.filter(expires_on__lte=licence_limit(day)))
    if state == NONE:
        return found.exclude(Exists(held))
    if state == EXPIRED:
        return found.filter(expired)
    if state == EXPIRING:
        return found.filter(ending).exclude(expired)
    return found.filter(Exists(held)).exclude(ending)


def _with_carers(found: QuerySet[Institution], state: str) -> QuerySet[Institution]:
    staffed = ratios.by_institution(civil_date(), now(), found)
    wanted = [home for home, one in staffed.items() if (one.missing > 0) == (state == SHORT) and one.residents]
    return found.filter(pk__in=wanted)


def first_ends(homes: QuerySet[Institution] | list[int]) -> dict[int, dt.date | None]:
    """The last day of the licence that ends first, per institution with any licence (None: none ever ends)."""
    held = Licence.objects.current().filter(institution__in=homes)
    return dict(held.values_list("institution_id").annotate(Min("expires_on")))


def licence_state(has_any: bool, ends_on: dt.date | None, day: dt.date) -> str:
    """expired, expiring, valid or none, from the licence that ends first."""
    if not has_any:
        return NONE
    if ends_on is None or ends_on > licence_limit(day):
        return VALID
    return EXPIRED if ends_on < day else EXPIRING


def institution_page(by: Actor, filters: Filters, address: Mapping[str, str], size: int = 50) -> Page[Institution]:
    """One page of the list in the order of the address (`sort=name`, `sort=-rate`), by place where it says none."""
    found = institutions_for(by, filters)
    asked = address.get("sort", "")
    key, descends = asked.removeprefix("-"), asked.startswith("-")
    if key in COUNTED:
        return _counted_page(found, key, descends, address, size)
    order = KEYED.get(key, KEYED["place"])
    columns = tuple(f"-{column}" for column in order) if descends and key in KEYED else order
    return keyset_page(found, order=columns, address=address, size=size)


def _counted_page(
    found: QuerySet[Institution], key: str, descends: bool, address: Mapping[str, str], size: int
) -> Page[Institution]:
    """A page of an order that follows from counts; what has no value stands last either way."""
    pks = list(found.order_by("id").values_list("pk", flat=True))
    values = _values(found, key)
    known = sorted((pk for pk in pks if pk in values), key=values.__getitem__, reverse=descends)
    ordered = known + [pk for pk in pks if pk not in values]
    first = _begin(ordered, address, size)
    shown = ordered[first : first + size]
    rows = Institution.objects.in_bulk(shown)
    has_more = first + size < len(ordered)
    return Page([rows[pk] for pk in shown], str(shown[-1]) if has_more else "", str(shown[0]) if first else "", size)


def _begin(ordered: list[int], address: Mapping[str, str], size: int) -> int:
    """Where the page begins: after the number in the address, or a page before it. The start when it is unknown."""
    after, before = address.get("after", ""), address.get("before", "")
    token = after or before
    if not (token.isascii() and token.isdigit() and int(token) in ordered):
        return 0
    at = ordered.index(int(token))
    return at + 1 if after else max(at - size, 0)


def _values(found: QuerySet[Institution], key: str) -> dict[int, float]:
    """What the order goes by, per institution that has such a value."""
    today = civil_date()
    if key == "licence":
        return {pk: float(day.toordinal()) for pk, day in first_ends(found).items() if day is not None}
    if key == "carers":
        return {pk: one.missing for pk, one in ratios.by_institution(today, now(), found).items() if one.residents}
    beds = by_institution(today, now(), institutions=Q(bed__institution__in=found.values("pk")))
    values = {pk: one.rate if key == "rate" else float(one.nursing) for pk, one in beds.items()}
    return {pk: value for pk, value in values.items() if value is not None}
