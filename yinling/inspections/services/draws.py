"""The draw: commit to a seed, close the list, reveal before a witness. See `rules.drawing` for how it goes."""

import datetime as dt
import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction

from yinling.accounts.models import User
from yinling.inspections import duties, events, parameters
from yinling.inspections.models import Draw, Inspection, Interest
from yinling.inspections.permissions import Inspections
from yinling.inspections.queries.draws import possible_inspectors
from yinling.inspections.queries.risk import grades_of
from yinling.inspections.rules import drawing, risk
from yinling.inspections.rules.inspecting import why_no_reason
from yinling.inspections.services.planning import add_inspection, checklist_in_force
from yinling.inspections.services.scoping import number_for
from yinling.institutions.models import Institution, Staff
from yinling.institutions.models.sites import HOMES
from yinling.kernel.actors import Actor, require
from yinling.kernel.changes import record
from yinling.kernel.clock import civil_date, now
from yinling.kernel.crypto import seal, unseal
from yinling.kernel.errors import Refused
from yinling.kernel.names import mask_name
from yinling.kernel.scope import within
from yinling.kernel.uids import new_uid
from yinling.places.queries import key_ranges, place_named, tree
from yinling.worklist.models import Subject

SEED_BYTES = 32
LEAST_WORDS = 3


@dataclass(frozen=True)
class Wanted:
    """What is to be drawn: how many homes, inspectors for each, with which checklist, in which days."""

    title: str
    checklist_key: str
    homes: int
    first_day: dt.date
    last_day: dt.date
    inspectors: int = 2


@transaction.atomic
def open_draw(*, place_key: int, wanted: Wanted, by: Actor) -> Draw:
    """Make the seed and publish its hash, before any list exists."""
    division = place_named(place_key)
    require(by, Inspections.DRAW, division.key)
    if wanted.first_day < civil_date() or wanted.last_day < wanted.first_day:
        raise Refused("The days from {first} to {last} cannot be kept. Choose days from today on.",
                      first=wanted.first_day, last=wanted.last_day)  # fmt: skip
    if not 1 <= wanted.homes <= 200 or not 2 <= wanted.inspectors <= 5:
        raise Refused("Draw 1 to 200 homes, with 2 to 5 inspectors each.")
    seed, uid = secrets.token_hex(SEED_BYTES), new_uid()
    found = Draw(
        uid=uid, number=number_for("C", division.key), title=wanted.title.strip()[:120], place_key=division.key,
        checklist=checklist_in_force(wanted.checklist_key), homes_wanted=wanted.homes,
        inspectors_wanted=wanted.inspectors, first_day=wanted.first_day, last_day=wanted.last_day,
        commitment=drawing.sha(seed), opened_by=by.uid,
    )  # fmt: skip
    found.seed_sealed = seal(json.dumps({"seed": seed, "secret": secrets.token_hex(SEED_BYTES)}), found.seed_where)
    found.save(force_insert=True)
    record(events.DrawOpened(found.uid, commitment=found.commitment), by=by, place_key=found.place_key)
    return found


def _locked(uid: object, by: Actor, state: str) -> Draw:
    found = Draw.objects.visible_to(by).select_for_update().one(uid=uid)
    require(by, Inspections.DRAW, found.place_key)
    if found.state != state:
        raise Refused("This draw is at another step: {state}. Look at its page.", state=found.get_state_display())
    return found


@transaction.atomic
def close_list(*, uid: object, inspectors: Sequence[User], by: Actor) -> Draw:
    """Fix the list: every open home of the division, with slips by its risk grade; inspectors with their recusals.

    No home can be left out by hand. Publishes hashes of slips and one digest over the list.
    """
    found = _locked(uid, by, Draw.State.OPEN)
    known = {user.pk for user in possible_inspectors(found)}
    if stranger := next((user for user in inspectors if user.pk not in known), None):
        raise Refused("{name} may not inspect in this division. Choose from the list.", name=stranger.label)
    codes = {f"J{at:02d}": user for at, user in enumerate(sorted(inspectors, key=lambda user: user.pk), 1)}
    under = within(key_ranges([found.place_key]))
    homes = list(Institution.objects.open_on(civil_date()).filter(under, kind__in=HOMES).order_by("place_key", "id"))
    recused = recusals(found, homes, codes)
    short = [home.name for home in homes if len(codes) - len(recused[home.pk]) < found.inspectors_wanted]
    if no := drawing.why_not_closed(len(homes), found.homes_wanted, len(codes), found.inspectors_wanted, short):
        raise Refused(no)
    _fix(found, homes, recused, codes)
    record(events.DrawClosed(found.uid, list_digest=found.list_digest), by=by, place_key=found.place_key)
    duties.ask_to_reveal(found, by=by)
    return found


def _fix(
    found: Draw, homes: Sequence[Institution], recused: Mapping[int, Sequence[str]], codes: Mapping[str, User]
) -> None:
    weights, grades = parameters.weights(), grades_of([home.pk for home in homes], civil_date())
    secret = json.loads(unseal(found.seed_sealed, found.seed_where))["secret"]
    counts = {home.pk: risk.slips_of(grades[home.pk].letter, weights) for home in homes}
    slips = [
        slip
        for home in homes
        for slip in drawing.slips_for(str(home.uid), home.name, counts[home.pk], recused[home.pk], secret)
    ]
    wanted = (found.homes_wanted, found.inspectors_wanted)
    closed = drawing.closed_list(found.number, found.commitment, slips, list(codes), wanted)
    found.closed = {
        "list": closed, "slips": [slip.data() for slip in slips],
        "names": {code: mask_name(user.label) for code, user in codes.items()},
        "users": {code: user.pk for code, user in codes.items()},
        "weights": {str(home.uid): counts[home.pk] for home in homes},
        "grades": {str(home.uid): [grades[home.pk].letter, grades[home.pk].sum] for home in homes},
    }  # fmt: skip
    found.list_digest, found.closed_at, found.state = drawing.digest(closed), now(), Draw.State.CLOSED
    found.save(update_fields=["closed", "list_digest", "closed_at", "state"])


def recusals(found: Draw, homes: Sequence[Institution], codes: Mapping[str, User]) -> dict[int, list[str]]:
    """Who must not inspect which home: own unit, declared interest, own workplace. Two statements.

    Own unit: the division directly below the drawing one (a county in a city's draw, a township in a county's) to
    which the inspector belongs. Those who belong to the drawing division itself have none.
    """
    keys = [home.pk for home in homes]
    users = {user.pk: code for code, user in codes.items()}
    shut: dict[int, set[str]] = {key: set() for key in keys}
    declared = Interest.objects.standing().filter(institution__in=keys, user__in=users)
    working = Staff.objects.filter(institution__in=keys, user__in=users, left_on__isnull=True)
    for rows in (declared, working):
        for home, user in rows.values_list("institution_id", "user_id"):
            shut[home].add(users[user])
    own = {code: _unit(found.place_key, user.place_key) for code, user in codes.items()}
    for home in homes:
        here = _unit(found.place_key, home.place_key)
        shut[home.pk] |= {code for code, unit in own.items() if unit is not None and unit == here}
    return {key: sorted(some) for key, some in shut.items()}


def _unit(division: int, place_key: int) -> int | None:
    """The division directly below `division` that holds a place."""
    line = tree().lines.get(place_key, ())
    return line[line.index(division) - 1] if division in line and line.index(division) > 0 else None


@transaction.atomic
def reveal_draw(*, uid: object, witness: str, words: str, by: Actor) -> Draw:
    """Before a witness, who says any words: open the seed, draw, and send the inspectors."""
    found = _locked(uid, by, Draw.State.CLOSED)
    if not witness.strip():
        raise Refused("Name the witness.", field="witness")
    if len(words.strip()) < LEAST_WORDS:
        raise Refused("The witness says some words or digits, {least} or more.", field="words", least=LEAST_WORDS)
    assert found.closed is not None  # the database promises it
    seed = json.loads(unseal(found.seed_sealed, found.seed_where))["seed"]
    lot = drawing.lot_of(seed, found.list_digest, words.strip())
    slips = [drawing.Slip(**(one | {"recused": tuple(one["recused"])})) for one in found.closed["slips"]]
    opened = drawing.opened(lot, {slip.hash: slip for slip in slips}, found.homes_wanted)
    pairs = drawing.pairs_of(lot, opened, found.closed["list"]["inspectors"], found.inspectors_wanted)
    found.revealed = {
        "seed": seed, "words": words.strip(), "witness": mask_name(witness.strip()),
        "opened": [slip.data() for slip in opened],
        "result": [{"home": one.home, "name": one.name, "inspectors": list(one.inspectors)} for one in pairs],
    }  # fmt: skip
    found.witness, found.revealed_at, found.state = witness.strip()[:60], now(), Draw.State.REVEALED
    found.save(update_fields=["revealed", "witness", "revealed_at", "state"])
    record(events.DrawRevealed(found.uid, homes=len(pairs)), by=by, place_key=found.place_key, content=found.revealed)
    _send(found, pairs, found.closed["users"], by)
    duties.revealed(found, by=by)
    return found


def _send(found: Draw, pairs: Sequence[drawing.Pair], users: Mapping[str, Any], by: Actor) -> None:
    """An inspection for each home drawn, due on the last day of the draw."""
    homes = {str(home.uid): home for home in Institution.objects.filter(uid__in=[UUID(one.home) for one in pairs])}
    people = User.objects.in_bulk(set(users.values()))
    for one in pairs:
        going = [people[users[code]] for code in one.inspectors]
        origin = Subject("draw", found.uid)
        kind, day = Inspection.Kind.RANDOM, max(found.last_day, civil_date())
        add_inspection(homes[one.home], kind, found.checklist, day, going, by=by, origin=origin, draw=found)


@transaction.atomic
def abandon_draw(*, uid: object, reason: str, by: Actor) -> Draw:
    """Give a draw up before it is revealed. It stays public, with the reason: nobody draws until the lot pleases."""
    found = Draw.objects.visible_to(by).select_for_update().one(uid=uid)
    require(by, Inspections.DRAW, found.place_key)
    if found.state in (Draw.State.REVEALED, Draw.State.ABANDONED):
        raise Refused("This draw is over. Void single inspections, with the reason, where it must be.")
    if no := why_no_reason(reason):
        raise Refused(no, field="reason")
    found.state, found.abandoned_at, found.abandon_reason = Draw.State.ABANDONED, now(), reason.strip()[:300]
    found.save(update_fields=["state", "abandoned_at", "abandon_reason"])
    record(events.DrawAbandoned(found.uid), by=by, place_key=found.place_key, reason=reason)
    duties.revealed(found, by=by)
    return found
