"""The draw, without a database: fair by test, replayed from its record, and no tampering goes unnoticed."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from yinling.config.commands.drawing import draw as draw_command
from yinling.inspections.rules import drawing, risk

WEIGHTS = {"甲": 1, "乙": 2, "丙": 3, "丁": 5}


def slips(weights: dict[str, int] = WEIGHTS, recused: dict[str, tuple[str, ...]] | None = None) -> list[drawing.Slip]:
    out = recused or {}
    return [s for home, n in weights.items() for s in drawing.slips_for(home, home, n, out.get(home, ()), "secret")]


def a_record(*, is_whole: bool = False, **more: Any) -> dict[str, Any]:
    seed, lying = "seed", slips(**more)
    closed = drawing.closed_list("C1", drawing.sha(seed), lying, ["J01", "J02", "J03"], (2, 2))
    lot = drawing.lot_of(seed, drawing.digest(closed), "八二六")
    opened = drawing.opened(lot, {slip.hash: slip for slip in lying}, 2)
    pairs = drawing.pairs_of(lot, opened, closed["inspectors"], 2)
    shown: dict[str, Any] = {
        "seed": seed, "words": "八二六", "witness": "向*",
        "opened": [slip.data() for slip in (lying if is_whole else opened)],
        "result": [{"home": one.home, "name": one.name, "inspectors": list(one.inspectors)} for one in pairs],
    }  # fmt: skip
    if is_whole:
        shown["weights"] = WEIGHTS
    stated = {"number": "C1", "title": "抽查", "commitment": drawing.sha(seed), "list_digest": drawing.digest(closed)}
    return json.loads(json.dumps(drawing.record(stated, closed, shown)))


def faults(record: dict[str, Any]) -> list[str]:
    return [str(check.what) for check in drawing.verify(record) if not check.is_sound]


def test_homes_are_drawn_first_in_proportion_to_their_slips() -> None:
    """Chi-square over 4,400 fixed seeds: 3 degrees of freedom, 16.27 is the 0.1 % point."""
    lying = {slip.hash: slip for slip in slips()}
    rounds, whole = 4_400, sum(WEIGHTS.values())
    drawn = Counter(
        drawing.opened(drawing.lot_of(str(seed), "list", "words"), lying, 1)[0].home for seed in range(rounds)
    )
    square = sum((drawn[home] - rounds * n / whole) ** 2 / (rounds * n / whole) for home, n in WEIGHTS.items())
    assert square < 16.27


def test_two_homes_are_drawn_as_often_as_drawing_without_putting_back_gives() -> None:
    """The chance that 丁 is among two: 5/11, or second after another home."""
    lying = {slip.hash: slip for slip in slips()}
    rounds = 4_000
    hits = sum(
        "丁" in {slip.home for slip in drawing.opened(drawing.lot_of(str(seed), "list", "w"), lying, 2)}
        for seed in range(rounds)
    )
    expected = 5 / 11 + sum(n / 11 * 5 / (11 - n) for home, n in WEIGHTS.items() if home != "丁")
    deviation = (expected * (1 - expected) / rounds) ** 0.5
    assert abs(hits / rounds - expected) < 4 * deviation


def test_inspectors_share_the_work() -> None:
    lying = slips({str(at): 1 for at in range(30)})
    pairs = drawing.pairs_of("lot", lying, [f"J{at}" for at in range(10)], 2)
    turns = Counter(one for pair in pairs for one in pair.inspectors)
    assert set(turns.values()) == {6}


def test_whoever_is_recused_is_never_sent() -> None:
    lying = slips({"甲": 3}, {"甲": ("J01",)})
    for seed in range(50):
        (pair,) = drawing.pairs_of(str(seed), lying, ["J01", "J02", "J03"], 2)
        assert set(pair.inspectors) == {"J02", "J03"}


def test_a_home_with_many_slips_is_drawn_once() -> None:
    lying = slips({"甲": 9, "乙": 1})
    opened = drawing.opened("lot", {slip.hash: slip for slip in lying}, 2)
    assert len(drawing.pairs_of("lot", opened, ["J1", "J2"], 2)) == 2


@pytest.mark.parametrize("is_whole", [False, True])
def test_a_true_record_is_replayed(is_whole: bool) -> None:
    assert faults(a_record(is_whole=is_whole)) == []


def test_a_public_record_tells_no_grade() -> None:
    record = a_record()
    assert "weights" not in record["revealed"] and "grades" not in record["revealed"]
    assert len(record["revealed"]["opened"]) < len(record["list"]["slips"])


def _another_seed(record: dict[str, Any]) -> None:
    record["revealed"]["seed"] = "a seed that suits better"


def _another_home(record: dict[str, Any]) -> None:
    record["revealed"]["result"][0]["home"] = "not drawn"


def _another_inspector(record: dict[str, Any]) -> None:
    record["revealed"]["result"][0]["inspectors"] = ["J09", "J10"]


def _another_list(record: dict[str, Any]) -> None:
    record["list"]["slips"].pop()


def _other_words(record: dict[str, Any]) -> None:
    record["revealed"]["words"] = "九九九"


def _a_slip_from_the_sleeve(record: dict[str, Any]) -> None:
    record["revealed"]["opened"][0]["nonce"] = "0" * 32


@pytest.mark.parametrize(
    "tamper",
    [_another_seed, _another_home, _another_inspector, _another_list, _other_words, _a_slip_from_the_sleeve],
)
def test_tampering_is_found(tamper: Any) -> None:
    record = a_record()
    tamper(record)
    assert faults(record)


def test_a_home_with_fewer_slips_than_its_grade_is_found_in_the_whole_record() -> None:
    record = a_record(is_whole=True)
    record["revealed"]["weights"]["甲"] = 4
    assert faults(record) == ["Whole record: each home has as many slips as its grade weighs."]


def test_an_open_draw_shows_its_commitment_alone() -> None:
    assert not faults(drawing.record({"commitment": "x", "list_digest": ""}, None, None))


def test_what_is_no_record_is_said() -> None:
    with pytest.raises(drawing.FaultyRecord):
        drawing.verify({"format": "other"})


def test_too_few_homes_or_inspectors_close_no_list() -> None:
    assert "only 2 are" in str(drawing.why_not_closed(2, 3, 4, 2, []))
    assert "only 1 are" in str(drawing.why_not_closed(5, 3, 1, 2, []))
    assert "卢峰镇敬老院" in str(drawing.why_not_closed(5, 3, 4, 2, ["卢峰镇敬老院"]))
    assert drawing.why_not_closed(5, 3, 4, 2, []) is None


def test_the_command_line_replays_a_record(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    record, file = a_record(), tmp_path / "C1.json"
    file.write_text(json.dumps(record), encoding="utf-8")
    assert draw_command(["verify", str(file)]) == 0
    _another_home(record)
    file.write_text(json.dumps(record), encoding="utf-8")
    assert draw_command(["verify", str(file)]) == 1
    assert "BAD" in capsys.readouterr().out
    file.write_text("{", encoding="utf-8")
    assert draw_command(["verify", str(file)]) == 1


def test_a_higher_risk_has_more_slips() -> None:
    weights = risk.Weights()
    counts = [risk.slips_of(letter, weights) for letter in risk.GRADES]
    assert counts == sorted(counts) and counts[0] >= 1
