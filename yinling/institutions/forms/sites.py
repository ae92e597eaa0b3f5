"""Forms about an institution: the card, licences, beds, closing; and how its list is narrowed."""

import datetime as dt
from collections.abc import Mapping

from django import forms
from django.utils.translation import gettext_lazy as _

from yinling.institutions.finding import ANY, Filters
from yinling.institutions.forms.fields import DAY, NONE_CHOSEN, CodedForm, coded
from yinling.institutions.presenting import LICENCE_STATES, MEDICAL_KINDS
from yinling.institutions.services import Facts
from yinling.institutions.services.staffing import Paper
from yinling.kernel.clock import civil_date
from yinling.places.queries import city, tree


class InstitutionForm(CodedForm):
    """What is on file."""

    name = forms.CharField(label=_("Name of the institution"), max_length=120)
    kind = coded(_("Kind"), "institution_kind")
    operator_model = coded(_("Operator model"), "operator_model", required=False)
    filing_number = forms.CharField(label=_("Filing number"), max_length=40, required=False)
    level = forms.IntegerField(label=_("Grade (1 to 5)"), min_value=1, max_value=5, required=False)
    address = forms.CharField(label=_("Address"), max_length=200, required=False)
    phone = forms.CharField(label=_("Telephone of the office"), max_length=40, required=False)
    area_m2 = forms.IntegerField(label=_("Area (m²)"), min_value=0, required=False)
    kitchen = coded(_("Kitchen"), "kitchen_kind", required=False)
    mutual_aid_model = coded(_("Mutual-aid model"), "mutual_aid_model", required=False)
    combination = coded(_("Combination"), "combination_model", required=False)
    has_canteen_plaque = forms.BooleanField(label=_("Charity canteen plaque"), required=False)
    medical_kind = forms.ChoiceField(
        label=_("Medical unit"), required=False, choices=[NONE_CHOSEN, *MEDICAL_KINDS.items()]
    )
    opened_on = forms.DateField(label=_("Opened on"), required=False, widget=DAY)

    def facts(self) -> Facts:
        """What was typed, as the services take it."""
        return Facts(**{name: self.cleaned_data.get(name) for name in InstitutionForm.base_fields})


class RegisterForm(InstitutionForm):
    """A new institution: also where it stands."""

    place_key = forms.IntegerField(label=_("Code of the village or township (12 digits)"))


class LicenceForm(CodedForm):
    """A licence, or its renewal."""

    kind = coded(_("Licence"), "licence_kind")
    number = forms.CharField(label=_("Number"), max_length=60, required=False)
    issued_on = forms.DateField(label=_("Issued on"), required=False, widget=DAY)
    expires_on = forms.DateField(label=_("Last day"), required=False, widget=DAY)

    def paper(self) -> Paper:
        """What was typed."""
        return Paper(**self.cleaned_data)


class BedsForm(CodedForm):
    """Several beds of one room."""

    building = forms.CharField(label=_("Building"), max_length=40, initial="1号楼")
    floor = forms.IntegerField(label=_("Floor"), initial=1, min_value=-2, max_value=60)
    room = forms.CharField(label=_("Room"), max_length=12)
    count = forms.IntegerField(label=_("Beds"), min_value=1, max_value=20, initial=2)
    kind = coded(_("Bed kind"), "bed_kind")
    on = forms.DateField(label=_("Set up on"), initial=civil_date, widget=DAY)


class BedStateForm(CodedForm):
    """A bed's state from a day on."""

    state = coded(_("State"), "bed_state")
    on = forms.DateField(label=_("From"), initial=civil_date, widget=DAY)
    reason = forms.CharField(label=_("Reason"), max_length=200, required=False)


class CloseForm(forms.Form):
    """A site ceases to work."""

    on = forms.DateField(label=_("Last day of work"), initial=civil_date, widget=DAY)
    reason = forms.CharField(label=_("Reason"), max_length=200)


class ReasonForm(forms.Form):
    """Why."""

    reason = forms.CharField(label=_("What the list is for"), max_length=300)


class OccupancyForm(forms.Form):
    """Which day."""

    on = forms.DateField(label=_("Day"), required=False, widget=DAY)


def occupancy_asked(address: Mapping[str, str]) -> tuple[dt.date, int, Filters]:
    """The day (today at the latest), the division (else the city) and the filters that the address asks for."""
    form = OccupancyForm(address)
    asked = (form.cleaned_data["on"] if form.is_valid() else None) or civil_date()
    filters = Filters.from_address(address)
    known = filters.place_key in tree().divisions
    return min(asked, civil_date()), filters.place_key if known else city().key, filters


class FilterForm(CodedForm):
    """The rarer filters of the list; the address carries them."""

    model = coded(_("Operator model"), "operator_model", required=False)
    mutual = coded(_("Mutual-aid model"), "mutual_aid_model", required=False)
    combination = coded(_("Combination"), "combination_model", required=False)
    medical = forms.ChoiceField(
        label=_("Medical unit"), required=False,
        choices=[NONE_CHOSEN, (ANY, _("Any medical unit in the house")), *MEDICAL_KINDS.items()],
    )  # fmt: skip
    licence = forms.ChoiceField(label=_("Licences"), required=False, choices=[NONE_CHOSEN, *LICENCE_STATES.items()])
    carers = forms.ChoiceField(
        label=_("Carers"), required=False,
        choices=[NONE_CHOSEN, ("short", _("Too few carers")), ("enough", _("Enough carers"))],
    )  # fmt: skip
    plaque = forms.ChoiceField(
        label=_("Charity canteen plaque"), required=False, choices=[NONE_CHOSEN, ("1", _("With plaque"))]
    )
    closed = forms.ChoiceField(
        label=_("Closed ones"), required=False,
        choices=[("", _("Leave out closed ones")), ("1", _("Show closed ones too"))],
    )  # fmt: skip
