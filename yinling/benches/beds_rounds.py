"""A child of the bench `beds`: obeys lines on its input and answers each with one JSON line.

`python -m yinling.benches.beds_rounds prepare` migrates an empty database and makes a home of 10 beds and 50 persons
on its waiting list. `... serve FIRST COUNT` then knows the lines `go` (its share of the 50 persons is admitted at the
same instant, a thread each) and `reset` (everybody leaves and waits again; what the round left behind is counted).
"""

import json
import sys
import threading
import time
from collections import Counter

import django
from django.core.management import call_command
from django.db import connection

django.setup()

from yinling.institutions import services  # noqa: E402  models need the settings first
from yinling.institutions.models import Application, BedUse, Institution, Stay  # noqa: E402
from yinling.institutions.services import BedLot, Facts  # noqa: E402
from yinling.kernel.actors import System  # noqa: E402
from yinling.kernel.clock import now  # noqa: E402
from yinling.kernel.errors import Refused  # noqa: E402
from yinling.people.models import Person  # noqa: E402
from yinling.places.models import Level, Place, PlaceVersion  # noqa: E402

PERSONS, BEDS = 50, 10
PLACE = 431224100001
BENCH = System("bench")
OVERLAPS = """
SELECT COUNT(*) FROM institutions_beduse a JOIN institutions_beduse b ON a.bed_id = b.bed_id AND a.id < b.id
WHERE a.superseded_at IS NULL AND b.superseded_at IS NULL
AND (b.valid_to IS NULL OR a.valid_from < b.valid_to) AND (a.valid_to IS NULL OR b.valid_from < a.valid_to)
"""


def prepare() -> dict[str, int]:
    """An empty home of 10 beds, and 50 persons who wait for it."""
    call_command("migrate", verbosity=0)
    place = Place.objects.create(key=PLACE, code=str(PLACE), name="桔花园社区", level=Level.VILLAGE)
    PlaceVersion.objects.create(place=place, code=place.code, name=place.name, valid_from="2020-01-01")
    facts = Facts(name="卢峰镇敬老院", kind="home", operator_model="private")
    home = services.register_institution(place_key=PLACE, facts=facts, by=BENCH)
    services.add_beds(uid=home.uid, lots=[BedLot("1号楼", 1, f"1{n:02d}", "1床") for n in range(BEDS)], by=BENCH)
    persons = [Person(name=f"舒禾{n}", name_key=f"舒禾{n}", place_key=PLACE) for n in range(PERSONS)]
    Person.objects.bulk_create(persons)
    for person in Person.objects.order_by("id"):
        _wait(person, home)
    return {"persons": PERSONS}


def _wait(person: Person, home: Institution) -> None:
    number = f"{person.pk}-{time.time_ns()}"
    Application.objects.create(person=person, institution=home, number=number, state="waiting", decided_at=now())


def go(first: int, count: int) -> dict[str, object]:
    """A share of the persons asks for a bed at the same instant, a thread each."""
    persons = list(Person.objects.order_by("id").values_list("id", flat=True)[first : first + count])
    mine = list(Application.objects.filter(state="waiting", person__in=persons).values_list("uid", flat=True))
    start, counts, waits = threading.Barrier(len(mine)), Counter[str](), []

    def ask(uid: object) -> None:
        start.wait()
        began = time.perf_counter()
        try:
            services.admit(application_uid=uid, by=BENCH)
            counts["admitted"] += 1
        except Refused as refusal:
            counts["refused" if "No usable bed" in str(refusal) else "unclear"] += 1
        except Exception as error:  # noqa: BLE001  whatever else happens is a fault of the round, and shown
            counts[f"crashed: {type(error).__name__}"] += 1
        waits.append((time.perf_counter() - began) * 1000)
        connection.close()

    threads = [threading.Thread(target=ask, args=(uid,)) for uid in mine]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return {"counts": dict(counts), "waits": waits}


def reset() -> dict[str, int]:
    """Count what the round left behind, then have everybody leave and wait again."""
    held = BedUse.objects.open()
    found = {"open_uses": held.count(), "beds": held.values("bed").distinct().count()}
    found["stays"] = Stay.objects.present().count()
    home = Institution.objects.get()
    for stay in Stay.objects.present().select_related("person"):
        services.discharge(stay_uid=stay.uid, reason="home", by=BENCH)
        _wait(stay.person, home)
    return found


def prove() -> dict[str, int]:
    """How many pairs of bed uses overlap, over everything that happened."""
    with connection.cursor() as cursor:
        cursor.execute(OVERLAPS)
        return {"overlaps": cursor.fetchone()[0], "uses": BedUse.objects.count()}


def serve(first: int, count: int) -> None:
    """Obey lines until the input ends."""
    verbs = {"go": lambda: go(first, count), "reset": reset, "prove": prove}
    for line in sys.stdin:
        print(json.dumps(verbs[line.strip()]()), flush=True)


if __name__ == "__main__":
    if sys.argv[1] == "prepare":
        print(json.dumps(prepare()))
    else:
        serve(int(sys.argv[2]), int(sys.argv[3]))
