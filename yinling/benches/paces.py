"""Bench `paces`: the small bars, each of one function on made data: how fast names, IDs, cells and workbooks go.

Seconds are of the processor, of this process and of those it waited for, so a busy machine counts for little; what a
person waits for (a day of one channel, a build that has nothing to do) is timed by the clock. `--quick` measures a
tenth of each size and says what the whole would take.
"""

import datetime as dt
import os
import tempfile
import time
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path

import numpy as np
import xlsxwriter

from yinling.benches.report import Report, Result
from yinling.devices.ingest import history
from yinling.devices.ingest.journal import Journal
from yinling.devices.ingest.options import Folders
from yinling.devices.ingest.readings import Readings
from yinling.devices.queries.credentials import TOKEN, Pass, Passes
from yinling.engines.codes.resident_id import check_character
from yinling.engines.codes.resident_id_columns import read_resident_ids
from yinling.kernel.crypto import blinds
from yinling.kernel.names import initials, name_readings
from yinling.spreadsheets.annotated import write_annotated
from yinling.spreadsheets.marker import Marker
from yinling.spreadsheets.outcomes import Outcome, OutcomeFile, OutcomeKind, OutcomeWriter
from yinling.spreadsheets.reading import inspect, rows
from yinling.spreadsheets.rules.columns import SheetCleaner
from yinling.spreadsheets.rules.fields import Field, Kind
from yinling.spreadsheets.rules.layout import Layout, find_layout
from yinling.spreadsheets.rules.mapping import guess_mapping
from yinling.web import assets

MILLION = 1_000_000
HEADERS = ("姓名", "身份证号码", "出生日期", "村", "独居")
FIELDS = (
    Field("name", "姓名", "Name", Kind.NAME, is_required=True),
    Field("id_number", "身份证号码", "ID number", Kind.ID_NUMBER),
    Field("birth", "出生日期", "Date of birth", Kind.DATE),
    Field("village", "村", "Village"),
    Field("alone", "独居", "Living alone", Kind.YES_NO),
)
MARKER = Marker("名册", "bench", dt.datetime(2026, 11, 23, tzinfo=dt.UTC), "bench", "EX-1")


def run(quick: bool) -> Report:
    """Every pace, one after the other."""
    part = 10 if quick else 1
    many, workbook_rows = MILLION // part, 100_000 // part
    with tempfile.TemporaryDirectory(prefix="yinling-bench-") as folder:
        place = Path(folder)
        results = [
            _row("1,000,000 names: readings and initials", part * _cpu(_names(many)), 15),
            _row("1,000,000 resident IDs, a column", part * _cpu(_resident_ids(many)), 3),
            _row("1,000,000 rows of 5 columns cleaned", part * _cpu(_cleaned(many)), 12),
            _row("1,000,000 outcomes written, a page read", part * _cpu(_outcomes(many, place / "o.gz")), 30),
            *_workbooks(workbook_rows, part, place),
            _row("15,000 tokens checked", _cpu(_tokens(15_000)), 1),
            _row(f"a day of one channel among {2 * many:,} readings", _clock(_a_day(many, place)), 1, "s, clock"),
            _row("a build of the assets with nothing to do", _clock(_idle_build()), 0.5, "s, clock"),
        ]
    return Report("paces", {"rows": many, "workbook rows": workbook_rows}, results)


def _row(what: str, seconds: float, bar: float, unit: str = "s, processor") -> Result:
    return Result(what, round(seconds, 3), unit, f"<= {bar:g}", seconds <= bar)


def _cpu(work: Callable[[], object]) -> float:
    """Seconds on the processor that the work takes, in this process and in those it waits for."""
    before = _processor_s()
    work()
    return _processor_s() - before


def _processor_s() -> float:
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


def _clock(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def _names(count: int) -> Callable[[], object]:
    some = [surname + middle + last for surname in "张单覃" for middle in "玉长乐秀" for last in "英兰行花"]

    def work() -> None:
        for number in range(count):
            name_readings(some[number % len(some)])
            initials(some[number % len(some)])

    return work


def _id_numbers(count: int) -> Iterator[str]:
    """Numbers valid in form with the prefix that belongs to no place, as in the demonstration."""
    for number in range(count):
        first = f"990000{1920 + number % 47}0506{number % 997:03}"
        yield first + check_character(first)


def _resident_ids(count: int) -> Callable[[], object]:
    cells = list(_id_numbers(1_000)) * (count // 1_000)
    return lambda: read_resident_ids(cells, on=dt.date(2026, 11, 23))


def _cleaned(count: int) -> Callable[[], object]:
    cleaner = SheetCleaner(Layout(HEADERS, 1, 2), guess_mapping(HEADERS, [], FIELDS), FIELDS)
    lines = [
        [
            *(f"张{'建国秀英桂兰'[n % 6]}", f"99000019420305{n % 10_000:04}"),
            *(f"19{30 + n % 30}年{n % 12 + 1}月5日", f"村{n % 2777}", "是"),
        ]
        for n in range(count)
    ]

    def work() -> None:
        for first in range(0, count, 1_000):
            cleaner.clean(2 + first, lines[first : first + 1_000])

    return work


def _outcomes(count: int, path: Path) -> Callable[[], object]:
    kinds = list(OutcomeKind)
    outcomes = [Outcome(0, row, kinds[row % len(kinds)], label=f"张** {row}") for row in range(2, count + 2)]

    def work() -> None:
        with OutcomeWriter(path) as writer:
            for start, end in pairwise(range(0, count + 1, 5_000)):
                writer.append(outcomes[start:end])
        OutcomeFile(path).page(offset=count // 3)

    return work


def _workbooks(count: int, part: int, folder: Path) -> list[Result]:
    source = folder / "a.xlsx"
    with xlsxwriter.Workbook(str(source), {"constant_memory": True}) as workbook:
        sheet = workbook.add_worksheet()
        sheet.write_row(0, 0, HEADERS[:4] * 3)
        for number in range(count):
            sheet.write_row(number + 1, 0, [f"张{number}", "990000194203051234", "1942-3-5", "团结村"] * 3)
    return [
        _row("100,000 rows of .xlsx read, 12 columns", part * _cpu(lambda: sum(1 for _ in rows(source))), 3),
        _row("100,000 rows of .xlsx annotated", part * _cpu(_annotated(source, count)), 20),
    ]


def _annotated(source: Path, count: int) -> Callable[[], object]:
    record = source.with_suffix(".outcomes")
    with OutcomeWriter(record, is_new=True) as writer:
        writer.append([Outcome(0, row, OutcomeKind.CREATED) for row in range(2, count + 2)])

    def work() -> None:
        found = inspect(source)
        layout = find_layout(list(rows(source, found=found)), FIELDS)
        if not isinstance(layout, Layout):
            raise RuntimeError(f"The bench's own roster was not understood: {layout}.")
        write_annotated(source, found, {0: layout}, OutcomeFile(record), source.with_name("b.xlsx"), MARKER, {})

    return work


def _tokens(count: int) -> Callable[[], object]:
    token = "a-token-of-the-bench"  # noqa: S105  opens nothing
    passes = Passes({blinds(TOKEN, token)[0]: Pass(1, "d1", 0.0)})

    def work() -> None:
        for _ in range(count):
            passes.number_for(token, 0.0)

    return work


def _a_day(count: int, folder: Path) -> Callable[[], object]:
    """The history of 5,000 devices, two readings of each every 200 s, from which one device's day is asked."""
    noon = int(dt.datetime(2026, 11, 20, 4, tzinfo=dt.UTC).timestamp() * 1_000)
    folders = Folders(folder / "telemetry")
    device = np.arange(count, dtype=np.int32) % 5_000
    for half in range(2):
        at = noon + np.arange(count, dtype=np.int64) * 40 + half
        journal = Journal(folders.journal)
        journal.append(Readings(device, np.full(count, 1, np.int16), at, np.ones(count), at))
        journal.close()
        history.take_in(folders, 1 << 60)
    return lambda: history.read(folders, 77, 1, noon, noon + 86_400_000)


def _idle_build() -> Callable[[], object]:
    assets.build()
    return assets.build
