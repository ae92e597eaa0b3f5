"""Who lived in which bed, and when: month by month, so that the homes are as full as the newspaper page says.

At the end of each month a home holds its share of `scale` x rate x beds set up. Within a month people die or go home
first, then others come in. A bed that falls free is used again in the next month at the earliest, so no bed is ever
held twice. The past does not depend on the city's today: a later today only adds months.
"""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import numpy as np
import polars as pl

from yinling.city.draws import draws_for
from yinling.city.lives import NEVER, day_number
from yinling.city.parameters import Parameters
from yinling.city.quotas import share_out
from yinling.city.sites import PUBLIC_KINDS


@dataclass
class _Guest:
    person_no: int
    death: int
    level: int
    is_willing: bool  # destitute, and willing to be cared for here
    sixty: int  # the day of the 60th birthday


@dataclass
class _Stay:
    guest: _Guest
    bed: int
    admitted: int
    left: int | None = None
    reason: str | None = None


@dataclass
class _Home:
    site_no: int
    county: str  # empty: takes people from everywhere
    is_public: bool
    closed_beds: deque[tuple[int, int, bool]]  # (opened, bed_no, is for nursing), by date
    nursing_beds: frozenset[int]
    nursing: deque[int] = field(default_factory=deque)  # free beds
    other: deque[int] = field(default_factory=deque)
    freed: list[int] = field(default_factory=list)  # this month: free from the next on
    stays: list[_Stay] = field(default_factory=list)

    def turn_month(self, until: int) -> None:
        """Make usable what fell free last month and what was set up by the day `until`."""
        while self.closed_beds and self.closed_beds[0][0] <= until:
            self.freed.append(self.closed_beds.popleft()[1])
        for bed in self.freed:
            (self.nursing if bed in self.nursing_beds else self.other).append(bed)
        self.freed = []

    def take_bed(self, level: int) -> int:
        """A free bed, a nursing bed if the guest needs one and there is one."""
        wanted, second = (self.nursing, self.other) if level >= 2 else (self.other, self.nursing)
        return (wanted or second).popleft()

    @property
    def free(self) -> int:
        return len(self.nursing) + len(self.other)


class _Queues:
    """Elders waiting, by county: the willing destitute, and the others."""

    def __init__(self, persons: pl.DataFrame, seed: int) -> None:
        self.willing: dict[str, deque[_Guest]] = {}
        self.others: dict[str, deque[_Guest]] = {}
        for row in _candidates(persons, seed).iter_rows(named=True):
            guest = _Guest(row["person_no"], row["death"], row["level"], row["is_willing"], row["sixty"])
            queues = self.willing if guest.is_willing else self.others
            queues.setdefault(row["county_code"], deque()).append(guest)

    def next(self, home: _Home, start: int, end: int, *, destitute: bool, anywhere: bool) -> _Guest | None:
        """The next one for the home who is 60 on the day `start` and outlives `end`: its own county's first."""
        own = self.others.get(home.county)
        farthest = max(self.others.values(), key=len, default=None)
        order = [own, farthest]
        if destitute:
            far_willing = max(self.willing.values(), key=len, default=None) if anywhere or not home.county else None
            order = [self.willing.get(home.county), far_willing, *order]
        for queue in filter(None, order):
            for _ in range(len(queue)):
                guest = queue.popleft()
                if guest.death > end and guest.sixty <= start:
                    return guest
                if guest.death > end:
                    queue.append(guest)  # not 60 yet: later
        return None

    def waiting(self) -> int:
        """How many willing destitute elders have no place yet."""
        return sum(len(queue) for queue in self.willing.values())


def stay_frame(
    persons: pl.DataFrame,
    sites: pl.DataFrame,
    beds: pl.DataFrame,
    parameters: Parameters,
    *,
    seed: int,
    scale: float,
    today: date,
) -> pl.DataFrame:
    """The stays of all homes up to today.

    Columns: stay_no, person_no, site_no, bed_no, admitted_on, left_on (null: still there), leaving_reason (death,
    home), is_destitute. `persons` as in `population.People`, of all villages.
    """
    care = day_number(parameters.care_as_of)
    homes, queues = _homes(sites, beds), _Queues(persons, seed)
    random = np.random.Generator(np.random.PCG64([seed, 20210101]))
    ended: list[tuple[_Home, _Stay]] = []
    start = day_number(parameters.history_from) - 900
    for end in _month_ends(parameters.history_from, today):
        for home in homes:
            home.turn_month(start - 1 if start >= day_number(parameters.history_from) else end)
        months_left = max(round((care - end) / 30.44) + 1, 0)
        for is_public in (True, False):
            group = [home for home in homes if home.is_public == is_public]
            wanted = _wanted(group, end, parameters, scale)
            ended += _leave(group, start, end, random, parameters)
            ended += _release(group, sum(len(home.stays) for home in group) - wanted, end)
            if is_public and months_left == 1:
                vacancies = wanted - sum(len(home.stays) for home in group)
                ended += _release(group, queues.waiting() - vacancies, end)
            _admit(group, wanted, queues, start, end, months_left, random, parameters)
        start = end + 1
    ended += _deaths(homes, day_number(today))
    return _frame(ended + [(home, stay) for home in homes for stay in home.stays])


def occupancy_rate(parameters: Parameters, day: date) -> float:
    """Occupied share of the beds set up in public homes: the article's two figures, straight lines between points."""
    block = parameters.blocks["network"]
    points = {**block["occupancy"]["points"], **block["occupancy_elsewhere"]["points"]}
    days = sorted(points)
    return float(np.interp(day_number(day), [day_number(d) for d in days], [points[d] for d in days]))


def _candidates(persons: pl.DataFrame, seed: int) -> pl.DataFrame:
    """Elders of 2022 and those who died before, in the order in which they come to a home."""
    level, age80 = pl.col("level"), pl.col("birth_date") < date(1942, 1, 1)
    frame = persons.filter((pl.col("cohort") != "turned_60_later") & (pl.col("is_willing") | ~pl.col("is_destitute")))
    unit = draws_for(seed, "queue", frame["person_no"].to_numpy()).unit("turn")
    weight = 0.3 + level + age80.cast(pl.Int8)  # only what does not change with the city's today
    return (
        frame.with_columns(
            turn=pl.Series(unit) / weight,
            sixty=pl.col("birth_date").cast(pl.Int32) + math.ceil(60 * 365.2425),
            county_code=pl.col("village_code").str.slice(0, 6) + "000000",
            death=pl.col("death_date").cast(pl.Int32).fill_null(NEVER),
        )
        .sort("turn", "person_no")
        .group_by("county_code", "is_willing", maintain_order=True)
        .head(10_000)  # many more than ever come, few enough to be quick
    )


def _homes(sites: pl.DataFrame, beds: pl.DataFrame) -> list[_Home]:
    known = {row["site_no"]: row for row in sites.iter_rows(named=True)}
    homes = []
    for (site_no,), of_home in beds.filter(pl.col("kind") != "day").group_by("site_no", maintain_order=True):
        site = known[site_no]
        lots = sorted(
            (day_number(row["opened_on"]), row["bed_no"], row["kind"] in ("nursing", "dementia"))
            for row in of_home.iter_rows(named=True)
        )
        county = "" if site["kind"] == "city_centre" else site["county_code"]
        nursing = frozenset(bed for _, bed, is_nursing in lots if is_nursing)
        homes.append(_Home(site_no, county, site["kind"] in PUBLIC_KINDS, deque(lots), nursing))
    return homes


def _month_ends(first: date, today: date) -> list[int]:
    """The last days of the months from the one before `first` to the last complete one."""
    month = first.year * 12 + first.month - 1
    ends: list[int] = []
    while (end := day_number(date(month // 12, month % 12 + 1, 1)) - 1) <= day_number(today):
        ends.append(end)
        month += 1
    return ends


def _wanted(group: list[_Home], end: int, parameters: Parameters, scale: float) -> int:
    """How many residents the group has at the end of the month: scale x rate x beds set up by then."""
    set_up = sum(home.free + len(home.stays) + sum(1 for lot in home.closed_beds if lot[0] <= end) for home in group)
    day = date.fromordinal(end + date(1970, 1, 1).toordinal())
    elsewhere: float = parameters.blocks["network"]["occupancy_elsewhere"]["private"]
    rate = occupancy_rate(parameters, day) if group[0].is_public else elsewhere
    return round(rate * set_up * scale)


def _leave(
    group: list[_Home], start: int, end: int, random: np.random.Generator, parameters: Parameters
) -> list[tuple[_Home, _Stay]]:
    """End the stays of those who die this month or go home; the willing destitute stay."""
    leaving = parameters.blocks["network"]["occupancy_elsewhere"]["leaving_per_month"]
    for home in group:
        drawn, days = random.random(len(home.stays)), random.integers(start, end + 1, len(home.stays))
        for at, stay in enumerate(home.stays):
            if stay.guest.death <= end:
                stay.left, stay.reason = stay.guest.death, "death"
            elif drawn[at] < leaving and not stay.guest.is_willing:
                stay.left, stay.reason = int(days[at]), "home"
    return _clear(group)


def _release(group: list[_Home], surplus: int, end: int) -> list[tuple[_Home, _Stay]]:
    """Send `surplus` guests home, those who came last first; none of the willing destitute."""
    guests = [stay for home in group for stay in home.stays if not stay.guest.is_willing]
    for stay in sorted(guests, key=lambda stay: (-stay.admitted, stay.bed))[: max(surplus, 0)]:
        stay.left, stay.reason = end, "home"
    return _clear(group)


def _clear(group: list[_Home]) -> list[tuple[_Home, _Stay]]:
    ended = [(home, stay) for home in group for stay in home.stays if stay.left is not None]
    for home in group:
        home.freed += [stay.bed for stay in home.stays if stay.left is not None]
        home.stays = [stay for stay in home.stays if stay.left is None]
    return ended


def _admit(
    group: list[_Home],
    wanted: int,
    queues: _Queues,
    start: int,
    end: int,
    months_left: int,
    random: np.random.Generator,
    parameters: Parameters,
) -> None:
    """Fill the group up to `wanted`, each home in proportion to its free beds."""
    shortage = wanted - sum(len(home.stays) for home in group)
    if shortage <= 0:
        return
    share = 0.0
    if group[0].is_public and months_left:
        usual = parameters.blocks["network"]["occupancy_elsewhere"]["destitute_share"]
        share = 1.0 if months_left == 1 else max(usual, queues.waiting() / months_left / shortage)
    for home, places in zip(group, share_out(shortage, np.array([home.free for home in group])), strict=True):
        drawn, days = random.random(places), random.integers(start, end + 1, places)
        for at in range(places):
            guest = queues.next(home, start, end, destitute=bool(drawn[at] < share), anywhere=months_left <= 12)
            if guest is not None:
                home.stays.append(_Stay(guest, home.take_bed(guest.level), int(days[at])))


def _deaths(homes: list[_Home], today: int) -> list[tuple[_Home, _Stay]]:
    """Deaths in the month that is not over yet."""
    for home in homes:
        for stay in home.stays:
            if stay.guest.death <= today:
                stay.left, stay.reason = stay.guest.death, "death"
    return _clear(homes)


def _frame(stays: list[tuple[_Home, _Stay]]) -> pl.DataFrame:
    rows: list[dict[str, Any]] = [
        {
            "person_no": stay.guest.person_no,
            "site_no": home.site_no,
            "bed_no": stay.bed,
            "admitted_on": stay.admitted,
            "left_on": stay.left,
            "leaving_reason": stay.reason,
            "is_destitute": stay.guest.is_willing,
        }
        for home, stay in stays
    ]
    schema = {
        "person_no": pl.Int64,
        "site_no": pl.Int64,
        "bed_no": pl.Int64,
        "admitted_on": pl.Int32,
        "left_on": pl.Int32,
    }
    frame = pl.DataFrame(rows, schema={**schema, "leaving_reason": pl.String, "is_destitute": pl.Boolean})
    frame = frame.with_columns(pl.col("admitted_on", "left_on").cast(pl.Date)).sort("admitted_on", "person_no")
    return frame.with_row_index("stay_no", offset=1).cast({"stay_no": pl.Int64})
