"""One process of the bench `contention`: registers persons through the service, or reads lists and files."""

import json
import random
import sys
import time
from collections.abc import Callable

import django
from django.db import OperationalError

django.setup()

from django.core.management import call_command  # noqa: E402  Django must be set up first

from yinling.benches.contention import divisions  # noqa: E402
from yinling.kernel.actors import System  # noqa: E402
from yinling.kernel.names import name_readings  # noqa: E402
from yinling.people.models import Person  # noqa: E402
from yinling.people.queries import Filters, find_persons  # noqa: E402
from yinling.people.rules import Entry  # noqa: E402
from yinling.people.services import register_person  # noqa: E402
from yinling.places.models import Place  # noqa: E402
from yinling.places.services import load_divisions  # noqa: E402

BENCH = System("bench")
SURNAMES, GIVEN = "杨吴张向舒覃滕龙石李", "秀英桂兰玉珍金莲菊香"
STARTING_PERSONS = 500


def prepare() -> None:
    """An empty database with divisions and a few persons to read."""
    call_command("migrate", verbosity=0)
    load_divisions(divisions(), by=BENCH)
    chance = random.Random(0)
    for _ in range(STARTING_PERSONS):
        _register(chance)
    Person.objects.update(source="start")


def _register(chance: random.Random) -> None:
    name = chance.choice(SURNAMES) + chance.choice(GIVEN) + chance.choice(GIVEN)
    village = chance.choice(_villages())
    register_person(entry=Entry(name=name, place_key=village), by=BENCH, source="bench", is_new_for_sure=True)


def _villages() -> list[int]:
    if not _keys:
        _keys.extend(Place.objects.filter(level="village").values_list("key", flat=True))
    return _keys


_keys: list[int] = []


def write(number: int, seconds: float) -> None:
    """Register persons until the time is over."""
    chance = random.Random(number)
    _villages()
    name_readings("舒桂香")
    _wait_for_the_start()
    _measure(lambda: _register(chance), seconds)


def read(number: int, seconds: float) -> None:
    """Open lists by part of a name until the time is over."""
    chance = random.Random(1000 + number)
    find_persons(Filters(text="桂"), by=BENCH)
    _wait_for_the_start()
    _measure(lambda: find_persons(Filters(text=chance.choice(GIVEN)), by=BENCH), seconds)


def _wait_for_the_start() -> None:
    """Say that everything is loaded, and wait until all others have said so too."""
    print("ready", flush=True)
    sys.stdin.readline()


def _measure(act: Callable[[], object], seconds: float) -> None:
    end, taken, errors = time.monotonic() + seconds, [], []
    while (began := time.monotonic()) < end:
        try:
            act()
        except OperationalError as error:
            errors.append(str(error))
        else:
            taken.append(round((time.monotonic() - began) * 1000, 3))
    print(json.dumps({"ms": taken, "errors": errors}))


def main() -> None:
    """prepare | count | write N SECONDS | read N SECONDS."""
    words = sys.argv[1:]
    if words[0] == "prepare":
        prepare()
    elif words[0] == "count":
        print(Person.objects.filter(source="bench").count())
    else:
        {"write": write, "read": read}[words[0]](int(words[1]), float(words[2]))


if __name__ == "__main__":
    main()
