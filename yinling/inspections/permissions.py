"""What may be done about inspections and hazards."""

from enum import StrEnum


class Inspections(StrEnum):
    """Permissions of the module."""

    READ = "inspections.read"
    PLAN = "inspections.plan"  # plan an inspection, void one that was planned
    INSPECT = "inspections.inspect"  # carry inspections out, sign them, declare interests, write hazards down
    SELF_CHECK = "inspections.self_check"  # the home checks itself
    DRAW = "inspections.draw"  # open a draw, close its list, reveal it
    NOTICE = "inspections.notice"  # grade a hazard, issue the notice
    RECTIFY = "inspections.rectify"  # the home: hand in work, ask for an extension
    RECHECK = "inspections.recheck"  # look again, close or return
    SUPERVISE = "inspections.supervise"  # extensions, listing, reporting upward, shutting part of a home, the board
    RISK = "inspections.risk"  # see internal risk grades, and whole records of draws
    EXPORT = "inspections.export"
