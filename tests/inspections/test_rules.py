"""Decisions about inspections and hazards, without a database."""

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.inspections.builders import a_photo, fixings
from yinling.inspections.pictures import read
from yinling.inspections.rules import checklists, hazards, inspecting, pictures, risk
from yinling.kernel.clock import civil_date

PACK = Path(__file__).parents[2] / "packs" / "national" / "checklists"
TODAY = dt.date(2026, 3, 1)
DAY = dt.timedelta(days=1)


def a_list(key: str) -> checklists.Checklist:
    return checklists.checklist_from(yaml.safe_load((PACK / f"{key}.yaml").read_text(encoding="utf-8")))


def test_the_major_hazards_have_five_groups_and_twenty_two_circumstances_of_which_two_have_a_text() -> None:
    found = a_list("major_hazards")
    items = [item for group in found.groups for item in group.items]
    assert len([group for group in found.groups if group.key != checklists.UNPLACED]) == 5
    assert len(items) == 22 and {item.level for item in items} == {checklists.MAJOR}
    assert list(found.items) == ["art4.1", "art4.2"] and found.slots == 20


@pytest.mark.parametrize("key", ["fire", "food", "care_quality", "drills", "major_hazards"])
def test_every_list_of_the_pack_reads_and_none_is_called_verified(key: str) -> None:
    assert not a_list(key).verified


def test_a_slot_with_a_text_and_an_item_without_one_are_faults() -> None:
    data: dict[str, Any] = yaml.safe_load((PACK / "drills.yaml").read_text(encoding="utf-8"))
    item = data["groups"][0]["items"][0]
    item["basis"] = "slot"
    with pytest.raises(checklists.FaultyChecklist):
        checklists.checklist_from(data)
    item["basis"] = "own"
    del item["text"]
    with pytest.raises(checklists.FaultyChecklist):
        checklists.checklist_from(data)


def test_an_inspection_with_open_items_or_silent_faults_is_not_complete() -> None:
    fire = a_list("fire")
    given = {key: inspecting.Answered("yes") for key in fire.items}
    assert inspecting.missing(fire, given) == []
    assert len(inspecting.missing(fire, given | {"fire.1": inspecting.Answered("no", " ")})) == 1
    assert len(inspecting.missing(fire, {})) == 12


def a_signing(**more: Any) -> inspecting.Signing:
    given: dict[str, Any] = {
        "state": "started", "gaps": (), "is_refused_entry": False, "has_signed": False, "works_there": False,
        "kind": "planned", "interest": "", "digest_seen": "a", "digest_now": "a",
    }  # fmt: skip
    return inspecting.Signing(**(given | more))


def test_who_may_sign_and_who_may_not() -> None:
    gap = inspecting.missing(a_list("fire"), {})[0]
    assert inspecting.why_not_signed(a_signing()) is None
    assert inspecting.why_not_signed(a_signing(works_there=True, kind="self_check")) is None
    assert inspecting.why_not_signed(a_signing(gaps=(gap,), is_refused_entry=True)) is None
    for refused in (
        {"state": "signed"}, {"works_there": True}, {"interest": "儿子在院任职"}, {"has_signed": True},
        {"gaps": (gap,)}, {"digest_now": "b"},
    ):  # fmt: skip
        assert inspecting.why_not_signed(a_signing(**refused)), refused


def test_no_parameter_lowers_two_signatures_to_one() -> None:
    assert inspecting.signatures_needed("planned", 1) == 2
    assert inspecting.signatures_needed("random", 3) == 3
    assert inspecting.signatures_needed("self_check", 3) == 1


def test_the_result_follows_from_the_answers() -> None:
    bad = {"a": inspecting.Answered("no", "x")}
    assert inspecting.result_of({}, is_refused_entry=False, must_stop=False) == "no_problem"
    assert inspecting.result_of(bad, is_refused_entry=False, must_stop=False) == "ordered"
    assert inspecting.result_of(bad, is_refused_entry=False, must_stop=True) == "suspended"
    assert inspecting.result_of({}, is_refused_entry=True, must_stop=False) == "refused_entry"


def test_a_notice_fixes_all_five() -> None:
    today = civil_date()
    assert hazards.why_no_notice("found", "general", fixings(), today) is None
    for faulty in (
        {"responsible": " "}, {"measure": ""}, {"contingency": ""}, {"money_fen": -1}, {"due_on": today - DAY},
        {"due_on": today + 400 * DAY},
    ):  # fmt: skip
        assert hazards.why_no_notice("found", "general", fixings(**faulty), today), faulty
    assert hazards.why_no_notice("found", "", fixings(), today)
    assert hazards.why_no_notice("rectifying", "general", fixings(), today)


def a_recheck(**more: Any) -> hazards.Rechecking:
    given: dict[str, Any] = {
        "state": "submitted", "has_found_it": False, "has_submitted": False, "works_there": False, "interest": "",
        "verdict": "pass", "note": "",
    }  # fmt: skip
    return hazards.Rechecking(**(given | more))


def test_somebody_other_re_checks() -> None:
    assert hazards.why_not_rechecked(a_recheck()) is None
    for refused in (
        {"state": "rectifying"}, {"has_found_it": True}, {"has_submitted": True}, {"works_there": True},
        {"interest": "亲属"}, {"verdict": ""}, {"verdict": "return"},
    ):  # fmt: skip
        assert hazards.why_not_rechecked(a_recheck(**refused)), refused
    assert hazards.why_not_rechecked(a_recheck(verdict="return", note="灭火器仍未更换")) is None


def test_a_hazard_is_late_after_its_deadline_and_stays_so_when_closed_late() -> None:
    due = dt.date(2026, 2, 1)
    assert not hazards.is_overdue("rectifying", due, None, due)
    assert hazards.is_overdue("rectifying", due, None, due + DAY)
    assert hazards.is_overdue("closed", due, due + DAY, TODAY)
    assert not hazards.is_overdue("closed", due, due, TODAY)
    assert not hazards.is_overdue("found", None, None, TODAY)


def test_the_same_clause_comes_again_within_a_year() -> None:
    assert hazards.is_repeat(TODAY - 300 * DAY, TODAY, 12)
    assert not hazards.is_repeat(TODAY - 400 * DAY, TODAY, 12)
    assert not hazards.is_repeat(None, TODAY, 12)


def test_the_risk_grade_is_the_sum_of_its_lines() -> None:
    past = [
        risk.Past("major", TODAY - 10 * DAY, is_overdue=True, is_repeat=False),
        risk.Past("general", TODAY - 20 * DAY, is_overdue=False, is_repeat=True),
        risk.Past("general", TODAY - 900 * DAY, is_overdue=True, is_repeat=True),
    ]
    found = risk.grade(past, risk.Weights(), TODAY)
    assert found.sum == sum(line.sum for line in found.lines) == 20 + 3 + 5 + 5
    assert found.letter == "C"
    assert risk.grade([], risk.Weights(), TODAY).letter == "A"


def test_averages_count_closed_hazards_only() -> None:
    rows = [
        risk.Closed("general", 10, is_repeat=False, is_overdue=False),
        risk.Closed("general", 20, is_repeat=True, is_overdue=True),
        risk.Closed("major", None, is_repeat=False, is_overdue=True),
    ]
    found = risk.summary(rows)
    assert (found.found, found.open, found.overdue) == (3, 1, 1)
    assert (found.days_general, found.days_major) == (15, None)
    assert found.repeat_share == pytest.approx(1 / 3)
    assert risk.summary([]).repeat_share is None


def bits(**photo: Any) -> int:
    found = read(a_photo(**photo).getvalue()).bands
    assert found is not None
    return pictures.from_bands(found)


def test_a_photo_saved_smaller_is_the_same_picture_and_another_is_not() -> None:
    assert pictures.is_same_picture(bits(seed=3), bits(seed=3, size=(1280, 960)))
    assert pictures.is_same_picture(bits(seed=3), bits(seed=3, size=(200, 150)))
    assert not any(pictures.is_same_picture(bits(seed=3), bits(seed=other)) for other in (1, 2, 4, 5, 6))


def test_a_covered_lens_is_nobodys_duplicate() -> None:
    assert not pictures.is_same_picture(0, 0)


def test_bands_give_the_hash_back() -> None:
    assert pictures.from_bands(pictures.bands(0x0123456789ABCDEF)) == 0x0123456789ABCDEF


def test_what_is_no_picture_says_nothing() -> None:
    assert read(b"not a picture").bands is None


@pytest.mark.parametrize(
    ("stands", "late", "is_later", "is_own", "replaced"),
    [
        ("yes", "no", True, True, True),
        ("no", "yes", True, True, True),
        ("yes", "no", False, True, False),
        ("yes", "no", False, False, True),
        ("no", "yes", True, False, False),
        ("no", "no", True, False, False),
        ("yes", "na", True, False, False),
    ],
)
def test_a_late_answer_replaces_ones_own_earlier_one_and_a_milder_one_of_another(
    stands: str, late: str, is_later: bool, is_own: bool, replaced: bool
) -> None:
    noon = dt.datetime(2026, 3, 2, 12, tzinfo=dt.UTC)
    given_at = noon + dt.timedelta(hours=1 if is_later else -1)
    known, given = inspecting.Answered(stands), inspecting.Answered(late, "门锁着")
    assert inspecting.replaces(known, noon, given, given_at, is_own=is_own) is replaced
