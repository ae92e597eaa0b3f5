"""Lists of departments: deaths; who is destitute, of low income, disabled; stays in hospital; residence.

A row states one dated fact about somebody on file, with the list as its source. Lists of members come in editions
(`editions`): whoever is missing from the next one is checked by a person, and loses nothing by the list alone.
"""

import datetime as dt
from collections.abc import Callable
from typing import Any, NamedTuple

from django.db import transaction
from django.utils.translation import gettext_noop as _

from yinling.kernel.actors import WHOLE_CITY
from yinling.kernel.errors import Refused
from yinling.kernel.reasons import Reason
from yinling.people.matching import SURE, Match, batch_matches
from yinling.people.models import Category, HospitalStay, Person
from yinling.people.parameters import oldest_plausible_age
from yinling.people.permissions import People
from yinling.people.rosters.editions import aftermath_of, keep_on_record
from yinling.people.rosters.elders import FIELDS, Row, finder_for, outcome_of, solar_or_first
from yinling.people.rosters.links import TITLES, link_of
from yinling.people.rosters.words import PlaceFinder, code_of
from yinling.people.rules import Checked
from yinling.people.services import RowOutcome, join_category, move_person, register_death
from yinling.people.services.lists import record_hospital_stay, record_registered_residence
from yinling.spreadsheets.outcomes import Outcome
from yinling.spreadsheets.registers import Context, Register
from yinling.spreadsheets.rules.columns import CleanBatch
from yinling.spreadsheets.rules.fields import Field, Kind, Level

WHO = tuple(
    field for field in FIELDS if field.key in ("name", "document_number", "township", "village", "phone", "sex")
)
WHO_BY_NUMBER = tuple(field for field in WHO if field.key not in ("township", "village"))
FEW = 25  # rows per transaction: each is a service call of its own, and others want to write too
HELD_BACK = Reason("Nothing was entered, because the row is in doubt.")
ENTER_BY_HAND = Reason("Open the file, and enter the fact there if it is the same person.")
CHANGED_BY_ROWS = ["life_status", "died_on", "place_key", "registered_place_key"]
CHECK = Reason("Check the row with its source.")
Act = Callable[[Row, Person, Context], RowOutcome]


class NumberedRow(Row):
    """A row of a list that knows people by their number: a village it does not name, or none of ours, is no fault."""

    def place(self, finder: PlaceFinder) -> int | Reason:
        """The village the row names; the home of the import where the number says who it is."""
        found = super().place(finder)
        return self.context.place_key if isinstance(found, Reason) and self.get("document_number") else found


class Told(NamedTuple):
    """What became of a row, and who it was about: for sure (`person`), or perhaps (`perhaps`)."""

    outcome: Outcome
    person: Person | None = None
    perhaps: Person | None = None


def _taker(act: Act, kind: type[Row] = Row, followed: str = "") -> Callable[[CleanBatch, Context], list[Outcome]]:
    """A `take` that finds each row's person on file and applies one fact; `followed` lists remember who is on them."""

    def take(batch: CleanBatch, context: Context) -> list[Outcome]:
        finder, oldest = finder_for(context), oldest_plausible_age(context.today)
        rows = [kind(batch, number, context) for number in range(len(batch.row_numbers))]
        checked = [row.checked(finder, oldest) for row in rows]
        found = iter(batch_matches([one.entry for one in checked if isinstance(one, Checked)]))
        told = [
            Told(one) if isinstance(one, Outcome) else _take_row(row, next(found), act)
            for row, one in zip(rows, checked, strict=True)
        ]
        if followed:
            keep_on_record(
                followed, [(row, one.person, one.perhaps) for row, one in zip(rows, told, strict=True)], context
            )
        return [one.outcome for one in told]

    return take


def _take_row(row: Row, matched: list[Match], act: Act) -> Told:
    person, answer, perhaps = _who(matched, row.context)
    if person is not None and any(found.level is Level.DOUBT for _, found in row.findings):
        answer = RowOutcome("doubt", person.uid, (), HELD_BACK, ENTER_BY_HAND)
    elif person is not None:
        person.refresh_from_db(fields=CHANGED_BY_ROWS)  # a row above may be about the same person
        try:
            with transaction.atomic():  # a row that is refused half-way leaves nothing behind
                answer = act(row, person, row.context)
        except Refused as refusal:
            answer = RowOutcome("refused", person.uid, (), refusal.reason, CHECK)
    return Told(outcome_of(row.context.sheet, row.ready(), answer), person, perhaps)


def _who(matched: list[Match], context: Context) -> tuple[Person | None, RowOutcome, Person | None]:
    """The one person on file the row is about; or what became of the row instead, and who it resembles."""
    ranges = context.by.key_ranges(People.IMPORT)
    mine = [m for m in matched if any(low <= m.person.place_key <= high for low, high in ranges)]
    sure = [match for match in mine if match.verdict == SURE]
    if len(sure) == 1:
        return sure[0].person, RowOutcome("unchanged"), None
    if mine:
        likeness = Reason("Resembles somebody on file, but not surely enough.")
        return None, RowOutcome("doubt", mine[0].person.uid, (), likeness, ENTER_BY_HAND), mine[0].person
    return None, RowOutcome(
        "refused", None, (), Reason("Nobody on file in your divisions is this person."),
        Reason("Register the person first, or hand the row to the county where the person lives."),
    ), None  # fmt: skip


def _day(row: Row, key: str, default: dt.date) -> dt.date:
    return solar_or_first(row.get(key)) or default


def _dead(person: Person) -> RowOutcome:
    return RowOutcome(
        "refused", person.uid, (), Reason("Registered as dead on {day}.", day=person.died_on or ""),
        Reason("If the person lives, take the registration of the death back first."),
    )  # fmt: skip


def _die(row: Row, person: Person, context: Context) -> RowOutcome:
    day = _day(row, "died_on", context.today)
    if person.life_status == Person.DEAD and person.died_on == day:
        return RowOutcome("unchanged", person.uid)
    register_death(uid=person.uid, died_on=day, by=context.by, source=context.source, reason=context.source)
    return RowOutcome("updated", person.uid, ("life_status",))


def _join(category: str) -> Act:
    def act(row: Row, person: Person, context: Context) -> RowOutcome:
        if person.life_status == Person.DEAD:
            return _dead(person)
        grade = code_of("disability_grade", row.get("grade") or "") if category == "disabled" else ""
        held = Category.objects.filter(
            person=person, category=category, grade=grade, valid_to__isnull=True, superseded_at__isnull=True
        )
        if held.exists():
            return RowOutcome("unchanged", person.uid)
        day = min(_day(row, "since", context.today), context.today)
        join_category(uid=person.uid, category=category, grade=grade, by=context.by, source=context.source, on=day)
        return RowOutcome("updated", person.uid, (category,))

    return act


def _stay_in_hospital(row: Row, person: Person, context: Context) -> RowOutcome:
    admitted = solar_or_first(row.get("admitted_on"))
    assert admitted is not None  # the field is required
    discharged = solar_or_first(row.get("discharged_on"))
    told = HospitalStay.objects.filter(person=person, admitted_on=admitted, superseded_at__isnull=True).first()
    stay = record_hospital_stay(
        uid=person.uid, hospital=row.get("hospital"), admitted_on=admitted,
        discharged_on=discharged or (told.discharged_on if told else None), by=context.by, source=context.source,
    )  # fmt: skip
    same = told is not None and told.pk == stay.pk
    return RowOutcome("unchanged", person.uid) if same else RowOutcome("updated", person.uid, ("hospital_stay",))


def _reside(row: Row, person: Person, context: Context) -> RowOutcome:
    """Registered and actual residence, each as of its own day; what the row does not state stays as it is."""
    if person.life_status == Person.DEAD:
        return _dead(person)
    registered, actual = _stated_place(row, "registered_place"), _stated_place(row, "actual_place")
    if not registered and not actual:
        raise Refused("The row states neither a registered nor an actual residence.")
    changed = []
    if registered and registered != person.registered_place_key:
        record_registered_residence(
            uid=person.uid, to_key=registered, on=_day(row, "registered_on", context.today), by=context.by,
            source=context.source,
        )  # fmt: skip
        changed.append("registered_place_key")
    if actual and actual != person.place_key:
        _move(person, actual, _day(row, "moved_on", context.today), context)
        changed.append("place_key")
    return RowOutcome("updated" if changed else "unchanged", person.uid, tuple(changed))


def _move(person: Person, to_key: int, on: dt.date, context: Context) -> None:
    if on > context.today:
        raise Refused("The day {day} lies in the future. Check the date.", day=on)
    if not context.by.may(People.EDIT, to_key):
        raise Refused("The row says that the person lives outside your divisions. Hand the person over to that county.")
    move_person(uid=person.uid, to_key=to_key, on=on, by=context.by, reason=context.source)


def _stated_place(row: Row, key: str) -> int:
    """The key of a place the row states, anywhere in the city; 0 where it states none. Raises Refused."""
    text = row.get(key)
    if not text:
        return 0
    found = finder_for(row.context, WHOLE_CITY).find(text)
    if isinstance(found, Reason):
        raise Refused(found)
    return found


SINCE = Field("since", "起始日期", "Since", Kind.DATE, ("低保起始日期", "认定日期", "救助起始", "发证日期", "起始时间"))
DIED = Field("died_on", "死亡日期", "Day of death", Kind.DATE, ("去世日期", "死亡时间", "注销日期"), is_required=True)
GRADE = Field("grade", "残疾等级", "Grade", Kind.TEXT, ("等级", "残疾级别"))
HOSPITAL = (
    Field("hospital", "医院名称", "Hospital", Kind.TEXT, ("医院", "就诊医院", "住院医院", "医疗机构", "医疗机构名称"),
          is_required=True),
    Field("admitted_on", "入院日期", "Admitted on", Kind.DATE, ("住院日期", "入院时间", "住院时间"), is_required=True),
    Field("discharged_on", "出院日期", "Discharged on", Kind.DATE, ("出院时间",), refuses=True),
)  # fmt: skip
RESIDENCE = (
    Field("registered_place", "户籍所在地", "Registered residence", Kind.TEXT,
          ("户籍地", "户籍所在村", "户籍地址", "户口所在地", "户籍村（社区）")),
    Field("registered_on", "户籍登记日期", "Registered there since", Kind.DATE,
          ("迁入日期", "户籍迁入日期", "落户日期"), refuses=True),
    Field("actual_place", "现居住地", "Lives in", Kind.TEXT,
          ("实际居住地", "现住地", "居住地", "现居住村", "现居住村（社区）")),
    Field("moved_on", "居住起始日期", "Lives there since", Kind.DATE, ("居住登记日期", "现居住起始日期", "入住日期"),
          refuses=True),
)  # fmt: skip


def _members(key: str, title: str, help_: str, *fields: Field) -> Register:
    """A list of those who belong to a category: it comes in editions, and is followed from one to the next."""
    take = _taker(_join(key), followed=key)
    return Register(key, title, help_, (*WHO, *fields), People.IMPORT, take, None, FEW, TITLES, link_of, aftermath_of)


def _told(key: str, title: str, help_: str, fields: tuple[Field, ...], take: Any) -> Register:
    """A list of events: each row stands for itself, and who is not on it means nothing."""
    return Register(key, title, help_, fields, People.IMPORT, take, None, FEW, TITLES, link_of)


DEPARTMENT_LISTS = (
    _told("deaths", _("Death list"), _("Registers deaths of persons on file, as of the day in the row."),
          (*WHO, DIED), _taker(_die)),
    _members("destitute", _("List of the destitute"),
             _("Puts persons on file into the category; whoever has left the list since is to be checked."), SINCE),
    _members("low_income", _("Low-income list"),
             _("Puts persons on file into the category; whoever has left the list since is to be checked."), SINCE),
    _members("disabled", _("List of disabled persons"),
             _("Puts persons on file into the category, with their grade; leavers are to be checked."), GRADE, SINCE),
    _told("hospital_stays", _("List of hospital stays"),
          _("Keeps hospital, admission and discharge of persons on file. Says nothing yet about where they are."),
          (*WHO, *HOSPITAL), _taker(_stay_in_hospital, NumberedRow)),
    _told("residence", _("Residence list"),
          _("Keeps registered and actual residence of persons on file, each from its day on."),
          (*WHO_BY_NUMBER, *RESIDENCE), _taker(_reside, NumberedRow)),
)  # fmt: skip
