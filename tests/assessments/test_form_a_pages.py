"""Form A through the pages and on the paper; the informant's signature; a change of condition from button to level."""

import datetime as dt

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from tests.conftest import client_of
from yinling.accounts.models import User
from yinling.assessments import duties, presenting, printing, queries, services
from yinling.assessments.models import Assessment, ConditionReport, Evidence
from yinling.kernel.clock import civil_date, now
from yinling.kernel.errors import Refused
from yinling.kernel.models import Change
from yinling.people.models import Person
from yinling.people.services import join_category
from yinling.worklist.models import WorkItem

from .builders import HECHENG, SYSTEM, an_assessor, entered, filled, planned, signed, signs, somebody
from .test_pages import PNG, posted, reference_is_loaded, text_of, url

pytestmark = [
    pytest.mark.django_db, pytest.mark.urls("tests.assessments.addresses"), pytest.mark.usefixtures("own_files"),
]  # fmt: skip
HEALTH = {
    "height_cm": "160", "weight_kg": "50", "diseases": ["hypertension", "diabetes"], "illnesses": "痛风",
    "medicines": "氨氯地平，口服，5 mg，每日一次", "pressure_sore": "2", "wounds": ["none"], "religion": "has",
    "contact_name": "张大妹",
}  # fmt: skip


def test_codes_stay_plain_and_words_are_sealed(elder: Person, wu: User):
    found = planned(elder)
    assert client_of(wu).post(url("entry", found), {**posted(31), **HEALTH}).status_code == 302
    found.refresh_from_db()
    assert found.form_a == {
        "height_cm": 160, "weight_kg": 50, "diseases": ["hypertension", "diabetes"], "pressure_sore": "2",
        "wounds": ["none"],
    }  # fmt: skip
    assert found.notes()["illnesses"] == "痛风" and found.notes()["religion"] == "has"
    assert "痛风".encode() not in bytes(found.notes_sealed)


def test_the_form_shows_again_what_was_saved(elder: Person, wu: User):
    found, client = planned(elder), client_of(wu)
    client.post(url("entry", found), {**posted(31), **HEALTH})
    text = text_of(client.get(url("entry", found)))
    assert "氨氯地平，口服，5 mg，每日一次" in text and "疾病诊断和用药情况" in text
    assert text.count("checked") == len(posted(31)) - 3 - 5 + 3  # items and yes or no; two illnesses and "none" below


def test_none_beside_something_is_refused_and_nothing_is_saved(elder: Person, wu: User):
    found = planned(elder)
    response = client_of(wu).post(url("entry", found), {**posted(31), "wounds": ["none", "burn"]})
    assert response.status_code == 422 and "伤口情况" in text_of(response)
    found.refresh_from_db()
    assert found.state == "planned"


def test_a_code_that_form_a_does_not_have_is_refused_by_the_service_too(elder: Person):
    found = planned(elder)
    with pytest.raises(Refused, match="awful"):
        services.save_draft(uid=found.uid, entered=entered(form_a={"pain": "awful"}), by=SYSTEM)
    found.refresh_from_db()
    assert found.form_a == {} and found.state == "planned"


def test_the_report_shows_codes_and_keeps_words_sealed(elder: Person, wu: User):
    found = filled(elder, form_a={"diseases": ["hypertension"]}, notes={"place": "家", "illnesses": "痛风"})
    text = text_of(client_of(wu).get(url("report", found)))
    assert "高血压病" in text and "痛风" not in text and "封存" in text


def test_the_masked_paper_keeps_health_in_words_to_itself(elder: Person):
    found = filled(elder, form_a={"diseases": ["hypertension"]}, notes={"place": "家", "illnesses": "痛风"})
    found = queries.one_assessment(found.uid, SYSTEM)
    for opened, shown in ((False, False), (True, True)):
        lines = [line for _, section in presenting.form_a_lines(found, opened=opened) for line in section]
        assert any(line.text == "痛风" for line in lines) is shown


def test_the_paper_has_forms_a_b_and_c(elder: Person, wu: User, xiang: User):
    reference_is_loaded()
    found = planned(elder)
    client_of(wu).post(url("entry", found), {**posted(31), **HEALTH})
    signs(wu, found)
    signs(xiang, found)
    found = queries.one_assessment(found.uid, SYSTEM)
    paper = printing.report_pdf(found, printing.Opening("舒桂兰", "", is_masked=False), is_demonstration=True)
    only_c = printing.report_pdf(
        paper_result(elder), printing.Opening("舒桂兰", "", is_masked=False), is_demonstration=True
    )
    assert paper[:5] == b"%PDF-" and len(paper) > 2 * len(only_c)


def paper_result(elder: Person) -> Assessment:
    """A result of the old scale: it has no answers, so form C alone is printed."""
    done = services.record_legacy(
        person_uid=elder.uid, instrument_key="mzt_039", on=dt.date(2021, 6, 1), level=2, assessors="吴甲", by=SYSTEM
    )
    return queries.one_assessment(done.uid, SYSTEM)


def test_a_result_that_has_run_out_says_so(elder: Person, wu: User, xiang: User):
    signed(elder, wu, xiang, day="2024-08-12")
    assert "已到期" in text_of(client_of(wu).get(url("panel", elder)))


def test_the_informant_signs_by_drawing_and_it_stands_on_the_paper(elder: Person, wu: User):
    found, client = filled(elder), client_of(wu)
    drawn = {"informant_drawing": SimpleUploadedFile("signature.png", PNG, "image/png")}
    assert client.post(url("informant", found), drawn).status_code == 302
    evidence = Evidence.objects.get()
    assert evidence.kind == "informant"
    assert printing.drawings_of(queries.one_assessment(found.uid, SYSTEM)) == [evidence.file_uid]
    assert "信息提供者已签名" in text_of(client.get(url("sign", found)))


def test_who_cannot_draw_types_the_name(elder: Person, wu: User):
    found, client = filled(elder), client_of(wu)
    assert client.post(url("informant", found), {"typed_name": "张小妹"}).status_code == 302
    assert client.get(url("pdf", found)).content[:5] == b"%PDF-"
    picture = b"".join(client.get(url("file", found, Evidence.objects.get().file_uid)).streaming_content)
    assert "张小妹" in picture.decode()


def test_a_signature_of_nothing_is_refused(elder: Person, wu: User):
    response = client_of(wu).post(url("informant", filled(elder)), {"typed_name": "  "})
    assert response.status_code == 422 and not Evidence.objects.exists()


def test_a_void_assessment_takes_no_signature(elder: Person):
    found = filled(elder)
    services.void_assessment(uid=found.uid, reason="家人不同意", by=SYSTEM)
    with pytest.raises(Refused, match="void"):
        services.sign_as_informant(uid=found.uid, typed_name="张小妹", by=SYSTEM)
    assert not Evidence.objects.exists()


def test_another_countys_informant_reads_not_found(elder: Person):
    stranger = client_of(an_assessor("far", HECHENG))
    assert stranger.post(url("informant", filled(elder)), {"typed_name": "x"}).status_code == 404


def test_a_changed_condition_goes_from_the_button_to_a_new_level(elder: Person, wu: User, xiang: User):
    """Reported on the person's panel, on the county's list with its reason, planned, signed, announced, settled."""
    reference_is_loaded()
    signed(elder, wu, xiang, total=70, day="2026-03-01")
    clerk = client_of(somebody("county_clerk", 431224000000, "clerk"))
    assert url("condition", elder) in text_of(clerk.get(url("panel", elder)))
    sent = {"note": "摔倒后卧床", "noticed_by": "child"}
    assert clerk.post(url("condition", elder), sent).status_code == 302
    item = WorkItem.objects.open().get(kind=duties.CONDITION)
    assert reverse(item.next_url_name, args=item.next_args) == url("plan", elder)
    plan = text_of(clerk.get(url("plan", elder)))
    assert "摔倒后卧床" in plan and "子女" in plan and '<option value="immediate" selected>' in plan
    assert Change.objects.filter(type="assessments.condition_read", subject_uid=elder.uid).exists()
    day = civil_date()
    plan_it = {"instrument_key": "gbt_42195", "reason": "immediate", "planned_on": day.isoformat()}
    assert clerk.post(url("plan", elder), plan_it).status_code == 302
    found = Assessment.objects.get(reason="immediate")
    services.save_draft(uid=found.uid, entered=entered(31, happened_at=now()), by=wu)
    signs(wu, found)
    assert WorkItem.objects.open().filter(kind=duties.CONDITION).exists()
    signs(xiang, found)
    assert not WorkItem.objects.open().filter(kind=duties.CONDITION).exists()
    assert ConditionReport.objects.get().settled_by == found
    announced = Change.objects.filter(type="assessments.level_changed", subject_uid=elder.uid).latest("id")
    assert (announced.data["old"], announced.data["new"]) == (1, 3)


def test_a_report_waiting_is_said_on_the_panel_without_its_words(elder: Person, wu: User):
    services.report_change_of_condition(person_uid=elder.uid, note="摔倒后卧床", by=SYSTEM, noticed_by="child")
    text = text_of(client_of(wu).get(url("panel", elder)))
    assert "有人报告" in text and "摔倒后卧床" not in text


def test_who_noticed_it_is_a_code_of_the_list(elder: Person):
    reference_is_loaded()
    with pytest.raises(Refused, match="not in the list"):
        services.report_change_of_condition(person_uid=elder.uid, note="摔倒后卧床", by=SYSTEM, noticed_by="ghost")
    assert not ConditionReport.objects.exists()


def test_the_clock_of_a_destitute_person_follows_the_pack(elder: Person):
    join_category(uid=elder.uid, category="destitute", on=dt.date(2024, 1, 1), by=SYSTEM, source="test")
    services.report_change_of_condition(person_uid=elder.uid, note="摔倒后卧床", by=SYSTEM)
    due = WorkItem.objects.open().get(kind=duties.CONDITION).due_at
    assert due is not None and dt.timedelta(days=13) < due - now() < dt.timedelta(days=15)
