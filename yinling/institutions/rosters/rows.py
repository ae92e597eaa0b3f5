"""One row of a roster, and the words in it: villages and homes by name, codes by their Chinese."""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable
from typing import Any

from django.db import transaction

from yinling.institutions.models import Institution
from yinling.institutions.permissions import Institutions
from yinling.kernel.errors import Refused
from yinling.kernel.names import normalise_name
from yinling.kernel.reasons import Reason
from yinling.places.models import Level
from yinling.places.queries import tree
from yinling.reference.queries import entries
from yinling.spreadsheets.outcomes import Outcome, OutcomeKind
from yinling.spreadsheets.registers import Context
from yinling.spreadsheets.rules.columns import CleanBatch
from yinling.spreadsheets.rules.fields import Finding, LooseDate
from yinling.spreadsheets.rules.fields import Level as Weight

ENDINGS = ("村民委员会", "居民委员会", "村委会", "居委会", "社区", "村", "街道", "镇", "乡")
WORDS = {
    "bed_kind": {"普通": "ordinary", "护理型": "nursing", "护理": "nursing", "失智": "dementia", "认知障碍": "dementia",
                 "隔离": "isolation", "日间": "day", "短期": "respite"},
    "staff_post": {"护工": "carer", "厨工": "cook", "院长": "manager", "协管员": "coordinator", "评估员": "assessor"},
    "operator_model": {"公办": "public", "民营": "private", "民办": "private_non_profit"},
}  # fmt: skip
Act = Callable[["Row"], tuple[OutcomeKind, str, tuple[str, ...]]]


class Row:
    """One cleaned row: its values by field, and what the cleaner found."""

    def __init__(self, batch: CleanBatch, number: int, context: Context, finder: "Finder") -> None:
        self.batch, self.number, self.context, self.finder = batch, number, context, finder
        self.findings: list[tuple[str, Finding]] = batch.findings.get(number, [])

    def get(self, key: str) -> Any:
        """The clean value of a field, None where there is none."""
        column = self.batch.columns.get(key)
        return column[self.number] if column else None

    def day(self, key: str) -> dt.date | None:
        """A date as far as it is stated: unknown parts become the first."""
        found: LooseDate | None = self.get(key)
        if found is None or found.is_lunar:
            return None
        return dt.date(found.year, found.month or 1, found.day or 1)

    def taken(self, act: Act) -> Outcome:
        """What became of the row: a refusal leaves nothing of it behind."""
        refusals = [found for _key, found in self.findings if found.level is Weight.REFUSE]
        if refusals:
            return self._outcome(OutcomeKind.REFUSED, [f.reason for f in refusals], [f.next_step for f in refusals])
        try:
            with transaction.atomic():
                kind, subject, changed = act(self)
        except Refused as refusal:
            return self._outcome(
                OutcomeKind.REFUSED, [refusal.reason], [Reason("Correct the row and upload the file again.")]
            )
        notes = [found for _key, found in self.findings]
        return self._outcome(kind, [f.reason for f in notes], [f.next_step for f in notes], subject, changed)

    def _outcome(
        self,
        kind: OutcomeKind,
        reasons: list[Reason],
        steps: list[Reason],
        subject: str = "",
        changed: tuple[str, ...] = (),
    ) -> Outcome:
        row = self.batch.row_numbers[self.number]
        return Outcome(self.context.sheet, row, kind, "", subject, changed, tuple(reasons), tuple(steps))


def taker(act: Act) -> Callable[[CleanBatch, Context], list[Outcome]]:
    """A `take` that applies `act` row by row, in the transaction of the batch."""

    def take(batch: CleanBatch, context: Context) -> list[Outcome]:
        finder = Finder(context)
        return [Row(batch, number, context, finder).taken(act) for number in range(len(batch.row_numbers))]

    return take


class Finder:
    """Villages and homes by name, within what the uploader may import into."""

    def __init__(self, context: Context) -> None:
        self.context = context
        ranges = tuple(context.by.key_ranges(Institutions.IMPORT))
        self._places: dict[str, list[int]] = defaultdict(list)
        for division in tree().divisions.values():
            mine = any(low <= division.key <= high for low, high in ranges)
            if mine and division.level in (Level.VILLAGE, Level.TOWNSHIP):
                for name in {division.name, bare(division.name)}:
                    self._places[name].append(division.key)
        self._homes: dict[str, list[Institution]] = defaultdict(list)
        homes = Institution.objects.visible_to(context.by, Institutions.IMPORT).filter(closed_on__isnull=True)
        for home in homes.select_related("organisation"):
            self._homes[normalise_name(home.name)].append(home)

    def place(self, text: str) -> int:
        """The village (or township) meant. Raises Refused."""
        words = text.strip()
        if words.isdigit() and len(words) == 12 and int(words) in tree().divisions:
            return int(words)
        found = self._places.get(words) or self._places.get(bare(words)) or []
        home = self.context.place_key
        near = [key for key in found if home in tree().lines[key]] if home else []
        chosen = near or found
        if len(chosen) == 1:
            return chosen[0]
        if chosen:
            raise Refused("{count} places in your divisions are called {name}. Write the 12-digit code.",
                          count=len(chosen), name=words)  # fmt: skip
        if not words and home:
            return home
        raise Refused("No place called {name} lies in your divisions.", name=words or "—")

    def home(self, name: str) -> Institution | None:
        """The one home of this name, None where there is none. Raises Refused when there are several."""
        found = self._homes.get(normalise_name(name), [])
        if len(found) > 1:
            raise Refused(
                "{count} institutions are called {name}. Settle it on their pages.", count=len(found), name=name
            )
        return found[0] if found else None

    def known_home(self, name: str) -> Institution:
        """The home of this name. Raises Refused when none is on file."""
        found = self.home(name)
        if found is None:
            raise Refused("No institution called {name} is on file. Import the institutions first.", name=name)
        return found

    def remember(self, home: Institution) -> None:
        """A home that this import has just made."""
        self._homes[normalise_name(home.name)].append(home)


def bare(name: str) -> str:
    """A place's name without the endings that clerks add or drop."""
    for ending in ENDINGS:
        if name.endswith(ending) and len(name) - len(ending) >= 2:
            return name.removesuffix(ending)
    return name


def code_of(list_key: str, text: str | None) -> str:
    """The code that a word of a roster means; empty when it means none we know."""
    word = (text or "").strip()
    table = {entry.zh: entry.code for entry in entries(list_key)} | WORDS.get(list_key, {})
    for part in (word, *word.replace("、", " ").split()):
        if part in table:
            return table[part]
    return next((code for zh, code in table.items() if len(zh) > 1 and zh in word), "")
