"""Words for tests of rosters."""

import datetime as dt
from typing import Any

from yinling.accounts.models import Assignment, User
from yinling.kernel.actors import System
from yinling.kernel.clock import CITY_ZONE, civil_date
from yinling.organisations.models import Organisation
from yinling.rosters.models import Roster, Shift, Turn
from yinling.rosters.services import add_shift, open_roster, put_on

CITY, XUPU, LUFENG, VILLAGE = 431200000000, 431224000000, 431224100000, 431224100001
DIZHUANG, HECHENG = 431224102000, 431202000000
SYSTEM = System("test")


def somebody(name: str, place_key: int = LUFENG, role: str = "duty") -> User:
    """A user with one role in one division."""
    user = User.objects.create_user(f"{name}-{place_key}", name=name, place_key=place_key)
    Assignment.objects.create(user=user, role=role, place_id=place_key, valid_from=dt.date(2020, 1, 1))
    return user


def a_home(place_key: int = LUFENG) -> Organisation:
    """An organisation that runs a home."""
    return Organisation.objects.create(place_key=place_key, name="卢峰镇敬老院")


def a_roster(place_key: int = LUFENG, post: str = "duty_officer", **more: Any) -> Roster:
    """An open roster."""
    return open_roster(post=post, name="值班干部表", place_key=place_key, by=SYSTEM, **more)


def a_shift(roster: Roster, starts: str = "08:00", ends: str = "18:00", name: str = "白班", **more: Any) -> Shift:
    """A pattern of a roster."""
    at = dt.time.fromisoformat
    return add_shift(roster_uid=roster.uid, name=name, starts=at(starts), ends=at(ends), by=SYSTEM, **more)


def at(text: str, days: int = 0) -> dt.datetime:
    """A time of day in the city, some days from today: at("20:00", 1) is tomorrow evening."""
    return dt.datetime.combine(civil_date() + dt.timedelta(days=days), dt.time.fromisoformat(text), CITY_ZONE)


def on(roster: Roster, user: User, starts: str = "08:00", ends: str = "18:00", days: int = 1) -> Turn:
    """A turn put on by hand, tomorrow unless said otherwise; an end before the start is on the next day."""
    until = at(ends, days) if ends > starts else at(ends, days + 1)
    return put_on(roster_uid=roster.uid, user=user, starts_at=at(starts, days), ends_at=until, by=SYSTEM)
