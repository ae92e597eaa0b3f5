"""Children of the bench `sync`: `prepare PHONES VISITS` fills an empty database with visitors, sessions of users and
visits that are due; `count` says what arrived and whether it agrees.
"""

import datetime as dt
import json
import sys

import django
from django.core.management import call_command

django.setup()

from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY  # noqa: E402

from yinling.accounts.models import Assignment, User  # noqa: E402  models need the settings first
from yinling.accounts.sessions import SessionStore  # noqa: E402
from yinling.benches.contention import divisions  # noqa: E402
from yinling.care.models import Proof, Visit, Visitor  # noqa: E402
from yinling.kernel.actors import System  # noqa: E402
from yinling.kernel.clock import civil_date, now  # noqa: E402
from yinling.packs.folders import read_yaml  # noqa: E402
from yinling.people.models import Consent, Grant, Person  # noqa: E402
from yinling.places.models import Level, Place, PlaceVersion  # noqa: E402
from yinling.reference.services import load_code_lists, load_parameters  # noqa: E402
from yinling.sync.models import Command  # noqa: E402

BENCH, PLACE, BATCH = System("bench"), 431224100001, 500
DAY = dt.timedelta(days=1)


def prepare(phones: int, visits: int) -> dict[str, object]:
    """Users with sessions, visitors, persons with consent to photographs, visits due today."""
    call_command("migrate", verbosity=0)
    place = Place.objects.create(key=PLACE, code=str(PLACE), name="桔花园社区", level=Level.VILLAGE)
    PlaceVersion.objects.create(place=place, code=place.code, name=place.name, valid_from="2020-01-01")
    _lists()
    users = _users(phones)
    visitors = [
        Visitor(user=one, name=one.name, kind="volunteer", place_key=PLACE, begins_on="2020-01-01") for one in users
    ]
    Visitor.objects.bulk_create(visitors, BATCH)
    _visits(list(Visitor.objects.select_related("user").order_by("id")), visits)
    return {"cookies": [_session(one) for one in users]}


def _lists() -> None:
    folder = divisions().parents[1] / "national"
    whole = read_yaml(folder / "codelists.yaml", "codelists.yaml")
    load_code_lists(whole, file="codelists.yaml", pack="national", layer=0, by=BENCH)
    stated = read_yaml(folder / "parameters.yaml", "parameters.yaml")["parameters"]
    mine = {"parameters": [row for row in stated if row["key"].startswith("visit.")]}
    load_parameters(mine, file="parameters.yaml", pack="national", layer=0, by=BENCH)


def _users(count: int) -> list[User]:
    no_log_in = "!"
    made = [User(username=f"v{n}", name=f"向{n}", place_key=PLACE, password=no_log_in) for n in range(count)]
    User.objects.bulk_create(made, BATCH)
    held = list(User.objects.order_by("id"))
    role = {"role": "volunteer", "place_id": PLACE, "valid_from": dt.date(2020, 1, 1)}
    Assignment.objects.bulk_create([Assignment(user=one, **role) for one in held], BATCH)
    return held


def _visits(visitors: list[Visitor], each: int) -> None:
    today, until = civil_date(), now() + 400 * DAY
    for visitor in visitors:
        who = [
            Person(name=f"舒禾{visitor.pk}", name_key="舒禾", sex="2", place_key=PLACE, birth_date=dt.date(1940, 5, 1),
                   longitude=110.6 + n / 1000, latitude=27.9) for n in range(each)
        ]  # fmt: skip
        Person.objects.bulk_create(who)
        assert visitor.user is not None
        grant = {"grantee_uid": visitor.user.uid, "ground": "visit", "until": until}
        Grant.objects.bulk_create([Grant(person=one, **grant) for one in who])
        consent = {"purpose": "photo", "items": ["photo"], "recipient": "民政", "method": "sign", "given_by": "本人",
                   "valid_from": today - 30 * DAY}  # fmt: skip
        Consent.objects.bulk_create([Consent(person=one, **consent) for one in who])
        due = {"visitor": visitor, "rule": "regular", "opens_on": today - DAY, "due_on": today}
        Visit.objects.bulk_create([Visit(person=one, key=f"regular:{one.pk}", **due) for one in who])


def _session(user: User) -> str:
    held = SessionStore()
    held[SESSION_KEY] = str(user.pk)
    held[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    held[HASH_SESSION_KEY] = user.get_session_auth_hash()
    held["seen"] = int(now().timestamp())
    held.set_expiry(24 * 3600)
    held.create()
    return str(held.session_key)


def count() -> dict[str, int]:
    """What is there: visits made, photographs, commands, and those that were refused."""
    return {
        "visits": Visit.objects.filter(state="done", source="app").count(), "photos": Proof.objects.count(),
        "commands": Command.objects.count(), "refused": Command.objects.filter(outcome="refused").count(),
        "visits_in_all": Visit.objects.count(),
    }  # fmt: skip


if __name__ == "__main__":
    verb, *numbers = sys.argv[1:]
    print(json.dumps(prepare(*map(int, numbers)) if verb == "prepare" else count()))
