"""Forms about people around a person, and what the person agrees to."""

import re
from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from yinling.kernel.names import mask_name
from yinling.people.forms.days import DayInput
from yinling.people.models import Guardian, Kin, Membership
from yinling.people.parameters import consent_months
from yinling.reference.queries import choices, label

SEPARATORS = re.compile(r"[,，、;；]")
SELF = "01"  # GB/T 4761: nobody is oneself to the head


def _none_chosen(codes: list[tuple[str, Any]]) -> list[tuple[str, Any]]:
    """Nothing is answered before somebody answers it."""
    return [("", "—"), *codes]


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


class WillingnessForm(forms.Form):
    """What the person answered about central care."""

    is_willing = forms.TypedChoiceField(
        label=_("Central care"),
        choices=[("yes", _("Willing")), ("no", _("Not willing"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    asked_on = forms.DateField(label=_("Asked on"), widget=DayInput)
    asked_by = forms.CharField(label=_("Asked by"), max_length=60)


class ConsentForm(forms.Form):
    """A consent as it was given."""

    purpose = forms.ChoiceField(label=_("What for"))
    items = forms.CharField(label=_("What it covers"), max_length=200, help_text=_("Separate with commas."))
    recipient = forms.CharField(label=_("Who receives it"), max_length=120)
    method = forms.ChoiceField(label=_("How it was given"))
    given_by = forms.CharField(label=_("Given by"), max_length=60)
    witness = forms.CharField(
        label=_("Witness"), required=False, max_length=60, help_text=_("Needed when the text was read aloud.")
    )
    guardian_uid = forms.ChoiceField(
        label=_("Guardian who signed"), required=False, help_text=_("Only when the guardian signed for the person.")
    )
    valid_to = forms.DateField(label=_("Until"), required=False, widget=DayInput)

    def __init__(self, *args: Any, guardians: Iterable[Guardian], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        words = gettext("Empty: it counts for {months} months.")
        self.fields["valid_to"].help_text = words.format(months=consent_months())
        self.fields["purpose"].choices = _none_chosen(choices("consent_purpose"))  # type: ignore[attr-defined]
        self.fields["method"].choices = _none_chosen(choices("consent_method"))  # type: ignore[attr-defined]
        held = [(str(one.uid), f"{mask_name(one.kin.name)}, {label('guardian_kind', one.kind)}") for one in guardians]
        self.fields["guardian_uid"].choices = _none_chosen(held)  # type: ignore[attr-defined]

    def given(self) -> dict[str, Any]:
        """What the service takes."""
        data = dict(self.cleaned_data)
        data["items"] = [item.strip() for item in SEPARATORS.split(data["items"]) if item.strip()]
        return data


class GuardianForm(forms.Form):
    """Who may act for the person, on what proof, how far, until when."""

    kin_uid = forms.ChoiceField(label=_("Who"), help_text=_("One of the contacts on file. Add the contact first."))
    kind = forms.ChoiceField(label=_("Kind of guardianship"))
    proof = forms.CharField(
        label=_("Proof of guardianship"),
        max_length=120,
        help_text=_("Which document, its number and date: judgment, notarised deed."),
    )
    scan = forms.FileField(label=_("Scan of the proof"), required=False, help_text=_("PDF or picture, at most 50 MB."))
    scope = forms.CharField(
        label=_("What the guardian may decide"), max_length=200, help_text=_("Everyday care, money, medical matters.")
    )
    valid_from = forms.DateField(label=_("From"), widget=DayInput)
    valid_to = forms.DateField(label=_("Until"), required=False, widget=DayInput, help_text=_("Empty: no end is set."))

    def __init__(self, *args: Any, kin: Iterable[Kin], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        held = [(str(one.uid), f"{label('kinship', one.relation)} {mask_name(one.name)}") for one in kin]
        self.fields["kin_uid"].choices = _none_chosen(held)  # type: ignore[attr-defined]
        self.fields["kind"].choices = _none_chosen(choices("guardian_kind"))  # type: ignore[attr-defined]


class EndForm(forms.Form):
    """Something ends on a day, and why."""

    on = forms.DateField(label=_("Ended on"), widget=DayInput)
    reason = forms.CharField(label=_("Why"), max_length=200)


class HouseholdForm(forms.Form):
    """What the person is to the head of the household, from when on."""

    relation = forms.ChoiceField(label=_("Is to the head of the household"))
    on = forms.DateField(label=_("Lives there since"), widget=DayInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        codes = [(code, _("Is the head") if code == Membership.HEAD else words) for code, words in choices("kinship")]
        codes = [one for one in codes if one[0] != SELF]
        self.fields["relation"].choices = _none_chosen(codes)  # type: ignore[attr-defined]
