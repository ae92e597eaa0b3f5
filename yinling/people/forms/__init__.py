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
    LeaveCategoryForm,
    MoveForm,
    PersonForm,
    PlaceField,
    TransferForm,
    initial_of,
)
from yinling.people.forms.files import CloseInquiryForm, InquiryForm, MergeForm, PhotoForm, SheetForm
from yinling.people.forms.lists import FilterForm, LookForm, ReasonForm, RevealForm, SaveListForm

__all__ = [
    "AnswerForm", "CategoryForm", "CloseInquiryForm", "ConsentForm", "DeathForm", "EndForm", "FilterForm",
    "GuardianForm", "HouseholdForm", "InquiryForm", "KinForm", "LeaveCategoryForm", "LookForm", "MergeForm",
    "MoveForm", "PersonForm", "PhotoForm", "PlaceField", "ReasonForm", "RevealForm", "SaveListForm", "SheetForm",
    "TransferForm", "WillingnessForm", "initial_of",
]  # fmt: skip
