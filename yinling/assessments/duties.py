"""What assessments ask of people: the work items they open and close.

Kinds: `assessments.assess` (carry a planned one out), `assessments.ending` (a result runs out or has run out),
`assessments.condition` (somebody saw a change). Their words for lists are offered in `config/wiring.py`.
"""

import datetime as dt

from django.utils.translation import gettext_noop as _

from yinling.accounts.models import User
from yinling.assessments import queries, rules
from yinling.assessments.models import Assessment, ConditionReport
from yinling.kernel.actors import Actor
from yinling.kernel.clock import civil_date, now, start_of
from yinling.kernel.reasons import Reason
from yinling.reference.queries import add_working_days
from yinling.worklist.models import NextStep, Subject, WorkItem
from yinling.worklist.services import close_item, open_item, void_item

ASSESS, ENDING, CONDITION = "assessments.assess", "assessments.ending", "assessments.condition"
ASSESSOR, CLERK = "assessor", "county_clerk"
WORDS = {ASSESS: _("Assessment to carry out"), ENDING: _("Assessment running out"), CONDITION: _("Change of ability")}
ONE_DAY = dt.timedelta(days=1)


def about(person_uid: object) -> Subject:
    """The person as the subject of a duty."""
    return Subject("person", person_uid)  # type: ignore[arg-type]


def ask_to_assess(found: Assessment, *, by: Actor, assessor: User | None) -> None:
    """A planned assessment is carried out on its day."""
    open_item(
        kind=ASSESS, subject=about(found.person.uid), key=str(found.uid), place_key=found.place_key, by=by,
        title=Reason("Assessment {number} is to be carried out", number=found.number),
        why=_planned_for(found.planned_on) if found.planned_on else None,
        role=ASSESSOR, user=assessor, due_at=_end_of(found.planned_on) if found.planned_on else None,
        next_step=NextStep(_("Fill in"), "assessments:entry", (str(found.uid),)),
        origin=Subject("assessment", found.uid),
    )  # fmt: skip


def _planned_for(day: dt.date) -> Reason:
    return Reason("Planned for {day}; two assessors sign on site.", day=day)


def _end_of(day: dt.date) -> dt.datetime:
    """The end of a day; for a day gone by already, the present: nothing begins late by days."""
    return max(start_of(day + ONE_DAY), now())


def ends(found: Assessment, *, has_ended: bool, by: Actor) -> bool:
    """A result runs out or has run out. Returns whether a duty was opened: one that is open already just gets late."""
    assert found.valid_to is not None
    subject = about(found.person.uid)
    if WorkItem.objects.open().filter(kind=ENDING).about(subject).exists():
        return False
    last = found.valid_to - ONE_DAY
    title = (
        Reason("The assessment counted until {day}: assess anew", day=last)
        if has_ended
        else Reason("The assessment counts until {day}: plan the next one", day=last)
    )
    open_item(
        kind=ENDING, subject=subject, key=f"{found.uid}:{int(has_ended)}", place_key=found.person.place_key, by=by,
        title=title, role=CLERK, due_at=None if has_ended else start_of(found.valid_to),
        why=Reason("How long a result counts is local policy and not verified; nobody loses anything by it."),
        next_step=NextStep(_("Plan it"), "assessments:plan", (str(found.person.uid),)),
        origin=Subject("assessment", found.uid),
    )  # fmt: skip
    return True


def condition_changed(report: ConditionReport, *, is_destitute: bool, by: Actor) -> None:
    """The county looks at a person whose ability changed."""
    days = queries.review_days(civil_date())
    why = Reason("Destitute persons are assessed again within {days} working days of a report.", days=days)
    open_item(
        kind=CONDITION, subject=about(report.person.uid), place_key=report.place_key, by=by, role=CLERK,
        title=Reason("A change of ability was reported: assess anew"),
        why=why if is_destitute else None, due_at=add_working_days(now(), days) if is_destitute else None,
        ladder_key="change_of_ability" if is_destitute else "ordinary",
        next_step=NextStep(_("Plan it"), "assessments:plan", (str(report.person.uid),)),
        origin=Subject("condition_report", report.uid),
    )  # fmt: skip


def assessed(found: Assessment, *, by: Actor) -> None:
    """A new result is there: what asked for it is done."""
    subject = about(found.person.uid)
    close_item(kind=ASSESS, subject=subject, key=str(found.uid), by=by)
    close_item(kind=CONDITION, subject=subject, by=by)
    ConditionReport.objects.filter(person=found.person, settled_by__isnull=True).update(settled_by=found)
    if found.instrument.key != rules.SELF_CARE:
        close_item(kind=ENDING, subject=subject, by=by)


def fell_away(found: Assessment, *, by: Actor) -> None:
    """A voided assessment is not carried out any more."""
    void_item(kind=ASSESS, subject=about(found.person.uid), key=str(found.uid), by=by)
    void_item(kind=ENDING, subject=about(found.person.uid), by=by)
