"""What may be done to files beyond seeing those of one's divisions."""

from enum import StrEnum


class Files(StrEnum):
    """Permissions of the module."""

    ERASE = "files.erase"  # county clerk, for the county's; whoever put a file in may take it out again
