"""Forms of a duty's page."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from yinling.accounts.models import User
from yinling.places.queries import tree
from yinling.worklist.models import Telling, WorkItem
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

    def __init__(self, items: Sequence[WorkItem], *args: Any, **kwargs: Any) -> None:
        """For one duty, or for several that go the same way: whoever could take one of them is offered."""
        super().__init__(*args, **kwargs)
        here = {item.place_key: item for item in items}
        users = {user.pk for one in _different(items).values() for user in possible_holders(one)}
        self.fields["to_user"].queryset = User.objects.filter(pk__in=users).order_by("name")  # type: ignore[attr-defined]
        places = dict(pair for item in here.values() for pair in _neighbours(item))
        if len(here) == 1:
            places.pop(next(iter(here)), None)
        self.fields["to_place"].choices = [("", _("Stays here")), *places.items()]  # type: ignore[attr-defined]


class TellingForm(forms.Form):
    """How to hear of duties that fall due."""

    way = forms.ChoiceField(
        label=_("Duties that fall due today"),
        widget=forms.RadioSelect,
        choices=[
            (Telling.Way.EACH, _("A message for each")),
            (Telling.Way.DIGEST, _("One message a day: how many are late, due today and this week")),
            (Telling.Way.NONE, _("No message: I look at my list")),
        ],
        help_text=_("A late duty that is put before you always comes as a message of its own."),
    )


def _different(items: Sequence[WorkItem]) -> dict[tuple[int, str], WorkItem]:
    """One duty of each place and role: their possible holders are the same."""
    return {(item.place_key, item.role): item for item in items}


def _neighbours(item: WorkItem) -> list[tuple[int, str]]:
    """Divisions a duty usually goes to: those above it, their other divisions, and those below."""
    places = tree()
    above = [d.key for d in places.line(item.place_key)]
    beside = [child.key for key in above for child in places.children(key)]
    return [(key, places.path(key) or places.name(key)) for key in dict.fromkeys([*above[1:], *beside])]
