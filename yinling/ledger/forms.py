"""What is typed on the pages of the ledger."""

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from yinling.kernel.clock import civil_date

LONGEST_DAYS = 732  # two years and the day between: a longer statement is asked for year by year
DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class DaysForm(forms.Form):
    """From when to when a statement goes, both days included."""

    first = forms.DateField(label=_("From"), widget=DAY)
    last = forms.DateField(label=_("Until"), widget=DAY)

    def clean(self) -> dict[str, Any]:
        """The days in order and not too far apart."""
        days = super().clean() or {}
        first, last = days.get("first"), days.get("last")
        if first and last and last < first:
            self.add_error("last", _("The last day lies before the first. Choose a later one."))
        elif first and last and (last - first).days > LONGEST_DAYS:
            self.add_error("first", _("A statement covers two years at most. Choose a later first day."))
        return days


class ReasonForm(forms.Form):
    """What a statement is taken out for."""

    reason = forms.CharField(label=_("What the list is for"), max_length=200)


class TakeBackForm(forms.Form):
    """A posting was wrong."""

    reason = forms.CharField(label=_("What was wrong"), max_length=300)
    sure = forms.BooleanField(label=_("Yes, move these amounts back"))


def usual_days() -> dict[str, dt.date]:
    """What a statement shows before anybody has asked: this month and the two before."""
    today = civil_date()
    first = (today.replace(day=1) - dt.timedelta(days=40)).replace(day=1)
    return {"first": first, "last": today}
