"""From levels to decisions: merge, ask a clerk, or nothing.

Two plain rules come first, then the scored model. A *hold* stops an automatic merge whatever the score:
conflicting valid IDs, twins, spouses, an ID that contradicts the name.
"""

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from yinling.engines.linkage.comparing import (
    HOME_FIELDS,
    PERSON_FIELDS,
    Birth,
    Document,
    Dwelling,
    Name,
    Pairs,
    Place,
    Sex,
)
from yinling.engines.linkage.records import Encoded, Hashes
from yinling.engines.linkage.weights import Bits, Weights

Flags = NDArray[np.bool_]
Levels = NDArray[np.uint8]

_RECORDS_OF_BELIEF = 20_000  # how many records the trained share of a name counts for


class Outcome(IntEnum):
    """What becomes of a pair."""

    NO, REVIEW, AUTO = range(3)


class Ground(IntEnum):
    """Why a pair was merged."""

    NONE, SAME_DOCUMENT, SAME_NAME_BIRTH_VILLAGE, SCORE = range(4)


class Hold(IntEnum):
    """Why a pair may not be merged without asking."""

    NONE, CONFLICTING_DOCUMENTS, SPOUSES, TWINS, DOCUMENT_OF_ANOTHER, RIVALS = range(6)


@dataclass(frozen=True)
class Decisions:
    """Per pair: evidence in bits (prior included), outcome, ground and hold."""

    bits: Bits
    outcome: Levels
    ground: Levels
    hold: Levels


def score(levels: dict[str, Levels], weights: Weights, prior_bits: float, name_share: Bits | None = None) -> Bits:
    """Posterior log2 odds per pair.

    `name_share`: the share of the records that carry the pair's name; a rare name says more than 张秀英.
    """
    person = sum((weights.bits[field][levels[field]] for field in PERSON_FIELDS), np.zeros(len(levels["name"])))
    home = sum((weights.bits[field][levels[field]] for field in HOME_FIELDS), np.zeros(len(levels["name"])))
    if name_share is not None:
        person = person + _rarity_bits(levels["name"], weights, name_share)
    return np.asarray(prior_bits + person + np.minimum(home, weights.home_cap_bits))


def name_shares(sound: Hashes, pairs: Pairs, usual_share: float) -> Bits:
    """The share of all records that sound like the commoner name of each pair; 0 where unknown.

    Drawn towards `usual_share` where the records are few: ten rows do not tell which names are rare.
    """
    _, number, count = np.unique(sound, return_inverse=True, return_counts=True)
    # A pair alone would make its own name look common: count two at least, so rarity is never overstated.
    share = ((np.maximum(count, 2) + usual_share * _RECORDS_OF_BELIEF) / (len(sound) + _RECORDS_OF_BELIEF))[number]
    share[sound == 0] = 0
    return np.maximum(share[pairs.left], share[pairs.right])


def _rarity_bits(names: Levels, weights: Weights, share: Bits) -> Bits:
    counts = ((names == Name.EXACT) | (names == Name.SOUND)) & (share > 0)
    return np.where(counts, np.log2(weights.usual_share / np.where(share > 0, share, 1.0)), 0.0)


def holds(records: Encoded, pairs: Pairs, levels: dict[str, Levels]) -> Levels:
    """The reason, if any, that keeps each pair from being merged without asking."""
    document, name, sex = levels["document"], levels["name"], levels["sex"]
    same_document = document == Document.SAME
    other_name = name >= Name.PART
    held = np.zeros(len(pairs), np.uint8)
    of_another = (name == Name.DIFFERENT) | (other_name & (sex == Sex.DIFFERENT))
    held[same_document & of_another] = Hold.DOCUMENT_OF_ANOTHER
    held[~same_document & _may_be_twins(levels) & other_name] = Hold.TWINS
    held[(sex == Sex.DIFFERENT) & other_name & (levels["dwelling"] != Dwelling.DIFFERENT) & ~same_document] = (
        Hold.SPOUSES
    )
    spouse = (records.spouse[pairs.left] == records.record_id[pairs.right]) & (records.spouse[pairs.left] > 0)
    spouse |= (records.spouse[pairs.right] == records.record_id[pairs.left]) & (records.spouse[pairs.right] > 0)
    held[spouse] = Hold.SPOUSES
    held[document == Document.CONFLICT] = Hold.CONFLICTING_DOCUMENTS
    return held


def _may_be_twins(levels: dict[str, Levels]) -> Flags:
    """Born on one day, of one surname; whoever has a wrong character in the given name waits for a clerk too."""
    same_day = np.isin(levels["birth"], (Birth.EXACT, Birth.LUNAR, Birth.UNKNOWN))
    return np.asarray(same_day & np.isin(levels["name"], (Name.PART, Name.SURNAME)))


def decide(records: Encoded, pairs: Pairs, levels: dict[str, Levels], bits: Bits, weights: Weights) -> Decisions:
    """Outcome, ground and hold of every pair."""
    held = holds(records, pairs, levels)
    document, name, birth, sex = (levels[field] for field in PERSON_FIELDS)
    # One row holding another's ID is a common mistake, so the name has to agree, or in part with the birth date.
    names_agree = (name != Name.UNKNOWN) & (name <= np.where(birth == Birth.DIFFERENT, Name.DIALECT, Name.PART))
    same_document = (document == Document.SAME) & names_agree
    same_data = (
        (name == Name.EXACT)
        & (birth == Birth.EXACT)
        & (levels["place"] == Place.VILLAGE)
        & (sex != Sex.DIFFERENT)
        & np.isin(document, (Document.UNKNOWN, Document.SLIP))
    )
    enough = (bits >= weights.auto_bits) & (birth != Birth.UNKNOWN)
    ground = np.select(
        [held > 0, same_document, same_data, enough],
        [Ground.NONE, Ground.SAME_DOCUMENT, Ground.SAME_NAME_BIRTH_VILLAGE, Ground.SCORE],
        Ground.NONE,
    ).astype(np.uint8)
    ask = (bits >= weights.review_bits) | (document == Document.SAME)
    outcome = np.where(ground > 0, Outcome.AUTO, np.where(ask, Outcome.REVIEW, Outcome.NO)).astype(np.uint8)
    return Decisions(bits, outcome, ground, held)
