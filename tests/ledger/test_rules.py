"""Decisions of the ledger, without a database."""

import datetime as dt
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yinling.kernel.reasons import Reason
from yinling.ledger import rules
from yinling.ledger.rules import Binding, Move, Standing

BINDING = Binding(UUID(int=9), "test", "key", dt.datetime(2026, 11, 23, tzinfo=dt.UTC))


def standing(number: int, balance: int = 0, **changes: object) -> Standing:
    return Standing(number, UUID(int=number), balance=balance, **changes)  # type: ignore[arg-type]


def outcome(moves: list[Move], *standings: Standing) -> object:
    return rules.post(moves, {s.account_id: s for s in standings}, BINDING, "fen")


def test_an_overdraft_names_balance_amount_floor_and_what_is_left():
    refused = outcome([Move(1, -500), Move(2, 500)], standing(1, 164), standing(2))
    assert isinstance(refused, Reason)
    for part in ("CNY 1.64", "CNY 5.00", "CNY 0.00"):
        assert part in str(refused)


def test_an_account_may_fall_to_its_floor_and_no_further():
    assert not isinstance(outcome([Move(1, -164), Move(2, 164)], standing(1, 164), standing(2)), Reason)
    assert isinstance(outcome([Move(1, -165), Move(2, 165)], standing(1, 164), standing(2)), Reason)


def test_a_ceiling_blocks():
    assert "limit" in str(outcome([Move(1, -5), Move(2, 5)], standing(1, 9), standing(2, 96, ceiling=100)))


def test_a_locked_account_does_not_move():
    assert "locked" in str(outcome([Move(1, -5), Move(2, 5)], standing(1, 9, is_locked=True), standing(2)))


@pytest.mark.parametrize("moves", [[Move(1, 5)], [Move(1, 5), Move(2, -4)], [Move(1, 0), Move(2, 0)], []])
def test_lines_that_do_not_balance_are_no_transfer(moves: list[Move]):
    assert isinstance(outcome(moves, standing(1, 9), standing(2, 9)), Reason)


def test_two_lines_of_one_account_stand_on_each_other():
    posted = outcome([Move(1, -6), Move(1, -6), Move(2, 12)], standing(1, 12, seq=4), standing(2))
    assert isinstance(posted, list)
    assert [line.standing.seq for line in posted if line.standing.account_id == 1] == [5, 6]
    assert isinstance(outcome([Move(1, -6), Move(1, -7), Move(2, 13)], standing(1, 12), standing(2)), Reason)


def test_every_part_of_a_posting_is_in_its_hash():
    base = (b"", UUID(int=1), 1, 5, 5, "b")
    changed = [b"x", UUID(int=2), 2, 6, 6, "c"]
    others = [(*base[:n], changed[n], *base[n + 1 :]) for n in range(6)]
    assert rules.posting_hash(*base) not in {rules.posting_hash(*other) for other in others}


@given(balances=st.lists(st.integers(0, 50), min_size=1, max_size=8), amount=st.integers(1, 200))
def test_a_pot_pays_exactly_or_not_at_all(balances: list[int], amount: int):
    slots = [standing(n, b) for n, b in enumerate(balances)]
    drawn = rules.drawn_from_slots(amount, slots)
    assert (drawn is None) == (sum(balances) < amount)
    if drawn is not None:
        assert sum(move.amount for move in drawn) == -amount
        assert all(balances[move.account_id] + move.amount >= 0 for move in drawn)


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3), st.integers(1, 40)), max_size=40))
def test_no_run_of_transfers_creates_or_destroys_anything(wanted: list[tuple[int, int, int]]):
    now = {n: standing(n, 50) for n in range(4)}
    for source, target, amount in wanted:
        posted = rules.post([Move(source, -amount), Move(target, amount)], now, BINDING, "minute")
        if isinstance(posted, list):
            now |= {line.standing.account_id: line.standing for line in posted}
    assert sum(s.balance for s in now.values()) == 200
    assert min(s.balance for s in now.values()) >= 0


def test_a_reversal_is_not_reversed():
    assert rules.why_not_reversed(False, True)
    assert rules.why_not_reversed(True, False)
    assert rules.why_not_reversed(False, False) is None


def test_amounts_read_as_people_write_them():
    assert rules.amount_words(16400, "fen").zh == "164.00 元"
    assert rules.amount_words(-5, "fen").en == "CNY -0.05"
    assert rules.amount_words(90, "minute").zh == "90 分钟"
