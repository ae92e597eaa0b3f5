"""Words for tests of the public face."""

import datetime as dt
from typing import Any

from yinling.institutions.models import Institution
from yinling.kernel.clock import civil_date, now
from yinling.kernel.models import Figure

CITY, LUFENG, HECHENG = 431200000000, 431224100000, 431202001000


def a_place(name: str, kind: str = "home", place_key: int = LUFENG, **more: Any) -> Institution:
    """A place of care."""
    return Institution.objects.create(name=name, kind=kind, place_key=place_key, **more)


def counted(days_ago: int = 0, **values: int) -> dt.date:
    """Figures of the city, kept some days ago."""
    day = civil_date() - dt.timedelta(days=days_ago)
    for measure, value in values.items():
        Figure.objects.create(measure=measure, division_key=CITY, day=day, value=value, known_at=now())
    return day
