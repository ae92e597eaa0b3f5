"""How the forms of the register ask for a day."""

from typing import Any

from django import forms


class DayInput(forms.DateInput):
    """The browser's own calendar. It reads 2026-11-23 only, whatever the language of the page writes."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")
