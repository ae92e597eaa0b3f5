"""A hazard from its finding to its end; every refusal, with nothing written."""

from typing import Any

import pytest

from tests.conftest import HECHENG, QIAOJIANG
from yinling.accounts.models import User
from yinling.inspections import queries, services
from yinling.inspections.models import Extension, Hazard, Notice, Photo, Step, Submission
from yinling.inspections.services import What
from yinling.institutions.models import Institution
from yinling.kernel.clock import civil_date
from yinling.kernel.errors import NotAllowed, NotFound, Refused
from yinling.kernel.uids import new_uid
from yinling.worklist.models import Subject, WorkItem

from .builders import (
    BY,
    DAY,
    a_hazard,
    a_home,
    a_manager,
    a_notice,
    a_photo,
    a_planned_inspection,
    an_inspector,
    answered,
    fixings,
    handed_in,
    signed_by,
)

pytestmark = pytest.mark.django_db


def fresh(hazard: Hazard) -> Hazard:
    return Hazard.objects.get(pk=hazard.pk)


def duties(hazard: Hazard) -> set[str]:
    waiting = WorkItem.objects.open().filter(subject_uid=hazard.uid)
    return {kind.removeprefix("inspections.") for kind in waiting.values_list("kind", flat=True)}


def test_the_whole_life_of_a_hazard(home: Institution, manager: User, inspector: User) -> None:
    hazard = a_hazard(home, inspector)
    assert duties(hazard) == {"notice"}
    notice = a_notice(hazard, inspector)
    assert notice.number.startswith("T431224-") and duties(hazard) == {"rectify"}
    assert WorkItem.objects.open().get(subject_uid=hazard.uid).user == manager
    services.submit_work(uid=hazard.uid, words="通道已清空", by=manager)
    assert duties(hazard) == {"recheck"}
    other = an_inspector("other")
    services.recheck(uid=hazard.uid, verdict="return", note="二楼仍有堆物", by=other)
    assert fresh(hazard).times_returned == 1 and duties(hazard) == {"rectify"}
    services.submit_work(uid=hazard.uid, words="二楼也已清空", by=manager)
    services.recheck(uid=hazard.uid, verdict="pass", note="", by=other)
    assert fresh(hazard).state == "closed" and duties(hazard) == set()
    verbs = [step.verb for step in queries.steps_of(hazard)]
    assert verbs == ["found", "notice", "submitted", "returned", "submitted", "closed"]


def test_an_origin_finds_an_item_once(home: Institution) -> None:
    alert = Subject("alert", new_uid())
    for _again in range(2):
        services.find_hazard(
            institution_uid=home.uid, what=What("三个烟感 10 分钟内报警", item="fire.5"), origin=alert, by=BY
        )
    assert Hazard.objects.get().origin_kind == "alert"


@pytest.mark.parametrize(
    "what", [What("短"), What("疏散通道堆物", level="huge"), What("疏散通道堆物", found_on=civil_date() + DAY)]
)
def test_what_is_no_hazard_is_not_written_down(home: Institution, what: What) -> None:
    with pytest.raises(Refused):
        services.find_hazard(institution_uid=home.uid, what=what, by=BY)
    assert not Hazard.objects.exists()


def test_staff_report_their_own_home_and_no_other(home: Institution, manager: User) -> None:
    assert a_hazard(home, manager)
    with pytest.raises(NotFound):
        a_hazard(a_home("桥江镇敬老院", QIAOJIANG), manager)
    assert Hazard.objects.count() == 1


def test_the_same_clause_again_is_a_repeat(home: Institution) -> None:
    first = a_hazard(home)
    assert a_hazard(home).repeats == first
    assert a_hazard(home, item="fire.2").repeats is None
    assert a_hazard(a_home("桥江镇敬老院", QIAOJIANG)).repeats is None


@pytest.mark.parametrize("faulty", [{"responsible": ""}, {"due_on": civil_date() - DAY}, {"contingency": " "}])
def test_a_notice_without_all_five_fixings_is_refused(home: Institution, faulty: dict[str, Any]) -> None:
    hazard = a_hazard(home)
    with pytest.raises(Refused):
        a_notice(hazard, **faulty)
    assert not Notice.objects.exists() and fresh(hazard).state == "found"


def test_an_ungraded_hazard_gets_no_notice_and_a_second_notice_is_refused(home: Institution) -> None:
    hazard = a_hazard(home, level="")
    with pytest.raises(Refused, match="Grade the hazard first"):
        a_notice(hazard)
    a_notice(hazard, level="general")
    with pytest.raises(Refused, match="has its notice already"):
        a_notice(hazard)
    assert Notice.objects.count() == 1


def test_a_home_issues_no_notice_and_the_county_hands_in_no_work(
    home: Institution, manager: User, inspector: User
) -> None:
    hazard = a_hazard(home)
    with pytest.raises(NotAllowed):
        services.issue_notice(uid=hazard.uid, level="general", fixings=fixings(), by=manager)
    a_notice(hazard)
    with pytest.raises(NotAllowed):
        services.submit_work(uid=hazard.uid, words="通道已清空", by=inspector)
    assert not Submission.objects.exists()


def test_work_is_handed_in_after_the_notice_once_and_with_words(home: Institution, manager: User) -> None:
    hazard = a_hazard(home)
    with pytest.raises(Refused, match="notice has not been issued"):
        services.submit_work(uid=hazard.uid, words="通道已清空", by=manager)
    a_notice(hazard)
    with pytest.raises(Refused, match="Say what was done"):
        services.submit_work(uid=hazard.uid, words="", by=manager)
    services.submit_work(uid=hazard.uid, words="通道已清空", by=manager)
    with pytest.raises(Refused, match="nothing to hand in"):
        services.submit_work(uid=hazard.uid, words="通道已清空", by=manager)
    assert Submission.objects.count() == 1


def test_a_photographed_hazard_needs_a_photo_from_the_same_angle(
    home: Institution, manager: User, inspector: User
) -> None:
    hazard = a_hazard(home, inspector)
    before = services.photograph_hazard(uid=hazard.uid, stage="found", stream=a_photo(1), name="a", by=inspector)
    a_notice(hazard)
    with pytest.raises(Refused, match="same angle"):
        services.submit_work(uid=hazard.uid, words="通道已清空", by=manager)
    with pytest.raises(Refused, match="This very photo"):
        services.photograph_hazard(uid=hazard.uid, stage="done", stream=a_photo(1), name="a", by=manager)
    after = services.photograph_hazard(
        uid=hazard.uid, stage="done", stream=a_photo(2), name="b", angle_of=before.uid, by=manager
    )
    assert after.angle_of == before
    services.submit_work(uid=hazard.uid, words="通道已清空", by=manager)
    services.recheck(uid=hazard.uid, verdict="return", note="角落仍有堆物", by=an_inspector("other"))
    with pytest.raises(Refused, match="same angle"):  # the old photo shows the work that was sent back
        services.submit_work(uid=hazard.uid, words="这次清空了", by=manager)
    assert Photo.objects.count() == 2


def test_photos_belong_to_their_stage(home: Institution, manager: User, inspector: User) -> None:
    hazard = a_hazard(home)
    for stage, user in (("done", manager), ("recheck", inspector)):
        with pytest.raises(Refused):
            services.photograph_hazard(uid=hazard.uid, stage=stage, stream=a_photo(), name="a", by=user)
    assert not Photo.objects.exists()


def test_who_found_it_does_not_re_check(home: Institution, inspector: User) -> None:
    hazard = handed_in(home, by=inspector)
    with pytest.raises(Refused, match="Somebody else re-checks"):
        services.recheck(uid=hazard.uid, verdict="pass", note="", by=inspector)
    assert fresh(hazard).state == "submitted" and Submission.objects.get().rechecked_at is None


def test_neither_of_the_two_who_signed_the_inspection_re_checks(home: Institution, manager: User) -> None:
    first, second = an_inspector("first"), an_inspector("second")
    signed_by(answered(a_planned_inspection(home, first, second), fire_1="堆物"), first, second)
    hazard = Hazard.objects.get()
    a_notice(hazard)
    services.submit_work(uid=hazard.uid, words="通道已清空", by=manager)
    for user in (first, second):
        with pytest.raises(Refused, match="You found this hazard"):
            services.recheck(uid=hazard.uid, verdict="pass", note="", by=user)
    services.recheck(uid=hazard.uid, verdict="pass", note="", by=an_inspector("third"))


def test_an_interest_keeps_from_re_checking(home: Institution, inspector: User) -> None:
    hazard = handed_in(home)
    services.declare_interest(institution_uid=home.uid, why="姐姐在院居住", by=inspector)
    with pytest.raises(Refused, match="declared an interest"):
        services.recheck(uid=hazard.uid, verdict="pass", note="", by=inspector)


def test_a_return_says_what_is_missing_and_a_verdict_is_needed(home: Institution, inspector: User) -> None:
    hazard = handed_in(home)
    for verdict in ("return", "perhaps"):
        with pytest.raises(Refused):
            services.recheck(uid=hazard.uid, verdict=verdict, note="", by=inspector)
    assert fresh(hazard).state == "submitted"


def test_more_time_is_granted_by_somebody_else(home: Institution, manager: User, inspector: User) -> None:
    hazard = a_hazard(home)
    a_notice(hazard)
    later = civil_date() + 30 * DAY
    asked = services.ask_extension(uid=hazard.uid, until=later, reason="配件未到货", by=manager)
    assert "extend" in duties(hazard) and fresh(hazard).due_on == civil_date() + 10 * DAY
    services.decide_extension(uid=asked.uid, is_granted=True, note="", by=inspector)
    assert fresh(hazard).due_on == later and duties(hazard) == {"rectify"}
    with pytest.raises(Refused, match="decided already"):
        services.decide_extension(uid=asked.uid, is_granted=False, note="", by=inspector)


def test_an_extension_that_is_none_is_refused(home: Institution, manager: User) -> None:
    hazard = a_hazard(home)
    later = civil_date() + 30 * DAY
    with pytest.raises(Refused, match="under way"):
        services.ask_extension(uid=hazard.uid, until=later, reason="配件未到货", by=manager)
    a_notice(hazard)
    for until, reason in ((civil_date() + DAY, "配件未到货"), (later, ""), (civil_date() + 500 * DAY, "配件未到货")):
        with pytest.raises(Refused):
            services.ask_extension(uid=hazard.uid, until=until, reason=reason, by=manager)
    assert not Extension.objects.exists()
    services.ask_extension(uid=hazard.uid, until=later, reason="配件未到货", by=manager)
    with pytest.raises(Refused, match="asked for already"):
        services.ask_extension(uid=hazard.uid, until=later, reason="配件未到货", by=manager)


def test_a_refused_extension_leaves_the_deadline(home: Institution, manager: User, inspector: User) -> None:
    hazard = a_hazard(home)
    a_notice(hazard)
    asked = services.ask_extension(uid=hazard.uid, until=civil_date() + 30 * DAY, reason="配件未到货", by=manager)
    services.decide_extension(uid=asked.uid, is_granted=False, note="先行隔离", by=inspector)
    assert fresh(hazard).due_on == civil_date() + 10 * DAY


def test_a_major_hazard_is_listed_reported_and_shuts_part_of_the_home(home: Institution, inspector: User) -> None:
    hazard = a_hazard(home, level="major")
    assert duties(hazard) == {"notice", "report"}
    services.list_hazard(uid=hazard.uid, words="", by=inspector)
    services.report_upward(uid=hazard.uid, words="已书面报市民政局", by=inspector)
    services.shut_part(uid=hazard.uid, part="二号楼", by=inspector)
    assert duties(hazard) == {"notice"}
    with pytest.raises(Refused, match="shut for this hazard already"):
        services.shut_part(uid=hazard.uid, part="三号楼", by=inspector)
    with pytest.raises(Refused, match="stays major"):
        services.grade_hazard(uid=hazard.uid, level="general", reason="当时看错了", by=inspector)
    a_notice(hazard)
    services.submit_work(uid=hazard.uid, words="已拆除夹芯板", by=a_manager(home))
    services.recheck(uid=hazard.uid, verdict="pass", note="", by=inspector)
    assert fresh(hazard).reopened_at is not None
    assert Step.objects.filter(hazard=hazard, verb="reopened").exists()


def test_a_general_hazard_is_not_listed_reported_or_shutting(home: Institution, inspector: User) -> None:
    hazard = a_hazard(home)
    for act in (
        lambda: services.list_hazard(uid=hazard.uid, words="", by=inspector),
        lambda: services.report_upward(uid=hazard.uid, words="已书面报市民政局", by=inspector),
        lambda: services.shut_part(uid=hazard.uid, part="二号楼", by=inspector),
    ):
        with pytest.raises(Refused, match="Only a major hazard"):
            act()
    assert fresh(hazard).listed_at is None and Step.objects.count() == 1


def test_grading_needs_a_reason_and_a_major_one_is_reported(home: Institution, inspector: User) -> None:
    hazard = a_hazard(home)
    with pytest.raises(Refused, match="by what"):
        services.grade_hazard(uid=hazard.uid, level="major", reason="", by=inspector)
    assert fresh(hazard).level == "general"
    services.grade_hazard(uid=hazard.uid, level="major", reason="专家论证", by=inspector)
    assert fresh(hazard).level == "major" and "report" in duties(hazard)
    services.grade_hazard(uid=hazard.uid, level="general", reason="复核后认定", by=inspector)
    assert "report" not in duties(hazard)


def test_a_report_upward_names_its_paper_and_a_shut_part_its_name(home: Institution, inspector: User) -> None:
    hazard = a_hazard(home, level="major")
    with pytest.raises(Refused):
        services.report_upward(uid=hazard.uid, words="", by=inspector)
    with pytest.raises(Refused):
        services.shut_part(uid=hazard.uid, part=" ", by=inspector)
    assert fresh(hazard).reported_at is None and fresh(hazard).shut_at is None


def test_a_mistake_is_taken_back_before_its_notice_only(home: Institution, inspector: User) -> None:
    hazard, kept = a_hazard(home), a_hazard(home, item="fire.2")
    with pytest.raises(Refused, match="Say why"):
        services.void_hazard(uid=hazard.uid, reason="", by=inspector)
    services.void_hazard(uid=hazard.uid, reason="现场为临时搬运", by=inspector)
    assert fresh(hazard).state == "void" and duties(hazard) == set()
    a_notice(kept)
    with pytest.raises(Refused, match="not taken away"):
        services.void_hazard(uid=kept.uid, reason="现场为临时搬运", by=inspector)


def test_the_grade_of_a_home_follows_from_its_hazards_alone(home: Institution) -> None:
    assert queries.grade_of(home).letter == "A"
    a_hazard(home, level="major")
    a_hazard(home)
    found = queries.grade_of(home)
    assert found.sum == 20 + 3 + 5 and found.letter == "B"
    assert queries.grades_of([home.pk, 999], civil_date())[999].sum == 0


def test_the_board_counts_what_the_supervisor_sees(home: Institution, inspector: User) -> None:
    hazard = handed_in(home)
    services.recheck(uid=hazard.uid, verdict="pass", note="", by=inspector)
    a_hazard(a_home("鹤城敬老院", HECHENG))
    total, rows = queries.board(inspector, 431224000000, civil_date() - DAY)
    assert (total.found, total.open, total.days_general) == (1, 0, 0)
    assert {row.name: row.summary.found for row in rows} == {"卢峰镇": 1}
    looks = {one.what: one for one in queries.punctuality(inspector, 431224000000, civil_date() - DAY)}
    assert looks["rechecks"].done == 1 and looks["rechecks"].on_time == 1.0
