"""What is asked about a roster: what its rows are, which division it belongs to, which column feeds which field."""

from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from yinling.kernel.actors import Actor
from yinling.places.models import Level
from yinling.places.queries import tree
from yinling.spreadsheets.plans import SheetPlan
from yinling.spreadsheets.registers import Register, registers_for
from yinling.spreadsheets.services import Chosen
from yinling.web.sentences import sentence

ACCEPTED = ".xlsx,.xls,.ods,.csv,.txt"


class UploadForm(forms.Form):
    """One roster. What was chosen stays when the file is refused."""

    register = forms.ChoiceField(label=_("What the rows are"), widget=forms.RadioSelect)
    place_key = forms.TypedChoiceField(
        label=_("Division of the roster"),
        coerce=int,
        help_text=_("Settles which village is meant where several have one name. The whole file need not lie in it."),
    )
    source = forms.CharField(
        label=_("Where it comes from"),
        max_length=80,
        required=False,
        help_text=_("Stands on every card as source, for example: civil affairs bureau, November list."),
    )
    file = forms.FileField(
        label=_("File"),
        max_length=200,
        widget=forms.FileInput(attrs={"accept": ACCEPTED}),
        help_text=_(".xlsx, .xls, .ods or .csv; a workbook up to 50 MB, a .csv up to 256 MB."),
    )

    def __init__(self, *args: Any, by: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = registers_for(by)
        self.fields["register"].choices = [(kind.key, _title(kind)) for kind in kinds]  # type: ignore[attr-defined]
        self.fields["place_key"].choices = places_for(by)  # type: ignore[attr-defined]
        if kinds and not self.initial.get("register"):
            self.initial["register"] = kinds[0].key


def _title(kind: Register) -> str | Promise:
    return f"{gettext(kind.title)} · {gettext(kind.help)}"


def places_for(by: Any) -> list[tuple[int, str]]:
    """The user's own division first, then those directly below it."""
    places, own = tree(), getattr(by, "place_key", 0)
    below = [division for division in places.children(own) if division.level != Level.CITY]
    return [(own, places.name(own)), *((division.key, division.name) for division in below)]


def field_choices(kind: Register) -> list[tuple[str, str]]:
    """What a column may be paired with."""
    return [("", gettext("not taken")), *((field.key, sentence(kind.title_of(field.key))) for field in kind.fields)]


def select_name(plan: SheetPlan, index: int) -> str:
    """The name of the control of one column: equal headers are paired alike on every sheet."""
    assert plan.pairing is not None
    return f"{plan.pairing.signature}.{index}"


def chosen_columns(posted: Any, kind: Register) -> Chosen:
    """The pairing that was posted; unknown keys count as not taken."""
    known, chosen = {field.key for field in kind.fields}, dict[str, dict[int, str | None]]()
    for name, value in posted.items():
        signature, dot, index = name.rpartition(".")
        if dot and index.isdigit():
            chosen.setdefault(signature, {})[int(index)] = value if value in known else None
    return chosen


def may_import(by: Actor) -> bool:
    """Whether the actor may import anything."""
    return bool(registers_for(by))
