"""What may be done to places."""

from enum import StrEnum


class Places(StrEnum):
    """Permissions of the module."""

    READ = "places.read"
    EDIT = "places.edit"
