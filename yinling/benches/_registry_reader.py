"""A child of the bench `registry`: builds the register unless it is there, then reads it as users do.

`python -m yinling.benches._registry_reader SCALE REQUESTS`; ends with one JSON line.
"""

import json
import random
import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

import django
from django.core.management import call_command
from django.db import connection
from django.test import Client

django.setup()

from yinling.accounts.models import User  # noqa: E402  models need the settings first
from yinling.benches.report import percentile  # noqa: E402
from yinling.city.building import build_city  # noqa: E402
from yinling.kernel.names import initials  # noqa: E402
from yinling.people.cards import entry_of  # noqa: E402
from yinling.people.matching import matches  # noqa: E402
from yinling.people.models import Person  # noqa: E402
from yinling.people.queries import Filters, find_persons  # noqa: E402
from yinling.people.rules import Entry  # noqa: E402
from yinling.places.queries import tree  # noqa: E402
from yinling.web.registry import address_of, registry  # noqa: E402

SEED, WARM_UP = 4312, 5
Row = dict[str, Any]
ROLES = {"city": "city_officer", "county": "county_clerk", "village": "village_visitor"}


def main(scale: float, requests: int) -> None:
    """Prepare, measure, print."""
    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    if not Person.objects.exists():
        build_city(scale=scale, seed=SEED, say=lambda line: print(line, file=sys.stderr))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    users = {scope: User.objects.get(username=f"demo.{role}") for scope, role in ROLES.items()}
    sample = _sample(users["county"].place_key, requests)
    rows = [*_lists(users, requests), *_persons(users["county"], sample), *_searches(users, sample)]
    print(json.dumps({"persons": Person.objects.count(), "rows": rows}, ensure_ascii=False))


def _sample(county: int, requests: int) -> list[Person]:
    """Living persons of the county with document and telephone, the same in every run."""
    mine = Person.objects.filter(place_key__range=(county, county + 10**6 - 1), document_kind="resident_id")
    ids = list(mine.living().exclude(phone_index=b"").order_by("id").values_list("pk", flat=True))
    chosen = random.Random(SEED).sample(ids, min(requests + WARM_UP, len(ids)))
    found = Person.objects.in_bulk(chosen)
    return [found[pk] for pk in chosen]


def _lists(users: dict[str, User], requests: int) -> Iterable[Row]:
    for scope, user in users.items():
        below = _divisions(user.place_key, requests)
        yield _page(f"list page, {scope}", user, [f"/work/people/?place={key}" for key in below])
        if scope != "village":
            last = Person.objects.filter(place_key__lte=user.place_key + 10**8 - 1).order_by("-id").first()
            assert last is not None
            deep = [last.pk * (60 + at % 39) // 100 for at in range(requests + WARM_UP)]
            addresses = [f"/work/people/?place={user.place_key}&after={after}" for after in deep]
            yield _page(f"deep page, {scope}", user, addresses)


def _divisions(top: int, requests: int) -> list[int]:
    """The user's own division every other time, else one somewhere below it."""
    below = [key for key, line in tree().lines.items() if top in line]
    draw = random.Random(top)
    return [top if at % 2 else draw.choice(below) for at in range(requests + WARM_UP)]


def _persons(clerk: User, sample: list[Person]) -> Iterable[Row]:
    yield _page("person page, shell", clerk, [f"/work/people/{person.uid}/" for person in sample])
    for panel in registry.panels_for("person"):
        addresses = [address_of(panel.url_name, [person.uid]) for person in sample]
        yield _page(f"panel {panel.key}", clerk, addresses)


def _searches(users: dict[str, User], sample: list[Person]) -> Iterable[Row]:
    clerk, officer = users["county"], users["city"]
    names = [person.name for person in sample]
    yield _search("full name in a county", clerk, names)
    yield _search("two characters of a name in a county", clerk, [name[:2] for name in names])
    yield _search("pinyin initials in a county", clerk, [initials(name)[0] for name in names])
    documents, phones = [p.document_number() for p in sample], [p.phone() for p in sample]
    yield _search("ID in the whole city", officer, documents, kind="number")
    yield _search("telephone in the whole city", officer, phones, kind="number")
    yield _timed("a new record matched with all on file", "match", _match, [_misspelt(person) for person in sample])


def _misspelt(person: Person) -> Entry:
    """The person as somebody else would enter her: no document, the last character of the name another one."""
    return replace(entry_of(person), document_number="", name=person.name[:-1] + "英")


def _match(entry: Entry) -> None:
    if not matches(entry):
        raise RuntimeError("a person on file was not recognised")


def _page(what: str, user: User, addresses: list[str]) -> Row:
    client = Client(SERVER_NAME="localhost")
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")

    def ask(address: str) -> None:
        answer = client.get(address, HTTP_HX_REQUEST="true" if "/panel" in address else "")
        if answer.status_code != 200:
            raise RuntimeError(f"{address} answered {answer.status_code}")

    return _timed(what, "page", ask, addresses)


def _search(what: str, user: User, texts: list[str], kind: str = "search") -> Row:
    def ask(text: str) -> None:
        if not find_persons(Filters(text=text), by=user).persons:
            raise RuntimeError(f"{what}: nothing found")

    return _timed(what, kind, ask, texts)


def _timed(what: str, kind: str, ask: Callable[[Any], None], questions: list[Any]) -> Row:
    """p95 over the questions after a warm-up, and how many statements the least and the most took."""
    times, counts = [], []
    for question in questions:
        statements = Counted()
        began = time.perf_counter()
        with connection.execute_wrapper(statements):
            ask(question)
        times.append((time.perf_counter() - began) * 1000)
        counts.append(statements.count)
    times, counts = times[WARM_UP:], counts[WARM_UP:]
    return {
        "what": what, "kind": kind, "p95_ms": round(percentile(times, 0.95), 2), "least_statements": min(counts),
        "most_statements": max(counts),
    }  # fmt: skip


class Counted:
    """Counts statements as they are executed."""

    count = 0

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        """Pass one on."""
        self.count += 1
        return execute(sql, params, many, context)


if __name__ == "__main__":
    main(float(sys.argv[1]), int(sys.argv[2]))
