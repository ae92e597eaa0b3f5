"""Lists of shifts as workbooks: what was not done, incidents, patrols."""

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext_noop as _

from yinling.kernel.actors import Actor
from yinling.kernel.clock import CITY_ZONE, civil_date
from yinling.kernel.listings import Heading, Listing
from yinling.kernel.names import mask_name
from yinling.reference.queries import label
from yinling.shifts import queries
from yinling.shifts.permissions import Shifts
from yinling.shifts.queries.incidents import Filters

MOST = 20_000


def _span(address: Mapping[str, str]) -> tuple[dt.date, dt.date]:
    try:
        return dt.date.fromisoformat(address["first"]), dt.date.fromisoformat(address["last"])
    except (KeyError, ValueError):
        return civil_date() - dt.timedelta(days=1), civil_date()


def _undone(by: Actor, address: Mapping[str, str]) -> Iterator[tuple[Any, ...]]:
    """One row per task that is still missing."""
    first, last = _span(address)
    for one in queries.undone_for(by, first, last, address.get("home", "")).order_by("due_at", "id")[:MOST]:
        who = mask_name(one.stay.person.name) if one.stay else str(one.point or "")
        yield (
            one.ward.institution.name, one.ward.name, one.day, label("shift_kind", one.shift),
            one.get_kind_display(), who, one.due_at.astimezone(CITY_ZONE), one.carer_label,
        )  # fmt: skip


def _incidents(by: Actor, address: Mapping[str, str]) -> Iterator[tuple[Any, ...]]:
    """One row per incident; residents masked, no medical text."""
    filters = Filters(*(address.get(name, "") for name in ("state", "kind", "home")))
    for one in queries.incidents_for(by, filters).order_by("-happened_at", "-id")[:MOST]:
        told = one.family_told_at.astimezone(CITY_ZONE) if one.family_told_at else None
        yield (
            one.number, one.institution.name, label("incident_kind", one.kind), one.happened_at.astimezone(CITY_ZONE),
            one.reported_at.astimezone(CITY_ZONE), one.is_late, one.reported_label,
            tuple(mask_name(row.stay.person.name) for row in one.persons), told, one.get_state_display(),  # type: ignore[attr-defined]
        )  # fmt: skip


LISTINGS = (
    Listing(
        "shifts_undone", _("What was not done"),
        (Heading(_("Institution"), 30), Heading(_("Ward"), 16), Heading(_("Day"), 12), Heading(_("Shift"), 12),
         Heading(_("Task"), 12), Heading(_("Resident or point"), 20), Heading(_("Due"), 18),
         Heading(_("Who had taken over"), 16)),
        _undone, (Shifts.REVIEW, Shifts.WATCH),
    ),
    Listing(
        "incidents", _("Incidents"),
        (Heading(_("Number"), 22, is_identifier=True), Heading(_("Institution"), 30), Heading(_("Incident kind"), 16),
         Heading(_("Happened"), 18), Heading(_("Reported"), 18), Heading(_("Reported late"), 10),
         Heading(_("Reported by"), 14), Heading(_("Residents involved"), 24), Heading(_("Family told at"), 18),
         Heading(_("State"), 12)),
        _incidents, (Shifts.REVIEW, Shifts.WATCH),
    ),
)  # fmt: skip
