"""What may be done to assessments."""

from enum import StrEnum


class Assessments(StrEnum):
    """Permissions of the module."""

    READ = "assessments.read"
    PLAN = "assessments.plan"  # plan one, report a change of condition
    ENTER = "assessments.enter"  # write answers down, record results from paper, attach pictures
    SIGN = "assessments.sign"  # sign as an assessor; a certificate is needed besides
    VOID = "assessments.void"
    EXPORT = "assessments.export"
    CERTIFY = "assessments.certify"  # register assessors' certificates
