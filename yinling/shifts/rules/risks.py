"""Grades of the nine safety risks from the answers of a checklist, and when the next assessment is due. Pure.

Questions are coded `<risk>.<question>`. The checklist and the points are the operator's own, not a standard's.
"""

import datetime as dt
from collections.abc import Collection, Sequence

from yinling.kernel.reasons import Reason

LOW, MEDIUM, HIGH = "low", "medium", "high"
NINE = ("choking", "wrong_intake", "pressure_sore", "scald", "bed_fall", "fall", "injury", "lost", "activity")


def risk_of(question: str) -> str:
    """The risk a question or measure belongs to."""
    return question.partition(".")[0]


def grade_of(risk: str, answers: Collection[str], decisive: Collection[str], limits: Sequence[int]) -> str:
    """Medium from `limits[0]` answers with yes, high from `limits[1]`, or when one of them decides alone."""
    yes = [code for code in answers if risk_of(code) == risk]
    if len(yes) >= limits[1] or any(code in decisive for code in yes):
        return HIGH
    return MEDIUM if len(yes) >= limits[0] else LOW


def why_not_assessed(unknown: Collection[str], bare: Collection[str]) -> Reason | None:
    """Why an assessment cannot be kept. `bare`: risks graded high without a measure."""
    if unknown:
        return Reason("{code} is not in the list. Choose one of the words offered.", code=sorted(unknown)[0])
    if bare:
        return Reason("A high risk needs a measure at least. Choose one for: {risks}.", risks=", ".join(sorted(bare)))
    return None


def next_due(assessed_on: dt.date | None, admitted_on: dt.date, months: int) -> dt.date:
    """The day by which a resident is assessed (again): at admission, and within so many months of the last time."""
    if assessed_on is None:
        return admitted_on
    year, month = divmod(assessed_on.month - 1 + months, 12)
    day = min(assessed_on.day, 28)
    return dt.date(assessed_on.year + year, month + 1, day)
