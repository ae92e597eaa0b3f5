"""Visits of the demonstration: 8,600 visitors for 44,700 elders (times the scale), each paired in the own village; what
was due in the last three months and in this one, and what came of it. All of it is invented.

Villages differ in how well they visit, so that coverage has something to show. A few records can hardly be true: the
rules find them like any others.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import numpy as np
import polars as pl

from yinling.accounts.models import User
from yinling.care.models import Visit, Visitor
from yinling.care.queries import due as queries
from yinling.care.rules.due import REGULAR, Ruleset, period
from yinling.care.rules.due_columns import with_tiers
from yinling.care.rules.visits import VisitReport
from yinling.care.services.doubts import look_at_night
from yinling.care.services.due import ask_about_overdue, open_due_visits
from yinling.care.services.visit_loading import load_pairings, load_visitors, load_visits
from yinling.care.services.visits import make_visit
from yinling.city.draws import Draws, draws_for
from yinling.kernel.actors import Actor
from yinling.kernel.clock import civil_date, now, start_of
from yinling.kernel.uids import new_uid
from yinling.people.models import Person
from yinling.people.services import open_grant

TO_EACH = 44_700 / 8_600
MONTHS_BACK = 3
SURNAMES, GIVEN = (
    "向舒张杨李唐黄田龙吴覃谢",
    ("春生", "秀英", "志明", "美兰", "建国", "桂花", "文斌", "小燕", "爱民", "玉珍", "海清", "冬梅"),
)
KINDS = (("volunteer", 0.8), ("visitor", 0.15), ("cadre", 0.05))
LANGUAGES = ("putonghua", "local", "miao", "dong")
FOUND, FOUND_SHARES = ("normal", "watch", "help", "urgent"), (0.885, 0.085, 0.027, 0.003)
HEALTH, SAFETY = ("medicine", "pressure", "appetite", "walking", "sleep"), ("electric", "heating", "floor", "heater")
BY_DOOR, NOBODY = 0.86, 0.03
SINCE = timedelta(days=500)
MOST_AT_ONCE = 11


@dataclass(frozen=True)
class Paired:
    """Who is visited, by whom, and where: person, place_key, tier, longitude, latitude, visitor."""

    rows: pl.DataFrame
    seed: int
    by: Actor


def load_city_visits(users: dict[str, User], *, seed: int, by: Actor) -> tuple[int, int, int]:
    """Write visitors, pairings and visits; open what is due today. Returns visitors, visits, doubts."""
    today = civil_date()
    _, read = queries.ruleset()
    targets = with_tiers(read, queries.persons_frame(read, today), queries.categories_frame(read, today))
    placed = targets.join(_points(), on="person", how="left").sort("place_key", "person")
    visitors, paired = _pair(placed, seed, today, by)
    _give_to_accounts(users, paired, today, by)
    visits = load_visits(rows=_past(paired, read, today), by=by)
    visits += load_visits(rows=_planted(paired, today), by=by)
    open_due_visits(on=today, by=by)
    _this_morning(users["volunteer"], today)
    ask_about_overdue(on=today, by=by)
    return visitors, visits, look_at_night(on=today)


def _points() -> pl.DataFrame:
    rows = Person.objects.current().living().order_by().values_list("pk", "longitude", "latitude")
    return queries.frame(rows, {"person": pl.Int64, "longitude": pl.Float64, "latitude": pl.Float64})


def _pair(placed: pl.DataFrame, seed: int, today: date, by: Actor) -> tuple[int, Paired]:
    """So many visitors to each township as it needs, its elders shared out among them village by village."""
    rows: list[tuple[Any, ...]] = []
    numbers: list[int] = []
    for _key, here in placed.group_by(pl.col("place_key") // 1000, maintain_order=True):
        count = max(round(here.height / TO_EACH), 1)
        mine = [n * count // here.height for n in range(here.height)]
        numbers += [len(rows) + number for number in mine]
        draws = draws_for(seed, f"visitors {here['place_key'][0]}", np.arange(count))
        for number in range(count):
            _person, place, _tier, longitude, latitude = here.row(mine.index(number))
            rows.append(_visitor(draws, number, place, longitude, latitude, today))
    ids = load_visitors(rows=rows, by=by)
    paired = placed.with_columns(visitor=pl.Series([ids[number] for number in numbers], dtype=pl.Int64))
    since, at, columns = today - SINCE, now(), ("person", "visitor")
    pairs = (
        (new_uid(), visitor, person, "assigned", since, None, "", by.uid, at)
        for person, visitor in paired.select(columns).iter_rows()
    )
    load_pairings(rows=pairs, by=by)
    return len(rows), Paired(paired, seed, by)


def _visitor(draws: Draws, number: int, place: int, longitude: Any, latitude: Any, today: date) -> tuple[Any, ...]:
    def drawn(name: str, options: Any) -> Any:
        return options[int(draws.below(name, len(options))[number])]

    kind = KINDS[int(draws.choice("kind", [share for _, share in KINDS])[number])][0]
    speaks = sorted({"putonghua", drawn("language", LANGUAGES)})
    return (
        new_uid(), drawn("surname", SURNAMES) + drawn("given", GIVEN), kind, drawn("sex", "12"), place, speaks, [],
        drawn("mode", ("foot", "foot", "motorbike")), int(draws.between("load", 7, 10)[number]), longitude, latitude,
        today - SINCE, now(),
    )  # fmt: skip


def _give_to_accounts(users: dict[str, User], paired: Paired, today: date, by: Actor) -> None:
    """The demonstration's volunteer and village visitor are visitors of their own village, or of the nearest one."""
    taken: set[int] = set()
    for key in ("volunteer", "village_visitor"):
        user = users[key]
        near = paired.rows.with_columns(far=(pl.col("place_key") - user.place_key).abs()).sort("far", "visitor")
        chosen = next(int(one) for one in near["visitor"] if one not in taken)
        taken.add(chosen)
        Visitor.objects.filter(pk=chosen).update(user=user, name=user.name, place_key=user.place_key)
        for person in Person.objects.filter(pairings__visitor=chosen):
            until = start_of(today + timedelta(days=365))
            open_grant(person=person, grantee_uid=user.uid, ground="pairing", until=until, by=by)


def _past(paired: Paired, read: Ruleset, today: date) -> Iterator[tuple[Any, ...]]:
    """What was due since the first of the month three months ago, and what came of it by yesterday."""
    first = today.replace(day=1)
    for _number in range(MONTHS_BACK):
        first = (first - timedelta(days=1)).replace(day=1)
    for tier in read.tiers:
        rows = paired.rows.filter(pl.col("tier") == tier.key)
        day = first
        while day <= today:
            span = period(read.regular[tier.key], day)
            yield from _of_period(paired, rows, span.key, span.first, span.last, today)
            day = span.last + timedelta(days=1)


def _of_period(
    paired: Paired, rows: pl.DataFrame, key: str, first: date, last: date, today: date
) -> Iterator[tuple[Any, ...]]:
    """The visits of one period: made in most cases, missed in some; of a running period the rest is still due."""
    if not rows.height:
        return
    draws = draws_for(paired.seed, f"visits {key}", rows["person"].to_numpy())
    quality = 0.82 + 0.17 * draws_for(paired.seed, "diligence", rows["place_key"].to_numpy()).unit("village")
    days = (last - first).days + 1
    passed = min((today - first).days, days)  # whole days that are over
    is_made = draws.unit("made") < quality * passed / days
    day = np.minimum(draws.below("day", max(passed, 1)), max(passed - 1, 0))
    minute, length = draws.between("minute", 8 * 60, 17 * 60), draws.between("length", 6, 45)
    found = draws.choice("found", FOUND_SHARES)
    met, at_door = ~draws.chance("nobody", NOBODY), draws.chance("door", BY_DOOR)
    east, north = draws.normal("east") * 18, draws.normal("north") * 18
    source = draws.choice("source", (0.7, 0.2, 0.1))
    tick = draws.below("tick", 4)
    for n, (person, _place, _tier, longitude, latitude, visitor) in enumerate(rows.iter_rows()):
        head = (new_uid(), person, visitor, REGULAR, f"{person}:{REGULAR}:{key}", first, last)
        if not is_made[n]:
            if last < today:
                yield _row(head, Visit.State.MISSED, opened=first)
            continue
        begins = start_of(first + timedelta(days=int(day[n]))) + timedelta(minutes=int(minute[n]))
        spot = None
        if at_door[n] and longitude is not None:
            away = round(float(np.hypot(east[n], north[n])))
            spot = (longitude + east[n] / 98_000, latitude + north[n] / 111_195, away)
        yield _row(
            head, Visit.State.DONE, opened=first, begins=begins, minutes=int(length[n]), met=bool(met[n]), spot=spot,
            found=FOUND[int(found[n])], at_door=bool(at_door[n]), source=("app", "paper", "page")[int(source[n])],
            tick=int(tick[n]), by=paired.by,
        )  # fmt: skip


def _row(
    head: tuple[Any, ...], state: str, *, opened: date, begins: datetime | None = None, minutes: int = 0,
    met: bool = False, spot: tuple[float, float, int] | None = None, found: str = "", at_door: bool = True,
    source: str = "", tick: int = 0, by: Actor | None = None,
) -> tuple[Any, ...]:  # fmt: skip
    """One row as the loader takes it."""
    if begins is None:
        nowhere = (None, None, None, None)
        nothing: tuple[Any, ...] = ("", None, None, False, *nowhere, False, "", [], False, {}, "", [], b"", "", "", "")
        return (*head, "", state, *nothing, None, None, start_of(opened))
    ends = begins + timedelta(minutes=minutes)
    near = spot is not None and spot[2] <= 300
    remarks = [] if not at_door or near else ["no_position"] if spot is None else ["far"]
    remarks += [] if at_door else ["not_at_door"]
    longitude, latitude, distance = spot or (None, None, None)
    is_care = met and found != "normal"
    blocks: dict[str, list[str]] = {"health": [], "safety": []} if met else {}
    if is_care:
        blocks = {"health": [HEALTH[tick]], "safety": [SAFETY[tick]] if tick % 2 else []}
    actions = (["advice"] if found == "watch" else ["ticket", "kin"]) if is_care else []
    return (
        *head, "", state, "door" if at_door else "phone", begins, ends, met, longitude, latitude, 15 if spot else None,
        distance, False, "", remarks, met and not remarks, blocks, found if met else "", actions, b"",
        "said" if met else "", source, "", UUID(str(by.uid)) if by else None, ends + timedelta(minutes=3),
        start_of(opened),
    )  # fmt: skip


def _planted(paired: Paired, today: date) -> Iterator[tuple[Any, ...]]:
    """Records that can hardly be true: eleven doors in ten minutes, and 30 km in four minutes."""
    yesterday = today - timedelta(days=1)
    placed = paired.rows.filter(pl.col("longitude").is_not_null())
    if placed.height < MOST_AT_ONCE:
        return
    visitor = placed["visitor"][0]
    for number, person in enumerate(placed["person"].head(MOST_AT_ONCE)):
        begins = start_of(yesterday) + timedelta(hours=15, seconds=50 * number)
        yield _row(_own_head(person, visitor, yesterday), Visit.State.DONE, opened=yesterday, begins=begins, minutes=1,
                   met=True, found="normal", source="app", by=paired.by)  # fmt: skip
    person, _place, _tier, longitude, latitude, visitor = placed.row(-1)
    for minutes, away in ((0, 0.0), (14, 0.3)):
        begins = start_of(yesterday) + timedelta(hours=9, minutes=30 + minutes)
        spot = (longitude + away, latitude, round(away * 98_000))
        yield _row(_own_head(person, visitor, yesterday), Visit.State.DONE, opened=yesterday, begins=begins, minutes=10,
                   met=True, spot=spot, found="normal", source="app", by=paired.by)  # fmt: skip


def _own_head(person: int, visitor: int, day: date) -> tuple[Any, ...]:
    uid = new_uid()
    return (uid, person, visitor, "own", f"own:{uid}", day, day)


def _this_morning(user: User, today: date) -> None:
    """The volunteer of the demonstration has made one visit today, and found nobody at another door."""
    mine = Visit.objects.filter(visitor__user=user).open().order_by("due_on", "pk")
    moment = now()
    for visit, met in zip(list(mine[:2]), (True, False), strict=False):
        begins = max(moment - timedelta(minutes=50), start_of(today))
        report = VisitReport(
            way="door", started_at=begins, ended_at=min(begins + timedelta(minutes=18), moment), has_contact=met,
            found="watch" if met else "", blocks={"health": ("medicine",)} if met else {},
            actions=("advice",) if met else (), source="app",
        )  # fmt: skip
        make_visit(visit_uid=visit.uid, report=report, by=user)
