"""Several duties at once, from the list to what became of each; and who is late, by worker, down to the duty."""

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests.browsing import check, enter
from yinling.accounts.models import User
from yinling.kernel import clock
from yinling.kernel.errors import NotAllowed
from yinling.web.assets import build
from yinling.worklist import kinds
from yinling.worklist.lateness import late_duties, late_workers
from yinling.worklist.models import Entry, HandOver, WorkItem

from .builders import DIZHUANG, FAR_VILLAGE, LUFENG, OTHER_VILLAGE, VILLAGE, XUPU, a_duty, somebody

pytestmark = pytest.mark.django_db
CLOSE, HAND_OVER = "worklist:close_several", "worklist:hand_over_several"


@pytest.fixture(autouse=True)
def kinds_of_the_tests(registries_of_its_own: None) -> None:
    kinds.offer(kinds.Kind("care.visit", "Visit"), kinds.Kind("test.owned", "Owned", closes_by_hand=False))


def three_duties(**changes: Any) -> list[str]:
    return [str(a_duty(role="township_clerk", **changes).uid) for _ in range(3)]


def test_the_list_of_a_kind_has_tick_boxes_and_says_where_they_go(page: Client):
    uid = three_duties()[0]
    every = page.get(reverse("worklist:mine")).content.decode()
    assert "checkbox" not in every
    text = page.get(reverse("worklist:mine"), {"kind": "care.visit"}).content.decode()
    assert f'name="item" value="{uid}"' in text
    assert f'formaction="{reverse(CLOSE)}"' in text and f'formaction="{reverse(HAND_OVER)}"' in text


def test_a_kind_that_only_its_owner_closes_offers_no_closing(page: Client):
    three_duties(kind="test.owned")
    text = page.get(reverse("worklist:mine"), {"kind": "test.owned"}).content.decode()
    assert reverse(CLOSE) not in text and reverse(HAND_OVER) in text


def test_several_are_closed_with_one_note_in_two_steps_without_javascript(page: Client):
    uids = three_duties()
    asked = page.post(reverse(CLOSE), {"item": uids[:2]})
    assert asked.status_code == 200 and uids[0] in asked.content.decode()
    assert WorkItem.objects.open().count() == 3
    answer = page.post(reverse(CLOSE), {"item": uids[:2], "note": "已逐户上门"}).content.decode()
    assert answer.count("tag ok") == 2
    assert WorkItem.objects.open().count() == 1
    assert Entry.objects.filter(verb="closed").count() == 2


def test_each_duty_says_what_became_of_it(page: Client):
    done, owned = three_duties()[0], str(a_duty(role="township_clerk", kind="test.owned").uid)
    text = page.post(reverse(CLOSE), {"item": [done, owned], "note": "已办"}).content.decode()
    assert "办完后自动销号" in text or "closes by itself" in text or "自" in text
    assert WorkItem.objects.get(uid=owned).is_open
    assert not WorkItem.objects.get(uid=done).is_open


def test_duties_of_others_are_left_out_of_a_batch(page: Client):
    foreign = str(a_duty(place_key=FAR_VILLAGE).uid)
    own = three_duties()[0]
    text = page.post(reverse(CLOSE), {"item": [own, foreign, "nonsense"], "note": "已办"}).content.decode()
    assert foreign not in text
    assert WorkItem.objects.get(uid=foreign).is_open


def test_nothing_ticked_and_too_much_ticked_are_refused(page: Client):
    assert page.post(reverse(CLOSE), {}).status_code == 422
    many = [f"00000000-0000-7000-8000-{n:012d}" for n in range(201)]
    assert page.post(reverse(CLOSE), {"item": many}).status_code == 422


def test_an_empty_note_asks_again_and_closes_nothing(page: Client):
    uids = three_duties()
    assert page.post(reverse(CLOSE), {"item": uids, "note": " "}).status_code == 422
    assert WorkItem.objects.open().count() == 3


def test_several_are_handed_over_and_each_waits_for_its_receipt(page: Client):
    uids = three_duties()
    page.post(reverse(HAND_OVER), {"item": uids, "note": "搬走了", "to_place": DIZHUANG})
    assert HandOver.objects.filter(to_place=DIZHUANG, received_at=None).count() == 3


def test_a_hand_over_to_nobody_says_so_for_each(page: Client):
    uids = three_duties()
    text = page.post(reverse(HAND_OVER), {"item": uids, "note": "x"}).content.decode()
    assert text.count("tag bad") == 3
    assert not HandOver.objects.exists()


def test_who_is_late_by_worker_names_the_one_who_holds_the_role(city: Any):
    clerk, visitor, now = somebody("county_clerk", XUPU), somebody("village_visitor", VILLAGE), clock.now()
    a_duty(due_at=now - dt.timedelta(days=2))
    a_duty(due_at=now - dt.timedelta(days=1))
    a_duty(place_key=OTHER_VILLAGE, due_at=now - dt.timedelta(hours=1))
    a_duty(place_key=FAR_VILLAGE, due_at=now - dt.timedelta(days=9))
    found = [(late.worker.user, late.worker.holders, late.count) for late in late_workers(clerk, XUPU)]
    assert found == [(visitor, 1, 2), (None, 0, 1)]
    assert len(late_duties(clerk, XUPU)) == 3
    assert len(late_duties(clerk, XUPU, f"user:{visitor.uid}")) == 2
    assert len(late_duties(clerk, XUPU, "role:village_visitor")) == 1


def test_late_duties_of_another_county_are_not_told(city: Any, other_county_clerk: User):
    with pytest.raises(NotAllowed):
        late_workers(other_county_clerk, XUPU)
    with pytest.raises(NotAllowed):
        late_duties(other_county_clerk, XUPU)


def test_the_way_down_leads_from_the_county_to_the_single_duty(client: Client, city: Any):
    client.force_login(somebody("county_clerk", XUPU))
    duty = a_duty(due_at=clock.now() - dt.timedelta(days=2))
    top = client.get(reverse("worklist:late")).content.decode()
    assert f"?division={LUFENG}" in top and "没有人担任" in top
    village = client.get(reverse("worklist:late"), {"division": LUFENG}).content.decode()
    assert f"{reverse('worklist:late_duties')}?division={VILLAGE}" in village
    last = client.get(reverse("worklist:late_duties"), {"division": VILLAGE}).content.decode()
    assert reverse("worklist:item", args=[duty.uid]) in last
    assert client.get(reverse("worklist:late_duties"), {"division": "x"}).status_code == 404
    assert client.get(reverse("worklist:late_duties"), {"division": FAR_VILLAGE}).status_code == 403


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_the_pages_have_no_accessibility_fault(browser_page: Any, live_server: Any, city: Any):
    build()
    uids = three_duties(due_at=clock.now() - dt.timedelta(days=2))
    enter(browser_page, live_server, somebody("county_clerk", XUPU))
    pages = ["late/", "late/duties/", f"late/?division={LUFENG}", "telling/", f"{uids[0]}/"]
    found = {name: said for name in pages if (said := check(browser_page, live_server, f"/work/worklist/{name}"))}
    enter(browser_page, live_server, somebody("township_clerk", LUFENG))
    listed = check(browser_page, live_server, "/work/worklist/?kind=care.visit")
    assert (found, listed) == ({}, {})
    browser_page.check(f"input[value='{uids[0]}']")
    browser_page.click(f"button[formaction='{reverse(CLOSE)}']")
    browser_page.fill("textarea[name=note]", "已上门")
    browser_page.click("main form .btn.main")
    browser_page.wait_for_load_state("networkidle")
    assert not WorkItem.objects.get(uid=uids[0]).is_open
