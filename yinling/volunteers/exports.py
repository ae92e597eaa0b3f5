"""Lists of the module as workbooks: volunteers, orders, a member's statement, the settlement between branches."""

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext_noop as _

from yinling.kernel.actors import Actor
from yinling.kernel.clock import CITY_ZONE, civil_date
from yinling.kernel.listings import Heading, Listing
from yinling.kernel.names import mask_name
from yinling.kernel.uids import uid_of
from yinling.ledger.queries import statement
from yinling.places.queries import tree
from yinling.reference.queries import label
from yinling.volunteers.permissions import Volunteers
from yinling.volunteers.queries.books import held_by, settlements
from yinling.volunteers.queries.lists import OrderFilters, VolunteerFilters, orders_for, volunteers_for
from yinling.volunteers.queries.members import branches_of, members_of
from yinling.volunteers.services.accounts import BRANCH, MEMBER, of_member
from yinling.web.sentences import sentence

MOST = 20_000
YEAR = dt.timedelta(days=365)


def _volunteers(by: Actor, address: Mapping[str, str]) -> Iterator[tuple[Any, ...]]:
    filters = VolunteerFilters.from_address(address)
    found = list(volunteers_for(by, filters).order_by("member__place_key", "pk")[:MOST])
    held = held_by(MEMBER, [one.member.uid for one in found], "saved")
    places = tree()
    for one in found:
        skills = tuple(label("visit_skill", code) for code in one.skills)
        yield (
            one.member.number, one.member.name, one.member.branch.name, places.path(one.member.place_key),
            one.get_state_display(), skills, held.get(one.member.uid, 0) / 60,
        )  # fmt: skip


def _orders(by: Actor, address: Mapping[str, str]) -> Iterator[tuple[Any, ...]]:
    for one in orders_for(by, OrderFilters.from_address(address)).order_by("-pk")[:MOST]:
        served = one.person.name if one.person else one.member.name if one.member else ""
        yield (
            one.number, one.starts_at.astimezone(CITY_ZONE), label("time_service", one.service),
            one.volunteer.member.name, mask_name(served), one.minutes, one.get_state_display(), one.finding,
        )  # fmt: skip


def span(address: Mapping[str, str]) -> tuple[dt.date, dt.date]:
    """The days an address names; else the year until today."""
    try:
        first, last = dt.date.fromisoformat(address["first"]), dt.date.fromisoformat(address["last"])
    except (KeyError, ValueError):
        return civil_date() - YEAR, civil_date()
    return (first, last) if first <= last else (last, first)


def _statement(by: Actor, address: Mapping[str, str]) -> Iterator[tuple[Any, ...]]:
    member = members_of(by).select_related("branch").one(uid=uid_of(address.get("member", "")))
    found = statement(of_member(member), *span(address))
    yield found.first, sentence(_("Carried forward")), None, found.opening / 60, ""
    for line in found.lines:
        at = line.recorded_at.astimezone(CITY_ZONE)
        yield at.date(), sentence(line.memo), line.amount / 60, line.balance / 60, str(line.transfer_uid)
    yield found.last, sentence(_("Balance at the end")), None, found.closing / 60, ""


def _settlement(by: Actor, address: Mapping[str, str]) -> Iterator[tuple[Any, ...]]:
    first, last = span(address)
    names = {one.uid: one for one in branches_of(by).all()}
    places = tree()
    for uid, rows in settlements(BRANCH, names.keys(), first, last).items():
        branch = names[uid]
        for row in rows:
            other = names[row.other].name if row.other in names else sentence(_("Branch elsewhere"))
            yield (
                places.path(branch.place_key), branch.name, other, row.handed / 60, row.taken / 60, row.net / 60
            )  # fmt: skip


LISTINGS = (
    Listing(
        "volunteers", _("Volunteers"),
        (Heading(_("Number"), 22, is_identifier=True), Heading(_("Volunteer"), 14), Heading(_("Branch"), 26),
         Heading(_("Place"), 30), Heading(_("State"), 12), Heading(_("Skills"), 24), Heading(_("Hours saved"), 12)),
        _volunteers, (Volunteers.EXPORT,),
    ),
    Listing(
        "time_orders", _("Services of the time bank"),
        (Heading(_("Number"), 22, is_identifier=True), Heading(_("When"), 18), Heading(_("Service"), 16),
         Heading(_("Volunteer"), 14), Heading(_("Served"), 14), Heading(_("Minutes that count"), 12),
         Heading(_("State"), 16), Heading(_("Finding"), 30)),
        _orders, (Volunteers.EXPORT,),
    ),
    Listing(
        "time_statement", _("Statement of hours"),
        (Heading(_("Day"), 14), Heading(_("Item"), 26), Heading(_("Hours"), 10), Heading(_("Balance"), 12),
         Heading(_("Number of the transfer"), 40, is_identifier=True)),
        _statement, (),
    ),
    Listing(
        "time_settlement", _("Settlement between branches"),
        (Heading(_("Place"), 30), Heading(_("Branch"), 26), Heading(_("With"), 26),
         Heading(_("Handed over, hours"), 14),
         Heading(_("Taken, hours"), 14), Heading(_("Difference, hours"), 14)),
        _settlement, (Volunteers.EXPORT,),
    ),
)  # fmt: skip
