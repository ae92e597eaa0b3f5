"""Decisions about persons: what an entry must hold, what only raises a flag, what a correction changes."""

import calendar
import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

from yinling.engines.codes.documents import read_document
from yinling.engines.codes.phone import read_phone
from yinling.engines.codes.resident_id import ResidentId, conflicts, read_resident_id
from yinling.kernel.names import name_key, normalise_name
from yinling.kernel.reasons import Reason

RESIDENT_ID, TEMPORARY = "resident_id", "temporary"
OLDEST = 120  # years, where nobody states `people.oldest_plausible_age`; the oldest verified human life was 122
LONGEST_NAME = 60
LEAST_REASON = 4  # characters of a reason for opening protected data
FAST_CLOCK = dt.timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Entry:
    """What somebody states of a person, cleaned. Empty means: not stated (never: erase)."""

    name: str = ""
    place_key: int = 0
    sex: str = "0"
    birth_date: dt.date | None = None
    birth_precision: str = "day"
    birth_is_lunar: bool = False
    birth_is_uncertain: bool = False
    document_kind: str = ""
    document_number: str = ""
    phone: str = ""
    address: str = ""
    registered_place_key: int | None = None
    ethnic_group: str = ""
    marital_state: str = ""
    education: str = ""
    living_arrangement: str = ""
    categories: tuple[tuple[str, str], ...] = ()  # (category, grade)
    other_names: tuple[str, ...] = ()


@dataclass(frozen=True)
class Objection:
    """Why one field of an entry cannot stand."""

    field: str
    reason: Reason


@dataclass(frozen=True)
class Checked:
    """An entry put in order, what stops it, and what a person should settle later."""

    entry: Entry
    objections: tuple[Objection, ...]
    flags: tuple[str, ...]


# Fields of the card that a correction may change, besides name, document, place and categories.
PLAIN_FIELDS = (
    "sex", "birth_date", "birth_precision", "birth_is_lunar", "birth_is_uncertain", "ethnic_group",
    "marital_state", "education", "living_arrangement", "registered_place_key",
)  # fmt: skip
NOT_STATED: dict[str, object] = {field.name: field.default for field in fields(Entry)}


def check(entry: Entry, today: dt.date, *, oldest: int = OLDEST) -> Checked:
    """Clean an entry, read its document, fill sex and birth date from it, and say what is wrong or doubtful.

    `oldest`: years above which a birth date is taken for a slip of the pen."""
    objections: list[Objection] = []
    found, flags = _from_document(entry, today, objections)
    name = normalise_name(entry.name)
    if name != entry.name:
        found["name"] = name
    if reason := why_not_a_name(name):
        objections.insert(0, Objection("name", reason))
    if entry.phone:
        phone = read_phone(entry.phone)
        if isinstance(phone, Reason):
            objections.append(Objection("phone", phone))
        elif phone.number != entry.phone:
            found["phone"] = phone.number
    if reason := why_not_a_birth_date(found.get("birth_date", entry.birth_date), today, oldest):
        objections.append(Objection("birth_date", reason))
    return Checked(replace(entry, **found) if found else entry, tuple(objections), flags)


def _from_document(entry: Entry, today: dt.date, objections: list[Objection]) -> tuple[dict[str, Any], tuple[str, ...]]:
    """What the document tells: its number put in order, facts the entry lacks; flags where the two disagree."""
    if not entry.document_number:
        return {}, ()
    if entry.document_kind not in ("", RESIDENT_ID):
        number = read_document(entry.document_kind, entry.document_number)
        if isinstance(number, Reason):
            objections.append(Objection("document_number", number))
            return {}, ()
        return {"document_number": number.number}, ()
    found = read_resident_id(entry.document_number, on=today)
    if isinstance(found, Reason):
        objections.append(Objection("document_number", found))
        return {}, ()
    flags = conflicts(found, sex=entry.sex, birth_date=entry.birth_date if _is_exact(entry) else None)
    return _told_by(found, entry), tuple(flag.kind for flag in flags)


def _is_exact(entry: Entry) -> bool:
    """Whether the stated birth date can disagree with a card at all."""
    return entry.birth_precision == "day" and not entry.birth_is_lunar and not entry.birth_is_uncertain


def _told_by(found: ResidentId, entry: Entry) -> dict[str, Any]:
    return {
        "document_kind": RESIDENT_ID,
        "document_number": found.number,
        "sex": entry.sex if entry.sex in ("1", "2") else found.sex,
        "birth_date": entry.birth_date or found.birth_date,
    }


def why_not_a_name(name: str) -> Reason | None:
    """Names have letters or characters, no digits, and fit the field."""
    if not name:
        return Reason("The name is empty. Enter it as on the ID card.")
    if len(name) > LONGEST_NAME:
        return Reason("The name has {length} characters; the limit is {limit}. Enter one person's name.",
                      length=len(name), limit=LONGEST_NAME)  # fmt: skip
    if any(character.isdigit() for character in name):
        return Reason("The name {name} has a digit in it. Enter the name alone.", name=name)
    return None


def why_not_a_birth_date(born: dt.date | None, today: dt.date, oldest: int = OLDEST) -> Reason | None:
    """Births lie in the past and within a human life."""
    if born is None:
        return None
    if born > today:
        return Reason("The birth date {born} lies in the future. Check the year.", born=born)
    if age_on(born, today) > oldest:
        return Reason("Born {born} would make {age} years; the limit is {limit}. Check the year.",
                      born=born, age=age_on(born, today), limit=oldest)  # fmt: skip
    return None


def why_not_dead(died_on: dt.date, born: dt.date | None, today: dt.date, *, is_dead: bool) -> Reason | None:
    """A death happens once, after the birth and not after today."""
    if is_dead:
        return Reason("This death is registered already. To change the day, take the registration back first.")
    if died_on > today:
        return Reason("The day of death {day} lies in the future. Check the date.", day=died_on)
    if born and died_on < born:
        return Reason("The day of death {day} lies before the birth on {born}. Check both.", day=died_on, born=born)
    return None


def why_not_revealed(reason: str) -> Reason | None:
    """Opening protected data needs a reason that somebody can understand later."""
    if len(reason.strip()) < LEAST_REASON:
        return Reason("The reason has {length} characters; at least {limit} are needed. The person may read it.",
                      length=len(reason.strip()), limit=LEAST_REASON)  # fmt: skip
    return None


def why_not_merged(*, same_file: bool, both_documents_valid_and_different: bool, is_merged: bool) -> Reason | None:
    """Two files become one unless their valid documents say that they are two persons."""
    if same_file:
        return Reason("Both are the same file. Choose the other one.")
    if is_merged:
        return Reason("One of the files is merged already. Undo that merge first.")
    if both_documents_valid_and_different:
        return Reason("The files carry two different valid documents, so they are two persons. "
                      "If one number was copied wrongly, correct it first.")  # fmt: skip
    return None


def why_not_transferred(*, from_county: int, to_county: int, is_dead: bool, is_on_the_way: bool) -> Reason | None:
    """Only living persons change counties, one journey at a time."""
    if is_dead:
        return Reason("The person is registered as dead. Take that back first if it was a mistake.")
    if is_on_the_way:
        return Reason("A transfer of this person is on its way already. Wait for the answer.")
    if from_county == to_county:
        return Reason("Both places lie in one county. Change the residence instead; no receipt is needed.")
    return None


def age_on(born: dt.date, day: dt.date) -> int:
    """Full years of age."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def changes(held: Entry, stated: Entry) -> dict[str, tuple[object, object]]:
    """Field -> (old, new) where a stated value differs from what is held. Empty values state nothing."""
    found: dict[str, tuple[object, object]] = {}
    for field in fields(Entry):
        old, new = getattr(held, field.name), getattr(stated, field.name)
        if field.name in ("categories", "other_names") or new == NOT_STATED[field.name] or old == new:
            continue
        if field.name == "birth_precision" and stated.birth_date in (None, held.birth_date):
            continue
        found[field.name] = (old, new)
    return _without_spelling(found)


def _without_spelling(found: dict[str, tuple[object, object]]) -> dict[str, tuple[object, object]]:
    """Another spelling of the same name (雲 for 云) is no change."""
    if "name" in found and name_key(str(found["name"][0])) == name_key(str(found["name"][1])):
        del found["name"]
    return found


def missing_categories(held: frozenset[str], stated: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
    """Stated categories a person is not yet in."""
    return tuple((category, grade) for category, grade in stated if category not in held)


def why_not_one_roof(*, same_person: bool, same_place: bool, is_dead: bool, is_merged: bool) -> Reason | None:
    """A household is people who live in one village under one roof."""
    if same_person:
        return Reason("This is the same person. Choose somebody else of the household.")
    if is_merged:
        return Reason("One of the files was merged into another. Open the other file and do it there.")
    if is_dead:
        return Reason("One of them is registered as dead. Take that back first if it was a mistake.")
    if not same_place:
        return Reason("They live in different villages. Record the move first, then the household.")
    return None


def why_not_a_member(
    *, is_head: bool, other_head: bool, since: dt.date | None, on: dt.date, today: dt.date
) -> Reason | None:
    """A household has one head; days run forward."""
    if on > today:
        return Reason("The day {day} lies in the future. Check the date.", day=on)
    if since and on < since:
        return Reason("The present household holds since {since}; a change cannot date from {on}.", since=since, on=on)
    if is_head and other_head:
        return Reason("This household has a head already. First state what the present head is to the new one.")
    return None


def why_not_a_guardian(*, proof: str, scope: str, valid_from: dt.date, valid_to: dt.date | None) -> Reason | None:
    """A guardian acts on a proof, for something, for a time that can be."""
    if not proof.strip():
        return Reason("A guardian acts on a proof: name the document, its number and date.")
    if not scope.strip():
        return Reason("Say what the guardian may decide: everyday care, money, medical matters.")
    if valid_to and valid_to < valid_from:
        return Reason("The end {end} lies before the beginning {start}. Check both.", end=valid_to, start=valid_from)
    return None


def why_not_ended(*, on: dt.date, since: dt.date, today: dt.date) -> Reason | None:
    """What ends has begun, and ends today at the latest."""
    if on > today:
        return Reason("The day {day} lies in the future. Check the date.", day=on)
    if on < since:
        return Reason("It began on {since}; it cannot end on {on}.", since=since, on=on)
    return None


def why_not_a_consent(*, items: Sequence[str], method: str, witness: str, has_guardian: bool) -> Reason | None:
    """A consent names what it covers; read aloud it needs a witness, from a guardian it needs the guardian."""
    if not items:
        return Reason("A consent names what it covers. Choose at least one item.")
    if method == "read_aloud" and not witness.strip():
        return Reason("A consent that was read aloud needs a witness. Name who heard the person agree.")
    if method == "guardian" and not has_guardian:
        return Reason("Choose the guardian who signed. If none is listed, record the guardian first.")
    return None


def consent_ends(valid_from: dt.date, valid_to: dt.date | None, months: int) -> dt.date:
    """The last day on which a consent counts: as stated, else so many months after it was given."""
    return valid_to or months_after(valid_from, months)


def months_after(day: dt.date, months: int) -> dt.date:
    """The same day so many months later (before, when negative), or the last day of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return dt.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def why_not_explained(reason: str) -> Reason | None:
    """What takes something back says why, in words that somebody understands later."""
    if len(reason.strip()) < LEAST_REASON:
        return Reason("The reason has {length} characters; at least {limit} are needed.",
                      length=len(reason.strip()), limit=LEAST_REASON)  # fmt: skip
    return None


def why_not_a_sign(kind: str, at: dt.datetime, now: dt.datetime, kinds: Sequence[str]) -> Reason | None:
    """A sign of life is of a known kind and has happened; a clock may be a few minutes fast."""
    if kind not in kinds:
        return Reason("{kind} is no kind of sign of life. Known are: {kinds}.", kind=kind, kinds=", ".join(kinds))
    if at - now > FAST_CLOCK:
        return Reason("The sign of life of {at} lies ahead of the present {now}. Check the clock.", at=at, now=now)
    return None


def stays_first(*, has_document: tuple[bool, bool], opened_at: tuple[dt.datetime, dt.datetime]) -> bool:
    """Which of two files of one person should stay: the one with a document, else the one opened first."""
    if has_document[0] != has_document[1]:
        return has_document[0]
    return opened_at[0] <= opened_at[1]
