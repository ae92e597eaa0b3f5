"""What a pack's files say about dated values, read into plain periods. Faults are named by file and key.

Shapes (YAML): `parameters: [{key, title {zh, en}, value, unit, valid_from, valid_to?, source, verified,
authority?, note?}]`;
`lists: [{key, title, source, valid_from, verified, basis?, note?, entries: [{code, zh, en, valid_from?, …}]}]`;
`{source, verified, days_off: [{day, zh, en}], working_weekends: [...]}`.
"""

import datetime as dt
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from yinling.kernel.errors import Refused
from yinling.reference.rules import Period, closed_in_turn

AUTHORITIES = ("document", "operator")


@dataclass(frozen=True)
class Title:
    """The caption of a code list."""

    key: str
    zh: str
    en: str
    source: str
    note: str


@dataclass(frozen=True)
class Special:
    """One special day of a file."""

    day: dt.date
    is_working: bool
    zh: str
    en: str
    source: str
    verified: bool


def parameter_periods(data: Mapping[str, Any], file: str) -> list[Period]:
    """The parameters of a file. Raises Refused naming the first that cannot be read."""
    return _checked([_read(_parameter, row, file) for row in data.get("parameters") or ()], file)


def _parameter(row: Mapping[str, Any]) -> Period:
    title = row.get("title") or {}
    content = {
        "value": as_json(row["value"]),
        "unit": row.get("unit", ""),
        "zh": title.get("zh", ""),
        "en": title.get("en", ""),
        "authority": row.get("authority", "document"),
    }
    if content["authority"] not in AUTHORITIES:
        raise TypeError(f"authority is {' or '.join(AUTHORITIES)}")
    if content["authority"] == "operator" and row.get("verified"):
        raise TypeError("the operator's own limit has no source to be verified against")
    return _period(row["key"], row, content)


def entry_periods(data: Mapping[str, Any], file: str) -> list[Period]:
    """The codes of a file's lists, keyed `list/code`. Raises Refused naming the first that cannot be read."""
    found: list[Period] = []
    for listed in data.get("lists") or ():
        for order, row in enumerate(listed.get("entries") or (), start=1):
            # An entry says only what differs from its list.
            found.append(_read(_entry, {"order": order} | _about(listed) | dict(row) | {"list": listed["key"]}, file))
    return _checked(found, file)


def _about(listed: Mapping[str, Any]) -> dict[str, Any]:
    return {name: listed[name] for name in ("source", "valid_from", "valid_to", "verified", "basis") if name in listed}


def _entry(row: Mapping[str, Any]) -> Period:
    known = {"list", "code", "zh", "en", "order", "source", "valid_from", "valid_to", "verified", "basis", "note"}
    content = {
        "zh": row["zh"], "en": row["en"], "order": row["order"],
        "data": {name: as_json(value) for name, value in row.items() if name not in known},
    }  # fmt: skip
    if not isinstance(row["code"], str):
        raise TypeError(f"code {row['code']!r} must be written as text, in quotes")
    return _period(f"{row['list']}/{row['code']}", row, content)


def _period(key: str, row: Mapping[str, Any], content: Mapping[str, Any]) -> Period:
    start, end = row["valid_from"], row.get("valid_to")
    if type(start) is not dt.date or (end is not None and type(end) is not dt.date):
        raise TypeError("valid_from and valid_to are dates such as 2025-01-01")
    note = "; ".join(filter(None, [row.get("basis", ""), row.get("note", "")]))
    return Period(key, start, end, content, row.get("source", ""), note, bool(row.get("verified", False)))


def list_titles(data: Mapping[str, Any]) -> list[Title]:
    """The captions of a file's lists."""
    return [
        Title(row["key"], row["title"]["zh"], row["title"]["en"], row.get("source", ""), row.get("note", ""))
        for row in data.get("lists") or ()
    ]


def special_days(data: Mapping[str, Any], file: str) -> list[Special]:
    """The special days of a file, in order. Raises Refused when one stands twice."""
    found = [
        _read(lambda row, worked=worked: _special(row, data, worked), row, file)
        for name, worked in (("days_off", False), ("working_weekends", True))
        for row in data.get(name) or ()
    ]
    days = [special.day for special in found]
    if repeated := sorted(day for day in set(days) if days.count(day) > 1):
        raise Refused("{file}: {key} stands there twice.", file=file, key=repeated[0])
    return sorted(found, key=lambda special: special.day)


def _special(row: Mapping[str, Any], data: Mapping[str, Any], worked: bool) -> Special:
    if type(row["day"]) is not dt.date:
        raise TypeError("day is a date such as 2025-01-01")
    verified = bool(row.get("verified", data.get("verified", False)))
    return Special(row["day"], worked, row["zh"], row["en"], data.get("source", ""), verified)


def _read(reader: Any, row: Mapping[str, Any], file: str) -> Any:
    try:
        return reader(row)
    except (KeyError, TypeError, AttributeError) as error:
        what = f"{error.args[0]} is missing" if isinstance(error, KeyError) else str(error)
        key = row.get("key") or row.get("code") or row.get("day") or "?"
        raise Refused("{file}: {key} cannot be read: {fault}.", file=file, key=key, fault=what) from None


def _checked(periods: Iterable[Period], file: str) -> list[Period]:
    try:
        return closed_in_turn(periods)
    except ValueError as error:
        raise Refused("{file}: {fault}.", file=file, fault=str(error)) from None


def as_json(value: Any) -> Any:
    """A YAML value as JSON keeps it: dates become ISO text."""
    return json.loads(json.dumps(value, default=str))
