"""What the log-in page asks for (django-allauth's view cannot be told to pass it), sections, devices in words."""

from typing import Any

from django import template
from django.conf import settings
from django.template import Context
from django.urls import reverse
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from yinling.accounts import devices, proofs, queries
from yinling.accounts.models import User
from yinling.accounts.permissions import Accounts
from yinling.accounts.rules import device_name

register = template.Library()
NAMES = {"WeChat": _("WeChat")}  # the others are called the same in every language
SECTIONS = (
    ("users", _("Users"), queries.OVERSEERS),
    ("moves", _("Workers on the move"), (Accounts.MOVE_WORKERS,)),
    ("roles", _("Roles"), ()),
    ("tokens", pgettext_lazy("tokens", "Programs"), (Accounts.ASSIGN_ROLES,)),
    ("log_ins", _("Log of log-ins"), (Accounts.READ_LOG,)),
)


@register.simple_tag
def demo_accounts() -> list[queries.DemoAccount]:
    """One account per role in a demonstration; empty elsewhere."""
    return queries.demo_accounts()


@register.simple_tag
def demo_password() -> str:
    """The password of those accounts; "" outside a demonstration."""
    return proofs.demo_password() if settings.DEMO else ""


@register.simple_tag(takes_context=True)
def users_known_here(context: Context) -> list[User]:
    """Users who may switch in by PIN on this device."""
    return queries.users_known_on(devices.device_of(context["request"]))


@register.inclusion_tag("accounts/sections.html", takes_context=True)
def account_sections(context: Context, current: str) -> dict[str, Any]:
    """The sections that this user may open."""
    user = context["request"].user
    shown = [(key, words) for key, words, needed in SECTIONS if not needed or any(user.may(p) for p in needed)]
    return {"sections": [(reverse(f"accounts:{key}"), words, key == current) for key, words in shown]}


@register.filter
def device(agent: str) -> str:
    """What a browser calls itself, in words: 微信 · Android."""
    browser, system = device_name(agent)
    return " · ".join(str(NAMES.get(part, part)) for part in (browser, system) if part) or gettext("unknown device")
