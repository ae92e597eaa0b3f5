"""Sentences that the platform itself writes down are in the city's language, whoever reads them later."""

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext


def in_city_words(msgid: str) -> str:
    """A msgid in the language of the city."""
    with translation.override(settings.LANGUAGE_CODE):
        return gettext(msgid)
