"""A child of the bench `due-visits`: fills a light register, then runs nights on it.

`python -m yinling.benches._due_visits_nights ELDERS`; ends with one JSON line.
"""

import datetime as dt
import json
import random
import sys
import time
from collections.abc import Iterator
from typing import Any

import django
from django.core.management import call_command
from django.db import transaction

django.setup()

from yinling.assessments.models import Assessment, Instrument, Level  # noqa: E402  models need the settings first
from yinling.assessments.rules import ABILITY  # noqa: E402
from yinling.care.models import VisitRules  # noqa: E402
from yinling.care.services import doubts, due  # noqa: E402
from yinling.kernel.actors import System  # noqa: E402
from yinling.kernel.clock import civil_date, now  # noqa: E402
from yinling.kernel.database import bulk_insert, reserve_ids  # noqa: E402
from yinling.kernel.uids import new_uid  # noqa: E402
from yinling.packs.services import load_all  # noqa: E402
from yinling.people.models import Category, Person, Whereabouts  # noqa: E402
from yinling.places.models import Level as PlaceLevel  # noqa: E402
from yinling.places.queries import tree  # noqa: E402

BY, SEED, BATCH = System("bench"), 4312, 20_000
SHARES = {  # of elders; the first is the share of the county lists in the city's own figures
    "special_difficulty": 0.047, "living_alone": 0.10, "empty_nest": 0.22, "left_behind": 0.05, "disabled": 0.06,
    "special_family_planning": 0.004, "low_income": 0.05, "destitute": 0.02, "dementia": 0.01,
}  # fmt: skip
ASSESSED, AWAY = 0.15, 0.02


def main(elders: int) -> None:
    """Fill, then two nights by the city's rules and two by the nation's."""
    call_command("migrate", verbosity=0)
    load_all(BY)
    _fill(elders)
    nights = [_night("first night, rules of the city"), _night("second night, rules of the city")]
    VisitRules.objects.exclude(pack="national").update(superseded_at=now())
    nights += [_night("first night, rules of the nation"), _night("second night, rules of the nation")]
    print(json.dumps(nights, ensure_ascii=False))


def _night(what: str) -> dict[str, Any]:
    """Everything that the nightly jobs `care.due` and `care.doubts` do."""
    begun = time.perf_counter()
    done = due.open_due_visits(on=civil_date(), by=BY)
    due.ask_about_overdue(on=civil_date(), by=BY)
    doubts.look_at_night(on=civil_date())
    return {"what": what, "seconds": round(time.perf_counter() - begun, 2), "opened": done.opened}


def _fill(elders: int) -> None:
    """Persons over all villages, the same in every run."""
    dice, places = random.Random(SEED), tree()
    villages = [key for key, one in places.divisions.items() if one.level == PlaceLevel.VILLAGE]
    columns = (
        "id", "uid", "name", "name_key", "sex", "birth_date", "birth_precision", "birth_is_lunar", "birth_is_uncertain",
        "ethnic_group", "marital_state", "education", "living_arrangement", "document_kind", "document_sealed",
        "document_index", "phone_sealed", "phone_index", "address_sealed", "place_key", "life_status", "flags",
        "source", "created_at", "updated_at",
    )  # fmt: skip
    with transaction.atomic():
        ids = reserve_ids(Person, elders)
    at, today = now(), civil_date()

    def persons() -> Iterator[tuple[Any, ...]]:
        for number in ids:
            born = today - dt.timedelta(days=60 * 365 + int(dice.expovariate(1 / 12) * 365))
            yield (number, new_uid(), "舒", "舒", "2", born, "day", False, False, "", "", "", "", "", b"", b"", b"",
                   b"", b"", dice.choice(villages), "alive", [], "bench", at, at)  # fmt: skip

    _write(Person, columns, persons())
    since = today - dt.timedelta(days=900)
    held = ((pk, name, str(dice.randint(1, 4)) if name == "disabled" else "", "bench", since, at)
            for name, share in SHARES.items() for pk in ids if dice.random() < share)  # fmt: skip
    _write(Category, ("person_id", "category", "grade", "source", "valid_from", "recorded_at"), held)
    assessment = Assessment.objects.create(
        number="bench", person_id=ids[0], instrument=Instrument.objects.get(key=ABILITY), place_key=villages[0],
        reason="first",
    )  # fmt: skip
    levels = ((pk, ABILITY, dice.choice((0, 0, 1, 1, 2, 3, 4)), assessment.pk, villages[0], since, at)
              for pk in ids if dice.random() < ASSESSED)  # fmt: skip
    _write(
        Level, ("person_id", "scale", "level", "assessment_id", "place_key", "valid_from", "recorded_at"), levels
    )  # fmt: skip
    away = ((pk, dice.choice(("stay", "hospital", "away")), "", at, at) for pk in ids if dice.random() < AWAY)
    _write(Whereabouts, ("person_id", "kind", "origin_kind", "valid_from", "recorded_at"), away)


def _write(model: Any, columns: tuple[str, ...], rows: Iterator[tuple[Any, ...]]) -> None:
    part: list[tuple[Any, ...]] = []
    for row in rows:
        part.append(row)
        if len(part) == BATCH:
            _save(model, columns, part)
            part = []
    _save(model, columns, part)


def _save(model: Any, columns: tuple[str, ...], part: list[tuple[Any, ...]]) -> None:
    with transaction.atomic():
        bulk_insert(model, columns, part)


if __name__ == "__main__":
    main(int(sys.argv[1]))
