"""One person's name from one cell, or the reason why it is not one."""

import re
from typing import Any

from yinling.kernel.reasons import Reason
from yinling.spreadsheets.rules.fields import Finding
from yinling.spreadsheets.rules.text import as_text, is_unknown

_ORDINARY = re.compile(r"[\u4e00-\u9fff]{2,4}")
_HAN = "\u3400-\u9fff\U00020000-\U0003ffff"
_DOTS = re.compile(r"(?<=[\w]) ?[·．・•‧∙.] ?(?=\w)")
_BRACKETED = re.compile(r"\s*[（(【\[]([^（()）】\]]*)[）)】\]]?")
_SEPARATED = re.compile(r"[、,，;；/／&＆+]|\s和\s|\s与\s")
# 和 is also a surname and a common part of given names, so both sides must be long enough to be names.
_JOINED = re.compile(rf"^([{_HAN}]{{2,3}})[和与及跟]([{_HAN}]{{2,4}})$")
_BLANK_BETWEEN_HAN = re.compile(rf"(?<=[{_HAN}]) (?=[{_HAN}])")
_COMPOUND_SURNAMES = frozenset(
    [
        "欧阳",
        "司马",
        "上官",
        "诸葛",
        "夏侯",
        "皇甫",
        "尉迟",
        "公孙",
        "慕容",
        "令狐",
        "司徒",
        "东方",
        "独孤",
        "南宫",
        "长孙",
        "宇文",
    ]
)
MAX_CHARS = 50


def clean_name(value: Any) -> Any:
    """A name without blanks and brackets, None when the cell is empty, or a Finding."""
    if type(value) is str and _ORDINARY.fullmatch(value) and not is_unknown(value):
        return value
    text = as_text(value)
    if is_unknown(text):
        return None
    bare = _BRACKETED.sub("", text).strip(" ,，、;；")
    if _holds_two(bare):
        return Finding.refuse(
            Reason("Two people stand in one cell."), Reason("Split the row into two, one person in each.")
        )
    name = _DOTS.sub("·", _BLANK_BETWEEN_HAN.sub("", bare))
    if not name or name.isdigit() or len(name) > MAX_CHARS:
        return Finding.refuse(
            Reason("This is not a name: {shown}.", shown=_shown(text)), Reason("Write the person's name in this cell.")
        )
    if any(character.isdigit() for character in name):
        return Finding.doubt(
            Reason("There are digits in the name."),
            Reason("Check the name; put remarks in a column of their own."),
            re.sub(r"\d+", "", name) or None,
        )
    if bare != text and (note := "".join(_BRACKETED.findall(text)).strip()):
        return Finding.doubt(
            Reason("There is a remark beside the name: {remark}.", remark=note[:20]),
            Reason("Check whether the remark matters; put it in a column of its own."),
            name,
        )
    return name


def _holds_two(text: str) -> bool:
    parts = [part.strip() for part in _SEPARATED.split(text)]
    if len([part for part in parts if len(part) >= 2]) >= 2:
        return True
    if _JOINED.match(text):
        return True
    words = text.split(" ")
    are_names = len(words) == 2 and all(_ORDINARY.fullmatch(word) for word in words)
    return are_names and words[0] not in _COMPOUND_SURNAMES


def _shown(text: str) -> str:
    """The start of a cell that is no name: long enough to find it, too short to give anything away."""
    return text[:2] + "…" if len(text) > 3 else text
