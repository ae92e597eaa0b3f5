"""Facts on file behind an alert, in the reader's language, each with the page where it is put right."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from yinling.kernel.reasons import Words
from yinling.supervision.models import Alert
from yinling.web.sentences import sentence


@dataclass(frozen=True)
class Stated:
    """One fact as a sentence; `url` leads to where it is mended."""

    words: Words
    url: str = ""


def stated_in(alert: Alert) -> list[Stated]:
    """What the register stated, the newest last."""
    rows = [row for row in alert.evidence if isinstance(row.get("words"), Mapping)]
    return [Stated(Words(**row["words"]), _page(row.get("mend", ()))) for row in rows]


def facts_on_file(alert: Alert) -> list[tuple[str, SafeString]]:
    """The facts as lines of the alert's page: what it is, and the sentence, a link where it can be mended."""
    return [(gettext("On file"), _line(one)) for one in stated_in(alert)]


def _line(one: Stated) -> SafeString:
    words = sentence(one.words)
    return format_html('<a href="{}">{}</a>', one.url, words) if one.url else format_html("{}", words)


def _page(mend: Any) -> str:
    """The address of a page; "" for one that there is no more."""
    try:
        return reverse(mend[0], args=mend[1:]) if mend else ""
    except NoReverseMatch:
        return ""
