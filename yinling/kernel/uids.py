"""Outside identifiers: UUIDv7, which sort by time of birth and may be born off line."""

from uuid import UUID

from uuid_utils.compat import uuid7

Uid = UUID | str


def new_uid() -> UUID:
    """A fresh UUIDv7."""
    return uuid7()


def uid_of(text: str) -> UUID | None:
    """The uid that a text from outside names; None where it names none."""
    try:
        return UUID(text)
    except ValueError:
        return None
