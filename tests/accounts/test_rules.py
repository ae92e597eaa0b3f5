"""Decisions about passwords, PINs and roles, without a database."""

import datetime as dt

import pytest

from yinling.accounts.rules import (
    ADMINISTRATORS,
    Loan,
    ProofRules,
    device_name,
    is_password_old,
    is_staff,
    kinds_of_characters,
    locked_until,
    why_no_pin_for,
    why_not_give,
    why_not_hold,
    why_not_lend,
    why_not_receive,
    why_not_send,
    why_password_weak,
    why_pin_locked,
    why_pin_weak,
    wrong_pin,
)

LIMITS = ProofRules()
TODAY = dt.date(2026, 11, 23)
NOON = dt.datetime(2026, 11, 23, 4, tzinfo=dt.UTC)


def weak(password: str, username: str = "shuhe", name: str = "舒禾") -> str:
    return str(why_password_weak(password, username=username, name=name, limits=LIMITS) or "")


def test_a_password_of_seven_characters_is_too_short() -> None:
    assert "7 characters; at least 8" in weak("Ab3!xyz")


def test_a_password_of_two_kinds_is_too_plain() -> None:
    assert "2 of four kinds; at least 3".replace("four kinds;", "four kinds of characters;") in weak("abcdefg12345")


def test_a_password_that_holds_the_user_name_or_the_name_is_refused() -> None:
    assert "contains your name" in weak("ShuHe-2026")
    assert "contains your name" in weak("Hello-舒禾-26")


def test_eight_characters_of_three_kinds_will_do() -> None:
    assert weak("Plum-721") == ""


@pytest.mark.parametrize(("text", "kinds"), [("abc", 1), ("aB", 2), ("aB3", 3), ("aB3-", 4), ("雨", 1), ("", 0)])
def test_kinds_of_characters_are_counted(text: str, kinds: int) -> None:
    assert kinds_of_characters(text) == kinds


def test_a_password_is_old_after_ninety_days_and_not_on_the_ninetieth() -> None:
    assert not is_password_old(NOON - dt.timedelta(days=90), NOON, LIMITS)
    assert is_password_old(NOON - dt.timedelta(days=90, seconds=1), NOON, LIMITS)


@pytest.mark.parametrize("pin", ["111111", "123456", "987654", "890123", "121212", "123123", "123321", "135791"])
def test_a_pin_with_a_pattern_is_refused(pin: str) -> None:
    assert "among the first" in str(why_pin_weak(pin))


@pytest.mark.parametrize("pin", ["12345", "1234567", "12a456", "", "１２３４５７"])
def test_a_pin_has_six_digits(pin: str) -> None:
    assert "6 digits" in str(why_pin_weak(pin))


@pytest.mark.parametrize("pin", ["407152", "118320", "902214"])
def test_a_pin_without_a_pattern_will_do(pin: str) -> None:
    assert why_pin_weak(pin) is None


def test_a_pin_locks_after_five_wrong_ones() -> None:
    assert why_pin_locked(4, LIMITS) is None
    assert "locked here" in str(why_pin_locked(5, LIMITS))
    assert "1 tries are left" in str(wrong_pin(4, LIMITS))
    assert "locked here" in str(wrong_pin(5, LIMITS))


@pytest.mark.parametrize("role", sorted(ADMINISTRATORS))
def test_administrators_have_no_pin(role: str) -> None:
    assert "not with a PIN" in str(why_no_pin_for([role]))


def test_wrong_codes_lock_for_a_quarter_of_an_hour() -> None:
    assert locked_until(NOON, 4, NOON, LIMITS) is None
    assert locked_until(NOON, 5, NOON, LIMITS) == NOON + dt.timedelta(minutes=15)
    assert locked_until(NOON, 5, NOON + dt.timedelta(minutes=15), LIMITS) is None


@pytest.mark.parametrize("first", sorted(ADMINISTRATORS))
@pytest.mark.parametrize("second", [*sorted(ADMINISTRATORS), "county_clerk", "auditor"])
def test_an_administrator_holds_no_other_role(first: str, second: str) -> None:
    if first == second:
        assert why_not_hold(first, [second]) is None
    else:
        assert why_not_hold(first, [second]) is not None
        assert why_not_hold(second, [first]) is not None


def test_other_roles_may_be_held_together() -> None:
    assert why_not_hold("assessor", ["county_clerk", "village_visitor"]) is None


def test_nobody_gives_roles_to_themselves() -> None:
    given = why_not_give(to_self=True, is_active=True, valid_from=TODAY, valid_to=None)
    assert "themselves" in str(given)


def test_a_role_that_ends_before_it_begins_is_refused() -> None:
    assert "before it begins" in str(why_not_give(to_self=False, is_active=True, valid_from=TODAY, valid_to=TODAY))
    assert why_not_give(to_self=False, is_active=True, valid_from=TODAY, valid_to=None) is None


def a_loan(**changes: object) -> Loan:
    plain = {
        "is_borrowed": False, "to_self": False, "is_active": True, "start": TODAY,
        "end": TODAY + dt.timedelta(days=14), "own_end": None, "lent_until": None,
    }  # fmt: skip
    return Loan(**(plain | changes))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"is_borrowed": True}, "itself lent"),
        ({"to_self": True}, "hold this role already"),
        ({"is_active": False}, "closed"),
        ({"start": TODAY - dt.timedelta(days=1)}, "have passed"),
        ({"end": TODAY}, "before it begins"),
        ({"end": TODAY + dt.timedelta(days=93)}, "93 days; the limit is 92"),
        ({"own_end": TODAY + dt.timedelta(days=13)}, "cannot last longer"),
        ({"lent_until": TODAY + dt.timedelta(days=3)}, "lent this role already"),
    ],
)
def test_what_cannot_be_lent(changes: dict[str, object], words: str) -> None:
    assert words in str(why_not_lend(a_loan(**changes), TODAY))


def test_two_weeks_can_be_lent() -> None:
    assert why_not_lend(a_loan(), TODAY) is None


def test_a_receipt_comes_from_another_county() -> None:
    assert why_not_receive(same_person=True, same_county=False, is_worker=False) is not None
    assert why_not_receive(same_person=True, same_county=True, is_worker=False) is None
    assert why_not_receive(same_person=False, same_county=False, is_worker=True) is not None


def test_nobody_sends_themselves() -> None:
    assert why_not_send(to_self=True, from_key=1, to_key=2, is_active=True, on_the_way=False) is not None
    assert why_not_send(to_self=False, from_key=1, to_key=2, is_active=True, on_the_way=False) is None


def test_a_volunteer_alone_is_not_staff() -> None:
    assert not is_staff(["volunteer"])
    assert not is_staff([])
    assert is_staff(["volunteer", "carer"])


@pytest.mark.parametrize(
    ("agent", "device"),
    [
        ("Mozilla/5.0 (Linux; Android 9) Chrome/86 Mobile Safari/537.36 MicroMessenger/8.0", ("WeChat", "Android")),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/120 Safari/537.36 Edg/120", ("Edge", "Windows")),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) Safari/604.1", ("Safari", "iPhone")),
        ("curl/8", ("", "")),
    ],
)
def test_a_device_is_named_by_browser_and_system(agent: str, device: tuple[str, str]) -> None:
    assert device_name(agent) == device
