"""Tables of the module, by subject: visitors, what makes visits due, visits, plans, home beds, rounds."""

from yinling.care.models.beds import BedCall, HomeBed
from yinling.care.models.due import DoorCode, Spell, Tier, VisitRules
from yinling.care.models.lines import Goal, Line, Measurement, Session
from yinling.care.models.plans import Partner, Plan, PlanTemplate, Review
from yinling.care.models.rounds import DayPlan, Stop
from yinling.care.models.visitors import Pairing, Proposal, ProposalLine, Visitor, Wish
from yinling.care.models.visits import Attempt, Doubt, Proof, Visit

__all__ = [
    "Attempt", "BedCall", "DayPlan", "DoorCode", "Doubt", "Goal", "HomeBed", "Line", "Measurement", "Pairing",
    "Partner", "Plan", "PlanTemplate", "Proof", "Proposal", "ProposalLine", "Review", "Session", "Spell", "Stop",
    "Tier", "Visit", "VisitRules", "Visitor", "Wish",
]  # fmt: skip
