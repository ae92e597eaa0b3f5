"""Messages go out over real sockets, with receipts, retries and dead letters; nothing protected is logged."""

import datetime as dt
import json
import logging
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
from django.test import Client, RequestFactory
from django.urls import reverse

from yinling.accounts.models import Assignment, User
from yinling.accounts.roles import Role, offer
from yinling.kernel import jobs
from yinling.kernel.actors import System
from yinling.kernel.clock import now
from yinling.kernel.errors import NotAllowed, NotFound, Refused
from yinling.kernel.models import Change, Job
from yinling.kernel.reasons import Reason
from yinling.messages import api, rules, services
from yinling.messages.channels import signature
from yinling.messages.jobs import send_one
from yinling.messages.models import Attempt, Message
from yinling.messages.permissions import Messages
from yinling.messages.queries import dead_letters, inbox, unread_count

pytestmark = pytest.mark.django_db
PHONE = "13900000417"
BY = System("test")
assert send_one  # importing it registers the kind of job


class Gateway:
    """A stand-in for an SMS, voice or web hook gateway on this machine."""

    def __init__(self) -> None:
        self.answers: list[tuple[int, bytes]] = []
        self.requests: list[tuple[dict[str, str], bytes]] = []
        self.paths: list[str] = []
        stand_in = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.do_POST()

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                stand_in.paths.append(self.path)
                stand_in.requests.append((dict(self.headers), body))
                status, answer = stand_in.answers.pop(0) if stand_in.answers else (200, b'{"id": "g-1"}')
                self.send_response(status)
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, *args: Any) -> None:
                """Quiet."""

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/send?v=1"
        threading.Thread(target=self.server.serve_forever, args=(0.01,), daemon=True).start()

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()


@pytest.fixture
def gateway(settings: Any) -> Iterator[Gateway]:
    stand_in = Gateway()
    settings.MESSAGE_CHANNELS = {
        "sms": {"url": stand_in.url, "token": "t0ken"},
        "voice": {"url": stand_in.url},
        "web_hooks": {"bureau": {"url": stand_in.url, "secret": "s3cret"}},
    }
    yield stand_in
    stand_in.close()


def a_text(key: str = "k1", **changes: Any) -> Message:
    given: dict[str, Any] = {
        "key": key, "channel": "sms", "phone": PHONE, "title": Reason("Mark as read"), "by": BY,
    }  # fmt: skip
    return services.send(**(given | changes))


def let_every_wait_pass() -> None:
    Job.objects.filter(state="queued").update(not_before=now() - dt.timedelta(seconds=1))


def test_a_text_reaches_the_gateway_in_the_addressees_language(gateway: Gateway):
    message = a_text()
    jobs.run_all()
    headers, body = gateway.requests[0]
    assert json.loads(body) == {"text": "标为已读", "language": "zh-hans", "to": PHONE}
    assert headers["Authorization"] == "Bearer t0ken"
    assert headers["Idempotency-Key"] == str(message.uid)
    message.refresh_from_db()
    assert (message.state, message.external_id, message.attempts) == ("sent", "g-1", 1)


def test_a_voice_call_goes_the_same_way(gateway: Gateway):
    a_text(channel="voice", language="en")
    jobs.run_all()
    assert json.loads(gateway.requests[0][1])["text"] == "Mark as read"


def test_a_web_hook_is_signed_and_carries_no_telephone_number(gateway: Gateway):
    services.send(key="h", channel="web_hook", endpoint="bureau", title=Reason("Mark as read"), by=BY)
    jobs.run_all()
    headers, body = gateway.requests[0]
    assert headers["X-Yinling-Signature"] == signature("s3cret", body)
    assert "to" not in json.loads(body)


def test_the_same_key_sends_once(gateway: Gateway):
    assert a_text().pk == a_text().pk
    jobs.run_all()
    assert len(gateway.requests) == 1
    assert Change.objects.filter(type="messages.queued").count() == 1


def test_a_gateway_that_fails_is_tried_again_later(gateway: Gateway):
    gateway.answers = [(503, b""), (200, b'{"id": 7}')]
    message = a_text()
    jobs.run_all()
    message.refresh_from_db()
    assert (message.state, message.error) == ("waiting", "http_503")
    assert message.next_try_at > now()
    assert len(gateway.requests) == 1
    let_every_wait_pass()
    jobs.run_all()
    message.refresh_from_db()
    assert (message.state, message.external_id) == ("sent", "7")
    assert list(Attempt.objects.order_by("number").values_list("succeeded", flat=True)) == [False, True]


def test_nobody_listening_is_an_answer_not_a_crash(gateway: Gateway):
    gateway.close()
    message = a_text()
    jobs.run_all()
    message.refresh_from_db()
    assert (message.state, message.error) == ("waiting", "ConnectionRefusedError")


def test_a_refusal_of_the_gateway_is_a_dead_letter_at_once(gateway: Gateway):
    gateway.answers = [(400, b"bad number")]
    message = a_text()
    jobs.run_all()
    message.refresh_from_db()
    assert message.state == "dead"
    assert Change.objects.filter(type="messages.died").exists()


def test_retries_end_and_the_letter_is_dead(gateway: Gateway):
    message = a_text()
    for _ in range(len(rules.WAITS) + 1):
        gateway.answers = [(500, b"")]
        let_every_wait_pass()
        jobs.run_all()
    message.refresh_from_db()
    assert (message.state, message.attempts) == ("dead", len(rules.WAITS) + 1)
    assert not Job.objects.filter(state="queued").exists()


def test_a_channel_without_a_gateway_is_a_dead_letter_that_says_so(settings: Any):
    settings.MESSAGE_CHANNELS = {}
    message = a_text()
    jobs.run_all()
    message.refresh_from_db()
    assert (message.state, message.error) == ("dead", "no_gateway")


def test_a_job_that_runs_twice_sends_once(gateway: Gateway):
    message = a_text()
    services.attempt(message.uid)
    services.attempt(message.uid)
    assert len(gateway.requests) == 1


def test_neither_number_nor_text_is_in_the_database_in_plain_or_in_the_log(
    gateway: Gateway, caplog: pytest.LogCaptureFixture
):
    caplog.set_level(logging.DEBUG)
    gateway.answers = [(400, f"no {PHONE}".encode())]
    message = a_text()
    jobs.run_all()
    message.refresh_from_db()
    assert PHONE.encode() not in bytes(message.phone)
    assert PHONE not in caplog.text
    assert PHONE not in str(list(Change.objects.values())) + str(list(Job.objects.values())) + str(message)


def test_a_message_without_addressee_is_refused_and_nothing_is_written():
    with pytest.raises(Refused, match="addressee"):
        a_text(phone="")
    assert not Message.objects.exists()
    assert not Job.objects.exists()


def post_receipt(body: bytes, token: str) -> Any:
    request = RequestFactory().post(
        "/", body, content_type="application/json", headers={"X-Yinling-Signature": signature(token, body)}
    )
    return api.receipt(request, "sms")


def test_a_receipt_marks_the_message_as_arrived(gateway: Gateway):
    message = a_text()
    jobs.run_all()
    for _ in range(2):
        assert post_receipt(b'{"id": "g-1", "arrived": true}', "t0ken").status_code == 200
    message.refresh_from_db()
    assert message.state == "delivered"
    assert Change.objects.filter(type="messages.delivered").count() == 1


def test_a_receipt_that_it_did_not_arrive_is_a_dead_letter(gateway: Gateway):
    message = a_text()
    jobs.run_all()
    post_receipt(b'{"id": "g-1", "arrived": false, "error": "absent"}', "t0ken")
    message.refresh_from_db()
    assert (message.state, message.error) == ("dead", "absent")


@pytest.mark.parametrize(
    ("body", "token", "status"),
    [
        (b'{"id": "g-1", "arrived": true}', "wrong", 403),
        (b"not json", "t0ken", 400),
        (b'{"id": "g-9", "arrived": true}', "t0ken", 404),
        (b'{"id": "", "arrived": true}', "t0ken", 404),
    ],
)
def test_a_receipt_must_be_signed_and_known(gateway: Gateway, body: bytes, token: str, status: int):
    message = a_text()
    jobs.run_all()
    assert post_receipt(body, token).status_code == status
    message.refresh_from_db()
    assert message.state == "sent"


def a_user(name: str, *permissions: str) -> User:
    offer([Role("system_administrator", "", "", frozenset(permissions), sees_people=False)])
    user = User.objects.create_user(name, name=name, place_key=431200000000)
    Assignment.objects.create(
        user=user, role="system_administrator", place_id=431200000000, valid_from=dt.date(2020, 1, 1)
    )
    return user


def test_a_dead_letter_may_be_sent_again_by_who_may(city: Any, gateway: Gateway):
    gateway.answers = [(400, b"")]
    message = a_text()
    jobs.run_all()
    with pytest.raises(NotAllowed):
        services.try_again(uid=message.uid, by=a_user("one"))
    keeper = a_user("two", Messages.READ_DEAD)
    assert dead_letters(keeper).count() == 1
    services.try_again(uid=message.uid, by=keeper)
    jobs.run_all()
    message.refresh_from_db()
    assert message.state == "sent"
    with pytest.raises(Refused, match="not a dead letter"):
        services.try_again(uid=message.uid, by=keeper)


def a_notice(user: User, key: str = "n1", **more: Any) -> Message:
    return services.send(key=key, channel="in_app", user=user, title=Reason("Mark as read"), by=BY, **more)


def test_a_notice_in_the_platform_is_there_at_once_and_only_for_its_reader(city: Any):
    mine, other = a_user("mine"), a_user("other")
    message = a_notice(mine)
    assert (unread_count(mine), unread_count(other)) == (1, 0)
    with pytest.raises(NotFound):
        services.mark_read(uid=message.uid, by=other)
    services.mark_read(uid=message.uid, by=mine)
    assert unread_count(mine) == 0
    assert [m.pk for m in inbox(mine, {})] == [message.pk]
    assert list(inbox(mine, {"only": "unread"})) == []


def test_the_inbox_page_shows_marks_and_leads_on(city: Any, client: Client):
    user = a_user("mine", Messages.READ_DEAD)
    client.force_login(user)
    message = a_notice(user, url_name="messages:dead")
    text = client.get(reverse("messages:inbox")).content.decode()
    assert "标为已读" in text
    answer = client.post(reverse("messages:read", args=[message.uid]))
    assert answer.headers["Location"] == reverse("messages:dead")
    a_notice(user, "n2")
    client.post(reverse("messages:read_all"))
    assert unread_count(user) == 0
    assert "没有" not in client.get(reverse("messages:inbox")).content.decode()


def test_dead_letters_show_no_number(city: Any, client: Client, gateway: Gateway):
    gateway.answers = [(400, b"")]
    message = a_text()
    jobs.run_all()
    client.force_login(a_user("keeper", Messages.READ_DEAD))
    text = client.get(reverse("messages:dead")).content.decode()
    assert "http_400" in text
    assert PHONE not in text
    assert client.post(reverse("messages:try_again", args=[message.uid])).status_code == 302


def test_without_log_in_there_is_no_inbox(client: Client):
    assert client.get(reverse("messages:inbox")).status_code == 302


@pytest.mark.parametrize(("status", "again"), [(None, True), (429, True), (503, True), (400, False), (404, False)])
def test_only_what_may_pass_is_tried_again(status: int | None, again: bool):
    assert rules.may_succeed_later(status) is again
