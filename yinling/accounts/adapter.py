"""How django-allauth does things here: no sign-up, no e-mail, our log, our password rules, sealed TOTP secrets.

`settings.ACCOUNT_ADAPTER` and `settings.MFA_ADAPTER` name these classes.
"""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext, gettext_lazy

from yinling.accounts import devices, proofs, queries
from yinling.accounts.models import User
from yinling.accounts.rules import why_password_weak
from yinling.kernel.crypto import seal, unseal
from yinling.web.registry import registry
from yinling.web.sentences import sentence

SEALED_AT = "mfa.authenticator.data"
SAID = {
    "account/messages/password_changed.txt": gettext_lazy(
        "The password has been changed. Other devices are logged out."
    ),
    "mfa/messages/totp_activated.txt": gettext_lazy("From now on you log in with a code from your phone as well."),
    "mfa/messages/totp_deactivated.txt": gettext_lazy("You log in with your password alone again."),
    "mfa/messages/recovery_codes_generated.txt": gettext_lazy("These codes replace the old ones. Keep them on paper."),
}
WRONG = {
    "username_password_mismatch": gettext_lazy("User name or password is wrong."),
    "enter_current_password": gettext_lazy("That is not your present password."),
    "incorrect_password": gettext_lazy("That is not your present password."),
    "too_many_login_attempts": gettext_lazy("Too many wrong tries. Wait a while."),
}


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """Log-in, log-out and passwords."""

    error_messages = {**DefaultAccountAdapter.error_messages, **WRONG}

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Accounts are opened by the system administrator alone."""
        return False

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """No e-mail leaves this platform."""

    def login(self, request: HttpRequest, user: User) -> None:
        """All steps are passed: start the session, unlock the PIN on a known device, keep a line."""
        by_code = any(step["method"] == "mfa" for step in get_authentication_records(request, user))
        devices.start_session(request, user)
        if queries.is_known_on(user, device := devices.device_of(request)):
            proofs.remember_on(device=device, user=user)
        devices.note(request, "totp" if by_code else "password", succeeded=True, user=user)

    def post_login(self, request: HttpRequest, user: User, **facts: Any) -> HttpResponse:
        """Go on in the user's own language, where one was chosen."""
        response = super().post_login(request, user, **facts)
        speak_as(user, response)
        return response

    def logout(self, request: HttpRequest) -> None:
        """Keep a line, then end the session."""
        if isinstance(request.user, User):
            devices.note(request, "logout", succeeded=True, user=request.user)
        super().logout(request)

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """A wrong user name or password: keep a line (django-axes counts for the lock-out)."""
        devices.note(request, "password", succeeded=False, username=str(credentials.get("username", "")))

    def clean_password(self, password: str, user: User | None = None) -> str:
        """Our rules, then the list of common passwords."""
        names = {"username": user.username, "name": user.name} if user else {"username": "", "name": ""}
        if reason := why_password_weak(password, limits=queries.proof_rules(), **names):
            raise ValidationError(sentence(reason))
        return str(super().clean_password(password, user))

    def set_password(self, user: User, password: str) -> None:
        """Through the one door."""
        proofs.set_password(user=user, password=password, by=user)

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Where this user's work is: most begin at the desk."""
        return registry.landing(request.user) or str(settings.LOGIN_REDIRECT_URL)

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        """Back to work."""
        return str(settings.LOGIN_REDIRECT_URL)

    def add_message(
        self, request: HttpRequest, level: int, message_template: str | None = None, *args: Any, **kwargs: Any
    ) -> None:
        """Say what matters in our words; the library's chatter (you have signed in) is left out."""
        if message_template in SAID:
            messages.add_message(request, level, str(SAID[message_template]), extra_tags="ok")


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # allauth has no types
    """TOTP: who may switch it off, and how its secrets are kept."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": gettext_lazy("That code is wrong or has been used. Wait for the next one on your phone."),
        "cannot_delete_authenticator": gettext_lazy("Your city asks staff for a second factor, so it stays on."),
    }

    def get_totp_issuer(self) -> str:
        """The name in the authenticator app."""
        return gettext(str(registry.brand))

    def get_totp_label(self, user: User) -> str:
        """Whose code it is."""
        return user.username

    def encrypt(self, text: str) -> str:
        """Sealed with the platform's data key."""
        return seal(text, SEALED_AT).hex()

    def decrypt(self, encrypted_text: str) -> str:
        """Unsealed."""
        return unseal(bytes.fromhex(encrypted_text), SEALED_AT)

    def can_delete_authenticator(self, authenticator: Any) -> bool:
        """Not where the second factor is demanded."""
        return not queries.needs_second_factor(authenticator.user)

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        """No e-mail leaves this platform."""


def speak_as(user: User, response: HttpResponse, *, always: bool = False) -> None:
    """Put the user's language into the device's cookie; their default only when `always` (a shared device)."""
    if always or user.language != settings.LANGUAGE_CODE:
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME, user.language, max_age=devices.YEAR_SECONDS, samesite="Lax",
            secure=settings.SESSION_COOKIE_SECURE,
        )  # fmt: skip
