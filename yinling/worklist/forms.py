"""Forms of a duty's page."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from yinling.accounts.models import User
from yinling.places.queries import tree
from yinling.worklist.models import WorkItem
from yinling.worklist.queries import possible_holders


class NoteForm(forms.Form):
    """One note: why, or what was done."""

    note = forms.CharField(label=_("Note"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}))


class AssignForm(forms.Form):
    """Who does it."""

    to_user = forms.ModelChoiceField(
        User.objects.none(), label=_("Who does it"), required=False, empty_label=_("Whoever holds the role")
    )

    def __init__(self, item: WorkItem, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to_user"].queryset = possible_holders(item)  # type: ignore[attr-defined]


class HandOverForm(forms.Form):
    """To whom or where, and what is left."""

    to_user = forms.ModelChoiceField(
        User.objects.none(), label=_("To whom"), required=False, empty_label=_("Nobody in particular")
    )
    to_place = forms.TypedChoiceField(
        label=_("To which division"), required=False, coerce=int, empty_value=None, choices=()
    )
    note = forms.CharField(
        label=_("What is done and what is left"), max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, item: WorkItem, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to_user"].queryset = possible_holders(item)  # type: ignore[attr-defined]
        self.fields["to_place"].choices = [("", _("Stays here")), *_neighbours(item)]  # type: ignore[attr-defined]


def _neighbours(item: WorkItem) -> list[tuple[int, str]]:
    """Divisions a duty usually goes to: those above it, their other divisions, and those below."""
    places = tree()
    above = [d.key for d in places.line(item.place_key)]
    beside = [child.key for key in above for child in places.children(key)]
    return [
        (key, places.path(key) or places.name(key))
        for key in dict.fromkeys([*above[1:], *beside])
        if key != item.place_key
    ]
