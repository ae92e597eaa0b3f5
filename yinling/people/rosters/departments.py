"""Lists of departments: deaths, and who is destitute, of low income, disabled. Dated, each with its source.

A row states one fact about somebody on file. Joining a list puts the person into the category; whoever is missing
from a later list is checked by a person, and loses no benefit by the list alone.
"""

import datetime as dt
from collections.abc import Callable

from django.utils.translation import gettext_noop as _

from yinling.kernel.errors import Refused
from yinling.kernel.reasons import Reason
from yinling.people.matching import SURE, Match, batch_matches
from yinling.people.models import Category, Person
from yinling.people.permissions import People
from yinling.people.rosters.elders import FIELDS, Row, finder_for, outcome_of, solar_or_first
from yinling.people.rosters.links import TITLES, link_of
from yinling.people.rosters.words import code_of
from yinling.people.rules import Checked
from yinling.people.services import RowOutcome, join_category, register_death
from yinling.spreadsheets.outcomes import Outcome
from yinling.spreadsheets.registers import Context, Register
from yinling.spreadsheets.rules.columns import CleanBatch
from yinling.spreadsheets.rules.fields import Field, Kind, Level

WHO = tuple(
    field for field in FIELDS if field.key in ("name", "document_number", "township", "village", "phone", "sex")
)
FEW = 25  # rows per transaction: each is a service call of its own, and others want to write too
HELD_BACK = Reason("Nothing was entered, because the row is in doubt.")
ENTER_BY_HAND = Reason("Open the file, and enter the fact there if it is the same person.")
Act = Callable[[Row, Person, Context], RowOutcome]


def _taker(act: Act) -> Callable[[CleanBatch, Context], list[Outcome]]:
    """A `take` that finds each row's person on file and applies one fact."""

    def take(batch: CleanBatch, context: Context) -> list[Outcome]:
        finder = finder_for(context)
        rows = [Row(batch, number, context) for number in range(len(batch.row_numbers))]
        checked = [row.checked(finder) for row in rows]
        found = iter(batch_matches([one.entry for one in checked if isinstance(one, Checked)]))
        return [
            one if isinstance(one, Outcome) else _take_row(row, next(found), act)
            for row, one in zip(rows, checked, strict=True)
        ]

    return take


def _take_row(row: Row, matched: list[Match], act: Act) -> Outcome:
    person, answer = _who(matched, row.context)
    if person is not None and any(found.level is Level.DOUBT for _, found in row.findings):
        answer = RowOutcome("doubt", person.uid, (), HELD_BACK, ENTER_BY_HAND)
    elif person is not None:
        try:
            answer = act(row, person, row.context)
        except Refused as refusal:
            answer = RowOutcome("refused", person.uid, (), refusal.reason, Reason("Check the row with its source."))
    return outcome_of(row.context.sheet, row.ready(), answer)


def _who(matched: list[Match], context: Context) -> tuple[Person | None, RowOutcome]:
    """The one person on file the row is about, or what became of the row instead."""
    ranges = context.by.key_ranges(People.IMPORT)
    mine = [m for m in matched if any(low <= m.person.place_key <= high for low, high in ranges)]
    sure = [match for match in mine if match.verdict == SURE]
    if len(sure) == 1:
        return sure[0].person, RowOutcome("unchanged")
    if mine:
        return None, RowOutcome(
            "doubt", mine[0].person.uid, (), Reason("Resembles somebody on file, but not surely enough."),
            ENTER_BY_HAND,
        )  # fmt: skip
    return None, RowOutcome(
        "refused", None, (), Reason("Nobody on file in your divisions is this person."),
        Reason("Register the person first, or hand the row to the county where the person lives."),
    )  # fmt: skip


def _day(row: Row, key: str, default: dt.date) -> dt.date:
    return solar_or_first(row.get(key)) or default


def _die(row: Row, person: Person, context: Context) -> RowOutcome:
    day = _day(row, "died_on", context.today)
    if person.life_status == Person.DEAD and person.died_on == day:
        return RowOutcome("unchanged", person.uid)
    register_death(uid=person.uid, died_on=day, by=context.by, source=context.source, reason=context.source)
    return RowOutcome("updated", person.uid, ("life_status",))


def _join(category: str) -> Act:
    def act(row: Row, person: Person, context: Context) -> RowOutcome:
        if person.life_status == Person.DEAD:
            return RowOutcome(
                "refused", person.uid, (), Reason("Registered as dead on {day}.", day=person.died_on or ""),
                Reason("If the person lives, take the registration of the death back first."),
            )  # fmt: skip
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


SINCE = Field("since", "起始日期", "Since", Kind.DATE, ("低保起始日期", "认定日期", "救助起始", "发证日期", "起始时间"))
DIED = Field("died_on", "死亡日期", "Day of death", Kind.DATE, ("去世日期", "死亡时间", "注销日期"), is_required=True)
GRADE = Field("grade", "残疾等级", "Grade", Kind.TEXT, ("等级", "残疾级别"))

DEPARTMENT_LISTS = (
    Register(
        "deaths", _("Death list"), _("Registers deaths of persons on file, as of the day in the row."),
        (*WHO, DIED), People.IMPORT, _taker(_die), None, FEW, TITLES, link_of,
    ),
    Register(
        "destitute", _("List of the destitute"), _("Puts persons on file into the category, with this list as source."),
        (*WHO, SINCE), People.IMPORT, _taker(_join("destitute")), None, FEW, TITLES, link_of,
    ),
    Register(
        "low_income", _("Low-income list"), _("Puts persons on file into the category, with this list as source."),
        (*WHO, SINCE), People.IMPORT, _taker(_join("low_income")), None, FEW, TITLES, link_of,
    ),
    Register(
        "disabled", _("List of disabled persons"), _("Puts persons on file into the category, with their grade."),
        (*WHO, GRADE, SINCE), People.IMPORT, _taker(_join("disabled")), None, FEW, TITLES, link_of,
    ),
)  # fmt: skip
