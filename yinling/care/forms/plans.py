"""What is typed about plans."""

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from yinling.care.models import Line, Partner, Plan, PlanTemplate, Review, Visitor
from yinling.kernel.clock import CITY_ZONE, civil_date
from yinling.organisations.models import Organisation
from yinling.reference.queries import choices, label
from yinling.web.fields import DayInput

MOST_OFFERED = 200


class Moment(forms.DateTimeField):
    """A civil time of the city, typed in one field."""

    def __init__(self, **given: Any) -> None:
        widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
        super().__init__(widget=widget, input_formats=["%Y-%m-%dT%H:%M"], **given)

    def prepare_value(self, value: Any) -> Any:
        """As the city reads the clock."""
        return value.astimezone(CITY_ZONE) if hasattr(value, "astimezone") else value


def day_field(label_: Any, **more: Any) -> forms.DateField:
    """A day."""
    return forms.DateField(label=label_, widget=DayInput(), **more)


def words_field(label_: Any, most: int = 500, **more: Any) -> forms.CharField:
    """A few sentences."""
    return forms.CharField(label=label_, max_length=most, widget=forms.Textarea(attrs={"rows": 3}), **more)


class OrganisationField(forms.CharField):
    """An organisation by its registered name: typed, with those of the neighbourhood offered by the browser."""

    def __init__(self, **given: Any) -> None:
        given.setdefault("label", pgettext_lazy("plan", "Organisation"))
        super().__init__(max_length=120, **given)
        self.widget.attrs["list"] = "organisations"

    def clean(self, value: Any) -> Any:
        """The organisation's uid, or None."""
        name = super().clean(value)
        if not name:
            return None
        found = Organisation.objects.canonical().filter(name=name, status="active").order_by("id").first()
        if found is None:
            raise forms.ValidationError(
                _("No active organisation is called {name}. Type its registered name in full.").format(name=name)
            )
        return found.uid


def offered_organisations(near: int) -> list[str]:
    """Names that the browser offers: of the person's county."""
    county = near - near % 10**6
    found = Organisation.objects.canonical().filter(status="active", place_key__range=(county, county + 10**6 - 1))
    return list(found.order_by("name").values_list("name", flat=True)[:MOST_OFFERED])


class WriteForm(forms.Form):
    """What a plan begins with."""

    template = forms.ChoiceField(label=_("Template"), required=False)
    begins_on = day_field(_("Begins on"))
    lead = OrganisationField(label=_("Leading organisation"), required=False)

    def __init__(self, *args: Any, offered: list[PlanTemplate], language: str, **given: Any) -> None:
        super().__init__(*args, **given)
        rows = [(one.key, one.reading.title.in_language(language)) for one in offered]
        self.fields["template"].choices = [*rows, ("", _("Empty"))]  # type: ignore[attr-defined]
        self.fields["template"].help_text = _("The best fitting stands first. Everything in it can be changed.")
        self.fields["template"].initial = rows[0][0] if rows else ""
        self.fields["begins_on"].initial = civil_date()


class PartChoice(forms.Form):
    """Base of forms that name a part of the plan."""

    partner = forms.ChoiceField(label=_("Part of the plan"), required=False)

    def __init__(self, *args: Any, plan: Plan, **given: Any) -> None:
        super().__init__(*args, **given)
        found = plan.partners.filter(ended_on__isnull=True).select_related("organisation").order_by("id")
        self.fields["partner"].choices = [("", _("Of the whole plan")), *((one.uid, part_name(one)) for one in found)]  # type: ignore[attr-defined]


def part_name(one: Partner) -> str:
    """Rehabilitation, city hospital."""
    who = one.organisation.name if one.organisation else _("nobody yet")
    return f"{label('care_part', one.part)} · {who}"


class GoalForm(PartChoice):
    """A goal and its measure."""

    area = forms.ChoiceField(label=_("Area of the goal"))
    words = words_field(_("What is to be better"))
    measure = forms.CharField(label=_("Measured by"), max_length=60)
    unit = forms.CharField(label=_("Unit"), max_length=20, required=False)
    start_value = forms.DecimalField(label=_("Today's value"), max_digits=9, decimal_places=2)
    target_value = forms.DecimalField(label=_("To be reached"), max_digits=9, decimal_places=2)
    due_on = day_field(_("By the day"))

    def __init__(self, *args: Any, **given: Any) -> None:
        super().__init__(*args, **given)
        self.fields["area"].choices = choices("goal_area")  # type: ignore[attr-defined]


class MeasureForm(forms.Form):
    """A value of a goal's measure."""

    on = day_field(_("Measured on"))
    value = forms.DecimalField(label=_("Value"), max_digits=9, decimal_places=2)

    def __init__(self, *args: Any, **given: Any) -> None:
        super().__init__(*args, **given)
        self.fields["on"].initial = civil_date()


class EndGoalForm(forms.Form):
    """How a goal ended."""

    is_reached = forms.TypedChoiceField(
        label=_("How it ended"), choices=[("yes", _("Reached")), ("no", _("Given up"))],
        coerce=lambda value: value == "yes",
    )  # fmt: skip


class LineForm(PartChoice):
    """A service with its frequency."""

    service = forms.ChoiceField(label=_("Service"))
    times = forms.IntegerField(label=_("How many times"), min_value=1, max_value=31)
    per = forms.ChoiceField(label=_("In a week or a month"), choices=Line.Per.choices)
    minutes = forms.IntegerField(label=_("Minutes each time"), min_value=5, max_value=480)
    days = forms.ChoiceField(label=_("When in the year"), choices=Line.Days.choices)
    funding = forms.ChoiceField(label=_("Source of funds"))
    carer = forms.ChoiceField(label=_("Who serves"), required=False)
    begins_on = day_field(_("Begins on"))
    goals = forms.MultipleChoiceField(label=_("Goals it serves"), required=False, widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, plan: Plan, **given: Any) -> None:
        super().__init__(*args, plan=plan, **given)
        carers = Visitor.objects.filter(organisation__plans_shared__plan=plan, ended_on__isnull=True).distinct()
        goals = plan.goals.filter(ended_on__isnull=True).order_by("id")
        for name, rows in {
            "service": choices("home_service"), "funding": choices("care_funding"),
            "carer": [("", "—"), *((one.uid, one.name) for one in carers.order_by("name")[:MOST_OFFERED])],
            "goals": [(one.uid, one.words()) for one in goals],
        }.items():  # fmt: skip
            self.fields[name].choices = rows  # type: ignore[attr-defined]
        self.fields["begins_on"].initial = max(civil_date(), plan.begins_on)


class PartForm(forms.Form):
    """A part of the plan."""

    part = forms.ChoiceField(label=_("Part of the plan"))
    organisation = OrganisationField(required=False)

    def __init__(self, *args: Any, **given: Any) -> None:
        super().__init__(*args, **given)
        self.fields["part"].choices = choices("care_part")  # type: ignore[attr-defined]


class GiveForm(forms.Form):
    """Who delivers a part."""

    organisation = OrganisationField()


class AgreeForm(forms.Form):
    """Who agrees."""

    agreed_by = forms.CharField(label=_("Agreed by"), max_length=60)


class ReviewForm(forms.Form):
    """What a review found."""

    cause = forms.ChoiceField(label=_("Cause of the review"))
    result = forms.ChoiceField(label=pgettext_lazy("review", "Result"), choices=Review.Result.choices)
    words = words_field(_("What was found"), 2000)
    next_on = day_field(_("Next review on"), required=False)

    def __init__(self, *args: Any, **given: Any) -> None:
        super().__init__(*args, **given)
        self.fields["cause"].choices = choices("review_cause")  # type: ignore[attr-defined]
        self.fields["next_on"].help_text = _("Empty: as the template says.")


class EndForm(forms.Form):
    """Why a plan ends."""

    reason = words_field(_("Why it ends"), 200)


class HoldForm(forms.Form):
    """A session as it was held."""

    held_at = Moment(label=_("Held at"))
    minutes = forms.IntegerField(label=_("Minutes"), min_value=5, max_value=480)
    note = words_field(_("What was done, how it went"), 1000, required=False)


class WhyForm(forms.Form):
    """Why a session was missed, cancelled or taken back."""

    why = forms.CharField(label=pgettext_lazy("session", "Why"), max_length=200)


class DaysForm(forms.Form):
    """From one day to another."""

    first = day_field(pgettext_lazy("days", "From"), required=False)
    last = day_field(pgettext_lazy("days", "Until"), required=False)


def first_moment(planned_on: dt.date) -> dt.datetime:
    """What a form about a session proposes: nine in the morning of its day."""
    return dt.datetime.combine(planned_on, dt.time(9), CITY_ZONE)
