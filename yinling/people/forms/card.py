"""Forms about the card: register, correct, move, hand over, categories, death."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from yinling.kernel.errors import NotFound
from yinling.people.forms.days import DayInput
from yinling.people.models import Category
from yinling.people.rules import Entry
from yinling.places.models import Level
from yinling.places.queries import place_named, search
from yinling.reference.queries import choices, label

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
    birth_date = forms.DateField(label=_("Birth date"), required=False, widget=DayInput)
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


class DeathForm(forms.Form):
    """A death."""

    died_on = forms.DateField(label=_("Day of death"), widget=DayInput)
    reason = forms.CharField(label=_("Where the news comes from"), max_length=200)


class MoveForm(forms.Form):
    """Where a person lives from a day on."""

    place = PlaceField(label=_("Village or community"))
    on = forms.DateField(label=_("From"), widget=DayInput)
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


class LeaveCategoryForm(forms.Form):
    """End a category of the person from a day on."""

    category = forms.ChoiceField(label=_("Category"), widget=forms.RadioSelect)
    on = forms.DateField(label=_("Ended on"), widget=DayInput)
    reason = forms.CharField(
        label=_("Why"), max_length=200, help_text=_("For example: income above the line, by decision 2026-31.")
    )

    def __init__(self, *args: Any, held: Iterable[Category], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices_held = [(one.category, _since(one)) for one in held]
        self.fields["category"].choices = choices_held  # type: ignore[attr-defined]


def _since(held: Category) -> str:
    words = gettext("{category}, since {day}")
    return words.format(category=label("person_category", held.category), day=held.valid_from.isoformat())
