"""Pages of the worklist: what they show, to whom, and with how many statements."""

import datetime as dt
from collections.abc import Sequence
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from yinling.accounts.models import User
from yinling.kernel import clock
from yinling.kernel.actors import Actor
from yinling.worklist import kinds, subjects
from yinling.worklist.models import HandOver, WorkItem
from yinling.worklist.queries import items_for

from .builders import DIZHUANG, FAR_VILLAGE, LUFENG, VILLAGE, XUPU, a_duty, somebody

pytestmark = pytest.mark.django_db


def named(uids: Sequence[UUID], user: Actor) -> dict[UUID, tuple[str, str, str]]:
    return {uid: ("舒** 女 84 岁", "卢峰镇", "/work/people/x/") for uid in uids}


@pytest.fixture(autouse=True)
def persons_have_names(registries_of_its_own: None):
    subjects.offer("person", named)
    kinds.offer(kinds.Kind("care.visit", "Visit", "heart-handshake"))


def a_clerks_duty(**changes: Any) -> WorkItem:
    return a_duty(**({"role": "township_clerk"} | changes))


def test_the_list_shows_title_label_and_group(page: Client):
    a_clerks_duty(due_at=clock.now() - dt.timedelta(hours=3))
    text = page.get(reverse("worklist:mine")).content.decode()
    assert "舒** 女 84 岁" in text
    assert "已超时 1" in text
    assert "超 3 小时" in text


def test_an_empty_list_says_so(page: Client):
    assert "没有" in page.get(reverse("worklist:mine")).content.decode()


def test_the_number_of_statements_does_not_grow_with_the_list(page: Client, clerk: User):
    a_clerks_duty()
    page.get(reverse("worklist:list"))  # the process learns the tree of divisions
    with CaptureQueriesContext(
        connection,
    ) as few:
        page.get(reverse("worklist:list"))
    for _ in range(20):
        a_clerks_duty()
    page.get(reverse("worklist:list"))  # the process learns the tree of divisions
    with CaptureQueriesContext(connection) as many:
        page.get(reverse("worklist:list"))
    assert len(many) == len(few) <= 8


def test_filters_are_in_the_address(page: Client, clerk: User):
    a_clerks_duty()
    a_clerks_duty(kind="other.kind", due_at=clock.now() - dt.timedelta(days=1))
    work = items_for(clerk, {"kind": "other.kind"})
    assert [len(duties) for _, duties in work.groups] == [1]
    assert work.counts.every == 2
    assert items_for(clerk, {"group": "late"}).page.rows[0].kind == "other.kind"
    assert items_for(clerk, {"group": "nonsense"}).counts.every == 2


def test_a_long_list_pages_by_key_without_gap_or_repeat(page: Client, clerk: User):
    made = {a_clerks_duty(due_at=clock.now() + dt.timedelta(hours=n % 3)).pk for n in range(7)}
    seen, address = [], {}
    while True:
        work = items_for(clerk, address, size=3)
        seen += [item.pk for item in work.page.rows]
        if not work.page.next:
            break
        address = {"after": work.page.next}
    assert sorted(seen) == sorted(made)


def test_a_duty_of_another_county_reads_as_not_found(page: Client):
    duty = a_duty(place_key=FAR_VILLAGE)
    assert page.get(reverse("worklist:item", args=[duty.uid])).status_code == 404


def test_the_page_of_a_duty_closes_it_with_a_note(page: Client):
    duty = a_clerks_duty()
    url = reverse("worklist:close", args=[duty.uid])
    assert page.post(url, {"close-note": ""}).status_code == 422
    assert page.post(url, {"close-note": "已上门"}).status_code == 302
    text = page.get(reverse("worklist:item", args=[duty.uid])).content.decode()
    assert "已上门" in text
    assert "已结束" in text


def test_the_clock_is_stopped_and_runs_again(page: Client):
    duty = a_clerks_duty()
    page.post(reverse("worklist:pause", args=[duty.uid]), {"pause-note": "住院"})
    assert WorkItem.objects.get().paused_at
    assert items_for(duty.user or page_user(page), {"state": "paused"}).page.rows
    page.post(reverse("worklist:resume", args=[duty.uid]))
    assert WorkItem.objects.get().paused_at is None


def page_user(page: Client) -> User:
    return User.objects.get(pk=page.session["_auth_user_id"])


def test_hand_over_and_receipt_through_the_pages(page: Client, client: Client):
    duty = a_clerks_duty()
    answer = page.post(reverse("worklist:hand_over", args=[duty.uid]), {"to_place": DIZHUANG, "note": "搬走了"})
    assert answer.status_code == 302
    client.force_login(somebody("township_clerk", DIZHUANG))
    assert "交给您" in client.get(reverse("worklist:item", args=[duty.uid])).content.decode()
    client.post(reverse("worklist:receive", args=[duty.uid]))
    assert HandOver.objects.get().received_at


def test_assigning_to_oneself(page: Client, clerk: User):
    duty = a_clerks_duty()
    page.post(reverse("worklist:assign", args=[duty.uid]), {"to_user": clerk.pk})
    assert WorkItem.objects.get().user == clerk


def test_who_is_late_opens_downwards(client: Client, city: Any):
    client.force_login(somebody("county_clerk", XUPU))
    a_duty(place_key=VILLAGE, due_at=clock.now() - dt.timedelta(days=2))
    text = client.get(reverse("worklist:late")).content.decode()
    assert "卢峰镇" in text
    below = client.get(reverse("worklist:late"), {"division": LUFENG}).content.decode()
    assert "胜利社区" in below
    assert client.get(reverse("worklist:late_panel")).status_code == 200


def test_batch_actions_post_to_their_owners_address(page: Client):
    kinds.offer(kinds.Kind("test.batch", "Batch", batch_url_name="worklist:mine", batch_label="Done"))
    duty = a_clerks_duty(kind="test.batch")
    text = page.get(reverse("worklist:mine"), {"kind": "test.batch"}).content.decode()
    assert f'name="item" value="{duty.uid}"' in text
    assert f'formaction="{reverse("worklist:mine")}"' in text


def test_without_log_in_there_is_no_list(client: Client, db: None):
    assert client.get(reverse("worklist:mine")).status_code == 302
