"""Text as people type it: full-width digits, stray blanks, words that mean "nothing" or "same as above"."""

import re
from datetime import date, datetime
from typing import Any

_HALF_WIDTH = {code: code - 0xFEE0 for code in (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B))}
_BLANKS = {code: " " for code in (0x00A0, 0x3000, 0x2002, 0x2003, 0x2009, 0x202F, ord("\t"), ord("\r"), ord("\n"))}
_INVISIBLE = {code: None for code in (0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF, 0x00AD, 0x202A, 0x202C, 0x202D, 0x0000)}
_PLAIN = {**_HALF_WIDTH, **_BLANKS, **_INVISIBLE}
_UNTIDY = re.compile("[" + "".join(re.escape(chr(code)) for code in _PLAIN) + "]|^ | $|  ")
_MANY_BLANKS = re.compile(" {2,}")
_PROTECTED_FORMULA = re.compile("'(?=[=+@-])")
_DITTO = frozenset({"同上", "同 上", "〃", "″", '"', "''", "”", "“", "々", "..", "上同"})
_NOTHING = frozenset({"", "-", "--", "—", "——", "/", "／", "－", "\\", "*"})
_NOTHING_KNOWN = _NOTHING | {
    "无",
    "没有",
    "不详",
    "暂无",
    "未知",
    "空",
    "不清楚",
    "n/a",
    "N/A",
    "NA",
    "null",
    "NULL",
    "None",
    "无法提供",
}


def plain(value: str) -> str:
    """Half-width letters and digits, single blanks, none at the ends, nothing invisible."""
    if _UNTIDY.search(value):
        value = _MANY_BLANKS.sub(" ", value.translate(_PLAIN)).strip()
    # Our own exports put an apostrophe before what a spreadsheet would run as a formula.
    return value[1:] if _PROTECTED_FORMULA.match(value) else value


def as_text(value: Any) -> str:
    """Any cell as a clerk would have typed it: 5.0 is "5", a date is ISO text, true is 是."""
    if isinstance(value, str):
        return plain(value)
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, datetime):
        return value.isoformat(sep=" ", timespec="minutes")
    if isinstance(value, date):
        return value.isoformat()
    return str(value)


def is_ditto(value: str) -> bool:
    """Whether a tidy text means "as in the row above"."""
    return value in _DITTO


def is_nothing(value: str) -> bool:
    """Whether a tidy text stands for an empty cell in any column."""
    return value in _NOTHING


def is_unknown(value: str) -> bool:
    """Whether a tidy text stands for an empty cell where 无 and 不详 cannot be an answer."""
    return value in _NOTHING_KNOWN
