"""Personal and place names: one spelling to keep, one key to compare by, the readings to find them by.

Three forms of one name:
- `normalise_name`: what is stored and shown (same characters, clean spaces and middle dots);
- `name_key`: what is compared, with characters of the same word folded together (雲 → 云);
- `name_readings`, `initials`: pinyin without tones, several where a character has several.

A dictionary's rare readings would find too much and the usual one alone too little: so a short table
says which characters are read in more than one way in names, and another how they are read as surnames.
"""

import re
import unicodedata
from collections.abc import Mapping
from functools import cache
from itertools import product

from pypinyin import Style, pinyin

from yinling.kernel.name_tables import COMPOUND_SURNAMES, GIVEN, SURNAMES, VARIANTS, Readings

MIDDLE_DOT = "\u00b7"  # 阿依古丽·买买提
_DOTS = "\u2022\u2027\u2219\u22c5\u30fb\u0387\u16eb\u2e31\u25cf\u2024\u318d"
_INVISIBLE = "\u200b\u200c\u200d\u2060\ufeff\u00ad"
_TIDY = str.maketrans(dict.fromkeys(_DOTS, MIDDLE_DOT) | dict.fromkeys(_INVISIBLE, ""))

# Reading combinations kept for one name. Real names have at most four; the limit guards against
# a sentence typed into the name field.
MOST_READINGS = 8


_NEARLY_EVERY_NAME = re.compile("[\u4e00-\u9fff]+")


def _is_han(character: str) -> bool:
    return "\u3400" <= character <= "\u9fff" or "\uf900" <= character <= "\ufaff" or character >= "\U00020000"


def normalise_name(name: str) -> str:
    """The name as it is kept: half-width, no stray spaces, every middle dot the same one.

    A name in Chinese characters loses all its spaces (张　 三 is how a cell is made to look wide);
    a name in Latin letters keeps single ones. Raises nothing; an empty cell gives "".
    """
    if _NEARLY_EVERY_NAME.fullmatch(name):
        return name  # nothing to tidy, and a million of them come at once
    text = unicodedata.normalize("NFKC", name).translate(_TIDY)
    if any(map(_is_han, text)):
        text = "".join(text.split()).replace(".", MIDDLE_DOT)
    if MIDDLE_DOT in text:
        text = MIDDLE_DOT.join(part.strip() for part in text.split(MIDDLE_DOT) if part.strip())
    return unicodedata.normalize("NFC", " ".join(text.split()))


def name_key(name: str, variants: Mapping[str, str] = VARIANTS) -> str:
    """The name as it is compared: normalised, characters of the same word folded, case and dots ignored.

    `variants` maps one character to another; a city may pass a larger table from its pack.
    """
    text = normalise_name(name)
    folded = "".join([variants.get(character, character) for character in text])
    return folded.replace(MIDDLE_DOT, "").casefold()


@cache  # bounded by the number of Chinese characters
def _readings_of(character: str) -> Readings:
    character = VARIANTS.get(character, character)
    if known := GIVEN.get(character):
        return known
    if not _is_han(character):
        return (character.lower(),) if character.isalnum() else ("",)
    reading = pinyin(character, style=Style.NORMAL)[0][0]
    return (reading,) if reading != character else ("",)


@cache
def _surname_readings_of(character: str) -> Readings:
    folded = VARIANTS.get(character, character)
    return SURNAMES.get(folded) or _readings_of(folded)


@cache
def _first_letters(readings: Readings) -> Readings:
    return tuple(dict.fromkeys(reading[:1] for reading in readings))


def _syllables(name: str, *, is_person: bool) -> list[Readings]:
    """One tuple of readings per character, the surname's in front."""
    if not is_person or not name:
        return [_readings_of(character) for character in name]
    if len(name) > 2 and (compound := COMPOUND_SURNAMES.get(name[:2])):
        return [(compound[0],), (compound[1],), *[_readings_of(character) for character in name[2:]]]
    return [_surname_readings_of(name[0]), *[_readings_of(character) for character in name[1:]]]


def _combined(syllables: list[Readings]) -> list[str]:
    single = "".join([readings[0] for readings in syllables])
    if all(len(readings) == 1 for readings in syllables):
        return [single]
    found = dict.fromkeys([single])
    for combination in product(*syllables):
        found["".join(combination)] = None
        if len(found) >= MOST_READINGS:
            break
    return list(found)


def name_readings(name: str, *, is_person: bool = True) -> list[str]:
    """Full pinyin without tones or spaces, the likeliest first: 单长乐 → shanchangle, shanchangyue, …

    ü is written v, as it is typed. A surname is read as one unless `is_person` is false (place names).
    At most `MOST_READINGS`; an empty name has none.
    """
    text = normalise_name(name)
    return [reading for reading in _combined(_syllables(text, is_person=is_person)) if reading]


def initials(name: str, *, is_person: bool = True) -> list[str]:
    """First letters of the readings, each once: 覃玉兰 → qyl, tyl. Latin words give one letter each."""
    text = normalise_name(name)
    if text and not any(map(_is_han, text)):
        letters = "".join(word[0] for word in text.replace(MIDDLE_DOT, " ").split())
        return [letters.lower()]
    heads = [_first_letters(readings) for readings in _syllables(text, is_person=is_person)]
    return [letters for letters in _combined(heads) if letters]


def normalise_pinyin(query: str) -> str:
    """What somebody types to search by sound, as the readings are stored: Lǚ xiù-yīng → lvxiuying."""
    text = query.lower().replace("u:", "v")
    decomposed = unicodedata.normalize("NFD", text).replace("u\u0308", "v")
    letters = "".join(character for character in decomposed if character.isascii() and character.isalnum())
    for typed, kept in (("lyu", "lv"), ("nyu", "nv"), ("lue", "lve"), ("nue", "nve")):
        letters = letters.replace(typed, kept)
    return letters


def mask_name(name: str) -> str:
    """The surname and a star for each further character: 张玉兰 → 张**, 欧阳兰 → 欧阳*."""
    text = normalise_name(name)
    kept = 2 if text[:2] in COMPOUND_SURNAMES and len(text) > 2 else 1
    return text[:kept] + "*" * max(len(text) - kept, 1 if text else 0)
