"""Forms of the register. They read what was typed; the rules judge it."""

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from yinling.kernel.errors import NotFound
from yinling.people.models import Person
from yinling.people.queries import Filters
from yinling.people.rules import Entry
from yinling.places.models import Level
from yinling.places.queries import place_named, search
from yinling.reference.queries import choices

LISTS = {
    "sex": "sex", "ethnic_group": "ethnic_group", "marital_state": "marital_state", "education": "education",
    "living_arrangement": "living_arrangement", "document_kind": "document_kind",
}  # fmt: skip


class PlaceField(forms.CharField):
    """A village or community, by name, initials or 12-digit code. Cleans to its key."""

    def clean(self, value: Any) -> int:
        """The key of the one place meant; says so when there is none, or more than one."""
        text = str(super().clean(value)).strip()
        if not text:
            return 0
        if text.isdigit() and len(text) == 12:
            try:
                return place_named(int(text)).key
            except NotFound:
                raise forms.ValidationError(_("No division has this code.")) from None
        found = [place for place in search(text, limit=200) if place.level == Level.VILLAGE]
        if len(found) == 1:
            return int(found[0].key)
        if not found:
            raise forms.ValidationError(_("No village or community is called this. Try its initials or its code."))
        names = "; ".join(f"{p.parent} {p.name} {p.code}" for p in found[:6])
        raise forms.ValidationError(_("Several places are called this. Enter the code: %(names)s") % {"names": names})


class PersonForm(forms.Form):
    """The card of a person, to register or to correct."""

    name = forms.CharField(label=_("Name"), max_length=60)
    document_kind = forms.ChoiceField(label=_("Document"), required=False)
    document_number = forms.CharField(label=_("Document number"), required=False, max_length=30)
    sex = forms.ChoiceField(label=_("Sex"), required=False)
    birth_date = forms.DateField(label=_("Birth date"), required=False, widget=forms.DateInput({"type": "date"}))
    birth_is_lunar = forms.BooleanField(label=_("The date is a lunar one"), required=False)
    birth_is_uncertain = forms.BooleanField(label=_("The date is uncertain"), required=False)
    place = PlaceField(label=_("Village or community where the person lives"))
    address = forms.CharField(label=_("Group and house number"), required=False, max_length=80)
    phone = forms.CharField(label=_("Telephone"), required=False, max_length=30)
    ethnic_group = forms.ChoiceField(label=_("Ethnic group"), required=False)
    marital_state = forms.ChoiceField(label=_("Marital state"), required=False)
    education = forms.ChoiceField(label=_("Education"), required=False)
    living_arrangement = forms.ChoiceField(label=_("Living arrangement"), required=False)
    is_new_for_sure = forms.BooleanField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field, list_key in LISTS.items():
            self.fields[field].choices = [("", "—"), *choices(list_key)]  # type: ignore[attr-defined]
        self.fields["document_number"].help_text = _("Leave empty if the person has none.")
        self.fields["place"].help_text = _("Name, pinyin initials or 12-digit code.")

    def entry(self) -> Entry:
        """What was typed, as an entry."""
        data = dict(self.cleaned_data)
        data.pop("is_new_for_sure")
        data["place_key"] = data.pop("place")
        data["sex"] = data["sex"] or "0"
        return Entry(**data)


def initial_of(entry: Entry) -> dict[str, Any]:
    """An entry as the initial values of the form."""
    initial = {name: getattr(entry, name) for name in PersonForm.base_fields if hasattr(entry, name)}
    return {**initial, "place": str(entry.place_key)}


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


class ReasonForm(forms.Form):
    """Why somebody does what leaves a line."""

    reason = forms.CharField(label=_("Why"), max_length=200)


class RevealForm(ReasonForm):
    """What to show, and why."""

    items = forms.MultipleChoiceField(
        label=_("Show"),
        choices=[("document", _("Document number")), ("phone", _("Telephone")), ("address", _("House number"))],
        widget=forms.CheckboxSelectMultiple,
        initial=["phone"],
    )


class DeathForm(forms.Form):
    """A death."""

    died_on = forms.DateField(label=_("Day of death"), widget=forms.DateInput({"type": "date"}))
    reason = forms.CharField(label=_("Where the news comes from"), max_length=200)


class MoveForm(forms.Form):
    """Where a person lives from a day on."""

    place = PlaceField(label=_("Village or community"))
    on = forms.DateField(label=_("From"), widget=forms.DateInput({"type": "date"}))
    reason = forms.CharField(label=_("Why"), required=False, max_length=200)


class TransferForm(forms.Form):
    """Hand a person to another county."""

    place = PlaceField(label=_("Village or community in the other county"))
    note = forms.CharField(label=_("What the other county should know"), required=False, max_length=300)


class AnswerForm(forms.Form):
    """Receive a person, or send the case back."""

    receives = forms.ChoiceField(
        label=_("Answer"),
        choices=[("yes", _("Receive")), ("no", _("Send back"))],
        widget=forms.RadioSelect,
        initial="yes",
    )
    answer = forms.CharField(label=_("Note"), required=False, max_length=300)


class CategoryForm(forms.Form):
    """Put a person into a category."""

    category = forms.ChoiceField(label=_("Category"))
    grade = forms.CharField(label=_("Grade"), required=False, max_length=10)
    source = forms.CharField(label=_("On whose word"), max_length=80)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["category"].choices = choices("person_category")  # type: ignore[attr-defined]


class KinForm(forms.Form):
    """A relative or contact."""

    name = forms.CharField(label=_("Name"), max_length=60)
    relation = forms.ChoiceField(label=_("Relation"))
    phone = forms.CharField(label=_("Telephone"), required=False, max_length=30)
    lives_at = forms.CharField(label=_("Lives in"), required=False, max_length=60)
    is_emergency = forms.BooleanField(label=_("Emergency contact"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["relation"].choices = choices("kinship")  # type: ignore[attr-defined]


class ConsentForm(forms.Form):
    """A consent as it was given."""

    purpose = forms.CharField(label=_("What for"), max_length=40)
    items = forms.CharField(label=_("What it covers"), max_length=200, help_text=_("Separate with commas."))
    recipient = forms.CharField(label=_("Who receives it"), max_length=120)
    method = forms.ChoiceField(label=_("How it was given"))
    given_by = forms.CharField(label=_("Given by"), max_length=60)
    valid_to = forms.DateField(label=_("Until"), required=False, widget=forms.DateInput({"type": "date"}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["method"].choices = choices("consent_method")  # type: ignore[attr-defined]


class WillingnessForm(forms.Form):
    """What the person answered about central care."""

    is_willing = forms.TypedChoiceField(
        label=_("Central care"),
        choices=[("yes", _("Willing")), ("no", _("Not willing"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    asked_on = forms.DateField(label=_("Asked on"), widget=forms.DateInput({"type": "date"}))
    asked_by = forms.CharField(label=_("Asked by"), max_length=60)


class SaveListForm(forms.Form):
    """A name for the filters in the address."""

    title = forms.CharField(label=_("Name of the list"), max_length=60)
    query = forms.CharField(widget=forms.HiddenInput, max_length=400)
