"""Reads of shifts: wards and their day, what was not done, incidents, risks."""

from yinling.shifts.queries.incidents import incident, incidents_for, incidents_of
from yinling.shifts.queries.risks import current_risks, risks_due, risks_of, stay_for_risks
from yinling.shifts.queries.undone import Undone, undone_for, undone_table
from yinling.shifts.queries.wards import (
    Resident,
    WardDay,
    carers_on,
    colleagues_in,
    hand_over,
    has_roster,
    point_by_token,
    record,
    residents_of,
    span_after,
    span_at,
    span_before,
    span_named,
    spans_of,
    ward,
    ward_day,
    wards_for,
    workplaces_of,
    works_in,
)

__all__ = [
    "Resident", "Undone", "WardDay", "carers_on", "colleagues_in", "current_risks", "hand_over", "has_roster",
    "incident", "incidents_for", "incidents_of", "point_by_token", "record", "residents_of", "risks_due", "risks_of",
    "span_after", "span_at", "span_before", "span_named", "spans_of", "stay_for_risks", "undone_for", "undone_table",
    "ward", "ward_day", "wards_for", "workplaces_of", "works_in",
]  # fmt: skip
