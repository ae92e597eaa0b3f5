"""What may be done to messages. Everybody reads their own."""

from enum import StrEnum


class Messages(StrEnum):
    """Permissions of the module."""

    READ_DEAD = "messages.read_dead"  # see what did not go out, and try again; shows no addressee and no text
