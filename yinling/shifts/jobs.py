"""Nightly and hourly work, as thin as a view."""

import datetime as dt

from yinling.kernel.actors import Actor, System
from yinling.kernel.clock import civil_date, now
from yinling.kernel.jobs import Progress, kind, start
from yinling.shifts.models import Ward
from yinling.shifts.queries import span_named, spans_of
from yinling.shifts.services import ask_for_risks, close_shift

BY = System("shifts")
AFTER = dt.timedelta(hours=1)  # a phone without a signal has this long before its carer is called behind
BACK = dt.timedelta(hours=24)  # how far a platform that was down catches up


@kind("shifts.risks")
def risks(progress: Progress) -> dict[str, int]:
    """Open duties for safety risks that are due. Argument: day (ISO)."""
    return {"due": ask_for_risks(by=BY, on=dt.date.fromisoformat(progress.arguments["day"]))}


@kind("shifts.close")
def close(progress: Progress) -> dict[str, int]:
    """Write down what was not done in a shift. Arguments: day (ISO), shift."""
    span = span_named(dt.date.fromisoformat(progress.arguments["day"]), progress.arguments["shift"])
    wards = Ward.objects.in_use().filter(opened_at__lt=span.ends_at).select_related("institution", "floor")
    return {"missed": sum(close_shift(ward=ward, span=span, by=BY) for ward in wards.order_by("id"))}


def start_closing(by: Actor) -> None:
    """Queue the closing of every shift that is over for an hour; each is queued once."""
    moment = now()
    for day in (civil_date() - dt.timedelta(days=1), civil_date()):
        for span in spans_of(day):
            if moment - BACK < span.ends_at <= moment - AFTER:
                arguments = {"day": day.isoformat(), "shift": span.key}
                start("shifts.close", arguments, by=by, key=f"shifts.close {day} {span.key}")
