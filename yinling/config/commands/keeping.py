"""`yinling backup`, `restore` and `rotate`: keeping what was entered."""

import argparse
import shutil
import sqlite3
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

import django
from django.conf import settings
from django.db import connection

DATABASE, FILES, KEYS = "database", "files", "keys"


def backup(words: list[str]) -> int:
    """Write database, files and keys into one .tar.gz, while the city goes on working."""
    parser = argparse.ArgumentParser(prog="yinling backup")
    parser.add_argument("file", type=Path)
    target = parser.parse_args(words).file
    if not target.absolute().parent.is_dir():
        print(f"There is no folder {target.absolute().parent}. Make it first, or choose another one.", file=sys.stderr)
        return 1
    django.setup()
    part = target.with_suffix(target.suffix + ".part")
    with tempfile.TemporaryDirectory(dir=settings.HOME) as folder:
        copy = Path(folder) / DATABASE
        _copy_database(copy)
        with tarfile.open(part, "w:gz", compresslevel=3) as archive:
            archive.add(copy, DATABASE)
            for name, path in ((FILES, settings.FILES_DIR), (KEYS, settings.KEYS_FILE.parent)):
                if Path(path).exists():
                    archive.add(path, name)
    part.chmod(0o600)
    part.replace(target)
    print(f"{target}: {target.stat().st_size / 1e6:.1f} MB. It holds the keys: keep it where only you can read it.")
    return 0


def _copy_database(copy: Path) -> None:
    """A consistent copy: SQLite's online backup, or pg_dump."""
    if connection.vendor == "sqlite":
        with sqlite3.connect(str(settings.DATABASES["default"]["NAME"])) as source, sqlite3.connect(copy) as target:
            source.backup(target)
        return
    with copy.open("wb") as file:
        subprocess.run(["pg_dump", "--format=custom", _postgresql_url()], stdout=file, check=True)


def _postgresql_url() -> str:
    d = settings.DATABASES["default"]
    return f"postgresql://{d['USER']}:{d['PASSWORD']}@{d['HOST']}:{d['PORT'] or 5432}/{d['NAME']}"


def restore(words: list[str]) -> int:
    """Read a backup into an empty home. Refuses to write over a city that is there."""
    parser = argparse.ArgumentParser(prog="yinling restore")
    parser.add_argument("file", type=Path)
    source = parser.parse_args(words).file
    if not source.is_file() or not tarfile.is_tarfile(source):
        print(f"{source} is not a backup. Name a file that `yinling backup` has written.", file=sys.stderr)
        return 1
    django.setup()
    if connection.introspection.table_names():
        print(
            "The database is not empty. Restore into an empty home: set YINLING_HOME to a new folder"
            + ("." if connection.vendor == "sqlite" else ", and YINLING_DATABASE to an empty database."),
            file=sys.stderr,
        )
        return 1
    connection.close()
    with tempfile.TemporaryDirectory(dir=settings.HOME) as folder:
        with tarfile.open(source) as archive:
            archive.extractall(folder, filter="data")
        if not (Path(folder) / DATABASE).is_file():
            print(f"{source} holds no database. Name a file that `yinling backup` has written.", file=sys.stderr)
            return 1
        for name, path in ((FILES, Path(settings.FILES_DIR)), (KEYS, settings.KEYS_FILE.parent)):
            if (Path(folder) / name).exists():
                shutil.rmtree(path, ignore_errors=True)
                shutil.move(str(Path(folder) / name), path)
        _put_database(Path(folder) / DATABASE)
    print("Restored. `yinling check` says whether all is sound.")
    return 0


def _put_database(copy: Path) -> None:
    if connection.vendor == "sqlite":
        name = Path(str(settings.DATABASES["default"]["NAME"]))
        for leftover in (name, Path(f"{name}-wal"), Path(f"{name}-shm")):
            leftover.unlink(missing_ok=True)
        shutil.move(str(copy), name)
        return
    subprocess.run(["pg_restore", "--no-owner", "--dbname", _postgresql_url(), str(copy)], check=True)


def rotate(words: list[str]) -> int:
    """Add a data key (and with another cipher an index key), make it current, and seal everything again under it."""
    parser = argparse.ArgumentParser(prog="yinling rotate")
    parser.add_argument("--no-new-key", action="store_true", help="go on with a rotation that was stopped")
    parser.add_argument("--cipher", choices=("aes", "sm4"), help="change to this one: SM4-GCM goes with HMAC-SM3")
    asked = parser.parse_args(words)
    django.setup()
    from yinling.files.services import reseal_keys
    from yinling.kernel.keyring import keyring, save_keyring
    from yinling.kernel.rotation import reseal

    ring, file = keyring(), Path(settings.KEYS_FILE)
    if asked.cipher and asked.cipher != ring.cipher:
        save_keyring(ring.with_cipher(asked.cipher), file)
    elif not asked.no_new_key:
        save_keyring(ring.with_new_data_key(), file)
    print(f"current key: version {keyring().current}, {keyring().cipher}")
    totals: dict[str, int] = {}
    for table, count in reseal():
        totals[table] = totals.get(table, 0) + count
    while count := reseal_keys():
        totals["files"] = totals.get("files", 0) + count
    for table, count in totals.items():
        print(f"  {table}: {count} rows sealed again")
    return 0
