"""`yinling city build` and `city live`: packs, accounts, the demonstration city, a day of its devices."""

import argparse
import sys
import time

import django
from django.conf import settings
from django.core.management import call_command

DEMO_SCALE, DEMO_SEED = 0.02, 4312


def city(words: list[str]) -> int:
    """Build the demonstration city into an empty database, or play a day of its devices."""
    if words[:1] == ["live"]:
        return _live(words[1:])
    parser = argparse.ArgumentParser(prog="yinling city")
    parser.add_argument("what", choices=["build", "live"])
    parser.add_argument("--scale", type=float, default=DEMO_SCALE)
    parser.add_argument("--seed", type=int, default=DEMO_SEED)
    asked = parser.parse_args(words)
    django.setup()
    call_command("migrate", verbosity=0)
    return _build(asked.scale, asked.seed)


def _live(words: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="yinling city live")
    parser.add_argument("--speed", type=int, default=60, choices=range(1, 601), metavar="1..600")
    parser.add_argument("--hours", type=float, default=24.0, help="how much of a day")
    parser.add_argument("--homes", type=int, default=40, help="elders living alone whose devices play, at first use")
    parser.add_argument("--institutions", type=int, default=4)
    parser.add_argument("--seed", type=int, default=DEMO_SEED)
    parser.add_argument("--stop", action="store_true", help="end with the day; else the devices go on until Ctrl+C")
    asked = parser.parse_args(words)
    django.setup()
    if not settings.DEMO:
        print("This is a real city; a played day would stand between its own readings.", file=sys.stderr)
        return 1
    from yinling.city.live.cast import call
    from yinling.city.live.playing import performance, play

    cast = call(asked.homes, asked.institutions)
    day = performance(asked.speed, asked.seed, asked.hours, stays=not asked.stop)
    door = play(cast, day, lambda line: print(f"  {line}", flush=True))
    print(f"  {door.acknowledged:,} readings acknowledged, {door.refused:,} refused", flush=True)
    return 0


def build_if_empty() -> None:
    """At first start of a demonstration: build the small city."""
    from yinling.people.models import Person

    if settings.DEMO and not Person.objects.exists():
        print("building the demonstration city (once)", flush=True)
        _build(DEMO_SCALE, DEMO_SEED)


def _build(scale: float, seed: int) -> int:
    from yinling.city.building import build_city
    from yinling.config.flows import administrators
    from yinling.kernel.clock import civil_date
    from yinling.kernel.errors import Refused

    began = time.monotonic()
    try:
        built = build_city(scale=scale, seed=seed, say=lambda line: print(f"  {line}", flush=True))
    except Refused as refusal:
        print(refusal, file=sys.stderr)
        return 1
    administrators.open_all(civil_date(), by=administrators.BY)  # else their desks stay empty until the first night
    print(
        f"  {built.persons:,} files of elders, the dead of these years among them, in {time.monotonic() - began:.1f} s",
        flush=True,
    )
    return 0


def accounts(words: list[str]) -> int:
    """Print the demonstration accounts."""
    argparse.ArgumentParser(prog="yinling accounts").parse_args(words)
    django.setup()
    print_accounts()
    return 0


def print_accounts() -> None:
    """One demonstration account per role, and the password they share on this machine."""
    from yinling.accounts.queries import demo_accounts
    from yinling.accounts.services import demo_password

    found = list(demo_accounts())
    if found:
        print(f"  password of every demonstration account: {demo_password()}")
    for account in found:
        print(f"  {account.username:32} {account.name}")
    print(flush=True)
