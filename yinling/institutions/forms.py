"""What is typed about institutions, beds and stays."""

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from yinling.institutions.services import Facts
from yinling.institutions.services.staffing import Paper
from yinling.kernel.clock import CITY_ZONE, civil_date, now
from yinling.reference.queries import choices

DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
NONE_CHOSEN = ("", "—")


class Moment(forms.DateTimeField):
    """A civil time of the city, as an aware instant."""

    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    input_formats = ["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"]

    def prepare_value(self, value: Any) -> Any:
        """Show an instant in the city's time."""
        if isinstance(value, dt.datetime) and value.tzinfo is not None:
            return value.astimezone(CITY_ZONE).strftime("%Y-%m-%dT%H:%M")
        return super().prepare_value(value)

    def to_python(self, value: Any) -> dt.datetime | None:
        """What was typed, in the city's time; this very minute means now."""
        found = super().to_python(value)
        if found is None:
            return None
        instant = found.replace(tzinfo=CITY_ZONE)
        return now() if dt.timedelta(0) <= now() - instant < dt.timedelta(minutes=1) else instant


def _code(label: Any, list_key: str, required: bool = True) -> forms.ChoiceField:
    """A choice out of a code list, filled when the form is made."""
    found = forms.ChoiceField(label=label, required=required)
    found.list_key = list_key  # type: ignore[attr-defined]
    return found


class CodedForm(forms.Form):
    """Fills the choices of fields that come from code lists."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            list_key = getattr(field, "list_key", "")
            if list_key and isinstance(field, forms.ChoiceField):
                found = choices(list_key)
                field.choices = found if field.required else [NONE_CHOSEN, *found]


class InstitutionForm(CodedForm):
    """What is on file."""

    name = forms.CharField(label=_("Name of the institution"), max_length=120)
    kind = _code(_("Kind"), "institution_kind")
    operator_model = _code(_("Operator model"), "operator_model", required=False)
    filing_number = forms.CharField(label=_("Filing number"), max_length=40, required=False)
    level = forms.IntegerField(label=_("Grade (1 to 5)"), min_value=1, max_value=5, required=False)
    address = forms.CharField(label=_("Address"), max_length=200, required=False)
    phone = forms.CharField(label=_("Telephone of the office"), max_length=40, required=False)
    area_m2 = forms.IntegerField(label=_("Area (m²)"), min_value=0, required=False)
    kitchen = _code(_("Kitchen"), "kitchen_kind", required=False)
    mutual_aid_model = _code(_("Mutual-aid model"), "mutual_aid_model", required=False)
    combination = _code(_("Combination"), "combination_model", required=False)
    has_canteen_plaque = forms.BooleanField(label=_("Charity canteen plaque"), required=False)
    opened_on = forms.DateField(label=_("Opened on"), required=False, widget=DAY)

    def facts(self) -> Facts:
        """What was typed, as the services take it."""
        return Facts(**{name: self.cleaned_data.get(name) for name in InstitutionForm.base_fields})


class RegisterForm(InstitutionForm):
    """A new institution: also where it stands."""

    place_key = forms.IntegerField(label=_("Code of the village or township (12 digits)"))


class LicenceForm(CodedForm):
    """A licence, or its renewal."""

    kind = _code(_("Licence"), "licence_kind")
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
    kind = _code(_("Bed kind"), "bed_kind")
    on = forms.DateField(label=_("Set up on"), initial=civil_date, widget=DAY)


class BedStateForm(CodedForm):
    """A bed's state from a day on."""

    state = _code(_("State"), "bed_state")
    on = forms.DateField(label=_("From"), initial=civil_date, widget=DAY)
    reason = forms.CharField(label=_("Reason"), max_length=200, required=False)


class ApplyForm(CodedForm):
    """An application for a place in a home."""

    person = forms.UUIDField(
        label=_("Number of the person's file"), help_text=_("It stands in the address of their page.")
    )
    bed_kind = _code(_("Bed kind"), "bed_kind")
    contact_name = forms.CharField(label=_("Who to call"), max_length=60, required=False)
    wanted_on = forms.DateField(label=_("Wanted from"), required=False, widget=DAY)


class DecisionForm(forms.Form):
    """Accept or refuse."""

    decision = forms.ChoiceField(
        label=_("Decision"), choices=[("waiting", _("Accept onto the waiting list")), ("refused", _("Refuse"))]
    )
    reason = forms.CharField(label=_("Reason"), max_length=300, required=False)


class AdmitForm(forms.Form):
    """Moving in."""

    bed = forms.ChoiceField(label=_("Bed"), required=False)
    at = Moment(label=_("Arrived"), initial=now)
    fee = forms.DecimalField(label=_("Fee per month (yuan)"), min_value=0, decimal_places=2, required=False)
    agreement_number = forms.CharField(label=_("Agreement number"), max_length=60, required=False)

    def __init__(self, *args: Any, beds: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["bed"].choices = [("", _("The first free bed")), *beds]  # type: ignore[attr-defined]


class MoveForm(forms.Form):
    """Another bed of the home."""

    bed = forms.ChoiceField(label=_("Bed"))
    reason = forms.CharField(label=_("Reason"), max_length=300, required=False)

    def __init__(self, *args: Any, beds: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["bed"].choices = beds  # type: ignore[attr-defined]


class DischargeForm(CodedForm):
    """Leaving."""

    reason = _code(_("Where to"), "stay_end")
    left_at = Moment(label=_("Left the home"), initial=now)
    note = forms.CharField(label=_("Note"), max_length=300, required=False)


class TransferForm(forms.Form):
    """To another home."""

    to = forms.ChoiceField(label=_("To which home"))
    reason = forms.CharField(label=_("Reason"), max_length=300)

    def __init__(self, *args: Any, homes: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].choices = homes  # type: ignore[attr-defined]


class LeaveForm(forms.Form):
    """A slip."""

    kind = forms.ChoiceField(
        label=_("Kind of leave"),
        choices=[("outing", _("Outing")), ("home", _("Visit home")), ("hospital", _("Hospital"))],
    )
    out_at = Moment(label=_("Goes out"), initial=now)
    due_back = Moment(label=_("Due back"))
    companion = forms.CharField(label=_("With whom"), max_length=60, required=False)
    destination = forms.CharField(label=_("Where to"), max_length=120, required=False)


class ReasonForm(forms.Form):
    """Why."""

    reason = forms.CharField(label=_("What the list is for"), max_length=300)


class OccupancyForm(forms.Form):
    """Which day."""

    on = forms.DateField(label=_("Day"), required=False, widget=DAY)


class PayForm(forms.Form):
    """Money that came in."""

    what = forms.ChoiceField(label=_("For"), choices=[("prepay", _("Prepayment")), ("deposit", _("Deposit"))])
    amount = forms.DecimalField(label=_("Amount (yuan)"), min_value=0, decimal_places=2)
    receipt = forms.CharField(label=_("Number of the receipt"), max_length=40)


class MonthForm(forms.Form):
    """A month to charge."""

    month = forms.DateField(
        label=_("Month"), input_formats=["%Y-%m"], widget=forms.DateInput(attrs={"type": "month"}, format="%Y-%m")
    )
