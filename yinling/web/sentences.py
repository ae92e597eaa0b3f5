"""Reasons as sentences in the reader's language."""

import datetime as dt
from typing import Any

from django.utils import timezone
from django.utils.translation import get_language, gettext

from yinling.kernel.errors import Refused
from yinling.kernel.reasons import Reason, Words
from yinling.web import words


def sentence(reason: Reason | Refused | Words | str) -> str:
    """The reason in the active language, values filled in the way that language writes them.

    A plain string is looked up as a msgid too, so that a template need not ask what it was given.
    """
    if isinstance(reason, Refused):
        reason = reason.reason
    if isinstance(reason, Words):
        return reason.in_language(_language())
    if isinstance(reason, str):
        return gettext(reason) if reason else ""
    shown = {name: readable(value) for name, value in reason.values.items()}
    return Reason(reason.text, **shown).formatted(gettext(reason.text))


def readable(value: Any) -> Any:
    """A value as people read it. Numbers stay as they are (a year takes no comma): sentences write `{count:,}`."""
    language = _language()
    if isinstance(value, (Reason, Words)):
        return sentence(value)
    if isinstance(value, dt.datetime):
        now = timezone.localtime()
        return words.moment(
            timezone.localtime(value) if timezone.is_aware(value) else value, now=now, language=language
        )
    if isinstance(value, dt.date):
        return words.day(value, today=timezone.localdate(), language=language)
    if isinstance(value, (list, tuple)):
        joint = "、" if words.is_chinese(language) else ", "
        return joint.join(str(readable(part)) for part in value)
    return value


def _language() -> str:
    return get_language() or "zh-hans"
