"""Reads of the register: search, lists by filters, one person with the union of merged files, who looked."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet, Subquery

from yinling.engines.codes.phone import read_phone
from yinling.engines.codes.resident_id import ResidentId, read_resident_id
from yinling.kernel.actors import WHOLE_CITY, Actor, KeyRange
from yinling.kernel.crypto import blinds
from yinling.kernel.models import Change
from yinling.kernel.names import normalise_pinyin
from yinling.kernel.scope import within
from yinling.people import search
from yinling.people.cards import DOCUMENT, PHONE, document_text
from yinling.people.events import ProtectedLooked
from yinling.people.models import Category, Doubt, Inquiry, Kin, Membership, Merge, Person, Transfer
from yinling.people.models.person import PersonQuerySet
from yinling.people.permissions import People
from yinling.people.rules import RESIDENT_ID
from yinling.places.queries import key_ranges

PAGE = 50
MOST_UNDER_A_ROOF = 20
MOST_YEARS = 130
MOST_HELD_BACK = 500  # looks of an open inquiry that the receipt reads past
MOST_NAMESAKES = 500  # persons of one number that are looked at: a cadre's telephone stands in many files
OTHER_KINDS = (RESIDENT_ID, "temporary", "passport", "hmt_residence", "foreigner_residence")
LATIN = re.compile(r"[A-Za-z ']+")
NUMBER = re.compile(r"[0-9A-Za-z*-]*\d{4,}[0-9A-Za-z-]*")
OPEN_CATEGORIES = Prefetch(
    "categories",
    Category.objects.filter(valid_to__isnull=True, superseded_at__isnull=True).order_by("category"),
    to_attr="open_categories",
)


@dataclass(frozen=True)
class Filters:
    """A combination of filters over persons. Empty means: any. `born_from` and `born_to` are years, inclusive."""

    text: str = ""
    place_key: int = 0
    categories: tuple[str, ...] = ()
    sex: str = ""
    living_arrangement: str = ""
    life_status: str = "alive"
    born_from: int | None = None
    born_to: int | None = None


@dataclass(frozen=True)
class Found:
    """One page of a list: persons in order of file id, and where the neighbours begin."""

    persons: Sequence[Person]
    next_after: int | None = None
    previous_before: int | None = None
    by_number: bool = field(default=False)


def find_persons(filters: Filters, *, by: Actor, after: int = 0, before: int | None = None, size: int = PAGE) -> Found:
    """Persons the actor may see, by name, part of a name, reading, initials, number or any filter. At most
    three statements, whatever the size of the register."""
    if is_number(filters.text):
        return Found(list(_with_number(filters.text.replace(" ", ""), by)), by_number=True)
    question = question_of(filters, by)
    if question is None:
        return Found(())
    ids = search.find(question, after=after, limit=size + 1, backwards_from=before)
    return _page(ids, after, before, size)


def is_number(text: str) -> bool:
    """Whether somebody typed an ID or a telephone number, whole or nearly so."""
    return NUMBER.fullmatch(text.replace(" ", "")) is not None


def _page(ids: list[int], after: int, before: int | None, size: int) -> Found:
    more = len(ids) > size
    ids = (ids[-size:] if before is not None else ids[:size]) if more else ids
    persons = {p.pk: p for p in Person.objects.filter(pk__in=ids).prefetch_related(OPEN_CATEGORIES)}
    has_next = more if before is None else True
    has_previous = after > 0 if before is None else more
    return Found(
        [persons[i] for i in ids if i in persons],
        ids[-1] if ids and has_next else None,
        ids[0] if ids and has_previous else None,
    )


def question_of(filters: Filters, by: Actor) -> search.Question | None:
    """The filters as one question to the index; None when the actor sees no division at all."""
    ranges = tuple(by.key_ranges(People.SEARCH))
    if not ranges:
        return None
    if filters.place_key:
        ranges = _shared(key_ranges([filters.place_key]), ranges)
    question = search.Question()
    if (scope := search.scope_tokens(ranges)) is not None:
        question = question.and_(*scope)
    if filters.text:
        question = question.and_(_text_alternative(filters.text))
    for category in filters.categories:
        question = question.and_(search.category_token(category))
    if filters.sex:
        question = question.and_(f"s{filters.sex}")
    if filters.living_arrangement:
        question = question.and_(search.arrangement_token(filters.living_arrangement))
    if filters.born_from or filters.born_to:
        question = question.and_(*_years(filters))
    return question.and_(f"l{filters.life_status}") if filters.life_status else question.and_("lalive", "ldead")


def _shared(wanted: Iterable[KeyRange], held: Iterable[KeyRange]) -> tuple[KeyRange, ...]:
    """What lies in both lists of ranges."""
    both = [(max(low, first), min(high, last)) for low, high in wanted for first, last in held]
    return tuple((low, high) for low, high in both if low <= high)


def _text_alternative(text: str) -> str:
    latin = LATIN.fullmatch(text)
    return search.prefix(normalise_pinyin(text)) if latin else search.phrase(text)


def _years(filters: Filters) -> list[str]:
    last = filters.born_to or (filters.born_from or 0) + MOST_YEARS
    first = filters.born_from or last - MOST_YEARS
    return [f"b{year}" for year in range(first, min(last, first + MOST_YEARS) + 1)]


def _with_number(text: str, by: Actor) -> QuerySet[Person]:
    """Persons whose document, phone or contact's phone is this number. A valid resident ID can be nothing else."""
    found = read_resident_id(text)
    if isinstance(found, ResidentId):
        matched = Person.objects.filter(document_index__in=blinds(DOCUMENT, document_text(RESIDENT_ID, found.number)))
    else:
        matched = _with_other_number(text)
    return matched.visible_to(by).prefetch_related(OPEN_CATEGORIES)[:PAGE]


def _with_other_number(text: str) -> PersonQuerySet:
    """By another document, by one's own telephone, or by that of a contact: each index is asked by itself,
    because PostgreSQL reads the whole table for one question that joins them with OR."""
    documents = [index for kind in OTHER_KINDS for index in blinds(DOCUMENT, document_text(kind, text.upper()))]
    phones = blinds(PHONE, getattr(read_phone(text), "number", text))
    contacts = Kin.objects.filter(phone_index__in=phones, ended_at__isnull=True)
    ids = {
        *Person.objects.filter(document_index__in=documents).values_list("pk", flat=True)[:MOST_NAMESAKES],
        *Person.objects.filter(phone_index__in=phones).values_list("pk", flat=True)[:MOST_NAMESAKES],
        *contacts.values_list("person_id", flat=True)[:MOST_NAMESAKES],
    }
    return Person.objects.filter(pk__in=ids)


def person_page(uid: UUID, by: Actor) -> Person:
    """One person the actor may see, with household and categories. Raises NotFound."""
    persons = Person.objects.visible_to(by).select_related("household", "canonical").prefetch_related(OPEN_CATEGORIES)
    return persons.annotate(has_merged=Exists(Person.objects.filter(canonical=OuterRef("pk")))).one(uid=uid)


def person_for_panel(uid: UUID, by: Actor) -> Person:
    """The same person for a panel, which needs less: one statement. Raises NotFound."""
    merged = Exists(Person.objects.filter(canonical=OuterRef("pk")))
    return Person.objects.visible_to(by).select_related("household").annotate(has_merged=merged).one(uid=uid)


def _stands_alone(person: Person) -> bool:
    """Whether it is known already that the file is not merged with any: nearly always, and then nobody need ask."""
    return person.canonical_id is None and getattr(person, "has_merged", None) is False


def file_ids(person: Person) -> list[int]:
    """The file and those merged with it: what a page shows is their union."""
    if _stands_alone(person):
        return [person.pk]
    root = person.canonical_id or person.pk
    return [root, *Person.objects.filter(canonical_id=root).values_list("pk", flat=True)]


def file_uids(person: Person) -> list[UUID]:
    """The uids of the file and of those merged with it."""
    if _stands_alone(person):
        return [person.uid]
    root = person.canonical_id or person.pk
    return list(Person.objects.filter(Q(pk=root) | Q(canonical_id=root)).values_list("uid", flat=True))


def looks_at(person: Person, limit: int = 20) -> list[Change]:
    """The access receipt: who opened protected data of this person and why, newest first.

    Looks during an abuse inquiry are left out until the inquiry is closed.
    """
    changes = Change.objects.filter(type=ProtectedLooked.kind, subject_uid__in=file_uids(person)).order_by("-id")
    looks = list(changes[: limit + MOST_HELD_BACK])
    named = {look.data["inquiry"] for look in looks if look.data.get("inquiry")}
    closed = Inquiry.objects.filter(uid__in=named, closed_at__isnull=False) if named else Inquiry.objects.none()
    shown = {"", *map(str, closed.values_list("uid", flat=True))}
    return [look for look in looks if look.data.get("inquiry", "") in shown][:limit]


def looks_under(inquiry: Inquiry) -> list[Change]:
    """What was opened under an inquiry, newest first, for those who conduct it."""
    looks = Change.objects.filter(type=ProtectedLooked.kind, subject_uid__in=file_uids(inquiry.person)).order_by("-id")
    return [look for look in looks[:MOST_HELD_BACK] if look.data.get("inquiry", "") == str(inquiry.uid)]


def household_of(person: Person, by: Actor) -> list[Person]:
    """The others under the same roof whom the actor may see, each with `relation` to the head. One query."""
    if person.household_id is None:
        return []
    held = Membership.objects.filter(person=OuterRef("pk"), valid_to__isnull=True, superseded_at__isnull=True)
    members = Person.objects.visible_to(by).current().filter(household=person.household_id).order_by("pk")
    return list(members.annotate(relation=Subquery(held.values("relation")[:1]))[:MOST_UNDER_A_ROOF])


def merged_into(person: Person, by: Actor) -> list[Merge]:
    """The merges that made other files part of this one, to look at and to undo. One query, and none for most."""
    if _stands_alone(person):
        return []
    merges = Merge.objects.visible_to(by).filter(into=person, undone_at__isnull=True)
    return list(merges.select_related("person").order_by("id"))


def history_of(person: Person, limit: int = 30) -> list[Change]:
    """What happened to the file, newest first, without looks."""
    changes = Change.objects.filter(subject_uid__in=file_uids(person), subject_kind="person")
    return list(changes.exclude(type=ProtectedLooked.kind).order_by("-id")[:limit])


def open_doubts(by: Actor) -> QuerySet[Doubt]:
    """Records that wait for the actor to say who they are."""
    return Doubt.objects.visible_to(by, People.EDIT).filter(state=Doubt.OPEN).select_related("candidate")


def transfers_of(by: Actor) -> QuerySet[Transfer]:
    """Transfers sent from, or to, the actor's divisions."""
    ranges = tuple(by.key_ranges(People.TRANSFER))
    if ranges == WHOLE_CITY:
        return Transfer.objects.select_related("person")
    sides = Q(pk__in=[])
    for low, high in ranges:
        sides |= Q(from_key__range=(low, high)) | Q(to_key__range=(low, high))
    return Transfer.objects.filter(sides).select_related("person")


def persons_by_uid(uids: Iterable[UUID], by: Actor) -> dict[UUID, Person]:
    """Persons the actor may see, by uid: labels for work items and lists. One query."""
    return {person.uid: person for person in Person.objects.visible_to(by).filter(uid__in=list(uids))}


def births_by_place(key: int, last: int, by: Actor) -> dict[int, dict[int, int]]:
    """Place -> year of birth -> living persons on file, for place keys from `key` to `last` that the actor sees. One
    statement. Whole divisions only: what a grant opens is not counted."""
    living = Person.objects.current().living().filter(place_key__range=(key, last), birth_date__isnull=False)
    found: dict[int, dict[int, int]] = {}
    rows = living.filter(within(by.key_ranges())).values_list("place_key", "birth_date__year")
    for place, year, count in rows.annotate(count=Count("pk")).order_by():
        found.setdefault(place, {})[year] = count
    return found
