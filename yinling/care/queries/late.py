"""Visits past their day, and persons whom nobody has met since."""

import datetime as dt

from django.db.models import Exists, OuterRef

from yinling.care.models import Visit
from yinling.care.models.visits import VisitQuerySet

BACK = dt.timedelta(days=31)  # what is older shows in the coverage of its month


def overdue(on: dt.date) -> VisitQuerySet:
    """Visits past their day by which nobody has met the person since they were opened."""
    met = Visit.objects.with_contact().filter(person=OuterRef("person_id"), started_at__date__gte=OuterRef("opens_on"))
    late = Visit.objects.filter(state__in=(Visit.State.DUE, Visit.State.MISSED), due_on__range=(on - BACK, on - ONE))
    return late.filter(~Exists(met))


ONE = dt.timedelta(days=1)
