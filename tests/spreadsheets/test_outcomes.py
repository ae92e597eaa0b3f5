"""What became of each row is kept in a file that survives a crash and is read a page at a time."""

from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from yinling.kernel.reasons import Reason, Words
from yinling.spreadsheets.outcomes import Outcome, OutcomeFile, OutcomeKind, OutcomeWriter

KINDS = list(OutcomeKind)


def outcome(row: int, kind: OutcomeKind | None = None, sheet: int = 0) -> Outcome:
    return Outcome(sheet, row, kind or KINDS[row % len(KINDS)], label=f"张** {row}")


def written(path: Path, *batches: list[Outcome]) -> Path:
    with OutcomeWriter(path) as writer:
        for batch in batches:
            writer.append(batch)
    return path


def rows_in(path: Path) -> list[int]:
    return [each.row for each in OutcomeFile(path).in_order()]


def test_an_outcome_comes_back_as_it_was_written(tmp_path: Path) -> None:
    reason = Reason("Dead since {day}, as {register} says.", day="2026-08-14", register=Words("人口库", "the register"))
    full = Outcome(
        sheet=1,
        row=203,
        kind=OutcomeKind.REFUSED,
        label="杨** 9912**********4026",
        subject="0191-uid",
        changed=("phone", "village"),
        reasons=(reason, Reason("Two people stand in one cell.")),
        next_steps=(Reason("Split the row."),),
        columns=(1, 4),
    )
    path = written(tmp_path / "o.gz", [full])
    assert list(OutcomeFile(path).in_order()) == [full]


def test_pages_show_problems_first_and_cover_everything_once(tmp_path: Path) -> None:
    path = written(
        tmp_path / "o.gz", *[[outcome(row) for row in range(start, start + 7)] for start in range(2, 100, 7)]
    )
    file = OutcomeFile(path)
    pages = [page for offset in range(0, 120, 9) for page in file.page(offset=offset, limit=9)]
    assert sorted(each.row for each in pages) == list(range(2, 100))
    order = [(KINDS.index(each.kind), each.row) for each in pages]
    assert order == sorted(order)
    assert sum(file.counts().values()) == 98


def test_a_page_of_one_kind_holds_only_that_kind(tmp_path: Path) -> None:
    file = OutcomeFile(written(tmp_path / "o.gz", [outcome(row) for row in range(2, 50)]))
    doubts = file.page([OutcomeKind.DOUBT], limit=100)
    assert {each.kind for each in doubts} == {OutcomeKind.DOUBT}
    assert len(doubts) == file.counts()[OutcomeKind.DOUBT]
    assert file.page([OutcomeKind.DOUBT], offset=len(doubts)) == []


def test_rows_appended_again_are_not_doubled(tmp_path: Path) -> None:
    path = written(tmp_path / "o.gz", [outcome(2), outcome(3)])
    written(path, [outcome(2), outcome(3), outcome(4)])
    assert rows_in(path) == [2, 3, 4]


def test_the_second_sheet_comes_after_the_first(tmp_path: Path) -> None:
    path = written(tmp_path / "o.gz", [outcome(900)], [outcome(2, sheet=1)])
    assert rows_in(path) == [900, 2]


def test_rows_out_of_order_are_a_bug(tmp_path: Path) -> None:
    with OutcomeWriter(tmp_path / "o.gz") as writer, pytest.raises(ValueError, match="order of their rows"):
        writer.append([outcome(3), outcome(2)])


def test_what_was_written_past_the_committed_position_is_cut_off(tmp_path: Path) -> None:
    path = written(tmp_path / "o.gz", [outcome(2), outcome(3)], [outcome(4), outcome(5)], [outcome(6)])
    with OutcomeWriter(path, resume_after=(0, 4)) as writer:
        assert writer.last == (0, 4)
        assert sum(writer.counts.values()) == 3
        writer.append([outcome(5, OutcomeKind.REFUSED)])
    assert rows_in(path) == [2, 3, 4, 5]
    assert list(OutcomeFile(path).in_order())[-1].kind is OutcomeKind.REFUSED


def test_a_new_file_forgets_the_old_one(tmp_path: Path) -> None:
    path = written(tmp_path / "o.gz", [outcome(2)])
    OutcomeWriter(path, is_new=True).close()
    assert rows_in(path) == []


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data_cut=st.integers(0, 400), index_cut=st.integers(0, 200))
def test_after_a_crash_at_any_byte_the_file_goes_on_with_whole_batches(
    tmp_path: Path, data_cut: int, index_cut: int
) -> None:
    path = tmp_path / "o.gz"
    for each in (path, path.with_name("o.gz.index")):
        each.unlink(missing_ok=True)
    batches = [[outcome(row) for row in range(start, start + 3)] for start in (2, 5, 8)]
    written(path, *batches)
    for each, cut in ((path, data_cut), (path.with_name("o.gz.index"), index_cut)):
        content = each.read_bytes()
        each.write_bytes(content[: max(0, len(content) - cut)])
    kept = rows_in(path)
    assert kept in ([], [2, 3, 4], [2, 3, 4, 5, 6, 7], list(range(2, 11)))
    written(path, *batches)
    assert rows_in(path) == list(range(2, 11))


def test_a_page_out_of_many_batches_starts_where_it_was_asked_to(tmp_path: Path) -> None:
    outcomes = [outcome(row) for row in range(2, 5_002)]
    path = written(tmp_path / "o.gz", *[outcomes[a:b] for a, b in pairwise(range(0, 5_001, 500))])
    kept = OutcomeFile(path)
    pages = [[each.row for each in kept.page(offset=offset)] for offset in (1_500, 1_550)]
    refused = [each.row for each in outcomes if each.kind is kept.page(offset=1_500)[0].kind]
    assert pages == [refused[500:550], refused[550:600]]  # the first kind is shown first: a fifth of all, 1,000 rows


def test_batches_that_a_power_cut_took_from_the_index_are_found_again_in_the_data(tmp_path: Path) -> None:
    path = written(tmp_path / "o.gz", [outcome(1), outcome(2)], [outcome(3)], [outcome(4), outcome(5)])
    index = tmp_path / "o.gz.index"
    index.write_text(index.read_text().splitlines(keepends=True)[0])
    with OutcomeWriter(path, resume_after=(0, 3)) as writer:
        assert writer.last == (0, 3)
        writer.append([outcome(4)])
    assert rows_in(path) == [1, 2, 3, 4]
