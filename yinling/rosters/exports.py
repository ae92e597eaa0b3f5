"""Duty rosters as workbooks hold them: all in scope, or one roster's turns of a month."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext_noop as _

from yinling.kernel.actors import Actor
from yinling.kernel.clock import CITY_ZONE
from yinling.kernel.listings import Heading, Listing
from yinling.rosters import queries
from yinling.rosters.models import Post
from yinling.rosters.permissions import Rosters
from yinling.rosters.presenting import month_asked, whose

BATCH = 200


def _rosters(by: Actor, address: Mapping[str, str]) -> Iterator[tuple[Any, ...]]:
    post = address.get("post", "")
    found = list(queries.rosters_for(by, post if post in Post.values else "").order_by("place_key", "id"))
    for start in range(0, len(found), BATCH):
        some = found[start : start + BATCH]
        serving = queries.serving_now(some)
        for one in some:
            yield one.name, whose(one), one.get_post_display(), tuple(t.user.label for t in serving.get(one.pk, []))


def _turns(by: Actor, address: Mapping[str, str]) -> Iterator[tuple[Any, ...]]:
    """One row per turn; an open place is a row without a name."""
    month = queries.month(queries.roster(address.get("roster", ""), by), month_asked(address))
    for row in month.rows:
        for cell in row.cells:
            shift = cell.shift.name if cell.shift else ""
            for turn in cell.turns:
                starts, ends = turn.starts_at.astimezone(CITY_ZONE), turn.ends_at.astimezone(CITY_ZONE)
                yield row.day, shift, starts, ends, turn.user.label
            yield from ((row.day, shift, None, None, "") for _missing in range(cell.missing))


LISTINGS = (
    Listing(
        "rosters", _("Duty rosters"),
        (Heading(_("Roster"), 24), Heading(_("Kept by"), 36), Heading(_("Post"), 16), Heading(_("On duty now"), 30)),
        _rosters, (Rosters.READ,),
    ),
    Listing(
        "turns", _("Turns of a month"),
        (Heading(_("Day"), 12), Heading(_("Shift"), 14), Heading(_("From"), 18), Heading(_("Until"), 18),
         Heading(_("Who is on duty"), 16)),
        _turns, (Rosters.READ,),
    ),
)  # fmt: skip
