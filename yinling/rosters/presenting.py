"""Rosters in words: times of a shift, a turn's span, whose roster it is."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language, gettext

from yinling.kernel.actors import Actor
from yinling.kernel.clock import CITY_ZONE, civil_date, now
from yinling.kernel.reasons import Reason
from yinling.places.queries import tree
from yinling.reference.queries import doubt_about, special_days
from yinling.rosters import queries
from yinling.rosters.models import Post, Roster, Shift, Turn
from yinling.rosters.permissions import Rosters
from yinling.web import words
from yinling.web.paging import keyset_page
from yinling.web.pieces import Chip


def language() -> str:
    """The reader's language."""
    return get_language() or "zh-hans"


def clock_words(minute: int) -> str:
    """08:30, or 次日 08:00 for minutes past midnight."""
    text = f"{minute // 60 % 24:02d}:{minute % 60:02d}"
    return gettext("%(time)s next day") % {"time": text} if minute >= 1440 else text


def shift_times(shift: Shift) -> str:
    """20:00 to 08:00 next day."""
    return f"{clock_words(shift.starts_minute)}–{clock_words(shift.ends_minute)}"


def span_words(turn: Turn) -> str:
    """今天 20:00–次日 08:00."""
    starts, ends = turn.starts_at.astimezone(CITY_ZONE), turn.ends_at.astimezone(CITY_ZONE)
    days = (ends.date() - starts.date()).days
    until = clock_words(ends.hour * 60 + ends.minute + (1440 if days else 0))
    return f"{words.moment(starts, now=now().astimezone(CITY_ZONE), language=language())}–{until}"


def whose(found: Roster) -> str:
    """The organisation, or the division, that keeps the post."""
    places = tree()
    place = places.path(found.place_key) or places.name(found.place_key)
    return f"{found.organisation.name} · {place}" if found.organisation else place


@dataclass(frozen=True)
class Line:
    """One roster in the list: whose, and who serves now."""

    roster: Roster
    post: str
    whose: str
    names: list[str]
    until: dt.datetime | None


def list_context(by: Actor, address: Mapping[str, str]) -> dict[str, Any]:
    """The list of rosters with who serves now. Three statements."""
    post = address.get("post", "") if address.get("post", "") in Post.values else ""
    page = keyset_page(
        queries.rosters_for(by, post), order=("place_key", "id"), address=address, ranges=by.key_ranges(Rosters.READ)
    )
    serving = queries.serving_now(page.rows)
    lines = [_line(found, serving.get(found.pk, [])) for found in page.rows]
    chips = [Chip(value, str(label)) for value, label in Post.choices]
    return {"page": page, "lines": lines, "posts": chips, "may_plan": by.may(Rosters.PLAN)}


def _line(found: Roster, turns: list[Turn]) -> Line:
    until = min((turn.ends_at for turn in turns), default=None)
    return Line(found, found.get_post_display(), whose(found), [turn.user.label for turn in turns], until)


def month_asked(address: Mapping[str, str]) -> dt.date:
    """The first of the month in the address (`month=2026-11`); this month when that makes no sense."""
    try:
        return dt.date.fromisoformat(f"{address.get('month', '')}-01")
    except ValueError:
        return civil_date().replace(day=1)


@dataclass(frozen=True)
class NamedTurn:
    """A turn in a cell: who, and its own times where they are not the column's."""

    uid: Any
    name: str
    times: str
    is_mine: bool


@dataclass(frozen=True)
class NamedDay:
    """One row of the month, ready to draw. `cells`: (column, turns, how many are missing, whether it is served)."""

    day: dt.date
    weekday: str
    holiday: str
    is_working: bool
    is_today: bool
    cells: list[tuple[str, list[NamedTurn], int, bool]]


def month_context(found: Roster, first: dt.date, by: Actor, *, is_whole: bool) -> dict[str, Any]:
    """A month as the page and the print draw it; unless whole, the present month begins with today."""
    month = queries.month(found, first)
    columns = [(shift.name, shift_times(shift)) for shift in month.shifts]
    columns += [(gettext("Other times"), "")] if month.has_others else []
    names = {one.day: one.zh if words.is_chinese(language()) else one.en for one in special_days(first.year)}
    last, today = month.next - queries.DAY, civil_date()
    begin = today if not is_whole and first < today <= last else first
    return {
        "roster": found, "whose": whose(found), "post": found.get_post_display(), "month": month, "columns": columns,
        "days": [_day(row, columns, names.get(row.day, ""), by) for row in month.rows if row.day >= begin],
        "is_cut": begin > first,
        "doubt": _doubt(month, last), "may_plan": by.may(Rosters.PLAN, found.place_key),
    }  # fmt: skip


def _doubt(month: queries.Month, last: dt.date) -> Reason | None:
    counts = any(shift.days != Shift.Days.EVERY for shift in month.shifts)
    return doubt_about(month.first, last) if counts else None


def _day(row: queries.DayRow, columns: list[tuple[str, str]], holiday: str, by: Actor) -> NamedDay:
    cells = [
        (name, [_named(turn, cell.shift, by) for turn in cell.turns], cell.missing, cell.is_served)
        for (name, _times), cell in zip(columns, row.cells, strict=True)
    ]
    weekday = words.WEEKDAYS[row.day.weekday()] if words.is_chinese(language()) else date_format(row.day, "D")
    return NamedDay(row.day, weekday, holiday, row.is_working, row.is_today, cells)


def _named(turn: Turn, shift: Shift | None, by: Actor) -> NamedTurn:
    times = "" if shift and _follows(turn, shift) else span_times(turn)
    return NamedTurn(turn.uid, turn.user.label, times, str(turn.user.uid) == str(by.uid))


def _follows(turn: Turn, shift: Shift) -> bool:
    starts = timezone.localtime(turn.starts_at, CITY_ZONE)
    minutes = (turn.ends_at - turn.starts_at).total_seconds() / 60
    return (starts.hour * 60 + starts.minute, minutes) == (
        shift.starts_minute,
        shift.ends_minute - shift.starts_minute,
    )


def span_times(turn: Turn) -> str:
    """18:00–次日 08:00, without the day it starts."""
    starts, ends = turn.starts_at.astimezone(CITY_ZONE), turn.ends_at.astimezone(CITY_ZONE)
    until = ends.hour * 60 + ends.minute + (1440 if ends.date() > starts.date() else 0)
    return f"{clock_words(starts.hour * 60 + starts.minute)}–{clock_words(until)}"
