"""Lists of care as workbooks. By subject; each list of listings is offered in `config/wiring.py`."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext_noop as _

from yinling.care import visit_words
from yinling.care.models import Pairing
from yinling.care.permissions import Care
from yinling.care.queries import coverage as coverage_queries
from yinling.care.queries import pairings as pairing_queries
from yinling.care.queries import rounds as round_queries
from yinling.care.queries.beds import BedFilters, beds_for, services_in_month
from yinling.care.queries.plans import Filters as PlanFilters
from yinling.care.queries.plans import plans_for, programmes
from yinling.care.queries.sessions import SessionFilters, sessions_for
from yinling.care.queries.visits import VisitFilters, visits_for
from yinling.kernel.actors import Actor
from yinling.kernel.clock import CITY_ZONE, civil_date
from yinling.kernel.listings import Heading, Listing
from yinling.kernel.names import mask_name
from yinling.kernel.uids import uid_of
from yinling.places.queries import tree
from yinling.reference.queries import label

MOST = 20_000


# Plans and home beds


def _plans(by: Actor, address: Mapping[str, str]) -> Iterator[tuple[Any, ...]]:
    """One row per plan; persons masked."""
    named = programmes()
    for one in plans_for(by, PlanFilters.from_address(address)).order_by("review_on", "id")[:MOST]:
        yield (
            mask_name(one.person.name), tree().path(one.person.place_key), named.get(one.programme, one.programme),
            one.lead.name if one.lead else "", one.begins_on, one.review_on, one.get_state_display(), one.ended_on,
            one.end_reason,
        )  # fmt: skip


def _sessions(by: Actor, address: Mapping[str, str]) -> Iterator[tuple[Any, ...]]:
    """One row per session; persons masked."""
    found = sessions_for(by, SessionFilters.from_address(address)).order_by("planned_on", "id")
    for one in found[:MOST]:
        partner, held = one.line.partner, one.held_at
        yield (
            one.planned_on, mask_name(one.line.plan.person.name), label("home_service", one.line.service),
            partner.organisation.name if partner and partner.organisation else "",
            one.held_by.name if one.held_by else "", one.get_state_display(),
            held.astimezone(CITY_ZONE) if held else None, one.minutes, one.why_not,
        )  # fmt: skip


def _beds(by: Actor, address: Mapping[str, str]) -> Iterator[tuple[Any, ...]]:
    """One row per home bed; persons masked."""
    beds = list(beds_for(by, BedFilters.from_address(address)).order_by("-applied_on", "-id")[:MOST])
    counts = services_in_month(beds, civil_date())
    for one in beds:
        yield (
            mask_name(one.person.name), tree().path(one.person.place_key), one.provider.name, one.applied_on,
            one.get_state_display(), one.contract_number, one.begins_on, counts.get(one.pk, 0), one.services_a_month,
            one.ended_on, label("home_bed_end", one.end_reason) if one.end_reason else "",
        )  # fmt: skip


PLAN_LISTINGS = (
    Listing(
        "care_plans", _("Care plans"),
        (Heading(_("Name of the person"), 14), Heading(_("Place"), 30), Heading(_("Programme"), 20),
         Heading(_("Leading organisation"), 30), Heading(_("Begins on"), 12), Heading(_("Review on"), 12),
         Heading(_("State"), 12), Heading(_("Ended on"), 12), Heading(_("Why it ends"), 30)),
        _plans, (Care.EXPORT,),
    ),
    Listing(
        "care_sessions", _("Sessions of care plans"),
        (Heading(_("Day"), 12), Heading(_("Name of the person"), 14), Heading(_("Service"), 20),
         Heading(_("Organisation"), 30), Heading(_("Held by"), 14), Heading(_("State"), 12),
         Heading(_("Held at"), 18), Heading(_("Minutes"), 10),
         Heading(_("Why not"), 30)),
        _sessions, (Care.EXPORT,),
    ),
    Listing(
        "home_beds", _("Home beds"),
        (Heading(_("Name of the person"), 14), Heading(_("Place"), 30), Heading(_("Provider"), 30),
         Heading(_("Applied on"), 12), Heading(_("State"), 16),
         Heading(_("Number of the contract"), 20, is_identifier=True),
         Heading(_("In use from"), 12), Heading(_("Services this month"), 10),
         Heading(_("Services a month, at least"), 10), Heading(_("Closed on"), 12), Heading(_("Why it is closed"), 20)),
        _beds, (Care.EXPORT,),
    ),
)  # fmt: skip


# Visits


def _visits(by: Actor, address: Mapping[str, str]) -> Iterator[tuple[Any, ...]]:
    """One row per visit; persons masked, no notes."""
    rows = visits_for(by, VisitFilters.from_address(address)).order_by("-due_on", "-id")[:MOST]
    for one in map(visit_words.line, rows):
        visit = one.visit
        yield (
            one.who, one.place, one.why, visit.opens_on, visit.due_on, visit.get_state_display(),
            visit.visitor.name if visit.visitor else "", visit.get_way_display() if visit.way else "",
            visit.started_at.astimezone(CITY_ZONE) if visit.started_at else None,
            visit.ended_at.astimezone(CITY_ZONE) if visit.ended_at else None, one.found, visit.distance_m,
            visit.is_verified, tuple(visit_words.actions(visit)),
        )  # fmt: skip


def _coverage(by: Actor, address: Mapping[str, str]) -> Iterator[tuple[Any, ...]]:
    """One row per division below the one shown."""
    place, month = address.get("place", ""), address.get("month", "")
    mine = coverage_queries.own_divisions(by)
    division = int(place) if place.isascii() and place.isdigit() and int(place) in tree().divisions else mine[0].key
    day = visit_words.month_asked(month)
    for row in coverage_queries.coverage(by, division, day)[1]:
        share = row.covered.share
        yield (
            tree().path(row.division.key), f"{day:%Y-%m}", row.covered.due, row.covered.met, row.missing,
            round(share * 100, 1) if share is not None else None,
        )  # fmt: skip


VISIT_LISTINGS = (
    Listing(
        "visits", _("Visits"),
        (Heading(_("Person"), 10), Heading(_("Place"), 30), Heading(_("Why it was due"), 20), Heading(_("Opens"), 12),
         Heading(_("Due by"), 12), Heading(_("State"), 10), Heading(_("Visitor"), 12), Heading(_("How"), 12),
         Heading(_("Began"), 18), Heading(_("Ended"), 18), Heading(_("Found at the visit"), 12),
         Heading(_("Metres from the address"), 12), Heading(_("Verified"), 8),
         Heading(_("What was done at the visit"), 30)),
        _visits, (Care.EXPORT,),
    ),
    Listing(
        "coverage", _("Coverage of visits"),
        (Heading(_("Division"), 30), Heading(_("Month"), 10), Heading(_("Persons due"), 10), Heading(_("Met"), 10),
         Heading(_("Not yet met"), 10), Heading(_("Share met, percent"), 12)),
        _coverage, (Care.EXPORT,),
    ),
)  # fmt: skip


# Pairings


def _visitors(by: Actor, address: Mapping[str, str]) -> Iterator[tuple[Any, ...]]:
    """One row per visitor, with what she carries."""
    rows = list(pairing_queries.visitors_for(by, pairing_queries.VisitorFilters.from_address(address)).order_by(
        "place_key", "id"
    )[:MOST])  # fmt: skip
    carried = pairing_queries.loads([one.pk for one in rows], civil_date())
    for one in rows:
        persons, visits = carried.get(one.pk, (0, 0))
        yield (
            one.name, one.get_kind_display(), label("sex", one.sex), tree().path(one.place_key),
            tuple(label("language", code) for code in one.speaks),
            tuple(label("visit_skill", code) for code in one.skills), one.get_mode_display(), persons, visits,
            one.monthly_load, one.begins_on, one.ended_on,
        )  # fmt: skip


def _pairings(by: Actor, _address: Mapping[str, str]) -> Iterator[tuple[Any, ...]]:
    """One row per pairing in force; persons masked."""
    rows = Pairing.objects.visible_to(by).standing(civil_date()).select_related("person", "visitor")
    for one in rows.order_by("person__place_key", "id")[:MOST]:
        yield (
            mask_name(one.person.name), tree().path(one.person.place_key), one.visitor.name, one.get_ground_display(),
            one.valid_from, one.valid_to,
        )  # fmt: skip


PAIRING_LISTINGS = (
    Listing(
        "visitors", _("Visitors"),
        (Heading(_("Name"), 14), Heading(_("Kind of visitor"), 14), Heading(_("Sex"), 8), Heading(_("Place"), 30),
         Heading(_("Languages"), 20), Heading(_("Skills"), 20), Heading(_("Travels"), 12), Heading(_("Persons"), 10),
         Heading(_("Visits a month"), 10), Heading(_("Visits a month at most"), 12), Heading(_("Begins on"), 12),
         Heading(_("Ended on"), 12)),
        _visitors, (Care.EXPORT,),
    ),
    Listing(
        "pairings", _("Pairings"),
        (Heading(_("Name of the person"), 14), Heading(_("Place"), 30), Heading(_("Visitor"), 14),
         Heading(_("How it came"), 20), Heading(_("From"), 12), Heading(_("Until"), 12)),
        _pairings, (Care.EXPORT,),
    ),
)  # fmt: skip


# Rounds


def _rounds(by: Actor, address: Mapping[str, str]) -> Iterator[tuple[Any, ...]]:
    """One row per stop of a version; persons masked."""
    uid = uid_of(address.get("plan", ""))
    plan = round_queries.day_plan(uid, by) if uid else None
    for one in round_queries.stops_of(plan)[:MOST] if plan else ():
        person = round_queries.person_of(one)
        yield (
            one.visitor.name, one.position + 1, one.starts_at.astimezone(CITY_ZONE), one.ends_at.astimezone(CITY_ZONE),
            mask_name(person.name), tree().path(person.place_key), round(one.travel_minutes), one.is_locked,
            one.is_promised,
        )  # fmt: skip


ROUND_LISTINGS = (
    Listing(
        "rounds", _("Rounds of a day"),
        (Heading(_("Visitor"), 14), Heading(_("Number in the round"), 10), Heading(_("From"), 18),
         Heading(_("Until"), 18), Heading(_("Name of the person"), 14), Heading(_("Place"), 30),
         Heading(_("Minutes of road"), 10),
         Heading(_("Locked"), 8), Heading(_("Promised"), 8)),
        _rounds, (Care.EXPORT,),
    ),
)  # fmt: skip
LISTINGS = (*PLAN_LISTINGS, *VISIT_LISTINGS, *PAIRING_LISTINGS, *ROUND_LISTINGS)
