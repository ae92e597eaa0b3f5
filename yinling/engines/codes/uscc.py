"""Unified social credit codes of legal persons (GB 32100-2015): read, check, say who registered them."""

from dataclasses import dataclass

from stdnum.cn import uscc as standard

from yinling.engines.codes.cells import cell_text
from yinling.kernel.reasons import Reason, Words

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"  # no I, O, S, V, Z: they look like digits

# First two characters: who keeps the register, and what kind of body it is.
KINDS = {
    "11": Words("机关", "government body"),
    "12": Words("事业单位", "public institution"),
    "13": Words("编办管理的群众团体", "mass organisation"),
    "51": Words("社会团体", "social association"),
    "52": Words("民办非企业单位", "private non-profit body"),
    "53": Words("基金会", "foundation"),
    "91": Words("企业", "company"),
    "92": Words("个体工商户", "sole trader"),
    "93": Words("农民专业合作社", "farmers' cooperative"),
}


@dataclass(frozen=True, slots=True)
class Uscc:
    """A code whose form is right. `kind` is None where the first two characters are not on our list."""

    code: str
    kind: Words | None
    place_code: str  # six digits of the registrar's place: a hint


def check_character(first_17: str) -> str:
    """The last character of a code from the seventeen before it (weights 3^i modulo 31)."""
    return str(standard.calc_check_digit(first_17))


def read_uscc(raw: object) -> Uscc | Reason:
    """The code in a cell, or why it is none. The whole code may be shown: it is public."""
    text = cell_text(raw)
    if isinstance(text, Reason):
        return text
    if reason := _why_not_in_form(text):
        return reason
    if not standard.is_valid(text):
        return Reason(
            "The credit code {code} does not add up: at least one character is wrong. Compare it with the "
            "registration certificate.",
            code=text,
        )
    return Uscc(text, KINDS.get(text[:2]), text[2:8])


def _why_not_in_form(text: str) -> Reason | None:
    if len(text) != 18:
        return Reason(
            "The credit code {code} has {count} characters; it must have 18. Compare it with the registration "
            "certificate.",
            code=text,
            count=len(text),
        )
    for place, character in enumerate(text, 1):
        if character not in ALPHABET or (place in range(3, 9) and not character.isdigit()):
            return Reason(
                "The credit code {code} has {character} in place {place}, where it cannot stand (I, O, S, V and "
                "Z are never used; places 3 to 8 are digits). Compare it with the registration certificate.",
                code=text,
                character=character,
                place=place,
            )
    return None
