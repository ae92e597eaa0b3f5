"""What may be done about other people's phones. One's own are always one's own."""

from enum import StrEnum


class Sync(StrEnum):
    """Permissions of the module."""

    PHONES = "sync.phones"  # see whose phones hold data, declare them lost, take the list out
