"""Pages of the ledger: whose accounts they show, what a statement says, how the proof is run and kept."""

import datetime as dt
from collections.abc import Sequence
from io import BytesIO
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from python_calamine import CalamineWorkbook

from tests.browsing import check, enter
from tests.conftest import XUPU, a_user
from yinling.accounts.models import User
from yinling.kernel import jobs
from yinling.kernel.actors import Actor
from yinling.kernel.clock import civil_date
from yinling.kernel.errors import NotAllowed, Refused
from yinling.kernel.models import Change, Job
from yinling.ledger import names, services
from yinling.ledger.models import Account, Transfer
from yinling.ledger.proof import ask_for_proof, latest_proof
from yinling.ledger.queries import balance_of, verify_books
from yinling.web.assets import build

from .builders import BY, a_book, an_account, holding, paid, the_world
from .test_services import _without_triggers

pytestmark = pytest.mark.django_db
FAR = 431202001001


def labelled(uids: Sequence[UUID], user: Actor) -> dict[UUID, tuple[str, str, str]]:
    return {uid: ("舒**", "卢峰镇敬老院", "/work/") for uid in uids}


@pytest.fixture(autouse=True)
def owners_have_names(monkeypatch: pytest.MonkeyPatch, registries_of_its_own: None) -> None:
    monkeypatch.setattr(names, "_owners", {"person": names.Owner("person", "Person", labelled)})


def browsing(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def auditor(city: Any) -> User:
    return a_user("auditor", city.key)


def test_a_clerk_finds_the_accounts_of_the_county_and_no_other(county_clerk: User):
    own, foreign = holding(12345), holding(500, place_key=FAR)
    text = browsing(county_clerk).get(reverse("ledger:accounts")).content.decode()
    assert str(own.uid) in text and "123.45 元" in text and "舒**" in text
    assert str(foreign.uid) not in text
    assert browsing(county_clerk).get(reverse("ledger:statement", args=[foreign.uid])).status_code == 404
    assert browsing(county_clerk).get(reverse("ledger:print", args=[foreign.uid])).status_code == 404
    assert browsing(county_clerk).get(reverse("ledger:export", args=[foreign.uid])).status_code == 404


def test_a_manager_opens_the_accounts_of_the_own_home_and_no_other(city: Any, monkeypatch: pytest.MonkeyPatch):
    manager = a_user("institution_manager", XUPU)
    own, neighbour = holding(700), holding(800)

    def mine(user: Actor) -> Any:
        return Account.objects.filter(pk=own.pk).values("owner_uid")

    monkeypatch.setattr(names, "_owners", {"person": names.Owner("person", "Person", labelled, mine)})
    text = browsing(manager).get(reverse("ledger:accounts")).content.decode()
    assert str(own.uid) in text and str(neighbour.uid) not in text
    assert browsing(manager).get(reverse("ledger:statement", args=[own.uid])).status_code == 200
    assert browsing(manager).get(reverse("ledger:statement", args=[neighbour.uid])).status_code == 404


@pytest.mark.parametrize("role", ["village_visitor", "carer", "system_administrator", "hotline_agent"])
def test_whoever_has_nothing_to_do_with_money_is_refused(city: Any, role: str):
    assert browsing(a_user(role, city.key)).get(reverse("ledger:accounts")).status_code == 403


def test_the_number_of_statements_does_not_grow_with_the_list(county_clerk: User):
    client = browsing(county_clerk)
    holding(100)
    client.get(reverse("ledger:accounts"))
    with CaptureQueriesContext(connection) as few:
        client.get(reverse("ledger:accounts"))
    for _ in range(10):
        holding(100)
    with CaptureQueriesContext(connection) as many:
        client.get(reverse("ledger:accounts"))
    assert len(many) == len(few) <= 14


def test_filters_are_in_the_address(county_clerk: User):
    kept, locked = holding(100, kind="deposit"), holding(100, kind="prepayment")
    services.lock_accounts(owner_kind="person", owner_uid=locked.owner_uid, by=BY)
    page = browsing(county_clerk)
    assert str(locked.uid) not in page.get(reverse("ledger:accounts"), {"kind": "deposit"}).content.decode()
    assert str(kept.uid) not in page.get(reverse("ledger:accounts"), {"state": "locked"}).content.decode()


def test_a_statement_shows_each_balance_and_what_was_taken_back(county_clerk: User):
    one = holding(100_000)
    made = paid(30_000, out_of=one, into=the_world())
    services.reverse(uid=made.uid, by=BY)
    text = browsing(county_clerk).get(reverse("ledger:statement", args=[one.uid])).content.decode()
    assert "1,000.00 元" in text and "700.00 元" in text
    assert "已冲回" in text and "冲正" in text
    printed = browsing(county_clerk).get(reverse("ledger:print", args=[one.uid])).content.decode()
    assert "700.00 元" in printed


def test_days_in_the_wrong_order_are_refused_and_nothing_breaks(county_clerk: User):
    one = holding(100)
    answer = browsing(county_clerk).get(
        reverse("ledger:statement", args=[one.uid]), {"first": "2026-11-23", "last": "2026-11-01"}
    )
    assert answer.status_code == 422
    asked = {"first": "1999-01-01", "last": "2026-11-01"}
    assert browsing(county_clerk).get(reverse("ledger:statement", args=[one.uid]), asked).status_code == 422


def test_a_statement_in_minutes_is_not_shown_as_money(county_clerk: User):
    saved = an_account(book=a_book("minute"))
    paid(90, out_of=an_account("world", book=a_book("minute"), is_clearing=True), into=saved)
    text = browsing(county_clerk).get(reverse("ledger:statement", args=[saved.uid])).content.decode()
    assert "90 分钟" in text


def test_an_export_needs_a_reason_and_stays_on_record(county_clerk: User):
    one, client = holding(12_345), browsing(county_clerk)
    url = reverse("ledger:export", args=[one.uid])
    assert client.get(url).status_code == 200
    assert client.post(url, {"reason": "x"}).status_code == 422
    assert not Change.objects.filter(type="ledger.statement_taken").exists()
    answer = client.post(url, {"reason": "季度核对账目"})
    book = CalamineWorkbook.from_filelike(BytesIO(b"".join(answer.streaming_content)))
    assert [row[3] for row in book.get_sheet_by_index(0).to_python()][2] == 123.45
    assert Change.objects.get(type="ledger.statement_taken").reason == "季度核对账目"


def test_who_may_not_export_does_not(city: Any):
    one = holding(100)
    township = a_user("township_clerk", 431224100000)
    assert browsing(township).post(reverse("ledger:export", args=[one.uid]), {"reason": "核对账目"}).status_code == 403


def test_the_proof_runs_as_a_job_and_its_result_is_kept(auditor: User):
    paid(300, out_of=holding(1000), into=the_world())
    client = browsing(auditor)
    assert "尚未" in client.get(reverse("ledger:proof")).content.decode()
    client.post(reverse("ledger:prove"))
    client.post(reverse("ledger:prove"))
    assert Job.objects.filter(kind="ledger.proof").count() == 1
    assert "hx-get" in client.get(reverse("ledger:proof")).content.decode()
    jobs.run_all()
    assert client.get(reverse("ledger:progress"))["HX-Refresh"] == "true"
    proof = latest_proof()
    assert proof is not None and (proof.count, proof.postings) == (0, 4)
    assert "账簿完好" in client.get(reverse("ledger:proof")).content.decode()
    assert Change.objects.get(type="ledger.proved").data == {"faults": 0}


def test_what_is_broken_is_named_with_its_owner(auditor: User):
    one = holding(1000)
    paid(300, out_of=one, into=the_world())
    _without_triggers(f"UPDATE ledger_posting SET amount = amount + 1 WHERE account_id = {one.pk} AND seq = 2")
    ask_for_proof(by=auditor)
    jobs.run_all()
    text = browsing(auditor).get(reverse("ledger:proof")).content.decode()
    assert "账簿有问题" in text and "舒**" in text and reverse("ledger:statement", args=[one.uid]) in text


def test_a_clerk_reads_the_state_of_the_proof_but_does_not_run_it(county_clerk: User):
    assert "尚未" in browsing(county_clerk).get(reverse("ledger:accounts")).content.decode()
    assert browsing(county_clerk).get(reverse("ledger:proof")).status_code == 403
    with pytest.raises(NotAllowed):
        ask_for_proof(by=county_clerk)
    assert not Job.objects.exists()


def test_the_panel_shows_whose_accounts_the_owner_says(county_clerk: User, monkeypatch: pytest.MonkeyPatch):
    one, foreign = holding(4200), holding(9900, place_key=FAR)
    owners = [("person", one.owner_uid), ("person", foreign.owner_uid)]
    monkeypatch.setattr(names, "_holders", {"person": lambda uid, user: owners})
    text = browsing(county_clerk).get(reverse("ledger:person_panel", args=[one.owner_uid])).content.decode()
    assert "42.00 元" in text and "99.00 元" not in text


def test_days_asked_for_bound_the_statement(county_clerk: User):
    one = holding(1000)
    tomorrow = civil_date() + dt.timedelta(days=1)
    asked = {"first": str(tomorrow), "last": str(tomorrow)}
    text = browsing(county_clerk).get(reverse("ledger:statement", args=[one.uid]), asked).content.decode()
    assert "没有收支" in text and "10.00 元" in text


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_the_pages_have_no_accessibility_fault(browser_page: Any, live_server: Any, city: Any):
    build()
    officer = a_user("city_officer", city.key)
    one = holding(100_000)
    services.reverse(uid=paid(30_000, out_of=one, into=the_world()).uid, by=BY)
    ask_for_proof(by=officer)
    jobs.run_all()
    enter(browser_page, live_server, officer)
    wrong = paid(20_000, out_of=one, into=the_world())
    pages = [
        "", "proof/", f"{one.uid}/", f"{one.uid}/print/", f"{one.uid}/export/", f"{one.uid}/back/{wrong.uid}/",
    ]  # fmt: skip
    assert [found for page in pages if (found := check(browser_page, live_server, f"/work/ledger/{page}"))] == []


def test_a_posting_is_taken_back_with_a_reason_and_both_lines_stand_on_the_statement(county_clerk: User):
    one, client = holding(100_000), browsing(county_clerk)
    made = paid(30_000, out_of=one, into=the_world())
    statement = reverse("ledger:statement", args=[one.uid])
    back = reverse("ledger:take_back", args=[one.uid, made.uid])
    assert back in client.get(statement).content.decode()
    assert "300.00 元" in client.get(back).content.decode()
    for typed in ({"reason": "", "sure": "on"}, {"reason": "重复登记"}):
        assert client.post(back, typed).status_code == 422 and balance_of(one) == 70_000
    assert client.post(back, {"reason": "重复登记", "sure": "on"})["Location"] == statement
    assert balance_of(one) == 100_000
    text = client.get(statement).content.decode()
    assert "已冲回" in text and text.count("300.00 元") >= 2 and back not in text
    change = Change.objects.get(type="ledger.posted", data__reverses=str(made.uid))
    assert (change.reason, str(change.actor_uid)) == ("重复登记", str(county_clerk.uid))
    assert list(verify_books()) == []


def test_the_second_taking_back_is_refused_and_nothing_is_written(county_clerk: User):
    one, client = holding(100_000), browsing(county_clerk)
    made = paid(30_000, out_of=one, into=the_world())
    reversal = services.take_back(uid=made.uid, by=county_clerk, reason="重复登记")
    count = Transfer.objects.count()
    with pytest.raises(Refused, match="reversed already"):
        services.take_back(uid=made.uid, by=county_clerk, reason="重复登记")
    with pytest.raises(Refused, match="not reversed itself"):
        services.take_back(uid=reversal.uid, by=county_clerk, reason="重复登记")
    back = reverse("ledger:take_back", args=[one.uid, made.uid])
    assert "已冲正" in client.get(back).content.decode()
    assert client.post(back, {"reason": "再来一次", "sure": "on"}).status_code == 422
    assert Transfer.objects.count() == count and balance_of(one) == 100_000


def test_only_county_and_city_take_postings_back_and_each_its_own(city: Any, county_clerk: User):
    one, foreign = holding(1000), holding(1000, place_key=FAR)
    made, other = paid(300, out_of=one, into=the_world()), paid(300, out_of=foreign, into=the_world())
    asked = {"reason": "重复登记", "sure": "on"}
    own = reverse("ledger:take_back", args=[one.uid, made.uid])
    for role, place in (("township_clerk", 431224100000), ("auditor", city.key)):
        client = browsing(a_user(role, place))
        assert own not in client.get(reverse("ledger:statement", args=[one.uid])).content.decode()
        assert client.post(own, asked).status_code == 403
    clerk = browsing(county_clerk)
    assert clerk.post(reverse("ledger:take_back", args=[foreign.uid, other.uid]), asked).status_code == 404
    assert clerk.post(reverse("ledger:take_back", args=[one.uid, other.uid]), asked).status_code == 404
    assert (balance_of(one), balance_of(foreign)) == (700, 700)
