"""What is typed about home beds."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from yinling.care.forms.plans import Moment, OrganisationField, day_field, words_field
from yinling.kernel.clock import civil_date, now
from yinling.reference.queries import choices


class ApplyForm(forms.Form):
    """Who would deliver."""

    provider = OrganisationField(label=pgettext_lazy("home bed", "Provider"))


class DecideForm(forms.Form):
    """Yes or no."""

    is_approved = forms.TypedChoiceField(
        label=_("Decision"), choices=[("yes", _("Approve")), ("no", _("Refuse"))], coerce=lambda value: value == "yes"
    )
    reason = words_field(_("Reason"), 200, required=False)


class SetUpForm(forms.Form):
    """The contract, and from when on the bed is in use."""

    contract_number = forms.CharField(label=_("Number of the contract"), max_length=60)
    begins_on = day_field(_("In use from"))

    def __init__(self, *args: Any, **given: Any) -> None:
        super().__init__(*args, **given)
        self.fields["begins_on"].initial = civil_date()


class CallForm(forms.Form):
    """A call that came."""

    called_at = Moment(label=_("Called at"))
    way = forms.ChoiceField(label=_("Way of calling"))

    def __init__(self, *args: Any, **given: Any) -> None:
        super().__init__(*args, **given)
        self.fields["way"].choices = choices("call_way")  # type: ignore[attr-defined]
        self.fields["called_at"].initial = now()


class AnswerForm(forms.Form):
    """What came of a call."""

    answered_at = Moment(label=_("Answered at"))
    outcome = forms.ChoiceField(label=_("Outcome"))

    def __init__(self, *args: Any, **given: Any) -> None:
        super().__init__(*args, **given)
        self.fields["outcome"].choices = choices("call_outcome")  # type: ignore[attr-defined]
        self.fields["answered_at"].initial = now()


class CloseForm(forms.Form):
    """Why and when a bed closes."""

    why = forms.ChoiceField(label=_("Why it is closed"))
    on = day_field(_("Last day"))

    def __init__(self, *args: Any, **given: Any) -> None:
        super().__init__(*args, **given)
        self.fields["why"].choices = choices("home_bed_end")  # type: ignore[attr-defined]
        self.fields["on"].initial = civil_date()
