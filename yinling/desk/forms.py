"""Forms of the desk."""

from django import forms
from django.utils.translation import gettext_lazy as _


class ReasonForm(forms.Form):
    """What a list is taken out for."""

    reason = forms.CharField(label=_("What the list is for"), max_length=200)
