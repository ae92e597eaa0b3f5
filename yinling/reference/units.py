"""The units of parameters in words. Packs write them in English; one that is not here is shown as written."""

from django.utils.translation import pgettext


def unit_words(unit: str) -> str:
    """A unit in the reader's language; "yes or no" needs none beside the value."""
    words = {
        "yes or no": "",
        "attempts": pgettext("unit", "attempts"),
        "characters": pgettext("unit", "characters"),
        "days": pgettext("unit", "days"),
        "days before end": pgettext("unit", "days before end"),
        "days before expiry": pgettext("unit", "days before expiry"),
        "hours": pgettext("unit", "hours"),
        "hours of the day": "",
        "level at least": pgettext("unit", "level at least"),
        "metres": pgettext("unit", "metres"),
        "minutes": pgettext("unit", "minutes"),
        "monthly bed fees": pgettext("unit", "monthly bed fees"),
        "months": pgettext("unit", "months"),
        "of four kinds": pgettext("unit", "of four kinds"),
        "percent": pgettext("unit", "percent"),
        "persons": pgettext("unit", "persons"),
        "residents per carer": pgettext("unit", "residents per carer"),
        "visits": pgettext("unit", "visits"),
        "working days": pgettext("unit", "working days"),
        "working days before due": pgettext("unit", "working days before due"),
        "years": pgettext("unit", "years"),
        "fen": pgettext("unit", "fen"),
    }
    return words.get(unit, unit)
