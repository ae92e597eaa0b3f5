"""Words for tests of shifts."""

import datetime as dt
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from tests.conftest import LUFENG, a_user
from tests.institutions.builders import a_home, a_person, a_resident, beds_in
from yinling.accounts.models import User
from yinling.institutions import services as institutions
from yinling.institutions.models import Institution, Stay
from yinling.kernel.actors import System
from yinling.kernel.clock import CITY_ZONE, now
from yinling.shifts import services
from yinling.shifts.models import MedicineOrder, PatrolPoint, TurningPlan, Ward
from yinling.shifts.queries import WardDay, span_at, ward_day
from yinling.shifts.rules.due import Task

BY = System("test")
HOUR = dt.timedelta(hours=1)


@dataclass(frozen=True)
class Floor:
    """A home with one ward, two residents, two carers and a manager."""

    home: Institution
    ward: Ward
    stay: Stay
    other: Stay
    carer: User
    colleague: User
    manager: User

    def day(self) -> WardDay:
        """The ward in the shift that runs."""
        return ward_day(self.ward, span_at(now()))

    def task(self, kind: str) -> Task:
        """The first open task of a kind."""
        return next(one for one in self.day().open_tasks() if one.kind == kind)

    def seen(self, *missing: Stay, word: str = "") -> dict[UUID, str | None]:
        """Everybody seen at the head count, but these."""
        gone = {stay.uid for stay in missing}
        return {uid: word if uid in gone else None for uid in self.day().residents}


def works_in(home: Institution, role: str, post: str, username: str) -> User:
    """Somebody on the staff with an account."""
    user = a_user(role, LUFENG, username)
    institutions.hire(uid=home.uid, name=username, post=post, user=user, by=BY)
    return user


def a_floor(name: str = "卢峰镇敬老院", tag: str = "") -> Floor:
    """The usual ward, open since yesterday."""
    home = a_home(name)
    beds_in(home, 4)
    stay, other = a_resident(home, a_person("舒禾" + tag)), a_resident(home, a_person("向禾" + tag))
    ward = services.open_ward(institution_uid=home.uid, name="一楼", by=BY)
    Ward.objects.filter(pk=ward.pk).update(opened_at=now() - 30 * HOUR)
    ward.refresh_from_db()
    return Floor(
        home, ward, stay, other, works_in(home, "carer", "carer", f"carer{tag}"),
        works_in(home, "carer", "carer", f"colleague{tag}"),
        works_in(home, "institution_manager", "manager", f"boss{tag}"),
    )  # fmt: skip


def a_medicine(floor: Floor, minutes_ago: int = 0) -> MedicineOrder:
    """A medicine due now, or some minutes ago."""
    at = (now() - dt.timedelta(minutes=minutes_ago)).astimezone(CITY_ZONE)
    order = services.Order("硝苯地平片", "10mg", "县医院 张医生", (at.strftime("%H:%M"),), "FY-2026-01")
    made = services.order_medicine(stay_uid=floor.stay.uid, order=order, by=BY)
    MedicineOrder.objects.filter(pk=made.pk).update(begins_at=now() - 20 * HOUR)
    return made


def a_turning_plan(floor: Floor, every: int = 30) -> TurningPlan:
    """A resident turned since yesterday."""
    made = services.plan_turning(stay_uid=floor.stay.uid, every_minutes=every, by=BY)
    assert made is not None
    TurningPlan.objects.filter(pk=made.pk).update(begins_at=now() - 20 * HOUR)
    return made


def a_point(floor: Floor, name: str = "走廊东头") -> PatrolPoint:
    """A patrol point that was up when the shift began."""
    made = services.add_point(ward_uid=floor.ward.uid, name=name, by=BY)
    PatrolPoint.objects.filter(pk=made.pk).update(put_up_at=now() - 20 * HOUR)
    return made


def given(floor: Floor, by: User | None = None, **more: Any) -> Any:
    """The medicine due is given."""
    task = floor.task("medicine")
    return services.record_care(
        ward_uid=floor.ward.uid, task=task.key, slot_at=task.slot_at, by=by or floor.carer, **more
    )
