"""The 21 projects, and every room and bed: which stood before 2021, which a project added, and when."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import numpy as np
import polars as pl

from yinling.city.parameters import Parameters
from yinling.city.quotas import share_out
from yinling.city.sites import HOME_KINDS

_FLOOR_ROOMS, _FLOORS = 12, 5
_BEDS_PER_ROOM = {"ordinary": 2, "nursing": 3, "dementia": 2, "isolation": 1, "respite": 2, "day": 10}


def project_frame(sites: pl.DataFrame, parameters: Parameters) -> pl.DataFrame:
    """Columns: project_no, site_no, name, started_on, finished_on, beds_added, nursing_beds_added."""
    used: set[int] = set()
    rows = []
    for number, entry in enumerate(parameters.blocks["network"]["projects"]["entries"], start=1):
        candidates = sites.filter(
            (pl.col("kind") == entry["site"]) & pl.col("county_code").str.starts_with(entry["county"])
        )
        site = next(row for row in candidates.iter_rows(named=True) if row["site_no"] not in used)
        used.add(site["site_no"])
        verb = "新建" if entry["site"] == "city_centre" else "改扩建"
        months = 9 + entry["beds"] // 60
        rows.append(
            {
                "project_no": number,
                "site_no": site["site_no"],
                "name": site["name"] + verb + "项目",
                "started_on": entry["finished"] - timedelta(days=30 * months),
                "finished_on": entry["finished"],
                "beds_added": entry["beds"],
                "nursing_beds_added": entry["nursing"],
            }
        )
    return pl.DataFrame(rows)


def bed_frame(sites: pl.DataFrame, projects: pl.DataFrame, parameters: Parameters) -> pl.DataFrame:
    """One row per bed, also the day beds of day centres.

    Columns: bed_no, site_no, building, floor (1 is the ground floor), room_no, label (within the room), kind
    (ordinary, nursing, dementia, isolation, day, respite), opened_on, project_no (null: stood before 2021).
    """
    lots = sorted(_old_lots(sites, parameters) + _project_lots(projects), key=lambda lot: (lot[0], lot[3] or 0, lot[1]))
    rows: list[dict[str, Any]] = []
    rooms: dict[int, int] = {}
    for site_no, kind, count, project_no, opened_on in lots:
        capacity = _BEDS_PER_ROOM[kind]
        for at in range(count):
            if at % capacity == 0:
                rooms[site_no] = rooms.get(site_no, 0) + 1
            rows.append(_bed(site_no, kind, rooms[site_no], at % capacity + 1, project_no, opened_on))
    return pl.DataFrame(rows, infer_schema_length=None).with_row_index("bed_no", offset=1).cast({"bed_no": pl.Int64})


def _old_lots(sites: pl.DataFrame, parameters: Parameters) -> list[tuple[int, str, int, int | None, date]]:
    """(site, kind, beds, project, opened) of what stood before 2021, shared over the homes of a kind by county."""
    population = {county.code + "000000": county.population for county in parameters.counties}
    before = parameters.blocks["network"]["beds_before_2021"]
    lots: list[tuple[int, str, int, int | None, date]] = []
    for kind in HOME_KINDS:
        homes = sites.filter(pl.col("kind") == kind)
        siblings = dict(homes.group_by("county_code").len().iter_rows())
        weights = [population[code] / siblings[code] for code in homes["county_code"]]
        for home, beds in zip(
            homes.iter_rows(named=True), share_out(before.get(kind, 0), np.array(weights)), strict=True
        ):
            lots += [
                (home["site_no"], what, n, None, home["opened_on"]) for what, n in _mixture(int(beds), 0.12).items()
            ]
    for home in sites.filter(pl.col("kind") == "day_centre").iter_rows(named=True):
        lots.append((home["site_no"], "day", 10, None, home["opened_on"]))
    return lots


def _project_lots(projects: pl.DataFrame) -> list[tuple[int, str, int, int | None, date]]:
    lots: list[tuple[int, str, int, int | None, date]] = []
    for row in projects.iter_rows(named=True):
        other = row["beds_added"] - row["nursing_beds_added"]
        mixture = {**_mixture(other, 0.0), "nursing": row["nursing_beds_added"]}
        lots += [(row["site_no"], kind, n, row["project_no"], row["finished_on"]) for kind, n in mixture.items()]
    return lots


def _mixture(beds: int, nursing: float) -> dict[str, int]:
    """Beds by kind: one in 40 for isolation, one in 12 for dementia, one in 30 for respite."""
    counts = {"nursing": round(beds * nursing), "dementia": beds // 12, "isolation": beds // 40, "respite": beds // 30}
    return {"ordinary": beds - sum(counts.values()), **counts}


def _bed(site_no: int, kind: str, room: int, label: int, project_no: int | None, opened_on: date) -> dict[str, Any]:
    floor = (room - 1) // _FLOOR_ROOMS % _FLOORS + 1
    return {
        "site_no": site_no,
        "building": f"{(room - 1) // (_FLOOR_ROOMS * _FLOORS) + 1}号楼",
        "floor": floor,
        "room_no": f"{floor}{(room - 1) % _FLOOR_ROOMS + 1:02d}",
        "label": f"{label}床",
        "kind": kind,
        "opened_on": opened_on,
        "project_no": project_no,
    }
