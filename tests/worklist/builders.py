"""Words for tests of the worklist."""

import datetime as dt
from typing import Any

from yinling.accounts.models import Assignment, User
from yinling.kernel.actors import System
from yinling.kernel.clock import CITY_ZONE
from yinling.kernel.reasons import Reason
from yinling.kernel.uids import new_uid
from yinling.worklist.models import Subject, WorkItem
from yinling.worklist.rules import Calendar
from yinling.worklist.services import open_item

LUFENG, DIZHUANG, XUPU = 431224100000, 431224102000, 431224000000  # two townships and their county
VILLAGE = 431224100001  # in Lufeng township, Xupu county
OTHER_VILLAGE = 431224102001  # in Dizhuang township, Xupu county
FAR_VILLAGE = 431202001001  # in Hecheng district
HOURS = ((dt.time(8, 30), dt.time(12)), (dt.time(14, 30), dt.time(17, 30)))


def at(text: str) -> dt.datetime:
    """An instant of the city: '2026-11-23 08:30'."""
    return dt.datetime.fromisoformat(text).replace(tzinfo=CITY_ZONE)


def weekdays_only(*holidays: str) -> Calendar:
    """Monday to Friday without the holidays named."""
    off = {dt.date.fromisoformat(day) for day in holidays}
    return Calendar(lambda day: day.weekday() < 5 and day not in off, HOURS, CITY_ZONE)


def somebody(role: str, place_key: int, name: str = "") -> User:
    """A user who has held a role in a division since 2020."""
    user = User.objects.create_user(name or f"{role}-{place_key}", name=name or role, place_key=place_key)
    Assignment.objects.create(user=user, role=role, place_id=place_key, valid_from=dt.date(2020, 1, 1))
    return user


def a_person() -> Subject:
    """Somebody a duty may be about."""
    return Subject("person", new_uid())


def a_duty(**changes: Any) -> WorkItem:
    """An open duty of the village visitors of one village."""
    given: dict[str, Any] = {
        "kind": "care.visit",
        "subject": a_person(),
        "title": Reason("Nobody was met this week"),
        "place_key": VILLAGE,
        "role": "village_visitor",
        "ladder_key": "visit",
        "by": System("test"),
    }
    return open_item(**(given | changes))
