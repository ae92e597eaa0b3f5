"""What others may count of care. By subject."""

import datetime as dt

from django.db.models import Count, Q
from django.utils.translation import gettext_noop as _

from yinling.care.models import HomeBed, Plan
from yinling.care.queries.coverage import persons_due, persons_met
from yinling.kernel.measures import Measure, PerPlace, Ratio


def plans_standing(day: dt.date, known_at: dt.datetime) -> PerPlace:
    """Agreed plans on a day, per place of the person."""
    agreed = Plan.objects.exclude(state=Plan.State.DRAFT).filter(agreed_on__lte=day, recorded_at__lte=known_at)
    held = agreed.filter(Q(ended_on__isnull=True) | Q(ended_on__gt=day))
    return dict(held.values_list("person__place_key").annotate(count=Count("pk")))


def beds_standing(day: dt.date, known_at: dt.datetime) -> PerPlace:
    """Home beds in use on a day, per place of the person. Not beds of institutions."""
    began = HomeBed.objects.filter(begins_on__lte=day, recorded_at__lte=known_at)
    held = began.filter(Q(ended_on__isnull=True) | Q(ended_on__gt=day))
    return dict(held.values_list("person__place_key").annotate(count=Count("pk")))


CARE_PLANS = Measure("care_plans", _("Agreed care plans"), _("plans"), plans_standing, "care:plans", True)
HOME_BEDS = Measure("home_beds", _("Home beds in use"), _("beds"), beds_standing, "care:beds", True)
VISITS_DUE = Measure("visits_due", _("Persons due for a visit this month"), _("person"), persons_due, "care:coverage")
VISITS_MET = Measure("visits_met", _("Of them met this month"), _("person"), persons_met, "care:coverage", True)
VISIT_COVERAGE = Ratio("visit_coverage", _("Visited this month, of those due"), VISITS_MET, VISITS_DUE, "care:coverage")
VISIT_MEASURES = (VISITS_DUE, VISITS_MET)
