"""What may be done to dated values and lists."""

from enum import StrEnum


class Reference(StrEnum):
    """Permissions of the module."""

    READ = "reference.read"  # every member of staff
    VERIFY = "reference.verify"  # city officer, system administrator: after comparing with the source
    EDIT = "reference.edit"  # system administrator: local values, and what packs bring
