"""The shared phone: two taps, wrong PINs, forged cookies."""

import pytest
from django.test import Client

from yinling.accounts import proofs, queries
from yinling.accounts.models import KnownUser, LogIn, Session, User
from yinling.accounts.sessions import digest
from yinling.kernel.errors import Refused

from .builders import HECHENG, PASSWORD, XUPU, again, is_in, log_in, logged_in, someone, written

pytestmark = pytest.mark.django_db
OWN, SWITCH = "/work/accounts/me/", "/work/accounts/switch/"
PIN = "407152"


def with_pin(user: User) -> User:
    proofs.set_pin(user=user, pin=PIN)
    return user


def shared_phone(*users: User) -> Client:
    """A phone on which each user has logged in once by password and chosen to be offered."""
    client = Client()
    for user in users:
        with_pin(user)
        log_in(client, user.username)
        assert client.post("/work/accounts/me/here/").status_code == 302
        client.post("/accounts/logout/")
    return client


def test_two_taps_hand_a_shared_phone_over(clerk: User) -> None:
    visitor = someone("visitor", XUPU, "village_visitor")
    phone = shared_phone(clerk, visitor)
    log_in(phone)
    old_key = phone.cookies["sessionid"].value
    page = phone.get(SWITCH).content.decode()
    assert clerk.name in page and visitor.name in page
    assert phone.post(SWITCH, {"user": visitor.uid, "pin": PIN})["Location"] == "/work/"
    assert phone.get(OWN).wsgi_request.user == visitor
    assert not Session.objects.filter(session_key=digest(old_key)).exists()
    assert LogIn.objects.filter(user=visitor, way="pin", succeeded=True).count() == 1


def test_another_phone_offers_nobody(clerk: User) -> None:
    shared_phone(clerk)
    stranger = Client()
    assert clerk.name not in stranger.get(SWITCH).content.decode()
    assert stranger.post(SWITCH, {"user": clerk.uid, "pin": PIN}).status_code == 422
    assert not is_in(stranger)


def test_a_forged_device_cookie_offers_nobody(clerk: User) -> None:
    phone = shared_phone(clerk)
    token = phone.cookies["device"].value.split(":")[0]
    thief = Client()
    thief.cookies["device"] = f"{token}:forged:signature"
    assert clerk.name not in thief.get(SWITCH).content.decode()


def test_five_wrong_pins_lock_the_pin_on_that_device_until_the_password(clerk: User) -> None:
    phone, other_phone = shared_phone(clerk), shared_phone(clerk)
    for left in (4, 3, 2, 1):
        answer = phone.post(SWITCH, {"user": clerk.uid, "pin": "000000"})
        assert f"{left} 次" in answer.content.decode()
    for pin in ("000000", PIN):
        assert "锁" in phone.post(SWITCH, {"user": clerk.uid, "pin": pin}).content.decode()
    assert not is_in(phone)
    assert LogIn.objects.filter(way="pin", succeeded=False).count() == 5
    assert other_phone.post(SWITCH, {"user": clerk.uid, "pin": PIN}).status_code == 302
    log_in(phone)
    phone.post("/accounts/logout/")
    assert phone.post(SWITCH, {"user": clerk.uid, "pin": PIN}).status_code == 302


def test_a_right_pin_forgives_the_wrong_ones(clerk: User) -> None:
    phone = shared_phone(clerk)
    for _ in range(2):
        for _ in range(4):
            phone.post(SWITCH, {"user": clerk.uid, "pin": "000000"})
        assert phone.post(SWITCH, {"user": clerk.uid, "pin": PIN}).status_code == 302
    assert KnownUser.objects.get(user=clerk).wrong_pins == 0


def test_a_closed_account_is_no_longer_offered(clerk: User) -> None:
    phone = shared_phone(clerk)
    User.objects.filter(pk=clerk.pk).update(is_active=False)
    assert clerk.name not in phone.get(SWITCH).content.decode()
    assert phone.post(SWITCH, {"user": clerk.uid, "pin": PIN}).status_code == 422


def test_a_user_takes_their_name_off_a_phone(clerk: User) -> None:
    phone = shared_phone(clerk)
    phone.post(SWITCH, {"user": clerk.uid, "pin": PIN})
    phone.post("/work/accounts/me/here/", {"forget": "1"})
    assert clerk.name not in Client(headers={"cookie": str(phone.cookies["device"])}).get(SWITCH).content.decode()
    assert not KnownUser.objects.exists()


def test_an_administrator_gets_no_pin_and_nothing_is_written(security_administrator: User) -> None:
    before = written()
    with pytest.raises(Refused, match="not with a PIN"):
        proofs.set_pin(user=security_administrator, pin=PIN)
    assert written() == before
    assert again(security_administrator).pin_hash == ""


def test_a_clerk_who_became_an_administrator_does_not_switch_in(clerk: User) -> None:
    phone = shared_phone(clerk)
    clerk.assignments.update(role="system_administrator")
    assert phone.post(SWITCH, {"user": clerk.uid, "pin": PIN}).status_code == 422
    assert not is_in(phone)


def test_a_pin_is_set_on_the_own_page_behind_the_password(clerk: User) -> None:
    client = logged_in(clerk)
    wrong = client.post("/work/accounts/me/pin/", {"password": "wrong", "pin": PIN})
    poor = client.post("/work/accounts/me/pin/", {"password": PASSWORD, "pin": "123456"})
    assert (wrong.status_code, poor.status_code, again(clerk).pin_hash) == (422, 422, "")
    assert client.post("/work/accounts/me/pin/", {"password": PASSWORD, "pin": PIN}).status_code == 302
    assert [user.pk for user in queries.users_known_on(KnownUser.objects.get().device)] == [clerk.pk]


def test_after_a_hand_over_nobody_lands_on_the_other_s_page(clerk: User) -> None:
    visitor = someone("visitor", HECHENG, "village_visitor")
    phone = shared_phone(clerk, visitor)
    log_in(phone)
    answer = phone.post(SWITCH, {"user": visitor.uid, "pin": PIN, "next": "/work/secret/"})
    assert answer["Location"] == "/work/"
