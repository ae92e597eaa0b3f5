"""Words for codes and changes of a person."""

from typing import Any

from django import template

from yinling.kernel.models import Change
from yinling.people.models import Person
from yinling.people.presenting import change_sentence
from yinling.reference.queries import label

register = template.Library()


@register.filter
def code_words(person: Person, field: str) -> str:
    """A coded field of the card in words; — where it is not stated."""
    code = getattr(person, field)
    return label(field, code) if code else "—"


@register.filter
def code_label(code: str, list_key: str) -> str:
    """A code of a list in words."""
    return label(list_key, code) if code else ""


@register.filter
def items_of(data: dict[str, Any]) -> list[str]:
    """The items a look opened."""
    return list(data.get("items", []))


@register.filter
def change_words(change: Change) -> str:
    """What happened to the file, as a sentence."""
    return change_sentence(change)
