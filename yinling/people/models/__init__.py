"""Tables of the register, by subject: the card, its dated facts, other people around it, doubts and merges,
inquiries, lists of departments, signs of life."""

from yinling.people.models.facts import Category, Consent, LifeEvent, Residence, Revision, Whereabouts, Willingness
from yinling.people.models.inquiries import Inquiry
from yinling.people.models.lists import HospitalStay, ListEdition, ListEntry, ListFile
from yinling.people.models.matching import Doubt, Merge, SavedList, Transfer
from yinling.people.models.person import Household, OtherName, Person
from yinling.people.models.relations import Grant, Guardian, Kin, Membership
from yinling.people.models.signs import SignOfLife

__all__ = [
    "Category", "Consent", "Doubt", "Grant", "Guardian", "HospitalStay", "Household", "Inquiry", "Kin", "LifeEvent",
    "ListEdition", "ListEntry", "ListFile", "Membership", "Merge", "OtherName", "Person", "Residence", "Revision",
    "SavedList", "SignOfLife", "Transfer", "Whereabouts", "Willingness",
]  # fmt: skip
