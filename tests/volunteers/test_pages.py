"""Pages of the time bank: what they show, whose they are, how many statements they take."""

import re
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.conftest import HECHENG, XUPU, a_user, client_of
from tests.volunteers import builders as b
from tests.volunteers.builders import VILLAGE, Village, saved
from yinling.accounts.models import User
from yinling.volunteers.models import Order, Receipt, Request
from yinling.volunteers.queries.books import totals
from yinling.web.assets import build
from yinling.web.words import duration

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module", autouse=True)
def _assets() -> None:
    build()


@pytest.fixture
def clerk(village: Village) -> Client:
    return client_of(a_user("county_clerk", XUPU))


@pytest.fixture
def coordinator(village: Village) -> Client:
    return client_of(village.coordinator)


def page(client: Client, name: str, *args: object, **query: object) -> str:
    answer = client.get(reverse(name if ":" in name else f"volunteers:{name}", args=args), query)
    assert answer.status_code == 200, answer.content[:2000]
    return answer.content.decode()


def test_every_page_of_a_branch_opens(clerk: Client, village: Village) -> None:
    order = b.banked(village)
    request, branch = b.asked(village, minutes=30), village.branch.uid
    member, volunteer = village.elder.uid, village.volunteer.uid
    for name in ("branches", "members", "volunteers", "requests", "orders", "receipts", "solvency", "settlement"):
        page(clerk, name)
    page(clerk, "open_branch")
    for name in ("branch", "coordinator", "group", "join", "grant_to_pool", "lend", "fill"):
        page(clerk, name, branch)
    for name in (
        "member",
        "print_statement",
        "certificate",
        "gift",
        "donate",
        "grant",
        "adjust",
        "estate",
        "ask",
        "apply",
    ):
        page(clerk, name, member)
    for name in (
        "volunteer",
        "check",
        "train",
        "insure",
        "honour",
        "groups",
        "availability",
        "offer",
        "suspend",
        "end",
    ):
        page(clerk, name, volunteer)
    assert "舒桂香" in page(clerk, "order", order.uid) and "向春生" in page(clerk, "request", request.uid)
    for name in ("done", "confirm", "dispute", "cancel", "take_back"):
        page(clerk, name, order.uid)
    assert "向春生" in page(clerk, "certificate", village.volunteer.member.uid)


def test_another_county_finds_nothing(village: Village) -> None:
    other = client_of(a_user("county_clerk", HECHENG))
    order = b.banked(village)
    for name, uid in (
        ("branch", village.branch.uid), ("member", village.elder.uid), ("volunteer", village.volunteer.uid),
        ("order", order.uid), ("print_statement", village.elder.uid),
    ):  # fmt: skip
        assert other.get(reverse(f"volunteers:{name}", args=[uid])).status_code == 404
    assert "向春生" not in page(other, "volunteers")


def test_who_holds_no_role_here_is_told_so(village: Village) -> None:
    for name in ("branches", "members", "volunteers", "requests", "orders", "receipts", "solvency", "settlement"):
        assert client_of(a_user("volunteer", VILLAGE, name)).get(reverse(f"volunteers:{name}")).status_code == 403


def test_the_coordinator_takes_a_request_all_the_way(coordinator: Client, village: Village) -> None:
    b.with_hours(village.elder, 60)
    when = b.tomorrow().strftime("%Y-%m-%dT%H:%M")
    sent = {"service": "company", "starts_at": when, "minutes": 60, "payer": str(village.elder.uid)}
    assert coordinator.post(reverse("volunteers:ask", args=[village.elder.uid]), sent).status_code == 302
    request = Request.objects.get()
    agreed = coordinator.post(reverse("volunteers:agree", args=[request.uid, village.volunteer.uid]))
    order = Order.objects.get()
    assert agreed["Location"] == reverse("volunteers:order", args=[order.uid])
    times = {"started_at": "2026-11-01T09:00", "ended_at": "2026-11-01T10:00"}
    coordinator.post(reverse("volunteers:done", args=[order.uid]), times)
    refused = coordinator.post(reverse("volunteers:confirm", args=[order.uid]), {"proof": "witness"})
    assert refused.status_code == 422
    coordinator.post(reverse("volunteers:confirm", args=[order.uid]), {"proof": "sign"})
    order.refresh_from_db()
    assert order.state == "confirmed" and Receipt.objects.filter(verb="confirm").exists()
    receipt = Receipt.objects.get(verb="ask")
    assert "舒桂香" in page(coordinator, "receipt", receipt.uid)


def test_hours_sent_twice_move_once(coordinator: Client, village: Village) -> None:
    b.with_hours(village.elder, 120)
    sent = {"minutes": 60, "key": str(uuid4())}
    for _twice in range(2):
        assert coordinator.post(reverse("volunteers:donate", args=[village.elder.uid]), sent).status_code == 302
    assert saved(village.elder) == 60


def test_too_much_is_refused_beside_the_field(coordinator: Client, village: Village) -> None:
    answer = coordinator.post(
        reverse("volunteers:donate", args=[village.elder.uid]), {"minutes": 60, "key": str(uuid4())}
    )
    assert answer.status_code == 422 and saved(village.elder) == 0


@pytest.fixture
def myself(village: Village) -> User:
    user = a_user("volunteer", VILLAGE, "me")
    b.with_hours(b.a_volunteer(village.branch, "田若兰", user).member, 90)
    return user


def test_a_member_sees_and_moves_their_own_hours(myself: User, village: Village) -> None:
    client = client_of(myself)
    assert "田若兰" in page(client, "hours:home")
    for name in ("hours:print", "hours:certificate", "hours:gift", "hours:donate", "hours:ask"):
        page(client, name)
    sent = {"minutes": 30, "key": str(uuid4())}
    assert client.post(reverse("hours:donate"), sent)["Location"] == reverse("hours:home")
    assert saved(myself.time_member) == 60 and not Receipt.objects.exists()


def test_who_is_no_member_learns_how_to_become_one(village: Village) -> None:
    client = client_of(a_user("township_clerk", VILLAGE, "nobody"))
    assert client.get(reverse("hours:home")).status_code == 200
    assert client.get(reverse("hours:donate")).status_code == 404


def test_the_public_figures_are_those_of_the_ledger(client: Client, village: Village) -> None:
    b.banked(village)
    shown = page(client, "time_bank:figures")
    found = totals()
    assert found.balances
    told = re.findall(r"<dd>([^<]+)</dd>", shown)[:6]
    stocks, flows = found.stocks, found.flows
    figures = (stocks["saved"], stocks["held"], stocks["pool"], stocks["grant_pot"], flows["given"], flows["received"])
    assert told == [duration(minutes, language="zh-hans") for minutes in figures]
    assert "public" in client.get(reverse("time_bank:figures"))["Cache-Control"]


def test_a_policy_officer_tries_other_rules_and_sees_both(clerk: Client, village: Village) -> None:
    b.banked(village)
    shown = page(
        clerk,
        "solvency",
        place=XUPU,
        share_serving=50,
        hours_a_year=60,
        claims_from=70,
        share_claimed=15,
        donated=5,
        years=10,
    )
    assert shown.count('class="l clr"') == 2
    assert clerk.get(reverse("volunteers:solvency"), {"place": HECHENG}).status_code == 404
    assert clerk.get(reverse("volunteers:solvency"), {"share_serving": 500}).status_code == 422


@pytest.mark.parametrize("name", ["branches", "members", "volunteers", "orders", "requests"])
def test_a_list_takes_as_many_statements_for_many_rows_as_for_few(clerk: Client, village: Village, name: str) -> None:
    def statements() -> int:
        with CaptureQueriesContext(connection) as asked:
            page(clerk, name)
        return len(asked)

    b.asked(village, minutes=30)
    b.banked(village)
    page(clerk, name)
    few = statements()
    for number in range(4):
        b.a_volunteer(village.branch, f"田{number}兰")
        b.asked(village, minutes=45)
    b.a_branch("第二老年协会")
    assert statements() == few
