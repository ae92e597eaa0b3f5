"""`yinling plan` on the collection's files, and what it says of others."""

from pathlib import Path

import pytest

from yinling.config.commands.planning import plan

TOY = Path(__file__).resolve().parents[2] / "benchmarks" / "planning" / "instances" / "toy.json.gz"


@pytest.mark.heavy
@pytest.mark.xdist_group("planning")
def test_a_plan_is_written_and_its_parts_are_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert plan([str(TOY), "--moves", "5000", "--out", str(tmp_path / "plan.json")]) == 0
    told = capsys.readouterr().out
    assert "6 visits, 3 carers, 5000 moves; cost 111.333" in told
    assert "travel 334.00, late 0.00" in told
    assert '"caregiver_id": "c1"' in (tmp_path / "plan.json").read_text()


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (None, "cannot be read: No such file or directory"),
        (b"{", "This is no JSON"),
        (b"\xff\xfe", "it is not text"),
        (b'{"patients": []}', "the field 'central_offices' is missing"),
    ],
)
def test_a_file_that_is_no_instance_is_told_why_and_nothing_is_written(
    content: bytes | None, complaint: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    if content is not None:
        (tmp_path / "instance.json").write_bytes(content)
    assert plan([str(tmp_path / "instance.json"), "--out", str(tmp_path / "plan.json")]) == 1
    assert complaint in capsys.readouterr().err
    assert not (tmp_path / "plan.json").exists()


def test_a_folder_that_is_not_there_is_told_before_the_search(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert plan([str(TOY), "--out", str(tmp_path / "nowhere" / "plan.json")]) == 1
    assert "Make it first." in capsys.readouterr().err
