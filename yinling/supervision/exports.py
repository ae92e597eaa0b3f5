"""The list of alerts as a workbook."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext_noop as _

from yinling.kernel.actors import Actor
from yinling.kernel.clock import CITY_ZONE
from yinling.kernel.listings import Heading, Listing
from yinling.places.queries import tree
from yinling.reference.queries import label
from yinling.supervision.permissions import Supervision
from yinling.supervision.queries import Filters, alerts_for
from yinling.web.sentences import sentence

BATCH = 500


def _at(instant: Any) -> Any:
    return instant.astimezone(CITY_ZONE).replace(tzinfo=None) if instant else None


def _cells(by: Actor, address: Mapping[str, str]) -> Iterator[tuple[Any, ...]]:
    """One alert a row. No names of persons: a list that leaves the platform holds none."""
    places = tree()
    for one in alerts_for(by, Filters.from_address(address)).order_by("-id").iterator(BATCH):
        yield (
            str(one.uid), sentence(one.rule.title), label("alert_level", one.level_name),
            one.institution.name if one.institution else "", places.path(one.place_key), _at(one.onset),
            _at(one.detected_at), one.count, _at(one.acknowledged_at), _at(one.on_site_at), _at(one.resolved_at),
            str(one.get_state_display()), label("alert_false_cause", one.cause) if one.cause else "",
            _at(one.closed_at),
        )  # fmt: skip


LISTINGS = (
    Listing(
        "alerts", _("Alerts"),
        (Heading(_("Number"), 38), Heading(_("Rule"), 24), Heading(_("Level"), 8), Heading(_("Home"), 28),
         Heading(_("Place"), 34), Heading(_("Onset"), 18), Heading(_("Raised"), 18), Heading(_("Times seen"), 8),
         Heading(_("Acknowledged"), 18), Heading(_("Somebody there"), 18), Heading(_("Resolved"), 18),
         Heading(_("State"), 14), Heading(_("Cause of a false alarm"), 24), Heading(_("Closed"), 18)),
        _cells, (Supervision.EXPORT,),
    ),
)  # fmt: skip
