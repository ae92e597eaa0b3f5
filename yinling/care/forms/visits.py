"""What is typed about visits: the report, attempts, a person's risk, spells, doubts."""

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from yinling.care.forms.plans import Moment, day_field, words_field
from yinling.care.models import Attempt, Spell, Tier, Visit
from yinling.care.rules.visits import BLOCKS, Position, VisitReport
from yinling.kernel.clock import civil_date, now
from yinling.reference.queries import choices

BLOCK_TITLES = {
    "health": (pgettext_lazy("visit block", "Health"), _("Eating, sleeping, walking, medicine")),
    "money": (pgettext_lazy("visit block", "Money and benefits"), _("Hardship; whether what is due was received")),
    "family": (pgettext_lazy("visit block", "Family"), _("Whether they came, whether they called")),
    "safety": (pgettext_lazy("visit block", "Safety at home"), _("Water, electricity, gas, heating, floors")),
    "needs": (pgettext_lazy("visit block", "Wishes"), _("Care, company, a doctor, changes at home")),
}


class ReportForm(forms.Form):
    """A visit in taps. Blocks left untouched were not asked about."""

    way = forms.ChoiceField(label=_("How"), choices=Visit.Way.choices, initial=Visit.Way.DOOR, widget=forms.RadioSelect)
    started_at = Moment(label=_("Began"))
    minutes = forms.IntegerField(label=_("Minutes"), min_value=1, max_value=480, initial=15)
    has_contact = forms.ChoiceField(
        label=_("Did you meet the person?"), widget=forms.RadioSelect,
        choices=[("yes", _("Yes")), ("no", _("Nobody answered"))],
    )  # fmt: skip
    found = forms.ChoiceField(
        label=_("All in all"), choices=Visit.Found.choices, required=False, widget=forms.RadioSelect
    )
    actions = forms.MultipleChoiceField(
        label=_("What was done at the visit"), required=False, widget=forms.CheckboxSelectMultiple
    )  # fmt: skip
    signed = forms.ChoiceField(label=_("Signature"), required=False)
    far_reason = forms.ChoiceField(label=_("If far from the address: why"), required=False)
    note = forms.CharField(label=_("Note"), required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 2}))
    next_on = day_field(_("Next visit on"), required=False)
    longitude = forms.FloatField(required=False, widget=forms.HiddenInput)
    latitude = forms.FloatField(required=False, widget=forms.HiddenInput)
    accuracy = forms.FloatField(required=False, widget=forms.HiddenInput)
    door = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **given: Any) -> None:
        super().__init__(*args, **given)
        self.fields["started_at"].initial = now() - dt.timedelta(minutes=15)
        self.fields["actions"].choices = choices("visit_action")  # type: ignore[attr-defined]
        self.fields["signed"].choices = [("", "—"), *choices("visit_sign")]  # type: ignore[attr-defined]
        self.fields["far_reason"].choices = [("", "—"), *choices("visit_far_reason")]  # type: ignore[attr-defined]
        for block in BLOCKS:
            self.fields[block] = forms.MultipleChoiceField(
                choices=[("ok", _("All well")), *choices(f"visit_{block}")], required=False,
                widget=forms.CheckboxSelectMultiple, label=BLOCK_TITLES[block][0],
            )  # fmt: skip

    def blocks(self) -> list[dict[str, Any]]:
        """The five blocks for the template: title, hint, its ticks and those that are set."""
        return [
            {
                "key": block, "title": BLOCK_TITLES[block][0], "hint": BLOCK_TITLES[block][1],
                "codes": self.fields[block].choices, "ticked": set(self[block].value() or ()),  # type: ignore[attr-defined]
            }
            for block in BLOCKS
        ]  # fmt: skip

    def report(self, source: str, **more: Any) -> VisitReport:
        """What was typed, as the service wants it."""
        given = self.cleaned_data
        at = None
        if given["longitude"] is not None and given["latitude"] is not None:
            accuracy = round(given["accuracy"]) if given["accuracy"] is not None else None
            at = Position(given["longitude"], given["latitude"], accuracy)
        has_contact = given["has_contact"] == "yes"
        asked = {block: given[block] for block in BLOCKS if given[block]}
        return VisitReport(
            way=given["way"], started_at=given["started_at"], has_contact=has_contact, source=source,
            ended_at=min(given["started_at"] + dt.timedelta(minutes=given["minutes"]), now()),
            found=given["found"] if has_contact else "", actions=tuple(given["actions"]), note=given["note"],
            blocks={block: tuple(code for code in codes if code != "ok") for block, codes in asked.items()},
            signed=given["signed"], next_on=given["next_on"], position=at, door_token=given["door"],
            far_reason=given["far_reason"], **more,
        )  # fmt: skip


class AttemptForm(forms.Form):
    """What was tried when nobody answered."""

    rung = forms.ChoiceField(label=_("What was tried"), choices=Attempt.Rung.choices, widget=forms.RadioSelect)
    is_answered = forms.ChoiceField(
        label=_("What came of it"), widget=forms.RadioSelect,
        choices=[("yes", _("The person is there and well")), ("no", _("Still nobody"))],
    )  # fmt: skip
    tried_at = Moment(label=_("When"))

    def __init__(self, *args: Any, **given: Any) -> None:
        super().__init__(*args, **given)
        self.fields["tried_at"].initial = now()


class ReasonForm(forms.Form):
    """Why."""

    reason = words_field(_("Reason"), 200)


class SpellForm(forms.Form):
    """Cold or heat, where and how long."""

    kind = forms.ChoiceField(label=_("What"), choices=Spell.Kind.choices)
    place = forms.TypedChoiceField(label=_("Division"), coerce=int)
    first_on = day_field(_("From"))
    last_on = day_field(_("Until"))

    def __init__(self, *args: Any, places: list[tuple[int, str]], **given: Any) -> None:
        super().__init__(*args, **given)
        self.fields["place"].choices = places  # type: ignore[attr-defined]
        self.fields["first_on"].initial = civil_date()


class TierForm(forms.Form):
    """A person's risk by hand."""

    risk = forms.ChoiceField(label=_("Risk"), required=False)
    why = forms.ChoiceField(label=_("Reason"))

    def __init__(self, *args: Any, **given: Any) -> None:
        super().__init__(*args, **given)
        self.fields["risk"].choices = [("", _("As the rules find it")), *Tier.Risk.choices]  # type: ignore[attr-defined]
        self.fields["why"].choices = choices("visit_tier_reason")  # type: ignore[attr-defined]


class SettleForm(forms.Form):
    """What was found out about a doubt."""

    is_confirmed = forms.ChoiceField(
        label=_("Result"), widget=forms.RadioSelect,
        choices=[("no", _("There is a good reason")), ("yes", _("The record is not true"))],
    )  # fmt: skip
    finding = words_field(_("What was found out"), 1000)


class PhotoForm(forms.Form):
    """A photograph of a visit."""

    photo = forms.FileField(
        label=_("Photograph"), widget=forms.FileInput(attrs={"accept": "image/*", "capture": "environment"})
    )
