"""Pages of inspections: what they show, to whom, with how many statements; and in a real browser."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.browsing import check, enter
from tests.conftest import HECHENG, XUPU, a_user, client_of
from yinling.accounts.models import User
from yinling.inspections import services
from yinling.inspections.models import Draw, Hazard, Inspection, Photo
from yinling.institutions.models import Institution
from yinling.kernel.clock import civil_date
from yinling.web.assets import build

from .builders import (
    BY,
    DAY,
    SECRET,
    a_hazard,
    a_home,
    a_manager,
    a_notice,
    a_photo,
    a_planned_inspection,
    an_inspector,
    answered,
    handed_in,
    signed_by,
    wanted,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(client: Client, inspector: User) -> Client:
    client.force_login(inspector, backend="django.contrib.auth.backends.ModelBackend")
    return client


def at(name: str, *args: Any) -> str:
    return reverse(f"inspections:{name}", args=args)


def text(client: Client, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status, address
    return answer.content.decode()


def a_drawn(inspector: User) -> Draw:
    found = services.open_draw(place_key=XUPU, wanted=wanted(), by=inspector)
    services.close_list(uid=found.uid, inspectors=[inspector, an_inspector("two"), an_inspector("three")], by=inspector)
    return services.reveal_draw(uid=found.uid, witness="田见证", words="八二六", by=inspector)


def test_an_inspection_from_plan_to_hazard_through_the_pages(page: Client, inspector: User) -> None:
    home, other = a_home(), an_inspector("other")
    plan = {
        "kind": "planned", "checklist_key": "fire", "planned_on": civil_date(),
        "inspectors": [inspector.uid, other.uid],
    }  # fmt: skip
    assert page.post(at("plan", home.uid), plan).status_code == 302
    found = Inspection.objects.get()
    assert "疏散通道" in text(page, at("checklist", found.uid))
    faulty = {"answer": "no", "note": "通道堆物"}
    answer = page.post(at("item", found.uid, "fire.1"), {**faulty, "photo": a_photo()})
    assert answer.headers["Location"] == at("item", found.uid, "fire.1") and Photo.objects.exists()
    for item in list(found.checklist.questions.items)[1:]:
        assert page.post(at("item", found.uid, item), {"answer": "yes", "note": ""}).status_code == 302
    page.post(at("around", found.uid), {"present": "向院长", "statement": "无异议", "remark": ""})
    for client in (page, client_of(other)):
        shown = client.get(at("sign", found.uid))
        digest = shown.context["form"].initial["digest"]
        given = {"way": "password", "secret": SECRET, "digest": digest}
        assert client.post(at("sign", found.uid), given).status_code == 302
    assert "通道堆物" in text(page, at("inspection", found.uid))
    assert page.get(at("pdf", found.uid)).content.startswith(b"%PDF")
    assert Hazard.objects.get().words == "通道堆物"


def test_an_item_without_an_answer_and_a_wrong_password_are_said(page: Client, inspector: User) -> None:
    found = answered(a_planned_inspection(a_home(), inspector))
    assert page.post(at("item", found.uid, "fire.1"), {"note": "x"}).status_code == 422
    given = {"way": "password", "secret": "wrong", "digest": services.digest_of(found)}
    answer = page.post(at("sign", found.uid), given)
    assert answer.status_code == 422 and "没有签上" in answer.content.decode()


def test_a_hazard_through_the_pages(page: Client, inspector: User) -> None:
    home = a_home()
    manager = client_of(a_manager(home))
    seen = {"words": "灭火器失压", "spot": "厨房", "level": "general", "clause": "", "found_on": civil_date()}
    assert manager.post(at("find_hazard", home.uid), seen).status_code == 302
    hazard = Hazard.objects.get()
    notice = {
        "level": "general", "responsible": "向院长", "measure": "更换", "money": "240.00",
        "due_on": civil_date() + 10 * DAY, "contingency": "专人看护",
    }  # fmt: skip
    assert page.post(at("notice", hazard.uid), notice | {"contingency": ""}).status_code == 422
    assert page.post(at("notice", hazard.uid), notice).status_code == 302
    assert "240.00 元" in text(manager, at("hazard", hazard.uid))
    assert page.get(at("notice_pdf", hazard.uid)).content.startswith(b"%PDF")
    assert manager.post(at("photograph", hazard.uid, "done"), {"photo": a_photo()}).status_code == 302
    assert (
        manager.post(at("extend", hazard.uid), {"until": civil_date() + 20 * DAY, "reason": "配件未到"}).status_code
        == 302
    )
    assert page.post(at("decide", hazard.uid), {"is_granted": "yes", "note": ""}).status_code == 302
    assert manager.post(at("submit", hazard.uid), {"words": "已更换两具"}).status_code == 302
    assert manager.post(at("recheck", hazard.uid), {"verdict": "pass"}).status_code == 403
    assert page.post(at("recheck", hazard.uid), {"verdict": "return", "note": ""}).status_code == 422
    assert page.post(at("recheck", hazard.uid), {"verdict": "pass", "note": ""}).status_code == 302
    assert Hazard.objects.get().state == "closed"


def test_a_draw_through_the_pages_and_its_public_page(page: Client, inspector: User, client: Client) -> None:
    home = a_home()
    people = [inspector, an_inspector("two"), an_inspector("three")]
    asked = {
        "title": "岁末抽查", "place_key": XUPU, "checklist_key": "fire", "homes": 1, "inspectors": 2,
        "first_day": civil_date(), "last_day": civil_date() + 20 * DAY,
    }  # fmt: skip
    assert page.post(at("open_draw"), asked).status_code == 302
    draw = Draw.objects.get()
    chosen = {"inspectors": [user.uid for user in people]}
    assert page.post(at("close_list", draw.uid), chosen).status_code == 302
    assert page.post(at("reveal", draw.uid), {"witness": "田见证", "words": "八"}).status_code == 422
    assert page.post(at("reveal", draw.uid), {"witness": "田见证", "words": "八二六"}).status_code == 302
    everybody = Client()
    shown = text(everybody, reverse("public_draws:draw", args=[draw.uid]))
    assert home.name in shown and "不符" not in shown and "田**" in shown and "田见证" not in shown
    assert "岁末抽查" in text(everybody, reverse("public_draws:list"))
    record = everybody.get(reverse("public_draws:record", args=[draw.uid])).json()
    assert "weights" not in record["revealed"]
    assert "weights" in page.get(at("whole_record", draw.uid)).json()["revealed"]


def test_the_risk_grade_is_shown_with_its_sum_to_those_who_may(page: Client) -> None:
    home = a_home()
    a_hazard(home, level="major")
    assert "内部风险 B 级（20 分）" in text(page, at("panel", home.uid))
    for user in (a_user("reader", XUPU, "reader"), a_manager(home)):
        assert "内部风险" not in text(client_of(user), at("panel", home.uid))


def test_the_whole_record_of_a_draw_is_not_everybodys(page: Client, inspector: User) -> None:
    a_home()
    found = a_drawn(inspector)
    reader = client_of(a_user("reader", XUPU, "reader"))
    assert reader.get(at("draw", found.uid)).status_code == 200
    assert reader.get(at("whole_record", found.uid)).status_code == 403


def every_page(inspector: User) -> list[str]:
    """An address of every page, in a county with something on each."""
    home = a_home()
    planned = a_planned_inspection(home, inspector)
    signed = signed_by(answered(a_planned_inspection(home), fire_1="堆物"), inspector, an_inspector("second"))
    photo = services.photograph_item(uid=planned.uid, item="fire.1", stream=a_photo(), name="a.jpg", by=inspector)
    services.declare_interest(institution_uid=a_home("低庄敬老院").uid, why="姐姐在院居住", by=inspector)
    hazard, noticed = a_hazard(home, level="major"), a_hazard(home, item="fire.2")
    a_notice(noticed)
    waiting = handed_in(home)
    draw = a_drawn(inspector)
    names = [("list",), ("choose_home",), ("plan", home.uid), ("checklists",), ("interests",), ("board",)]
    names += [("panel", home.uid), ("photo", photo.uid), ("draws",), ("open_draw",), ("draw", draw.uid)]
    names += [("close_list", draw.uid), ("reveal", draw.uid), ("abandon", draw.uid), ("hazards",)]
    names += [("find_hazard", home.uid), ("hazard", hazard.uid), ("hazard", noticed.uid), ("hazard", waiting.uid)]
    names += [(name, hazard.uid) for name in ("grade", "notice", "report", "shut", "void_hazard")]
    names += [("photograph", hazard.uid, "found"), ("recheck", waiting.uid), ("inspection", signed.uid)]
    names += [(name, planned.uid) for name in ("inspection", "checklist", "around", "sign", "void")]
    return [at(*name) for name in names] + [at("item", planned.uid, "fire.1")]


def test_every_page_opens_and_is_not_found_from_another_county(page: Client, inspector: User) -> None:
    addresses = every_page(inspector)
    for address in addresses:
        assert page.get(address).status_code == 200, address
    far = client_of(an_inspector("far", HECHENG))
    own = [address for address in addresses if len(address) > 50]  # those that name a thing
    assert {address: far.get(address).status_code for address in own} == dict.fromkeys(own, 404)


def test_without_log_in_there_is_nothing_but_draws(client: Client, inspector: User) -> None:
    assert {client.get(address).status_code for address in every_page(inspector)} == {302}
    assert client.get(reverse("public_draws:list")).status_code == 200


def counted(client: Client, address: str) -> int:
    client.get(address)
    with CaptureQueriesContext(connection) as asked:
        client.get(address)
    return len(asked)


def test_statements_do_not_grow_with_rows(page: Client, inspector: User) -> None:
    def more(name: str) -> Institution:
        home = a_home(name)
        a_planned_inspection(home, inspector)
        a_notice(a_hazard(home))
        services.open_draw(place_key=XUPU, wanted=wanted(), by=BY)
        return home

    home = more("一院")
    addresses = [
        at("list"),
        at("hazards"),
        at("draws"),
        at("board"),
        at("panel", home.uid),
        reverse("public_draws:list"),
    ]
    few = {address: counted(page, address) for address in addresses}
    for name in ("二院", "三院", "四院"):
        more(name)
    a_notice(a_hazard(home, item="fire.3"))
    assert {address: counted(page, address) for address in addresses} == few
    assert max(few.values()) <= 20


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_the_pages_have_no_accessibility_fault_and_do_not_scroll_sideways(
    browser_page: Any, live_server: Any, inspector: User
) -> None:
    build()
    addresses = every_page(inspector)
    draw = Draw.objects.get()
    addresses += [reverse("public_draws:list"), reverse("public_draws:draw", args=[draw.uid])]
    enter(browser_page, live_server, inspector)
    found: dict[str, list[str]] = {}
    for address in addresses:
        if "/photos/" not in address:
            found |= check(browser_page, live_server, address)
    assert found == {}


def test_the_phones_position_is_kept_with_a_photo_whose_camera_gave_none(page: Client, inspector: User) -> None:
    home = a_home(longitude=110.6, latitude=27.9)
    planned = a_planned_inspection(home, inspector)
    sent = {"answer": "yes", "longitude": "110.6", "latitude": "27.901", "photo": a_photo()}
    page.post(reverse("inspections:item", args=[planned.uid, "fire.1"]), sent)
    photo = Photo.objects.get(inspection=planned)
    assert (photo.longitude, photo.latitude, photo.is_by_phone) == (110.6, 27.901, True)
    assert photo.metres_away == 111


def test_a_photo_without_any_position_is_kept_as_well(page: Client, inspector: User) -> None:
    planned = a_planned_inspection(None, inspector)
    sent = {"answer": "yes", "longitude": "", "latitude": "", "photo": a_photo()}
    page.post(reverse("inspections:item", args=[planned.uid, "fire.1"]), sent)
    assert Photo.objects.get(inspection=planned).latitude is None


@pytest.mark.parametrize(("given", "metres"), [({"longitude": "110.6", "latitude": "27.91"}, 1112), ({}, None)])
def test_checking_in_says_when_and_where_the_phone_says_it_and_stands_on_the_record(
    page: Client, inspector: User, given: dict[str, str], metres: int | None
) -> None:
    planned = a_planned_inspection(a_home(longitude=110.6, latitude=27.9), inspector)
    where = reverse("inspections:check_in", args=[planned.uid])
    assert where in page.get(reverse("inspections:checklist", args=[planned.uid])).content.decode()
    page.post(where, given)
    planned.refresh_from_db()
    first = planned.checked_in_at
    assert first is not None and planned.metres_away == metres
    page.post(where, {"longitude": "111", "latitude": "28"})
    planned.refresh_from_db()
    assert planned.checked_in_at == first and planned.metres_away == metres
    record = page.get(reverse("inspections:inspection", args=[planned.uid])).content.decode()
    assert "1.1" in record if metres else "110.6" not in record


def test_whoever_was_not_sent_from_another_county_checks_in_nowhere(client: Client, inspector: User) -> None:
    planned = a_planned_inspection(None, inspector)
    client.force_login(an_inspector("elsewhere", HECHENG))
    assert client.post(reverse("inspections:check_in", args=[planned.uid])).status_code in (403, 404)
    planned.refresh_from_db()
    assert planned.checked_in_at is None
