"""From the words of a roster to codes and keys: places by name within one's divisions, lists by their Chinese."""

import re
from collections import defaultdict
from functools import lru_cache

from yinling.kernel.actors import KeyRange
from yinling.kernel.reasons import Reason
from yinling.places.models import Level
from yinling.places.queries import Division, tree
from yinling.reference.queries import entries

_ENDINGS = re.compile("(村民委员会|居民委员会|村委会|居委会|社区|村|街道|镇|乡)$")
_BRACKETS = re.compile(r"[（(].*?[)）]")
_ELDERS_WORDS = {
    "living_arrangement": {
        "独居": "alone", "独自居住": "alone", "一人居住": "alone", "空巢": "spouse", "与配偶同住": "spouse",
        "夫妻同住": "spouse", "与子女同住": "children", "与亲属同住": "relatives", "住养老院": "institution",
        "机构养老": "institution", "与他人同住": "others",
    },
    "marital_state": {"丧偶": "30", "已婚": "20", "未婚": "10", "离异": "40", "离婚": "40", "有配偶": "20"},
    "education": {"文盲": "90", "小学": "80", "初中": "70", "高中": "60", "中专": "40", "大专": "30", "本科": "20"},
    "person_category": {
        "特困": "destitute", "特困供养": "destitute", "五保": "destitute", "低保": "low_income", "低保户": "low_income",
        "低保边缘": "low_income_edge", "残疾": "disabled", "独居": "living_alone", "空巢": "empty_nest",
        "留守": "left_behind", "计生特殊家庭": "special_family_planning", "失独": "special_family_planning",
        "高龄": "over_80", "百岁": "centenarian", "优抚": "preferential_treatment", "退役军人": "veteran",
    },
}  # fmt: skip


def bare_place(text: str) -> str:
    """A place's name without the endings that clerks add or drop: 沙湾村村委会 → 沙湾."""
    name = _BRACKETS.sub("", text).strip()
    for _ in range(2):
        shorter = _ENDINGS.sub("", name)
        if len(shorter) < 2:
            break
        name = shorter
    return name


class PlaceFinder:
    """Finds villages by the words of a roster, within key ranges; a township in the row settles namesakes."""

    def __init__(self, ranges: tuple[KeyRange, ...], home: int = 0) -> None:
        self.home = home
        self._tree = tree()
        mine = [d for d in self._tree.divisions.values() if any(low <= d.key <= high for low, high in ranges)]
        self._villages: dict[str, list[Division]] = defaultdict(list)
        for division in mine:
            if division.level == Level.VILLAGE:
                for name in {division.name, bare_place(division.name)}:
                    self._villages[name].append(division)
        self._seen: dict[tuple[str, str], int | Reason] = {}

    def find(self, village: str, township: str = "") -> int | Reason:
        """The key of the village meant, or why it cannot be told."""
        key = (village, township)
        if key not in self._seen:
            self._seen[key] = self._find(village, township)
        return self._seen[key]

    def _find(self, village: str, township: str) -> int | Reason:
        text = village.strip()
        if text.isdigit() and len(text) == 12:
            return (
                int(text)
                if int(text) in self._tree.divisions
                else Reason("No division has the code {code}.", code=text)
            )
        if not text:
            return self.home if self._is_village(self.home) else Reason("The row names no village.")
        found = self._villages.get(text) or self._villages.get(bare_place(text)) or self._inside(text)
        found = self._in_township(found, f"{township} {text}")
        if len(found) == 1:
            return found[0].key
        if found:
            return Reason(
                "{count} villages in your divisions are called {name}. Add the township.", count=len(found), name=text
            )
        return Reason("No village called {name} lies in your divisions.", name=text)

    def _is_village(self, key: int) -> bool:
        division = self._tree.divisions.get(key)
        return division is not None and division.level == Level.VILLAGE

    def _inside(self, text: str) -> list[Division]:
        """Villages whose bare name the text contains, longest name first: 低庄镇东门头社区3组."""
        names = [name for name in self._villages if len(name) >= 2 and name in text]
        longest = max(names, key=len, default="")
        return self._villages.get(longest, [])

    def _in_township(self, found: list[Division], words: str) -> list[Division]:
        """Of several namesakes those whose township (or county) the words name, or whose home division it is."""
        if len(found) < 2:
            return found
        named = [d for d in found if any(bare_place(a.name) in words for a in self._tree.line(d.key)[1:3])]
        at_home = [d for d in found if self.home and self.home in self._tree.lines[d.key]]
        return named or at_home or found


@lru_cache(maxsize=16)
def _words(list_key: str) -> dict[str, str]:
    table = {entry.zh: entry.code for entry in entries(list_key)}
    table |= {zh.removesuffix("族"): code for zh, code in table.items()}
    return {**table, **_ELDERS_WORDS.get(list_key, {})}


@lru_cache(maxsize=4096)
def code_of(list_key: str, text: str) -> str:
    """The code that a word of a roster means; empty when it means none we know."""
    if not text:
        return ""
    words = _words(list_key)
    bare = _BRACKETS.sub("", text).strip()
    return words.get(bare) or (bare if bare in words.values() else "")


@lru_cache(maxsize=4096)
def categories_of(text: str) -> tuple[tuple[str, str], ...]:
    """Categories named in one cell, in any order and with any separator."""
    parts = [part for part in re.split(r"[、，,;；/ ]+", text) if part]
    return tuple(dict.fromkeys((code, "") for part in parts if (code := code_of("person_category", part))))
