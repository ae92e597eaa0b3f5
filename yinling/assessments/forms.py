"""Forms: what the entry page posts, read into `Entered`; planning, signing, voiding, recording from paper."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from yinling.accounts.models import User
from yinling.assessments.form_a import Field, Kind, Section
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
NOTES = ("place", "informant_phone", "contact_name", "remarks")  # asked of every scale, in words, sealed
YES_NO = {"yes": True, "no": False}


def _date(**attributes: Any) -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date", **attributes}, format="%Y-%m-%d")


def _pad() -> forms.FileInput:
    """A picture of a signature; with a script a pad to draw it on stands above (frontend/src/pads.ts)."""
    words = {"data-pad": _("Draw the signature here"), "data-pad-clear": _("Clear the drawing")}
    return forms.FileInput(attrs={"accept": "image/png", **words})


def _with_blank(list_key: str) -> list[tuple[str, Any]]:
    return [("", "—"), *choices(list_key)]


def _form_field(one: Field) -> forms.Field:
    """How a line of form A is asked. None of them is required: a draft may have gaps."""
    label = sentence(one.title)
    options = [(option.code, sentence(option.title)) for option in one.asked]
    if one.kind is Kind.ONE:
        return forms.ChoiceField(label=label, required=False, choices=[("", "—"), *options])
    if one.kind is Kind.SEVERAL:
        boxes = forms.CheckboxSelectMultiple
        return forms.MultipleChoiceField(label=label, required=False, choices=options, widget=boxes)
    if one.kind is Kind.NUMBER:
        return forms.IntegerField(label=label, required=False, min_value=one.lowest, max_value=one.highest)
    area = forms.Textarea(attrs={"rows": 3})
    if one.kind is Kind.TEXT:
        return forms.CharField(label=label, required=False, max_length=600, widget=area)
    columns = _(", ").join(sentence(column) for column in one.columns)
    hint = _("One a line, with commas between: {columns}").format(columns=columns)
    return forms.CharField(label=label, required=False, max_length=2000, widget=area, help_text=hint)


class DetailsForm(forms.Form):
    """The circumstances of the visit and form A; everything may wait until later."""

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
    contact_name = forms.CharField(label=_("Contact person"), required=False, max_length=60)
    remarks = forms.CharField(label=_("Remarks"), required=False, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args: Any, form_a: Sequence[Section] = (), **given: Any) -> None:
        super().__init__(*args, **given)
        self.form_a = [section for section in form_a if any(one.kind is not Kind.FACT for one in section.fields)]
        self.fields["informant_relation"].choices = _with_blank("informant_relation")  # type: ignore[attr-defined]
        for one in self._asked():
            self.fields[one.key] = _form_field(one)

    def _asked(self) -> list[Field]:
        return [one for section in self.form_a for one in section.fields if one.kind is not Kind.FACT]

    def parts(self) -> list[tuple[Section, list[tuple[Field, forms.BoundField]]]]:
        """Form A's sections with their fields, for the page."""
        return [(s, [(one, self[one.key]) for one in s.fields if one.key in self.fields]) for s in self.form_a]

    def has_errors_in_form_a(self) -> bool:
        """Whether the folded part of the page must be open."""
        return any(one.key in self.errors for one in self._asked())

    def answers(self) -> tuple[dict[str, Any], dict[str, str]]:
        """What goes plain into form A, and what is sealed. Empty answers are left out."""
        given = self.cleaned_data
        plain = {one.key: given[one.key] for one in self._asked() if not one.is_sealed and given.get(one.key)}
        sealed = {one.key: given[one.key] for one in self._asked() if one.is_sealed and given.get(one.key)}
        return plain, sealed | {name: given[name] for name in NOTES if given.get(name)}

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
    form_a, notes = details.answers()
    return Entered(
        answers=answers_from(post, scale),
        circumstances=facts_from(post, scale),
        happened_at=details.happened_at(),
        informant_name=given["informant_name"],
        informant_relation=given["informant_relation"],
        form_a=form_a,
        notes=notes,
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


class ConditionForm(forms.Form):
    """What changed, and who noticed it."""

    note = forms.CharField(
        label=_("What changed, and since when"), max_length=600, widget=forms.Textarea(attrs={"rows": 4})
    )
    noticed_by = forms.ChoiceField(label=_("Who noticed it"))

    def __init__(self, *args: Any, **given: Any) -> None:
        super().__init__(*args, **given)
        self.fields["noticed_by"].choices = _with_blank("informant_relation")  # type: ignore[attr-defined]


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
    drawing = forms.FileField(label=_("Picture of your signature (PNG)"), required=False, widget=_pad())
    digest = forms.CharField(widget=forms.HiddenInput)


class InformantForm(forms.Form):
    """The informant's signature: drawn, a picture of it, or the name typed."""

    informant_drawing = forms.FileField(label=_("Picture of the signature (PNG)"), required=False, widget=_pad())
    typed_name = forms.CharField(
        label=_("Or the name, typed"), required=False, max_length=60,
        help_text=_("For whoever cannot draw. The paper says that the name was typed."),
    )  # fmt: skip


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
