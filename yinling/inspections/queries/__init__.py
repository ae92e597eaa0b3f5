"""Reads of the module, by subject."""

from yinling.inspections.queries.board import Punctuality, board, hazards_of_home, punctuality, supervised
from yinling.inspections.queries.draws import draw, draws_for, possible_inspectors, public_draw, public_draws, record_of
from yinling.inspections.queries.hazards import HazardFilters, hazard, hazards_for, open_hazards_of, steps_of
from yinling.inspections.queries.inspections import (
    InspectionFilters,
    checklists_in_force,
    inspection,
    inspections_for,
    inspectors_near,
    last_inspection,
    last_inspections,
    photos_by_item,
    sent_on,
)
from yinling.inspections.queries.risk import grade_of, grades_of

__all__ = [
    "HazardFilters", "InspectionFilters", "Punctuality", "board", "checklists_in_force", "draw", "draws_for",
    "grade_of", "grades_of", "hazard", "hazards_for", "hazards_of_home", "inspection", "inspections_for",
    "inspectors_near", "last_inspection", "last_inspections", "open_hazards_of", "photos_by_item",
    "possible_inspectors", "public_draw", "public_draws", "punctuality", "record_of", "sent_on", "steps_of",
    "supervised",
]  # fmt: skip
