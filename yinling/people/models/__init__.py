"""Tables of the register, by subject: the card, its dated facts, other people around it, doubts and merges."""

from yinling.people.models.facts import Category, Consent, LifeEvent, Residence, Revision, Whereabouts, Willingness
from yinling.people.models.matching import Doubt, Merge, SavedList, Transfer
from yinling.people.models.person import Household, OtherName, Person
from yinling.people.models.relations import Grant, Guardian, Kin

__all__ = [
    "Category", "Consent", "Doubt", "Grant", "Guardian", "Household", "Kin", "LifeEvent", "Merge", "OtherName",
    "Person", "Residence", "Revision", "SavedList", "Transfer", "Whereabouts", "Willingness",
]  # fmt: skip
