"""The nine safety risks: assessed at admission and every year, with measures for each."""

import datetime as dt
from collections.abc import Sequence

from django.db import transaction

from yinling.institutions.models import Stay
from yinling.kernel.actors import Actor
from yinling.kernel.changes import record
from yinling.kernel.clock import civil_date, now
from yinling.kernel.errors import Refused
from yinling.reference.queries import entries, words
from yinling.shifts import duties, parameters
from yinling.shifts.events import RisksAssessed
from yinling.shifts.models import RiskAssessment, RiskFinding
from yinling.shifts.permissions import Shifts
from yinling.shifts.queries.risks import risks_due
from yinling.shifts.rules import risks as rules
from yinling.shifts.services.scoping import resident_stay

BATCH = 50


@transaction.atomic
def assess_risks(
    *, stay_uid: object, answers: Sequence[str], measures: Sequence[str], by: Actor, on: dt.date | None = None
) -> RiskAssessment:
    """Keep the checklist of a resident: codes answered with yes, codes of measures. Grades follow from the answers."""
    stay, day = resident_stay(stay_uid, by, Shifts.ASSESS), on or civil_date()
    grades = grades_of(answers)
    unknown = set(answers) - _codes("risk_question") | set(measures) - _codes("risk_measure")
    with_measure = {rules.risk_of(code) for code in measures}
    high = [risk for risk, grade in grades.items() if grade == rules.HIGH]
    bare = [str(words("incident_kind", risk)) for risk in high if risk not in with_measure]
    if no := rules.why_not_assessed(unknown, bare):
        raise Refused(no, field="measures")
    made = _save(stay, day, answers, measures, grades, by)
    event = RisksAssessed(stay.person.uid, stay_uid=str(stay.uid), high=tuple(sorted(high)))
    record(event, by=by, place_key=stay.institution.place_key, content={"answers": sorted(answers)})
    duties.risks_assessed(stay, by=by)
    return made


def grades_of(answers: Sequence[str]) -> dict[str, str]:
    """Grade of each of the nine, by today's limits."""
    limits, decisive = parameters.risk_limits(), parameters.decisive()
    return {risk: rules.grade_of(risk, answers, decisive, limits) for risk in rules.NINE}


def _codes(key: str) -> set[str]:
    return {code.code for code in entries(key)}


def _save(
    stay: Stay, day: dt.date, answers: Sequence[str], measures: Sequence[str], grades: dict[str, str], by: Actor
) -> RiskAssessment:
    held = RiskAssessment.objects.current().filter(stay=stay)
    before = held.first()
    occasion = RiskAssessment.Occasion.ADMISSION
    if before is not None:
        due = rules.next_due(before.assessed_on, day, parameters.assess_months())
        early = due - dt.timedelta(days=31)
        occasion = RiskAssessment.Occasion.YEARLY if day >= early else RiskAssessment.Occasion.CHANGE
    held.update(superseded_at=now())
    made = RiskAssessment.objects.create(
        stay=stay, occasion=occasion, assessed_on=day, answers=sorted(set(answers)), assessed_by=by.uid,
        assessed_label=by.label[:60],
    )  # fmt: skip
    RiskFinding.objects.bulk_create(
        RiskFinding(
            assessment=made, risk=risk, grade=grade,
            measures=sorted({code for code in measures if rules.risk_of(code) == risk}),
        )
        for risk, grade in grades.items()
    )  # fmt: skip
    return made


def ask_for_risks(*, by: Actor, on: dt.date | None = None) -> int:
    """Nightly: a duty for every resident whose assessment is missing or a year old. Returns how many are due."""
    stays, day = list(risks_due(on or civil_date()).order_by("institution_id", "id")), on or civil_date()
    for start in range(0, len(stays), BATCH):
        with transaction.atomic():
            for stay in stays[start : start + BATCH]:
                duties.ask_for_risks(stay, day, by=by)
    return len(stays)
