"""Where a user is reached, and the servers of WeCom and the mini-program, over real sockets."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests.conftest import XUPU, a_user
from tests.messages.test_messages import BY, PHONE, Gateway
from yinling.accounts.models import User
from yinling.kernel import jobs
from yinling.kernel.errors import Refused
from yinling.kernel.reasons import Reason
from yinling.messages import services, wechat
from yinling.messages.models import Message, Reach

pytestmark = pytest.mark.django_db


def test_where_a_user_is_reached_is_sealed_and_only_the_own_page_shows_it(city: Any, client: Client) -> None:
    user = a_user("anybody", XUPU, "reached")
    client.force_login(user)
    assert client.post(reverse("messages:reach"), {"phone": PHONE, "wecom": "zhangsan"}).status_code == 302
    assert PHONE.encode() not in bytes(Reach.objects.get(way="phone").address_sealed)
    assert PHONE in client.get(reverse("messages:reach")).content.decode()
    client.post(reverse("messages:reach"), {"phone": "", "wecom": "zhangsan"})
    assert [one.way for one in Reach.objects.all()] == ["wecom"]


def test_no_telephone_number_is_refused_beside_its_field_and_nothing_is_kept(city: Any, client: Client) -> None:
    client.force_login(a_user("anybody", XUPU, "reached"))
    answer = client.post(reverse("messages:reach"), {"phone": "12345", "wecom": "zhangsan"})
    assert answer.status_code == 422 and not Reach.objects.exists()


@pytest.fixture
def servers(settings: Any) -> Iterator[Gateway]:
    """A stand-in for the servers of WeCom and the mini-program."""
    stand_in = Gateway()
    root = stand_in.url.removesuffix("/send?v=1")
    settings.MESSAGE_CHANNELS = {
        "wecom": {"url": root, "app": "corp", "secret": "s", "agent": "1000002"},
        "mini_app": {"url": root, "app": "wx1", "secret": "s", "template": "t1", "page": "pages/alerts"},
    }
    wechat.forget_tokens()
    yield stand_in
    stand_in.close()


TOKEN = (200, b'{"errcode": 0, "access_token": "tok", "expires_in": 7200}')


def told_by(channel: str, way: str, user: User) -> Message:
    services.set_reach(way=way, address="zhangsan", by=user)
    return services.send(key=f"w:{channel}", channel=channel, title=Reason("Mark as read"), user=user, by=BY)


def test_wecom_gets_a_token_once_and_then_the_message_in_its_own_shape(city: Any, servers: Gateway) -> None:
    user = a_user("anybody", XUPU, "reached")
    servers.answers = [TOKEN, (200, b'{"errcode": 0, "msgid": "m-1"}'), (200, b'{"errcode": 0, "msgid": "m-2"}')]
    first = told_by("wecom", "wecom", user)
    services.send(key="w2", channel="wecom", title=Reason("Mark as read"), user=user, by=BY)
    jobs.run_all()
    assert servers.paths == [
        "/cgi-bin/gettoken?corpid=corp&corpsecret=s", "/cgi-bin/message/send?access_token=tok",
        "/cgi-bin/message/send?access_token=tok",
    ]  # fmt: skip
    said = json.loads(servers.requests[1][1])
    assert (said["touser"], said["agentid"], said["text"]) == ("zhangsan", 1000002, {"content": "标为已读"})
    first.refresh_from_db()
    assert (first.state, first.external_id) == ("sent", "m-1")


def test_the_mini_program_gets_its_template_filled(city: Any, servers: Gateway) -> None:
    servers.answers = [TOKEN, (200, b'{"errcode": 0}')]
    message = told_by("mini_app", "mini_app", a_user("anybody", XUPU, "reached"))
    jobs.run_all()
    said = json.loads(servers.requests[1][1])
    assert (said["template_id"], said["page"], said["data"]) == (
        "t1",
        "pages/alerts",
        {"thing1": {"value": "标为已读"}},
    )
    message.refresh_from_db()
    assert message.state == "sent"


@pytest.mark.parametrize(("code", "state"), [(42001, "waiting"), (45009, "waiting"), (43101, "dead"), (40003, "dead")])
def test_what_the_servers_say_in_their_codes_is_tried_again_or_given_up(
    city: Any, servers: Gateway, code: int, state: str
) -> None:
    servers.answers = [TOKEN, (200, json.dumps({"errcode": code}).encode())]
    message = told_by("mini_app", "mini_app", a_user("anybody", XUPU, "reached"))
    jobs.run_all()
    message.refresh_from_db()
    assert (message.state, message.error) == (state, f"errcode_{code}")


def test_a_user_whom_nobody_can_reach_there_is_no_addressee(city: Any, servers: Gateway) -> None:
    user = a_user("anybody", XUPU)
    with pytest.raises(Refused):
        services.send(key="x", channel="wecom", title=Reason("Mark as read"), user=user, by=BY)
    assert not Message.objects.exists()
