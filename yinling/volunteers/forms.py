"""What is typed about branches, members, volunteers, services and hours."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from yinling.kernel.clock import CITY_ZONE, civil_date
from yinling.kernel.uids import new_uid
from yinling.reference.queries import choices
from yinling.volunteers.models import Branch, Group, Member

DAYS = (
    ("0", _("Monday")), ("1", _("Tuesday")), ("2", _("Wednesday")), ("3", _("Thursday")), ("4", _("Friday")),
    ("5", _("Saturday")), ("6", _("Sunday")),
)  # fmt: skip
NOBODY = [("", "—")]


class Moment(forms.DateTimeField):
    """A civil time of the city, typed in one field."""

    def __init__(self, **given: Any) -> None:
        widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
        super().__init__(widget=widget, input_formats=["%Y-%m-%dT%H:%M"], **given)

    def prepare_value(self, value: Any) -> Any:
        """As the city reads the clock."""
        return value.astimezone(CITY_ZONE) if hasattr(value, "astimezone") else value


class Day(forms.DateField):
    """A day."""

    def __init__(self, **given: Any) -> None:
        super().__init__(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **given)


def _code(label: Any, list_key: str, **more: Any) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=lambda: NOBODY + choices(list_key), **more)


def _codes(label: Any, list_key: str) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=label, choices=lambda: choices(list_key), required=False, widget=forms.CheckboxSelectMultiple
    )


class BranchForm(forms.Form):
    """A branch to open."""

    name = forms.CharField(label=_("Name of the branch"), max_length=60)
    place_key = forms.IntegerField(label=_("Code of the village (12 digits)"))


class CoordinatorForm(forms.Form):
    """Who acts for members."""

    username = forms.CharField(label=_("User name of the coordinator"), max_length=60)


class NameForm(forms.Form):
    """A name."""

    name = forms.CharField(label=_("Name of the group"), max_length=60)


class MemberForm(forms.Form):
    """A member: a person on file, or a name."""

    person = forms.UUIDField(
        label=_("Number of the person's page"), required=False,
        help_text=_("The last part of the address of the person's page. Empty: enter name and birth date below."),
    )  # fmt: skip
    name = forms.CharField(label=_("Name of the member"), max_length=60, required=False)
    sex = _code(_("Sex"), "sex", required=False)
    birth_date = Day(label=_("Birth date"), required=False)
    phone = forms.CharField(label=_("Telephone"), max_length=30, required=False)


class TimesForm(forms.Form):
    """What a volunteer can do, and when."""

    skills = _codes(_("Skills"), "visit_skill")
    speaks = _codes(_("Languages"), "language")
    days = forms.MultipleChoiceField(
        label=_("Weekdays"), choices=DAYS, required=False, widget=forms.CheckboxSelectMultiple,
        initial=[key for key, _words in DAYS],
    )  # fmt: skip
    from_hour = forms.IntegerField(label=_("From (hour)"), min_value=0, max_value=23, initial=8)
    until_hour = forms.IntegerField(label=_("Until (hour)"), min_value=1, max_value=24, initial=18)


class ApplyForm(TimesForm):
    """An application."""

    guardian_agrees = forms.BooleanField(label=_("Under age, and the guardian agrees"), required=False)


class CheckForm(forms.Form):
    """A check."""

    kind = _code(_("Check"), "volunteer_check")
    is_passed = forms.BooleanField(label=pgettext_lazy("check", "Passed"), required=False)
    checked_on = Day(label=_("Day"), initial=civil_date)


class TrainForm(forms.Form):
    """A course."""

    course = _code(_("Course"), "volunteer_course")
    held_on = Day(label=_("Day"), initial=civil_date)
    minutes = forms.IntegerField(label=_("Minutes"), min_value=1, max_value=10_000, initial=120)
    is_passed = forms.BooleanField(label=pgettext_lazy("check", "Passed"), required=False, initial=True)


class InsureForm(forms.Form):
    """An insurance."""

    insurer = forms.CharField(label=_("Insurer"), max_length=60)
    policy = forms.CharField(label=_("Number of the policy"), max_length=40)
    valid_from = Day(label=_("From"), initial=civil_date)
    valid_to = Day(label=_("Until"))


class HonourForm(forms.Form):
    """An honour."""

    kind = _code(_("Honour"), "volunteer_honour")
    given_on = Day(label=_("Day"), initial=civil_date)
    given_by = forms.CharField(label=_("Honour given by"), max_length=60)


class GroupsForm(forms.Form):
    """The groups of a volunteer."""

    groups = forms.MultipleChoiceField(label=_("Groups"), required=False, widget=forms.CheckboxSelectMultiple)

    def __init__(self, branch: Branch, *args: Any, **given: Any) -> None:
        super().__init__(*args, **given)
        field = self.fields["groups"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = [(str(one.uid), one.name) for one in Group.objects.filter(branch=branch).order_by("name")]


class WhyForm(forms.Form):
    """Why."""

    reason = forms.CharField(label=_("Reason"), max_length=200, widget=forms.Textarea(attrs={"rows": 3}))


class AskForm(forms.Form):
    """A service asked for."""

    service = _code(_("Service"), "time_service")
    starts_at = Moment(label=_("When"))
    minutes = forms.IntegerField(label=_("Minutes"), min_value=15, max_value=480, initial=60)
    payer = forms.ChoiceField(label=_("Whose hours"))
    skill = _code(_("Skill that is needed"), "visit_skill", required=False)
    speaks = _code(_("Language wished for"), "language", required=False)
    sex = _code(_("Sex wished for"), "sex", required=False)

    def __init__(self, payers: Sequence[tuple[str, str]], *args: Any, **given: Any) -> None:
        super().__init__(*args, **given)
        field = self.fields["payer"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [*payers, ("", _("The pool of the branch"))]
        field.required = False


class OfferForm(forms.Form):
    """A service offered."""

    service = _code(_("Service"), "time_service")
    days = forms.MultipleChoiceField(label=_("Weekdays"), choices=DAYS, widget=forms.CheckboxSelectMultiple)
    from_hour = forms.IntegerField(label=_("From (hour)"), min_value=0, max_value=23, initial=8)
    until_hour = forms.IntegerField(label=_("Until (hour)"), min_value=1, max_value=24, initial=18)
    valid_to = Day(label=_("Until"), required=False)


class DoneForm(forms.Form):
    """When it began and ended."""

    started_at = Moment(label=_("Began"))
    ended_at = Moment(label=_("Ended at"))
    is_paid = forms.BooleanField(label=_("It was paid for"), required=False)


class ConfirmForm(forms.Form):
    """How the one served confirmed."""

    proof = _code(_("How the one served confirmed"), "time_proof")


class DisputeForm(forms.Form):
    """What was wrong."""

    words = forms.CharField(
        label=_("What was wrong with the service"), max_length=1000, widget=forms.Textarea(attrs={"rows": 4})
    )


class SettleForm(forms.Form):
    """Does it count?"""

    counts = forms.BooleanField(label=_("The service counts"), required=False)
    finding = forms.CharField(label=_("Finding"), max_length=200, widget=forms.Textarea(attrs={"rows": 3}))


class KeyedForm(forms.Form):
    """A form that moves hours once, however often it is sent."""

    key = forms.UUIDField(widget=forms.HiddenInput, initial=new_uid)


class HoursForm(KeyedForm):
    """Minutes to move."""

    minutes = forms.IntegerField(label=_("Minutes"), min_value=15, max_value=1_000_000, step_size=15, initial=60)


class ReasonedHoursForm(HoursForm):
    """Minutes to move, and why."""

    reason = forms.CharField(label=_("Reason"), max_length=200, widget=forms.Textarea(attrs={"rows": 3}))


class AdjustForm(KeyedForm):
    """A correction, up or down."""

    minutes = forms.IntegerField(label=_("Minutes, with a minus to take away"))
    reason = forms.CharField(label=_("Reason"), max_length=200, widget=forms.Textarea(attrs={"rows": 3}))


class GiftForm(HoursForm):
    """Hours for kin."""

    to = forms.ChoiceField(label=_("To whom"))

    def __init__(self, kin: Sequence[Member], *args: Any, **given: Any) -> None:
        super().__init__(*args, **given)
        field = self.fields["to"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(str(one.uid), f"{one.name} · {one.branch.name}") for one in kin]


class LendForm(ReasonedHoursForm):
    """Hours for another branch."""

    to = forms.ChoiceField(label=_("To which branch"))

    def __init__(self, others: Sequence[Branch], *args: Any, **given: Any) -> None:
        super().__init__(*args, **given)
        field = self.fields["to"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(str(one.uid), one.name) for one in others]


class EstateForm(forms.Form):
    """Shares of heirs, in minutes; empty: the pool's."""

    def __init__(self, heirs: Sequence[Member], *args: Any, **given: Any) -> None:
        super().__init__(*args, **given)
        for heir in heirs:
            self.fields[f"heir_{heir.uid}"] = forms.IntegerField(
                label=f"{heir.name} · {heir.branch.name}", required=False, min_value=1
            )

    def shares(self) -> dict[str, int]:
        """Heir's uid -> minutes."""
        given = {name.removeprefix("heir_"): minutes for name, minutes in self.cleaned_data.items() if minutes}
        return {uid: int(minutes) for uid, minutes in given.items()}


class DaysForm(forms.Form):
    """From a day to a day."""

    first = Day(label=_("From this day"))
    last = Day(label=_("Until this day"))


class AssumptionsForm(forms.Form):
    """What the projection assumes; the shortest form of a change of rules."""

    share_serving = forms.FloatField(label=_("Share of people of serving age who serve, %"), min_value=0, max_value=100)
    hours_a_year = forms.FloatField(label=_("Hours of a volunteer in a year"), min_value=0, max_value=2000)
    claims_from = forms.IntegerField(label=_("Age from which hours are claimed"), min_value=50, max_value=100)
    share_claimed = forms.FloatField(
        label=_("Share of what is held that is claimed in a year, %"), min_value=0, max_value=100
    )
    donated = forms.FloatField(label=_("Share of hours given that goes to the pool, %"), min_value=0, max_value=100)
    years = forms.IntegerField(label=_("Years"), min_value=3, max_value=30)


def usual_days() -> dict[str, dt.date]:
    """The year until today."""
    return {"first": civil_date() - dt.timedelta(days=365), "last": civil_date()}
