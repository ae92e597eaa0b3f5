"""How well do two records agree, field by field: pairs in, levels out.

Every field has its own levels, best first; 0 always means that one side is unknown, which says nothing.
"""

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from yinling.engines.linkage.documents import one_slip_apart
from yinling.engines.linkage.records import UNREADABLE, Births, Encoded

Ints = NDArray[np.int64]
Levels = NDArray[np.uint8]
Names = NDArray[np.uint32]
Flags = NDArray[np.bool_]


class Document(IntEnum):
    UNKNOWN, SAME, SLIP, DIFFERENT, CONFLICT = range(5)


class Name(IntEnum):
    UNKNOWN, EXACT, SOUND, DIALECT, PART, SURNAME, GIVEN, DIFFERENT = range(8)


class Birth(IntEnum):
    UNKNOWN, EXACT, LUNAR, SWAPPED, ONE_PART, OTHER_YEAR, YEAR_ONLY, SAME_YEAR, NEAR_YEAR, DIFFERENT = range(10)


class Sex(IntEnum):
    UNKNOWN, SAME, DIFFERENT = range(3)


class Place(IntEnum):
    UNKNOWN, VILLAGE, TOWNSHIP, COUNTY, ELSEWHERE = range(5)


class Dwelling(IntEnum):
    UNKNOWN, HOUSEHOLD, ADDRESS, DIFFERENT = range(4)


class Phone(IntEnum):
    UNKNOWN, SAME, SLIP, DIFFERENT = range(4)


FIELDS: dict[str, type[IntEnum]] = {
    "document": Document,
    "name": Name,
    "birth": Birth,
    "sex": Sex,
    "place": Place,
    "dwelling": Dwelling,
    "phone": Phone,
}
PERSON_FIELDS = ("document", "name", "birth", "sex")
HOME_FIELDS = ("place", "dwelling", "phone")


@dataclass(frozen=True)
class Pairs:
    """Row numbers of the two records of each pair, `left` < `right` within one `Encoded`."""

    left: Ints
    right: Ints

    def __len__(self) -> int:
        return len(self.left)

    def take(self, rows: NDArray[np.bool_] | Ints) -> "Pairs":
        """Some of the pairs."""
        return Pairs(self.left[rows], self.right[rows])


def compare(records: Encoded, pairs: Pairs) -> dict[str, Levels]:
    """Levels per field, each an array as long as `pairs`."""
    left, right = pairs.left, pairs.right
    documents = _documents(records, left, right)
    return {
        "document": documents,
        "name": _names(records, left, right),
        "birth": _births(records, left, right, documents == Document.SAME),
        "sex": _equal(records.sex[left], records.sex[right], Sex.SAME, Sex.DIFFERENT),
        "place": _places(records, left, right),
        "dwelling": _dwellings(records, left, right),
        "phone": _phones(records.phone[left], records.phone[right]),
    }


def _equal(a: NDArray[np.generic], b: NDArray[np.generic], same: int, different: int) -> Levels:
    return np.where((a == 0) | (b == 0), 0, np.where(a == b, same, different)).astype(np.uint8)


def _documents(records: Encoded, left: Ints, right: Ints) -> Levels:
    documents = records.documents
    known = (documents.length[left] > 0) & (documents.length[right] > 0)
    both_valid = documents.valid[left] & documents.valid[right]
    same = both_valid & (documents.number[left] == documents.number[right])
    levels = np.where(known, Document.DIFFERENT, Document.UNKNOWN).astype(np.uint8)
    levels[both_valid] = Document.CONFLICT
    levels[same] = Document.SAME
    doubtful = np.flatnonzero(known & ~both_valid)
    slips = one_slip_apart(documents, left[doubtful], right[doubtful])
    levels[doubtful[slips]] = Document.SLIP
    return levels


def _names(records: Encoded, left: Ints, right: Ints) -> Levels:
    a, b = records.name[left], records.name[right]
    same_sound = (records.sound[left] == records.sound[right]) & (records.sound[left] > 0)
    same_dialect = (records.dialect[left] == records.dialect[right]) & (records.dialect[left] > 0)
    surname = np.maximum(records.surname_length[left], records.surname_length[right])
    position = np.arange(a.shape[1])
    of_surname = position < surname[:, None]
    used = (a > 0) | (b > 0)
    same_surname = ((a == b) | ~of_surname).all(axis=1)
    same_given = ((a == b) | of_surname).all(axis=1) & (used & ~of_surname).any(axis=1)
    levels = np.full(len(a), Name.DIFFERENT, np.uint8)
    levels[same_given] = Name.GIVEN
    levels[same_surname] = Name.SURNAME
    levels[same_surname & _shares_given_character(a, b, of_surname)] = Name.PART
    levels[same_dialect] = Name.DIALECT
    levels[same_sound] = Name.SOUND
    levels[(a == b).all(axis=1)] = Name.EXACT
    levels[(a[:, 0] == 0) | (b[:, 0] == 0)] = Name.UNKNOWN
    return levels


def _shares_given_character(
    a: NDArray[np.uint32], b: NDArray[np.uint32], of_surname: NDArray[np.bool_]
) -> NDArray[np.bool_]:
    """A character of the given name in both, in whatever place, or one that nobody can read."""
    given_a, given_b = np.where(of_surname, 0, a)[:, 1:4], np.where(of_surname, 0, b)[:, 1:4]
    shared = ((given_a[:, :, None] == given_b[:, None, :]) & (given_a[:, :, None] > 0)).any(axis=(1, 2))
    return np.asarray(shared | (given_a == UNREADABLE).any(axis=1) | (given_b == UNREADABLE).any(axis=1))


def _births(records: Encoded, left: Ints, right: Ints, same_document: Flags) -> Levels:
    """The best of: told against told, told against the date in the other's ID, unless it is the own ID as well."""
    told, printed = records.birth, records.birth_in_document
    levels = _dates(told, left, told, right)
    for one, other in ((told, printed), (printed, told)):
        again = np.flatnonzero((levels != Birth.EXACT) & ~same_document)
        levels[again] = _better(levels[again], _dates(one, left[again], other, right[again]))
    # A date said to be uncertain proves something where it agrees, and nothing where it does not.
    doubtful = records.birth_is_doubtful[left] | records.birth_is_doubtful[right]
    levels[doubtful & (levels >= Birth.SAME_YEAR)] = Birth.UNKNOWN
    return levels


def _better(a: Levels, b: Levels) -> Levels:
    return np.where(a == 0, b, np.where(b == 0, a, np.minimum(a, b))).astype(np.uint8)


def _dates(one: Births, left: Ints, other: Births, right: Ints) -> Levels:
    a, b = one.solar[left], other.solar[right]
    years = np.abs(a // 10_000 - b // 10_000)
    month_a, month_b, day_a, day_b = a // 100 % 100, b // 100 % 100, a % 100, b % 100
    complete = (day_a > 0) & (day_b > 0)
    same_day = (month_a == month_b) & (day_a == day_b)
    swapped = (month_a == day_b) & (day_a == month_b)
    one_part = (month_a == month_b) | (day_a == day_b)
    levels = np.full(len(a), Birth.DIFFERENT, np.uint8)
    levels[years <= 1] = Birth.NEAR_YEAR
    levels[years == 0] = Birth.SAME_YEAR
    levels[(years == 0) & ~complete] = Birth.YEAR_ONLY
    levels[complete & same_day & ((years <= 3) | (years == 10))] = Birth.OTHER_YEAR
    levels[complete & (years == 0) & one_part] = Birth.ONE_PART
    levels[complete & (years == 0) & swapped] = Birth.SWAPPED
    levels[complete & (_is_lunar_of(a, other, right) | _is_lunar_of(b, one, left))] = Birth.LUNAR
    levels[complete & (a == b)] = Birth.EXACT
    levels[(a == 0) | (b == 0)] = Birth.UNKNOWN
    return levels


def _is_lunar_of(date: Ints, births: Births, rows: Ints) -> Flags:
    """True where `date` is the other's birthday in the lunar calendar, under its lunar or its solar year."""
    lunar, solar = births.lunar[rows], births.solar[rows]
    same_year = (date // 10_000 == lunar // 10_000) | (date // 10_000 == solar // 10_000)
    return (lunar > 0) & (date % 10_000 == lunar % 10_000) & same_year


def _places(records: Encoded, left: Ints, right: Ints) -> Levels:
    village_a, village_b = records.village[left], records.village[right]
    town_a, town_b = records.township[left], records.township[right]
    levels = np.full(len(left), Place.ELSEWHERE, np.uint8)
    levels[town_a // 1_000_000 == town_b // 1_000_000] = Place.COUNTY
    levels[town_a == town_b] = Place.TOWNSHIP
    levels[(village_a == village_b) & (village_a > 0)] = Place.VILLAGE
    levels[(town_a == 0) | (town_b == 0)] = Place.UNKNOWN
    return levels


def _dwellings(records: Encoded, left: Ints, right: Ints) -> Levels:
    household_a, household_b = records.household[left], records.household[right]
    address_a, address_b = records.address[left], records.address[right]
    same_village = (records.village[left] == records.village[right]) & (records.village[left] > 0)
    levels = _equal(household_a, household_b, Dwelling.HOUSEHOLD, Dwelling.DIFFERENT)
    undecided = levels != Dwelling.HOUSEHOLD
    by_address = _equal(address_a, address_b, Dwelling.ADDRESS, Dwelling.DIFFERENT)
    by_address[~same_village & (by_address == Dwelling.ADDRESS)] = Dwelling.UNKNOWN
    levels[undecided] = _better(levels[undecided], by_address[undecided])
    return levels


def _phones(a: Ints, b: Ints) -> Levels:
    levels = _equal(a, b, Phone.SAME, Phone.DIFFERENT)
    difference = np.abs(a - b)
    for _ in range(10):
        difference = np.where((difference > 0) & (difference % 10 == 0), difference // 10, difference)
    levels[(levels == Phone.DIFFERENT) & (difference < 10)] = Phone.SLIP
    return levels
