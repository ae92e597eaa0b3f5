"""Builders with words: `an_entry(name="张秀英")`, `a_person(by=clerk)`. IDs are valid in form, unassigned (99)."""

import datetime as dt
from itertools import count
from pathlib import Path
from typing import Any

import yaml

from yinling.engines.codes.resident_id import check_character
from yinling.kernel.actors import Actor, System
from yinling.people.models import Person
from yinling.people.rules import Entry
from yinling.people.services import register_person
from yinling.places.models import Place
from yinling.reference.services import load_code_lists

LISTS = Path(__file__).parents[2] / "packs" / "national" / "codelists.yaml"
TODAY = dt.date(2026, 11, 23)
LUFENG, HECHENG_TOWN = 431224100000, 431202001000
_serial = count(1)


def a_village(township: int = LUFENG, place: int = 0) -> int:
    """The key of a village of a township."""
    return int(Place.objects.filter(parent_id=township).order_by("key").values_list("key", flat=True)[place])


def a_number(born: dt.date = dt.date(1942, 3, 5), *, woman: bool = True) -> str:
    """A fresh resident ID of that birth date and sex."""
    serial = next(_serial) * 2 + (0 if woman else 1)
    first_17 = f"990101{born:%Y%m%d}{serial % 1000:03d}"
    return first_17 + check_character(first_17)


def an_entry(**changes: Any) -> Entry:
    """A woman of 84 in Lufeng, unless said otherwise."""
    born = changes.pop("born", dt.date(1942, 3, 5))
    facts: dict[str, Any] = {
        "name": "舒桂香", "place_key": a_village(), "document_number": a_number(born), "phone": "13900000417",
        "address": "3组12号",
    }  # fmt: skip
    return Entry(**{**facts, **changes})


def load_lists() -> None:
    """Load the code lists that the forms of the register choose from."""
    whole = yaml.safe_load(LISTS.read_text("utf-8"))
    load_code_lists(whole, file="codelists.yaml", pack="national", layer=0, by=System("test"))


def a_person(*, by: Actor, **changes: Any) -> Person:
    """A registered person."""
    return register_person(entry=an_entry(**changes), by=by, is_new_for_sure=True)
