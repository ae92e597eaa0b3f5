"""Transfers move, are refused, are reversed; the books prove themselves and find what was altered."""

import datetime as dt
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from yinling.accounts.models import Assignment, User
from yinling.accounts.roles import Role, offer
from yinling.kernel.clock import civil_date
from yinling.kernel.errors import NotAllowed, NotFound, Refused
from yinling.kernel.models import Change
from yinling.kernel.uids import new_uid
from yinling.ledger import services
from yinling.ledger.models import Account, Posting, Transfer
from yinling.ledger.permissions import Ledger
from yinling.ledger.queries import balance_of, balances, statement, totals_by_kind, verify_books

from .builders import BY, a_book, an_account, holding, paid, the_world

pytestmark = pytest.mark.django_db
XUPU, HECHENG_VILLAGE = 431224000000, 431202001001


def test_money_moves_and_the_change_is_recorded():
    one, other = holding(1000), an_account()
    made = paid(300, out_of=one, into=other)
    assert (balance_of(one), balance_of(other)) == (700, 300)
    assert Change.objects.filter(type="ledger.posted", subject_uid=made.uid).count() == 1
    assert list(verify_books()) == []


def test_an_overdraft_is_refused_and_nothing_is_written():
    one, other = holding(100), an_account()
    before = Posting.objects.count(), Transfer.objects.count(), Change.objects.count()
    with pytest.raises(Refused, match=r"holds CNY 1\.00"):
        paid(101, out_of=one, into=other)
    assert (Posting.objects.count(), Transfer.objects.count(), Change.objects.count()) == before


def test_a_ceiling_blocks_and_nothing_is_written():
    capped = an_account(ceiling=500)
    with pytest.raises(Refused, match="limit"):
        paid(501, out_of=the_world(), into=capped)
    assert balance_of(capped) == 0


def test_the_same_key_moves_once():
    one, other = holding(1000), an_account()
    first = paid(300, out_of=one, into=other, key="bill 7")
    again = paid(300, out_of=one, into=other, key="bill 7")
    assert first.pk == again.pk
    assert balance_of(other) == 300


def test_another_transfer_under_the_same_key_is_refused():
    one, other = holding(1000), an_account()
    paid(300, out_of=one, into=other, key="bill 7")
    with pytest.raises(Refused, match="bill 7"):
        paid(301, out_of=one, into=other, key="bill 7")
    assert balance_of(other) == 300


def test_a_reversal_moves_back_once_and_points_at_what_it_reverses():
    one, other = holding(1000), an_account()
    made = paid(300, out_of=one, into=other)
    first, again = (services.reverse(uid=made.uid, by=BY) for _ in range(2))
    assert first.pk == again.pk
    assert first.reverses == made
    assert (balance_of(one), balance_of(other)) == (1000, 0)
    with pytest.raises(Refused, match="not reversed itself"):
        services.reverse(uid=first.uid, by=BY)
    assert list(verify_books()) == []


def test_what_was_spent_cannot_be_reversed_away():
    one, other = holding(1000), an_account()
    made = paid(300, out_of=one, into=other)
    paid(200, out_of=other, into=the_world())
    with pytest.raises(Refused, match="holds"):
        services.reverse(uid=made.uid, by=BY)
    assert balance_of(other) == 100


def test_a_pot_pays_from_several_slots_and_not_beyond_their_sum():
    pot = an_account("pot", slots=4)
    for number in range(8):
        paid(100, out_of=the_world(), into=pot, key=f"fill {number}")
    assert balance_of(pot) == 800
    got = an_account()
    paid(790, out_of=pot, into=got)
    assert (balance_of(pot), balance_of(got)) == (10, 790)
    with pytest.raises(Refused, match="pot holds"):
        paid(11, out_of=pot, into=got)
    assert list(verify_books()) == []


def test_a_reversal_goes_back_into_the_pot():
    pot, got = an_account("pot", slots=3), an_account()
    for number in range(6):
        paid(100, out_of=the_world(), into=pot, key=f"fill {number}")
    made = paid(500, out_of=pot, into=got, key="draw")
    assert paid(500, out_of=pot, into=got, key="draw").pk == made.pk
    services.reverse(uid=made.uid, by=BY)
    assert balance_of(pot) == 600


def test_a_clearing_account_carries_no_balance_in_its_postings():
    world = the_world()
    paid(100, out_of=world, into=an_account())
    posting = Posting.objects.get(account=world)
    assert (posting.seq, posting.balance_after) == (None, None)
    assert balance_of(world) == -100


def test_a_death_locks_the_accounts_and_only_the_estate_moves():
    person = new_uid()
    one = holding(500, owner_uid=person)
    assert services.lock_accounts(owner_kind="person", owner_uid=person, by=BY) == 1
    assert services.lock_accounts(owner_kind="person", owner_uid=person, by=BY) == 0
    with pytest.raises(Refused, match="locked"):
        paid(500, out_of=one, into=the_world())
    paid(200, out_of=one, into=the_world(), may_move_locked=True)
    services.unlock_accounts(owner_kind="person", owner_uid=person, by=BY)
    paid(300, out_of=one, into=the_world())
    assert balance_of(one) == 0


def test_limits_that_the_balance_breaks_already_are_refused():
    one = holding(500)
    with pytest.raises(Refused, match="outside the limits"):
        services.set_limits(uid=one.uid, by=BY, floor=0, ceiling=499)
    services.set_limits(uid=one.uid, by=BY, floor=400, ceiling=None)
    with pytest.raises(Refused, match=r"CNY 4\.00"):
        paid(101, out_of=one, into=the_world())


def test_a_transfer_stays_in_one_book():
    with pytest.raises(Refused, match="one book"):
        paid(5, out_of=holding(500), into=an_account(book=a_book("minute")))


def test_opening_an_account_twice_opens_one():
    person = new_uid()
    assert an_account(owner_uid=person).pk == an_account(owner_uid=person).pk


def a_clerk(**more: Any) -> User:
    offer([Role("county_clerk", "", "", frozenset(more.get("may", Ledger)))])
    user = User.objects.create_user("clerk", place_key=XUPU)
    Assignment.objects.create(user=user, role="county_clerk", place_id=XUPU, valid_from=dt.date(2020, 1, 1))
    return user


def test_accounts_of_another_county_are_not_found(city: Any):
    clerk, own, foreign = a_clerk(), holding(500), an_account(place_key=HECHENG_VILLAGE)
    with pytest.raises(NotFound):
        paid(5, out_of=own, into=foreign, by=clerk)
    with pytest.raises(NotFound):
        services.set_limits(uid=foreign.uid, by=clerk, floor=0, ceiling=9)
    assert Account.objects.visible_to(clerk).filter(pk=foreign.pk).count() == 0
    assert balance_of(own) == 500


def test_without_the_permission_nothing_moves(city: Any):
    one = holding(500)
    with pytest.raises(NotAllowed):
        paid(5, out_of=one, into=the_world(), by=a_clerk(may=[Ledger.READ]))
    assert balance_of(one) == 500


def test_a_statement_opens_and_closes_with_the_balances():
    one = holding(1000)
    paid(300, out_of=one, into=the_world())
    today = civil_date()
    shown = statement(one, today, today)
    assert (shown.opening, shown.closing, shown.paid_in, shown.paid_out) == (0, 700, 1000, 300)
    later = statement(one, today + dt.timedelta(days=1), today + dt.timedelta(days=9))
    assert (later.opening, later.closing) == (700, 700)
    assert totals_by_kind(Account.objects.filter(pk=one.pk), today, today) == {"test": (1000, 300)}


def test_balances_of_many_accounts_cost_a_constant_number_of_statements(django_assert_max_num_queries: Any):
    many = [*(holding(n + 1) for n in range(5)), the_world()]
    with django_assert_max_num_queries(3):
        assert balances(many)[many[4].pk] == 5


@pytest.mark.parametrize("table", ["ledger_posting", "ledger_transfer"])
def test_the_database_itself_refuses_to_change_or_delete_what_was_posted(table: str):
    holding(100)
    for statement_text in (f"UPDATE {table} SET id = id", f"DELETE FROM {table}"):
        with pytest.raises(DatabaseError, match="only added to"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement_text)


def test_the_database_itself_refuses_an_overdraft():
    one = holding(100)
    last = Posting.objects.get(account=one)
    with pytest.raises(DatabaseError, match=r"floor|constraint"), transaction.atomic():
        Posting.objects.create(
            account=one, transfer=last.transfer, seq=2, amount=-101, balance_after=-1, floor=0, hash=b"x"
        )


TAMPERED = {
    "an amount is raised": "UPDATE ledger_posting SET amount = amount + 1 WHERE seq = 1",
    "a balance is raised": "UPDATE ledger_posting SET balance_after = balance_after + 1 WHERE seq = 2",
    "a hash is replaced": "UPDATE ledger_posting SET hash = previous WHERE seq = 2",
    "a posting is taken out": "DELETE FROM ledger_posting WHERE seq = 1",
    "the date is moved": "UPDATE ledger_transfer SET happened_at = '2020-01-01 00:00:00'",
    "a memo is changed": "UPDATE ledger_transfer SET memo = 'x'",
}


@pytest.mark.parametrize("what", TAMPERED)
def test_the_proof_finds_what_was_altered(what: str):
    one = holding(1000)
    paid(300, out_of=one, into=the_world())
    _without_triggers(TAMPERED[what])
    assert list(verify_books())


def test_the_proof_finds_a_transfer_that_vanished_with_all_its_postings():
    one = holding(1000)
    made = paid(300, out_of=one, into=the_world())
    _without_triggers(
        f"DELETE FROM ledger_posting WHERE transfer_id = {made.pk}", f"DELETE FROM ledger_transfer WHERE id = {made.pk}"
    )
    assert [fault.where for fault in verify_books()] == [str(made.uid)]


def _without_triggers(*statements: str) -> None:
    """Do what somebody with the database's password could do."""
    with connection.cursor() as cursor:
        for table in ("ledger_posting", "ledger_transfer"):
            for verb in ("update", "delete"):
                on = f" ON {table}" if connection.vendor == "postgresql" else ""
                cursor.execute(f"DROP TRIGGER {table}_refuses_{verb}{on}")
        for text in statements:
            cursor.execute(text)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(wanted=st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3), st.integers(1, 90)), max_size=12))
def test_replaying_the_postings_gives_the_same_balances(wanted: list[tuple[int, int, int]]):
    with transaction.atomic():
        accounts = [holding(100) for _ in range(4)]
        expected = dict.fromkeys((a.pk for a in accounts), 100)
        for source, target, amount in wanted:
            if source == target:
                continue
            one, other = accounts[source], accounts[target]
            try:
                paid(amount, out_of=one, into=other)
            except Refused:
                assert amount > expected[one.pk]
            else:
                expected[one.pk] -= amount
                expected[other.pk] += amount
        replayed = {a.pk: sum(Posting.objects.filter(account=a).values_list("amount", flat=True)) for a in accounts}
        assert replayed == expected == balances(accounts)
        assert list(verify_books()) == []
        transaction.set_rollback(True)
