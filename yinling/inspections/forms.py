"""What is typed about inspections, hazards and draws."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from yinling.accounts.models import User
from yinling.inspections.models import Checklist, Finding, Hazard, Inspection, Photo, Signature
from yinling.inspections.permissions import Inspections
from yinling.inspections.rules.hazards import PASS, RETURN, Fixings
from yinling.inspections.services import Point
from yinling.institutions.models import Institution
from yinling.institutions.models.sites import HOMES
from yinling.kernel.actors import Actor
from yinling.kernel.clock import civil_date
from yinling.places.models import Level
from yinling.places.queries import tree
from yinling.web.sentences import sentence

UNGRADED = [("", _("Not graded yet")), *Hazard.Level.choices]


def _day(label: Any, **more: Any) -> forms.DateField:
    return forms.DateField(label=label, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **more)


def _words(label: Any, most: int = 600, **more: Any) -> forms.CharField:
    area = forms.Textarea(attrs={"rows": 3})
    return forms.CharField(label=label, max_length=most, widget=area, **more)


def _photo(label: Any, **more: Any) -> forms.FileField:
    picture = forms.FileInput(attrs={"accept": "image/*", "capture": "environment"})
    return forms.FileField(label=label, widget=picture, **more)


def _checklists(rows: Sequence[Checklist]) -> list[tuple[str, str]]:
    return [(row.key, sentence(row.questions.title)) for row in rows]


class ChooseHomeForm(forms.Form):
    """Which home."""

    home = forms.ChoiceField(label=pgettext_lazy("inspection", "Home"))

    def __init__(self, *args: Any, by: Actor, **given: Any) -> None:
        super().__init__(*args, **given)
        seen = Institution.objects.visible_to(by).open_on(civil_date()).filter(kind__in=HOMES)
        places = tree()
        homes = seen.order_by("place_key", "id").values_list("uid", "name", "place_key")[:400]
        self.fields["home"].choices = [(str(u), f"{name} · {places.path(key)}") for u, name, key in homes]  # type: ignore[attr-defined]


class PlanForm(forms.Form):
    """What is inspected, when, by whom."""

    kind = forms.ChoiceField(label=_("Kind of inspection"))
    checklist_key = forms.ChoiceField(label=_("Checklist"))
    planned_on = _day(_("Day of the inspection"))
    inspectors = forms.MultipleChoiceField(
        label=_("Who goes"), widget=forms.CheckboxSelectMultiple, required=False,
        help_text=_("Two sign. Left open, whoever is an inspector there finds it on the list."),
    )  # fmt: skip

    def __init__(self, *args: Any, checklists: Sequence[Checklist], inspectors: Sequence[User], **given: Any) -> None:
        given.setdefault("initial", {"planned_on": civil_date()})
        super().__init__(*args, **given)
        offered = (Inspection.Kind.PLANNED, Inspection.Kind.COMPLAINT, Inspection.Kind.FOLLOW_UP)
        self.fields["kind"].choices = [(kind.value, kind.label) for kind in offered]  # type: ignore[attr-defined]
        self.fields["checklist_key"].choices = _checklists(checklists)  # type: ignore[attr-defined]
        self.known = {str(user.uid): user for user in inspectors}
        self.fields["inspectors"].choices = [(uid, user.label) for uid, user in self.known.items()]  # type: ignore[attr-defined]

    def chosen(self) -> list[User]:
        """The users ticked."""
        return [user for uid, user in self.known.items() if uid in set(self.cleaned_data["inspectors"])]


class SelfCheckForm(forms.Form):
    """The home checks itself."""

    checklist_key = forms.ChoiceField(label=_("Checklist"))
    planned_on = _day(_("Day of the inspection"))

    def __init__(self, *args: Any, checklists: Sequence[Checklist], **given: Any) -> None:
        given.setdefault("initial", {"planned_on": civil_date()})
        super().__init__(*args, **given)
        self.fields["checklist_key"].choices = _checklists(checklists)  # type: ignore[attr-defined]


class PlacedForm(forms.Form):
    """A form that the phone may add its position to (WGS84 degrees); it is never required."""

    longitude = forms.FloatField(required=False, min_value=-180, max_value=180, widget=forms.HiddenInput)
    latitude = forms.FloatField(required=False, min_value=-90, max_value=90, widget=forms.HiddenInput)

    def point(self) -> Point | None:
        """Where the phone was, when it said so."""
        east, north = self.cleaned_data.get("longitude"), self.cleaned_data.get("latitude")
        return Point(east, north) if east is not None and north is not None else None


class ItemForm(PlacedForm):
    """The answer to one item, what was seen, and a photo."""

    answer = forms.ChoiceField(choices=Finding.Answer.choices, error_messages={"required": _("Choose an answer.")})
    note = _words(_("What was seen"), required=False, help_text=_("Needed when something is not in order."))
    photo = _photo(_("Photo"), required=False)


class AroundForm(forms.Form):
    """What stands around the findings."""

    present = forms.CharField(label=_("Who was present for the home"), max_length=60, required=False)
    statement = _words(_("What the home says to it"), required=False)
    remark = _words(_("Remarks"), required=False)
    is_refused_entry = forms.BooleanField(label=_("The home refused the inspection"), required=False)
    must_stop = forms.BooleanField(label=_("Business is suspended until corrected"), required=False)


class SignForm(forms.Form):
    """How one signs. The digest says what was on the page."""

    way = forms.ChoiceField(label=_("How you sign"), widget=forms.RadioSelect, choices=Signature.Way.choices)
    secret = forms.CharField(
        label=_("PIN or password"), required=False, widget=forms.PasswordInput(attrs={"autocomplete": "off"})
    )
    digest = forms.CharField(widget=forms.HiddenInput)


class ReasonForm(forms.Form):
    """Why; stays on record."""

    reason = _words(_("Reason"), 300)


class HazardForm(forms.Form):
    """A hazard seen outside a checklist."""

    words = _words(_("What was seen"))
    spot = forms.CharField(label=_("Where in the home"), max_length=120, required=False)
    level = forms.ChoiceField(label=_("Grade of the hazard"), choices=UNGRADED, required=False)
    clause = forms.CharField(label=_("Clause it breaks"), max_length=200, required=False)
    found_on = _day(_("Seen on"))

    def __init__(self, *args: Any, **given: Any) -> None:
        given.setdefault("initial", {"found_on": civil_date()})
        super().__init__(*args, **given)


class GradeForm(forms.Form):
    """General or major, and by what."""

    level = forms.ChoiceField(label=_("Grade of the hazard"), choices=Hazard.Level.choices)
    reason = _words(_("By what it is graded so"), 300)


class NoticeForm(forms.Form):
    """The five fixings."""

    level = forms.ChoiceField(label=_("Grade of the hazard"), choices=Hazard.Level.choices)
    responsible = forms.CharField(label=_("1. Responsible person"), max_length=60)
    measure = _words(_("2. Measure"))
    money = forms.DecimalField(label=_("3. Money, in yuan"), min_value=0, max_digits=11, decimal_places=2)
    due_on = _day(_("4. Deadline"))
    contingency = _words(_("5. Contingency"), help_text=_("What protects residents until the work is done."))

    def fixings(self) -> Fixings:
        """What was typed, as `issue_notice` takes it."""
        typed = self.cleaned_data
        return Fixings(
            typed["responsible"], typed["measure"], int(typed["money"] * 100), typed["due_on"], typed["contingency"]
        )


class SubmitForm(forms.Form):
    """What was done."""

    words = _words(_("What was done"))


class HazardPhotoForm(PlacedForm):
    """A photo of a hazard; after the work, from the angle of one as found."""

    photo = _photo(_("Photo"))
    angle_of = forms.ChoiceField(label=_("From the same angle as"), required=False)

    def __init__(self, *args: Any, before: Sequence[Photo] = (), **given: Any) -> None:
        super().__init__(*args, **given)
        names = [(str(one.uid), _("Photo {number}").format(number=at)) for at, one in enumerate(before, 1)]
        if before:
            self.fields["angle_of"].choices = [*names, ("", _("Another angle"))]  # type: ignore[attr-defined]
        else:
            del self.fields["angle_of"]


class RecheckForm(forms.Form):
    """Closed, or back to work."""

    verdict = forms.ChoiceField(
        label=_("What the look says"), widget=forms.RadioSelect,
        choices=[(PASS, _("The hazard is gone: close it")), (RETURN, _("Not done: the work goes back"))],
    )  # fmt: skip
    note = _words(_("What was seen"), required=False, help_text=_("Needed when the work goes back."))


class ExtensionForm(forms.Form):
    """More time, and why."""

    until = _day(_("New deadline"))
    reason = _words(_("Why more time is needed"), 300)


class DecideForm(forms.Form):
    """Granted, or not."""

    is_granted = forms.TypedChoiceField(
        label=_("Decision"), widget=forms.RadioSelect, coerce=lambda value: value == "yes",
        choices=[("yes", _("Grant more time")), ("no", _("The deadline stays"))],
    )  # fmt: skip
    note = _words(_("A word to the home"), 300, required=False)


class WordsForm(forms.Form):
    """A paper, a part of a home: one line."""

    words = forms.CharField(max_length=300)

    def __init__(self, label: Any, *args: Any, **given: Any) -> None:
        super().__init__(*args, **given)
        self.fields["words"].label = label


class DrawForm(forms.Form):
    """A new draw."""

    title = forms.CharField(label=pgettext_lazy("draw", "Title"), max_length=120)
    place_key = forms.TypedChoiceField(label=_("Division whose homes are drawn from"), coerce=int)
    checklist_key = forms.ChoiceField(label=_("Checklist"))
    homes = forms.IntegerField(label=_("How many homes"), min_value=1, max_value=200, initial=3)
    inspectors = forms.IntegerField(label=_("Inspectors for each"), min_value=2, max_value=5, initial=2)
    first_day = _day(_("Inspect from"))
    last_day = _day(_("Inspect until"))

    def __init__(self, *args: Any, by: Actor, checklists: Sequence[Checklist], **given: Any) -> None:
        today = civil_date()
        given.setdefault("initial", {"first_day": today, "last_day": today + dt.timedelta(days=30)})
        super().__init__(*args, **given)
        places, ranges = tree(), by.key_ranges(Inspections.DRAW)
        mine = [one for one in places.divisions.values() if any(low <= one.key <= high for low, high in ranges)]
        upper = [one for one in mine if one.level in (Level.CITY, Level.COUNTY)]
        self.fields["place_key"].choices = [(one.key, one.name) for one in upper]  # type: ignore[attr-defined]
        self.fields["checklist_key"].choices = _checklists(checklists)  # type: ignore[attr-defined]


class CloseListForm(forms.Form):
    """Who may be drawn as inspector."""

    inspectors = forms.MultipleChoiceField(label=_("Inspectors on the list"), widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, inspectors: Sequence[User], **given: Any) -> None:
        super().__init__(*args, **given)
        self.known = {str(user.uid): user for user in inspectors}
        places = tree()
        self.fields["inspectors"].choices = [  # type: ignore[attr-defined]
            (uid, f"{user.label} · {places.name(user.place_key)}") for uid, user in self.known.items()
        ]
        self.fields["inspectors"].initial = list(self.known)

    def chosen(self) -> list[User]:
        """The users ticked."""
        return [user for uid, user in self.known.items() if uid in set(self.cleaned_data["inspectors"])]


class RevealForm(forms.Form):
    """The witness, and what the witness says."""

    witness = forms.CharField(label=_("Witness"), max_length=60)
    words = forms.CharField(
        label=_("What the witness says"), max_length=100,
        help_text=_("Any words or digits, thought of on the spot. They decide together with the seed."),
    )  # fmt: skip


class InterestForm(ChooseHomeForm):
    """Why one must not inspect a home."""

    why = forms.CharField(
        label=_("Why you must not inspect it"), max_length=200,
        help_text=_("A relative there, a former post, a contract."),
    )  # fmt: skip
