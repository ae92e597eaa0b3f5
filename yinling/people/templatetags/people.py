"""Words for codes and changes of a person."""

from django import template

from yinling.kernel.models import Change
from yinling.people.models import Person
from yinling.people.presenting import change_sentence, looked_at
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
def looked_words(change: Change) -> str:
    """What a look opened, in words."""
    return looked_at(change)


@register.filter
def change_words(change: Change) -> str:
    """What happened to the file, as a sentence."""
    return change_sentence(change)
