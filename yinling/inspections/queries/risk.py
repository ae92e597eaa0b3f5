"""Internal risk grades, from stored hazards alone."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection

from yinling.inspections import parameters
from yinling.inspections.models import Hazard
from yinling.inspections.rules import hazards as hazard_rules
from yinling.inspections.rules.risk import Grade, Past, grade
from yinling.institutions.models import Institution
from yinling.kernel.clock import civil_date


def grades_of(homes: Collection[int], on: dt.date) -> dict[int, Grade]:
    """The grade of each home (primary keys) on a day. One statement."""
    weights = parameters.weights(on)
    since = on - dt.timedelta(days=weights.months * 365 // 12)
    rows = Hazard.objects.counting().filter(institution__in=homes, found_on__gt=since, found_on__lte=on)
    pasts: dict[int, list[Past]] = defaultdict(list)
    fields = ("institution_id", "level", "found_on", "state", "due_on", "closed_at", "repeats_id")
    for home, level, found_on, state, due_on, closed_at, repeats in rows.values_list(*fields):
        closed_on = civil_date(closed_at) if closed_at else None
        late = hazard_rules.is_overdue(state, due_on, closed_on, on)
        pasts[home].append(Past(level, found_on, late, repeats is not None))
    return {home: grade(pasts[home], weights, on) for home in homes}


def grade_of(home: Institution, on: dt.date | None = None) -> Grade:
    """The grade of one home."""
    return grades_of([home.pk], on or civil_date())[home.pk]
