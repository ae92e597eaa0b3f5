"""Sheets that came back from the villages: many lines at once, all or none, each through `make_visit`."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction

from yinling.care.models import Visit
from yinling.care.permissions import Care
from yinling.care.rules.sheets import Typed, number_of, report_of
from yinling.care.rules.visits import VisitReport
from yinling.care.services.visits import make_visit
from yinling.kernel.actors import Actor, require
from yinling.kernel.clock import CITY_ZONE, civil_date
from yinling.kernel.errors import Refused
from yinling.kernel.reasons import Reason
from yinling.reference.queries import entries

MOST_LINES = 40


@dataclass(frozen=True)
class Wrong:
    """A line that cannot be taken, and why."""

    number: int
    reason: Reason


class _NotAll(Exception):
    """Some line was refused: nothing is written."""


def action_digits() -> dict[str, str]:
    """1, 2, 3 ...: the actions of the list in its order, as the sheet prints them."""
    return {str(number): one.code for number, one in enumerate(entries("visit_action"), 1)}


def enter_sheet(*, lines: Sequence[Typed], by: Actor) -> tuple[int, list[Wrong]]:
    """Enter the lines of paper sheets. Returns how many were written, and what is wrong; with a fault, none is.

    Empty lines are passed over. A line that was entered before changes nothing and is no fault.
    """
    require(by, Care.ENTER)
    if len(lines) > MOST_LINES:
        raise Refused("{count} lines; {limit} are taken at once.", count=len(lines), limit=MOST_LINES)
    wrong: list[Wrong] = []
    written = 0
    try:
        with transaction.atomic():
            written = _enter(lines, wrong, by)
            if wrong:
                raise _NotAll
    except _NotAll:
        return 0, wrong
    return written, []


def _enter(lines: Sequence[Typed], wrong: list[Wrong], by: Actor) -> int:
    known, actions = _visits(lines, by), action_digits()
    day: dt.date | None = None
    seen: set[int] = set()
    count = 0
    for number, typed in enumerate(lines):
        if typed.is_empty:
            continue
        report = report_of(typed, day, actions, CITY_ZONE, civil_date())
        visit = known.get(number_of(typed.code) or 0)
        if visit is None:
            wrong.append(Wrong(number, Reason("No visit has the code {code}. Type it again.", code=typed.code or "?")))
        elif visit.pk in seen:
            wrong.append(Wrong(number, Reason("The code {code} stands on another line already.", code=typed.code)))
        elif isinstance(report, Reason):
            wrong.append(Wrong(number, report))
        else:
            day = civil_date(report.started_at)
            seen.add(visit.pk)
            count += _make(number, visit, report, wrong, by)
    return count


def _make(number: int, visit: Visit, report: VisitReport, wrong: list[Wrong], by: Actor) -> int:
    """One line; a refusal is noted beside it, and what it wrote is undone."""
    try:
        with transaction.atomic():
            make_visit(visit_uid=visit.uid, report=report, by=by)
    except Refused as no:
        wrong.append(Wrong(number, no.reason))
        return 0
    return 1


def _visits(lines: Sequence[Typed], by: Actor) -> Mapping[int, Visit]:
    """The visits that the codes name, of those the clerk sees. One statement."""
    numbers = {number for one in lines if (number := number_of(one.code))}
    return {visit.pk: visit for visit in Visit.objects.visible_to(by, Care.ENTER).filter(pk__in=numbers)}


def names_of(lines: Sequence[Typed], by: Actor) -> dict[int, Visit]:
    """Line -> its visit with person and visitor, to be shown beside what was typed."""
    numbers = {at: number for at, one in enumerate(lines) if (number := number_of(one.code))}
    found = Visit.objects.visible_to(by, Care.ENTER).select_related("person", "visitor").in_bulk(numbers.values())
    return {at: found[number] for at, number in numbers.items() if number in found}
