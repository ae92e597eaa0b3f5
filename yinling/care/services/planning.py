"""Sessions are planned ahead from the lines of agreed plans, by the calendar of their programme."""

import datetime as dt
from collections.abc import Iterable, Sequence

from django.db import transaction

from yinling.care import parameters
from yinling.care.models import Line, Plan, Session
from yinling.care.queries.plans import terms_of
from yinling.care.rules.sessions import Calendar, Rhythm, month_span, session_days
from yinling.kernel.clock import civil_date
from yinling.reference.queries import is_working_day

BATCH = 500
OVERLAP = dt.timedelta(days=7)  # so many nights may be missed
DAY = dt.timedelta(days=1)


def plan_lines(lines: Sequence[Line], *, first: dt.date, last: dt.date) -> int:
    """Plan the sessions of lines from one day to another. What is planned already stays. Returns how many days were
    looked at as sessions. `line.plan` must be at hand."""
    if not lines or first > last:
        return 0
    working, terms = _working_days(first, last), terms_of({line.plan.template_id for line in lines})
    rows = [
        row for line in lines for row in _sessions(line, first, last, terms.get(line.plan.template_id, ()), working)
    ]
    for start in range(0, len(rows), BATCH):
        Session.objects.bulk_create(rows[start : start + BATCH], ignore_conflicts=True)
    return len(rows)


def _sessions(
    line: Line, first: dt.date, last: dt.date, terms: Sequence[tuple[dt.date, dt.date]], working: frozenset[dt.date]
) -> Iterable[Session]:
    begins = max(first, line.begins_on, line.plan.begins_on)
    ends = min(last, line.ended_on - DAY) if line.ended_on else last
    days = session_days(Rhythm(line.times, line.per, line.days), begins, ends, Calendar(terms, working))
    return [Session(line=line, planned_on=day, number=number) for day, number in days]


def _working_days(first: dt.date, last: dt.date) -> frozenset[dt.date]:
    day, end = month_span(first)[0], month_span(last)[1]
    found = set()
    while day <= end:
        if is_working_day(day):
            found.add(day)
        day += DAY
    return frozenset(found)


def plan_ahead_of(plan: Plan) -> int:
    """Plan a plan's sessions from today (or its beginning) on, as far ahead as the parameter says."""
    today = civil_date()
    lines = list(plan.lines.filter(ended_on__isnull=True).select_related("plan"))
    return plan_lines(lines, first=today, last=today + parameters.sessions_ahead_days() * DAY)


@transaction.atomic
def plan_ahead(*, on: dt.date, after: int, size: int) -> tuple[int, int | None]:
    """Plan what the days ahead have come to hold, for one batch of lines beyond an id. Again changes nothing.

    Returns (sessions looked at, last id, None when there is no more).
    """
    standing = Line.objects.filter(
        plan__state=Plan.State.STANDING, ended_on__isnull=True, pk__gt=after
    ).select_related("plan")  # fmt: skip
    lines = list(standing.order_by("pk")[:size])
    end = on + parameters.sessions_ahead_days(on) * DAY
    count = plan_lines(lines, first=max(on, end - OVERLAP), last=end)
    return count, lines[-1].pk if len(lines) == size else None
