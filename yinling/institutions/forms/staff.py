"""Forms about who works in an institution: hiring, certificates, the end of a post."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from yinling.institutions.forms.fields import DAY, NONE_CHOSEN, CodedForm, coded
from yinling.institutions.services.staffing import Paper
from yinling.kernel.clock import civil_date

GRADES = [("", "—"), *((str(grade), str(grade)) for grade in range(1, 6))]


class CertificateForm(CodedForm):
    """A certificate, or its renewal."""

    kind = coded(_("Certificate"), "certificate_kind")
    number = forms.CharField(label=_("Number"), max_length=60, required=False)
    grade = forms.TypedChoiceField(
        label=_("Grade of a carer (1 is the highest)"), choices=GRADES, coerce=int, empty_value=None, required=False
    )
    issued_on = forms.DateField(label=_("Issued on"), required=False, widget=DAY)
    expires_on = forms.DateField(label=_("Last day"), required=False, widget=DAY)

    def paper(self) -> Paper:
        """What was typed."""
        return Paper(**{name: self.cleaned_data[name] for name in CertificateForm.base_fields})


class HireForm(CodedForm):
    """Somebody new: who they are, what they do, and the certificates they bring."""

    name = forms.CharField(label=_("Name of the worker"), max_length=60)
    sex = coded(_("Sex"), "sex", required=False)
    post = coded(_("Post"), "staff_post")
    hired_on = forms.DateField(label=_("Works here from"), initial=civil_date, widget=DAY)
    document_number = forms.CharField(label=_("Resident ID"), max_length=18, required=False)
    phone = forms.CharField(label=_("Telephone"), max_length=20, required=False)
    account = forms.CharField(
        label=_("User name on this platform"), max_length=150, required=False,
        help_text=_("Only for those who log in. A manager sees the residents from then on."),
    )  # fmt: skip
    kind = coded(_("Certificate"), "certificate_kind", required=False)
    number = forms.CharField(label=_("Number of the certificate"), max_length=60, required=False)
    grade = forms.TypedChoiceField(
        label=_("Grade of a carer (1 is the highest)"), choices=GRADES, coerce=int, empty_value=None, required=False
    )
    expires_on = forms.DateField(label=_("Certificate valid until"), required=False, widget=DAY)
    health_until = forms.DateField(label=_("Health certificate valid until"), required=False, widget=DAY)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        post = self.fields["post"]
        post.choices = [NONE_CHOSEN, *post.choices]  # type: ignore[attr-defined]  # nobody is a manager by default

    def person(self) -> dict[str, Any]:
        """Who it is, as `hire` takes it."""
        names = ("name", "post", "hired_on", "document_number", "phone")
        return {name: self.cleaned_data[name] for name in names} | {"sex": self.cleaned_data["sex"] or "0"}

    def papers(self) -> tuple[Paper, ...]:
        """The certificates named."""
        typed, found = self.cleaned_data, []
        if typed["kind"]:
            found.append(Paper(typed["kind"], typed["number"], expires_on=typed["expires_on"], grade=typed["grade"]))
        if typed["health_until"]:
            found.append(Paper("health", expires_on=typed["health_until"]))
        return tuple(found)


class EndPostForm(forms.Form):
    """Somebody no longer works there."""

    on = forms.DateField(label=_("Last day of work"), initial=civil_date, widget=DAY)
