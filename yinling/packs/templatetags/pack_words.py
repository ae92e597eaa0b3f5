"""Parts of a pack and what happens to them, in words."""

from django import template
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

register = template.Library()


@register.filter
def part_words(part: str) -> str:
    """divisions as 区划; a part of a later module is shown under its own name."""
    words = {
        "divisions": _("Divisions"),
        "division_changes": _("Changes of divisions"),
        "codelists": _("Code lists"),
        "parameters": _("Parameters"),
        "holidays": _("Holidays"),
        "instruments": _("Assessment instruments"),
        "ladders": _("Ladders of deadlines"),
    }
    return words.get(part, part)


@register.filter
def kind_words(kind: str) -> str:
    """added as 新增."""
    words = {
        "added": pgettext("pack", "new"),
        "changed": pgettext("pack", "changed"),
        "ended": pgettext("pack", "ended"),
        "removed": pgettext("pack", "removed"),
    }
    return words.get(kind, kind)


@register.filter
def count_words(what: str) -> str:
    """ "parameters added" (a key of a load's counts) as 参数新增."""
    part, _space, kind = what.rpartition(" ")
    return f"{part_words(part)} {kind_words(kind)}"
