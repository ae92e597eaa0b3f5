"""Forms of accounts. The first four are django-allauth's, with our words and our limit on wrong codes."""

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.forms import ChangePasswordForm as AllauthChangePasswordForm
from allauth.account.forms import LoginForm, ReauthenticateForm
from allauth.core import context
from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.base.forms import ReauthenticateForm as AllauthCodeAgainForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from yinling.accounts import devices, queries
from yinling.accounts.models import Assignment, User
from yinling.accounts.roles import all_roles
from yinling.kernel.reasons import Reason
from yinling.places.queries import search, tree
from yinling.web.fields import DayInput
from yinling.web.sentences import sentence

CODE_KEYS = {"inputmode": "numeric", "autocomplete": "one-time-code"}


def _say(form: forms.BaseForm, **labels: Any) -> None:
    """Our labels; no placeholder repeats a label, and no link leads to an e-mail that never comes."""
    for name, label in labels.items():
        field = form.fields[name]
        field.label, field.help_text = label, ""
        field.widget.attrs.pop("placeholder", None)


def _present(user: User, password: str) -> str:
    """The password, if it is the user's. Asked the way log-in asks, so that guessing is counted and kept."""
    if not get_adapter().reauthenticate(user, password):
        raise forms.ValidationError(gettext("That is not your present password."))
    return password


class LogInForm(LoginForm):  # type: ignore[misc]  # allauth has no types
    """User name and password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say(self, login=_("User name"), password=_("Password"))
        self.fields["login"].widget.attrs |= {"autocapitalize": "none", "spellcheck": "false"}

    def clean_login(self) -> str:
        """User names are small letters."""
        return str(super().clean_login()).lower()


class ChangePasswordForm(AllauthChangePasswordForm):  # type: ignore[misc]
    """The present password and the new one, twice."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say(self, oldpassword=_("Present password"), password1=_("New password"), password2=_("New password again"))
        limits = queries.proof_rules()
        self.fields["password1"].help_text = gettext(
            "At least {length} characters of three kinds: small letters, capitals, digits, other signs."
        ).format(length=limits.min_length)

    def clean_oldpassword(self) -> str:
        """The present one; wrong ones count towards the lock-out."""
        return _present(self.user, self.cleaned_data["oldpassword"])

    def clean(self) -> Any:
        """What the service would refuse is said beside the field."""
        cleaned = super().clean()
        new, user = self.cleaned_data.get("password1"), self.user
        if new and new == self.cleaned_data.get("oldpassword"):
            self.add_error("password1", gettext("This is the password you have. Choose another."))
        if user is not None and queries.is_demo(user):
            stays = gettext("The password of a demonstration account stays as the log-in page shows it.")
            self.add_error("password1", stays)
        return cleaned


class PasswordAgainForm(ReauthenticateForm):  # type: ignore[misc]
    """The password once more, before something that matters."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say(self, password=_("Password"))


def _limited(form: Any, clean: Any) -> Any:
    """Refuse after too many wrong codes, and keep a line of each wrong one (the library's own limit is per process)."""
    until = queries.codes_locked_until(form.user, queries.proof_rules())
    if until is not None:
        raise forms.ValidationError(sentence(Reason("Too many wrong codes. Try again at {until}.", until=until)))
    try:
        return clean()
    except forms.ValidationError:
        devices.note(context.request, "totp", succeeded=False, user=form.user)
        raise


class CodeForm(AuthenticateForm):  # type: ignore[misc]
    """The code from the phone, or a recovery code, at log-in."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say(self, code=_("Code from your phone, or a recovery code"))
        self.fields["code"].widget.attrs |= CODE_KEYS

    def clean_code(self) -> Any:
        """With our limit."""
        return _limited(self, super().clean_code)


class CodeAgainForm(AllauthCodeAgainForm):  # type: ignore[misc]
    """The code once more, before something that matters."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say(self, code=_("Code from your phone, or a recovery code"))
        self.fields["code"].widget.attrs |= CODE_KEYS

    def clean_code(self) -> Any:
        """With our limit."""
        return _limited(self, super().clean_code)


class FirstCodeForm(ActivateTOTPForm):  # type: ignore[misc]
    """The first code, which proves that the phone has the key."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say(self, code=_("Six digits that the app shows"))
        self.fields["code"].widget.attrs |= CODE_KEYS


class DivisionField(forms.CharField):
    """A division by its 12 digits, its path (溆浦县 卢峰镇), or a name that only one has. Cleans to its key."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("Division"))
        super().__init__(widget=forms.TextInput(attrs={"list": "divisions", "autocomplete": "off"}), **kwargs)

    def clean(self, value: Any) -> Any:
        """The key; None when nothing was given and nothing is required."""
        text = str(super().clean(value)).strip()
        if not text:
            return None
        places = tree()
        if text.isdigit() and int(text) in places.divisions:
            return int(text)
        found = [key for key in places.divisions if text in (places.path(key), places.name(key))]
        found = found or [place.key for place in search(text)]
        if len(found) != 1:
            paths = [places.path(key) for key in found[:5]]
            raise forms.ValidationError(sentence(_which(text, paths)))
        return found[0]


def _which(text: str, paths: list[str]) -> Reason:
    if not paths:
        return Reason("No division is called {text}. Choose one from the list.", text=text)
    return Reason("{text} may be {paths}. Write which.", text=text, paths=paths)


class UserForm(forms.Form):
    """A new account."""

    name = forms.CharField(label=_("Name"), max_length=60)
    username = forms.RegexField(
        r"^[a-zA-Z0-9._-]{3,60}$",
        label=_("User name"),
        help_text=_("Small letters, digits, full stops and hyphens; at least three."),
        widget=forms.TextInput(attrs={"autocapitalize": "none", "autocomplete": "off"}),
    )
    division = DivisionField()


class NameForm(forms.Form):
    """A correction of names."""

    name = forms.CharField(label=_("Name"), max_length=60)
    username = forms.RegexField(r"^[a-zA-Z0-9._-]{3,60}$", label=_("User name"))


class RoleForm(forms.Form):
    """A role to give."""

    role = forms.ChoiceField(label=_("Role"))
    division = DivisionField()
    valid_to = forms.DateField(label=_("Ends on"), required=False, widget=DayInput())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = [(role.key, gettext(role.title)) for role in all_roles()]  # type: ignore[attr-defined]


class SendForm(forms.Form):
    """A worker to send."""

    division = DivisionField(label=_("To division"))
    note = forms.CharField(label=_("Note for the other side"), required=False, max_length=300)


class AnswerForm(forms.Form):
    """What to say to a worker on the way."""

    note = forms.CharField(required=False, max_length=300)


class LoanForm(forms.Form):
    """A role of one's own to lend."""

    assignment = forms.ChoiceField(label=_("Role"))
    to = forms.CharField(
        label=_("To whom"),
        help_text=_("Name or user name of a colleague in your county."),
        widget=forms.TextInput(attrs={"list": "colleagues", "autocomplete": "off"}),
    )
    valid_from = forms.DateField(label=_("First day"), required=False, widget=DayInput())
    valid_to = forms.DateField(label=_("Back at work on"), widget=DayInput())
    reason = forms.CharField(label=_("Reason"), required=False, max_length=300)

    def __init__(self, lender: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lender = lender
        field: Any = self.fields["assignment"]
        field.choices = [(str(a.uid), f"{role_title(a)} · {a.place.name}") for a in queries.lendable(lender)]

    def clean_to(self) -> User:
        """The one colleague of that user name or name."""
        text = self.cleaned_data["to"].split(" · ")[-1].strip()
        colleagues = queries.colleagues(self.lender)
        found = list(colleagues.filter(username=text.lower())[:1]) or list(colleagues.filter(name=text)[:2])
        if len(found) != 1:
            reason = Reason("{count} colleagues in your county are called {text}. Write the user name.",
                            count=len(found), text=text)  # fmt: skip
            raise forms.ValidationError(sentence(reason))
        return found[0]


def role_title(assignment: Assignment) -> str:
    """The role's title in the reader's language; its key when the role no longer exists."""
    return next((gettext(r.title) for r in all_roles() if r.key == assignment.role), assignment.role)


class PinForm(forms.Form):
    """A new PIN, behind the present password."""

    password = forms.CharField(
        label=_("Your password"), strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "current-password"})
    )
    pin = forms.CharField(
        label=_("New PIN"),
        help_text=_("Six digits without a pattern."),
        widget=forms.PasswordInput(attrs={"inputmode": "numeric", "maxlength": "6", "autocomplete": "new-password"}),
    )

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_password(self) -> str:
        """The present one; wrong ones count towards the lock-out."""
        return _present(self.user, self.cleaned_data["password"])


class SwitchForm(forms.Form):
    """Two taps: who, and the PIN."""

    user = forms.UUIDField()
    pin = forms.CharField(max_length=12)


class TokenForm(forms.Form):
    """What a program may do for a user, and until when."""

    name = forms.CharField(label=_("Program"), max_length=60, help_text=_("Whose program, and what for"))
    scopes = forms.MultipleChoiceField(label=_("It may"), widget=forms.CheckboxSelectMultiple)
    expires_on = forms.DateField(label=_("Ends on"), widget=DayInput())

    def __init__(self, scopes: list[tuple[str, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["scopes"].choices = scopes  # type: ignore[attr-defined]
