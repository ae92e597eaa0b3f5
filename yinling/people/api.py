"""Persons for programs: find, read, open and correct a file, register a death. Always masked; reading leaves a line."""

import dataclasses
import datetime as dt
from typing import Annotated, Any, Literal
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from ninja import Query, Schema, Status
from pydantic import Field, StringConstraints

from yinling.kernel.actors import Actor, require
from yinling.kernel.clock import civil_date
from yinling.kernel.errors import Refused
from yinling.people import services
from yinling.people.cards import entry_of
from yinling.people.matching import matches
from yinling.people.models import Person
from yinling.people.permissions import People
from yinling.people.presenting import person_rows
from yinling.people.queries import OPEN_CATEGORIES, Filters, find_persons, person_page, persons_by_uid
from yinling.people.rules import Entry, check
from yinling.reference.queries import choices, has_list
from yinling.web.api.frame import (
    Answered,
    ApiRequest,
    Asked,
    Code,
    Line,
    Paged,
    PlaceKey,
    Word,
    router,
    told,
)
from yinling.web.api.problems import problem
from yinling.web.sentences import sentence

people = router(_("Elders"))
# Fields whose values are codes of the list of the same name.
CODED = {"sex", "ethnic_group", "marital_state", "education", "living_arrangement", "document_kind"}
Year = Annotated[int, Field(ge=1850, le=2200)]


class PersonOut(Schema):
    """A person, masked. Codes are those of the code lists; `place` is the path of the residence in words."""

    uid: UUID
    name: str
    sex: str
    birth_date: dt.date | None
    birth_precision: str
    age: int | None
    document: str
    phone: str
    place_key: int
    place: str
    categories: list[str]
    life_status: str
    died_on: dt.date | None
    updated_at: dt.datetime


class PersonFile(PersonOut):
    """The card. `merged_into`: the file of the same person that is kept up."""

    registered_place_key: int | None
    ethnic_group: str
    marital_state: str
    education: str
    living_arrangement: str
    merged_into: UUID | None


class PersonsAsked(Paged):
    """Name, a part of it, pinyin, initials, resident ID or telephone; and filters, which are combined."""

    q: Word = ""
    place: PlaceKey | None = None
    category: Code = ""
    sex: Literal["", "0", "1", "2", "9"] = ""
    living: Code = ""
    status: Literal["alive", "dead", "any"] = "alive"
    born_from: Year | None = None
    born_to: Year | None = None

    def filters(self) -> Filters:
        """As the list of the pages reads them."""
        return Filters(
            text=self.q.strip(), place_key=self.place or 0, categories=(self.category,) if self.category else (),
            sex=self.sex, living_arrangement=self.living, life_status="" if self.status == "any" else self.status,
            born_from=self.born_from, born_to=self.born_to,
        )  # fmt: skip


class EntryIn(Asked):
    """What is stated of a person. Empty means: not stated, never: erase."""

    name: Word = ""
    sex: Literal["", "0", "1", "2", "9"] = ""
    birth_date: dt.date | None = None
    birth_is_lunar: bool = False
    birth_is_uncertain: bool = False
    document_kind: Code = ""
    document_number: Annotated[str, StringConstraints(max_length=30, pattern=r"^[0-9A-Za-z()（）-]*$")] = ""
    phone: Annotated[str, StringConstraints(max_length=30, pattern=r"^[0-9 +-]*$")] = ""
    address: Annotated[str, StringConstraints(max_length=80, pattern=r"^[^\x00-\x1f\x7f]*$")] = ""
    registered_place_key: PlaceKey | None = None
    ethnic_group: Annotated[str, StringConstraints(max_length=2, pattern=r"^[0-9A-Za-z]*$")] = ""
    marital_state: Annotated[str, StringConstraints(max_length=2, pattern=r"^[0-9A-Za-z]*$")] = ""
    education: Annotated[str, StringConstraints(max_length=2, pattern=r"^[0-9A-Za-z]*$")] = ""
    living_arrangement: Annotated[str, StringConstraints(max_length=20, pattern=r"^[0-9A-Za-z_]*$")] = ""

    def stated(self) -> dict[str, Any]:
        """The fields that say something, with codes checked against their lists."""
        said = {name: value for name, value in self.model_dump().items() if name in ENTRY_FIELDS and value}
        for name in CODED & said.keys():
            known = [code for code, _words in choices(name)] if has_list(name) else [said[name]]
            if said[name] not in known:
                raise Refused(
                    "{value} is no code of the list {list}. Known are: {known}.",
                    field=name, value=said[name], list=name, known=known,
                )  # fmt: skip
        return said


ENTRY_FIELDS = {field.name for field in dataclasses.fields(Entry)}


class NewPerson(EntryIn):
    """A person to open a file for, in the village where they live. `is_new_for_sure`: after a look at those alike."""

    name: Annotated[str, StringConstraints(min_length=1, max_length=60, pattern=r"^[^\x00-\x1f\x7f]*$")]
    place_key: PlaceKey
    is_new_for_sure: bool = False


class Correction(EntryIn):
    """What the card should say, and why."""

    reason: Line = ""


class DeathIn(Asked):
    """A death, and where the news comes from."""

    died_on: dt.date
    reason: Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f]*$")]


class Outcome(Schema):
    """What became of an entry: created, updated (which fields) or unchanged."""

    outcome: Literal["created", "updated", "unchanged"]
    fields: list[str] = []
    person: PersonFile


class Resembling(Schema):
    """The answer when somebody on file resembles the entry, or carries its document. Nothing was written."""

    status: int
    detail: str
    next_step: str
    outcome: Literal["resembles"]
    resembling: list[PersonOut]


def _person(person: Person) -> dict[str, Any]:
    row = person_rows([person])[0]
    return {
        "uid": person.uid, "name": row.name, "sex": person.sex, "birth_date": person.birth_date,
        "birth_precision": person.birth_precision, "age": row.age, "document": row.document, "phone": row.phone,
        "place_key": person.place_key, "place": row.place,
        "categories": [one.category for one in getattr(person, "open_categories", ())],
        "life_status": person.life_status, "died_on": person.died_on, "updated_at": person.updated_at,
    }  # fmt: skip


def _file(person: Person) -> PersonFile:
    return PersonFile(
        **_person(person), registered_place_key=person.registered_place_key, ethnic_group=person.ethnic_group,
        marital_state=person.marital_state, education=person.education,
        living_arrangement=person.living_arrangement,
        merged_into=person.canonical.uid if person.canonical else None,
    )  # fmt: skip


def _written(person: Person) -> PersonFile:
    """The file after a write, read again: whoever wrote may see it no longer (a death ends grants)."""
    again = Person.objects.select_related("canonical").prefetch_related(OPEN_CATEGORIES)
    return _file(again.get(pk=person.pk))


def leave_a_line(person: Person, by: Actor) -> None:
    """Reading a file from outside stands in its access receipt."""
    reason = gettext("Read by a program: {who}").format(who=by.label)
    services.look(person=person, items=(), by=by, reason=reason)


@people.get("/persons", response=Answered[PersonOut], **told(_("Find elders"), People.SEARCH))
def find(request: ApiRequest, asked: Query[PersonsAsked]) -> Answered[PersonOut]:
    """The search of the pages, in the token's divisions. A whole number gives one page."""
    require(request.auth, People.SEARCH)
    if asked.after and not asked.after.isdecimal():
        raise Refused("{after} is no page of this list. Begin without it.", field="after", after=asked.after[:40])
    after = min(int(asked.after or 0), 2**63 - 1)
    found = find_persons(asked.filters(), by=request.auth, after=after, size=asked.size)
    items = [PersonOut(**_person(person)) for person in found.persons[: asked.size]]
    return Answered(items=items, next=str(found.next_after or ""))


@people.get("/persons/{uuid:uid}", response=PersonFile, **told(_("Read one file"), People.READ))
def read(request: ApiRequest, uid: UUID) -> PersonFile:
    """The card, masked. The person can see that it was read."""
    require(request.auth, People.READ)
    person = person_page(uid, request.auth)
    leave_a_line(person, request.auth)
    return _file(person)


@people.post("/persons", response={201: Outcome, 409: Resembling}, **told(_("Open a file"), People.REGISTER))
def register(request: ApiRequest, new: NewPerson) -> Any:
    """A new person, unless somebody on file resembles them: then nothing is written and those alike are named."""
    require(request.auth, People.REGISTER)
    entry = Entry(**new.stated())
    try:
        person = services.register_person(
            entry=entry, by=request.auth, source=_source(request), is_new_for_sure=new.is_new_for_sure
        )
    except Refused as refusal:
        if refusal.field not in ("match", "document_number"):
            raise
        return _resembling(refusal, entry, request.auth)
    return Status(201, Outcome(outcome="created", person=_written(person)))


def _source(request: ApiRequest) -> str:
    return f"api: {request.auth.token.name}"


def _resembling(refusal: Refused, entry: Entry, by: Actor) -> HttpResponse:
    found = matches(check(entry, civil_date()).entry)
    mine = persons_by_uid([match.person.uid for match in found], by)
    alike = [PersonOut(**_person(person)).model_dump(mode="json") for person in mine.values()]
    return problem(
        409, sentence(refusal),
        gettext("Correct the person on file, or send is_new_for_sure when it is somebody else."),
        more={"outcome": "resembles", "resembling": alike},
    )  # fmt: skip


@people.patch("/persons/{uuid:uid}", response=Outcome, **told(_("Correct a file"), People.EDIT))
def correct(request: ApiRequest, uid: UUID, said: Correction) -> Outcome:
    """Change what is stated otherwise than the card; old and new values are kept."""
    require(request.auth, People.EDIT)
    before = entry_of(person_page(uid, request.auth))
    entry = dataclasses.replace(before, **said.stated())
    person = services.correct_person(uid=uid, entry=entry, by=request.auth, source=_source(request), reason=said.reason)
    after = entry_of(person)
    fields = sorted(name for name in ENTRY_FIELDS if getattr(before, name) != getattr(after, name))
    return Outcome(outcome="updated" if fields else "unchanged", fields=fields, person=_written(person))


@people.post("/persons/{uuid:uid}/death", response=PersonFile, **told(_("Register a death"), People.REGISTER_DEATH))
def death(request: ApiRequest, uid: UUID, said: DeathIn) -> PersonFile:
    """One verb stops everything: benefits, stays, visits and access hear of it."""
    require(request.auth, People.REGISTER_DEATH)
    person = services.register_death(
        uid=uid, died_on=said.died_on, by=request.auth, source=_source(request), reason=said.reason
    )
    return _written(person)
