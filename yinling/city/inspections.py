"""Inspections and hazards of the demonstration's years, a draw that waits for its witness, a visit to be made."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np

from yinling.accounts.models import User
from yinling.city.draws import Draws, draws_for
from yinling.inspections.models import Inspection
from yinling.inspections.services import PastHazard, PastInspection, Wanted, close_list, load_past, open_draw
from yinling.inspections.services.planning import plan_inspection
from yinling.institutions.models import Institution
from yinling.institutions.models.sites import HOMES
from yinling.kernel.actors import Actor
from yinling.kernel.clock import civil_date
from yinling.kernel.scope import within
from yinling.places.queries import key_ranges

FIRST_YEAR = 2024
# item, what was seen, the measure, money in yuan, grade where it is not the checklist's own
_FAULTS: dict[str, tuple[tuple[str, str, str, int, str], ...]] = {
    "fire": (
        ("fire.1", "二楼疏散通道堆放轮椅和床垫。", "清空通道，明确专人每日巡查。", 0, ""),
        ("fire.2", "东侧楼梯两处应急灯不亮。", "更换应急灯，纳入月检。", 600, ""),
        ("fire.4", "厨房灭火器压力不足。", "更换灭火器两具。", 240, ""),
        ("fire.5", "三处烟感被遮挡，主机报故障未处理。", "清除遮挡，维保单位修复主机。", 1800, ""),
        ("fire.7", "一间居室用插线板串接电热毯。", "拆除插线板，增设固定插座。", 900, ""),
        ("fire.9", "一楼门厅有电动自行车充电。", "移至室外车棚，加装充电桩。", 3500, ""),
        ("fire.10", "库房隔断使用易燃夹芯板。", "拆除重做，用不燃材料。", 46000, "major"),
    ),
    "food": (
        ("food.3", "刀具砧板生熟未分开。", "按颜色分开，上墙标识。", 200, ""),
        ("food.4", "冷柜有两袋过期速冻食品。", "当场销毁，建立先进先出台账。", 0, ""),
        ("food.6", "周末两餐没有留样。", "落实留样人，配留样柜。", 1200, ""),
        ("food.2", "一名帮厨健康证过期。", "换证前不进厨房。", 0, ""),
    ),
    "care_quality": (
        ("care.9", "两名卧床老人夜间翻身没有记录。", "补记录本，夜班交接核对。", 0, ""),
        ("care.11", "卫生间地面湿滑，缺扶手一处。", "加装扶手，铺防滑垫。", 800, ""),
        ("care.13", "外出登记缺返回时间。", "值班员逐人补登，交接时清点。", 0, ""),
        ("care.8", "服药核对只有一人签名。", "两人核对，缺签不发药。", 0, ""),
    ),
}
_LISTS = tuple(_FAULTS)
_INSPECTORS = ("田永红、舒建国", "向春华、粟志平", "邓晓梅、蒲先礼", "谢卫东、龙海燕")


def load_inspections(users: dict[str, User], *, seed: int, today: date, by: Actor) -> tuple[int, int]:
    """Write what was inspected since 2024, and what waits now. Returns how many past inspections and hazards."""
    homes = list(Institution.objects.filter(kind__in=HOMES, closed_on__isnull=True).order_by("pk"))
    counts = load_past(past=_past(homes, seed, today), by=by)
    _what_waits(users, today, by)
    return counts


def _past(homes: list[Institution], seed: int, today: date) -> list[PastInspection]:
    """A visit from outside each year, a second one for two homes in five; a self-check for every second home."""
    keys = np.array([home.pk for home in homes])
    past: list[PastInspection] = []
    for year in range(FIRST_YEAR, today.year + 1):
        for part, (kind, chance) in enumerate((("planned", 1.0), ("random", 0.4), ("self_check", 0.5))):
            draws = draws_for(seed, f"inspection {year} {part}", keys)
            days = draws.between("day", 5, 360)
            takes_place = draws.chance("takes place", chance)
            for at in np.flatnonzero(takes_place):
                on = date(year, 1, 1) + timedelta(days=int(days[at]))
                if on < today - timedelta(days=1):
                    past.append(_visit(homes[at], kind, on, draws[at : at + 1], today))
    return past


def _visit(home: Institution, kind: str, on: date, draws: Draws, today: date) -> PastInspection:
    checklist = _LISTS[int(draws.choice("list", [5, 2, 3])[0])]
    faults = _FAULTS[checklist]
    broken = [fault for fault in faults if draws.chance(f"fault {fault[0]}", 0.02 if fault[4] else 0.14)[0]]
    signed = "本院自查" if kind == "self_check" else _INSPECTORS[int(draws.below("who", len(_INSPECTORS))[0])]
    hazards = tuple(_hazard(fault, on, draws, today) for fault in broken)
    return PastInspection(home, kind, checklist, on, signed, hazards)


def _hazard(fault: tuple[str, str, str, int, str], on: date, draws: Draws, today: date) -> PastHazard:
    """Most are closed in time, some late; those of the last weeks may still be open, or wait for the re-check."""
    item, words, measure, yuan, level = fault
    due = on + timedelta(days=30 if level else 15)
    taken = int(draws.exponential(f"days {item}")[0] * (18 if level else 9)) + 2
    done = on + timedelta(days=taken)
    closed = done + timedelta(days=int(draws.between(f"look {item}", 1, 6)[0]))
    return PastHazard(
        item=item, words=words, measure=measure, due_on=due, responsible="院长", level=level, money_fen=yuan * 100,
        submitted_on=done if done < today else None, closed_on=closed if closed < today else None,
    )  # fmt: skip


def _what_waits(users: dict[str, User], today: date, by: Actor) -> None:
    """In the county of the demonstration: a visit planned, and a draw whose list is closed."""
    clerk, township, officer = users["county_clerk"], users["township_clerk"], users["city_officer"]
    under = within(key_ranges([clerk.place_key]))
    home = Institution.objects.filter(under, kind__in=HOMES, closed_on__isnull=True).order_by("-pk").first()
    day = civil_date() + timedelta(days=3)
    if home is None:
        return
    plan_inspection(
        institution_uid=home.uid, kind=Inspection.Kind.PLANNED, checklist_key="fire", planned_on=day,
        inspectors=[clerk, township], by=by,
    )  # fmt: skip
    wanted = Wanted("岁末消防抽查", "fire", homes=2, first_day=day, last_day=day + timedelta(days=25))
    drawn = open_draw(place_key=clerk.place_key, wanted=wanted, by=by)
    close_list(uid=drawn.uid, inspectors=[clerk, township, officer], by=by)
