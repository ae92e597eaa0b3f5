"""What may be done to duties."""

from enum import StrEnum


class Worklist(StrEnum):
    """Permissions of the module."""

    HANDLE = "worklist.handle"  # close, pause, hand over what one's role holds
    ASSIGN = "worklist.assign"  # give a duty to a named user of the division
    SUPERVISE = "worklist.supervise"  # see who is late below
