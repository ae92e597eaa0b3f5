"""What may be done about alerts and rules."""

from enum import StrEnum


class Supervision(StrEnum):
    """Permissions of the module."""

    READ = "supervision.read"  # see alerts and the live board
    ANSWER = "supervision.answer"  # acknowledge, send somebody, arrive, resolve, call a false alarm
    VERIFY = "supervision.verify"  # look at what a colleague resolved, close, reopen
    RULES = "supervision.rules"  # read rules with their precision
    SWITCH = "supervision.switch"  # take a rule off or on in a division, silence a subject
    EXPORT = "supervision.export"
