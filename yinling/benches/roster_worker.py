"""The processes of bench `import`: prepare a home, upload a file, take its rows, say how it ended."""

import hashlib
import json
import resource
import sys
import time
from pathlib import Path
from typing import Any

import django
import yaml
from django.conf import settings
from django.core.management import call_command

django.setup()

from yinling.kernel import jobs  # noqa: E402
from yinling.kernel.actors import System  # noqa: E402
from yinling.people.models import Person  # noqa: E402
from yinling.places.models import Level  # noqa: E402
from yinling.places.queries import tree  # noqa: E402
from yinling.places.services import load_divisions  # noqa: E402
from yinling.reference.services import load_code_lists  # noqa: E402
from yinling.spreadsheets import services  # noqa: E402
from yinling.spreadsheets.models import Import  # noqa: E402

BY = System("bench")
WORKER = "bench"


def prepare() -> None:
    """Tables, divisions, code lists; and the names of the villages for whoever writes the rosters."""
    call_command("migrate", verbosity=0)
    load_divisions(settings.PACKS_DIR / settings.CITY_PACK / "divisions.csv", by=BY)
    lists = settings.PACKS_DIR / "national" / "codelists.yaml"
    data = yaml.safe_load(lists.read_text(encoding="utf-8"))
    load_code_lists(data, file=lists.name, pack="national", layer=0, by=BY)
    places = tree()
    villages = [
        (places.name(division.parent or 0), division.name)
        for division in places.divisions.values()
        if division.level == Level.VILLAGE
    ]
    (Path(settings.HOME) / "villages.json").write_text(json.dumps(villages, ensure_ascii=False), encoding="utf-8")


def upload(path: Path) -> None:
    """Let the file in and queue its rows."""
    with path.open("rb") as stream:
        found = services.upload(stream=stream, name=path.name, register_key="people", place_key=0, by=BY)
    services.start(uid=found.uid, by=BY)


def go_on() -> None:
    """Take rows until there are none left. The supervisor would release a dead worker's job; here we do."""
    jobs.release(WORKER)
    jobs.run_all(WORKER)


def tell(began: float) -> dict[str, Any]:
    """How it ended."""
    found = Import.objects.get()
    who = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    digest = hashlib.sha256()
    for outcome in found.outcomes().in_order():
        digest.update(f"{outcome.sheet} {outcome.row} {outcome.kind} {outcome.label} {outcome.changed}\n".encode())
    return {
        "state": found.state, "counts": found.counts, "persons": Person.objects.count(), "digest": digest.hexdigest(),
        "seconds": began, "memory_mb": sum(resource.getrusage(each).ru_maxrss for each in who) // 1024,
    }  # fmt: skip


def main(words: list[str]) -> None:
    """prepare | import PATH | upload PATH | go on"""
    began = time.perf_counter()
    if words[0] == "prepare":
        prepare()
        return
    if words[0] == "upload":
        upload(Path(words[1]))
        return
    if words[0] == "import":
        services.import_file(path=Path(words[1]), register_key="people", by=BY)
    else:
        go_on()
    print(json.dumps(tell(time.perf_counter() - began)))


if __name__ == "__main__":
    main(sys.argv[1:])
