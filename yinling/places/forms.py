"""What is typed about divisions. The rules judge it."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from yinling.kernel.clock import civil_date
from yinling.places.models import Level, Place
from yinling.places.queries import search
from yinling.places.rules import level_below
from yinling.web.fields import DayInput


class DivisionField(forms.CharField):
    """A division of one level, by name, initials or 12-digit code. Cleans to its key, or None."""

    def __init__(self, *args: Any, level: str = "", **kwargs: Any) -> None:
        super().__init__(*args, max_length=60, **kwargs)
        self.level = level

    def clean(self, value: Any) -> int | None:
        """The key of the one division meant; says so when there is none, or more than one."""
        text = str(super().clean(value) or "").strip()
        if not text:
            return None
        found = [place for place in search(text, limit=200) if place.level == self.level]
        exact = [place for place in found if text in (place.name, place.code)]
        if len(exact or found) == 1:
            return int((exact or found)[0].key)
        if not found:
            raise forms.ValidationError(_("No such division of this level. Try its initials or its code."))
        names = "; ".join(f"{place.parent or ''} {place.name} {place.code}" for place in found[:6])
        raise forms.ValidationError(
            _("Several divisions are called this. Enter the code: %(names)s") % {"names": names}
        )


class DatedForm(forms.Form):
    """From which day, by which document."""

    on = forms.DateField(label=_("Holds from"), widget=DayInput(), initial=civil_date)
    source = forms.CharField(label=_("Number of the document"), max_length=120)

    def stamp(self) -> str:
        """What was typed, in one line: the button of the preview sends it back, and only that is carried out."""
        return "|".join(f"{name}={value}" for name, value in sorted(self.cleaned_data.items()))


class ChangeForm(DatedForm):
    """A new name, code or parent; what stays empty does not change."""

    name = forms.CharField(label=_("New name"), required=False, max_length=60)
    code = forms.CharField(label=_("New code"), required=False, max_length=12, help_text=_("12 digits"))
    parent = DivisionField(label=_("Will lie in"), required=False)
    field_order = ("name", "code", "parent", "on", "source")

    def __init__(self, place: Place, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if place.parent is None:
            del self.fields["parent"]
        else:
            self.fields["parent"].level = place.parent.level  # type: ignore[attr-defined]
            self.fields["parent"].help_text = _("Name, initials or code; empty: stays where it is")


class MergeForm(DatedForm):
    """What the division ends in."""

    into = DivisionField(label=_("Goes into"), help_text=_("Name, initials or code of the division that continues"))
    field_order = ("into", "on", "source")

    def __init__(self, place: Place, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["into"].level = place.level  # type: ignore[attr-defined]


class AddForm(DatedForm):
    """A division that is set up below another."""

    name = forms.CharField(label=_("Name"), max_length=60)
    code = forms.CharField(label=pgettext_lazy("division", "Code"), max_length=12, help_text=_("12 digits"))
    split_from = DivisionField(
        label=_("Cut out of"), required=False, help_text=_("When it was a part of another: name, initials or code")
    )
    field_order = ("name", "code", "split_from", "on", "source")

    def __init__(self, place: Place, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["split_from"].level = level_below(place.level) or Level.VILLAGE  # type: ignore[attr-defined]


class DayForm(forms.Form):
    """The day whose divisions are shown."""

    on = forms.DateField(label=_("As it was on"), required=False, widget=DayInput())
