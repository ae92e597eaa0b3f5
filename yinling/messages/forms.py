"""Forms of messages."""

from django import forms
from django.utils.translation import gettext_lazy as _


class ReachForm(forms.Form):
    """Where the user is reached; the rules of the service say what is wrong."""

    phone = forms.CharField(
        label=_("Mobile telephone"), required=False, max_length=20,
        help_text=_("Text messages for orange alerts, calls for red ones."),
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "tel"}),
    )  # fmt: skip
    wecom = forms.CharField(label=_("User name at WeCom"), required=False, max_length=80)
    mini_app = forms.CharField(label=_("Number of the mini-program"), required=False, max_length=80)
