"""Outside identifiers: UUIDv7, which sort by time of birth and may be born off line."""

from uuid import UUID

from uuid_utils.compat import uuid7

Uid = UUID | str


def new_uid() -> UUID:
    """A fresh UUIDv7."""
    return uuid7()
