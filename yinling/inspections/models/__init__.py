"""Tables of the module, by subject."""

from yinling.inspections.models.checklists import Checklist
from yinling.inspections.models.draws import Draw, Interest
from yinling.inspections.models.hazards import Extension, Hazard, Notice, Step, Submission
from yinling.inspections.models.photos import Photo
from yinling.inspections.models.visits import Finding, Inspection, Seat, Signature

__all__ = [
    "Checklist", "Draw", "Extension", "Finding", "Hazard", "Inspection", "Interest", "Notice", "Photo", "Seat",
    "Signature", "Step", "Submission",
]  # fmt: skip
