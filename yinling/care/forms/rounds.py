"""What is typed about rounds."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from yinling.care.forms.plans import day_field


class PlanForm(forms.Form):
    """A block and a day to plan. `places`: divisions that may be chosen."""

    place_key = forms.TypedChoiceField(label=_("Division"), coerce=int)
    day = day_field(_("Day"))

    def __init__(self, *args: Any, places: list[tuple[int, str]], **named: Any) -> None:
        super().__init__(*args, **named)
        self.fields["place_key"].choices = places  # type: ignore[attr-defined]


class NewsForm(forms.Form):
    """An urgent visit, or who cannot come."""

    urgent = forms.ChoiceField(label=_("Urgent visit"), required=False)
    sick = forms.ChoiceField(label=_("Who cannot come"), required=False)

    def __init__(
        self, *args: Any, visits: list[tuple[str, str]], visitors: list[tuple[str, str]], **named: Any
    ) -> None:
        super().__init__(*args, **named)
        self.fields["urgent"].choices = [("", "—"), *visits]  # type: ignore[attr-defined]
        self.fields["sick"].choices = [("", "—"), *visitors]  # type: ignore[attr-defined]
