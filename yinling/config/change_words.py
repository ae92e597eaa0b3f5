"""What changes of other modules tell on a person's line of time."""

from django.utils.translation import gettext_noop as _

from yinling.people.looks import Kind

WORDS = {
    "assessments.level_changed": _("The level of ability changed"),
    "assessments.condition_read": _("A reported change of condition was read"),
    "assessments.condition_reported": _("A change of condition was reported"),
    "assessments.planned": _("An assessment was planned"),
    "assessments.signed": _("An assessment was signed"),
    "assessments.recorded": _("A result was recorded from paper"),
    "assessments.voided": _("An assessment was voided"),
    "devices.position_shared": _("The position was shared with named kin"),
    "institutions.applied": _("Applied for a home"),
    "institutions.decided": _("The application was decided"),
    "institutions.bed_reserved": _("A bed was reserved"),
    "institutions.admitted": _("Admitted to a home"),
    "institutions.bed_moved": _("Moved to another bed"),
    "institutions.discharged": _("Discharged from a home"),
    "institutions.discharge_corrected": _("The discharge was corrected"),
    "institutions.stay_voided": _("The stay was voided"),
    "institutions.went_out": _("Went on leave"),
    "institutions.came_back": _("Came back from leave"),
    "shifts.risks_assessed": _("Safety risks were assessed"),
    "shifts.plan_changed": _("A turning plan, diet or medicine changed"),
    "shifts.resident_not_seen": _("Not seen at a hand-over"),
}

# Looks of modules above the register, for the log that the audit administrator reads.
LOOKS = (
    Kind("cameras", "devices.camera_looked", _("Pictures of cameras")),
    Kind("conditions", "assessments.condition_read", _("Reported changes of condition")),
)
