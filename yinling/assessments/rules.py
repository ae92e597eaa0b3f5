"""Decisions about assessments: what may be saved, signed and voided, how far a draft is, how levels follow in time."""

import calendar
import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import Any
from xml.sax.saxutils import escape

from yinling.engines.scales.instruments import Instrument
from yinling.engines.scales.scoring import AppliedChange, Result, score, why_not_scored
from yinling.kernel.reasons import Reason

SELF_CARE = "destitute_self_care"  # decided by the county's civil affairs bureau, 民发〔2021〕43号
ABILITY = "gbt_42195"  # the scale the state uses now
OPEN_STATES = ("planned", "draft", "first_signed")
LEAST_REASON = 4  # characters; the same as for opening protected data
LONGEST_NAME = 60


@dataclass(frozen=True)
class Entered:
    """What assessors wrote down. None and empty mean: not answered yet.

    `notes` are in words and get sealed: place, remarks, telephone, what form A seals.
    """

    answers: Mapping[str, int] = field(default_factory=dict)
    circumstances: Mapping[str, bool | int] = field(default_factory=dict)
    happened_at: dt.datetime | None = None
    informant_name: str = ""
    informant_relation: str = ""
    form_a: Mapping[str, Any] = field(default_factory=dict)
    notes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Standing:
    """How far a draft is. Without anything missing, `result` holds the score."""

    sub_scores: dict[str, int]
    missing: tuple[Reason, ...]
    result: Result | None


def standing(instrument: Instrument, entered: Entered) -> Standing:
    """Sub-scores of complete groups, what is missing, and the result once nothing is. Call after `why_not_saved`."""
    missing = why_not_scored(instrument, entered.answers, entered.circumstances)
    if not missing:
        result = score(instrument, entered.answers, entered.circumstances)
        return Standing(result.sub_scores, (), result)
    answers = entered.answers
    complete = [g for g in instrument.groups if all(item.key in answers for item in g.items)]
    return Standing({g.key: sum(answers[i.key] for i in g.items) for g in complete}, missing, None)


def why_not_saved(instrument: Instrument, entered: Entered, now: dt.datetime) -> tuple[Reason, ...]:
    """What keeps a draft from being saved: illegal answers, contradictions, a visit in the future. Gaps are fine."""
    reasons = list(why_not_scored(instrument, *_with_gaps_filled(instrument, entered)))
    if entered.happened_at is not None and entered.happened_at > now:
        reasons.append(
            Reason(
                "The visit is dated {when}, which is still to come. Enter when it took place.", when=entered.happened_at
            )
        )
    return tuple(reasons)


def _with_gaps_filled(instrument: Instrument, entered: Entered) -> tuple[dict[str, int], dict[str, bool | int]]:
    """Complete answers that differ from the draft only where it says nothing, so that only real faults are named."""
    answers = {item.key: item.highest for item in instrument.items} | dict(entered.answers)
    facts: dict[str, bool | int] = {fact.key: 0 if fact.is_count else False for fact in instrument.circumstances}
    facts |= dict(entered.circumstances)
    for fact in instrument.circumstances:
        if fact.agrees_with and facts[fact.key] is True and fact.agrees_with[0] not in entered.answers:
            answers[fact.agrees_with[0]] = fact.agrees_with[1]
    return answers, facts


def all_of(reasons: Sequence[Reason]) -> Reason:
    """Several reasons as one sentence after the other."""
    if len(reasons) == 1:
        return reasons[0]
    return Reason("{first} {rest}", first=reasons[0], rest=all_of(reasons[1:]))


def why_not_edited(state: str) -> Reason | None:
    """Why an assessment is closed to the pen."""
    if state == "signed":
        return Reason(
            "This assessment is signed and stays as it is. To correct it, void it with a reason and assess anew."
        )
    if state == "void":
        return Reason("This assessment is void. Plan a new one.")
    return None


@dataclass(frozen=True)
class Signing:
    """What is known when somebody wants to sign."""

    state: str
    missing: tuple[Reason, ...]
    happened_at: dt.datetime | None
    place: str
    certificate_holds: bool
    has_signed: bool
    digest_seen: str
    digest_now: str


def why_not_signed(given: Signing) -> Reason | None:
    """Why this assessor cannot sign now. GB/T 42195-2022: two assessors, on site, each certified."""
    if closed := why_not_edited(given.state):
        return closed
    if not given.certificate_holds:
        return Reason(
            "You hold no assessor's certificate valid on the day of the visit. Ask the county to register yours, or "
            "have another assessor sign."
        )
    if given.has_signed:
        return Reason("You have signed already. The second signature is another assessor's.")
    if given.missing:
        return Reason(
            "{count} answers are missing, the first: {first} Complete the form, then sign.",
            count=len(given.missing), first=given.missing[0],
        )  # fmt: skip
    if given.happened_at is None or not given.place.strip():
        return Reason("When and where the visit took place is not entered. Enter both, then sign.")
    if given.digest_seen != given.digest_now:
        return Reason("The form was changed after you opened this page. Look at it again, then sign.")
    return None


def why_not_voided(state: str, reason: str) -> Reason | None:
    """Why an assessment cannot be voided."""
    if state == "void":
        return Reason("This assessment is void already.")
    return why_no_reason(reason)


def why_no_reason(reason: str) -> Reason | None:
    """Why a stated reason is none."""
    if len(reason.strip()) < LEAST_REASON:
        return Reason("Say why, in {least} characters or more. The reason stays on record.", least=LEAST_REASON)
    return None


def why_not_planned(
    *, is_dead: bool, is_merged: bool, may_be_issued: bool, title: Any, open_number: str
) -> Reason | None:
    """Why no new assessment can be planned."""
    if is_dead:
        return Reason("This person is registered as dead. If that is a mistake, reverse the registration first.")
    if is_merged:
        return Reason("This file was merged into another. Plan the assessment on that file.")
    if not may_be_issued:
        return Reason("{title} is kept for old results only. Choose the scale in force.", title=title)
    if open_number:
        return Reason("Assessment {number} is still open for this person. Finish it, or void it.", number=open_number)
    return None


def why_not_recorded(on: dt.date, today: dt.date, assessors: str, is_dead_since: dt.date | None) -> Reason | None:
    """Why a result from paper cannot be written down."""
    if on > today:
        return Reason("The day of the result is {on}, which is still to come. Compare it with the paper.", on=on)
    if is_dead_since is not None and on > is_dead_since:
        return Reason(
            "The person died on {died}; the result is dated {on}. Correct one of them.", died=is_dead_since, on=on
        )
    if not assessors.strip():
        return Reason("Name the assessors, or the office that decided, as the paper does.")
    return None


def why_not_a_certificate(number: str, valid_from: dt.date, valid_to: dt.date | None) -> Reason | None:
    """Why a certificate cannot be registered."""
    if not number.strip():
        return Reason("Enter the number of the certificate.")
    if valid_to is not None and valid_to <= valid_from:
        return Reason("The certificate ends on {end}, before it begins on {start}.", end=valid_to, start=valid_from)
    return None


def typed_signature(name: str, on: dt.date) -> bytes:
    """A typed name as a picture (SVG), which says on its face that it was typed."""
    words = escape(" ".join(name.split())[:LONGEST_NAME])
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" width="400" height="150" viewBox="0 0 400 150" '
        'font-family="Noto Serif CJK SC, SimSun, serif">'
        f'<text x="12" y="76" font-size="44">{words}</text>'
        f'<text x="12" y="128" font-size="26">（键入姓名，{on.isoformat()}）</text></svg>'
    ).encode()


def months_after(day: dt.date, months: int) -> dt.date:
    """The same day of the month `months` later, or the last day of a shorter month."""
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    return dt.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


@dataclass(frozen=True)
class Finding:
    """One assessment that counts: its id, the day it took place, the level found."""

    assessment: int
    day: dt.date
    level: int


@dataclass(frozen=True)
class Span:
    """One level from a day until another (exclusive), or on."""

    assessment: int
    level: int
    valid_from: dt.date
    valid_to: dt.date | None


def spans(findings: Iterable[Finding]) -> list[Span]:
    """Levels over time: each holds until the next assessment. Of two on one day the later entered counts."""
    by_day = {f.day: f for f in sorted(findings, key=lambda f: (f.day, f.assessment))}
    ordered = list(by_day.values())
    following = zip_longest(ordered, ordered[1:])
    return [Span(f.assessment, f.level, f.day, after.day if after else None) for f, after in following]


def kept_changes(changes: Sequence[AppliedChange]) -> list[dict[str, Any]]:
    """Level changes as JSON keeps them, each with its reason."""
    return [
        {"key": c.key, "is_applied": c.is_applied, "verified": c.verified, "reason": c.reason.as_data()}
        for c in changes
    ]
