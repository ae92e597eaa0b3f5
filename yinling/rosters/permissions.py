"""What may be done to rosters."""

from enum import StrEnum


class Rosters(StrEnum):
    """Permissions of the module."""

    READ = "rosters.read"  # see who is on duty
    PLAN = "rosters.plan"  # open rosters, set shifts, plan turns, put on and take off
    SWAP = "rosters.swap"  # be on duty: offer own turns, take those of colleagues
