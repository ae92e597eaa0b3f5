"""Tables of the module, by subject: wards, plans, records, incidents, risks."""

from yinling.shifts.models.incidents import Incident, Involved
from yinling.shifts.models.plans import Diet, MedicineOrder, TurningPlan
from yinling.shifts.models.records import CareRecord, HandOver, HeadCount, Kind, MissedTask
from yinling.shifts.models.risks import RiskAssessment, RiskFinding
from yinling.shifts.models.wards import PatrolPoint, Ward

__all__ = [
    "CareRecord", "Diet", "HandOver", "HeadCount", "Incident", "Involved", "Kind", "MedicineOrder", "MissedTask",
    "PatrolPoint", "RiskAssessment", "RiskFinding", "TurningPlan", "Ward",
]  # fmt: skip
