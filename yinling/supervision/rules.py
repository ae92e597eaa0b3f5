"""Decisions about alerts: which step may follow which, who may verify, what merges, when to ask again. Pure."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from yinling.kernel.reasons import Reason

LEVELS = ("blue", "yellow", "orange", "red")
NEVER_SUPPRESSED = frozenset({"smoke", "gas", "sos", "fall"})  # families: merged, never held back, raised however late
EMERGENCY = {"smoke": ("119", "120"), "gas": ("119", "120"), "sos": ("120", "110"), "fall": ("120",),
             "wandering": ("110",)}  # fmt: skip
ANY_EMERGENCY = ("119", "120", "110")
WAITING = frozenset({"raised", "notified", "reopened"})  # nobody has answered yet
ANSWERED = frozenset({"acknowledged", "dispatched", "on_site"})
OPEN = WAITING | ANSWERED
UNVERIFIED = frozenset({"resolved"})
UNCLOSED = OPEN | UNVERIFIED | {"verified"}
NOISY_BELOW, NOISY_FROM = 0.5, 10  # a rule right less than every other time, once this many alerts were verified
MOST_EVIDENCE = 200
LONGEST_SILENCE = dt.timedelta(days=30)


@dataclass(frozen=True)
class Standing:
    """What decides about an alert's next step. `no_data`: the last that was heard of it is that nothing is heard."""

    state: str
    family: str
    level: int
    no_data: bool = False
    was_on_site: bool = False
    resolver: str = ""
    is_false: bool = False


def key_of(scope: str, rule: str, onset: dt.datetime) -> str:
    """The name of an alert: the same finding sent twice has the same."""
    return f"{scope}|{rule}|{int(onset.timestamp() * 1000)}"


def is_never_suppressed(family: str) -> bool:
    """Whether alerts of a family are merged only, and never held back by anything."""
    return family in NEVER_SUPPRESSED


def emergency_numbers(family: str, level: int) -> tuple[str, ...]:
    """Whom to telephone, on red pages only: 119 fire, 120 ambulance, 110 police."""
    return EMERGENCY.get(family, ANY_EMERGENCY) if level == len(LEVELS) - 1 else ()


def why_not_acknowledge(now: Standing) -> Reason | None:
    """Why nobody can acknowledge it any more."""
    return _over(now) or (
        None if now.state in WAITING
        else Reason("Somebody has answered this alert already. Go on with the next step.")
    )  # fmt: skip


def why_not_dispatch(now: Standing) -> Reason | None:
    """Why nobody can be sent."""
    if now.state == "on_site":
        return Reason("Somebody is there already. Resolve the alert when it is dealt with.")
    return _over(now)


def why_not_arrive(now: Standing) -> Reason | None:
    """Why nobody can arrive."""
    if now.state == "on_site":
        return Reason("Somebody is there already. Resolve the alert when it is dealt with.")
    return _over(now)


def why_not_resolve(now: Standing, words: str) -> Reason | None:
    """Why it is not over: nothing done, nobody there, or only no data."""
    if reason := _over(now):
        return reason
    if now.state in WAITING:
        return Reason("Nobody has answered this alert yet. Acknowledge it first.")
    if not words.strip():
        return Reason("Resolving an alert needs words. Write what was found and what was done.")
    if needs_somebody_there(now.family, now.level) and now.state != "on_site":
        return Reason(
            "A red alert, smoke, gas, SOS or a fall is resolved on the spot only. Go there and press Arrived."
        )
    if now.no_data and not now.was_on_site:
        return Reason("The device sends no data, and no data is not over. Go there, or wait until it sends again.")
    return None


def needs_somebody_there(family: str, level: int) -> bool:
    """Whether it may be resolved by somebody on the spot only."""
    return is_never_suppressed(family) or level == len(LEVELS) - 1


def why_not_false(now: Standing, cause: str, known_causes: Sequence[str]) -> Reason | None:
    """Why it cannot be called a false alarm: over, or without a cause from the list."""
    if reason := _over(now):
        return reason
    if not cause:
        return Reason("A false alarm needs a cause. Choose what set it off.")
    if known_causes and cause not in known_causes:
        return Reason("{cause} is not on the list of causes. Choose one of the list.", cause=cause)
    return None


def why_not_verify(now: Standing, verifier: str, words: str, is_right: bool) -> Reason | None:
    """Why this person cannot verify: nothing to verify, or it is the own work."""
    if now.state not in UNVERIFIED:
        return Reason("Only a resolved alert is verified; this one is {state}.", state=_state(now.state))
    if now.resolver == verifier:
        return Reason("You resolved this alert yourself. Somebody other than you verifies it.")
    if not is_right and not words.strip():
        return Reason("Giving it back needs words. Write what is still to be done.")
    return None


def why_not_close(now: Standing) -> Reason | None:
    """Why it cannot be closed yet."""
    if now.state == "verified":
        return None
    if now.state == "closed":
        return Reason("This alert is closed already.")
    return Reason(
        "An alert is closed after somebody other has verified it; this one is {state}.", state=_state(now.state)
    )


def why_not_reopen(now: Standing, words: str) -> Reason | None:
    """Why it cannot be opened again."""
    if now.state in OPEN:
        return Reason("This alert is open. Go on with the next step.")
    if not words.strip():
        return Reason("Opening an alert again needs words. Write what came up.")
    return None


def _over(now: Standing) -> Reason | None:
    if now.state in OPEN:
        return None
    return Reason("This alert is {state}. Open it again if there is more to do.", state=_state(now.state))


def _state(state: str) -> Reason:
    words = {
        "resolved": Reason("resolved and waits for a second look"),
        "verified": Reason("verified and waits to be closed"),
        "closed": Reason("closed already"),
    }
    return words.get(state, Reason("still open"))


def why_not_silence(
    family: str, until: dt.datetime, reason: str, now: dt.datetime, longest: dt.timedelta = LONGEST_SILENCE
) -> Reason | None:
    """Why a rule cannot be silenced: never for smoke, gas, SOS and falls; never without reason or end."""
    if is_never_suppressed(family):
        return Reason("Smoke, gas, SOS and falls are never silenced. Have the device repaired or replaced.")
    if not reason.strip():
        return Reason("A silence needs a reason. Write why nobody need be told.")
    if until <= now:
        return Reason("The end {until} lies in the past. Choose a later time.", until=until)
    if until - now > longest:
        return Reason(
            "Until {until} is too long; the limit is {days} days. Switch the rule off here, or silence it again later.",
            until=until, days=longest.days,
        )  # fmt: skip
    return None


def why_not_switch_off(family: str, reason: str) -> Reason | None:
    """Why a rule cannot be taken off in a division."""
    if is_never_suppressed(family):
        return Reason(
            "Rules for smoke, gas, SOS and falls cannot be switched off. Have the device repaired or replaced."
        )
    if not reason.strip():
        return Reason("Switching a rule needs a reason. Write why.")
    return None


def merged_evidence(held: Sequence[object], fresh: Sequence[object]) -> list[object]:
    """Evidence of an alert that came again: the onset's rows stay, the newest follow, the middle is let go."""
    rows = [*held, *(row for row in fresh if row not in held)]
    if len(rows) <= MOST_EVIDENCE:
        return rows
    half = MOST_EVIDENCE // 2
    return [*rows[:half], *rows[-half:]]


@dataclass(frozen=True)
class Record:
    """What became of a rule's alerts: all that were verified, those that were right, minutes until answered."""

    verified: int = 0
    right: int = 0
    raised: int = 0
    delays: Sequence[float] = ()

    @property
    def precision(self) -> float | None:
        """Verified true of all verified; None before the first."""
        return self.right / self.verified if self.verified else None

    @property
    def delay(self) -> float | None:
        """The middle delay from onset to raising, in seconds; None without any."""
        ordered = sorted(self.delays)
        return ordered[len(ordered) // 2] if ordered else None

    @property
    def is_noisy(self) -> bool:
        """Whether its owner should change the rule."""
        return self.verified >= NOISY_FROM and (self.precision or 0.0) < NOISY_BELOW


def next_ask(asked_at: dt.datetime, every_minutes: int) -> dt.datetime:
    """When to ask again while nobody has acknowledged."""
    return asked_at + dt.timedelta(minutes=every_minutes)
