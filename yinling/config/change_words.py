"""What changes of other modules tell on a person's line of time."""

from django.utils.translation import gettext_noop as _

WORDS = {
    "assessments.level_changed": _("The level of ability changed"),
    "assessments.condition_reported": _("A change of condition was reported"),
    "assessments.planned": _("An assessment was planned"),
    "assessments.signed": _("An assessment was signed"),
    "assessments.recorded": _("A result was recorded from paper"),
    "assessments.voided": _("An assessment was voided"),
    "institutions.applied": _("Applied for a home"),
    "institutions.decided": _("The application was decided"),
    "institutions.admitted": _("Admitted to a home"),
    "institutions.bed_moved": _("Moved to another bed"),
    "institutions.discharged": _("Discharged from a home"),
    "institutions.went_out": _("Went on leave"),
    "institutions.came_back": _("Came back from leave"),
}
