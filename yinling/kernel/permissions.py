"""What may be done to the ground itself."""

from enum import StrEnum


class Kernel(StrEnum):
    """Permissions of the module."""

    READ_CHANGES = "kernel.read_changes"
    READ_JOBS = "kernel.read_jobs"
