"""Forms of the module."""

from yinling.devices.forms.devices import (
    ChangeForm,
    CodeForm,
    FilterForm,
    GatewayForm,
    LookForm,
    MaintenanceForm,
    ReasonForm,
    RegisterForm,
    StateForm,
    StreamForm,
)
from yinling.devices.forms.places import InRoomForm, PlaceForm

__all__ = [
    "ChangeForm", "CodeForm", "FilterForm", "GatewayForm", "InRoomForm", "LookForm", "MaintenanceForm", "PlaceForm",
    "ReasonForm", "RegisterForm", "StateForm", "StreamForm",
]  # fmt: skip
