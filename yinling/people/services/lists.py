"""What lists of departments tell: stays in hospital, registered residences, who stands on an edition and who left it.

Leaving a list opens a check. It ends no category and no benefit: that is for whoever has looked.
"""

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_noop as _

from yinling.kernel.actors import Actor, require
from yinling.kernel.changes import record
from yinling.kernel.clock import civil_date, now
from yinling.kernel.crypto import seal
from yinling.kernel.errors import Refused
from yinling.kernel.reasons import Reason
from yinling.kernel.scope import within
from yinling.kernel.uids import Uid, new_uid
from yinling.people.events import HospitalStayRecorded, ListJudged, ResidenceRegistered
from yinling.people.models import HospitalStay, ListEdition, ListEntry, ListFile, Person, Residence
from yinling.people.models.lists import stay_where
from yinling.people.permissions import People
from yinling.people.rosters.rules import Judgement, Standing, judge, why_not_in_hospital, why_not_registered_there
from yinling.places.models import Level
from yinling.places.queries import key_ranges, place_named, tree
from yinling.reference.queries import add_working_days, parameter, words
from yinling.worklist.models import NextStep, Subject, WorkItem
from yinling.worklist.services import close_item, open_item, void_item

LEFT_LIST = "people.left_list"  # the kind of duty
BACK_ON_THE_LIST, FIND_OUT_WHY = _("Back on the list"), _("Find out why")
AT_ONCE = 20  # duties per transaction: others want to write too
LIST_CODES = {"disabled": "disability"}  # registers whose list has another code


@transaction.atomic
def record_hospital_stay(
    *, uid: Uid, hospital: str, admitted_on: dt.date, discharged_on: dt.date | None, by: Actor, source: str
) -> HospitalStay:
    """A stay in hospital as a list tells it. A later word on an admission supersedes; the same again is harmless."""
    person = Person.objects.visible_to(by).select_for_update().one(uid=uid)
    require(by, People.EDIT, person.place_key)
    objection = why_not_in_hospital(
        admitted_on=admitted_on, discharged_on=discharged_on, born=person.birth_date, died_on=person.died_on,
        today=civil_date(),
    )  # fmt: skip
    if objection:
        raise Refused(objection, field="admitted_on")
    told = HospitalStay.objects.filter(person=person, admitted_on=admitted_on, superseded_at__isnull=True).first()
    if told is not None and told.hospital() == hospital and told.discharged_on == discharged_on:
        return told
    if told is not None:
        told.superseded_at = now()
        told.save(update_fields=["superseded_at"])
    stay_uid = new_uid()
    stay = HospitalStay.objects.create(
        uid=stay_uid, person=person, hospital_sealed=seal(hospital, stay_where(stay_uid)), admitted_on=admitted_on,
        discharged_on=discharged_on, source=source,
    )  # fmt: skip
    record(HospitalStayRecorded(uid=person.uid), by=by, place_key=person.place_key, reason=source)
    return stay


@transaction.atomic
def record_registered_residence(*, uid: Uid, to_key: int, on: dt.date, by: Actor, source: str) -> Person:
    """Where the household is registered from a day on. Where the person lives is another matter (`move_person`)."""
    person = Person.objects.visible_to(by).select_for_update().one(uid=uid)
    require(by, People.EDIT, person.place_key)
    place_named(to_key)
    held = Residence.objects.filter(
        person=person, kind=Residence.REGISTERED, valid_to__isnull=True, superseded_at__isnull=True
    ).first()
    if held is not None and held.place_key == to_key:
        return person
    if objection := why_not_registered_there(on=on, since=held.valid_from if held else None, today=civil_date()):
        raise Refused(objection)
    if held is not None:
        if on == held.valid_from:
            held.superseded_at = now()
        else:
            held.valid_to = on
        held.save()
    Residence.objects.create(person=person, kind=Residence.REGISTERED, place_key=to_key, valid_from=on)
    person.registered_place_key, person.updated_at = to_key, now()
    person.save(update_fields=["registered_place_key", "updated_at"])
    record(ResidenceRegistered(uid=person.uid, to_key=to_key), by=by, place_key=person.place_key, reason=source)
    return person


@dataclass(frozen=True)
class ListedRow:
    """One row of an edition: the person on file it is about, or the name it carries; the village it names (0: none)."""

    person_id: int | None
    name_key: str
    place_key: int


@transaction.atomic
def note_rows(
    *, register: str, place_key: int, month: dt.date, import_uid: UUID, source: str, rows: Iterable[ListedRow]
) -> ListEdition:
    """Put rows onto the edition of a month and division. A person stands there once, however often a file says so."""
    edition, _is_new = ListEdition.objects.get_or_create(
        register=register, place_key=place_key, month=month, defaults={"source": source}
    )
    entries = [
        ListEntry(
            edition=edition, person_id=row.person_id, name_key="" if row.person_id else row.name_key,
            place_key=row.place_key,
        )
        for row in rows
    ]  # fmt: skip
    ListFile.objects.get_or_create(import_uid=import_uid, defaults={"edition": edition})
    ListEntry.objects.bulk_create(entries, ignore_conflicts=True)
    return edition


def judge_edition(*, import_uid: UUID, by: Actor) -> ListEdition | None:
    """Compare the edition a file belongs to with what stood before: open a check for whoever left, close that of
    whoever is back. In short transactions; twice is harmless. None when the file is no followed list."""
    edition = ListEdition.objects.filter(files__import_uid=import_uid).first()
    if edition is None:
        return None
    present = _present(edition)
    judged = _judge(edition, present)
    persons = Person.objects.filter(pk__in=judged.left).exclude(life_status=Person.DEAD).order_by("pk")
    checked = set(WorkItem.objects.filter(kind=LEFT_LIST, key=_key(edition)).values_list("subject_uid", flat=True))
    new = [person for person in persons if person.uid not in checked]
    for start in range(0, len(new), AT_ONCE):
        _open_checks(new[start : start + AT_ONCE], edition, by)
    _close_checks(edition, present, by)
    return _keep(edition, judged, len(persons), by)


def drop_checks(*, uid: UUID, by: Actor) -> int:
    """A death explains why somebody is on no list any more: nobody need check. Returns how many fell away."""
    return void_item(kind=LEFT_LIST, subject=Subject("person", uid), by=by)


def _judge(edition: ListEdition, present: set[int]) -> Judgement:
    unit_of, mine = _units(edition), within(key_ranges([edition.place_key]))
    here = ListEntry.objects.filter(edition=edition)
    rows = Counter(unit_of(key) for key in here.filter(mine).values_list("place_key", flat=True))
    unread = set(here.filter(person__isnull=True).values_list("name_key", flat=True)) - {""}
    least = int(parameter("department_list.least_share_percent"))
    newer = ListEdition.objects.filter(register=edition.register, month__gt=edition.month)
    overtaken = {unit for covered in newer.values_list("covered", flat=True) for unit in covered}
    open_rows = Counter({unit: count for unit, count in rows.items() if not overtaken & set(_line(unit))})
    return judge(_standing(edition, unit_of), present, open_rows, unread, least_share_percent=least)


def _units(edition: ListEdition) -> Callable[[int], int]:
    """What counts as covered or not: each township, or the village that a village's own list is about."""
    places = tree()
    if places.divisions[edition.place_key].level == Level.VILLAGE:
        return lambda key: key

    def township(key: int) -> int:
        found = places.above(key, Level.TOWNSHIP)
        return found.key if found else key

    return township


def _line(unit: int) -> tuple[int, ...]:
    return tree().lines.get(unit, (unit,))


def _present(edition: ListEdition) -> set[int]:
    """Everybody on this month's list, whichever division sent it, by the file that stands for them."""
    entries = ListEntry.objects.filter(edition__register=edition.register, edition__month=edition.month)
    pairs = entries.filter(person__isnull=False).values_list("person_id", "person__canonical_id")
    return {canonical or person for person, canonical in pairs}


def _standing(edition: ListEdition, unit_of: Callable[[int], int]) -> dict[int, Standing]:
    """Who stood on the list before: for each unit, on the last edition that covered it and those since."""
    earlier = list(ListEdition.objects.filter(register=edition.register, month__lt=edition.month).order_by("month"))
    months = {one.pk: one.month for one in earlier}
    entries = ListEntry.objects.filter(within(key_ranges([edition.place_key])), edition__in=earlier)
    rows = entries.filter(person__isnull=False).order_by("edition__month", "id").values_list(
        "person_id", "person__canonical_id", "person__name_key", "place_key", "edition_id"
    )  # fmt: skip
    bases: dict[int, ListEdition | None] = {}
    found: dict[int, Standing] = {}
    for person, canonical, name, place, listed_in in rows:
        unit, month = unit_of(place), months[listed_in]
        if unit not in bases:
            bases[unit] = next((one for one in reversed(earlier) if set(_line(unit)) & set(one.covered)), None)
        base = bases[unit]
        root = canonical or person
        if base is None or month >= base.month or root in base.unclear:
            found[root] = Standing(unit, name)
    return found


def _key(edition: ListEdition) -> str:
    return f"{edition.register}:{edition.month:%Y-%m}"


@transaction.atomic
def _open_checks(persons: list[Person], edition: ListEdition, by: Actor) -> None:
    due = add_working_days(now(), int(parameter("department_list.check_working_days")))
    listed = words("department_list", LIST_CODES.get(edition.register, edition.register))
    for person in persons:
        open_item(
            kind=LEFT_LIST, subject=Subject("person", person.uid), key=_key(edition), place_key=person.place_key,
            role="township_clerk", ladder_key="review", due_at=due, by=by,
            title=Reason("No longer on the list: {list} of {month}", list=listed, month=f"{edition.month:%Y-%m}"),
            why=Reason("Whoever leaves a list keeps what they have until somebody has checked why."),
            next_step=NextStep(FIND_OUT_WHY, "people:person", (str(person.uid),)),
        )  # fmt: skip


def _close_checks(edition: ListEdition, present: set[int], by: Actor) -> None:
    """Close the checks, of this month or before, about whoever stands on the edition."""
    waiting = WorkItem.objects.open().filter(kind=LEFT_LIST, key__startswith=f"{edition.register}:")
    about = {(item.subject_uid, item.key) for item in waiting if item.key <= _key(edition)}
    uids = Person.objects.filter(pk__in=present, uid__in=[uid for uid, _month in about]).values_list("uid", flat=True)
    back = set(uids)
    closing = sorted((uid, key) for uid, key in about if uid in back)
    for start in range(0, len(closing), AT_ONCE):
        with transaction.atomic():
            for uid, key in closing[start : start + AT_ONCE]:
                close_item(kind=LEFT_LIST, subject=Subject("person", uid), key=key, by=by, result=BACK_ON_THE_LIST)


@transaction.atomic
def _keep(edition: ListEdition, judged: Judgement, left: int, by: Actor) -> ListEdition:
    edition.covered, edition.not_covered = sorted(judged.covered), sorted(judged.not_covered)
    edition.unclear, edition.left, edition.judged_at = sorted(judged.unclear), left, now()
    edition.save()
    event = ListJudged(uid=edition.uid, register=edition.register, month=f"{edition.month:%Y-%m}", left=left)
    record(event, by=by, place_key=edition.place_key, reason=edition.source)
    return edition
