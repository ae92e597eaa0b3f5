"""What is asked for when a rule is tried."""

import datetime as dt

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from yinling.kernel.clock import civil_date, start_of
from yinling.web.fields import DayInput

LONGEST_DAYS = 31


class TrialForm(forms.Form):
    """From one day to another, both included."""

    begin = forms.DateField(label=_("From"), widget=DayInput())
    end = forms.DateField(label=pgettext_lazy("last day of a trial", "Until"), widget=DayInput())

    def clean(self) -> dict[str, dt.date]:
        """The days in order, none ahead, not too many."""
        given: dict[str, dt.date] = super().clean() or {}
        begin, end = given.get("begin"), given.get("end")
        if begin and end and begin > end:
            self.add_error("end", _("The last day lies before the first. Choose a later one."))
        elif begin and end and (end - begin).days >= LONGEST_DAYS:
            self.add_error("end", _("A trial takes 31 days at most. Choose a shorter time."))
        return given

    def times(self) -> tuple[dt.datetime, dt.datetime]:
        """Instants: the beginning of the first day, the end of the last."""
        return start_of(self.cleaned_data["begin"]), start_of(self.cleaned_data["end"] + dt.timedelta(days=1))


def asked_for(address: dict[str, str]) -> TrialForm:
    """The form of an address; the last two days where it names none."""
    today = civil_date()
    return TrialForm({"begin": str(today - dt.timedelta(days=1)), "end": str(today)} | address)
