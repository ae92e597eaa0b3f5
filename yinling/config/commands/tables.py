"""`yinling import` and `yinling export`: the same services as the pages, as a named user."""

import argparse
import shutil
import sys
from pathlib import Path

import django


def import_(words: list[str]) -> int:
    """Import a roster file and say what became of its rows."""
    parser = argparse.ArgumentParser(prog="yinling import")
    parser.add_argument("file", type=Path)
    parser.add_argument("--register", default="people")
    parser.add_argument("--user", required=True)
    asked = parser.parse_args(words)
    if not asked.file.is_file():
        print(f"There is no file {asked.file}.", file=sys.stderr)
        return 1
    django.setup()
    from yinling.accounts.models import User
    from yinling.kernel.errors import Refused
    from yinling.spreadsheets.services import import_file

    user = User.objects.filter(username=asked.user, is_active=True).first()
    if user is None:
        print(f"no active user {asked.user}", file=sys.stderr)
        return 1
    try:
        done = import_file(path=asked.file, register_key=asked.register, by=user, place_key=user.place_key)
    except Refused as refusal:
        print(refusal, file=sys.stderr)
        return 1
    print(" ".join(f"{kind}={count}" for kind, count in done.counts.items()))
    return 0


def export(words: list[str]) -> int:
    """Export a list of persons to a workbook."""
    parser = argparse.ArgumentParser(prog="yinling export")
    parser.add_argument("--user", required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--place", type=int, default=0)
    parser.add_argument("--reason", required=True)
    asked = parser.parse_args(words)
    if not asked.out.absolute().parent.is_dir():
        print(f"There is no folder {asked.out.absolute().parent}. Make it first.", file=sys.stderr)
        return 1
    django.setup()
    from yinling.accounts.models import User
    from yinling.kernel.errors import Refused
    from yinling.people.exports import export_persons
    from yinling.people.queries import Filters

    user = User.objects.filter(username=asked.user, is_active=True).first()
    if user is None:
        print(f"no active user {asked.user}", file=sys.stderr)
        return 1
    try:
        path = export_persons(Filters(place_key=asked.place), by=user, reason=asked.reason)
    except Refused as refusal:
        print(refusal, file=sys.stderr)
        return 1
    shutil.move(path, asked.out)
    print(asked.out)
    return 0
