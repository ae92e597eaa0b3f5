"""Forms: what the entry page posts, read into `Entered`; planning, signing, voiding, recording from paper."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from yinling.accounts.models import User
from yinling.assessments.models import Assessment, Evidence, Signature
from yinling.assessments.permissions import Assessments
from yinling.assessments.rules import Entered
from yinling.engines.scales.instruments import Instrument as Scale
from yinling.kernel.actors import Actor
from yinling.kernel.clock import CITY_ZONE, civil_date
from yinling.kernel.scope import within
from yinling.reference.queries import choices
from yinling.web.sentences import sentence

ITEM, FACT = "item-", "fact-"
NOTES = ("place", "illnesses", "medicines", "care", "remarks", "informant_phone")
CODED = {
    "education": "assessment_education",
    "marital_state": "assessment_marital_state",
    "living": "living_arrangement",
    "payment": "payment_source",
    "income": "income_source",
}
SEVERAL = ("living", "payment", "income")  # several answers may hold at once
YES_NO = {"yes": True, "no": False}


def _date(**attributes: Any) -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date", **attributes}, format="%Y-%m-%d")


def _with_blank(list_key: str) -> list[tuple[str, Any]]:
    return [("", "—"), *choices(list_key)]


class DetailsForm(forms.Form):
    """All of form A and the circumstances of the visit; everything may wait until later."""

    happened_on = forms.DateField(label=_("Day of the visit"), required=False, widget=_date())
    happened_time = forms.TimeField(
        label=_("Time of the visit"), required=False, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )
    place = forms.CharField(label=_("Where the visit took place"), required=False, max_length=120)
    informant_name = forms.CharField(label=_("Who informed the assessors"), required=False, max_length=60)
    informant_relation = forms.ChoiceField(label=_("Relation to the person"), required=False)
    informant_phone = forms.CharField(
        label=_("Telephone of the informant"),
        required=False,
        max_length=20,
        widget=forms.TextInput(attrs={"type": "tel"}),
    )
    education = forms.ChoiceField(label=_("Education"), required=False)
    marital_state = forms.ChoiceField(label=_("Marital state"), required=False)
    living = forms.MultipleChoiceField(label=_("Lives with"), required=False, widget=forms.CheckboxSelectMultiple)
    payment = forms.MultipleChoiceField(
        label=_("Who pays for medical care"), required=False, widget=forms.CheckboxSelectMultiple
    )
    income = forms.MultipleChoiceField(label=_("Income from"), required=False, widget=forms.CheckboxSelectMultiple)
    height_cm = forms.IntegerField(label=_("Height in cm"), required=False, min_value=80, max_value=230)
    weight_kg = forms.IntegerField(label=_("Weight in kg"), required=False, min_value=20, max_value=200)
    illnesses = forms.CharField(
        label=_("Illnesses diagnosed"), required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    medicines = forms.CharField(
        label=_("Medicines: name, how, how much, how often"), required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    care = forms.CharField(
        label=_("Skin, joints, wounds, tubes, pain, teeth, swallowing"),
        required=False, widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip
    remarks = forms.CharField(label=_("Remarks"), required=False, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args: Any, **given: Any) -> None:
        super().__init__(*args, **given)
        for name, list_key in {**CODED, "informant_relation": "informant_relation"}.items():
            found = self.fields[name]
            assert isinstance(found, forms.ChoiceField)
            found.choices = choices(list_key) if name in SEVERAL else _with_blank(list_key)

    def happened_at(self) -> dt.datetime | None:
        """Day and time as an instant of the city; noon when only the day is known."""
        day, time = self.cleaned_data["happened_on"], self.cleaned_data["happened_time"]
        return dt.datetime.combine(day, time or dt.time(12), CITY_ZONE) if day else None


def initial_of(entered: Entered) -> dict[str, Any]:
    """What the details form shows of an assessment."""
    local = entered.happened_at.astimezone(CITY_ZONE) if entered.happened_at else None
    return {
        "happened_on": local.date() if local else None,
        "happened_time": local.time() if local else None,
        "informant_name": entered.informant_name,
        "informant_relation": entered.informant_relation,
        **entered.form_a,
        **entered.notes,
    }


def entered_from(post: Mapping[str, str], details: DetailsForm, scale: Scale) -> Entered:
    """What was posted. Only the scale's own items and circumstances are read: a level or a score sent along is not.

    What is no number stays text, so that the scale can say what is wrong with it. `details` must be valid.
    """
    given = details.cleaned_data
    form_a = {name: given[name] for name in (*CODED, "height_cm", "weight_kg") if given[name]}
    return Entered(
        answers=answers_from(post, scale),
        circumstances=facts_from(post, scale),
        happened_at=details.happened_at(),
        informant_name=given["informant_name"],
        informant_relation=given["informant_relation"],
        form_a=form_a,
        notes={name: given[name] for name in NOTES if given[name]},
    )


def answers_from(post: Mapping[str, str], scale: Scale) -> dict[str, Any]:
    """The items answered."""
    return {item.key: _number(post[ITEM + item.key]) for item in scale.items if post.get(ITEM + item.key)}


def facts_from(post: Mapping[str, str], scale: Scale) -> dict[str, Any]:
    """The circumstances answered."""
    found: dict[str, Any] = {}
    for fact in scale.circumstances:
        text = post.get(FACT + fact.key, "").strip()
        if text:
            found[fact.key] = _number(text) if fact.is_count else YES_NO.get(text, text)
    return found


def _number(text: str) -> int | str:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 5 else text


class PlanForm(forms.Form):
    """What to assess, why, when, and who."""

    instrument_key = forms.ChoiceField(label=_("Scale"))
    reason = forms.ChoiceField(label=_("Why it takes place"))
    planned_on = forms.DateField(label=_("Day planned"), required=False, widget=_date())
    assessor = forms.ModelChoiceField(
        label=_("First assessor"), required=False, queryset=User.objects.none(),
        help_text=_("Left open, whoever is an assessor there finds it on the list."),
    )  # fmt: skip

    def __init__(self, *args: Any, scales: list[Scale], assessors: Any, **given: Any) -> None:
        super().__init__(*args, **given)
        self.fields["instrument_key"].choices = [(s.key, sentence(s.title)) for s in scales if s.may_be_issued]  # type: ignore[attr-defined]
        self.fields["reason"].choices = _with_blank("assessment_reason")  # type: ignore[attr-defined]
        self.fields["assessor"].queryset = assessors  # type: ignore[attr-defined]


class ReasonForm(forms.Form):
    """Why; stays on record."""

    reason = forms.CharField(label=_("Reason"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}))


class NoteForm(forms.Form):
    """What was seen."""

    note = forms.CharField(
        label=_("What changed, and since when"), max_length=600, widget=forms.Textarea(attrs={"rows": 4})
    )


class AttachForm(forms.Form):
    """A file of the visit."""

    kind = forms.ChoiceField(
        label=_("What it is"),
        choices=[
            (Evidence.Kind.PHOTO, _("Photo of the visit")),
            (Evidence.Kind.VIDEO, _("Video or sound")),
            (Evidence.Kind.INFORMANT_SIGNATURE, _("Informant's signature")),
            (Evidence.Kind.SHEET, _("Paper sheet")),
        ],
    )
    file = forms.FileField(label=_("File to attach"))


class SignForm(forms.Form):
    """How one signs. The digest says what was on the page."""

    way = forms.ChoiceField(
        label=_("How you sign"), widget=forms.RadioSelect,
        choices=[
            (Signature.Way.PIN, _("With my PIN")),
            (Signature.Way.PASSWORD, _("With my password")),
            (Signature.Way.DRAWN, _("With a drawn signature (picture)")),
        ],
    )  # fmt: skip
    secret = forms.CharField(
        label=_("PIN or password"), required=False, widget=forms.PasswordInput(attrs={"autocomplete": "off"})
    )
    drawing = forms.FileField(label=_("Picture of your signature (PNG)"), required=False)
    digest = forms.CharField(widget=forms.HiddenInput)


class PaperForm(forms.Form):
    """A result from paper: the old scale's level."""

    on = forms.DateField(label=_("Day of the result"), widget=_date())
    assessors = forms.CharField(label=_("Assessors, as on the paper"), max_length=120)
    level = forms.TypedChoiceField(label=_("Level on the paper"), coerce=int)

    def __init__(self, *args: Any, scale: Scale, **given: Any) -> None:
        super().__init__(*args, **given)
        levels = [(str(level.level), f"{level.level} {sentence(level.title)}") for level in scale.levels]
        self.fields["level"].choices = [("", "—"), *levels]  # type: ignore[attr-defined]


class SelfCareForm(forms.Form):
    """The county's word on six things a destitute person can or cannot do."""

    on = forms.DateField(label=_("Day of the decision"), widget=_date())
    assessors = forms.CharField(label=_("Office that decided"), max_length=120)


class CertificateForm(forms.Form):
    """An assessor's certificate."""

    user = forms.ModelChoiceField(label=_("Assessor"), queryset=User.objects.none(), to_field_name="uid")
    number = forms.CharField(label=_("Number of the certificate"), max_length=60)
    valid_from = forms.DateField(label=_("Valid from"), widget=_date())
    valid_to = forms.DateField(label=_("Valid until (the last day)"), required=False, widget=_date())

    def __init__(self, *args: Any, by: Actor, **given: Any) -> None:
        super().__init__(*args, **given)
        mine = within(by.key_ranges(Assessments.CERTIFY))
        self.fields["user"].queryset = User.objects.filter(mine, is_active=True).order_by("name")  # type: ignore[attr-defined]

    def end(self) -> dt.date | None:
        """The first day on which it no longer holds."""
        last = self.cleaned_data["valid_to"]
        return last + dt.timedelta(days=1) if last else None


def today() -> dt.date:
    """The civil date, as initial value."""
    return civil_date()


STATES = (
    (Assessment.State.PLANNED, _("Planned")),
    (Assessment.State.DRAFT, _("Being filled in")),
    (Assessment.State.FIRST_SIGNED, _("One signature")),
    (Assessment.State.SIGNED, _("Signed")),
    (Assessment.State.VOID, _("Void")),
)
