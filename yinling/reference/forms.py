"""What is typed about dated values."""

from django import forms
from django.utils.translation import gettext_lazy as _


class VerifyForm(forms.Form):
    """Against which document a value was compared."""

    source = forms.CharField(
        label=_("Document compared with"), max_length=300, help_text=_("Number, article and date.")
    )
