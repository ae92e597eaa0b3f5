"""Decisions about assessments, without a database."""

import datetime as dt
from pathlib import Path

import pytest
import yaml

from yinling.assessments import rules
from yinling.assessments.rules import Entered, Finding, Signing
from yinling.engines.scales.instruments import Instrument, instrument_from
from yinling.kernel.reasons import Reason

PACK = Path(__file__).parents[2] / "packs" / "national" / "instruments" / "gbt_42195_2022.yaml"
NOW = dt.datetime(2026, 11, 23, 8, tzinfo=dt.UTC)


@pytest.fixture(scope="module")
def scale() -> Instrument:
    return instrument_from(yaml.safe_load(PACK.read_text(encoding="utf-8")))


def test_an_empty_draft_may_be_saved_and_everything_is_missing(scale: Instrument):
    assert rules.why_not_saved(scale, Entered(), NOW) == ()
    standing = rules.standing(scale, Entered())
    assert len(standing.missing) == 26 + len(scale.circumstances)
    assert standing.sub_scores == {}
    assert standing.result is None


def test_a_complete_part_has_its_sub_score_and_a_begun_one_none(scale: Instrument):
    first = {item.key: 3 for item in scale.groups[0].items}
    standing = rules.standing(scale, Entered(answers=first | {"B2.1": 4}))
    assert standing.sub_scores == {"B1": 24}


def test_an_illegal_answer_is_refused_and_gaps_are_not_named_beside_it(scale: Instrument):
    faults = rules.why_not_saved(scale, Entered(answers={"B2.4": 4}), NOW)
    assert [str(fault) for fault in faults] == [
        "B2.4 Stairs is answered 4; allowed are 3, 2, 1, 0. Choose one of them."
    ]


def test_coma_with_an_unanswered_item_on_consciousness_is_a_gap_not_a_fault(scale: Instrument):
    assert rules.why_not_saved(scale, Entered(circumstances={"in_coma": True}), NOW) == ()
    awake = Entered(answers={"B3.9": 2}, circumstances={"in_coma": True})
    assert len(rules.why_not_saved(scale, awake, NOW)) == 1


def test_a_visit_still_to_come_is_refused(scale: Instrument):
    faults = rules.why_not_saved(scale, Entered(happened_at=NOW + dt.timedelta(hours=1)), NOW)
    assert "still to come" in str(faults[0])


def ready(**changed: object) -> Signing:
    given = {
        "state": "draft", "missing": (), "happened_at": NOW, "place": "敬老院", "certificate_holds": True,
        "has_signed": False, "digest_seen": "a", "digest_now": "a",
    }  # fmt: skip
    return Signing(**(given | changed))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"state": "signed"}, "stays as it is"),
        ({"state": "void"}, "is void"),
        ({"certificate_holds": False}, "no assessor's certificate"),
        ({"has_signed": True}, "another assessor's"),
        ({"missing": (Reason("No answer."),)}, "1 answers are missing"),
        ({"happened_at": None}, "When and where"),
        ({"place": " "}, "When and where"),
        ({"digest_seen": "b"}, "changed after you opened"),
    ],
    ids=str,
)
def test_a_signature_is_refused_with_the_next_step(changed: dict[str, object], words: str):
    assert words in str(rules.why_not_signed(ready(**changed)))
    assert rules.why_not_signed(ready()) is None


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def test_each_level_holds_until_the_next_assessment_and_the_later_entry_of_a_day_counts():
    found = rules.spans(
        [Finding(3, day("2026-01-05"), 3), Finding(1, day("2024-05-01"), 1), Finding(4, day("2026-01-05"), 2)]
    )
    assert [(s.level, s.valid_from.isoformat(), s.valid_to and s.valid_to.isoformat()) for s in found] == [
        (1, "2024-05-01", "2026-01-05"),
        (2, "2026-01-05", None),
    ]


def test_without_assessments_there_is_no_level():
    assert rules.spans([]) == []


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [("2026-08-12", 12, "2027-08-12"), ("2026-08-31", 6, "2027-02-28"), ("2027-11-30", 3, "2028-02-29")],
)
def test_months_are_counted_by_the_calendar(start: str, months: int, end: str):
    assert rules.months_after(day(start), months) == day(end)


def test_several_reasons_read_one_after_the_other():
    assert str(rules.all_of([Reason("One."), Reason("Two."), Reason("Three.")])) == "One. Two. Three."
