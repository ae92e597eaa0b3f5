"""What is typed about visitors, wishes and pairings."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from yinling.care.forms.plans import day_field, words_field
from yinling.care.models import Visitor
from yinling.care.services.visitors import Details
from yinling.kernel.clock import civil_date
from yinling.places.queries import tree
from yinling.reference.queries import choices


def _several(label: Any) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(label=label, required=False, widget=forms.CheckboxSelectMultiple)


class VisitorForm(forms.Form):
    """A visitor. `places`: villages that may be chosen."""

    name = forms.CharField(label=_("Name"), max_length=60)
    kind = forms.ChoiceField(label=_("Kind of visitor"), choices=Visitor.Kind.choices)
    sex = forms.ChoiceField(label=_("Sex"))
    place_key = forms.TypedChoiceField(label=_("Village she starts from"), coerce=int)
    monthly_load = forms.IntegerField(label=_("Visits a month at most"), min_value=0, max_value=200, initial=8)
    mode = forms.ChoiceField(label=_("Travels"), choices=Visitor.Mode.choices)
    speaks = _several(_("Languages"))
    skills = _several(_("Skills"))
    begins_on = day_field(_("First day"))
    longitude = forms.FloatField(label=_("Longitude"), required=False, min_value=-180, max_value=180)
    latitude = forms.FloatField(label=_("Latitude"), required=False, min_value=-90, max_value=90)

    def __init__(self, *args: Any, places: list[int], **given: Any) -> None:
        super().__init__(*args, **given)
        fields: Any = self.fields
        fields["sex"].choices = choices("sex")
        fields["place_key"].choices = [(key, tree().path(key)) for key in places]
        fields["speaks"].choices = choices("language")
        fields["skills"].choices = choices("visit_skill")
        fields["begins_on"].initial = civil_date()

    def details(self) -> Details:
        """What was typed, as the service takes it."""
        given = dict(self.cleaned_data)
        return Details(**given | {"speaks": tuple(given["speaks"]), "skills": tuple(given["skills"])})


class EndVisitorForm(forms.Form):
    """When and why somebody stops visiting."""

    on = day_field(_("First day without her"))
    reason = words_field(_("Reason"), 200)

    def __init__(self, *args: Any, **given: Any) -> None:
        super().__init__(*args, **given)
        self.fields["on"].initial = civil_date()


class SubstituteForm(forms.Form):
    """Who stands in, from when to when."""

    substitute = forms.ChoiceField(label=_("Who stands in"))
    first = day_field(_("First day"))
    last = day_field(_("Last day"))

    def __init__(self, *args: Any, others: list[tuple[str, str]], **given: Any) -> None:
        super().__init__(*args, **given)
        self.fields["substitute"].choices = others  # type: ignore[attr-defined]
        self.fields["first"].initial = self.fields["last"].initial = civil_date()


class WishForm(forms.Form):
    """Whom a person would like at the door. Nothing ticked: no wish."""

    speaks = _several(_("Languages the person understands"))
    sex = forms.ChoiceField(label=_("Would like a visitor who is"), required=False)
    skills = _several(_("Should be able to"))
    not_visitor = forms.ChoiceField(label=_("Not this visitor"), required=False)

    def __init__(self, *args: Any, others: list[tuple[str, str]], **given: Any) -> None:
        super().__init__(*args, **given)
        fields: Any = self.fields
        nobody = ("", pgettext_lazy("wish", "No wish"))
        fields["speaks"].choices = choices("language")
        fields["sex"].choices = [nobody, *(one for one in choices("sex") if one[0] in ("1", "2"))]
        fields["skills"].choices = choices("visit_skill")
        fields["not_visitor"].choices = [nobody, *others]


class EndForm(forms.Form):
    """Why a pairing ends."""

    reason = words_field(_("Reason"), 200)


class ProposeForm(forms.Form):
    """For which county or township."""

    place_key = forms.TypedChoiceField(label=_("County or township"), coerce=int)

    def __init__(self, *args: Any, places: list[tuple[int, str]], **given: Any) -> None:
        super().__init__(*args, **given)
        self.fields["place_key"].choices = places  # type: ignore[attr-defined]
