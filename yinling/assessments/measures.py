"""What others may count of assessments, per place: persons by level on the scale in force."""

import datetime as dt
from functools import partial

from django.db.models import Count, Q
from django.utils.translation import gettext_noop as _

from yinling.assessments.models import Level
from yinling.assessments.rules import ABILITY
from yinling.kernel.measures import Measure, PerPlace

TITLES = (
    _("Assessed: intact"),
    _("Assessed: mild loss of ability"),
    _("Assessed: moderate loss of ability"),
    _("Assessed: severe loss of ability"),
    _("Assessed: total loss of ability"),
)


def count_at(level: int | None, valid_on: dt.date, known_at: dt.datetime) -> PerPlace:
    """Living persons at a level (None: at any) on a day, as known then, by the place where they were assessed.

    The place is the assessment's: last year's figure asked again is the same after people have moved.
    """
    rows = Level.objects.as_of(valid_on, known_at).filter(scale=ABILITY, person__canonical__isnull=True)
    rows = rows.filter(Q(person__died_on__isnull=True) | Q(person__died_on__gt=valid_on))
    if level is not None:
        rows = rows.filter(level=level)
    return dict(rows.values_list("place_key").annotate(count=Count("person", distinct=True)))


AT_LEVEL = tuple(
    Measure(f"assessments.level_{level}", title, _("person"), partial(count_at, level), "assessments:list")
    for level, title in enumerate(TITLES)
)
ASSESSED = Measure(
    "assessments.assessed", _("Persons assessed"), _("person"), partial(count_at, None), "assessments:list",
    more_is_better=True,
)  # fmt: skip
MEASURES = (*AT_LEVEL, ASSESSED)
