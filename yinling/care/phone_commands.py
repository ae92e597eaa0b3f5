"""What a visitor's telephone sends: a visit made, a try when nobody answered, a photograph, a call for help."""

import io
from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from yinling.care import help_calls, visit_words
from yinling.care.models import Visit, Visitor
from yinling.care.rules import settling
from yinling.care.rules.visits import BLOCKS, Position, VisitReport
from yinling.care.services import attempts, proofs, visits
from yinling.kernel.errors import NotFound, Refused
from yinling.kernel.uids import uid_of
from yinling.people.models import Person
from yinling.sync.registry import CommandKind, Difference, Done, Order
from yinling.sync.rules import settle
from yinling.web.sentences import readable

MOST_NOTE = 1000


def make_visit(order: Order) -> Done:
    """A visit. Where it was reported already, the rules of `settling` say which report stands."""
    visit_uid, report = _uid(order.payload, "visit"), report_of(order)
    known = Visit.objects.visible_to(order.by).select_related("visitor__user").filter(uid=visit_uid).first()
    if known is not None and known.state == Visit.State.DONE:
        return _settled(known, report, order)
    made = visits.make_visit(visit_uid=visit_uid, report=report, by=order.by)
    return Done(" ".join(visit_words.remarks(made)))


def report_of(order: Order) -> VisitReport:
    """The report that a payload holds. Times are the phone's, corrected. Raises Refused for what makes no sense."""
    given = order.payload
    try:
        return VisitReport(
            way=str(given["way"]), started_at=order.moment(given["started"]), ended_at=order.moment(given["ended"]),
            has_contact=given["contact"] is True, person_uid=uid_of(str(given.get("person", ""))),
            found=str(given.get("found", "")), blocks=_blocks(given.get("blocks", {})),
            actions=tuple(str(one) for one in given.get("actions", [])), note=str(given.get("note", ""))[:MOST_NOTE],
            signed=str(given.get("signed", "")), position=_position(given.get("at")),
            door_token=str(given.get("door", "")),
        )  # fmt: skip
    except (KeyError, TypeError, ValueError, AttributeError):
        raise Refused("The telephone sent a visit that cannot be read. Record it again.") from None


def _blocks(given: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    return {block: tuple(str(code) for code in codes) for block, codes in given.items() if block in BLOCKS}


def _position(given: Any) -> Position | None:
    if not isinstance(given, list) or len(given) < 2:
        return None
    return Position(float(given[0]), float(given[1]), int(given[2]) if len(given) > 2 else None)


def _settled(known: Visit, report: VisitReport, order: Order) -> Done:
    assert known.started_at is not None and known.ended_at is not None
    stands = settling.fields_of(
        VisitReport(
            known.way, known.started_at, known.ended_at, known.has_contact, found=known.found,
            blocks={block: tuple(codes) for block, codes in known.blocks.items()}, actions=tuple(known.actions),
            signed=known.signed, next_on=known.next_on,
        )
    )  # fmt: skip
    found = settle(stands, settling.fields_of(report), settling.GRAVEST_FIRST)
    if not found.differs:
        return Done()
    own = settling.is_own_visit(
        same_visitor=visit_words.is_own(known, order.by), is_worse=found.is_worse,
        contact_stands=known.has_contact, contact_given=report.has_contact,
    )  # fmt: skip
    words = _("This visit was on record already. The first report stands; yours is kept beside it.")
    if own and Person.objects.visible_to(order.by).filter(pk=known.person_id).exists():
        visits.make_visit(visit_uid=order.uid, report=replace(report, person_uid=known.person.uid), by=order.by)
        words = _("This visit was on record already, so yours was recorded as a visit of its own.")
    elif own:
        words = _(
            "This visit was on record already, and the person is no longer yours. Tell the township what you saw."
        )
    given = settling.fields_of(report)
    return Done(words, tuple(Difference(one, _text(stands[one]), _text(given[one])) for one in found.differs))


def _text(value: Any) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{key}: {'/'.join(codes)}" for key, codes in value.items() if codes)
    return str(readable(value)) if value not in (None, "", []) else ""


def note_attempt(order: Order) -> Done:
    """Somebody was called, a neighbour asked, a cadre sent after a visit without contact."""
    given = order.payload
    attempts.note_attempt(
        visit_uid=_uid(given, "visit"), attempt_uid=order.uid, rung=str(given.get("rung", "")),
        tried_at=order.at, is_answered=given.get("answered") is True, by=order.by,
    )  # fmt: skip
    return Done()


def add_photo(order: Order) -> Done:
    """A photograph of a visit."""
    proofs.add_photo(
        visit_uid=_uid(order.payload, "visit"), photo_uid=order.uid, stream=io.BytesIO(order.content),
        name="visit.jpg", taken_at=order.at, by=order.by,
    )  # fmt: skip
    return Done()


def call_for_help(order: Order) -> Done:
    """A visitor asks for help: a duty for the township, at once. The telephone has offered to call as well."""
    own = Visitor.objects.filter(user__uid=order.by.uid, ended_on__isnull=True).first()
    if own is None:
        raise NotFound("visitor")
    help_calls.help_called(own, order.uid, at=order.at, by=order.by)
    return Done(_("The township knows. If you are in danger, call 110 or 120."))


def _uid(given: Mapping[str, Any], name: str) -> UUID:
    found = uid_of(str(given.get(name, "")))
    if found is None:
        raise NotFound(name)
    return found


COMMANDS = (
    CommandKind("visit", make_visit),
    CommandKind("attempt", note_attempt),
    CommandKind("photo", add_photo, with_piece=True),
    CommandKind("help", call_for_help),
)
