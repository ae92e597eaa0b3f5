"""How dates, numbers, money, distances and duties read, in Chinese and in English (design/look/look.md, "Words").

Pure: the language (`zh-hans`, `en`), today and now are arguments. The template filters in
`templatetags/words.py` fill them in.
"""

import datetime as dt
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

MINUS = "\N{MINUS SIGN}"
WEEKDAYS = ("一", "二", "三", "四", "五", "六", "日")
Number = int | float | Decimal


def is_chinese(language: str) -> bool:
    """Whether a language tag is Chinese."""
    return language.lower().startswith("zh")


def day(value: dt.date, *, today: dt.date, language: str) -> str:
    """11月23日 this year, 2025年3月1日 otherwise; 23 Nov 2026."""
    if not is_chinese(language):
        return f"{value.day} {value:%b} {value.year}"
    year = "" if value.year == today.year else f"{value.year}年"
    return f"{year}{value.month}月{value.day}日"


def full_day(value: dt.date, *, language: str) -> str:
    """2026年11月23日 星期一; Monday 23 Nov 2026."""
    if is_chinese(language):
        return f"{value.year}年{value.month}月{value.day}日 星期{WEEKDAYS[value.weekday()]}"
    return f"{value:%A} {value.day} {value:%b} {value.year}"


def month(value: dt.date, *, language: str) -> str:
    """2026年11月; Nov 2026."""
    return f"{value.year}年{value.month}月" if is_chinese(language) else f"{value:%b} {value.year}"


def moment(value: dt.datetime, *, now: dt.datetime, language: str) -> str:
    """今天 15:00, 昨天 17:40, 11月21日 14:08; today 15:00. Both times must already be the city's local time."""
    clock = f"{value:%H:%M}"
    days = (value.date() - now.date()).days
    near = {0: ("今天", "today"), -1: ("昨天", "yesterday"), 1: ("明天", "tomorrow")}.get(days)
    if near:
        return f"{near[0] if is_chinese(language) else near[1]} {clock}"
    joint = " " if is_chinese(language) else ", "
    return day(value.date(), today=now.date(), language=language) + joint + clock


def number(value: Number, places: int = 0) -> str:
    """207,318; with places: 75.2. Halves round up, as people round."""
    rounded = _rounded(value, places)
    return f"{rounded:,.{places}f}".replace("-", MINUS)


def share(value: Number, places: int = 1) -> str:
    """A fraction of one as 75.2%."""
    return f"{number(Decimal(str(value)) * 100, places)}%"


def change(value: Number, places: int = 0) -> str:
    """+412, −3, 0: always with its sign."""
    rounded = _rounded(value, places)
    return f"+{number(rounded, places)}" if rounded > 0 else number(rounded, places)


def points(value: Number, *, language: str) -> str:
    """A difference of two fractions: +0.6 个百分点; +0.6 pp."""
    unit = "个百分点" if is_chinese(language) else "pp"
    return f"{change(Decimal(str(value)) * 100, 1)} {unit}"


def money(fen: int, *, language: str) -> str:
    """Integer fen as 164.00 元; CNY 164.00."""
    amount = number(Decimal(fen) / 100, 2)
    return f"{amount} 元" if is_chinese(language) else f"CNY {amount}"


def money_in_reports(fen: int, *, language: str) -> str:
    """Integer fen as 62.40 万元; in English, which counts no ten thousands, CNY 624,000."""
    if is_chinese(language):
        return f"{number(Decimal(fen) / 1_000_000, 2)} 万元"
    return f"CNY {number(Decimal(fen) / 100)}"


def duration(minutes: int, *, language: str) -> str:
    """6 分钟, 1 小时 20 分钟, 2 天; 6 min, 1 h 20 min, 2 days."""
    chinese = is_chinese(language)
    if minutes < 60:
        return f"{minutes} 分钟" if chinese else f"{minutes} min"
    if minutes >= 24 * 60:
        days = minutes // (24 * 60)
        return f"{days} 天" if chinese else f"{days} day{'' if days == 1 else 's'}"
    return hours(minutes, language=language)


def hours(minutes: int, *, language: str) -> str:
    """312 小时 30 分钟; 312 h 30 min: of hours saved, which are never counted in days."""
    chinese = is_chinese(language)
    whole, rest = divmod(abs(minutes), 60)
    words = [f"{number(whole)} {'小时' if chinese else 'h'}"] if whole else []
    words += [f"{rest} {'分钟' if chinese else 'min'}"] if rest or not whole else []
    return ("-" if minutes < 0 else "") + " ".join(words)


def distance(metres: Number, *, language: str) -> str:
    """12 米, 1.2 公里; 12 m, 1.2 km."""
    chinese = is_chinese(language)
    if metres < 1000:
        return f"{number(metres)} {'米' if chinese else 'm'}"
    return f"{number(Decimal(str(metres)) / 1000, 1)} {'公里' if chinese else 'km'}"


@dataclass(frozen=True)
class Clock:
    """A duty clock: `state` is late, soon or "" (later); always with words."""

    state: str
    words: str


def duty_clock(due: dt.datetime | dt.date, *, now: dt.datetime, language: str) -> Clock:
    """超 6 分钟, 今天 15:00, 11月25日. A bare date is due at the end of that day. `now` is local time."""
    if isinstance(due, dt.datetime):
        if due < now:
            return _late(int((now - due).total_seconds() // 60), language)
        if due.date() == now.date():
            return Clock("soon", moment(due, now=now, language=language))
        return Clock("", day(due.date(), today=now.date(), language=language))
    if due < now.date():
        return _late((now.date() - due).days * 24 * 60, language)
    if due == now.date():
        return Clock("", "今天" if is_chinese(language) else "today")
    return Clock("", day(due, today=now.date(), language=language))


def _late(minutes: int, language: str) -> Clock:
    minutes = max(minutes, 1)
    # Past an hour nobody needs the minutes: 超 3 小时, 超 2 天.
    coarse = minutes if minutes < 60 else minutes // 60 * 60
    words = duration(coarse, language=language)
    return Clock("late", f"超 {words}" if is_chinese(language) else f"{words} late")


def masked_id(identifier: str) -> str:
    """9912**********1624: the first and the last four; shorter numbers keep the last two."""
    if len(identifier) >= 12:
        return identifier[:4] + "*" * (len(identifier) - 8) + identifier[-4:]
    return "*" * max(len(identifier) - 2, 0) + identifier[-2:]


def masked_phone(phone: str) -> str:
    """139****0417."""
    if len(phone) < 8:
        return "*" * max(len(phone) - 2, 0) + phone[-2:]
    return phone[:3] + "*" * (len(phone) - 7) + phone[-4:]


def _rounded(value: Number, places: int) -> Decimal:
    return Decimal(str(value)).quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
