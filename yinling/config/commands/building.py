"""`yinling city build`: packs, accounts and the demonstration city."""

import argparse
import sys
import time

import django
from django.conf import settings
from django.core.management import call_command

DEMO_SCALE, DEMO_SEED = 0.02, 4312


def city(words: list[str]) -> int:
    """Build the demonstration city into an empty database."""
    parser = argparse.ArgumentParser(prog="yinling city")
    parser.add_argument("what", choices=["build"])
    parser.add_argument("--scale", type=float, default=DEMO_SCALE)
    parser.add_argument("--seed", type=int, default=DEMO_SEED)
    asked = parser.parse_args(words)
    django.setup()
    call_command("migrate", verbosity=0)
    return _build(asked.scale, asked.seed)


def build_if_empty() -> None:
    """At first start of a demonstration: build the small city."""
    from yinling.people.models import Person

    if settings.DEMO and not Person.objects.exists():
        print("building the demonstration city (once)", flush=True)
        _build(DEMO_SCALE, DEMO_SEED)


def _build(scale: float, seed: int) -> int:
    from yinling.city.building import build_city
    from yinling.kernel.errors import Refused

    began = time.monotonic()
    try:
        built = build_city(scale=scale, seed=seed, say=lambda line: print(f"  {line}", flush=True))
    except Refused as refusal:
        print(refusal, file=sys.stderr)
        return 1
    print(f"  {built.persons:,} elders in {time.monotonic() - began:.1f} s", flush=True)
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
