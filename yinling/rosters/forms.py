"""What is typed about rosters."""

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from yinling.accounts.models import User
from yinling.kernel.actors import Actor
from yinling.kernel.clock import CITY_ZONE, civil_date
from yinling.organisations.models import Organisation
from yinling.places.models import Level
from yinling.places.queries import tree
from yinling.rosters.models import Post, Roster, Shift
from yinling.rosters.permissions import Rosters
from yinling.rosters.queries import possible_users

FORTNIGHT = dt.timedelta(days=13)


def _day(label: Any) -> forms.DateField:
    return forms.DateField(label=label, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))


def _time(label: Any, help_text: Any = "") -> forms.TimeField:
    widget = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    return forms.TimeField(label=label, widget=widget, help_text=help_text)


class RosterForm(forms.Form):
    """A new roster: what for, and whose."""

    post = forms.ChoiceField(label=_("Post"), choices=Post.choices)
    place_key = forms.TypedChoiceField(label=_("Division that keeps it"), coerce=int)
    organisation = forms.CharField(
        label=_("Organisation"),
        max_length=120,
        required=False,
        help_text=_("Its registered name or credit code, when the post is a home's and not the division's own."),
    )
    name = forms.CharField(label=_("Name of the roster"), max_length=80)

    def __init__(self, by: Actor, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by = by
        self.fields["place_key"].choices = _divisions(by)  # type: ignore[attr-defined]

    def clean_organisation(self) -> Organisation | None:
        """The organisation in scope that is meant; exactly one."""
        text = self.cleaned_data["organisation"].strip()
        if not text:
            return None
        seen = Organisation.objects.visible_to(self.by, Rosters.PLAN).canonical()
        found = list(seen.filter(uscc=text.upper())[:1]) or list(seen.filter(name=text)[:2])
        if len(found) != 1:
            raise forms.ValidationError(
                _("%(count)s organisations of your divisions are called “%(name)s”. Type the credit code."),
                params={"count": len(found), "name": text},
            )
        return found[0]


def _divisions(by: Actor) -> list[tuple[int, str]]:
    """Divisions down to townships where rosters may be planned."""
    places, ranges = tree(), by.key_ranges(Rosters.PLAN)
    return [
        (key, places.path(key) or places.name(key))
        for key in places.keys
        if places.divisions[key].level != Level.VILLAGE and any(low <= key <= high for low, high in ranges)
    ]


class ShiftForm(forms.Form):
    """A pattern."""

    name = forms.CharField(label=_("Name of the shift"), max_length=40)
    starts = _time(_("From what time"))
    ends = _time(_("Until what time"), _("An earlier time than the start means the next day."))
    days = forms.ChoiceField(label=_("On which days"), choices=Shift.Days.choices)
    needed = forms.IntegerField(label=_("How many at once"), min_value=1, max_value=50, initial=1)


class PlanForm(forms.Form):
    """Days to fill, and who serves in turn."""

    shift = forms.ModelChoiceField(Shift.objects.none(), label=_("Shift"), to_field_name="uid", empty_label=None)
    first = _day(_("Serve from"))
    last = _day(_("Serve until"))
    users = forms.MultipleChoiceField(
        label=_("Who serves, in turn"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Nobody is chosen. Choose who serves, in turn.")},
    )

    def __init__(self, roster: Roster, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"first": civil_date(), "last": civil_date() + FORTNIGHT})
        super().__init__(*args, **kwargs)
        in_use = Shift.objects.filter(roster=roster).in_use().order_by("starts_minute", "id")
        self.fields["shift"].queryset = in_use  # type: ignore[attr-defined]
        self.known = {str(user.uid): user for user in possible_users(roster)}
        self.fields["users"].choices = [(uid, user.label) for uid, user in self.known.items()]  # type: ignore[attr-defined]

    def chosen(self) -> list[User]:
        """The users ticked, in the order of the list."""
        ticked = set(self.cleaned_data["users"])
        return [user for uid, user in self.known.items() if uid in ticked]


class PutOnForm(forms.Form):
    """One turn by hand."""

    user = forms.ChoiceField(label=_("Who"))
    day = _day(_("Day"))
    starts = _time(_("From what time"))
    ends = _time(_("Until what time"), _("An earlier time than the start means the next day."))
    shift = forms.ModelChoiceField(
        Shift.objects.none(), label=_("Shift"), to_field_name="uid", required=False, empty_label=_("None of them")
    )

    def __init__(self, roster: Roster, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        in_use = Shift.objects.filter(roster=roster).in_use().order_by("starts_minute", "id")
        self.fields["shift"].queryset = in_use  # type: ignore[attr-defined]
        self.known = {str(user.uid): user for user in possible_users(roster)}
        self.fields["user"].choices = [(uid, user.label) for uid, user in self.known.items()]  # type: ignore[attr-defined]

    def turn(self) -> dict[str, Any]:
        """What was typed, as `put_on` takes it."""
        typed = self.cleaned_data
        starts_at = dt.datetime.combine(typed["day"], typed["starts"], CITY_ZONE)
        ends_at = dt.datetime.combine(typed["day"], typed["ends"], CITY_ZONE)
        if ends_at <= starts_at:
            ends_at += dt.timedelta(days=1)
        return {
            "user": self.known[typed["user"]], "starts_at": starts_at, "ends_at": ends_at, "shift": typed["shift"],
        }  # fmt: skip


class TakeOffForm(forms.Form):
    """Why a turn does not take place."""

    reason = forms.CharField(label=_("Why it is taken off"), max_length=300)


class OfferForm(forms.Form):
    """A word to colleagues."""

    note = forms.CharField(label=_("A word to your colleagues"), max_length=200, required=False)
