"""Decisions about passwords, PINs and roles. Pure: values in, a reason (why not) or None out."""

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from itertools import pairwise

from yinling.kernel.reasons import Reason

ADMINISTRATORS = frozenset({"system_administrator", "security_administrator", "audit_administrator"})
NOT_STAFF = frozenset({"volunteer"})
PIN_LENGTH = 6
LONGEST_LOAN_DAYS = 92
BROWSERS = (  # a part of the user agent, and what it means
    ("MicroMessenger", "WeChat"), ("Edg", "Edge"), ("Firefox", "Firefox"), ("Chrome", "Chrome"), ("Safari", "Safari"),
)  # fmt: skip
SYSTEMS = (
    ("HarmonyOS", "HarmonyOS"), ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"),
    ("Windows", "Windows"), ("Mac OS", "macOS"), ("Linux", "Linux"),
)  # fmt: skip


@dataclass(frozen=True)
class ProofRules:
    """Limits for passwords and PINs, dated in `reference`; these are what holds where a city says nothing.

    Eight characters of three kinds, a change after 90 days, a lock after five: how level 3 of GB/T 22239-2019
    (8.1.4.1) is commonly built; not verified against its text. Ages in days, tries in number.
    """

    min_length: int = 8
    kinds: int = 3
    max_age_days: int = 90
    tries: int = 5
    lock_minutes: int = 15


def why_password_weak(password: str, *, username: str, name: str, limits: ProofRules) -> Reason | None:
    """Why a password will not do."""
    if len(password) < limits.min_length:
        return Reason(
            "The password has {length} characters; at least {limit} are needed.",
            length=len(password), limit=limits.min_length,
        )  # fmt: skip
    kinds = kinds_of_characters(password)
    if kinds < limits.kinds:
        return Reason(
            "The password uses {kinds} of four kinds of characters; at least {limit} are needed: small letters, "
            "capital letters, digits, other signs.",
            kinds=kinds, limit=limits.kinds,
        )  # fmt: skip
    for known in (username, name):
        if len(known) > 1 and known.lower() in password.lower():
            return Reason("The password contains your name or user name. Choose one that does not.")
    return None


def kinds_of_characters(text: str) -> int:
    """How many of the four kinds occur: small letters, capitals, digits, anything else."""
    small = any(c.islower() for c in text)
    capital = any(c.isupper() for c in text)
    digit = any(c.isdigit() for c in text)
    other = any(not (c.islower() or c.isupper() or c.isdigit()) for c in text)
    return small + capital + digit + other


def is_password_old(changed_at: dt.datetime, now: dt.datetime, limits: ProofRules) -> bool:
    """Whether a password must be changed before going on."""
    return now - changed_at > dt.timedelta(days=limits.max_age_days)


def why_pin_weak(pin: str) -> Reason | None:
    """Why a PIN will not do: not six digits, or one of the first that anybody would try."""
    if len(pin) != PIN_LENGTH or not (pin.isascii() and pin.isdigit()):
        return Reason("A PIN has {limit} digits.", limit=PIN_LENGTH)
    steps = {(int(b) - int(a)) % 10 for a, b in pairwise(pin)}
    repeats = pin in (pin[:2] * 3, pin[:3] * 2)
    if len(steps) == 1 or repeats or pin == pin[::-1]:
        return Reason("{pin} is among the first that others would try. Choose digits without a pattern.", pin=pin)
    return None


def why_no_pin_for(roles: Iterable[str]) -> Reason | None:
    """Administrators never log in with six digits."""
    if ADMINISTRATORS.intersection(roles):
        return Reason("Administrators log in with their password, not with a PIN.")
    return None


def why_pin_locked(wrong_pins: int, limits: ProofRules) -> Reason | None:
    """Whether a user's PIN is locked on a device."""
    if wrong_pins >= limits.tries:
        return Reason(
            "The PIN was wrong {tries} times on this device and is locked here. Log in with your password to "
            "unlock it.",
            tries=limits.tries,
        )  # fmt: skip
    return None


def wrong_pin(wrong_pins: int, limits: ProofRules) -> Reason:
    """What to say after a wrong PIN."""
    left = limits.tries - wrong_pins
    if left <= 0:
        return why_pin_locked(wrong_pins, limits) or Reason("That PIN is wrong.")
    return Reason("That PIN is wrong. {left} tries are left; then only the password helps.", left=left)


def locked_until(last_wrong_at: dt.datetime, wrong: int, now: dt.datetime, limits: ProofRules) -> dt.datetime | None:
    """Until when codes are refused after too many wrong ones; None while there are tries left."""
    until = last_wrong_at + dt.timedelta(minutes=limits.lock_minutes)
    return until if wrong >= limits.tries and now < until else None


def why_not_hold(role: str, held: Collection[str]) -> Reason | None:
    """Separation of duties: an administrator holds that one role and no other, so none ever sees protected data.

    GB/T 22239-2019, 8.1.5 sets system, audit and security administration apart.
    """
    others = set(held) - {role}
    if role in ADMINISTRATORS and others:
        return Reason(
            "An administrator holds no other role: the three administrators are different people and see no "
            "protected data. End the other roles first, or use another account."
        )
    if role not in ADMINISTRATORS and ADMINISTRATORS & others:
        return Reason("This user is an administrator and so can hold no other role. Use another account.")
    return None


def why_not_give(*, to_self: bool, is_active: bool, valid_from: dt.date, valid_to: dt.date | None) -> Reason | None:
    """Why a role cannot be given, whoever holds what."""
    if to_self:
        return Reason("Nobody gives roles to themselves. Ask the other security administrator.")
    if not is_active:
        return Reason("This account is closed. Open it again before giving it a role.")
    if valid_to is not None and valid_to <= valid_from:
        return Reason("The role would end on {end}, before it begins on {start}.", end=valid_to, start=valid_from)
    return None


@dataclass(frozen=True)
class Loan:
    """What a user wants to lend: `own_end` is the end of the own assignment, `lent_until` of a loan that stands."""

    is_borrowed: bool
    to_self: bool
    is_active: bool
    start: dt.date
    end: dt.date
    own_end: dt.date | None
    lent_until: dt.date | None


def why_not_lend(loan: Loan, today: dt.date) -> Reason | None:
    """Why an assignment cannot be lent. One lends what one holds, once, for a time that ends."""
    if loan.is_borrowed:
        return Reason("This role is itself lent to you. Only its holder can lend it.")
    if loan.to_self:
        return Reason("You hold this role already.")
    if not loan.is_active:
        return Reason("That account is closed.")
    if loan.start < today:
        return Reason("A role cannot be lent for days that have passed: {start}.", start=loan.start)
    if loan.end <= loan.start:
        return Reason("The loan would end on {end}, before it begins on {start}.", end=loan.end, start=loan.start)
    if (loan.end - loan.start).days > LONGEST_LOAN_DAYS:
        return Reason(
            "The loan lasts {days} days; the limit is {limit}. For longer, the security administrator gives a role.",
            days=(loan.end - loan.start).days, limit=LONGEST_LOAN_DAYS,
        )  # fmt: skip
    if loan.own_end is not None and loan.end > loan.own_end:
        return Reason("Your own role ends on {end}; a loan cannot last longer.", end=loan.own_end)
    if loan.lent_until is not None:
        return Reason("You have lent this role already, until {end}. End that loan first.", end=loan.lent_until)
    return None


def why_not_send(*, to_self: bool, from_key: int, to_key: int, is_active: bool, on_the_way: bool) -> Reason | None:
    """Why a worker cannot be sent to another division."""
    if to_self:
        return Reason("Nobody moves themselves. Ask a colleague to send you.")
    if not is_active:
        return Reason("This account is closed.")
    if from_key == to_key:
        return Reason("This worker belongs to that division already.")
    if on_the_way:
        return Reason("This worker is on the way to another division already. Withdraw that first.")
    return None


def why_not_receive(*, same_person: bool, same_county: bool, is_worker: bool) -> Reason | None:
    """A receipt comes from the other side. Inside one county the county clerk is both sides."""
    if is_worker:
        return Reason("Nobody receives themselves. Ask a colleague of the new division.")
    if same_person and not same_county:
        return Reason("You sent this worker yourself; somebody of the other county must receive.")
    return None


@dataclass(frozen=True)
class TokenRules:
    """Limits of tokens, dated in `reference`; these are what holds where a city says nothing. Our own measure."""

    token_longest_days: int = 366
    token_requests_per_minute: int = 120


def why_not_grant(
    *, scopes: Collection[str], held: Collection[str], to_self: bool, is_active: bool, days: int, limits: TokenRules
) -> Reason | None:
    """Why a program may not act for a user: it gets a part of what the user may, from somebody else, for a time."""
    if to_self:
        return Reason("Nobody gives a program their own rights. Ask the other security administrator.")
    if not is_active:
        return Reason("This account is closed. Open it again before a program acts for it.")
    if not scopes:
        return Reason("Choose at least one thing that the program may do.")
    if beyond := sorted(set(scopes) - set(held)):
        return Reason(
            "The roles of this user do not include {scopes}. Give the role first, or leave these out.", scopes=beyond
        )
    if days < 1:
        return Reason("The token would end before it begins. Choose a later day.")
    if days > limits.token_longest_days:
        return Reason(
            "The token would hold for {days} days; the limit is {limit}. Choose an earlier day and grant it anew then.",
            days=days, limit=limits.token_longest_days,
        )  # fmt: skip
    return None


def is_staff(roles: Iterable[str]) -> bool:
    """Whether these roles make somebody staff, who may have to log in with a second factor."""
    return any(role not in NOT_STAFF for role in roles)


def device_name(agent: str) -> tuple[str, str]:
    """Browser and system that a user agent names, each "" when it names none we know. The first match is the truest:
    every browser also claims to be those after it.
    """
    browser = next((name for mark, name in BROWSERS if mark in agent), "")
    system = next((name for mark, name in SYSTEMS if mark in agent), "")
    return browser, system
