"""Inside the place of a bench: `prepare GATEWAYS DEVICES [RULES PROFILE ...]` fills it, `alerts` prints what came."""

import json
import os
import sys
from collections.abc import Sequence

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yinling.config.settings")
django.setup()

import yaml  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.test import Client  # noqa: E402

from yinling.accounts.models import Assignment, User  # noqa: E402
from yinling.devices.models import Device  # noqa: E402
from yinling.devices.services import Standing, load_devices, rotate_token  # noqa: E402
from yinling.kernel.actors import System  # noqa: E402
from yinling.kernel.clock import now  # noqa: E402
from yinling.kernel.models import Job  # noqa: E402
from yinling.messages.models import Message  # noqa: E402
from yinling.packs.services import load_all  # noqa: E402
from yinling.people.models import Household, Person  # noqa: E402
from yinling.places.queries import tree  # noqa: E402
from yinling.supervision.models import Alert, Rule  # noqa: E402
from yinling.supervision.services import load_rules  # noqa: E402

BY = System("bench")
USER, PASSWORD = "bench", "correct horse battery"
RULES = """
rules:
- {key: bench.smoke, version: 1, title: {zh: 烟雾, en: Smoke}, family: smoke, scope: device, never_suppressed: true,
   source: bench, verified: false, levels: {red: {raise: {metric: smoke, at_least: 1}}}}
- {key: bench.gas, version: 1, title: {zh: 燃气, en: Gas}, family: kitchen, scope: device, source: bench,
   verified: false, levels: {yellow: {raise: {metric: gas, above: 20, times: 3}, clear: {below: 15, times: 2}},
            orange: {raise: {metric: gas, above: 50, times: 3}, clear: {below: 45}}}}
- {key: bench.door, version: 1, title: {zh: 门, en: Door}, family: night, scope: household, source: bench,
   verified: false, levels: {yellow: {raise: {metric: door_open, equals: 1, for: 4s}}}}
- {key: bench.silent, version: 1, title: {zh: 失联, en: Silent}, family: no_data, scope: device, source: bench,
   verified: false, levels: {blue: {raise: {metric: gas, silent: 8s}}}}
"""
PROFILES = ("smoke_detector", "gas_detector", "door_sensor")


def prepare(gateways: int, each: int, rules: str = RULES, profiles: Sequence[str] = PROFILES) -> None:
    """Packs, rules of the bench alone, gateways in homes with devices of some kinds in turn."""
    call_command("migrate", verbosity=0)
    load_all(BY)
    place = max(tree().divisions)
    rows: list[Standing] = []
    for number in range(gateways):
        household = Household.objects.create(place_key=place)
        person = Person.objects.create(name=f"测{number}", name_key=f"ce{number}", place_key=place, household=household)
        first = len(rows)
        for at in range(each + 1):
            profile = "gateway" if at == 0 else profiles[(at - 1) % len(profiles)]
            rows.append(
                Standing(
                    profile=profile, maker="BENCH", serial=f"B{number}-{at}", place_key=place, placed_at=now(),
                    spot="living_room", person_id=person.pk, household_id=household.pk, gateway=first if at else None,
                )
            )  # fmt: skip
    numbers = load_devices(rows, by=BY)
    _only_bench_rules(rules)
    said = []
    for number in range(gateways):
        own = numbers[number * (each + 1) : (number + 1) * (each + 1)]
        token = rotate_token(uid=Device.objects.get(number=own[0]).uid, by=BY).token
        said.append({"token": token, "gateway": own[0], "devices": own[1:]})
    _somebody_to_tell(place)
    print(json.dumps(said))


def _somebody_to_tell(place: int) -> None:
    """One user who may see the board there, and whom every alert reaches."""
    user = User.objects.create_user(USER, PASSWORD, name="测", place_key=place)
    Assignment.objects.create(user=user, role="village_visitor", place_id=place, valid_from=now().date())


def _only_bench_rules(rules: str) -> None:
    Rule.objects.update(superseded_at=now())
    load_rules(yaml.safe_load(rules), file="bench", pack="bench", by=BY)


def alerts() -> None:
    """Alerts with their steps, and how many notices are queued for each."""
    queued = set(Job.objects.filter(kind="supervision.tell").values_list("arguments__uid", flat=True))
    numbers = {str(uid): number for uid, number in Device.objects.values_list("uid", "number")}
    households = {str(uid): pk for uid, pk in Household.objects.values_list("uid", "pk")}
    print(
        json.dumps(
            [
                {
                    "rule": alert.rule_key, "scope": alert.subject_kind, "onset": int(alert.onset.timestamp() * 1000),
                    "about": numbers.get(str(alert.subject_uid)) or households.get(str(alert.subject_uid)),
                    "level": alert.level, "last": alert.last_signal, "count": alert.count,
                    "steps": list(alert.steps.order_by("id").values_list("verb", flat=True)),
                    "detected": int(alert.detected_at.timestamp() * 1000), "is_told": str(alert.uid) in queued,
                    "raised_step": alert.steps.filter(verb="raised").values_list("id", flat=True).first(),
                    "notices": Message.objects.filter(key__startswith=f"alert:{alert.uid}:").count(),
                }
                for alert in Alert.objects.order_by("id")
            ]
        )
    )  # fmt: skip


def cookie() -> None:
    """What a browser shows in which the user is logged in."""
    client = Client()
    client.force_login(User.objects.get(username=USER))
    print("; ".join(f"{name}={morsel.value}" for name, morsel in client.cookies.items()))


if __name__ == "__main__":
    if sys.argv[1] == "prepare":
        prepare(int(sys.argv[2]), int(sys.argv[3]), *((sys.argv[4], sys.argv[5:]) if sys.argv[4:] else ()))
    elif sys.argv[1] == "cookie":
        cookie()
    else:
        alerts()
