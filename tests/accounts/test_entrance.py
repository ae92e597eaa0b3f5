"""The door: log-in by a real client, lock-out, the idle clock, what must be done first, the language."""

import datetime as dt
import re
import time
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from yinling.accounts import proofs
from yinling.accounts.models import LogIn, Session, User
from yinling.accounts.sessions import SessionStore, digest
from yinling.kernel.clock import now
from yinling.kernel.errors import NotFound, Refused

from .builders import PASSWORD, XUPU, again, days, is_in, log_in, logged_in, someone, written

pytestmark = pytest.mark.django_db
LOGIN, OWN = "/accounts/login/", "/work/accounts/me/"


# --- passwords


def test_the_right_password_opens_and_leaves_a_line_and_a_session(clerk: User) -> None:
    client = Client()
    answer = log_in(client, headers={"user-agent": "Old Android"})
    assert (answer.status_code, answer["Location"]) == (302, "/work/")
    assert is_in(client)
    line = LogIn.objects.get()
    assert (line.user, line.way, line.succeeded, line.agent, line.place_key) == (
        clerk,
        "password",
        True,
        "Old Android",
        XUPU,
    )
    session = Session.objects.get(user=clerk)
    assert (session.agent, session.address) == ("Old Android", "127.0.0.1")


def test_the_table_holds_no_key_that_opens_a_session(clerk: User) -> None:
    client = Client()
    log_in(client)
    key = client.cookies["sessionid"].value
    assert Session.objects.get(user=clerk).session_key == digest(key) != key
    thief = Client()
    thief.cookies["sessionid"] = digest(key)
    assert not is_in(thief)


def test_the_cookie_ends_with_the_browser(clerk: User) -> None:
    client = Client()
    log_in(client)
    assert client.cookies["sessionid"]["max-age"] == ""
    assert client.cookies["sessionid"]["httponly"]


def test_capital_letters_in_the_user_name_do_not_matter(clerk: User) -> None:
    client = Client()
    log_in(client, " Clerk ")
    assert is_in(client)


def test_after_log_in_one_goes_where_one_wanted_but_never_away_from_here(clerk: User) -> None:
    for wanted, reached in ((OWN, OWN), ("https://elsewhere.example/", "/work/")):
        answer = Client().post(LOGIN, {"login": "clerk", "password": PASSWORD, "next": wanted})
        assert answer["Location"] == reached


@pytest.mark.parametrize(("username", "known"), [("clerk", True), ("nobody", False)])
def test_a_wrong_password_opens_nothing_and_leaves_a_line(clerk: User, username: str, known: bool) -> None:
    client = Client()
    answer = log_in(client, username, "wrong")
    assert "用户名或密码不对" in answer.content.decode()
    assert not is_in(client)
    line = LogIn.objects.get()
    assert (line.username, line.succeeded, line.user == clerk) == ("clerk" if known else "nob…", False, known)
    assert "wrong" not in str(line.__dict__.values())


def test_a_closed_account_opens_nothing(clerk: User) -> None:
    User.objects.filter(pk=clerk.pk).update(is_active=False)
    client = Client()
    log_in(client)
    assert not is_in(client)


def test_five_wrong_passwords_lock_and_the_page_says_until_when_and_whom_to_call(clerk: User, settings: Any) -> None:
    settings.AXES_ENABLED = True
    client = Client()
    answers = [log_in(client, password="wrong") for _ in range(5)]
    assert [a.status_code for a in answers] == [200, 200, 200, 200, 429]
    locked = log_in(client)
    text = locked.content.decode()
    assert locked.status_code == 429
    assert re.search(r"\d{1,2}:\d{2}", text) and settings.HOTLINE in text  # today, or tomorrow near midnight
    assert not is_in(client)
    someone("other", XUPU)
    log_in(client, "other")
    assert is_in(client)


def test_a_right_password_forgives_the_wrong_ones_before_it(clerk: User, settings: Any) -> None:
    settings.AXES_ENABLED = True
    client = Client()
    for _ in range(2):
        for _ in range(4):
            log_in(client, password="wrong")
        assert log_in(client).status_code == 302
        client.post("/accounts/logout/")


def test_logging_out_ends_the_session_and_leaves_a_line(clerk: User) -> None:
    client = Client()
    log_in(client)
    client.post("/accounts/logout/")
    assert not is_in(client)
    assert not Session.objects.filter(user=clerk).exists()
    assert list(LogIn.objects.order_by("id").values_list("way", flat=True)) == ["password", "logout"]


@pytest.mark.parametrize("page", ["signup/", "password/reset/", "email/", "password/set/"])
def test_there_is_no_door_for_sign_up_or_e_mail(page: str) -> None:
    assert Client().get(f"/accounts/{page}").status_code == 404


def test_guessing_the_password_from_inside_locks_too(clerk: User, settings: Any) -> None:
    settings.AXES_ENABLED = True
    client = logged_in(clerk)
    guess = {"oldpassword": "wrong", "password1": "Fir-tree 88", "password2": "Fir-tree 88"}
    assert [client.post("/accounts/password/change/", guess).status_code for _ in range(5)][-1] == 429
    guess["oldpassword"] = PASSWORD
    assert client.post("/accounts/password/change/", guess).status_code == 429
    assert again(clerk).check_password(PASSWORD)


# --- the idle clock


def test_a_session_idles_out(clerk: User, settings: Any) -> None:
    client = Client()
    log_in(client)
    Session.objects.filter(user=clerk).update(expire_date=now() - dt.timedelta(seconds=1))
    assert not is_in(client)


def test_use_pushes_the_end_back_at_most_once_a_minute(clerk: User, monkeypatch: pytest.MonkeyPatch) -> None:
    client = Client()
    log_in(client)
    client.get(OWN)
    first = Session.objects.get(user=clerk).seen_at
    client.get(OWN)
    assert Session.objects.get(user=clerk).seen_at == first
    later = time.time() + 61
    monkeypatch.setattr("yinling.accounts.middleware.time.time", lambda: later)
    client.get(OWN)
    assert Session.objects.get(user=clerk).seen_at > first


def test_a_device_that_was_ended_elsewhere_is_out_at_once(clerk: User) -> None:
    lost, mine = Client(), Client()
    log_in(lost)
    log_in(mine)
    key = digest(lost.cookies["sessionid"].value)
    assert mine.post(f"/work/accounts/me/sessions/{key}/end/").status_code == 302
    assert not is_in(lost)
    assert is_in(mine)


def test_nobody_ends_another_s_session(clerk: User, other_clerk: User) -> None:
    victim, attacker = Client(), logged_in(other_clerk)
    log_in(victim)
    key = digest(victim.cookies["sessionid"].value)
    assert attacker.post(f"/work/accounts/me/sessions/{key}/end/").status_code == 404
    with pytest.raises(NotFound):
        proofs.end_session(key=key, user=other_clerk)
    assert is_in(victim)


def test_expired_sessions_are_swept(clerk: User) -> None:
    log_in(Client())
    Session.objects.update(expire_date=now() - days(1))
    SessionStore.clear_expired()
    assert not Session.objects.exists()


# --- first things first


def test_a_temporary_password_must_be_changed_before_work(clerk: User) -> None:
    User.objects.filter(pk=clerk.pk).update(must_change_password=True)
    client = Client()
    log_in(client)
    assert client.get(OWN)["Location"] == "/accounts/password/change/"
    new = {"oldpassword": PASSWORD, "password1": "Fir-tree 88", "password2": "Fir-tree 88"}
    assert client.post("/accounts/password/change/", new)["Location"] == "/work/"
    assert is_in(client)


def test_a_password_of_ninety_one_days_must_be_changed(clerk: User) -> None:
    User.objects.filter(pk=clerk.pk).update(password_changed_at=now() - days(91))
    assert logged_in(clerk).get(OWN)["Location"] == "/accounts/password/change/"


@pytest.mark.parametrize(
    ("new", "said"), [("abc", "至少"), (PASSWORD, "现在用的密码"), ("名clerk Xx-2026", "名字或用户名")]
)
def test_a_poor_new_password_is_refused_beside_the_field(clerk: User, new: str, said: str) -> None:
    form = {"oldpassword": PASSWORD, "password1": new, "password2": new}
    answer = logged_in(clerk).post("/accounts/password/change/", form)
    assert answer.status_code == 200
    assert said in answer.content.decode()
    assert again(clerk).check_password(PASSWORD)


def test_data_waits_too_until_the_password_is_changed(clerk: User) -> None:
    User.objects.filter(pk=clerk.pk).update(must_change_password=True)
    assert logged_in(clerk).get("/api/v1/anything").status_code == 403


# --- the language


def test_a_chosen_language_is_kept_with_the_account(clerk: User) -> None:
    client = Client()
    log_in(client)
    client.post(reverse("web:prefer"), {"language": "en", "next": OWN})
    assert again(clerk).language == "en"
    elsewhere = Client()
    log_in(elsewhere)
    assert "My account" in elsewhere.get(OWN).content.decode()


def test_an_unknown_language_is_refused_and_nothing_is_written(clerk: User) -> None:
    before = written()
    with pytest.raises(Refused, match="does not speak"):
        proofs.keep_language(user=clerk, language="tlh")
    assert written() == before
