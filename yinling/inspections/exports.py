"""Lists as workbooks: inspections, hazards, draws, and the shapes of the national systems."""

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any

from django.utils.translation import gettext_noop as _

from yinling.inspections.models import Hazard, Inspection
from yinling.inspections.permissions import Inspections
from yinling.inspections.presenting import checklist_title, clause_words, origin_words
from yinling.inspections.queries import HazardFilters, InspectionFilters, draws_for, hazards_for, inspections_for
from yinling.inspections.queries.inspections import SIGNED
from yinling.inspections.shapes import Shape, shapes
from yinling.kernel.actors import Actor
from yinling.kernel.clock import CITY_ZONE, civil_date
from yinling.kernel.listings import Heading, Listing
from yinling.places.queries import tree

BATCH = 500
Cells = Iterator[tuple[Any, ...]]
Fact = Callable[[Any], Any]


def _signers(one: Inspection) -> tuple[str, ...]:
    live = [signature.user.label for signature in one.live_signatures]  # type: ignore[attr-defined]
    return tuple(live) or tuple(filter(None, (one.signed_on_paper,)))


def _day(at: Any) -> Any:
    return civil_date(at) if at else None


def _notice(one: Hazard) -> Any:
    return getattr(one, "notice", None)


OF_HOME: dict[str, Fact] = {
    "home": lambda one: one.institution.name,
    "uscc": lambda one: one.institution.organisation.uscc if one.institution.organisation else "",
    "filing_number": lambda one: one.institution.filing_number or "",
    "county": lambda one: county.name if (county := tree().above(one.place_key, "county")) else "",
    "place": lambda one: tree().path(one.place_key),
    "number": lambda one: one.number,
}
FACTS: dict[str, dict[str, Fact]] = {
    "inspections": OF_HOME | {
        "kind": lambda one: one.get_kind_display(), "state": lambda one: one.get_state_display(),
        "checklist": checklist_title, "planned_on": lambda one: one.planned_on,
        "day": lambda one: _day(one.signed_at), "signers": _signers, "present": lambda one: one.present,
        "result": lambda one: one.get_result_display(), "remark": lambda one: one.remark,
    },
    "hazards": OF_HOME | {
        "level": lambda one: one.get_level_display(), "state": lambda one: one.get_state_display(),
        "origin": origin_words, "clause": clause_words, "words": lambda one: one.words,
        "spot": lambda one: one.spot, "found_on": lambda one: one.found_on, "due_on": lambda one: one.due_on,
        "closed_on": lambda one: _day(one.closed_at), "listed_on": lambda one: _day(one.listed_at),
        "responsible": lambda one: n.responsible if (n := _notice(one)) else "",
        "measure": lambda one: n.measure if (n := _notice(one)) else "",
        "money": lambda one: n.money_fen / 100 if (n := _notice(one)) else None,
        "contingency": lambda one: n.contingency if (n := _notice(one)) else "",
        "notice": lambda one: n.number if (n := _notice(one)) else "",
    },
}  # fmt: skip


def _inspections(by: Actor, address: Mapping[str, str]) -> Iterator[Inspection]:
    found = inspections_for(by, InspectionFilters.from_address(address)).prefetch_related(SIGNED)
    yield from found.select_related("institution__organisation", "checklist").order_by("-id").iterator(BATCH)


def _hazards(by: Actor, address: Mapping[str, str]) -> Iterator[Hazard]:
    found = hazards_for(by, HazardFilters.from_address(address))
    yield from found.select_related("institution__organisation", "notice").order_by("-id").iterator(BATCH)


ROWS = {"inspections": _inspections, "hazards": _hazards}


def _cells(rows: str, facts: tuple[str, ...], by: Actor, address: Mapping[str, str]) -> Cells:
    chosen = [FACTS[rows][fact] for fact in facts]
    for one in ROWS[rows](by, address):
        yield tuple(fact(one) for fact in chosen)


def _draws(by: Actor, address: Mapping[str, str]) -> Cells:
    for one in draws_for(by).order_by("-id").iterator(BATCH):
        yield (
            one.number, one.title, tree().path(one.place_key) or tree().name(one.place_key), one.get_state_display(),
            one.homes_wanted, one.opened_at.astimezone(CITY_ZONE), one.commitment, one.list_digest, one.witness,
            one.abandon_reason,
        )  # fmt: skip


def _own(rows: str, title: str, headings: tuple[tuple[str, str, int], ...]) -> Listing:
    facts = tuple(fact for fact, _title, _width in headings)
    columns = tuple(Heading(words, width) for _fact, words, width in headings)
    return Listing(rows, title, columns, partial(_cells, rows, facts), (Inspections.EXPORT,))


def _shaped(shape: Shape) -> Listing:
    """A list of another system: its own titles, its own order."""
    facts = tuple(column.fact for column in shape.columns)
    if unknown := set(facts) - set(FACTS[shape.rows]):
        raise LookupError(f"{shape.key}: no such facts: {', '.join(sorted(unknown))}")
    columns = tuple(Heading(column.title, 18) for column in shape.columns)
    return Listing(shape.key, shape.title, columns, partial(_cells, shape.rows, facts), (Inspections.EXPORT,))


LISTINGS = (
    _own("inspections", _("Inspections"), (
        ("number", _("Number"), 22), ("home", _("Home"), 30), ("place", _("Place"), 36), ("kind", _("Kind"), 18),
        ("checklist", _("Checklist"), 24), ("planned_on", _("Planned for"), 12), ("day", _("Day signed"), 12),
        ("state", _("State"), 14), ("result", _("Result"), 22), ("signers", _("Signed by"), 20),
    )),
    _own("hazards", _("Hazards"), (
        ("number", _("Number"), 22), ("home", _("Home"), 30), ("place", _("Place"), 36),
        ("level", _("Grade of the hazard"), 12),
        ("state", _("State"), 16), ("origin", _("Found by way of"), 16), ("clause", _("Clause"), 30),
        ("words", _("What was seen"), 40), ("spot", _("Where in the home"), 18), ("found_on", _("Found on"), 12),
        ("due_on", _("Deadline"), 12), ("closed_on", _("Closed out on"), 12), ("responsible", _("Responsible"), 14),
        ("measure", _("Measure"), 36), ("money", _("Money in yuan"), 12),
    )),
    Listing(
        "draws", _("Draws"),
        (Heading(_("Number"), 22), Heading(_("Title"), 30), Heading(_("Division"), 20), Heading(_("State"), 14),
         Heading(_("Homes wanted"), 10), Heading(_("Opened at"), 18), Heading(_("Commitment"), 66),
         Heading(_("Digest of the list"), 66), Heading(_("Witness"), 12), Heading(_("Why it was given up"), 30)),
        _draws, (Inspections.EXPORT,),
    ),
    *(_shaped(shape) for shape in shapes()),
)  # fmt: skip
