"""What others may count of persons: per place, on a day, as known at an instant."""

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.db import connection
from django.utils.translation import gettext_noop as _

from yinling.kernel.database import is_postgresql
from yinling.kernel.measures import Measure, PerPlace
from yinling.people.parameters import elder_age


def _per_place(sql: str, parameters: list[Any]) -> PerPlace:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return {int(place): int(count) for place, count in cursor.fetchall()}


def _held(alias: str) -> str:
    """SQL: a dated fact held on a day as known at an instant (four parameters: day, day, known, known)."""
    return (
        f"{alias}.valid_from <= %s AND ({alias}.valid_to IS NULL OR {alias}.valid_to > %s) "
        f"AND {alias}.recorded_at <= %s AND ({alias}.superseded_at IS NULL OR {alias}.superseded_at > %s)"
    )


def _dead() -> str:
    """SQL: the person was dead on a day as known at an instant (three parameters: day, known, known)."""
    return (
        "EXISTS (SELECT 1 FROM people_lifeevent d WHERE d.person_id = p.id AND d.kind = 'death' "
        "AND d.happened_on <= %s AND d.recorded_at <= %s "
        "AND NOT EXISTS (SELECT 1 FROM people_lifeevent r WHERE r.reverses_id = d.id AND r.recorded_at <= %s))"
    )


def elders(day: dt.date, known_at: dt.datetime) -> PerPlace:
    """Living elders per village, by where they actually lived."""
    born_before = _years_before(day, elder_age(day))
    known = _instant(known_at)
    return _per_place(
        "SELECT r.place_key, COUNT(*) FROM people_residence r JOIN people_person p ON p.id = r.person_id "
        f"WHERE r.kind = 'actual' AND {_held('r')} AND p.canonical_id IS NULL AND p.birth_date <= %s "
        f"AND NOT {_dead()} GROUP BY r.place_key",
        [_day(day), _day(day), known, known, _day(born_before), _day(day), known, known],
    )


def members(category: str) -> Callable[[dt.date, dt.datetime], PerPlace]:
    """Living persons in a category per village."""

    def count(day: dt.date, known_at: dt.datetime) -> PerPlace:
        known = _instant(known_at)
        return _per_place(
            "SELECT r.place_key, COUNT(*) FROM people_category c JOIN people_person p ON p.id = c.person_id "
            f"JOIN people_residence r ON r.person_id = p.id AND r.kind = 'actual' AND {_held('r')} "
            f"WHERE c.category = %s AND {_held('c')} AND p.canonical_id IS NULL AND NOT {_dead()} GROUP BY r.place_key",
            [
                _day(day), _day(day), known, known, category, _day(day), _day(day), known, known,
                _day(day), known, known,
            ],
        )  # fmt: skip

    return count


def _years_before(day: dt.date, years: int) -> dt.date:
    """The birth date of somebody who turns `years` on `day` (29 February counts as 1 March)."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return dt.date(day.year - years, 3, 1)


def _day(day: dt.date) -> object:
    return day if is_postgresql() else day.isoformat()


def _instant(at: dt.datetime) -> object:
    return at if is_postgresql() else at.astimezone(dt.UTC).strftime("%Y-%m-%d %H:%M:%S.%f")


MEASURES = (
    Measure("elders", _("Aged 60 and over"), _("people"), elders, "people:list"),
    Measure(
        "living_alone", _("Living alone"), _("people"), members("living_alone"), "people:list", more_is_better=None
    ),
    Measure("destitute", _("Destitute"), _("people"), members("destitute"), "people:list", more_is_better=None),
    Measure("low_income", _("Low income"), _("people"), members("low_income"), "people:list", more_is_better=None),
    Measure("disabled", _("Disabled persons"), _("people"), members("disabled"), "people:list", more_is_better=None),
)
