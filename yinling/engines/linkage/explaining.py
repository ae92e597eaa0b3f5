"""Why two records look like one person, field by field, in sentences that a clerk reads beside the two values."""

from collections.abc import Mapping
from dataclasses import dataclass

from yinling.engines.linkage.comparing import (
    FIELDS,
    HOME_FIELDS,
    Birth,
    Document,
    Dwelling,
    Name,
    Phone,
    Place,
    Sex,
)
from yinling.engines.linkage.deciding import Ground, Hold
from yinling.engines.linkage.weights import Weights
from yinling.kernel.reasons import Reason

# By field first: members of different IntEnums with one number are equal, so they cannot share a dictionary.
SENTENCES: dict[str, dict[int, Reason]] = {
    "document": {
        Document.UNKNOWN: Reason("An ID number is missing."),
        Document.SAME: Reason("Same valid ID number."),
        Document.SLIP: Reason("ID numbers differ by one slip of the keyboard, and one of them is not valid."),
        Document.DIFFERENT: Reason("ID numbers differ, and one of them is not valid."),
        Document.CONFLICT: Reason("Two different valid ID numbers."),
    },
    "name": {
        Name.UNKNOWN: Reason("A name is missing."),
        Name.EXACT: Reason("Same name."),
        Name.SOUND: Reason("Names sound the same but are written differently."),
        Name.DIALECT: Reason("Names sound the same in the local dialect."),
        Name.PART: Reason("Same surname; the given names share a character."),
        Name.SURNAME: Reason("Same surname, different given names."),
        Name.GIVEN: Reason("Same given name, different surnames."),
        Name.DIFFERENT: Reason("Different names."),
    },
    "birth": {
        Birth.UNKNOWN: Reason("A birth date is missing or uncertain."),
        Birth.EXACT: Reason("Same birth date."),
        Birth.LUNAR: Reason("One birth date is the other in the lunar calendar."),
        Birth.SWAPPED: Reason("Birth dates agree if day and month are swapped."),
        Birth.ONE_PART: Reason("Same birth year; day or month differs."),
        Birth.OTHER_YEAR: Reason("Same birthday in another year."),
        Birth.YEAR_ONLY: Reason("Same birth year; a day or month is missing."),
        Birth.SAME_YEAR: Reason("Same birth year, different day and month."),
        Birth.NEAR_YEAR: Reason("Birth years one apart."),
        Birth.DIFFERENT: Reason("Different birth dates."),
    },
    "sex": {
        Sex.UNKNOWN: Reason("Sex is missing."),
        Sex.SAME: Reason("Same sex."),
        Sex.DIFFERENT: Reason("Different sex."),
    },
    "place": {
        Place.UNKNOWN: Reason("A village or township is missing."),
        Place.VILLAGE: Reason("Same village."),
        Place.TOWNSHIP: Reason("Same township."),
        Place.COUNTY: Reason("Same county."),
        Place.ELSEWHERE: Reason("Different counties."),
    },
    "dwelling": {
        Dwelling.UNKNOWN: Reason("An address and a household number are missing."),
        Dwelling.HOUSEHOLD: Reason("Same household number."),
        Dwelling.ADDRESS: Reason("Same address."),
        Dwelling.DIFFERENT: Reason("Different addresses or households."),
    },
    "phone": {
        Phone.UNKNOWN: Reason("A phone number is missing."),
        Phone.SAME: Reason("Same phone number."),
        Phone.SLIP: Reason("Phone numbers differ in one digit."),
        Phone.DIFFERENT: Reason("Different phone numbers."),
    },
}

GROUNDS: dict[Ground, Reason] = {
    Ground.SAME_DOCUMENT: Reason("Merged: the same valid ID number, and the names agree."),
    Ground.SAME_NAME_BIRTH_VILLAGE: Reason("Merged: same name, birth date and village, and no conflicting ID number."),
    Ground.SCORE: Reason("Merged: taken together, the fields leave less doubt than the threshold allows."),
}
HOLDS: dict[Hold, Reason] = {
    Hold.CONFLICTING_DOCUMENTS: Reason(
        "Not merged: two different valid ID numbers. Look at both ID cards; keep them apart unless one number is wrong."
    ),
    Hold.SPOUSES: Reason("Not merged: these may be husband and wife. Ask who lives in the household."),
    Hold.TWINS: Reason("Not merged: born on the same day with the same surname, perhaps twins. Ask the family."),
    Hold.DOCUMENT_OF_ANOTHER: Reason(
        "Not merged: one ID number under two different names. Look at the ID card and correct the wrong record."
    ),
    Hold.RIVALS: Reason("Not merged: the record fits more than one person. Choose the right one, or neither."),
}


@dataclass(frozen=True)
class FieldEvidence:
    """One field of a pair: its level in lower case, the evidence in bits (below 0: against), and the sentence."""

    field: str
    level: str
    bits: float
    reason: Reason


def explain(levels: Mapping[str, int], weights: Weights) -> list[FieldEvidence]:
    """Evidence of every field, the strongest first. `levels`: the number of the level per field.

    The bits of place, dwelling and phone are shown scaled where together they exceed their cap.
    """
    home = sum(float(weights.bits[field][levels[field]]) for field in HOME_FIELDS)
    scale = min(1.0, weights.home_cap_bits / home) if home > 0 else 1.0
    found = [
        FieldEvidence(
            field=field,
            level=kind(levels[field]).name.lower(),
            bits=float(weights.bits[field][levels[field]]) * (scale if field in HOME_FIELDS else 1.0),
            reason=SENTENCES[field][levels[field]],
        )
        for field, kind in FIELDS.items()
    ]
    return sorted(found, key=lambda evidence: -abs(evidence.bits))


def why_merged(ground: int) -> Reason | None:
    """The sentence for a `Ground`."""
    return GROUNDS.get(Ground(ground))


def why_held(hold: int) -> Reason | None:
    """The sentence for a `Hold`, with what to do."""
    return HOLDS.get(Hold(hold))
