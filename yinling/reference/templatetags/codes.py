"""Codes as words in templates: `{% load codes %}{% code_words "sex" person.sex %}`."""

from django import template

from yinling.reference.queries import label

register = template.Library()


@register.simple_tag
def code_words(list_key: str, code: str | None) -> str:
    """The words of a code in the reader's language; — where there is none."""
    return label(list_key, code) if code else "—"
