"""What is typed about organisations."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from yinling.kernel.clock import civil_date
from yinling.organisations.services import Details
from yinling.reference.queries import choices
from yinling.web.fields import DayInput


class OrganisationForm(forms.Form):
    """What a register entry says."""

    name = forms.CharField(label=_("Registered name"), max_length=120)
    short_name = forms.CharField(label=_("Name in everyday use"), max_length=60, required=False)
    uscc = forms.CharField(
        label=_("Credit code"),
        max_length=30,
        required=False,
        help_text=_("18 characters, on the registration certificate."),
    )
    legal_form = forms.ChoiceField(label=_("Legal form"), required=False)
    registrar = forms.CharField(label=_("Registered with"), max_length=120, required=False)
    representative = forms.CharField(label=_("Legal representative"), max_length=60, required=False)
    phone = forms.CharField(label=_("Phone"), max_length=40, required=False)
    address = forms.CharField(label=_("Address"), max_length=200, required=False)
    founded_on = forms.DateField(label=_("Founded on"), required=False, widget=DayInput())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["legal_form"].choices = [("", "—"), *choices("legal_form")]  # type: ignore[attr-defined]

    def details(self) -> Details:
        """What was typed, as the services take it."""
        return Details(**{name: self.cleaned_data.get(name) for name in OrganisationForm.base_fields})


class RegisterForm(OrganisationForm):
    """A new entry: also where it belongs."""

    place_key = forms.TypedChoiceField(label=_("Division"), coerce=int)

    def __init__(self, *args: Any, places: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["place_key"].choices = places  # type: ignore[attr-defined]


class ChangeForm(OrganisationForm):
    """A change: also from which day on. An empty phone leaves the number as it is."""

    on = forms.DateField(label=_("In force from"), initial=civil_date, widget=DayInput())

    def details(self) -> Details:
        """What was typed; nothing typed as phone is no change of it."""
        typed = {name: self.cleaned_data.get(name) for name in OrganisationForm.base_fields}
        return Details(**typed | {"phone": typed["phone"] or None})


class DayAndReasonForm(forms.Form):
    """From which day on, and why."""

    on = forms.DateField(label=_("From"), initial=civil_date, widget=DayInput())
    reason = forms.CharField(label=_("Reason"), max_length=300)


class MergeForm(forms.Form):
    """Into which record, and why they are the same."""

    into = forms.UUIDField(label=_("Number of the record that stands"), help_text=_("Copy it from that record's page."))
    reason = forms.CharField(label=_("Reason"), max_length=300)


class ReasonForm(forms.Form):
    """Why somebody looks."""

    reason = forms.CharField(label=_("Why you need the number"), max_length=300)
