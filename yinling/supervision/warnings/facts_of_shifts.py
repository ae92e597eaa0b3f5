"""Facts of the carer's day, counted per home over a day and the day before: a night shift ends after midnight."""

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterator
from uuid import UUID

from django.db.models import Count

from yinling.kernel.clock import now
from yinling.shifts.facts import FACTS as SHIFTS
from yinling.shifts.facts import RegisterFact
from yinling.supervision.warnings.rules import Fact

ONE_DAY = dt.timedelta(days=1)
WATCHED = ("shifts.medicine_not_given", "shifts.patrol_missing", "shifts.turn_missing", "shifts.not_seen")


def _per_home(fact: RegisterFact) -> Callable[[dt.date], Iterator[Fact]]:
    def ask(day: dt.date) -> Iterator[Fact]:
        counts: Counter[tuple[UUID, int]] = Counter()
        for one in (day - ONE_DAY, day):
            rows = fact.rows(one, now()).order_by().values_list(f"{fact.home}__uid", f"{fact.home}__place_key")
            counts.update({(uid, place): count for uid, place, count in rows.annotate(count=Count("id"))})
        for (uid, place), count in sorted(counts.items()):
            yield Fact("institution", uid, place, count, ("institutions:institution", str(uid)))

    return ask


FACTS_OF_SHIFTS = {fact.key: _per_home(fact) for fact in SHIFTS if fact.key in WATCHED}
