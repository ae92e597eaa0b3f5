"""What may be done with packs."""

from enum import StrEnum


class Packs(StrEnum):
    """Permissions of the module."""

    READ = "packs.read"  # city officer, auditor, system administrator
    LOAD = "packs.load"  # system administrator; also needs reference.edit and places.edit
