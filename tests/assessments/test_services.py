"""From a plan to a level that counts; each refusal writes nothing."""

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
import yaml

from yinling.accounts.models import User
from yinling.assessments import queries, services
from yinling.assessments.models import Assessment, Instrument, Level, Signature
from yinling.assessments.services import PastResult, Proof
from yinling.kernel.crypto import unseal
from yinling.kernel.errors import NotAllowed, NotFound, Refused
from yinling.kernel.models import Change
from yinling.people.models import Person
from yinling.people.services import merge_files, undo_merge

from .builders import (
    FAR_VILLAGE,
    HECHENG,
    PACK,
    SYSTEM,
    a_person,
    an_assessor,
    answers_adding_up_to,
    entered,
    filled,
    is_loaded,
    nothing_remarkable,
    planned,
    scale,
    signed,
    signs,
    the_scales_are_loaded,
)

pytestmark = pytest.mark.django_db
CASES = yaml.safe_load((Path(__file__).parents[1] / "engines" / "scales" / "gbt_42195.yaml").read_text("utf-8"))


def changes(kind: str) -> list[dict[str, Any]]:
    return [change.data for change in Change.objects.filter(type=kind).order_by("id")]


@pytest.mark.parametrize("case", CASES["levels"], ids=lambda case: str(case["total"]))
def test_the_level_follows_from_the_26_items(elder: Person, case: dict[str, int]):
    found = filled(elder, total=case["total"])
    assert (found.total, found.initial_level, found.final_level) == (case["total"], case["level"], case["level"])
    assert list(found.sub_scores) == ["B1", "B2", "B3", "B4"]
    assert sum(found.sub_scores.values()) == case["total"]


@pytest.mark.parametrize("case", CASES["changes"], ids=lambda case: str(case["why"]))
def test_every_change_of_level_is_kept_with_its_reason(elder: Person, case: dict[str, Any]):
    found = filled(
        elder,
        answers=answers_adding_up_to(case["total"], **case.get("answers", {})),
        circumstances=nothing_remarkable(**case["circumstances"]),
    )
    found.refresh_from_db()
    assert (found.initial_level, found.final_level) == (case["initial"], case["final"])
    assert [str(reason) for reason, _, _ in found.change_reasons()] == case["reasons"]


@pytest.mark.parametrize("case", CASES["refused"], ids=lambda case: str(case["why"]))
def test_answers_that_cannot_stand_are_not_saved_or_not_signed(elder: Person, wu: User, case: dict[str, Any]):
    answers = {k: v for k, v in (answers_adding_up_to(90) | case["answers"]).items() if v is not None}
    facts = {k: v for k, v in nothing_remarkable(**case.get("circumstances", {})).items() if v is not None}
    found = planned(elder)
    try:
        services.save_draft(uid=found.uid, entered=entered(answers=answers, circumstances=facts), by=SYSTEM)
    except Refused:
        found.refresh_from_db()
        assert (found.answers, found.state) == ({}, "planned")
    else:  # only gaps: saved, but nobody can sign it
        with pytest.raises(Refused, match="missing"):
            signs(wu, found)
    assert not Level.objects.exists()


def test_a_draft_is_saved_with_gaps_and_has_no_level(elder: Person):
    found = services.save_draft(
        uid=planned(elder).uid, entered=entered(answers={"B1.1": 4}, circumstances={}), by=SYSTEM
    )
    assert (found.state, found.total, found.final_level, found.sub_scores) == ("draft", None, None, {})
    assert changes("assessments.saved")[0]["missing"] == 25 + len(scale().circumstances)


def test_numbers_are_readable_and_counted_per_county_and_year(elder: Person):
    year = dt.date.today().year
    assert planned(elder).number == f"PG431224-{year}-00001"
    assert planned(a_person("周桂英")).number == f"PG431224-{year}-00002"
    assert planned(a_person("吴玉珍", FAR_VILLAGE)).number == f"PG431202-{year}-00001"


def test_two_assessors_make_the_level_count_and_announce_it(elder: Person, wu: User, xiang: User):
    found = filled(elder, total=31)
    assert signs(wu, found).state == "first_signed"
    assert not Level.objects.exists()
    assert signs(xiang, found).state == "signed"
    level = queries.current_levels(elder)["gbt_42195"]
    assert (level.level, level.valid_from, level.valid_to) == (3, dt.date(2026, 8, 12), None)
    assert changes("assessments.level_changed") == [{"old": None, "new": 3, "instrument": "gbt_42195"}]
    assert [s.position for s in Signature.objects.order_by("id")] == [1, 2]


def test_one_assessor_cannot_sign_twice(elder: Person, wu: User):
    found = filled(elder)
    signs(wu, found)
    with pytest.raises(Refused, match="another assessor"):
        signs(wu, found)
    assert Signature.objects.count() == 1


def test_an_assessor_without_a_certificate_is_refused(elder: Person):
    with pytest.raises(Refused, match="certificate"):
        signs(an_assessor("new", certified=False), filled(elder))
    assert not Signature.objects.exists()


def test_a_certificate_that_ended_before_the_visit_does_not_count(elder: Person):
    late = an_assessor("late", certified=False)
    services.register_certificate(
        user_uid=late.uid, number="HN-1", valid_from=dt.date(2020, 1, 1), valid_to=dt.date(2026, 8, 12), by=SYSTEM
    )
    with pytest.raises(Refused, match="certificate"):
        signs(late, filled(elder, day="2026-08-12"))
    found = Assessment.objects.get()
    services.save_draft(uid=found.uid, entered=entered(day="2026-08-11"), by=SYSTEM)
    assert signs(late, found).state == "first_signed"


def test_a_wrong_password_signs_nothing_and_after_five_the_way_is_shut(elder: Person, wu: User):
    found = filled(elder)
    for _ in range(5):
        with pytest.raises(Refused, match="Nothing was signed"):
            signs(wu, found, proof=Proof("password", "wrong"))
    with pytest.raises(Refused, match="Wait"):
        signs(wu, found)
    assert not Signature.objects.exists()


def test_a_pin_signs_once_it_is_set(elder: Person, wu: User):
    found = filled(elder)
    with pytest.raises(Refused, match="no PIN yet"):
        signs(wu, found, proof=Proof("pin", "604812"))
    wu.set_password("604812")
    wu.pin_hash = wu.password
    assert signs(wu, found, proof=Proof("pin", "604812")).signatures.get().way == "pin"


def test_a_change_after_the_first_signature_makes_it_fall_away(elder: Person, wu: User, xiang: User):
    found = filled(elder, total=31)
    signs(wu, found)
    changed = services.save_draft(uid=found.uid, entered=entered(total=30), by=SYSTEM)
    assert changed.state == "draft"
    assert Signature.objects.get().fell_away_at is not None
    assert len(changes("assessments.signature_fell_away")) == 1
    assert signs(xiang, found).state == "first_signed"
    assert signs(wu, found).state == "signed"


def test_saving_the_same_again_leaves_the_signature(elder: Person, wu: User):
    found = filled(elder)
    signs(wu, found)
    assert services.save_draft(uid=found.uid, entered=entered(), by=SYSTEM).state == "first_signed"
    assert Signature.objects.get().fell_away_at is None


def test_a_page_opened_before_the_last_change_cannot_be_signed(elder: Person, wu: User):
    found = filled(elder)
    seen = services.digest_of(Assessment.objects.get())
    services.save_draft(uid=found.uid, entered=entered(total=60), by=SYSTEM)
    with pytest.raises(Refused, match="changed after you opened"):
        signs(wu, found, digest=seen)


def test_a_stored_level_that_does_not_follow_from_the_answers_is_not_signed(elder: Person, wu: User):
    found = filled(elder, total=31)
    Assessment.objects.filter(pk=found.pk).update(final_level=0)
    with pytest.raises(Refused, match="does not follow"):
        signs(wu, found)


def test_a_signed_assessment_is_never_edited(elder: Person, wu: User, xiang: User):
    found = signed(elder, wu, xiang)
    with pytest.raises(Refused, match="stays as it is"):
        services.save_draft(uid=found.uid, entered=entered(total=90), by=SYSTEM)
    found.refresh_from_db()
    assert found.total == 31


def test_voiding_needs_a_reason_and_lets_the_level_before_stand_again(elder: Person, wu: User, xiang: User):
    signed(elder, wu, xiang, total=70, day="2025-05-01")
    wrong = signed(elder, wu, xiang, total=31, day="2026-08-12")
    with pytest.raises(Refused, match="Say why"):
        services.void_assessment(uid=wrong.uid, reason=" ", by=SYSTEM)
    services.void_assessment(uid=wrong.uid, reason="评错了人", by=SYSTEM)
    assert queries.current_levels(elder)["gbt_42195"].level == 1
    assert [(c["old"], c["new"]) for c in changes("assessments.level_changed")] == [(None, 1), (1, 3), (3, 1)]
    with pytest.raises(Refused, match="void already"):
        services.void_assessment(uid=wrong.uid, reason="评错了人", by=SYSTEM)


def test_what_was_known_before_a_correction_can_be_asked_again(elder: Person, wu: User, xiang: User):
    wrong = signed(elder, wu, xiang, total=31, day="2026-08-12")
    then = dt.datetime.now(dt.UTC)
    services.void_assessment(uid=wrong.uid, reason="评错了人", by=SYSTEM)
    assert [level.level for level in Level.objects.as_of(dt.date(2026, 9, 1), then)] == [3]
    assert not Level.objects.as_of(dt.date(2026, 9, 1), dt.datetime.now(dt.UTC)).exists()


def test_an_older_result_entered_later_does_not_become_the_level(elder: Person, wu: User, xiang: User):
    signed(elder, wu, xiang, total=31, day="2026-08-12")
    signed(elder, wu, xiang, total=90, day="2024-08-12")
    assert queries.current_levels(elder)["gbt_42195"].level == 3
    assert queries.current_levels(elder, dt.date(2025, 1, 1))["gbt_42195"].level == 0
    assert len(changes("assessments.level_changed")) == 1


def test_the_old_scales_level_is_recorded_as_it_stands_beside_the_new_one(elder: Person, wu: User, xiang: User):
    services.record_legacy(
        person_uid=elder.uid,
        instrument_key="mzt_039",
        on=dt.date(2021, 6, 1),
        level=2,
        assessors="吴甲、向乙",
        by=SYSTEM,
    )
    signed(elder, wu, xiang, total=90)
    assert {key: level.level for key, level in queries.current_levels(elder).items()} == {"mzt_039": 2, "gbt_42195": 0}


def test_a_level_alone_is_never_accepted_for_a_scored_scale(elder: Person):
    with pytest.raises(Refused, match="a level alone is not accepted"):
        services.record_legacy(
            person_uid=elder.uid, instrument_key="gbt_42195", on=dt.date(2026, 6, 1), level=4, assessors="x", by=SYSTEM
        )
    with pytest.raises(Refused, match="has levels 0, 1, 2, 3"):
        services.record_legacy(
            person_uid=elder.uid, instrument_key="mzt_039", on=dt.date(2021, 6, 1), level=4, assessors="x", by=SYSTEM
        )
    assert not Assessment.objects.exists()


@pytest.mark.parametrize(("cannot", "level"), [(0, 0), (1, 1), (3, 1), (4, 2), (6, 2)])
def test_self_care_of_destitute_persons_follows_from_six_indicators(elder: Person, cannot: int, level: int):
    answers = {f"S.{n}": 0 if n <= cannot else 1 for n in range(1, 7)}
    found = services.record_self_care(
        person_uid=elder.uid, on=dt.date(2026, 6, 1), answers=answers, assessors="溆浦县民政局", by=SYSTEM
    )
    assert (found.final_level, found.valid_to) == (level, None)


def test_the_old_scale_cannot_be_planned_and_one_open_assessment_is_enough(elder: Person):
    with pytest.raises(Refused, match="old results only"):
        planned(elder, "mzt_039")
    planned(elder)
    with pytest.raises(Refused, match="still open"):
        planned(elder)


def test_other_counties_find_nothing(elder: Person):
    found = filled(elder)
    stranger = an_assessor("far", HECHENG)
    for act in (
        lambda: services.save_draft(uid=found.uid, entered=entered(), by=stranger),
        lambda: signs(stranger, found),
        lambda: services.void_assessment(uid=found.uid, reason="不是我们的", by=stranger),
        lambda: services.report_change_of_condition(person_uid=elder.uid, note="摔倒后卧床", by=stranger),
        lambda: queries.one_assessment(found.uid, stranger),
    ):
        with pytest.raises(NotFound):
            act()


def test_the_history_of_merged_files_is_one(elder: Person, wu: User, xiang: User):
    twin_file = a_person("舒桂兰", 431224100002)
    signed(twin_file, wu, xiang, total=70, day="2025-05-01")
    signed(elder, wu, xiang, total=31)
    merge_files(uid=twin_file.uid, into=elder.uid, by=SYSTEM)
    steps = queries.levels_of(queries.history_of(elder), queries.scales())["gbt_42195"]
    assert [step.level for step in steps] == [1, 3]
    assert queries.current_levels(elder)["gbt_42195"].level == 3
    undo_merge(uid=twin_file.uid, by=SYSTEM)
    elder.refresh_from_db()
    assert len(queries.history_of(elder)) == 1


def test_words_are_sealed_and_codes_are_plain(elder: Person):
    found = filled(elder, notes={"place": "卢峰镇敬老院", "illnesses": "高血压"}, form_a={"living": ["alone"]})
    found.refresh_from_db()
    assert "高血压".encode() not in bytes(found.notes_sealed)
    assert "高血压" in unseal(found.notes_sealed, found.notes_where)
    assert found.form_a == {"living": ["alone"]}


def test_loading_the_same_scales_again_changes_nothing_and_a_correction_supersedes(elder: Person):
    before = filled(elder)
    assert the_scales_are_loaded() == []
    data = yaml.safe_load((PACK / "gbt_42195_2022.yaml").read_text(encoding="utf-8"))
    data["stack_upgrades"]["verified"] = True
    assert is_loaded(data) == ["changed gbt_42195 2022"]
    assert Instrument.objects.filter(key="gbt_42195").count() == 2
    assert before.instrument != queries.instrument("gbt_42195")


def test_a_faulty_scale_is_refused_with_its_file(elder: Person):
    data = yaml.safe_load((PACK / "gbt_42195_2022.yaml").read_text(encoding="utf-8"))
    data["levels"][0]["lowest"] = 91
    with pytest.raises(Refused, match=r"bad\.yaml"):
        is_loaded(data, "bad.yaml")


def test_many_results_are_scored_and_dated_like_single_ones(elder: Person, wu: User):
    other = a_person("吴玉珍", FAR_VILLAGE)
    given = [
        PastResult(elder.pk, elder.place_key, dt.date(2024, 5, 1), answers_adding_up_to(70), "评估中心"),
        PastResult(elder.pk, elder.place_key, dt.date(2026, 5, 1), answers_adding_up_to(31), "评估中心", "regular"),
        PastResult(
            other.pk, other.place_key, dt.date(2026, 5, 1), answers_adding_up_to(70), "评估中心",
            circumstances={"dementia_diagnosed": True},
        ),
    ]  # fmt: skip
    assert services.load_results(instrument_key="gbt_42195", results=given, by=SYSTEM) == 3
    assert [s.level for s in queries.levels_of(queries.history_of(elder), queries.scales())["gbt_42195"]] == [1, 3]
    assert queries.current_levels(other)["gbt_42195"].level == 2
    one = Assessment.objects.get(person=other)
    assert (one.number, one.valid_to) == ("PG431202-2026-00001", dt.date(2027, 5, 1))
    assert "1 to 2" in str(one.change_reasons()[0][0])
    assert Change.objects.filter(type="assessments.results_loaded").count() == 1
    with pytest.raises(NotAllowed):
        services.load_results(instrument_key="gbt_42195", results=given, by=an_assessor("far", HECHENG))
