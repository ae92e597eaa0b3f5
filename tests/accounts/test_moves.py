"""Moving a worker between divisions: one verb, with a receipt on the other side."""

import pytest
from django.db import IntegrityError, transaction

from yinling.accounts import events, services
from yinling.accounts.models import User, WorkerTransfer
from yinling.accounts.permissions import Accounts
from yinling.kernel.errors import NotAllowed, NotFound, Refused
from yinling.kernel.models import Change
from yinling.people.permissions import People

from .builders import DIZHUANG, HECHENG, LUFENG, XUPU, again, holding, logged_in, someone, written

pytestmark = pytest.mark.django_db


@pytest.fixture
def worker(city: object) -> User:
    return someone("worker", LUFENG, "township_clerk")


def test_nothing_changes_until_the_other_side_receives(worker: User, clerk: User, other_clerk: User) -> None:
    transfer = services.send_worker(user_uid=worker.uid, to_place=HECHENG, by=clerk, note="请接收")
    assert again(worker).place_key == LUFENG
    assert again(worker).may(People.EDIT, LUFENG)
    services.receive_worker(transfer_uid=transfer.uid, by=other_clerk)
    transfer.refresh_from_db()
    assert (again(worker).place_key, transfer.state, transfer.answered_by) == (HECHENG, "received", other_clerk)
    assert again(worker).roles() == []
    kinds = set(Change.objects.filter(subject_uid=worker.uid).values_list("type", flat=True))
    assert kinds == {events.WorkerSent.kind, events.WorkerReceived.kind, events.AssignmentEnded.kind}


def test_roles_elsewhere_stay(worker: User, clerk: User, other_clerk: User) -> None:
    holding(worker, "assessor", HECHENG)
    holding(worker, "assessor", XUPU)
    transfer = services.send_worker(user_uid=worker.uid, to_place=HECHENG, by=clerk)
    services.receive_worker(transfer_uid=transfer.uid, by=other_clerk)
    assert {a.place_id for a in again(worker).held} == {HECHENG, XUPU}


def test_both_sides_see_it_and_nobody_else(worker: User, clerk: User, other_clerk: User) -> None:
    third = someone("third", DIZHUANG, "county_clerk")
    transfer = services.send_worker(user_uid=worker.uid, to_place=HECHENG, by=clerk)
    seen = [
        WorkerTransfer.objects.visible_to(user, Accounts.MOVE_WORKERS).count() for user in (clerk, other_clerk, third)
    ]
    assert seen == [1, 1, 0]
    with pytest.raises(NotFound):
        services.receive_worker(transfer_uid=transfer.uid, by=third)


def test_the_sender_does_not_receive_in_another_county(worker: User, clerk: User) -> None:
    holding(clerk, "county_clerk", HECHENG)
    transfer = services.send_worker(user_uid=worker.uid, to_place=HECHENG, by=clerk)
    before = written()
    with pytest.raises(Refused, match="other county"):
        services.receive_worker(transfer_uid=transfer.uid, by=again(clerk))
    assert written() == before
    assert again(worker).place_key == LUFENG


def test_inside_a_county_the_clerk_is_both_sides(worker: User, clerk: User) -> None:
    transfer = services.send_worker(user_uid=worker.uid, to_place=DIZHUANG, by=clerk)
    services.receive_worker(transfer_uid=transfer.uid, by=clerk)
    assert again(worker).place_key == DIZHUANG


def test_the_sending_side_cannot_receive(worker: User, clerk: User, other_clerk: User) -> None:
    deputy = someone("deputy", XUPU, "county_clerk")
    transfer = services.send_worker(user_uid=worker.uid, to_place=HECHENG, by=clerk)
    with pytest.raises(NotFound):
        services.receive_worker(transfer_uid=transfer.uid, by=deputy)
    assert again(worker).place_key == LUFENG


def test_a_worker_receives_not_themselves(clerk: User, other_clerk: User) -> None:
    holding(clerk, "county_clerk", HECHENG)
    boss = someone("boss", XUPU, "county_clerk")
    transfer = services.send_worker(user_uid=clerk.uid, to_place=HECHENG, by=boss)
    with pytest.raises(Refused, match="themselves"):
        services.receive_worker(transfer_uid=transfer.uid, by=again(clerk))


def test_declining_needs_a_reason_and_leaves_the_worker(worker: User, clerk: User, other_clerk: User) -> None:
    transfer = services.send_worker(user_uid=worker.uid, to_place=HECHENG, by=clerk)
    with pytest.raises(Refused, match="Say why"):
        services.decline_worker(transfer_uid=transfer.uid, by=other_clerk, note=" ")
    services.decline_worker(transfer_uid=transfer.uid, by=other_clerk, note="没有编制")
    transfer.refresh_from_db()
    assert (transfer.state, transfer.answer, again(worker).place_key) == ("declined", "没有编制", LUFENG)
    with pytest.raises(Refused, match="answered already"):
        services.receive_worker(transfer_uid=transfer.uid, by=other_clerk)


def test_the_sender_withdraws_and_the_other_side_cannot(worker: User, clerk: User, other_clerk: User) -> None:
    transfer = services.send_worker(user_uid=worker.uid, to_place=HECHENG, by=clerk)
    with pytest.raises(NotFound):
        services.withdraw_worker(transfer_uid=transfer.uid, by=other_clerk)
    assert services.withdraw_worker(transfer_uid=transfer.uid, by=clerk).state == "withdrawn"


def test_a_worker_is_sent_once_at_a_time_to_somewhere_else(worker: User, clerk: User) -> None:
    with pytest.raises(Refused, match="belongs to that division"):
        services.send_worker(user_uid=worker.uid, to_place=LUFENG, by=clerk)
    services.send_worker(user_uid=worker.uid, to_place=HECHENG, by=clerk)
    before = written()
    with pytest.raises(Refused, match="on the way"):
        services.send_worker(user_uid=worker.uid, to_place=DIZHUANG, by=clerk)
    assert written() == before
    with pytest.raises(IntegrityError), transaction.atomic():
        WorkerTransfer.objects.create(user=worker, from_place_id=LUFENG, to_place_id=DIZHUANG, sent_by=clerk)


def test_nobody_sends_themselves_nor_a_stranger_nor_without_the_right(
    worker: User, clerk: User, other_clerk: User, security_administrator: User
) -> None:
    before = written()
    with pytest.raises(Refused, match="themselves"):
        services.send_worker(user_uid=clerk.uid, to_place=HECHENG, by=clerk)
    with pytest.raises(NotFound):
        services.send_worker(user_uid=worker.uid, to_place=HECHENG, by=other_clerk)
    with pytest.raises(NotAllowed):
        services.send_worker(user_uid=worker.uid, to_place=HECHENG, by=security_administrator)
    assert written() == before


def test_the_page_of_moves_answers_both_sides(worker: User, clerk: User, other_clerk: User) -> None:
    here, there = logged_in(clerk), logged_in(other_clerk)
    sent = here.post(f"/work/accounts/users/{worker.uid}/send/", {"division": "鹤城区", "note": "请接收"})
    assert sent.status_code == 302
    transfer = WorkerTransfer.objects.get()
    assert 'value="withdraw"' in here.get("/work/accounts/moves/").content.decode()
    page = there.get("/work/accounts/moves/").content.decode()
    assert 'value="receive"' in page
    assert 'value="withdraw"' not in page
    there.post(f"/work/accounts/moves/{transfer.uid}/answer/", {"verb": "receive"})
    assert again(worker).place_key == HECHENG
