"""What the forms share: days, civil times, choices out of code lists."""

import datetime as dt
from typing import Any

from django import forms

from yinling.kernel.clock import CITY_ZONE, now
from yinling.reference.queries import choices

DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
NONE_CHOSEN = ("", "—")


class Moment(forms.DateTimeField):
    """A civil time of the city, as an aware instant."""

    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    input_formats = ["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"]

    def prepare_value(self, value: Any) -> Any:
        """Show an instant in the city's time."""
        if isinstance(value, dt.datetime) and value.tzinfo is not None:
            return value.astimezone(CITY_ZONE).strftime("%Y-%m-%dT%H:%M")
        return super().prepare_value(value)

    def to_python(self, value: Any) -> dt.datetime | None:
        """What was typed, in the city's time; this very minute means now."""
        found = super().to_python(value)
        if found is None:
            return None
        instant = found.replace(tzinfo=CITY_ZONE)
        return now() if dt.timedelta(0) <= now() - instant < dt.timedelta(minutes=1) else instant


def coded(label: Any, list_key: str, required: bool = True) -> forms.ChoiceField:
    """A choice out of a code list, filled when the form is made."""
    found = forms.ChoiceField(label=label, required=required)
    found.list_key = list_key  # type: ignore[attr-defined]
    return found


class CodedForm(forms.Form):
    """Fills the choices of fields that come from code lists."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            list_key = getattr(field, "list_key", "")
            if list_key and isinstance(field, forms.ChoiceField):
                found = choices(list_key)
                field.choices = found if field.required else [NONE_CHOSEN, *found]
