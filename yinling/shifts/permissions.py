"""What may be done about shifts, incidents and risks."""

from enum import StrEnum


class Shifts(StrEnum):
    """Permissions of the module. Whoever works in a home acts there; WATCH opens homes of one's divisions."""

    READ = "shifts.read"  # open the pages; whose rows they hold is a matter of scope
    WATCH = "shifts.watch"  # see, for every home of a division, what was not done, incidents and grades of risk
    WORK = "shifts.work"  # the carer's day: record care, check a medicine, hand over
    PLAN = "shifts.plan"  # wards, patrol points, turning plans, diets, medicine orders
    ASSESS = "shifts.assess"  # safety risks of residents
    REPORT = "shifts.report"  # report an incident
    REVIEW = "shifts.review"  # review an incident of one's home, see what was not done
    CLOSE = "shifts.close"  # close a reviewed incident
