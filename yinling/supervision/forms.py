"""What is typed about alerts and rules."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from yinling.accounts.models import User
from yinling.reference.queries import choices
from yinling.supervision.services.settling import CAUSES
from yinling.supervision.services.steps import Point


def _words(label: Any, **more: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=600, widget=forms.Textarea(attrs={"rows": 3}), **more)


class PlacedForm(forms.Form):
    """A form that the phone may add its position to (WGS84 degrees)."""

    longitude = forms.FloatField(required=False, min_value=-180, max_value=180, widget=forms.HiddenInput)
    latitude = forms.FloatField(required=False, min_value=-90, max_value=90, widget=forms.HiddenInput)

    def point(self) -> Point | None:
        """Where the phone was, when it said so."""
        given = self.cleaned_data
        if given.get("longitude") is None or given.get("latitude") is None:
            return None
        return Point(given["longitude"], given["latitude"])


class NoteForm(PlacedForm):
    """Words beside a step."""

    note = _words(pgettext_lazy("alert", "What was found and done"))

    def __init__(self, *args: Any, label: Any = "", **given: Any) -> None:
        super().__init__(*args, **given)
        if label:
            self.fields["note"].label = label


class DispatchForm(PlacedForm):
    """Who goes there."""

    to = forms.ChoiceField(label=_("Who goes there"), required=False)
    note = _words(_("Or a name, and what to take along"), required=False)

    def __init__(self, *args: Any, users: Sequence[User], **given: Any) -> None:
        super().__init__(*args, **given)
        self.by_uid = {str(user.uid): user for user in users}
        names = [(str(user.uid), user.label) for user in users]
        self.fields["to"].choices = [("", _("Somebody else")), *names]  # type: ignore[attr-defined]

    def chosen(self) -> User | None:
        """The user who is sent."""
        return self.by_uid.get(self.cleaned_data.get("to") or "")


class FalseAlarmForm(PlacedForm):
    """What set it off."""

    cause = forms.ChoiceField(label=_("What set it off"), widget=forms.RadioSelect)
    note = _words(_("In your own words"), required=False)

    def __init__(self, *args: Any, **given: Any) -> None:
        super().__init__(*args, **given)
        self.fields["cause"].choices = choices(CAUSES)  # type: ignore[attr-defined]


class VerifyForm(forms.Form):
    """Is it so?"""

    is_right = forms.ChoiceField(
        label=_("Was it dealt with as written?"), widget=forms.RadioSelect,
        choices=[("yes", _("Yes, close the alert")), ("no", _("No, give it back"))],
    )  # fmt: skip
    note = _words(_("What you saw"), required=False)


class SilenceForm(forms.Form):
    """Until when, and why."""

    until = forms.DateTimeField(
        label=_("Silent until"), widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    )
    reason = forms.CharField(label=pgettext_lazy("silence", "Why nobody need be told"), max_length=300)


class SwitchForm(forms.Form):
    """Where a rule is taken off or on, and why."""

    place_key = forms.ChoiceField(label=_("In which division"))
    reason = forms.CharField(label=pgettext_lazy("switch", "Why"), max_length=300)

    def __init__(self, *args: Any, divisions: Sequence[tuple[int, str]], **given: Any) -> None:
        super().__init__(*args, **given)
        self.fields["place_key"].choices = [(str(k), name) for k, name in divisions]  # type: ignore[attr-defined]


class PhotoForm(forms.Form):
    """A photo from the spot."""

    photo = forms.FileField(
        label=_("Photo"), widget=forms.FileInput(attrs={"accept": "image/*", "capture": "environment"})
    )
