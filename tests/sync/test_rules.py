"""The protocol's decisions, without a database."""

import datetime as dt
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from yinling.care.rules.settling import GRAVEST_FIRST
from yinling.sync.rules import Held, is_full, offset_ms, settle, turn, why_no_command, why_no_part

ONE, OTHER = ("visit", UUID(int=1)), ("visit", UUID(int=2))
TODAY = dt.date(2026, 11, 23)


def test_a_slow_network_is_no_wrong_clock() -> None:
    assert offset_ms(1_000, 31_000) == 0


def test_a_clock_an_hour_behind_is_corrected() -> None:
    assert offset_ms(0, 3_600_000) == 3_600_000


def test_what_the_phone_has_is_not_said_again() -> None:
    assert turn({ONE: "a"}, {ONE: Held("a", 3)}, 3, is_full=False).put == ()


def test_an_answer_that_never_arrived_is_said_again() -> None:
    assert turn({ONE: "a"}, {ONE: Held("a", 4)}, 3, is_full=False).put == (ONE,)


def test_what_may_be_held_no_longer_is_dropped_until_the_phone_has_heard_it() -> None:
    assert turn({}, {ONE: Held("a", 3)}, 3, is_full=False).drop == (ONE,)
    assert turn({}, {ONE: Held("", 4)}, 3, is_full=False).drop == (ONE,)
    assert turn({}, {ONE: Held("", 4)}, 4, is_full=False).drop == ()


def test_what_was_dropped_and_may_be_held_again_is_sent_again() -> None:
    assert turn({ONE: "a"}, {ONE: Held("", 4)}, 4, is_full=False).put == (ONE,)


def test_a_phone_is_told_everything_anew_when_it_holds_nothing_or_is_too_old() -> None:
    assert is_full(stored=0, sent=5, read_on=TODAY, today=TODAY)
    assert is_full(stored=9, sent=5, read_on=TODAY, today=TODAY)
    assert is_full(stored=5, sent=5, read_on=TODAY - dt.timedelta(days=32), today=TODAY)
    assert not is_full(stored=5, sent=5, read_on=TODAY, today=TODAY)


def test_an_unknown_command_says_what_to_do() -> None:
    assert "Open it once with a signal" in str(why_no_command(False, 1, ()))
    assert why_no_command(True, 2, {1}) and not why_no_command(True, 1, {1})


def test_a_part_joins_where_the_last_one_ended() -> None:
    assert why_no_part(100, 40, 50, 10) and why_no_part(100, 40, 40, 70) and why_no_part(0, 0, 0, 0)
    assert why_no_part(100, 40, 40, 60) is None


def test_two_reports_are_settled_field_by_field_and_the_graver_is_seen() -> None:
    stands, later = {"found": "normal", "way": "door"}, {"found": "urgent", "way": "door"}
    found = settle(stands, later, GRAVEST_FIRST)
    assert found.differs == ("found",) and found.is_worse and found.stands == stands
    assert not settle(later, stands, GRAVEST_FIRST).is_worse


KEYS = st.sampled_from([("visit", UUID(int=number)) for number in range(5)])
STEPS = st.lists(st.tuples(st.dictionaries(KEYS, st.sampled_from("ab")), st.booleans()), max_size=12)


@given(STEPS)
def test_whatever_answers_are_lost_the_phone_holds_what_it_may_after_the_next(steps: list) -> None:
    phone: dict = {}
    told: dict = {}
    stored = sent = 0
    for wanted, is_lost in [*steps, ({ONE: "a"}, False)]:
        anew = is_full(stored=stored, sent=sent, read_on=TODAY, today=TODAY)
        said = turn(wanted, told, stored, is_full=anew)
        sent += 1
        told = {} if anew else {key: held for key, held in told.items() if held.digest or held.answer > stored}
        told |= {key: Held(wanted[key], sent) for key in said.put} | {key: Held("", sent) for key in said.drop}
        if is_lost:
            continue
        phone = {} if anew else phone
        phone |= {key: wanted[key] for key in said.put}
        phone = {key: value for key, value in phone.items() if key not in said.drop}
        stored = sent
        assert phone == wanted
    assert OTHER not in phone
