"""Wishes about visitors in the demonstration county, and one proposal of pairings waiting to be looked through."""

from __future__ import annotations

import random

from yinling.accounts.models import User
from yinling.care.models import Pairing, Wish
from yinling.care.services.proposals import ask_for_proposal, work_out
from yinling.kernel.actors import Actor
from yinling.kernel.clock import civil_date
from yinling.kernel.scope import within
from yinling.places.queries import key_ranges, tree

_ASKED, _MOST = 0.3, 4_000
_LANGUAGES = (("putonghua",), ("local",), ("local", "putonghua"), ("miao",), ("dong",))
_SHARES = (0.2, 0.45, 0.25, 0.06, 0.04)
_SEX, _SKILL = 0.12, 0.1
_SKILLS = ("nursing", "first_aid", "repair", "haircut", "dementia")


def load_wishes_and_proposal(users: dict[str, User], township: int, *, seed: int, by: Actor) -> tuple[int, int]:
    """Wishes of some persons who are visited, and a proposal for a township. Returns wishes and lines to look at."""
    dice = random.Random(f"{seed} wishes")
    county = tree().above(township, "county")
    here = within(key_ranges([county.key if county else township]), "person__place_key")
    paired = Pairing.objects.filter(here).standing(civil_date()).order_by("person_id")
    persons = sorted(set(paired.values_list("person_id", flat=True)))
    asked = [one for one in persons if dice.random() < _ASKED][:_MOST]
    Wish.objects.bulk_create([_wish(dice, one, by) for one in asked], 500)
    proposal = ask_for_proposal(place_key=township, by=users["township_clerk"])
    work_out(proposal)
    return len(asked), proposal.lines.count()


def _wish(dice: random.Random, person: int, by: Actor) -> Wish:
    return Wish(
        person_id=person, speaks=list(dice.choices(_LANGUAGES, _SHARES)[0]),
        sex=dice.choice("12") if dice.random() < _SEX else "",
        skills=[dice.choice(_SKILLS)] if dice.random() < _SKILL else [], recorded_by=by.uid,
    )  # fmt: skip
