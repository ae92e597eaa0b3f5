"""Forms about one device: what is on file, state, maintenance, camera; and how the list is narrowed."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from yinling.devices.models import Device, Profile
from yinling.devices.models.devices import Where
from yinling.devices.presenting import trouble_choices
from yinling.devices.services import Facts
from yinling.kernel.clock import civil_date
from yinling.organisations.queries import by_uscc
from yinling.reference.queries import choices

NONE_CHOSEN = ("", "—")
State = Device.State


def day_input() -> forms.DateInput:
    """A field for a day."""
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class ChangeForm(forms.Form):
    """What is on file of a device."""

    maker = forms.CharField(label=_("Maker"), max_length=60, required=False)
    serial = forms.CharField(label=_("Serial number"), max_length=60)
    owner_uscc = forms.CharField(label=_("Credit code of the owner"), max_length=18, required=False)
    bought_on = forms.DateField(label=_("Bought on"), required=False, widget=day_input())

    def clean_owner_uscc(self) -> str:
        """An owner is an organisation on file."""
        code = str(self.cleaned_data["owner_uscc"]).strip().upper()
        if code and by_uscc(code) is None:
            raise forms.ValidationError(_("No organisation on file has this credit code. Register it first."))
        return code

    def facts(self) -> Facts:
        """What was typed, as the services take it."""
        data = self.cleaned_data
        owner = by_uscc(data["owner_uscc"]) if data["owner_uscc"] else None
        return Facts(maker=data["maker"], serial=data["serial"], owner=owner, bought_on=data["bought_on"])


class RegisterForm(ChangeForm):
    """A new device: its model, and the division in whose store it lies."""

    profile = forms.ChoiceField(label=_("Model"))
    place_key = forms.IntegerField(label=_("Code of the division that stores it (12 digits)"))
    field_order = ("profile", "maker", "serial", "place_key", "owner_uscc", "bought_on")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        found = [(one.key, str(one)) for one in Profile.objects.order_by("id")]
        self.fields["profile"].choices = [NONE_CHOSEN, *found]  # type: ignore[attr-defined]


class FilterForm(forms.Form):
    """The rarer filters of the list; the address carries them."""

    state = forms.ChoiceField(label=_("State"), required=False, choices=[NONE_CHOSEN, *State.choices])
    where = forms.ChoiceField(
        label=pgettext_lazy("device", "Stands in"), required=False, choices=[NONE_CHOSEN, *Where.choices]
    )
    trouble = forms.ChoiceField(label=_("Trouble"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["trouble"].choices = [NONE_CHOSEN, *trouble_choices()]  # type: ignore[attr-defined]


class StateForm(forms.Form):
    """Another state, and why."""

    state = forms.ChoiceField(label=_("State"))
    why = forms.CharField(label=_("Reason"), max_length=200, required=False)

    def __init__(self, *args: Any, states: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["state"].choices = [(one, State(one).label) for one in states]  # type: ignore[attr-defined]


class MaintenanceForm(forms.Form):
    """Work that was done."""

    work = forms.ChoiceField(label=pgettext_lazy("device", "Work done"))
    done_on = forms.DateField(label=_("Done on"), initial=civil_date, widget=day_input())
    words = forms.CharField(label=pgettext_lazy("device", "What was found"), max_length=300, required=False)
    next_on = forms.DateField(label=_("Next maintenance"), required=False, widget=day_input())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["work"].choices = choices("device_work")  # type: ignore[attr-defined]


class GatewayForm(forms.Form):
    """Through which gateway a device reports."""

    gateway = forms.ChoiceField(label=_("Gateway"), required=False)

    def __init__(self, *args: Any, gateways: Sequence[Device], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        found = [(str(one.uid), f"{one.register_number} {one.spot_words}".strip()) for one in gateways]
        self.fields["gateway"].choices = [("", _("None: it reports by itself")), *found]  # type: ignore[attr-defined]


class ReasonForm(forms.Form):
    """Why."""

    why = forms.CharField(label=_("Reason"), max_length=200)


class LookForm(forms.Form):
    """Why somebody looks at a camera, or at vital signs; it is not asked where an open alert gives the reason."""

    reason = forms.CharField(label=_("Why you need to look"), max_length=300)

    def __init__(self, *args: Any, reason: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if reason:
            del self.fields["reason"]


class StreamForm(forms.Form):
    """Where a camera's picture is fetched from."""

    address = forms.CharField(
        label=_("Address of the picture"), max_length=300, required=False, help_text=_("Empty removes it.")
    )


class CodeForm(forms.Form):
    """The code on a label, typed by hand."""

    code = forms.CharField(label=_("Code on the label"), max_length=20)
