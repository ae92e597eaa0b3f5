"""The sealed columns of assessments, for the rotation of keys."""

from yinling.assessments.models import Assessment, ConditionReport
from yinling.kernel.rotation import Sealed

TABLES = (
    Sealed(Assessment, {"notes_sealed": lambda assessment: assessment.notes_where}),
    Sealed(ConditionReport, {"note_sealed": lambda report: report.note_where}),
)
