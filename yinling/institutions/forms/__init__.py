"""Forms, by subject: sites, staff, stays."""

from yinling.institutions.forms.sites import (
    BedsForm,
    BedStateForm,
    CloseForm,
    FilterForm,
    InstitutionForm,
    LicenceForm,
    OccupancyForm,
    ReasonForm,
    RegisterForm,
    occupancy_asked,
)
from yinling.institutions.forms.staff import CertificateForm, EndPostForm, HireForm
from yinling.institutions.forms.stays import (
    AdmitForm,
    ApplyForm,
    ChooseHomeForm,
    CorrectForm,
    DecisionForm,
    DischargeForm,
    LeaveForm,
    MonthForm,
    MoveForm,
    PayForm,
    ReserveForm,
    TransferForm,
    VoidForm,
    WithdrawForm,
)

__all__ = [
    "AdmitForm", "ApplyForm", "BedStateForm", "BedsForm", "CertificateForm", "ChooseHomeForm", "CloseForm",
    "CorrectForm", "DecisionForm", "DischargeForm", "EndPostForm", "FilterForm", "HireForm", "InstitutionForm",
    "LeaveForm", "LicenceForm", "MonthForm", "MoveForm", "OccupancyForm", "PayForm", "ReasonForm", "RegisterForm",
    "ReserveForm", "TransferForm", "VoidForm", "WithdrawForm", "occupancy_asked",
]  # fmt: skip
