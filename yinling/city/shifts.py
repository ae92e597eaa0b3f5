"""A week of carers' days in a few homes of the demonstration city: wards, plans, records, gaps, incidents, risks."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Count, Q

from yinling.accounts.models import User
from yinling.institutions.models import BedUse, Floor, Institution, Staff, Stay
from yinling.institutions.models.sites import HOMES
from yinling.kernel.actors import Actor
from yinling.kernel.clock import now
from yinling.kernel.crypto import seal
from yinling.kernel.uids import new_uid
from yinling.reference.queries import entries
from yinling.shifts import services
from yinling.shifts.models import (
    CareRecord,
    Diet,
    HandOver,
    HeadCount,
    MedicineOrder,
    MissedTask,
    PatrolPoint,
    RiskAssessment,
    RiskFinding,
    TurningPlan,
    Ward,
)
from yinling.shifts.models.plans import order_where
from yinling.shifts.queries import WardDay, residents_of, span_at, span_before, ward_day
from yinling.shifts.rules.due import Span, Task
from yinling.shifts.rules.risks import risk_of
from yinling.shifts.services import Past, Report, Sent

_DAYS, _SHIFTS_A_DAY = 7, 3
_FEW, _MANY = 3, 10  # homes with a carer's day in a small city and in a large one
_LARGE = 0.2
_POINTS = ("楼梯口", "走廊尽头", "活动室", "卫生间门口")
_DIETS = (["soft"], ["minced", "in_sight"], ["thickened", "fed"], ["diabetic"], ["low_salt"], ["soft", "diabetic"])
_MEDICINES = (
    ("硝苯地平缓释片", "20mg", ["08:00", "20:00"]), ("二甲双胍片", "0.5g", ["07:30", "17:30"]),
    ("阿司匹林肠溶片", "100mg", ["08:00"]), ("辛伐他汀片", "20mg", ["20:00"]),
)  # fmt: skip
_SEEN, _MISSED, _UNCHECKED = 0.97, 0.04, 0.05


def run_shifts(users: dict[str, User], *, today: date, scale: float, seed: int, by: Actor) -> int:
    """Set the homes up and let a week pass. Returns the records written. The manager's home is always among them."""
    dice = random.Random(f"{seed} shifts")
    homes = _homes(users, _MANY if scale > _LARGE else _FEW)
    left_out = _assess_everybody(homes[0], today, dice, by)
    rows = sum(_week(home, users, dice, by) for home in homes)
    _incidents(homes[0], users, dice, by)
    if left_out:
        services.ask_for_risks(by=by, on=today)
    return rows


def _homes(users: dict[str, User], count: int) -> list[Institution]:
    """The home where the demonstration's carer works, then the fullest of the city."""
    living = Count("stays", filter=Q(stays__left_at__isnull=True, stays__voided_at__isnull=True))
    found = Institution.objects.filter(kind__in=HOMES, closed_on__isnull=True).annotate(living=living)
    own = found.filter(staff__user=users["carer"]).first()
    others = [home for home in found.order_by("-living", "id")[: count + 1] if home != own]
    return [home for home in (own, *others) if home is not None][:count]


def _week(home: Institution, users: dict[str, User], dice: random.Random, by: Actor) -> int:
    began = now() - timedelta(days=_DAYS)
    wards = _wards(home, began)
    points = [PatrolPoint(ward=ward, name=name, put_up_at=began) for ward in wards for name in _POINTS]
    services.load_past(past=Past(wards=wards, points=points), by=by)
    stays = [use.stay for ward in wards for use in residents_of(ward) if use.stay]
    services.load_past(past=_plans(stays, began, dice, by), by=by)
    carers = _carers(home, users)
    return sum(_ward_week(ward, carers, dice, by) for ward in wards)


def _wards(home: Institution, began: datetime) -> list[Ward]:
    """Each floor on which somebody lives; the whole home where that is one."""
    lived = BedUse.objects.open().filter(kind=BedUse.OCCUPIED, bed__institution=home).values("bed__room__floor")
    floors = list(Floor.objects.filter(pk__in=lived).select_related("building").order_by("building__name", "number"))
    if len(floors) < 2:
        return [Ward(institution=home, name="全院", opened_at=began)]
    return [
        Ward(institution=home, floor=floor, name=f"{floor.building.name} {floor.number} 层", opened_at=began)
        for floor in floors[:4]
    ]


def _plans(stays: list[Stay], began: datetime, dice: random.Random, by: Actor) -> Past:
    turning = [TurningPlan(stay=stay, every_minutes=120, begins_at=began, planned_by=by.uid) for stay in stays[::6]]
    diets = [Diet(stay=stay, tags=dice.choice(_DIETS), begins_at=began, planned_by=by.uid) for stay in stays[1::3]]
    orders = [_order(stay, began, dice, by) for stay in stays[::4]]
    return Past(turning=turning, diets=diets, orders=orders)


def _order(stay: Stay, began: datetime, dice: random.Random, by: Actor) -> MedicineOrder:
    uid, (medicine, dose, times) = new_uid(), dice.choice(_MEDICINES)
    texts = {"medicine": medicine, "dose": dose, "prescriber": "县人民医院 全科门诊"}
    sealed = {f"{name}_sealed": seal(text, order_where(name, uid)) for name, text in texts.items()}
    return MedicineOrder(
        uid=uid, stay=stay, times=times, agreement_number=f"FY-{stay.number}", begins_at=began, planned_by=by.uid,
        **sealed,
    )  # fmt: skip


def _carers(home: Institution, users: dict[str, User]) -> list[tuple[UUID, str]]:
    """(uid, name) of those who care, at least three: small homes lend each other hands."""
    posts = Staff.objects.filter(institution=home, post__in=("carer", "nurse"), left_on__isnull=True)
    found: list[tuple[UUID, str]] = [
        (post.user.uid if post.user else post.uid, post.name)
        for post in posts.select_related("user").order_by("id")[:9]
    ]
    while len(found) < _SHIFTS_A_DAY:
        found.append((new_uid(), f"临时护理员{len(found)}"))
    return found


def _ward_week(ward: Ward, carers: list[tuple[UUID, str]], dice: random.Random, by: Actor) -> int:
    """Shift after shift, back from the one that runs; the last hand-over still waits to be taken over."""
    span, rows, running = span_at(now()), 0, True
    for at in range(_DAYS * _SHIFTS_A_DAY - 1):
        on, after = carers[at % len(carers)], carers[(at - 1) % len(carers)]
        rows += services.load_past(past=_shift(ward_day(ward, span), on, after, dice, running, at == 1), by=by)
        span, running = span_before(span), False
    return rows


def _shift(
    day: WardDay, on: tuple[UUID, str], after: tuple[UUID, str], dice: random.Random, running: bool, is_last: bool
) -> Past:
    records, missed = [], []
    for task in day.tasks:
        done_at = task.due_at + timedelta(minutes=dice.randint(-12, 20))
        if task.kind == "patrol":  # within its round
            done_at = task.slot_at + (task.due_at - task.slot_at) * dice.uniform(0.2, 0.9)
        if running and done_at > now() - timedelta(minutes=35):
            continue
        if not running and dice.random() < _MISSED:
            missed.append(_missed(day, task, on))
            continue
        records.append(_record(day, task, min(done_at, now()), on, after, dice))
    if running:
        return Past(records=records)
    handed, counts = _hand_over(day, day.span, on, None if is_last else after)
    return Past(records=records, missed=missed, hand_overs=[handed], counts=counts)


def _record(
    day: WardDay, task: Task, at: datetime, on: tuple[UUID, str], after: tuple[UUID, str], dice: random.Random
) -> CareRecord:
    is_medicine = task.kind == "medicine"
    result = "done" if task.kind != "meal" or dice.random() < _SEEN else dice.choice(("part", "refused"))
    made = CareRecord(
        ward=day.ward, kind=task.kind, task=task.key, day=day.span.day, shift=day.span.key, due_at=task.due_at,
        stay=day.residents[task.stay].stay if task.stay else None, result=result,
        order=day.orders.get(task.uid) if is_medicine else None, point=day.points.get(task.uid), done_at=at,
        done_by=on[0], done_label=on[1], recorded_at=at,
    )  # fmt: skip
    if is_medicine and on != after and dice.random() > _UNCHECKED:
        made.checked_at, made.checked_by, made.checked_label = at + timedelta(minutes=2), after[0], after[1]
    return made


def _missed(day: WardDay, task: Task, on: tuple[UUID, str]) -> MissedTask:
    return MissedTask(
        ward=day.ward, kind=task.kind, task=task.key, day=day.span.day, shift=day.span.key, due_at=task.due_at,
        stay=day.residents[task.stay].stay if task.stay else None, order=day.orders.get(task.uid),
        point=day.points.get(task.uid), carer_uid=on[0], carer_label=on[1],
        recorded_at=day.span.ends_at + timedelta(hours=1),
    )  # fmt: skip


def _hand_over(
    day: WardDay, span: Span, on: tuple[UUID, str], taken: tuple[UUID, str] | None
) -> tuple[HandOver, list[HeadCount]]:
    at = span.ends_at - timedelta(minutes=5)
    made = HandOver(
        ward=day.ward, day=span.day, shift=span.key, expected=len(day.residents), seen=0, out=0, handed_by=on[0],
        handed_label=on[1], handed_at=at, recorded_at=at,
    )  # fmt: skip
    if taken and taken != on:
        made.taken_by, made.taken_label, made.taken_at = taken[0], taken[1], span.ends_at
    lines = [
        HeadCount(hand_over=made, stay=one.stay, state="out" if one.leave else "seen") for one in day.residents.values()
    ]
    made.out = sum(line.state == "out" for line in lines)
    made.seen = len(lines) - made.out
    return made, lines


def _assess_everybody(own: Institution, today: date, dice: random.Random, by: Actor) -> int:
    """Safety risks of every resident; a few of the manager's home are left for the worklist. Returns how many."""
    asked = [code.code for code in entries("risk_question")]
    agreed = [code.code for code in entries("risk_measure")]
    left_out, assessments, findings = 0, [], []
    for stay in Stay.objects.present().order_by("id").iterator():
        if stay.institution_id == own.pk and left_out < 3:
            left_out += 1
            continue
        made, graded = _assessment(stay, asked, agreed, today, dice, by)
        assessments.append(made)
        findings += graded
    services.load_past(past=Past(assessments=assessments, findings=findings), by=by)
    return left_out


def _assessment(
    stay: Stay, asked: list[str], agreed: list[str], today: date, dice: random.Random, by: Actor
) -> tuple[RiskAssessment, list[RiskFinding]]:
    answers = sorted(code for code in asked if dice.random() < 0.12)
    day = max(stay.admitted_at.date(), today - timedelta(days=dice.randint(5, 340)))
    made = RiskAssessment(
        stay=stay, occasion="admission", assessed_on=day, answers=answers, assessed_by=by.uid,
        assessed_label="院内评估", recorded_at=stay.recorded_at,
    )  # fmt: skip
    return made, [
        RiskFinding(
            assessment=made, risk=risk, grade=grade,
            measures=[] if grade == "low" else [code for code in agreed if risk_of(code) == risk][:2],
        )
        for risk, grade in services.grades_of(answers).items()
    ]  # fmt: skip


def _incidents(home: Institution, users: dict[str, User], dice: random.Random, by: Actor) -> None:
    """Five in the manager's home: closed, to be closed, to be reviewed twice, and one the carer has yet to describe."""
    stays = list(Stay.objects.present().filter(institution=home).order_by("id")[:5])
    told = ("fall", 6, 0.3), ("scald", 4, 2.5), ("bed_fall", 2, 0.2), ("choking", 1, 0.4)
    texts = iter(_texts())
    made = []
    for (kind, days, hours), stay in zip(told, stays, strict=False):
        what, done = next(texts)
        at = now() - timedelta(days=days, minutes=dice.randint(0, 600))
        report = Report(kind, at, (stay.uid,), what, done, "居室", at + timedelta(hours=1))
        sent = Sent(done_at=at + timedelta(hours=hours))
        made.append(services.report_incident(institution_uid=home.uid, report=report, by=users["carer"], sent=sent))
    for one in made[:2]:
        services.review_incident(
            uid=one.uid, cause="夜间照明不足，巡视间隔偏长。", measures="增设地灯，夜班增加一次巡视，由护理组长负责。",
            by=users["institution_manager"],
        )  # fmt: skip
    for one in made[:1]:
        services.close_incident(uid=one.uid, by=users["county_clerk"])
    if stays:
        at = now() - timedelta(minutes=25)
        services.report_incident(
            institution_uid=home.uid, report=Report("fall", at, (stays[-1].uid,)), by=users["carer"],
            sent=Sent(done_at=at + timedelta(minutes=3)),
        )  # fmt: skip


def _texts() -> Iterator[tuple[str, str]]:
    yield "凌晨起夜如厕，在床边滑倒，右膝擦伤。", "扶起查看，清洗消毒，测血压正常，通知家属。"
    yield "自行取热水时溅到左手背，皮肤发红。", "冷水冲洗二十分钟，涂药，未起水疱。"
    yield "翻身时从床沿滑落，护栏未拉起。", "检查无外伤，观察二十四小时，护栏已拉起。"
    yield "进食馒头时呛咳，面色发紫。", "立即拍背，吐出后缓解，改为软食并看护进食。"
