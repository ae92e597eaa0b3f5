"""Form fields as the look draws them: what label, control, help and error say to a screen reader belongs together."""

from django import forms
from django.forms import BoundField, CheckboxInput, CheckboxSelectMultiple, RadioSelect
from django.template.loader import render_to_string
from django.utils.safestring import SafeString


def drawn_field(bound: BoundField, help_text: str = "") -> SafeString:
    """One field as HTML. Groups of ticks become a fieldset; a single tick stands before its label."""
    widget = bound.field.widget
    if isinstance(widget, RadioSelect | CheckboxSelectMultiple):
        kind = "group"
    elif isinstance(widget, CheckboxInput):
        kind = "tick"
    else:
        kind = "line"
    help_text = help_text or str(bound.help_text)
    help_id = f"{bound.auto_id}_help" if help_text else ""
    error_id = f"{bound.auto_id}_error" if bound.errors else ""
    attributes = {"aria-describedby": " ".join(filter(None, [help_id, error_id])) or None}
    if kind == "line":
        attributes["class"] = f"{widget.attrs.get('class', '')} box".strip()
    if bound.errors and kind != "group":
        attributes["aria-invalid"] = "true"
    context = {
        "bound": bound,
        "control": "" if kind == "group" else bound.as_widget(attrs={k: v for k, v in attributes.items() if v}),
        "help": help_text,
        "help_id": help_id,
        "error_id": error_id,
        "described_by": attributes["aria-describedby"],
        "required": bound.field.required,
    }
    return render_to_string(f"web/parts/field_{kind}.html", context)


class DayInput(forms.DateInput):
    """A day as browsers want it: year first in every language, or the field would stay blank in Chinese."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")
