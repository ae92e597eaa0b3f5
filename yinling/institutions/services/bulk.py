"""The bulk door: tens of thousands of rows in seconds, through the same constraints as everything else.

Rows are mappings whose keys are the columns of `yinling.city` (network.sites, bedding.bed_frame, stays.stay_frame,
staffing.staff_frame and licence_frame), e.g. `frame.iter_rows(named=True)`; numbers (site_no, bed_no, person_no)
refer to each other. What was recorded on paper at the time is loaded as known since then (`recorded_at` = happened).
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import models, transaction

from yinling.institutions.events import InstitutionsLoaded
from yinling.institutions.models import (
    Bed,
    BedState,
    BedUse,
    Building,
    Certificate,
    Floor,
    Institution,
    Licence,
    Room,
    Staff,
    Stay,
)  # fmt: skip
from yinling.institutions.models.rooms import USABLE
from yinling.institutions.models.sites import staff_where
from yinling.institutions.permissions import Institutions
from yinling.institutions.services.staffing import DOCUMENT
from yinling.kernel.actors import Actor, require
from yinling.kernel.changes import record
from yinling.kernel.clock import CITY_ZONE, now
from yinling.kernel.crypto import blind, seal
from yinling.kernel.database import bulk_insert, reserve_ids
from yinling.kernel.names import initials
from yinling.kernel.uids import new_uid
from yinling.people.services.whereabouts import Known, load_whereabouts

Row = Mapping[str, Any]
LEAVES, ARRIVES, LEAVES_AGAIN = dt.time(10), dt.time(14), dt.time(18)  # in the city: a bed changes hands at noon
SEXES = {1: "1", 2: "2", "1": "1", "2": "2"}


@dataclass
class Loaded:
    """Primary keys and uids by the rows' numbers, and how many rows each table got."""

    institutions: dict[int, int] = field(default_factory=dict)
    institution_uids: dict[int, UUID] = field(default_factory=dict)
    beds: dict[int, int] = field(default_factory=dict)
    rows: dict[str, int] = field(default_factory=dict)


def bulk_load(
    *,
    by: Actor,
    sites: Iterable[Row] = (),
    beds: Iterable[Row] = (),
    stays: Iterable[Row] = (),
    staff: Iterable[Row] = (),
    licences: Iterable[Row] = (),
    organisation_ids: Mapping[int, int] | None = None,
    person_ids: Mapping[int, int] | None = None,
) -> Loaded:
    """Load a network. `organisation_ids`: org_no -> primary key; `person_ids`: person_no -> primary key.

    Stays of persons that are not in `person_ids`, and staff without a site, are left out. One transaction per table.
    """
    require(by, Institutions.IMPORT)
    loaded, at = Loaded(), now()
    _load_sites(list(sites), organisation_ids or {}, loaded, at)
    _load_beds(list(beds), loaded)
    _load_stays([row for row in stays if row["person_no"] in (person_ids or {})], person_ids or {}, loaded)
    _load_staff([row for row in staff if row["site_no"] in loaded.institutions], loaded, at)
    _load_licences([row for row in licences if row["site_no"] in loaded.institutions], loaded, at)
    with transaction.atomic():
        record(InstitutionsLoaded(new_uid(), rows=dict(loaded.rows)), by=by)
    return loaded


def _write(
    model: type[models.Model], columns: Sequence[str], rows: Sequence[Sequence[Any]], loaded: Loaded
) -> list[int]:
    """Insert rows (without id) under fresh keys, which are returned in order."""
    with transaction.atomic():
        keys = reserve_ids(model, len(rows))
        bulk_insert(model, ("id", *columns), ((key, *row) for key, row in zip(keys, rows, strict=True)))
    loaded.rows[model._meta.db_table] = loaded.rows.get(model._meta.db_table, 0) + len(rows)
    return keys


def _instant(day: dt.date | None, time: dt.time) -> dt.datetime | None:
    return dt.datetime.combine(day, time, CITY_ZONE).astimezone(dt.UTC) if day else None


SITE_COLUMNS = (
    "uid", "organisation_id", "operator_id", "kind", "operator_model", "filing_number", "level", "name", "initials",
    "place_key", "address", "phone", "longitude", "latitude", "area_m2", "floor_area_m2", "fees", "kitchen", "fire",
    "has_lift", "services", "mutual_aid_model", "combination", "has_canteen_plaque", "medical_kind", "opened_on",
    "closed_on", "created_at",
)  # fmt: skip


def _load_sites(rows: list[Row], organisations: Mapping[int, int], loaded: Loaded, at: dt.datetime) -> None:
    values = [_site(row, organisations, at) for row in rows]
    for row, key, value in zip(rows, _write(Institution, SITE_COLUMNS, values, loaded), values, strict=True):
        loaded.institutions[row["site_no"]] = key
        loaded.institution_uids[row["site_no"]] = value[0]


def _site(row: Row, organisations: Mapping[int, int], at: dt.datetime) -> tuple[Any, ...]:
    fees = {"low_fen": row["fee_low_fen"], "high_fen": row["fee_high_fen"]} if row.get("fee_low_fen") else {}
    kitchen = "own" if row.get("has_kitchen") else "none"
    return (
        new_uid(), organisations.get(row.get("org_no") or 0), organisations.get(row.get("operator_org_no") or 0),
        row["kind"], row.get("operator_model") or "", row.get("filing_number"), row.get("level"), row["name"],
        initials(row["name"], is_person=False)[0][:120], int(row["village_code"]), row.get("address") or "",
        row.get("phone") or "", row.get("lon"), row.get("lat"), row.get("area_m2"), row.get("floor_area_m2"), fees,
        row.get("kitchen") or kitchen, row.get("fire") or "", bool(row.get("has_lift")), row.get("services") or [],
        row.get("mutual_aid_model") or "", row.get("combination") or "", bool(row.get("has_canteen_plaque")),
        "own" if row.get("has_medical_unit") else "", row.get("opened_on"), row.get("closed_on"), at,
    )  # fmt: skip


def _load_beds(rows: list[Row], loaded: Loaded) -> None:
    rows = [row for row in rows if row["site_no"] in loaded.institutions]
    home = loaded.institutions
    houses = list(dict.fromkeys((home[row["site_no"]], row["building"]) for row in rows))
    house_keys = dict(zip(houses, _write(Building, ("institution_id", "name"), houses, loaded), strict=True))
    floors = list(dict.fromkeys((house_keys[home[row["site_no"]], row["building"]], row["floor"]) for row in rows))
    floor_keys = dict(zip(floors, _write(Floor, ("building_id", "number"), floors, loaded), strict=True))
    of_row = [
        (floor_keys[house_keys[home[row["site_no"]], row["building"]], row["floor"]], row["room_no"]) for row in rows
    ]
    rooms = list(dict.fromkeys(of_row))
    room_keys = dict(zip(rooms, _write(Room, ("floor_id", "number"), rooms, loaded), strict=True))
    values = [
        (new_uid(), home[row["site_no"]], room_keys[room], row["label"], row["kind"])
        for row, room in zip(rows, of_row, strict=True)
    ]
    keys = _write(Bed, ("uid", "institution_id", "room_id", "label", "kind"), values, loaded)
    loaded.beds.update({row["bed_no"]: key for row, key in zip(rows, keys, strict=True)})
    states = [
        (key, row.get("state") or USABLE, "", row["opened_on"], None, _instant(row["opened_on"], ARRIVES), None)
        for row, key in zip(rows, keys, strict=True)
    ]
    columns = ("bed_id", "state", "reason", "valid_from", "valid_to", "recorded_at", "superseded_at")
    _write(BedState, columns, states, loaded)


STAY_COLUMNS = (
    "uid", "number", "person_id", "institution_id", "application_id", "came_from_id", "admitted_at", "left_at",
    "leaving_reason", "level", "fee_fen", "agreement_number", "agreement_file_uid", "recorded_at", "voided_at",
    "void_reason",
)  # fmt: skip
USE_COLUMNS = (
    "bed_id", "kind", "stay_id", "application_id", "valid_from", "valid_to", "recorded_at", "ended_at",
    "superseded_at", "corrects_id",
)  # fmt: skip


def _load_stays(rows: list[Row], persons: Mapping[int, int], loaded: Loaded) -> None:
    counts: dict[str, int] = defaultdict(int)
    values, uses, whereabouts = [], [], list[Known]()
    for row in rows:
        leaves = LEAVES_AGAIN if row["left_on"] == row["admitted_on"] else LEAVES
        begins, ends = _instant(row["admitted_on"], ARRIVES), _instant(row["left_on"], leaves)
        series = f"RZ{str(row.get('county_code') or '')[:6]}-{row['admitted_on'].year}"
        counts[series] += 1
        uid, person = new_uid(), persons[row["person_no"]]
        reason = (row["leaving_reason"] or "other") if ends else ""
        values.append(
            (
                uid, f"{series}-L{counts[series]:05d}", person, loaded.institutions[row["site_no"]], None, None,
                begins, ends, reason, row.get("level"), row.get("fee_fen") or 0, "", None, begins, None, "",
            )
        )  # fmt: skip
        uses.append([loaded.beds[row["bed_no"]], BedUse.OCCUPIED, 0, None, begins, ends, begins, ends, None, None])
        if ends is None:
            assert begins is not None
            whereabouts.append(Known(person, "stay", begins, "stay", uid))
    for use, key in zip(uses, _write(Stay, STAY_COLUMNS, values, loaded), strict=True):
        use[2] = key
    _write(BedUse, USE_COLUMNS, uses, loaded)
    loaded.rows["people_whereabouts"] = load_whereabouts(rows=whereabouts)


STAFF_COLUMNS = (
    "uid", "institution_id", "user_id", "name", "sex", "post", "document_sealed", "document_index", "phone_sealed",
    "hired_on", "left_on", "recorded_at",
)  # fmt: skip
CERTIFICATE_COLUMNS = (
    "uid",
    "staff_id",
    "kind",
    "number",
    "grade",
    "issued_on",
    "expires_on",
    "recorded_at",
    "superseded_at",
)


def _load_staff(rows: list[Row], loaded: Loaded, at: dt.datetime) -> None:
    values = []
    for row in rows:
        uid = new_uid()
        document = row.get("id_number") or ""
        values.append(
            (
                uid, loaded.institutions[row["site_no"]], row.get("user_id"), row["name"], SEXES.get(row["sex"], "0"),
                row["role"], seal(document, staff_where("document", uid)), blind(DOCUMENT, document),
                seal(row.get("phone") or "", staff_where("phone", uid)), row.get("hired_on"), None, at,
            )
        )  # fmt: skip
    papers = []
    for row, key in zip(rows, _write(Staff, STAFF_COLUMNS, values, loaded), strict=True):
        if row.get("certificate"):
            papers.append(
                (
                    new_uid(), key, row["certificate"], row["certificate_number"] or "", row["certificate_level"],
                    row["certified_on"], row["certificate_expires_on"], at, None,
                )
            )  # fmt: skip
        if row.get("health_certificate_expires_on"):
            papers.append((new_uid(), key, "health", "", None, None, row["health_certificate_expires_on"], at, None))
    _write(Certificate, CERTIFICATE_COLUMNS, papers, loaded)


def _load_licences(rows: list[Row], loaded: Loaded, at: dt.datetime) -> None:
    columns = (
        "uid",
        "institution_id",
        "kind",
        "number",
        "issued_on",
        "expires_on",
        "file_uid",
        "recorded_at",
        "superseded_at",
    )
    values = [
        (
            new_uid(), loaded.institutions[row["site_no"]], row["kind"], row["number"], row["issued_on"],
            row["expires_on"], None, at, None,
        )
        for row in rows
    ]  # fmt: skip
    _write(Licence, columns, values, loaded)
