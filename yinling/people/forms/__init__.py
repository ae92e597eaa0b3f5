"""Forms of the register. They read what was typed; the rules judge it."""

from yinling.people.forms.around import (
    ConsentForm,
    EndForm,
    GuardianForm,
    HouseholdForm,
    KinForm,
    WillingnessForm,
)
from yinling.people.forms.card import (
    AnswerForm,
    CategoryForm,
    DeathForm,
    MoveForm,
    PersonForm,
    PlaceField,
    TransferForm,
    initial_of,
)
from yinling.people.forms.files import CloseInquiryForm, InquiryForm, MergeForm, PhotoForm
from yinling.people.forms.lists import FilterForm, ReasonForm, RevealForm, SaveListForm

__all__ = [
    "AnswerForm", "CategoryForm", "CloseInquiryForm", "ConsentForm", "DeathForm", "EndForm", "FilterForm",
    "GuardianForm", "HouseholdForm", "InquiryForm", "KinForm", "MergeForm", "MoveForm", "PersonForm", "PhotoForm",
    "PlaceField", "ReasonForm", "RevealForm", "SaveListForm", "TransferForm", "WillingnessForm", "initial_of",
]  # fmt: skip
