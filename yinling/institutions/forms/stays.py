"""Forms about applications, stays, leaves and what residents pay."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from yinling.institutions.forms.fields import DAY, CodedForm, Moment, coded
from yinling.kernel.clock import now


class ApplyForm(CodedForm):
    """An application for a place in a home."""

    person = forms.UUIDField(widget=forms.HiddenInput)
    bed_kind = coded(_("Bed kind"), "bed_kind")
    contact_name = forms.CharField(label=_("Who to call"), max_length=60, required=False)
    wanted_on = forms.DateField(label=_("Wanted from"), required=False, widget=DAY)


class ChooseHomeForm(forms.Form):
    """Which home a person applies to."""

    home = forms.ChoiceField(label=_("Home"))

    def __init__(self, *args: Any, homes: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["home"].choices = homes  # type: ignore[attr-defined]


class ReserveForm(forms.Form):
    """Keep a bed for somebody who waits."""

    bed = forms.ChoiceField(label=_("Bed"), required=False)

    def __init__(self, *args: Any, beds: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.auto_id = "reserve_%s"  # other forms of the page have a bed, too
        self.fields["bed"].choices = [("", _("The first free bed of this kind")), *beds]  # type: ignore[attr-defined]


class WithdrawForm(forms.Form):
    """The family no longer wants the place."""

    reason = forms.CharField(label=_("Why they withdraw"), max_length=300)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.auto_id = "withdraw_%s"  # other forms of the page have a reason, too


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

    def __init__(self, *args: Any, beds: list[tuple[str, str]], first: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["bed"].choices = [("", first), *beds]  # type: ignore[attr-defined]


class MoveForm(forms.Form):
    """Another bed of the home."""

    bed = forms.ChoiceField(label=_("Bed"))
    reason = forms.CharField(label=_("Reason"), max_length=300, required=False)

    def __init__(self, *args: Any, beds: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["bed"].choices = beds  # type: ignore[attr-defined]


class DischargeForm(CodedForm):
    """Leaving."""

    reason = coded(_("Where to"), "stay_end")
    left_at = Moment(label=_("Left the home"), initial=now)
    note = forms.CharField(label=_("Note"), max_length=300, required=False)


class CorrectForm(forms.Form):
    """The time of leaving was written wrongly."""

    left_at = Moment(label=_("Left the home"))
    reason = forms.CharField(label=_("What was wrong"), max_length=300)


class VoidForm(forms.Form):
    """The stay never took place."""

    reason = forms.CharField(label=_("Why it never took place"), max_length=300)


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
