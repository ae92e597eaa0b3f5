"""What a service counts in the bank, and why not. The limits are dated parameters `time_bank.*`."""

import datetime as dt
from dataclasses import dataclass

from yinling.kernel.reasons import Reason

WITNESS = "witness"  # code list time_proof


@dataclass(frozen=True)
class Limits:
    """Rounding, shortest service, most in a day, all in minutes; days in which either side may dispute."""

    rounding: int = 15
    shortest: int = 30
    day: int = 480
    cap: int = 90_000
    dispute_days: int = 7


@dataclass(frozen=True)
class Served:
    """A service that took place. `planned`: minutes agreed, None for a visit that nobody agreed beforehand."""

    started_at: dt.datetime
    ended_at: dt.datetime
    is_paid: bool = False
    same_household: bool = False
    same_person: bool = False
    planned: int | None = None
    earned_that_day: int = 0

    @property
    def lasted(self) -> int:
        """Whole minutes."""
        return int((self.ended_at - self.started_at).total_seconds() // 60)


@dataclass(frozen=True)
class Credit:
    """Minutes that count, and why they are fewer than were served (None: nothing was cut)."""

    minutes: int
    why: Reason | None = None


def why_not_credited(served: Served, limits: Limits) -> Reason | None:
    """Why a service earns nothing; None when it earns."""
    if served.is_paid:
        return Reason("This service was paid for, so it earns no hours. Paid work and saved hours never mix.")
    if served.same_person:
        return Reason("Nobody earns hours by serving themselves. Choose another volunteer.")
    if served.same_household:
        return Reason("Volunteer and elder live in one household. Care within the household earns no hours.")
    if served.ended_at <= served.started_at:
        return Reason("The service ends before it begins. Correct the times.")
    if served.lasted < limits.shortest:
        return Reason(
            "The service lasted {lasted} minutes; at least {shortest} count. Thank you all the same.",
            lasted=served.lasted, shortest=limits.shortest,
        )  # fmt: skip
    if served.earned_that_day >= limits.day:
        return Reason(
            "{day} minutes were earned on that day already, which is the limit of a day.", day=served.earned_that_day
        )
    return None


def rounded(minutes: int, step: int) -> int:
    """Down to whole steps: 52 minutes are three quarters of an hour."""
    return minutes // step * step


def credit_of(served: Served, limits: Limits) -> Credit | Reason:
    """What a service counts: no more than was agreed and than the day still allows, rounded down."""
    if reason := why_not_credited(served, limits):
        return reason
    asked = served.lasted if served.planned is None else min(served.lasted, served.planned)
    left = limits.day - served.earned_that_day
    minutes = rounded(min(asked, left), limits.rounding)
    if minutes < limits.shortest:
        return Reason(
            "Only {left} minutes of that day's {limit} were left, and at least {shortest} count.",
            left=left, limit=limits.day, shortest=limits.shortest,
        )  # fmt: skip
    if left < asked:
        why = "The limit of {limit} minutes a day was reached: {minutes} of {lasted} minutes count."
        return Credit(minutes, Reason(why, limit=limits.day, minutes=minutes, lasted=served.lasted))
    if served.planned is not None and served.lasted > served.planned:
        why = "{planned} minutes were agreed, so {minutes} of {lasted} minutes count."
        return Credit(minutes, Reason(why, planned=served.planned, minutes=minutes, lasted=served.lasted))
    return Credit(minutes)


def why_not_asked(minutes: int, starts_at: dt.datetime, now: dt.datetime, limits: Limits) -> Reason | None:
    """Why a service cannot be asked for; None when it can."""
    if starts_at < now:
        return Reason("The time lies in the past. Choose a time that is to come.")
    if minutes < limits.shortest or minutes > limits.day:
        return Reason(
            "A service lasts between {shortest} and {limit} minutes; {minutes} were asked.",
            shortest=limits.shortest, limit=limits.day, minutes=minutes,
        )  # fmt: skip
    if minutes % limits.rounding:
        return Reason(
            "Services are agreed in steps of {step} minutes; {minutes} were asked.",
            step=limits.rounding, minutes=minutes,
        )  # fmt: skip
    return None


def why_not_done(state: str, started_at: dt.datetime, ended_at: dt.datetime, now: dt.datetime) -> Reason | None:
    """Why an order cannot be reported as done; None when it can."""
    if state != "agreed":
        return Reason("Only an agreed service is reported as done. Open the order to see where it stands.")
    if ended_at <= started_at:
        return Reason("The service ends before it begins. Correct the times.")
    if ended_at > now:
        return Reason("The service has not ended yet. Report it afterwards.")
    return None


def why_not_confirmed(
    state: str, *, is_own_service: bool, reported_it: bool, proof: str, known: frozenset[str]
) -> Reason | None:
    """Why an order cannot be confirmed; None when it can. The side that served never confirms for the other."""
    if state != "done":
        return Reason("A service is confirmed after it was reported as done. Open the order to see where it stands.")
    if is_own_service:
        return Reason(
            "Whoever served does not confirm for the one served. "
            "Ask the elder, a child of theirs, or the coordinator as a witness."
        )
    if proof == WITNESS and reported_it:
        return Reason(
            "Whoever reported the service is no witness of it. Have the elder sign, say so, or a child confirm; "
            "or another coordinator."
        )
    if proof not in known:
        return Reason("Say how the one served confirmed: signature, voice, child, or coordinator as a witness.")
    return None


def why_not_disputed(state: str, until: dt.datetime | None, now: dt.datetime, words: str) -> Reason | None:
    """Why a service cannot be disputed; None when it can."""
    if state not in ("done", "confirmed"):
        return Reason("Only a service that was done and is not banked yet can be disputed. Ask the county clerk.")
    if until is not None and now > until:
        return Reason("The days for a dispute ended on {until}. Ask the county clerk to look into it.", until=until)
    if not words.strip():
        return Reason("Say what was wrong, so that it can be looked into.")
    return None
