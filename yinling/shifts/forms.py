"""What is typed about wards, plans, incidents and risks."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from yinling.institutions.models import Floor, Institution
from yinling.kernel.clock import CITY_ZONE
from yinling.reference.queries import choices
from yinling.shifts import parameters


class Moment(forms.DateTimeField):
    """A civil time of the city, typed in one field."""

    def __init__(self, **given: Any) -> None:
        widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
        super().__init__(widget=widget, input_formats=["%Y-%m-%dT%H:%M"], **given)

    def prepare_value(self, value: Any) -> Any:
        """As the city reads the clock."""
        return value.astimezone(CITY_ZONE) if hasattr(value, "astimezone") else value


def _words(label: Any, most: int = 2000, **more: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=most, widget=forms.Textarea(attrs={"rows": 3}), **more)


class WardForm(forms.Form):
    """A ward to open."""

    name = forms.CharField(label=_("Name of the ward"), max_length=40)
    floor = forms.TypedChoiceField(label=_("Floor"), required=False, coerce=int, empty_value=None)

    def __init__(self, *args: Any, home: Institution, **given: Any) -> None:
        super().__init__(*args, **given)
        floors = Floor.objects.filter(building__institution=home).select_related("building")
        rows = [(one.pk, f"{one.building.name} {one.number}F") for one in floors.order_by("building__name", "number")]
        self.fields["floor"].choices = [("", _("The whole home")), *rows]  # type: ignore[attr-defined]


class PointForm(forms.Form):
    """A patrol point to put up."""

    name = forms.CharField(label=_("Where the point is"), max_length=40)


class TurningForm(forms.Form):
    """How often a resident is turned."""

    every_minutes = forms.IntegerField(label=_("Minutes between two turns"), required=False)

    def __init__(self, *args: Any, **given: Any) -> None:
        super().__init__(*args, **given)
        self.fields["every_minutes"].help_text = _("Empty ends the plan. Proposed: {minutes}.").format(
            minutes=parameters.turn_minutes()
        )


class DietForm(forms.Form):
    """How a resident's food must be."""

    tags = forms.MultipleChoiceField(label=_("Diet tags"), required=False, widget=forms.CheckboxSelectMultiple)
    allergy = forms.CharField(label=_("Allergic to"), max_length=200, required=False)

    def __init__(self, *args: Any, **given: Any) -> None:
        super().__init__(*args, **given)
        self.fields["tags"].choices = choices("diet_tag")  # type: ignore[attr-defined]


class OrderForm(forms.Form):
    """A medicine to be given."""

    medicine = forms.CharField(label=_("Medicine"), max_length=200)
    dose = forms.CharField(label=_("Dose"), max_length=200)
    times = forms.CharField(label=_("Times of day"), max_length=80, help_text=_("Such as 08:00 18:00"))
    prescriber = forms.CharField(label=_("Prescribed by"), max_length=200)
    agreement_number = forms.CharField(label=_("Number of the agreement on medicines"), max_length=60)
    note = forms.CharField(label=pgettext_lazy("medicine", "Note"), max_length=200, required=False)


class BackForm(forms.Form):
    """When a resident came back; empty means now."""

    back_at = Moment(label=_("Back at"), required=False, help_text=_("Empty: now."))


class PinForm(forms.Form):
    """The colleague who stands beside."""

    colleague = forms.ChoiceField(label=_("Who checks"))
    pin = forms.CharField(
        label=_("PIN of the colleague"), max_length=12,
        widget=forms.PasswordInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )  # fmt: skip

    def __init__(self, *args: Any, colleagues: list[Any], **given: Any) -> None:
        super().__init__(*args, **given)
        self.fields["colleague"].choices = [(str(one.uid), one.label) for one in colleagues]  # type: ignore[attr-defined]


class TakeBackForm(forms.Form):
    """Why a record was a mistake."""

    reason = forms.CharField(label=_("What was wrong"), max_length=200)


class CompleteForm(forms.Form):
    """The words of an incident."""

    what = _words(_("What happened"))
    done = _words(pgettext_lazy("incident", "What was done"))
    spot = forms.CharField(label=pgettext_lazy("incident", "Where"), max_length=80, required=False)
    family_told_at = Moment(label=_("Family told at"), required=False)


class ReviewForm(forms.Form):
    """Cause and measures."""

    cause = _words(pgettext_lazy("incident", "Cause"))
    measures = _words(pgettext_lazy("incident", "Measures"))


class ReturnForm(forms.Form):
    """What the review lacks."""

    why = forms.CharField(label=_("What the review lacks"), max_length=300)


class SpanForm(forms.Form):
    """From one day to another."""

    first = forms.DateField(
        label=pgettext_lazy("span", "From"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    last = forms.DateField(
        label=pgettext_lazy("span", "Until"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
