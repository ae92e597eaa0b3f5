"""What may be done about visits, plans, home beds and rounds."""

from enum import StrEnum


class Care(StrEnum):
    """Permissions of the module. Visitors and partners' people see through pairings and parts, not by division."""

    READ = "care.read"  # open visits, coverage, plans and home beds of one's divisions
    VISIT = "care.visit"  # make one's own visits
    ENTER = "care.enter"  # enter visits of others, from a desk or from paper; void what is no longer needed
    PAIR = "care.pair"  # keep visitors, pair them with persons, substitute
    SETTLE = "care.settle"  # look into doubts about visits
    PLAN = "care.plan"  # write, agree, review and end plans
    DELIVER = "care.deliver"  # a partner's people: hold sessions and measure goals of their own part
    APPLY_BED = "care.apply_bed"  # enter home beds, set them up, answer their calls
    APPROVE_BED = "care.approve_bed"  # decide on home beds
    ROUNDS = "care.rounds"  # plan the day's rounds and publish them
    EXPORT = "care.export"  # take lists out
