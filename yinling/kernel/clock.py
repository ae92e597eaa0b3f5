"""The time, asked for in one place: UTC for instants, the city's civil date for days."""

import datetime as dt
from zoneinfo import ZoneInfo

CITY_ZONE = ZoneInfo("Asia/Shanghai")


def now() -> dt.datetime:
    """The present instant, aware, in UTC."""
    return dt.datetime.now(dt.UTC)


def civil_date(instant: dt.datetime | None = None) -> dt.date:
    """The city's calendar date at an instant (default: now)."""
    return (instant or now()).astimezone(CITY_ZONE).date()


def start_of(day: dt.date) -> dt.datetime:
    """The instant at which a civil day of the city begins."""
    return dt.datetime.combine(day, dt.time.min, CITY_ZONE)


def instant_of(at_ms: int) -> dt.datetime:
    """The instant that milliseconds since 1970 name, as devices and readings count."""
    return dt.datetime.fromtimestamp(at_ms / 1000, dt.UTC)


def ms_of(instant: dt.datetime) -> int:
    """Milliseconds since 1970 of an instant."""
    return int(instant.timestamp() * 1000)
