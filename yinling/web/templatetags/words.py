"""Filters that write dates, numbers, money and sentences the way the look asks, in the reader's language."""

import datetime as dt
from typing import Any

from django import template
from django.utils import timezone
from django.utils.translation import get_language

from yinling.kernel import names
from yinling.web import words
from yinling.web.sentences import sentence as translated

register = template.Library()
NONE = "—"  # nothing there; never mixed with 0 or "unknown"


def language() -> str:
    """The active language."""
    return get_language() or "zh-hans"


def local(value: dt.datetime) -> dt.datetime:
    """An instant in the city's time."""
    return timezone.localtime(value) if timezone.is_aware(value) else value


def _date(value: dt.date) -> dt.date:
    return local(value).date() if isinstance(value, dt.datetime) else value


@register.filter
def day(value: dt.date | None) -> str:
    """11月23日, or 2025年3月1日 in another year."""
    return words.day(_date(value), today=timezone.localdate(), language=language()) if value else NONE


@register.filter
def full_day(value: dt.date | None) -> str:
    """2026年11月23日 星期一."""
    return words.full_day(_date(value), language=language()) if value else NONE


@register.filter
def month(value: dt.date | None) -> str:
    """2026年11月."""
    return words.month(_date(value), language=language()) if value else NONE


@register.filter
def table_day(value: dt.date | None) -> str:
    """2026-11-23, for tables."""
    return _date(value).isoformat() if value else NONE


@register.filter
def moment(value: dt.datetime | None) -> str:
    """今天 15:00; 11月21日 14:08."""
    if not value:
        return NONE
    return words.moment(local(value), now=timezone.localtime(), language=language())


@register.filter
def number(value: words.Number | None, places: int = 0) -> str:
    """207,318; `number:1` 75.2."""
    return NONE if value is None else words.number(value, places)


@register.filter
def share(value: words.Number | None, places: int = 1) -> str:
    """A fraction of one: 0.752 is 75.2%."""
    return NONE if value is None else words.share(value, places)


@register.filter
def change(value: words.Number | None, places: int = 0) -> str:
    """+412; −3."""
    return NONE if value is None else words.change(value, places)


@register.filter
def points(value: words.Number | None) -> str:
    """A difference of fractions: 0.006 is +0.6 个百分点."""
    return NONE if value is None else words.points(value, language=language())


@register.filter
def money(fen: int | None) -> str:
    """Integer fen: 164.00 元."""
    return NONE if fen is None else words.money(fen, language=language())


@register.filter
def money_in_reports(fen: int | None) -> str:
    """Integer fen: 62.40 万元."""
    return NONE if fen is None else words.money_in_reports(fen, language=language())


@register.filter
def duration(minutes: int | None) -> str:
    """1 小时 20 分钟."""
    return NONE if minutes is None else words.duration(minutes, language=language())


@register.filter
def hours(minutes: int | None) -> str:
    """312 小时 30 分钟: hours saved, never in days."""
    return NONE if minutes is None else words.hours(minutes, language=language())


@register.filter
def distance(metres: words.Number | None) -> str:
    """12 米; 1.2 公里."""
    return NONE if metres is None else words.distance(metres, language=language())


@register.filter
def mask_name(name: str | None) -> str:
    """张**: as every list, export and message masks a name."""
    return names.mask_name(name or "") or NONE


@register.filter
def mask_id(identifier: str | None) -> str:
    """9912**********1624."""
    return words.masked_id(identifier or "") or NONE


@register.filter
def mask_phone(phone: str | None) -> str:
    """139****0417."""
    return words.masked_phone(phone or "") or NONE


@register.filter
def sentence(reason: Any) -> str:
    """A Reason, Refused, Words or msgid, in the reader's language."""
    return translated(reason) if reason else ""


@register.filter
def or_none(value: Any) -> Any:
    """The value, or — where there is none (0 stays 0)."""
    return NONE if value in (None, "") else value
