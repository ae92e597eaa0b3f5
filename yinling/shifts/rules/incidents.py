"""Incidents: late or not, and who may take the next step. Pure."""

import datetime as dt

from yinling.kernel.reasons import Reason

REPORTED, REVIEWED, CLOSED = "reported", "reviewed", "closed"
LEAST_WORDS = 4
CLOCKS_APART = dt.timedelta(minutes=5)


def is_late(happened_at: dt.datetime, reported_at: dt.datetime, minutes: int) -> bool:
    """Whether a report came after its deadline."""
    return reported_at - happened_at > dt.timedelta(minutes=minutes)


def why_not_reported(happened_at: dt.datetime, now: dt.datetime, known_kind: bool) -> Reason | None:
    """Why nothing can be reported so."""
    if not known_kind:
        return Reason("Choose what happened from the list.")
    if happened_at > now + CLOCKS_APART:
        return Reason("It cannot have happened at {happened_at}: that is still to come.", happened_at=happened_at)
    return None


def why_not_completed(state: str, what: str, done: str) -> Reason | None:
    """Why the report is not complete."""
    if state == CLOSED:
        return Reason("This incident is closed and stays as it is.")
    if len(what.strip()) < LEAST_WORDS or len(done.strip()) < LEAST_WORDS:
        return Reason("Write what happened and what was done, in {least} characters or more each.", least=LEAST_WORDS)
    return None


def why_not_reviewed(state: str, *, is_complete: bool, cause: str, measures: str) -> Reason | None:
    """Why the review does not count."""
    if state != REPORTED:
        return Reason("This incident is reviewed already.")
    if not is_complete:
        return Reason("The report does not yet say what happened. Have whoever reported it complete it first.")
    if len(cause.strip()) < LEAST_WORDS or len(measures.strip()) < LEAST_WORDS:
        return Reason("Write the cause and the measures, in {least} characters or more each.", least=LEAST_WORDS)
    return None


def why_not_closed(state: str, *, reviewed_it: bool, works_there: bool) -> Reason | None:
    """Why this user cannot close, or return, an incident."""
    if state != REVIEWED:
        return Reason("An incident is closed after its review. It is waiting for the home.")
    if reviewed_it or works_there:
        return Reason("The home does not close its own incident. The township or county does.")
    return None


def why_not_returned(why: str) -> Reason | None:
    """Why a return without words is none."""
    if len(why.strip()) < LEAST_WORDS:
        return Reason("Say what the review lacks, in {least} characters or more.", least=LEAST_WORDS)
    return None
