"""Lists as workbooks, with a marker of who took them out and why."""

import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from yinling.institutions.forms import occupancy_asked
from yinling.institutions.occupancy import Beds
from yinling.institutions.permissions import Institutions
from yinling.institutions.presenting import (
    HomeRow,
    home_rows,
    kinds_in_words,
    medical_words,
    reasons_of,
)
from yinling.institutions.queries import Filters, institution, institutions_for, occupancy_table, waiting_list
from yinling.institutions.services import note_export
from yinling.kernel.actors import Actor
from yinling.kernel.clock import CITY_ZONE, now
from yinling.kernel.listings import Heading, Listing
from yinling.kernel.names import mask_name
from yinling.kernel.uids import uid_of
from yinling.places.queries import tree
from yinling.reference.queries import label
from yinling.spreadsheets.exporting import Column, write_list
from yinling.spreadsheets.marker import Marker
from yinling.web.sentences import sentence

MOST = 20_000


def export_institutions(filters: Filters, *, by: Actor, reason: str) -> Path:
    """The list that the filters give, with beds as they stand now. Leaves a change row."""
    change = note_export(by=by, reason=reason)
    homes = institutions_for(by, filters).select_related("organisation").order_by("place_key", "id")[:MOST]
    path = Path(tempfile.mkdtemp(prefix="yinling-")) / "list.xlsx"
    marker = Marker(what=_("Institutions"), who=by.label, when=now(), why=reason, record=str(change.pk))
    write_list(_columns(), (_cells(row) for row in home_rows(homes)), path, marker, sentence)
    return path


def _columns() -> list[Column]:
    return [
        Column(_("Institution"), 32), Column(_("Kind"), 18), Column(_("Operator model"), 14), Column(_("Place"), 36),
        Column(_("Filing number"), 18, is_identifier=True), Column(_("Credit code"), 22, is_identifier=True),
        Column(_("Telephone"), 16, is_identifier=True), Column(_("Beds set up"), 10), Column(_("Usable beds"), 10),
        Column(_("Occupied"), 10), Column(_("Reserved"), 10), Column(_("Nursing beds"), 10), Column(_("Opened on"), 12),
        Column(_("Mutual-aid model"), 14), Column(_("Combination"), 14), Column(_("Charity canteen plaque"), 10),
        Column(_("Medical unit"), 18), Column(_("Licences"), 14), Column(_("First licence ends"), 14),
        Column(_("Carers"), 10), Column(_("Carers needed"), 10), Column(_("Residents without a level"), 10),
        Column(_("Closed on"), 12),
    ]  # fmt: skip


def _cells(row: HomeRow) -> tuple[object, ...]:
    home, beds, staffing = row.home, row.beds, row.staffing
    uscc = home.organisation.uscc if home.organisation else ""
    return (
        home.name, row.kind, row.model, row.place, home.filing_number or "", uscc or "", home.phone, beds.set_up,
        beds.usable, beds.occupied, beds.reserved, beds.nursing, home.opened_on,
        label("mutual_aid_model", home.mutual_aid_model), label("combination_model", home.combination),
        _("yes") if home.has_canteen_plaque else "", medical_words(home.medical_kind), row.licence_words,
        row.licence_ends, staffing.present if staffing else None, staffing.needed if staffing else None,
        staffing.unknown if staffing else None, home.closed_on,
    )  # fmt: skip


def _waiting(by: Actor, address: Mapping[str, str]) -> Iterator[tuple[Any, ...]]:
    """To be reviewed first, then the waiting list in its order; of one home, when the address names it."""
    home = uid_of(address.get("home", ""))
    uid = institution(home, by).uid if home else None
    for one in waiting_list(by, uid, limit=MOST):
        reasons = tuple(sentence(reason) for reason in reasons_of(one.reasons))
        since = one.submitted_at.astimezone(CITY_ZONE)
        bed = label("bed_kind", one.bed_kind)
        person = mask_name(one.person.name)
        yield one.number, person, one.institution.name, one.priority, reasons, bed, since, _state_words(one.state)


def _state_words(state: str) -> str:
    return _("to review") if state == "submitted" else _("waiting")


def _occupancy(by: Actor, address: Mapping[str, str]) -> Iterator[tuple[Any, ...]]:
    """The sum, then what the page shows: divisions directly below, kinds, homes."""
    day, division, filters = occupancy_asked(address)
    found, places = occupancy_table(by, division=division, day=day, filters=filters), tree()
    yield _beds(_("Total"), places.name(division), found.total)
    for key in sorted(found.below):
        yield _beds(_("Division"), places.name(key), found.below[key])
    for name, _code, beds in kinds_in_words(found.kinds):
        yield _beds(_("Kind"), name, beds)
    for _uid, name, beds in found.homes:
        yield _beds(_("Home"), name, beds)


def _beds(sort: str, name: str, beds: Beds) -> tuple[Any, ...]:
    shares = (None if share is None else round(share * 100, 1) for share in (beds.rate, beds.rate_of_set_up))
    return sort, name, beds.set_up, beds.usable, beds.occupied, beds.reserved, beds.free, beds.nursing, *shares


LISTINGS = (
    Listing(
        "waiting", gettext_noop("Waiting list"),
        (Heading(gettext_noop("Number"), 20, is_identifier=True), Heading(gettext_noop("Person"), 12),
         Heading(gettext_noop("Home"), 30), Heading(gettext_noop("Class"), 8),
         Heading(gettext_noop("Class and reason"), 40), Heading(gettext_noop("Bed kind"), 14),
         Heading(gettext_noop("Since"), 18), Heading(gettext_noop("State"), 16)),
        _waiting, (Institutions.EXPORT,),
    ),
    Listing(
        "occupancy", gettext_noop("Occupancy"),
        (Heading(gettext_noop("Counted by"), 12), Heading(gettext_noop("Name"), 32),
         Heading(gettext_noop("Beds set up"), 10), Heading(gettext_noop("Usable beds"), 10),
         Heading(gettext_noop("Occupied"), 10), Heading(gettext_noop("Reserved"), 10),
         Heading(gettext_noop("Free beds"), 10), Heading(gettext_noop("Nursing beds"), 10),
         Heading(gettext_noop("Occupied of usable, %"), 16), Heading(gettext_noop("Residents of set up, %"), 16)),
        _occupancy, (Institutions.EXPORT,),
    ),
)  # fmt: skip
