"""Pages: what they show, to whom, with how many statements; nothing that a client computes is believed."""

import datetime as dt
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.conftest import client_of
from tests.pictures import a_png
from yinling.accounts.models import User
from yinling.assessments import services
from yinling.assessments.models import Assessment, AssessorCertificate, ConditionReport, Evidence, Signature
from yinling.kernel.models import Change
from yinling.people.models import Person
from yinling.reference.services import load_code_lists

from .builders import (
    HECHENG,
    PASSWORD,
    SYSTEM,
    a_person,
    an_assessor,
    answers_adding_up_to,
    filled,
    nothing_remarkable,
    planned,
    scale,
    signed,
    somebody,
)

pytestmark = [
    pytest.mark.django_db, pytest.mark.urls("tests.assessments.addresses"), pytest.mark.usefixtures("own_files"),
]  # fmt: skip
PNG = a_png()
MOST = 12  # statements of a page, session and user included


def posted(total: int = 31, **changed: str) -> dict[str, str]:
    """A complete form as a browser sends it."""
    facts = {f"fact-{key}": "no" if value is False else str(value) for key, value in nothing_remarkable().items()}
    return {
        **{f"item-{key}": str(score) for key, score in answers_adding_up_to(total).items()}, **facts,
        "happened_on": "2026-08-12", "happened_time": "10:00", "place": "卢峰镇敬老院", **changed,
    }  # fmt: skip


def url(name: str, thing: Any, *more: Any) -> str:
    return reverse(f"assessments:{name}", args=[thing.uid, *more])


def text_of(response: Any) -> str:
    return str(response.content.decode())


def test_no_answer_is_chosen_beforehand(elder: Person, wu: User):
    text = text_of(client_of(wu).get(url("entry", planned(elder))))
    assert text.count('type="radio"') == sum(len(i.options) for i in scale().items) + 3 * 2
    assert "checked" not in text


def test_a_level_and_a_total_sent_by_the_client_are_ignored(elder: Person, wu: User):
    found = planned(elder)
    sent = posted(31) | {"level": "0", "final_level": "0", "total": "90", "changes": "[]", "sub_scores": "{}"}
    assert client_of(wu).post(url("entry", found), sent).status_code == 302
    found.refresh_from_db()
    assert (found.total, found.initial_level, found.final_level) == (31, 3, 3)


def test_a_half_filled_form_is_saved_and_says_what_is_missing(elder: Person, wu: User):
    found, client = planned(elder), client_of(wu)
    client.post(url("entry", found), {"item-B1.1": "4", "item-B1.2": "3"})
    text = text_of(client.get(url("entry", found), follow=True))
    assert "已保存" in text
    assert 'href="#B1.3"' in text and 'href="#B1.1"' not in text
    assert text.count("checked") == 2
    found.refresh_from_db()
    assert found.answers == {"B1.1": 4, "B1.2": 3}


def test_sub_scores_show_after_saving_a_whole_part(elder: Person, wu: User):
    found, client = planned(elder), client_of(wu)
    client.post(url("entry", found), {key: value for key, value in posted(90).items() if key.startswith("item-B2")})
    assert "15 分，满分 15 分" in text_of(client.get(url("entry", found)))


def test_what_cannot_stand_is_refused_and_what_was_typed_stays(elder: Person, wu: User):
    found = planned(elder)
    response = client_of(wu).post(url("entry", found), posted(90, **{"item-B2.4": "4", "fact-falls_30_days": "viele"}))
    text = text_of(response)
    assert response.status_code == 422
    assert "B2.4" in text and "viele" in text
    assert 'value="卢峰镇敬老院"' in text
    found.refresh_from_db()
    assert found.state == "planned"


def test_a_damaged_date_is_named_beside_its_field(elder: Person, wu: User):
    response = client_of(wu).post(url("entry", planned(elder)), posted(31, happened_on="31.13.2026"))
    assert response.status_code == 422
    assert Assessment.objects.get().answers == {}


def test_signing_through_the_pages(elder: Person, wu: User, xiang: User):
    found = filled(elder)
    for user in (wu, xiang):
        client = client_of(user)
        digest = re.search(r'name="digest" value="(\w+)"', text_of(client.get(url("sign", found))))
        assert digest
        sent = {"way": "password", "secret": "wrong", "digest": digest[1]}
        assert client.post(url("sign", found), sent).status_code == 422
        assert client.post(url("sign", found), {**sent, "secret": PASSWORD}).status_code == 302
    found.refresh_from_db()
    assert found.state == "signed"
    assert "重度失能（3 级）" in text_of(client_of(wu).get(url("report", found)))


def test_a_drawn_signature_is_kept_and_stands_on_the_paper(elder: Person, wu: User):
    found, client = filled(elder), client_of(wu)
    digest = services.digest_of(Assessment.objects.get())
    assert client.post(url("sign", found), {"way": "drawn", "digest": digest}).status_code == 422
    drawing = SimpleUploadedFile("name.png", PNG, "image/png")
    assert client.post(url("sign", found), {"way": "drawn", "digest": digest, "drawing": drawing}).status_code == 302
    signature = Signature.objects.get()
    assert b"".join(client.get(url("file", found, signature.drawing_uid)).streaming_content) == PNG
    assert client.get(url("pdf", found)).content[:5] == b"%PDF-"


def test_a_photo_is_attached_once_and_opened_on_record(elder: Person, wu: User):
    found, client = filled(elder), client_of(wu)
    for _ in range(2):
        sent = {"kind": "photo", "file": SimpleUploadedFile("visit.png", PNG, "image/png")}
        assert client.post(url("attach", found), sent).status_code == 302
    evidence = Evidence.objects.get()
    assert client.get(url("file", found, evidence.file_uid)).status_code == 200
    assert Change.objects.filter(type__startswith="files.").count() >= 2
    stranger = client_of(an_assessor("far", HECHENG))
    assert stranger.get(url("file", found, evidence.file_uid)).status_code == 404


def test_a_file_that_is_no_picture_is_refused(elder: Person, wu: User):
    sent = {"kind": "photo", "file": SimpleUploadedFile("visit.png", b"MZ not a picture", "image/png")}
    assert client_of(wu).post(url("attach", filled(elder)), sent).status_code == 422
    assert not Evidence.objects.exists()


@pytest.mark.parametrize("name", ["report", "entry", "sign", "void", "pdf", "print"])
def test_another_county_reads_not_found(elder: Person, name: str):
    found = filled(elder)
    assert client_of(an_assessor("far", HECHENG)).get(url(name, found)).status_code == 404


@pytest.mark.parametrize("name", ["of_person", "panel", "plan", "condition", "self_care"])
def test_another_countys_person_reads_not_found(elder: Person, name: str):
    assert client_of(an_assessor("far", HECHENG)).get(url(name, elder)).status_code == 404


def test_lists_hold_ones_own_divisions_only(elder: Person, wu: User):
    found = filled(elder)
    assert found.number in text_of(client_of(wu).get(reverse("assessments:list")))
    assert found.number not in text_of(client_of(an_assessor("far", HECHENG)).get(reverse("assessments:list")))


def test_names_are_masked_everywhere(elder: Person, wu: User, xiang: User):
    found, client = signed(elder, wu, xiang), client_of(wu)
    for address in (reverse("assessments:list"), url("report", found), url("of_person", elder), url("panel", elder)):
        assert "舒桂兰" not in text_of(client.get(address))


def statements(client: Client, address: str) -> int:
    client.get(address)
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address).status_code == 200
    return len(asked)


def test_the_number_of_statements_does_not_grow(elder: Person, wu: User, xiang: User):
    client, addresses = client_of(wu), [reverse("assessments:list"), url("panel", elder), url("of_person", elder)]
    found = signed(elder, wu, xiang, day="2024-08-12")
    addresses.append(url("report", found))
    few = [statements(client, address) for address in addresses]
    for year, name in ((2023, "周桂英"), (2025, "吴玉珍"), (2026, "向玉莲")):
        signed(elder, wu, xiang, day=f"{year}-08-12", total=year % 90)
        signed(a_person(name), wu, xiang)
    many = [statements(client, address) for address in addresses]
    assert few == many
    assert max(many) <= MOST


def test_filters_are_in_the_address(elder: Person, wu: User, xiang: User):
    done, open_one = signed(elder, wu, xiang), planned(a_person("周桂英"))
    client = client_of(wu)
    assert open_one.number not in text_of(client.get(reverse("assessments:list"), {"state": "signed"}))
    level = text_of(client.get(reverse("assessments:list"), {"scale": "gbt_42195", "level": "3"}))
    assert done.number in level and open_one.number not in level
    assert client.get(reverse("assessments:list"), {"state": "x", "level": "²", "place": "1"}).status_code == 200


def test_the_panel_draws_the_history_and_says_the_last_result(elder: Person, wu: User, xiang: User):
    signed(elder, wu, xiang, total=70, day="2024-09-01")
    signed(elder, wu, xiang, total=31, day="2026-08-12")
    text = text_of(client_of(wu).get(url("panel", elder), HTTP_HX_REQUEST="true"))
    assert "2024-09 轻度失能" in text and "2026-08 重度失能" in text
    assert "有效到" in text and "GB/T 42195-2022" in text
    assert "共 2 次" in text


def test_the_panel_of_a_person_never_assessed_offers_the_next_step(elder: Person, wu: User):
    assert url("plan", elder) in text_of(client_of(wu).get(url("panel", elder)))


def test_an_old_result_is_shown_with_its_scale_and_not_drawn_on_the_new_one(elder: Person, wu: User):
    client = client_of(wu)
    sent = {"on": "2021-06-01", "assessors": "吴甲", "level": "2"}
    assert client.post(url("paper", elder, "mzt_039"), sent).status_code == 302
    text = text_of(client.get(url("of_person", elder)))
    assert "MZ/T 039-2013" in text and "来自纸质" in text


def test_self_care_through_the_page_names_every_gap(elder: Person, wu: User):
    client, sent = client_of(wu), {"on": "2026-06-01", "assessors": "溆浦县民政局"}
    response = client.post(url("self_care", elder), {**sent, "item-S.1": "1"})
    assert response.status_code == 422 and "S.6" in text_of(response)
    assert client.post(url("self_care", elder), sent | {f"item-S.{n}": "0" for n in range(1, 7)}).status_code == 302
    assert Assessment.objects.get().final_level == 2


def test_planning_reporting_and_voiding_through_the_pages(elder: Person, wu: User):
    client = client_of(wu)
    sent = {"instrument_key": "gbt_42195", "reason": "first", "planned_on": "2026-12-01", "assessor": wu.pk}
    reference_is_loaded()
    assert client.post(url("plan", elder), sent).status_code == 302
    assert client.post(url("plan", elder), sent).status_code == 422  # one is open already
    assert client.post(url("condition", elder), {"note": "摔倒后卧床", "noticed_by": "child"}).status_code == 302
    assert ConditionReport.objects.count() == 1
    found = Assessment.objects.get()
    assert client.post(url("void", found), {"reason": "?"}).status_code == 422
    assert client.post(url("void", found), {"reason": "家人不同意"}).status_code == 302
    assert "家人不同意" in text_of(client.get(url("report", found)))


def reference_is_loaded() -> None:
    """The code lists of form A."""
    path = Path(__file__).parents[2] / "packs" / "national" / "codelists.yaml"
    data = yaml.safe_load(path.read_text("utf-8"))
    load_code_lists(data, file=path.name, pack="national", layer=0, by=SYSTEM)


def test_the_paper_is_masked_unless_opened_with_a_reason(elder: Person, wu: User, xiang: User):
    found, client = signed(elder, wu, xiang), client_of(wu)
    masked = client.get(url("pdf", found))
    assert masked.content[:5] == b"%PDF-" and len(masked.content) > 8000
    assert masked["Cache-Control"] == "no-store"
    assert client.post(url("print", found), {"reason": ""}).status_code == 422
    full = client.post(url("print", found), {"reason": "存入个人档案"})
    assert full.content[:5] == b"%PDF-"
    assert Change.objects.get(type="people.looked").reason == "存入个人档案"


def test_the_export_says_why_and_is_on_record(elder: Person, wu: User, xiang: User):
    signed(elder, wu, xiang)
    client = client_of(wu)
    assert client.post(reverse("assessments:export"), {"reason": "?"}).status_code == 422
    response = client.post(reverse("assessments:export") + "?state=signed", {"reason": "报送市民政局"})
    assert b"".join(response.streaming_content)[:2] == b"PK"
    change = Change.objects.get(type="assessments.exported")
    assert (change.data["rows"], change.reason) == (1, "报送市民政局")


def test_certificates_are_registered_for_ones_own_county(wu: User):
    clerk, fresh = somebody("county_clerk", 431224000000, "clerk"), an_assessor("new", certified=False)
    sent = {"user": str(fresh.uid), "number": "HN-77", "valid_from": "2026-01-01", "valid_to": "2026-12-31"}
    client = client_of(clerk)
    assert client.post(reverse("assessments:assessors"), sent).status_code == 302
    assert AssessorCertificate.objects.get(number="HN-77").valid_to == dt.date(2027, 1, 1)
    far = an_assessor("far", HECHENG, certified=False)
    assert client.post(reverse("assessments:assessors"), sent | {"user": str(far.uid)}).status_code == 422


def test_who_may_not_read_is_told_so(city: Any):
    visitor = somebody("volunteer", 431224100000, "volunteer")
    assert client_of(visitor).get(reverse("assessments:list")).status_code == 403
