"""Forms about a whole file: its photograph, the other file of the same person, an inquiry."""

from django import forms
from django.utils.translation import gettext_lazy as _

from yinling.people.models import Inquiry

PICTURES = "image/jpeg,image/png,image/webp"  # what every browser can show; a phone converts its own format to these


class PhotoForm(forms.Form):
    """A portrait, and that the person agreed."""

    photo = forms.FileField(
        label=_("Photograph"),
        widget=forms.FileInput({"accept": PICTURES}),
        help_text=_("A picture of the face, JPEG, PNG or WebP, at most 5 MB."),
    )
    has_agreed = forms.BooleanField(label=_("The person agreed to be photographed for the file"), required=False)


class SheetForm(forms.Form):
    """The sheet of a consent as it was signed."""

    sheet = forms.FileField(
        label=_("Signed sheet"),
        widget=forms.FileInput({"accept": f"{PICTURES},application/pdf"}),
        help_text=_("A photo or scan of the sheet with its signature: JPEG, PNG, WebP or PDF, at most 50 MB."),
    )


class MergeForm(forms.Form):
    """Which of two files of one person stays, and how somebody knows that they are one."""

    stays = forms.ChoiceField(
        label=_("Which file stays"),
        choices=[("this", _("This file")), ("other", _("The other file"))],
        widget=forms.RadioSelect,
        help_text=_("The other one is linked to it. Nothing is lost, and it can be undone."),
    )

    reason = forms.CharField(
        label=_("How you know"), max_length=200, help_text=_("For example: compared both with the ID card.")
    )


class InquiryForm(forms.Form):
    """What gives cause for an inquiry."""

    why = forms.CharField(
        label=_("What gave cause"),
        max_length=1000,
        widget=forms.Textarea({"rows": 4}),
        help_text=_("What was reported, by whom, when. Kept sealed; only those who may inquire can read it."),
    )


class CloseInquiryForm(forms.Form):
    """What came of an inquiry."""

    outcome = forms.ChoiceField(
        label=_("What came of it"),
        choices=[
            (Inquiry.CONFIRMED, _("Abuse or neglect confirmed")),
            (Inquiry.NOT_CONFIRMED, _("Abuse not confirmed")),
            (Inquiry.HANDED_OVER, _("Handed over to the police or the court")),
        ],
        widget=forms.RadioSelect,
    )
    findings = forms.CharField(label=_("What was found"), max_length=2000, widget=forms.Textarea({"rows": 4}))
