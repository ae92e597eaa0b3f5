"""Filters of lists, lists that are kept, and reasons for what leaves a line."""

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from yinling.kernel.actors import Actor
from yinling.people.forms.days import DayInput
from yinling.people.looks import FIELDS, Wanted, divisions, kinds
from yinling.people.models import Person
from yinling.people.queries import Filters
from yinling.reference.queries import choices


class FilterForm(forms.Form):
    """Filters of the list, kept in the address."""

    q = forms.CharField(required=False, max_length=60)
    place = forms.IntegerField(required=False)
    category = forms.MultipleChoiceField(required=False)
    sex = forms.ChoiceField(required=False)
    living = forms.ChoiceField(required=False)
    status = forms.ChoiceField(
        required=False, choices=[("", ""), (Person.ALIVE, Person.ALIVE), (Person.DEAD, Person.DEAD), ("any", "any")]
    )
    age_from = forms.IntegerField(required=False, min_value=0, max_value=130)
    age_to = forms.IntegerField(required=False, min_value=0, max_value=130)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field, list_key in (("category", "person_category"), ("sex", "sex"), ("living", "living_arrangement")):
            self.fields[field].choices = [("", "—"), *choices(list_key)]  # type: ignore[attr-defined]

    def filters(self, today: dt.date) -> Filters:
        """The filters asked for; nonsense in the address reads as no filter."""
        self.is_valid()
        data = self.cleaned_data
        status = data.get("status") or Person.ALIVE
        return Filters(
            text=(data.get("q") or "").strip(),
            place_key=data.get("place") or 0,
            categories=tuple(c for c in data.get("category") or () if c),
            sex=data.get("sex") or "",
            living_arrangement=data.get("living") or "",
            life_status="" if status == "any" else status,
            born_from=today.year - data["age_to"] - 1 if data.get("age_to") is not None else None,
            born_to=today.year - data["age_from"] if data.get("age_from") is not None else None,
        )


class LookForm(forms.Form):
    """Filters of the log of looks, kept in the address."""

    kind = forms.ChoiceField(label=_("What was looked at"), required=False)
    user = forms.CharField(label=_("User"), required=False, max_length=60)
    place = forms.TypedChoiceField(label=_("Division"), required=False, coerce=int, empty_value="")
    first = forms.DateField(label=_("From day"), required=False, widget=DayInput)
    last = forms.DateField(label=_("To day"), required=False, widget=DayInput)

    def __init__(self, *args: Any, by: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        places = [(division.key, division.name) for division in divisions(by)]
        self.fields["kind"].choices = [(kind.key, gettext(kind.title)) for kind in kinds()]  # type: ignore[attr-defined]
        self.fields["place"].choices = [("", gettext("All")), *places]  # type: ignore[attr-defined]

    def wanted(self) -> Wanted:
        """What was asked for; nonsense in the address reads as no filter."""
        self.is_valid()
        data = self.cleaned_data
        return Wanted(
            kind=data.get("kind") or FIELDS.key, user=data.get("user") or "", place_key=data.get("place") or 0,
            first=data.get("first"), last=data.get("last"),
        )  # fmt: skip


class ReasonForm(forms.Form):
    """Why somebody does what leaves a line."""

    reason = forms.CharField(label=_("Why"), max_length=200)


class RevealForm(ReasonForm):
    """What to show, and why."""

    items = forms.MultipleChoiceField(
        label=_("Show"),
        choices=[
            ("document", _("Document number")),
            ("phone", _("Telephone")),
            ("address", _("House number")),
            ("contacts", _("Contacts and their telephones")),
        ],
        widget=forms.CheckboxSelectMultiple,
        initial=["phone"],
    )


class SaveListForm(forms.Form):
    """A name for the filters in the address."""

    title = forms.CharField(label=_("Name of the list"), max_length=60)
    query = forms.CharField(widget=forms.HiddenInput, max_length=400)
