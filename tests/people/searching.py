"""A child of `test_search_on_both_databases`: people in villages, asked the same questions; prints who was found."""

import json
import random
import sys

import django
from django.conf import settings
from django.core.management import call_command

django.setup()

from yinling.kernel.actors import System  # noqa: E402  models need the settings first
from yinling.people.models import Person  # noqa: E402
from yinling.people.queries import Filters, find_persons  # noqa: E402
from yinling.people.rules import Entry  # noqa: E402
from yinling.people.services import register_person  # noqa: E402
from yinling.places.models import Place  # noqa: E402
from yinling.places.services import load_divisions  # noqa: E402

BY = System("test")
PERSONS = 300
CITY, COUNTY, TOWNSHIP = 431200000000, 431224000000, 431224100000
QUESTIONS = [
    Filters(text=text, place_key=place, sex=sex)
    for text in ("", "桂", "桂香", "舒桂香", "香桂", "sgx", "shugui")
    for place in (0, CITY, COUNTY, TOWNSHIP, TOWNSHIP + 1)
    for sex in ("", "2")
]


def main() -> None:
    """Make the people, ask, print one JSON line."""
    call_command("migrate", verbosity=0)
    load_divisions(settings.PACKS_DIR / settings.CITY_PACK / "divisions.csv", by=BY)
    villages = list(Place.objects.filter(level="village").order_by("key").values_list("key", flat=True))
    chance = random.Random(4312)
    near = [key for key in villages if key // 10**6 == COUNTY // 10**6][:60]
    for number in range(PERSONS):
        name = chance.choice("舒张桂") + "".join(chance.choices("桂香英香", k=chance.choice((1, 2))))
        place = chance.choice(near if number % 2 else villages)
        entry = Entry(name=name, place_key=place, sex=chance.choice("12"))
        register_person(entry=entry, by=BY, source="test", is_new_for_sure=True)
    found = [[p.name for p in find_persons(question, by=BY).persons] for question in QUESTIONS]
    print(json.dumps({"persons": Person.objects.count(), "found": found}))


if __name__ == "__main__":
    sys.exit(main())
