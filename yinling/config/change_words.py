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
    "care.visit_made": _("A visit was recorded"),
    "care.visit_taken_back": _("A visit was taken back"),
    "care.visit_asked": _("A visit was asked for"),
    "care.visit_voided": _("A visit was called off"),
    "care.attempt_noted": _("Somebody who did not answer was looked for"),
    "care.tier_set": _("The risk was set by hand"),
    "care.door_code_made": _("The door got a code"),
    "care.paired": _("Got a visitor"),
    "care.substituted": _("Somebody stands in for the visitor"),
    "care.pairing_ended": _("A pairing ended"),
    "care.wish_set": _("Wishes about visitors were written down"),
    "care.plan_written": _("A care plan was begun"),
    "care.plan_agreed": _("A care plan was agreed"),
    "care.plan_reviewed": _("A care plan was reviewed"),
    "care.plan_ended": _("A care plan ended"),
    "care.bed_applied": _("A home bed was applied for"),
    "care.bed_decided": _("A home bed was decided on"),
    "care.bed_set_up": _("A home bed went into use"),
    "care.bed_closed": _("A home bed was closed"),
    "volunteers.member_joined": _("Became a member of the time bank"),
    "volunteers.order_changed": _("A service of the time bank"),
    "shifts.risks_assessed": _("Safety risks were assessed"),
    "shifts.plan_changed": _("A turning plan, diet or medicine changed"),
    "shifts.resident_not_seen": _("Not seen at a hand-over"),
}

# Looks of modules above the register, for the log that the audit administrator reads.
LOOKS = (
    Kind("cameras", "devices.camera_looked", _("Pictures of cameras")),
    Kind("conditions", "assessments.condition_read", _("Reported changes of condition")),
)
